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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    # In the folder of the cluster, with which it goes; in /dev/shm it would outlive a server that was killed.
    "dynamic_shared_memory_type": "mmap",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


class Missing(Exception):
    """PostgreSQL, or a user who may run it, is not on this machine."""


@dataclass
class Cluster:
    """A cluster of its own: its folder, the port it listens on, and how it is set."""

    folder: Path
    settings: Mapping[str, str]
    binaries: Path
    owner: pwd.struct_passwd | None
    port: int

    @property
    def url(self) -> str:
        """Return the address of its one database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def data(self) -> Path:
        """Return where its files lie."""
        return self.folder / "data"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {**self.settings, "port": str(self.port)}
        options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in settings.items())
        self._control("start", "-o", options, "-l", str(self.folder / "log"))

    def stop(self) -> None:
        """Stop the server as a crash would: whoever is still connected is cut off, nothing is written any more."""
        self._control("stop", "-m", "immediate")

    def make(self) -> None:
        """Make an empty cluster in UTF-8 that trusts whoever reaches the loopback address, with one database in it."""
        _run(
            self.binaries / "initdb",
            *("-D", str(self.data), "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            owner=self.owner,
        )
        self.start()
        address = ("-h", "127.0.0.1", "-p", str(self.port), "-U", USER)
        _run(self.binaries / "createdb", *address, DATABASE, owner=self.owner)

    def _control(self, verb: str, *arguments: str) -> None:
        where = ("-D", str(self.data), "-w", "-t", str(STOP_SECONDS))
        _run(self.binaries / "pg_ctl", *where, verb, *arguments, owner=self.owner)


@contextmanager
def running_cluster(**settings: str) -> Iterator[Cluster]:
    """Start a server with one empty database; stop the server and remove its files."""
    binaries = _binaries()
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="cogov-pg-"))
    cluster = Cluster(folder, {**SETTINGS, **settings}, binaries, owner, _free_port())
    try:
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        with _guarded(cluster):
            try:
                cluster.make()
                yield cluster
            finally:
                # Nothing of the cluster is wanted any more.
                with suppress(subprocess.SubprocessError, RuntimeError):
                    cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _guarded(cluster: Cluster) -> Iterator[None]:
    """Have another process wait for the end of this one, whatever that end is, and take the cluster away then."""
    last = 'cat; test -d "$1" || exit 0; "$0" -D "$1/data" -m immediate -w stop; rm -rf "$1"'
    command = ["sh", "-c", last, str(cluster.binaries / "pg_ctl"), str(cluster.folder)]
    # In a session of its own, so that what interrupts the tests does not end it too.
    guard = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
        **_as(cluster.owner),
    )
    try:
        yield
    finally:
        shutil.rmtree(cluster.folder, ignore_errors=True)
        # Whoever was forked meanwhile holds the other end too, and may live longer.
        with suppress(subprocess.TimeoutExpired):
            guard.communicate(timeout=STOP_SECONDS)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server with one empty database; yield its URL; stop the server and remove its files."""
    with running_cluster() as cluster:
        yield cluster.url


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


def _as(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return how a program is started as somebody else, where this is root."""
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
            **_as(owner),
        )
        if done.returncode:
            said.seek(0)
            raise RuntimeError(f"{program.name} failed: {said.read().decode(errors='replace').strip()}")
