"""Measure the count, from arrays: ``python -m tools.bench.counting [--budget FILE.pb] [--against PYTHON]``.

Processor time, the best of three: what else the machine does should not be seen. `--against` names another Python that
has pref_voting and pabutools (tools/bench/others.txt), which no test and no installation needs: in the same run, on the
same core, it is given the same ballots, and has to come to the same results, else this ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from cogov.decisions.rules.count.outcome import Counted, Ordered, Scored
from cogov.decisions.rules.count.pairwise import pairwise
from cogov.decisions.rules.count.profile import Profile
from cogov.decisions.rules.count.reading.pabulib import read_pabulib
from cogov.decisions.rules.count.runoff import instant_runoff
from cogov.decisions.rules.count.scored import approval, borda
from cogov.decisions.rules.count.shares import equal_shares
from cogov.decisions.rules.count.ties import Lots
from cogov.decisions.rules.count.tournament import ranked_pairs, schulze
from tools.bench.beside import one_core
from tools.bench.others import Count, Ranks, pabutools, pref_voting, seconds_of, show

OPTIONS = 10
TIMES = 3
BALLOTS, AT_MOST = 1_000_000, 1.0
COMPARED, FASTER = 100_000, 100
FASTER_SHARES = 20

Result = TypeVar("Result")


def whole_ballots(ballots: int) -> Ranks:
    """Return random orders of all ten options, from a fixed seed."""
    return _orders(np.random.default_rng(2026), ballots)


def truncated_ballots(ballots: int) -> Ranks:
    """Return random orders of ten options, cut off at a random length, from a fixed seed."""
    dice = np.random.default_rng(2026)
    ranks = _orders(dice, ballots)
    ranks[ranks > dice.integers(1, OPTIONS + 1, ballots)[:, None]] = 0
    return ranks


def _orders(dice: np.random.Generator, ballots: int) -> Ranks:
    return (dice.random((ballots, OPTIONS)).argsort(axis=1) + 1).astype(np.uint8)


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    taken = []
    for _ in range(TIMES):
        before = time.process_time()
        result = work()
        taken.append(time.process_time() - before)
    return min(taken), result


def counted(ranks: Ranks) -> Count:
    """Count ballots by each method; `profile` is all that is done once for all of them."""
    names = [str(option) for option in range(ranks.shape[1])]
    lots = Lots.drawn(names)
    reading, profile = _timed(lambda: Profile.of(names, ranks))
    comparing, table = _timed(lambda: pairwise(profile))
    methods: dict[str, Callable[[], Scored | Ordered | Counted]] = {
        "Schulze": lambda: schulze(table, lots.again()),
        "Ranked Pairs": lambda: ranked_pairs(table, lots.again()),
        "IRV": lambda: instant_runoff(profile, lots.again()),
        "Borda": lambda: borda(table, profile.ballots, lots.again()),
        "approval": lambda: approval(profile, lots.again()),
    }
    found = {name: _timed(method) for name, method in methods.items()}
    return Count(
        {"profile": reading + comparing, **{name: seconds for name, (seconds, _) in found.items()}},
        {name: [names[winner] for winner in result.winners] for name, (_, result) in found.items()},
        table.tolist(),
    )


def funded(file: Path) -> tuple[Count, float]:
    """Fund by equal shares; beside it the seconds of add1, which goes on where pabutools stops."""
    poll = read_pabulib(file.read_text(encoding="utf-8")).poll
    lots = Lots.drawn(poll.projects)
    seconds, result = _timed(lambda: equal_shares(poll, lots))
    name = "equal shares"
    winners = [poll.projects[winner] for winner in result.winners]
    return Count({name: seconds}, {name: winners}), _timed(lambda: equal_shares(poll, lots, add1=True))[0]


def _against(python: str, ballots: int, budget: Path | None) -> bool:
    """Lay ours beside theirs, and return whether all results agree."""
    agreed = []
    with one_core():
        # A tenth of those that are cut off: pref_voting takes a minute for all of them.
        for title, ranks in (("of all options", whole_ballots(ballots)), ("cut off", truncated_ballots(ballots // 10))):
            ours, theirs = counted(ranks), pref_voting(python, ranks)
            agreed.append(show(f"{len(ranks)} ballots {title}", ours, theirs, "pref_voting", FASTER))
        if budget:
            agreed.append(show(budget.name, funded(budget)[0], pabutools(python, budget), "pabutools", FASTER_SHARES))
    return all(agreed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what each part takes, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=BALLOTS)
    parser.add_argument("--budget", type=Path)
    parser.add_argument("--against", help="a Python that has pref_voting and pabutools")
    parser.add_argument("--compared", type=int, default=COMPARED, help="ballots that both count")
    given = parser.parse_args(arguments)
    ours = counted(truncated_ballots(given.ballots))
    print(f"{given.ballots} ballots")
    for name, seconds in ours.seconds.items():
        print(f"  {name:30}{seconds_of(seconds)}")
    print(
        f"  {'all of these':30}{seconds_of(ours.whole)}  aim {AT_MOST} s: {'ok' if ours.whole < AT_MOST else 'short'}"
    )
    if given.budget:
        plain, add1 = funded(given.budget)
        print(f"{given.budget.name}\n  {'equal shares':30}{seconds_of(plain.whole)}")
        print(f"  {'equal shares, add1':30}{seconds_of(add1)}")
    return 0 if not given.against or _against(given.against, given.compared, given.budget) else 1


if __name__ == "__main__":
    sys.exit(main())
