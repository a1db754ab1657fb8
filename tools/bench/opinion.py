"""Measure the map of opinions: ``python -m tools.bench.opinion [--sizes "1000x100 10000x300"] [--against PYTHON]``.

Processor time of one core, the best of three, from arrays; each size in a process of its own, which says what memory
it took at most. `--against` names another Python that has red-dwarf 0.4.0, which no test and no installation needs: it
is given the same votes in the same run (up to 10,000 people), and both are laid beside the groups of four real
conversations.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cogov.opinion.rules.chart.account import DRAWS, Chart, chart
from cogov.opinion.rules.chart.clusters import NOBODY
from cogov.opinion.rules.chart.reading.sheets import read_groups, read_votes
from cogov.opinion.rules.chart.readings import Demands, readings
from cogov.opinion.rules.chart.representative import group_consensus, majority, priorities, representative
from cogov.opinion.rules.chart.stability import likeness, stability
from cogov.opinion.rules.chart.tallies import everybody
from cogov.opinion.rules.chart.votes import Votes
from cogov.opinion.rules.own import Drawn, own
from tools.bench.beside import started

SIZES = "1000x100 10000x300 100000x1000"
ANSWERS = 38
GROUPS = 3
TIMES = 3
COMPARED = 10_000
AT_ONCE = 20_000
"""People up to whom the bootstrap is measured: it takes as many maps as there are draws."""

REAL = Path("tests/opinion/polis")

Ints = NDArray[np.int64]


def made(people: int, statements: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Return votes of three groups with leanings of their own, from a fixed seed: who, what, how, and their group."""
    dice = np.random.default_rng(2026)
    camp = dice.integers(0, GROUPS, people)
    lean, liked = dice.normal(0, 1.2, (GROUPS, statements)), dice.normal(0.3, 0.8, statements)
    who = np.repeat(np.arange(people), ANSWERS)
    what = np.concatenate([dice.choice(statements, ANSWERS, replace=False) for _ in range(people)])
    taste = lean[camp[who], what] + liked[what] + dice.logistic(0, 1, who.size)
    return who, what, np.where(taste > 0.4, 1, np.where(taste < -0.4, -1, 0)), camp


def _seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        before = time.process_time()
        work()
        taken.append(time.process_time() - before)
    return min(taken)


def _statistics(drawn: Chart) -> None:
    group_consensus(drawn.counted)
    majority(drawn.votes, everybody(drawn.votes))
    priorities(drawn.votes, drawn.plane.extremity, drawn.counted)
    for group in range(len(drawn.names)):
        representative(drawn.votes, drawn.counted, group)


