"""A throw-away PostgreSQL server for tests: its own cluster in a temporary folder, gone afterwards.

Nothing is asked of the machine but the binaries. PostgreSQL refuses to run as root, so under root it runs as the
``postgres`` user (or ``nobody``). It listens on a loopback port of its own and on no other address.
"""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STOP_SECONDS = 30
DATABASE = "cogov"
USER = "cogov"

# Nothing here has to survive a power cut, so nothing waits for the disk.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


class Missing(Exception):
    """PostgreSQL, or a user who may run it, is not on this machine."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server with one empty database; yield its URL; stop the server and remove its files."""
    binaries = _binaries()
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="cogov-pg-"))
    cluster = folder / "data"
    port = _free_port()
    try:
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        _make_cluster(binaries, cluster, owner)
        _control(binaries, cluster, owner, "start", "-o", _options(port), "-l", str(folder / "log"))
        try:
            _run(binaries / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", USER, DATABASE, owner=owner)
            yield f"postgresql://{USER}@127.0.0.1:{port}/{DATABASE}"
        finally:
            # Immediate: whoever is still connected is cut off, and nothing of the cluster is wanted any more.
            with suppress(subprocess.SubprocessError):
                _control(binaries, cluster, owner, "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    """Return the folder of the newest initdb; Debian keeps it out of PATH."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = [Path(path).parent for path in glob.glob("/usr/lib/postgresql/*/bin/initdb")]
    if not folders:
        raise Missing("PostgreSQL is not installed (no initdb)")
    return max(folders, key=lambda folder: int(folder.parent.name))


def _owner() -> pwd.struct_passwd | None:
    """Return whom to run the server as, or nobody in particular when this is not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise Missing("PostgreSQL does not run as root, and there is no other user here")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _make_cluster(binaries: Path, cluster: Path, owner: pwd.struct_passwd | None) -> None:
    """Make an empty cluster in UTF-8 that trusts whoever reaches the loopback address."""
    _run(
        binaries / "initdb",
        *("-D", str(cluster), "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        owner=owner,
    )


def _options(port: int) -> str:
    settings = SETTINGS | {"port": str(port)}
    return " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in settings.items())


def _control(binaries: Path, cluster: Path, owner: pwd.struct_passwd | None, verb: str, *arguments: str) -> None:
    _run(binaries / "pg_ctl", "-D", str(cluster), "-w", "-t", str(STOP_SECONDS), verb, *arguments, owner=owner)


def _run(program: Path, *arguments: str, owner: pwd.struct_passwd | None) -> None:
    """Run one of PostgreSQL's programs as its owner, and show what it said when it fails."""
    # Into a file, not a pipe: the server inherits the descriptor, and a pipe would stay open as long as it runs.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [str(program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )
        if done.returncode:
            said.seek(0)
            raise RuntimeError(f"{program.name} failed: {said.read().decode(errors='replace').strip()}")
