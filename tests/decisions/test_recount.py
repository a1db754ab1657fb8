"""The bundle of a vote and the one-file recount: figures are reached again, and every changed byte is found."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cogov.decisions.rules import tallies
from cogov.decisions.rules.bulletin import (
    canonical,
    election_mark,
    head_by,
    key_from,
    path,
    root,
    sealed_ballot,
    short_code,
)
from cogov.decisions.rules.bundles import Opened, Pinned, Sheet, bundle_hash, bundle_of, write_bundle
from cogov.decisions.rules.channels import Channel, read_ways, ways_of, write_ways
from cogov.decisions.rules.count.closing import count as counted_by_method
from cogov.decisions.rules.freezing import freeze
from cogov.decisions.rules.outcome import Count, outcome, participation_tests
from cogov.decisions.rules.shipped import MAJOR
from cogov.decisions.rules.thresholds import Turnout
from cogov.journal.chain import Peaks, grow
from cogov.journal.chain import root as journal_root
from tools.recount import recount

RECOUNT = Path(__file__).parents[2] / "tools" / "recount.py"
KEYS = ("agree", "disagree", "abstain")
OPTIONS = [{"position": at, "key": key, "label": key} for at, key in enumerate(KEYS, start=1)]


def leaves(count: int) -> list[str]:
    return [f"{number:064x}" for number in range(count)]


def vote_of(heads: int, voted: int, seed: int = 1) -> tuple[Sheet, list[tuple[str, int]], list[Opened]]:
    """Return a counted owners' vote with areas of its own, ballots pinned up in batches of ten."""
    dice = random.Random(seed)
    roll = sorted((f"u{number}", dice.randrange(3_000, 15_000)) for number in range(heads))
    areas = dict(roll)
    election = election_mark(7, "是否建充电棚", freeze(MAJOR), "", OPTIONS, "ab" * 32)
    ballots = [
        Opened(key, f"{dice.choice((1, 1, 1, 1, 2, 3))}:1", key_from(f"nonce {key}", 0))
        for key in dice.sample([key for key, _ in roll], voted)
    ]
    sealed = [sealed_ballot(election, each.head_key, each.marks, each.key) for each in ballots]
    pinned = [leaf for start in range(0, voted, 10) for leaf in sorted(sealed[start : start + 10])]
    sizes = sorted({*range(10, voted + 1, 10), voted})
    counts = tuple(
        Count(at, len(chose), sum(areas[each.head_key] for each in chose))
        for at in (1, 2, 3)
        for chose in [[each for each in ballots if each.marks == f"{at}:1"]]
    )
    totals = Turnout(heads, sum(areas.values()))
    turnout = Turnout(voted, sum(count.area for count in counts))
    result = outcome(MAJOR, totals, turnout, counts, 1)
    sheet = Sheet(
        decision_id=7,
        question="是否建充电棚",
        rule=freeze(MAJOR),
        form="",
        options=OPTIONS,
        fingerprint="ab" * 32,
        times={"closed_at": "2027-03-20T12:00:00+00:00"},
        electorate=totals,
        turnout=turnout,
        counts=counts,
        agreeing=1,
        tests=tallies.tests_to_text(result.tests),
        verdict=result.verdict.value,
        count="",
        leaves=pinned,
        heads=[Pinned(size, root(pinned[:size])) for size in sizes],
        journal=[{"number": 40, "kind": "DecisionClosed", "hash": "cd" * 32}],
    )
    return sheet, roll, ballots


def bundle(heads: int, voted: int, *, full: bool) -> dict[str, Any]:
    sheet, roll, ballots = vote_of(heads, voted)
    return bundle_of(sheet, roll, ballots, key_from("roll", 0), full=full)


def said(data: bytes | str, **asked: str) -> tuple[int, str]:
    lines: list[str] = []
    code = recount(data if isinstance(data, bytes) else data.encode(), tell=lines.append, **asked)
    return code, "\n".join(lines)


