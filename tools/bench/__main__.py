"""`make bench`: fill databases, measure, and print the figures beside the aims.

SIZES="1000 10000" DATABASES="sqlite postgresql" SECONDS_EACH=2 choose; results go to var/bench as JSON and Markdown.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cogov.cli.checking import counters
from cogov.cli.counting import numbers
from cogov.journal.sealing import verify
from tests.postgres import Missing, running_cluster
from tools.bench.figures import Report, growth, judge
from tools.bench.filling import fill
from tools.bench.measuring import Bench
from tools.bench.showing import keep, show, wide
from tools.stand.servers import cores
from tools.stand.town import Town, settle

KEPT = Path("var") / "bench"
HOUSEHOLDS = 3_000
THREADS = (1_000, 10_000)
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "256MB"}
"""A commit is on the disk before it is answered, on both databases."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read what is to be measured."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default="1000 10000", help="how many problems, with spaces between")
    parser.add_argument("--databases", default="sqlite postgresql")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each page and act")
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    return parser.parse_args(given)


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder on the disk that is meant: a memory file system would make commits look cheap."""
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="town-", dir=KEPT)).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    with running_cluster(**DURABLE) as cluster:
        yield cluster.url


def _sound(town: Town) -> None:
    """Insist that what was filled in is what commands would have left behind."""
    with town.inside():
        found = [*counters(), *numbers(), *map(str, verify().faults)]
    if found:
        raise SystemExit(f"the filled database is not sound: {found[:5]}")


def _measured(kind: str, size: int, options: argparse.Namespace, bar: Progress) -> Report:
    report = Report(kind, size)
    name = f"{kind}, {size} problems"
    task = bar.add_task(f"{name}: settling", total=size)
    with _folder() as folder, _database(kind) as url:
        town = settle(folder / "data", url, options.households)
        bar.update(task, description=f"{name}: filling")
        with town.inside():
            long = fill(town, size, THREADS, lambda many: bar.advance(task, many))
        bar.update(task, description=f"{name}: checking", completed=size)
        _sound(town)
        Bench(town, long, report, options.seconds).run(lambda what: bar.update(task, description=f"{name}: {what}"))
    judge(report)
    bar.update(task, description=f"{name}: done")
    return report


def main() -> None:
    """Measure and print."""
    options = arguments()
    # What is asked in this process, to count its queries, would write its lines between the bars.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    console, reports = wide(), []
    if (asking := cores()[1]) is not None:
        os.sched_setaffinity(0, {asking})
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console) as bar:
            for kind in options.databases.split():
                for size in map(int, options.sizes.split()):
                    try:
                        reports.append(_measured(kind, size, options, bar))
                    except Missing as missing:
                        console.print(f"{kind} is left out: {missing}")
                        break
    finally:  # what was measured before something broke off is worth having
        grown = growth(reports)
        show(console, reports, grown)
        console.print(f"kept in {keep(KEPT, reports, grown, options)}")


if __name__ == "__main__":
    main()
