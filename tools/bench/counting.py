"""Measure the count, from arrays: ``python -m tools.bench.counting [--ballots 1000000] [--budget FILE.pb]``.

Processor time, the best of three: what else the machine does should not be seen.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from cogov.decisions.rules.count.pairwise import pairwise
from cogov.decisions.rules.count.profile import Profile
from cogov.decisions.rules.count.reading.pabulib import read_pabulib
from cogov.decisions.rules.count.runoff import instant_runoff
from cogov.decisions.rules.count.scored import approval, borda
from cogov.decisions.rules.count.shares import equal_shares
from cogov.decisions.rules.count.ties import Lots
from cogov.decisions.rules.count.tournament import ranked_pairs, schulze

OPTIONS = 10
TIMES = 3


def truncated_ballots(ballots: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return random orders of ten options, cut off at a random length, from a fixed seed."""
    dice = np.random.default_rng(2026)
    ranks = (dice.random((ballots, OPTIONS)).argsort(axis=1) + 1).astype(np.uint8)
    ranks[ranks > dice.integers(1, OPTIONS + 1, ballots)[:, None]] = 0
    return ranks


def _seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        before = time.process_time()
        work()
        taken.append(time.process_time() - before)
    return min(taken)


def _tallies(ballots: int) -> dict[str, float]:
    names = [str(option) for option in range(OPTIONS)]
    ranks = truncated_ballots(ballots)
    profile, lots = Profile.of(names, ranks), Lots.drawn(names)
    table = pairwise(profile)
    return {
        "profile from an array": _seconds(lambda: Profile.of(names, ranks)),
        "pairwise table": _seconds(lambda: pairwise(profile)),
        "Schulze": _seconds(lambda: schulze(table, lots.again())),
        "Ranked Pairs": _seconds(lambda: ranked_pairs(table, lots.again())),
        "IRV": _seconds(lambda: instant_runoff(profile, lots.again())),
        "Borda": _seconds(lambda: borda(table, profile.ballots, lots.again())),
        "approval": _seconds(lambda: approval(profile, lots.again())),
    }


def _budget(file: Path) -> dict[str, float]:
    poll = read_pabulib(file.read_text(encoding="utf-8")).poll
    lots = Lots.drawn(poll.projects)
    return {
        "equal shares": _seconds(lambda: equal_shares(poll, lots)),
        "equal shares, add1": _seconds(lambda: equal_shares(poll, lots, add1=True)),
    }


def main() -> None:
    """Print what each part takes, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=1_000_000)
    parser.add_argument("--budget", type=Path)
    given = parser.parse_args()
    tallies = _tallies(given.ballots)
    for name, seconds in {**tallies, "all of these": sum(tallies.values())}.items():
        print(f"{name:24}{seconds * 1000:10.2f} ms")
    for name, seconds in (_budget(given.budget) if given.budget else {}).items():
        print(f"{name:24}{seconds * 1000:10.2f} ms")


if __name__ == "__main__":
    main()
