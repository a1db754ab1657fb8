"""The map beside Polis's own: given its groups, its mathematics to the last digits; without them, nearly its groups."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cogov.opinion.rules.chart.account import Asked, account, chart
from cogov.opinion.rules.chart.clusters import NOBODY
from cogov.opinion.rules.chart.reading.sheets import read_groups
from cogov.opinion.rules.chart.stability import likeness
from tests.opinion.polis import LIKENESS, OFFICIAL, conversation, official, text

EXACT = 1e-9
SINGLE = 1e-6


@pytest.fixture(scope="module", params=OFFICIAL)
def both(request):
    """Return what cogov says and what Polis says of one conversation."""
    told = account(official(request.param), Asked(draws=0))
    return json.loads(json.dumps(told)), json.loads(text(request.param, "math-pca2.json"))


def near(one, other, most=EXACT):
    return np.abs(np.array(one) - np.array(other)).max() <= most


def test_the_plane_is_the_official_one_up_to_sign(both):
    ours, theirs = both
    assert ours["statements"] == [str(tid) for tid in theirs["tids"]]
    assert near(ours["centre"], -np.array(theirs["pca"]["center"]))  # there, to agree counts as -1
    for mine, its in zip(ours["components"], theirs["pca"]["comps"], strict=True):
        assert near(mine, its) or near(mine, -np.array(its))
    assert near([ours["extremity"][name] for name in ours["statements"]], theirs["pca"]["comment-extremity"])


def test_every_person_stands_where_the_official_map_puts_them(both):
    ours, theirs = both
    base = theirs["base-clusters"]
    alone = [(members[0], x, y) for members, x, y in zip(base["members"], base["x"], base["y"], strict=True)]
    assert len(alone) == len(theirs["in-conv"]) == len(ours["groups"])
    for person, x, y in alone:
        assert near(np.abs(ours["projections"][str(person)]), np.abs([x, y]))


def test_groups_vote_as_counted_officially(both):
    ours, theirs = both
    assert ours["group_votes"] == {
        name: {key: group[key] for key in ("id", "n-members", "votes")} for name, group in theirs["group-votes"].items()
    }
    assert all(near(ours["group_consensus"][name], value) for name, value in theirs["group-aware-consensus"].items())
    assert all(near(ours["priorities"][name], value) for name, value in theirs["comment-priorities"].items())


def test_the_lists_are_the_official_ones_entry_by_entry(both):
    ours, theirs = both
    pairs = [(ours["representative"][name], theirs["repness"][name]) for name in theirs["repness"]]
    pairs += [(ours["consensus"][side], theirs["consensus"][side]) for side in ("agree", "disagree")]
    assert sum(len(its) for _, its in pairs) > 15
    for mine, its in pairs:
        assert [entry["tid"] for entry in mine] == [entry["tid"] for entry in its]
        for entry, expected in zip(mine, its, strict=True):
            assert entry.keys() == expected.keys()
            numbers = {key for key, value in expected.items() if isinstance(value, float)}
            assert {key: entry[key] for key in entry.keys() - numbers} == {
                key: expected[key] for key in expected.keys() - numbers
            }
            # The official test of representativeness is written in single precision.
            assert all(near(entry[key], expected[key], SINGLE if key == "repness-test" else EXACT) for key in numbers)


@pytest.mark.parametrize("name", LIKENESS)
def test_groups_found_anew_agree_with_the_official_ones_at_least_as_well_as_others_do(name):
    votes = conversation(name).votes
    drawn = chart(votes)
    groups = read_groups(text(name, "participants-votes.csv"))
    known = [
        (int(groups[person]), group)
        for person, group in zip(votes.participants, drawn.groups.tolist(), strict=True)
        if person in groups and group != NOBODY
    ]
    theirs, ours = np.array(known).T
    assert likeness(theirs, ours) >= LIKENESS[name] - 0.0005  # that figure is rounded
