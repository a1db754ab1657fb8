"""The whole map of opinions as plain values: what the command prints and what pages keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cogov.opinion.rules.chart import representative as polis
from cogov.opinion.rules.chart.clusters import NOBODY, Clusters, clusters
from cogov.opinion.rules.chart.components import Plane, plane
from cogov.opinion.rules.chart.flagged import flagged
from cogov.opinion.rules.chart.reading.cast import Cast, Given
from cogov.opinion.rules.chart.reading.rows import Told
from cogov.opinion.rules.chart.readings import Demands, Readings, readings
from cogov.opinion.rules.chart.stability import likeness, stability
from cogov.opinion.rules.chart.tallies import Tallies, everybody, tallies
from cogov.opinion.rules.chart.votes import Floats, Ints, Votes, by_name

DEFAULT_SEED = "cogov"
DRAWS = 20


@dataclass(frozen=True)
class Asked:
    """How the map is to be drawn."""

    demands: Demands = field(default_factory=Demands)
    seed: str = DEFAULT_SEED
    draws: int = DRAWS


@dataclass(frozen=True)
class Chart:
    """The map: where everybody stands, in which group, and how each group voted."""

    votes: Votes
    plane: Plane
    clusters: Clusters
    groups: Ints
    names: tuple[str, ...]
    counted: Tallies


def chart(votes: Votes, labels: Mapping[str, str] | None = None, start: Floats | None = None) -> Chart:
    """Draw the map, with the groups it finds or with those given; `start` only makes it come about sooner."""
    drawn = plane(votes, start)
    found = clusters(votes, drawn.projections)
    if labels is None:
        groups, names = found.groups, tuple(map(str, range(int(found.groups.max(initial=NOBODY)) + 1)))
    else:
        held = {labels[name] for name in votes.participants if name in labels}
        names = tuple(sorted(held, key=by_name))
        number = {name: place for place, name in enumerate(names)}
        groups = np.array([number.get(labels.get(name, ""), NOBODY) for name in votes.participants], np.int64)
    return Chart(votes, drawn, found, groups, names, tallies(votes, groups, len(names)))


def account(given: Given, asked: Asked | None = None) -> dict[str, Any]:
    """Return everything the map says, in words and numbers that JSON can carry."""
    votes, asked = given.votes, asked or Asked()
    drawn = chart(votes, given.labels)
    read = readings(votes, drawn.counted, asked.demands)
    shaken = stability(votes, drawn.groups, drawn.plane.components, asked.seed, asked.draws)
    return {
        "participants": list(votes.participants),
        "statements": list(votes.statements),
        "centre": drawn.plane.centre.tolist(),
        "components": drawn.plane.components.tolist(),
        "projections": dict(zip(votes.participants, drawn.plane.projections.tolist(), strict=True)),
        "base_clusters": _base_clusters(drawn),
        "groups": _groups(drawn),
        "group_votes": _group_votes(drawn),
        "extremity": polis.keyed(votes, drawn.plane.extremity),
        "group_consensus": polis.keyed(votes, polis.group_consensus(drawn.counted)),
        "consensus": polis.majority(votes, everybody(votes)),
        "representative": {
            name: polis.representative(votes, drawn.counted, place) for place, name in enumerate(drawn.names)
        },
        "priorities": polis.keyed(votes, polis.priorities(votes, drawn.plane.extremity, drawn.counted)),
        "readings": _readings(votes, read),
        "stability": {
            "seed": asked.seed,
            "draws": shaken.draws,
            "mean": shaken.mean,
            "lowest": shaken.lowest,
            "groups": {str(number): times for number, times in shaken.groups.items()},
        },
        "flagged": _flagged(given, drawn, read, asked),
    }


def _base_clusters(drawn: Chart) -> list[dict[str, Any]]:
    names = drawn.votes.participants
    members: list[list[str]] = [[] for _ in drawn.clusters.centres]
    for row, base in enumerate(drawn.clusters.base.tolist()):
        if base != NOBODY:
            members[base].append(names[row])
    return [
        {"id": place, "members": held, "x": x, "y": y, "count": len(held)}
        for place, (held, (x, y)) in enumerate(zip(members, drawn.clusters.centres.tolist(), strict=True))
    ]


def _groups(drawn: Chart) -> dict[str, int | str]:
    named = [polis.named(name) for name in drawn.names]
    pairs = zip(drawn.votes.participants, drawn.groups.tolist(), strict=True)
    return {name: named[group] for name, group in pairs if group != NOBODY}


def _group_votes(drawn: Chart) -> dict[str, Any]:
    counted, statements = drawn.counted, drawn.votes.statements
    told = {}
    for place, name in enumerate(drawn.names):
        rows = np.column_stack([counted.agree[place], counted.disagree[place], counted.answered[place]]).tolist()
        votes = {statement: dict(zip("ADS", row, strict=True)) for statement, row in zip(statements, rows, strict=True)}
        told[name] = {"id": polis.named(name), "n-members": int(counted.members[place]), "votes": votes}
    return told


def _readings(votes: Votes, read: Readings) -> dict[str, Any]:
    columns = (read.every_group.tolist(), read.bridging.tolist(), read.geometric.tolist(), read.consensus.tolist())
    keys = ("every_group_at_least", "bridging", "geometric", "consensus")
    rows = zip(*columns, strict=True)
    return {name: dict(zip(keys, row, strict=True)) for name, row in zip(votes.statements, rows, strict=True)}


def _flagged(given: Given, drawn: Chart, read: Readings, asked: Asked) -> dict[str, Any]:
    votes = given.votes
    marked = flagged(votes, given.times)
    names = votes.participants
    kept = np.setdiff1d(np.arange(len(names)), marked.rows)
    told: dict[str, Any] = {
        "straight_liners": [names[row] for row in marked.straight_liners],
        "duplicates": [[names[row] for row in rows] for rows in marked.duplicates],
        "speeders": [names[row] for row in marked.speeders],
        "timed": given.times is not None,
        "without": None,
    }
    if marked.rows and kept.size:
        told["without"] = _without(votes, drawn, read, kept, given.labels, asked)
    return told


def _without(
    votes: Votes, drawn: Chart, read: Readings, kept: Ints, labels: Mapping[str, str] | None, asked: Asked
) -> dict[str, Any]:
    """Say what the map would be without those who are marked."""
    fewer = votes.of_rows(kept)
    again = chart(fewer, labels)
    anew = readings(fewer, again.counted, asked.demands)
    both = (again.groups != NOBODY) & (drawn.groups[kept] != NOBODY)
    named = np.array(votes.statements)
    return {
        "participants": len(kept),
        "groups": len(again.names),
        "likeness": likeness(drawn.groups[kept][both], again.groups[both]),
        "consensus": named[anew.consensus].tolist(),
        "no_longer_consensus": named[read.consensus & ~anew.consensus].tolist(),
        "newly_consensus": named[anew.consensus & ~read.consensus].tolist(),
    }


def asked_of(told: Mapping[str, Any]) -> Asked:
    """Read how a map is to be drawn from plain values; what is not said is as usual."""
    return Asked(
        replace(Demands(), **told.get("demands", {})), told.get("seed", DEFAULT_SEED), told.get("draws", DRAWS)
    )


def drawn(job: Mapping[str, Any]) -> dict[str, Any]:
    """Draw the map of a job: `votes` are lists of participant, statement, vote and milliseconds; `out` statements."""
    cast = Cast()
    for line, (participant, statement, vote, time) in enumerate(job["votes"], start=1):
        cast.take(line, str(participant), str(statement), vote, time)
    out, meta = (tuple(map(str, job.get(name, ()))) for name in ("out", "meta"))
    return account(cast.given(Told(out, meta)), asked_of(job))
