"""What a request costs: the processor time of a server and of PostgreSQL per answer, whatever else the machine does.

    python tools/cost.py --server PID --postgres PID http://127.0.0.1:8001/problems …

PID is that of the process that listens, and of the postmaster; what their children use is counted with them.
"""

from __future__ import annotations

import argparse
import http.client
import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

TICKS = os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _seconds(pid: int) -> float:
    """Return the processor time that a process and its children have used, those that have ended among them."""
    used = 0
    for each in _family(pid):
        after_name = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        used += sum(int(ticks) for ticks in after_name[11:15])
    return used / TICKS


def _memory(pid: int) -> float:
    """Return the megabytes that a process and its children hold, what they share counted once."""
    held = 0
    for each in _family(pid):
        rolled = Path(f"/proc/{each}/smaps_rollup").read_text()
        held += next(int(line.split()[1]) for line in rolled.splitlines() if line.startswith("Pss:"))
    return held / 1024


def _ask(url: str, times: int) -> float:
    """Ask so often over one connection, and return the median seconds of an answer."""
    parts = urlsplit(url)
    wire = http.client.HTTPConnection(str(parts.hostname), parts.port or 80, timeout=30)
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        wire.request("GET", f"{parts.path or '/'}?{parts.query}", headers={"Accept-Encoding": "gzip"})
        answer = wire.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{url}: {answer.status}")
        taken.append(time.perf_counter() - begun)
    return sorted(taken)[times // 2]


def main() -> None:
    """Measure each address and print a row for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", type=int, required=True)
    parser.add_argument("--postgres", type=int)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("urls", nargs="+")
    asked = parser.parse_args()
    watched = [pid for pid in (asked.server, asked.postgres) if pid]
    for url in asked.urls:
        _ask(url, 5)
        before = [_seconds(pid) for pid in watched]
        median = _ask(url, asked.times)
        spent = [1000 * (_seconds(pid) - used) / asked.times for pid, used in zip(watched, before, strict=True)]
        cost = " + ".join(f"{ms:.1f}" for ms in spent)
        print(f"{urlsplit(url).path:40} {cost:>12} ms of processor, {median * 1000:.1f} ms")
    print(f"memory of the server: {_memory(asked.server):.0f} MB")


if __name__ == "__main__":
    main()
