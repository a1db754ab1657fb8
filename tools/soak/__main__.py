"""`make soak`: people read, write and watch all the time; every few minutes all watchers are dropped and come back.

MINUTES=30 says how long, WATCHERS=500 how many live pages. L13: no answer 5xx, less than 1 MiB more memory a minute.
L8: all watchers are back within 15 s, none has missed a message, none has heard one twice. PLANTED=1 plants a server
that forgets some and keeps all it has answered: then the soak must find each of the three.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import select

from cogov.ground.db import session
from cogov.journal.reading import public_entries_after
from cogov.problems.models import Problem
from tests.cast import HERE
from tools.faults.writers import Writers, audit, begun, odd
from tools.stand.servers import SERVE, Server, cores, serving, threads_for
from tools.stand.town import Town, settle
from tools.stand.watchers import Watcher, Watchers
from tools.stand.wires import Load, asked, load

KEPT = Path("var") / "soak"
BACK_WITHIN, MISSED_AFTER, GROWTH = 15.0, 30.0, 1.0
WARM = 0.3
"""The share of the time in which caches fill, before growth is measured."""

JUDGED_FROM = 15.0
"""Minutes that a soak must last before its growth says more than that caches fill."""

ROUNDS, MANY = 5, 1_000_000

PLANT = ("--plant", "forgetful", "--plant", "hoarding")
PLANTED = ("missed a message", "heard twice", "memory grows")
"""What is planted, and by which words each part of it is found."""

PLANTED_GROWTH = 10.0
"""MiB a minute: more than caches take while they fill."""


@dataclass
class Soak:
    """What was seen: memory by minute, how long watchers took to come back, what they missed or heard twice."""

    written: Callable[[int], set[int]]
    memory: list[tuple[float, float]] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    missed: int = 0
    which: Counter[int] = field(default_factory=Counter)
    twice: int = 0

    def took(self, watchers: int) -> str:
        """Return the round that is over in a line: when, who came back how fast, and the memory it ended with."""
        minute, size = self.memory[-1]
        return f"minute {minute:.1f}: {watchers} watchers came in {self.back[-1]:.1f} s, {size:.0f} MiB"

    def growth(self) -> float:
        """Return how many MiB a minute the memory grows, as a straight line through what was seen after warming up."""
        seen = self.memory[int(WARM * len(self.memory)) :]
        if len(seen) < 2:
            return 0.0
        at = sum(minute for minute, _ in seen) / len(seen)
        middle = sum(size for _, size in seen) / len(seen)
        spread = sum((minute - at) ** 2 for minute, _ in seen)
        return sum((minute - at) * (size - middle) for minute, size in seen) / spread if spread else 0.0


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read how long and with how many."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--watchers", type=int, default=500)
    parser.add_argument("--planted", action="store_true", help="plant what is looked for")
    return parser.parse_args(given)


def main() -> None:
    """Soak, print, and say by the exit code whether all was well."""
    options, console = arguments(), Console()
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="town-", dir=KEPT)).resolve()
    try:
        found = soak(folder, options, console)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for words in found:
        console.print(f"[red]failed[/]  {words}", highlight=False)
    if options.planted:
        overlooked = [each for each in PLANTED if not any(each in words for words in found)]
        console.print(f"[red]not noticed[/]  {overlooked}" if overlooked else "[green]caught[/]", highlight=False)
        sys.exit(1 if overlooked else 0)
    sys.exit(1 if found else 0)


def soak(folder: Path, options: argparse.Namespace, console: Console) -> list[str]:
    """Soak a fresh town; return what was wrong."""
    minutes, watchers, planted = options.minutes, options.watchers, options.planted
    town = settle(folder / "data", households=200)
    number = begun(town)
    seen = Soak(lambda after: _written(town, number, after))
    program = ("-m", "tools.faults.planted", *PLANT, "serve") if planted else SERVE
    with ExitStack() as stack:
        threads = str(threads_for(watchers))
        server = stack.enter_context(serving(town, core=cores()[0], program=program, COGOV_THREADS=threads))
        live = Watchers(server.port, number)
        stack.callback(live.close)
        reading = _Reading(town, server, number, 60 * minutes)
        bar = stack.enter_context(Progress(console=console))
        with Writers(town, server.port, number, clients=1, pause=0.5) as writers, reading:
            _watch(seen, server, live, watchers, minutes, bar)
        found = [*audit(town, number, writers.ledger), *odd(writers.ledger)]
    bad = {status: times for status, times in reading.met.statuses.items() if status >= 500}
    found += [f"answers {bad}"] if bad or reading.met.lost else []
    found += [f"{len(writers.ledger.away)} writes were answered 503"] if writers.ledger.away else []
    growth, most = seen.growth(), PLANTED_GROWTH if planted else GROWTH
    judged = planted or minutes >= JUDGED_FROM
    found += [f"memory grows by {growth:.2f} MiB a minute"] if growth >= most and judged else []
    found += [f"watchers came back only after {max(seen.back):.1f} s"] if max(seen.back) > BACK_WITHIN else []
    found += [f"{seen.missed} watchers missed a message: {sorted(seen.which)}"] if seen.missed else []
    found += [f"{seen.twice} messages were heard twice"] if seen.twice else []
    read = sum(reading.met.statuses.values())
    done = f"{read} pages read, {len(writers.ledger.acks)} messages written"
    back = f"{watchers} watchers back in ≤ {max(seen.back):.1f} s"
    short = "" if minutes >= JUDGED_FROM else " (caches still fill: too short to judge)"
    memory = f"{seen.memory[-1][1]:.0f} MiB, growing by {growth:.2f} MiB a minute{short}"
    console.print(f"{minutes:g} minutes: {done}, {back}, {memory}", highlight=False, soft_wrap=True)
    return found


def _watch(seen: Soak, server: Server, live: Watchers, watchers: int, minutes: float, bar: Progress) -> None:
    """Let watchers come, hear, and be dropped, in rounds, and look at the memory meanwhile."""
    begun_at, share = time.monotonic(), 60 * minutes / ROUNDS
    task = bar.add_task("soaking", total=60 * minutes)
    for turn in range(ROUNDS):
        seen.back.append(live.come(watchers, seconds=300))
        while (at := time.monotonic() - begun_at) < (turn + 1) * share:
            seen.memory.append((at / 60, server.mebibytes()[1]))
            bar.update(task, completed=at)
            time.sleep(min(5.0, share / 4))
        _hear(seen, live)
        bar.console.print(seen.took(watchers), highlight=False)
        live.drop()


def _hear(seen: Soak, live: Watchers) -> None:
    """Count who missed something that the journal holds, whether others heard of it or nobody, or heard it twice."""
    wanted = seen.written(live.after)
    # What was said in this instant is still on its way to some; what has not come to them by then never will.
    live.wait(lambda watcher: wanted <= _heard(watcher), MISSED_AFTER)
    for lacking in filter(None, (wanted - _heard(watcher) for watcher in live.all)):
        seen.missed += 1
        seen.which.update(lacking)
    live.after = max(wanted, default=live.after)
    seen.twice += sum(watcher.twice for watcher in live.all)


def _written(town: Town, number: str, after: int) -> set[int]:
    """Return the entries of a dossier that anybody may read, as the journal has them."""
    with town.inside():
        problem_id = session().scalars(select(Problem.id).where(Problem.number == number)).one()
        return {entry.number for entry in public_entries_after(problem_id, after, MANY)}


def _heard(watcher: Watcher) -> set[int]:
    # A copy: it goes on hearing meanwhile.
    return {*list(watcher.heard), *watcher.missed}


class _Reading:
    """Readers in the background for as long as the block lasts."""

    def __init__(self, town: Town, server: Server, number: str, seconds: float) -> None:
        with town.inside() as app:
            cookie = town.cookie(app, town.persons[-1])
        paths = ("/", f"/problems?place={HERE}", f"/problems/{number}", "/decisions", f"/places/{HERE}", "/help")
        pages = [asked(path, Cookie=who) for path in paths for who in ("", cookie)]
        self.met = Load()
        self._going = threading.Event()

        def read() -> None:
            def make(client: int, turn: int) -> bytes:
                return pages[(client + turn) % len(pages)]

            self.met.add(load(server.port, make, clients=2, seconds=2 * seconds + 600, going=self._going))

        self._thread = threading.Thread(target=read)

    def __enter__(self) -> _Reading:
        self._going.set()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._going.clear()
        self._thread.join()


if __name__ == "__main__":
    main()
