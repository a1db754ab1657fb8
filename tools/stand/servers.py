"""Serving a town: one process as `cogov serve` starts it, on a core of its own; asked, killed and started anew."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cogov.ground.sockets import most_sockets
from tests.processes import answers, free_port, start, stop
from tools.stand.town import Town

SERVE = ("-m", "cogov.cli", "serve")
MOST_SECONDS = 60.0
AS_INSTALLED = {
    "PYTHONDONTWRITEBYTECODE": "",
    "COGOV_LOG_FORMAT": "json",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
}
"""As docs/deploy has it: bytecode is kept, no thread keeps memory for itself, and the log is written for machines.

For people each fault is drawn for half a second.
"""


@dataclass
class Server:
    """A server of a town; ``planted`` names the fault with which it is served, for checks of the checks."""

    town: Town
    port: int = field(default_factory=free_port)
    core: int | None = None
    program: tuple[str, ...] = SERVE
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start, wait until it can serve, and return the seconds that took."""
        environment = {**AS_INSTALLED, "COGOV_THREADS": "64", **self.town.settings, **self.settings}
        command = [sys.executable, *self.program, "--port", str(self.port)]
        begun = time.monotonic()
        self.process = start(command, self.log, environment, self.core)
        while time.monotonic() - begun < MOST_SECONDS:
            with suppress(OSError):
                if answers(f"http://127.0.0.1:{self.port}/readyz"):
                    return time.monotonic() - begun
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError(f"the server does not come:\n{self.log.read_text(errors='replace')[-2000:]}")

    @property
    def log(self) -> Path:
        """Return where it writes what happens."""
        return self.town.folder / f"server-{self.port}.log"

    @property
    def workers(self) -> list[int]:
        """Return the processes that answer: those whom the one we started has forked."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()] if children.exists() else []

    def worked(self) -> float:
        """Return the seconds that its processes have worked so far: what a slow start did, and did not wait for."""
        assert self.process is not None
        ticks = sum(_ticks(pid) for pid in (self.process.pid, *self.workers))
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """Kill the whole server at once, as a lost machine would be gone; nobody is asked to end anything."""
        assert self.process is not None
        doomed = [self.process.pid, *self.workers]
        for pid in doomed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)
        while any(_lives(pid) for pid in doomed):
            time.sleep(0.005)

    def stop(self) -> None:
        """Let the server end."""
        if self.process is not None and self.process.poll() is None:
            stop(self.process)

    def mebibytes(self) -> tuple[float, float]:
        """Return the resident and the proportional memory of one worker."""
        pid = max(self.workers)
        values = {"Rss": 0, "Pss": 0}
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in values:
                values[name] = int(rest.split()[0])
        return values["Rss"] / 1024, values["Pss"] / 1024


def _ticks(pid: int) -> int:
    """Return how long a process and those it has seen end have worked, in ticks of the clock."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))


def _lives(pid: int) -> bool:
    """Say whether a process still runs; one that is dead and only waits to be noticed holds nothing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def serving(
    town: Town, *, core: int | None = None, program: tuple[str, ...] = SERVE, **settings: str
) -> Iterator[Server]:
    """Serve a town for as long as the block lasts; the settings are those of the environment."""
    server = Server(town, core=core, program=program, settings=settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def threads_for(watchers: int) -> int:
    """Return how many threads let so many live pages in, with some left for those that have just gone."""
    return next(threads for threads in itertools.count(64) if most_sockets(threads) >= watchers * 11 // 10)


def cores() -> tuple[int | None, int | None]:
    """Return the core for what is measured and the core for whoever asks; with one core nobody is pinned."""
    usable = sorted(os.sched_getaffinity(0))
    return (usable[0], usable[1]) if len(usable) > 1 else (None, None)
