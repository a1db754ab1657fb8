"""The same ballots in the same run, counted by pref_voting and pabutools: how long they take, and whether they agree.

Each library is used as its own documentation does: lists of rankings in, winners out. What it needs once is not timed:
importing, compiling (the first of three rounds), reading the file. Ours starts from an array. Ranked Pairs of
pref_voting goes through all orders of equal majorities, which can take for ever, so it is asked with a tie-breaker.
Processor time, the best of three, or of as many as fit into ten seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.bench.beside import started

Ranks = NDArray[np.uint8]

TIMED = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
told = json.load(sys.stdin)
taken, found = {}, {}
def timed(name, work):
    best, spent = None, 0.0
    for _ in range(3):
        before = time.process_time()
        result = work()
        took = time.process_time() - before
        best, spent = took if best is None else min(best, took), spent + took
        if spent > 10:
            break
    taken[name] = best
    return result
def winners(name, work):
    found[name] = [str(each) for each in timed(name, work)]
"""

ORDERS = """
from pref_voting.profiles import Profile
from pref_voting.margin_based_methods import beat_path, ranked_pairs_tb
from pref_voting.iterative_methods import instant_runoff
from pref_voting.scoring_methods import borda
profile = timed("profile", lambda: Profile(told["orders"]))
winners("Schulze", lambda: beat_path(profile))
winners("Ranked Pairs", lambda: ranked_pairs_tb(profile))
winners("IRV", lambda: instant_runoff(profile))
winners("Borda", lambda: borda(profile))
"""
"""Everybody ranks everything: the profile that pref_voting compiles."""

CUT_OFF = """
from pref_voting.grade_methods import approval
from pref_voting.grade_profiles import GradeProfile
from pref_voting.iterative_methods import instant_runoff_for_truncated_linear_orders as runoff
from pref_voting.margin_based_methods import beat_path, ranked_pairs_tb
from pref_voting.profiles_with_ties import ProfileWithTies
from pref_voting.scoring_methods import borda_for_profile_with_ties
options, counts = list(range(told["options"])), told["counts"]
ballots = [{option: rank for option, rank in enumerate(row) if rank} for row in told["rows"]]
def read():
    profile = ProfileWithTies(ballots, counts, candidates=options)
    profile.use_extended_strict_preference()
    return profile
profile = timed("profile", read)
winners("Schulze", lambda: beat_path(profile, strength_function=profile.support))
winners("Ranked Pairs", lambda: ranked_pairs_tb(profile, strength_function=profile.support))
winners("IRV", lambda: runoff(profile))
winners("Borda", lambda: borda_for_profile_with_ties(profile))
grades = [dict.fromkeys(ballot, 1) for ballot in ballots]
winners("approval", lambda: approval(GradeProfile(grades, [0, 1], gcounts=counts, candidates=options)))
"""
"""Orders of any length, who is not named behind who is; that equal ballots are put together before is not timed."""

TOLD_TABLE = """
table = [[int(profile.support(one, other)) for other in profile.candidates] for one in profile.candidates]
json.dump({"seconds": taken, "winners": found, "table": table}, sys.stdout)
"""

BUDGET = """
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares
instance, profile = parse_pabulib(told["file"])
winners("equal shares", lambda: method_of_equal_shares(instance, profile, sat_class=Cost_Sat))
json.dump({"seconds": taken, "winners": found}, sys.stdout)
"""


@dataclass(frozen=True)
class Count:
    """What a count took, part by part, who won by each method, and who stands how often before whom."""

    seconds: dict[str, float]
    winners: dict[str, list[str]]
    table: list[list[int]] | None = None

    @property
    def whole(self) -> float:
        """Return the seconds of all parts."""
        return sum(self.seconds.values())


def pref_voting(python: str, ranks: Ranks) -> Count:
    """Count ballots by pref_voting; those that all rank everything in the way it counts fastest."""
    if (ranks > 0).all():
        orders = ranks.argsort(axis=1).tolist()
        return _counted(python, TIMED + ORDERS + TOLD_TABLE, {"orders": orders})
    rows, counts = np.unique(ranks, axis=0, return_counts=True)
    given = {"rows": rows.tolist(), "counts": counts.tolist(), "options": ranks.shape[1]}
    return _counted(python, TIMED + CUT_OFF + TOLD_TABLE, given)


def pabutools(python: str, file: Path) -> Count:
    """Fund by equal shares with cost utilities, by pabutools and its exact fractions."""
    return _counted(python, TIMED + BUDGET, {"file": str(file)})


def _counted(python: str, program: str, given: dict[str, Any]) -> Count:
    return Count(**started(python, "-c", program, given=given))


def unlike(ours: Count, theirs: Count) -> list[str]:
    """Name what came out otherwise. Where theirs leaves a tie open, ours is one of those tied."""
    differ = [name for name, found in theirs.winners.items() if not _same(ours.winners[name], found)]
    return differ if ours.table == theirs.table else [*differ, "pairwise table"]


def _same(ours: list[str], theirs: list[str]) -> bool:
    return set(ours) == set(theirs) or (len(ours) == 1 and ours[0] in theirs)


def show(title: str, ours: Count, theirs: Count, library: str, aim: int) -> bool:
    """Print what both took, part by part, and return whether they agree."""
    print(f"{title:32}{'cogov':>13}{library:>16}")
    for name, seconds in theirs.seconds.items():
        print(f"  {name:30}{seconds_of(ours.seconds[name])}{seconds_of(seconds, 13)}")
    took = sum(ours.seconds[name] for name in theirs.seconds)
    ratio = theirs.whole / took
    print(f"  {'all of these':30}{seconds_of(took)}{seconds_of(theirs.whole, 13)}")
    print(f"  x {ratio:.0f}  aim x {aim}: {'ok' if ratio >= aim else 'short'}")
    differ = unlike(ours, theirs)
    print(f"  {'other results: ' + ', '.join(differ) if differ else 'the same results'}")
    return not differ


def seconds_of(seconds: float, wide: int = 10) -> str:
    """Return seconds in milliseconds."""
    return f"{seconds * 1000:{wide}.2f} ms"