# The tree -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [*range(1, 34), 100])
def test_the_bulletin_hashes_as_the_journal_does_and_each_leaf_has_its_path(size):
    some = leaves(size)
    peaks = Peaks()
    for leaf in some:
        peaks = grow(peaks, leaf)
    assert root(some) == journal_root(peaks)
    for index in range(size):
        way = path(some, index)
        assert head_by(some[index], index, size, way) == root(some)
        assert head_by(some[index], (index + 1) % size, size, way) != root(some) or size == 1
        assert head_by(some[(index + 1) % size], index, size, way) != root(some) or size == 1
        assert head_by(some[index], index, size, (*way, "00" * 32)) == ""


def test_a_replaced_ballot_cannot_be_opened_with_the_key_of_the_last_one():
    keys = {key_from("5f" * 16, turn) for turn in range(5)}
    assert len(keys) == 5
    old = sealed_ballot("e", "u1", "1:1", key_from("5f" * 16, 0))
    assert old not in {sealed_ballot("e", "u1", f"{at}:1", key_from("5f" * 16, 1)) for at in (1, 2, 3)}


WAYS = {"web": 20, "paper": 14, "door": 9}


def test_the_ways_by_which_ballots_came_add_up_or_are_left_out():
    sheet, roll, ballots = vote_of(60, 43)
    told = replace(sheet, channels=json.dumps(WAYS))
    made = bundle_of(told, roll, ballots, key_from("roll", 0), full=False)
    assert made["channels"] == WAYS
    assert said(write_bundle(made))[0] == 0
    assert "channels" not in bundle_of(sheet, roll, ballots, key_from("roll", 0), full=False)
    for changed in ({**WAYS, "door": 8}, {**WAYS, "web": 30}):
        assert said(write_bundle({**made, "channels": changed}))[0] == 1


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({Channel.WEB: 20, Channel.PAPER: 10}, '{"paper+door+proxy+helped":10,"web":20}'),
        ({Channel.WEB: 200, Channel.HELPED: 9}, ""),
        ({Channel.WEB: 200, Channel.HELPED: 9, Channel.PAPER: 12}, '{"paper+door+proxy+helped":21,"web":200}'),
        ({Channel.WEB: 200, Channel.HELPED: 9, Channel.DOOR: 4}, '{"paper+door+proxy+helped":13,"web":200}'),
        (dict.fromkeys(Channel, 10), '{"door":10,"helped":10,"paper":10,"proxy":10,"web":10}'),
        (
            {Channel.WEB: 90, Channel.PAPER: 30, Channel.DOOR: 11, Channel.PROXY: 8},
            '{"door+proxy+helped":19,"paper":30,"web":90}',
        ),
        ({Channel.WEB: 3}, '{"web":3}'),
        ({Channel.PAPER: 3}, ""),
        ({Channel.PAPER: 12}, ""),
        ({Channel.WEB: 3, Channel.PAPER: 60}, ""),
        ({Channel.WEB: 12, Channel.PROXY: 0}, '{"web":12}'),
        ({}, ""),
    ],
)
def test_no_figure_of_a_way_is_of_fewer_than_ten_and_no_difference_says_one(counts, told):
    assert write_ways(ways_of(counts, Channel)) == told
    assert write_ways(read_ways(told)) == told


# Counting again -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(("heads", "voted"), [(3, 1), (20, 20), (60, 43), (60, 12), (1, 0)])
def test_a_bundle_agrees_with_itself_and_names_its_hash(heads, voted, full):
    made = bundle(heads, voted, full=full)
    code, words = said(write_bundle(made))
    assert code == 0, words
    assert bundle_hash(made) in words
    assert ("逐张打开" in words) is full