def measured(people: int, statements: int) -> dict[str, float]:
    """Measure one size; times in seconds, memory in megabytes."""
    who, what, how, camp = made(people, statements)
    names, sayings = [str(person) for person in range(people)], [str(each) for each in range(statements)]
    votes = Votes.of(names, sayings, who, what, how)
    dice = np.random.default_rng(1)
    some = np.sort(dice.choice(who.size, who.size // 100, replace=False))
    new = Votes.of(names, sayings, who[some], what[some], -how[some])
    first = chart(votes)
    _statistics(first)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {
        "map, groups, statistics": _seconds(lambda: _statistics(chart(votes))),
        "after 1 % new votes": _seconds(lambda: chart(votes.after(new), start=first.plane.components)),
        "one person": _seconds(lambda: _own(first)),
        "readings": _seconds(lambda: readings(votes, first.counted, Demands())),
        "table from arrays": _seconds(lambda: Votes.of(names, sayings, who, what, how)),
        "memory, MB": memory,
        "likeness to the truth": likeness(camp, first.groups),
    }
    if people <= AT_ONCE:
        draw = lambda: stability(votes, first.groups, first.plane.components, "bench", DRAWS)  # noqa: E731
        told["bootstrap"] = _seconds(draw)
    return told


def _own(drawn: Chart) -> None:
    counts = drawn.counted.everybody
    table = np.column_stack([counts.agree[0], counts.disagree[0], counts.answered[0]]).tolist()
    known = {name: dict(zip("ADS", row, strict=True)) for name, row in zip(drawn.votes.statements, table, strict=True)}
    plane = drawn.plane
    sayings = drawn.votes.statements
    own(dict.fromkeys(sayings, 1), Drawn(sayings, plane.centre.tolist(), plane.components.tolist(), known))


# Beside another --------------------------------------------------------------------------------------------------

THEIRS = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
from reddwarf.implementations.polis import run_pipeline
told = json.load(sys.stdin)
votes = [dict(participant_id=a, statement_id=b, vote=c, modified=0) for a, b, c in told["votes"]]
taken = []
for _ in range(told["times"]):
    before = time.process_time()
    result = run_pipeline(votes=votes, mod_out_statement_ids=told["out"], random_state=0)
    taken.append(time.process_time() - before)
groups = result.participants_df["cluster_id"].dropna().astype(int).to_dict()
json.dump({"seconds": min(taken), "groups": {str(name): group for name, group in groups.items()}}, sys.stdout)
"""


def _theirs(python: str, votes: Votes, times: int) -> Any:
    rows = zip(votes.by.tolist(), votes.on.tolist(), votes.vote.tolist(), strict=True)
    told = [(int(votes.participants[who]), int(votes.statements[what]), how) for who, what, how in rows]
    out = [int(name) for name, aside in zip(votes.statements, votes.out.tolist(), strict=True) if aside]
    return started(python, "-c", THEIRS, given={"votes": told, "out": out, "times": times})


def _beside(python: str, people: int, statements: int) -> float:
    who, what, how, _ = made(people, statements)
    names, sayings = [str(person) for person in range(people)], [str(each) for each in range(statements)]
    votes = Votes.of(names, sayings, who, what, how)
    return float(_theirs(python, votes, 2)["seconds"])


def _real(python: str) -> None:
    """Lay both groupings beside the official groups."""
    for folder in sorted(each for each in REAL.iterdir() if (each / "votes.csv").exists()):
        text = {name: (folder / name).read_text(encoding="utf-8") for name in ("votes.csv", "comments.csv")}
        votes = read_votes(text["votes.csv"], text["comments.csv"]).votes
        official = read_groups((folder / "participants-votes.csv").read_text(encoding="utf-8"))
        ours = dict(zip(votes.participants, chart(votes).groups.tolist(), strict=True))
        theirs = _theirs(python, votes, 1)["groups"]
        figures = [_alike(official, found) for found in (ours, theirs)]
        print(f"{folder.name:28} likeness to the official groups: {figures[0]:.3f}   red-dwarf: {figures[1]:.3f}")


def _alike(official: dict[str, str], found: dict[str, int]) -> float:
    both = [(int(official[name]), group) for name, group in found.items() if name in official and group != NOBODY]
    one, other = np.array(both).T
    return likeness(one, other)


def main() -> None:
    """Print what each size takes, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--against")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        json.dump(measured(*map(int, given.one.split("x"))), sys.stdout)
        return
    for size in given.sizes.split():
        people, statements = map(int, size.split("x"))
        told = started(sys.executable, "-m", "tools.bench.opinion", "--one", size)
        print(f"{people} people, {statements} statements, {people * ANSWERS} votes")
        for name, figure in told.items():
            print(f"  {name:26}{figure:10.2f}" if name[0] in "ml" and "map" not in name else _line(name, figure))
        if given.against and people <= COMPARED:
            other = _beside(given.against, people, statements)
            print(_line("red-dwarf", other), f"  x {other / told['map, groups, statistics']:.0f}")
    if given.against:
        _real(given.against)


def _line(name: str, seconds: float) -> str:
    return f"  {name:26}{seconds * 1000:10.2f} ms"


if __name__ == "__main__":
    main()
