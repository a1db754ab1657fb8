"""Programs that run beside a test or a measurement: started, waited for, stopped; and nginx with the shipped file."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[1] / "docs" / "deploy"


class Missing(Exception):
    """A program that is not on this machine."""


def free_port() -> int:
    """Return a port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def binary(name: str) -> str:
    """Return the path of a program; Debian keeps servers out of the PATH of people."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        raise Missing(f"{name} is missing")
    return found


def start(
    command: Sequence[str], log: Path, environment: Mapping[str, str], core: int | None = None
) -> subprocess.Popen[bytes]:
    """Start a program that writes into a file, on one core where that is asked for."""
    # Pinned by taskset and not in the child of a fork: other threads of this process may hold locks.
    pinned = ["taskset", "-c", str(core), *command] if core is not None and shutil.which("taskset") else list(command)
    with log.open("ab") as out:
        return subprocess.Popen(pinned, env={**os.environ, **environment}, stdout=out, stderr=out)


def stop(process: subprocess.Popen[bytes], seconds: float = 15) -> None:
    """Ask a program to end, and end it when it does not."""
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    process.wait(5)


@contextmanager
def running(command: Sequence[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program for as long as the block lasts."""
    process = start(command, log, environment)
    try:
        yield process
    finally:
        stop(process)


def until(holds: Callable[[], bool], seconds: float, what: str, every: float = 0.1) -> None:
    """Wait until something holds; say what did not come when it never does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):
            if holds():
                return
        time.sleep(every)
    raise AssertionError(f"{what} did not come within {seconds} s")


def status(url: str) -> int:
    """Return with which status an address answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def answers(url: str) -> bool:
    """Say whether an address answers well."""
    return status(url) == 200


def nginx(folder: Path, port: int, servers: Sequence[int]) -> list[str]:
    """Return the command for nginx with the shipped file; only ports and TLS are other ones."""
    shipped = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    plain = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", shipped, flags=re.DOTALL)
    plain = plain.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    plain = re.sub(r"\n    ssl_\w+ [^\n]*", "", plain)
    for shown, ours in zip((8001, 8002), servers, strict=True):
        plain = plain.replace(f"127.0.0.1:{shown}", f"127.0.0.1:{ours}")
    assert str(port) in plain
    assert "ssl" not in plain
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    who = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{who}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{plain}}}\n",
        encoding="utf-8",
    )
    return [binary("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