def test_the_file_runs_alone_without_site_packages_and_stays_short(tmp_path):
    text = RECOUNT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
        + ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
    }
    assert imported <= sys.stdlib_module_names
    alone = tmp_path / "recount.py"
    alone.write_text(text, encoding="utf-8")
    file = tmp_path / "bundle.json"
    made = bundle(20, 14, full=True)
    file.write_text(write_bundle(made), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(alone), str(file)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert subprocess.run([*command, "--hash", "00" * 32], check=False, capture_output=True).returncode == 1
    assert subprocess.run(command[:-1], check=False, capture_output=True).returncode == 2


@pytest.mark.parametrize("full", [False, True])
def test_every_single_changed_byte_of_a_small_bundle_is_found(full):
    data = write_bundle(bundle(4, 3, full=full)).encode()
    for at in range(len(data)):
        for bit in (0x01, 0x20, 0x80):
            changed = bytes([*data[:at], data[at] ^ bit, *data[at + 1 :]])
            assert said(changed)[0] in (1, 2), (at, bit, data[max(0, at - 20) : at + 20])
        assert said(data[:at] + data[at + 1 :])[0] in (1, 2), at


def test_random_changed_bytes_of_a_large_bundle_are_found():
    data = bytearray(write_bundle(bundle(2_000, 1_500, full=True)).encode())
    dice = random.Random(20270301)
    for _ in range(25):
        at, value = dice.randrange(len(data)), dice.randrange(1, 256)
        data[at] ^= value
        assert said(bytes(data))[0] in (1, 2), at
        data[at] ^= value
    assert said(bytes(data))[0] == 0


def rewritten(made: dict[str, Any], **changed: Any) -> str:
    return write_bundle({**made, **changed})


def forgeries(made: dict[str, Any]) -> dict[str, str]:
    """Return bundles that somebody changed and sealed anew, so that the hash over all fits again."""
    first, *others = made["ballots"]
    board = made["bulletin"]
    counts = [dict(count) for count in made["counts"]]
    counts[0]["heads"] += 1
    counts[1]["heads"] -= 1
    fatter = [[key, area + 100] if key == first[1] else [key, area] for key, area in made["roll"]]
    flipped = "2:1" if first[2] != "2:1" else "1:1"
    return {
        "a changed choice": rewritten(made, ballots=[[*first[:2], flipped, first[3]], *others]),
        "moved heads": rewritten(made, counts=counts),
        "another verdict": rewritten(made, verdict="failed" if made["verdict"] != "failed" else "passed"),
        "a lower threshold": rewritten(
            made, rule={**made["rule"], "passing": {**made["rule"]["passing"], "heads": None, "area": None}}
        ),
        "another meaning of an option": rewritten(
            made, options=[{**each, "label": f"不{each['label']}"} for each in made["options"]]
        ),
        "another question": rewritten(made, question=made["question"] + "吗"),
        "a larger flat": rewritten(made, roll=fatter),
        "a ballot twice": rewritten(made, ballots=[first, first, *others[1:]]),
        "a ballot left out": rewritten(made, ballots=others),
        "a leaf put in": rewritten(made, bulletin={**board, "leaves": [*board["leaves"], "ee" * 32]}),
        "a leaf changed": rewritten(made, bulletin={**board, "leaves": ["ee" * 32, *board["leaves"][1:]]}),
        "a smaller electorate": rewritten(made, electorate={**made["electorate"], "heads": len(made["roll"]) - 1}),
        "a stranger's ballot": rewritten(made, ballots=[[first[0], "u999", *first[2:]], *others]),
        "a field too many": rewritten(made, note="x"),
        "a float": rewritten(made, turnout={**made["turnout"], "heads": float(made["turnout"]["heads"])}),
        "a larger turnout": rewritten(made, turnout={**made["turnout"], "heads": made["turnout"]["heads"] + 1}),
    }


@pytest.mark.parametrize(
    ("form", "marks", "expected"),
    [
        ({"method": "approval"}, ["1:1 3:1", "3:1", "2:1 3:1", "1:1"], 0),
        ({"method": "score"}, ["1:5 2:0 3:4", "3:4", "2:3 3:5", "1:2"], 0),
        ({"blank": True, "method": "approval"}, ["1:1 3:1", "", "2:1 3:1", "3:1"], 0),
        ({"decider": "borda", "method": "ranked"}, ["1:1 2:2", "3:1", "2:1 3:2", "1:1"], 0),
        ({"decider": "pav", "method": "committee", "seats": 2}, ["1:1 2:1", "3:1", "2:1 3:1", "1:1"], 3),
    ],
)
def test_ballots_of_other_methods_are_opened_and_those_that_add_up_are_counted(form, marks, expected):
    text = canonical(form)
    election = election_mark(7, "是否建充电棚", freeze(MAJOR), text, OPTIONS, "ab" * 32)
    ballots = [Opened(f"u{at}", each, key_from(f"nonce {at}", 0)) for at, each in enumerate(marks)]
    roll = [(f"u{at}", 10_000) for at in range(5)]
    sealed = sorted(sealed_ballot(election, each.head_key, each.marks, each.key) for each in ballots)
    totals, turnout = Turnout(5, 50_000), Turnout(4, 40_000)
    job = {"form": text, "labels": KEYS, "costs": [0] * 3, "seed": "ab" * 32, "ballots": [(each, 1) for each in marks]}
    sheet = replace(
        vote_of(4, 4)[0],
        form=text,
        electorate=totals,
        turnout=turnout,
        counts=tuple(Count(at, 0, 0) for at in (1, 2, 3)),
        tests=tallies.tests_to_text(participation_tests(MAJOR, totals, turnout)),
        verdict="passed",
        count=canonical(counted_by_method(job)),
        leaves=sealed,
        heads=[Pinned(4, root(sealed))],
    )
    made = bundle_of(sheet, roll, ballots, key_from("roll", 0), full=True)
    code, words = said(write_bundle(made))
    assert code == expected, words
    assert said(write_bundle(bundle_of(sheet, roll, ballots, key_from("roll", 0), full=False)))[0] == 0
    assert said(rewritten(made, verdict="failed"))[0] == 1
    if expected == 0:
        others = {**made["count"], "winners": [2]}
        assert said(rewritten(made, count=others))[0] == 1


def test_what_was_forged_and_sealed_anew_does_not_agree_with_itself():
    made = bundle(30, 24, full=True)
    assert said(write_bundle(made))[0] == 0
    for what, text in forgeries(made).items():
        assert said(text)[0] == 1, what


def test_a_bundle_forged_throughout_still_differs_from_the_code_on_the_notice_board():
    honest, forged = vote_of(30, 24, seed=1), vote_of(30, 24, seed=2)
    text = write_bundle(bundle_of(*forged, key_from("roll", 0), full=True))
    kept = short_code(honest[0].heads[1].root)
    assert said(text)[0] == 0  # it agrees with itself: only what was kept elsewhere gives it away
    assert said(text, code=kept)[0] == 1
    assert said(text, leaf=honest[0].leaves[0])[0] == 1
    good = write_bundle(bundle_of(*honest, key_from("roll", 0), full=False))
    assert said(good, code=kept, leaf=honest[0].leaves[0])[0] == 0


def test_the_public_bundle_opens_no_ballot_even_beside_the_journal():
    sheet, roll, ballots = vote_of(30, 24)
    made = bundle_of(sheet, roll, ballots, key_from("roll", 0), full=False)
    public = write_bundle(made)
    for ballot in ballots:
        assert ballot.key not in public
    assert key_from("roll", 0) not in public
    # All that is public (heads are known, options few), tried as keys: no leaf opens, so none is joined to a voter.
    known = {"", public, made["fingerprint"], made["election"], made["electorate"]["roll"], *sheet.leaves}
    tried = {
        sealed_ballot(sheet.election, head, f"{at}:1", key) for head, _ in roll for at in (1, 2, 3) for key in known
    }
    assert tried.isdisjoint(sheet.leaves)
    # The planted fault: with salts published, every ballot is joined to its voter.
    salts = [ballot.key for ballot in ballots]
    marks = ("1:1", "2:1", "3:1")
    joined = {sealed_ballot(sheet.election, head, each, key) for head, _ in roll for each in marks for key in salts}
    assert joined >= {sealed_ballot(sheet.election, b.head_key, b.marks, b.key) for b in ballots} == set(sheet.leaves)


def test_leaves_of_a_batch_stand_in_an_order_that_says_nothing_of_when_they_were_cast():
    sheet, _, ballots = vote_of(60, 40)
    for start in range(0, 40, 10):
        assert list(sheet.leaves[start : start + 10]) == sorted(sheet.leaves[start : start + 10])
    cast = [sealed_ballot(sheet.election, b.head_key, b.marks, b.key) for b in ballots]
    assert json.dumps(cast) != json.dumps(list(sheet.leaves))
