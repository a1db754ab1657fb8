"""The one-file recount reaches what the count itself says, by every method it knows, and finds what was changed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cogov.decisions.rules import tallies
from cogov.decisions.rules.bulletin import canonical, key_from, root, short_code
from cogov.decisions.rules.bundles import Emptied, Pinned, Sheet, box_bundle, write_bundle
from cogov.decisions.rules.count.closing import count
from cogov.decisions.rules.count.reading.preflib import OrderKind, read_preflib
from cogov.decisions.rules.count.tallying import TallyMethod, tally
from cogov.decisions.rules.count.ties import Lots
from cogov.decisions.rules.freezing import freeze
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.methods import BallotForm, DecidingCount, Method, write_form, write_marks
from cogov.decisions.rules.outcome import Count, outcome, participation_tests, verdict_of_method
from cogov.decisions.rules.secrets.codes import short
from cogov.decisions.rules.shipped import CONSENSUS
from cogov.decisions.rules.tallies import agreeing_among
from cogov.decisions.rules.thresholds import Turnout
from tests.decisions.test_recount import said
from tools import recount_shares
from tools.recount import Tally, agrees

DATA = Path(__file__).parents[3] / "shared" / "data" / "preflib"
KNOWN = (
    (Method.APPROVAL, None),
    (Method.SCORE, None),
    (Method.RANKED, DecidingCount.SCHULZE),
    (Method.RANKED, DecidingCount.RANKED_PAIRS),
    (Method.RANKED, DecidingCount.IRV),
    (Method.RANKED, DecidingCount.BORDA),
    (Method.STV, None),
    (Method.BUDGET, DecidingCount.GREEDY),
)
BESIDE = (
    (Method.BUDGET, DecidingCount.EQUAL_SHARES),
    (Method.COMMITTEE, DecidingCount.PAV),
    (Method.COMMITTEE, DecidingCount.PHRAGMEN),
)
Vote = dict[str, Any]


def marks_of(method: Method, options: int, dice: random.Random) -> str:
    named = dice.sample(range(1, options + 1), dice.randrange(options + 1))
    if method is Method.SCORE:
        return write_marks({each: dice.randrange(6) for each in named})
    if method not in (Method.RANKED, Method.STV):
        return write_marks(dict.fromkeys(named, 1))
    ranks, rank = {}, 1
    for place, each in enumerate(named):
        rank += place > 0 and dice.random() < 0.8
        ranks[each] = rank
    return write_marks(ranks)


def vote_by(method: Method, decider: DecidingCount | None, dice: random.Random, voters: int) -> Vote:
    """Return form, options, seed and marks of a vote as chance has it: ties, blank and cut ballots among them."""
    options = dice.randrange(2, 7)
    form = BallotForm(
        method=method,
        decider=decider,
        seats=dice.randrange(1, options) if method in (Method.STV, Method.COMMITTEE) else 1,
        budget=dice.randrange(1_000, 100_000) if method is Method.BUDGET else 0,
        ties=True,
        blank=True,
    )
    costs = [dice.randrange(1, 60_000) if method is Method.BUDGET else 0 for _ in range(options)]
    return {
        "form": write_form(form),
        "options": [
            {"position": at, "key": f"o{at}", "label": f"第{at}项 {dice.random()}", **({"cost": cost} if cost else {})}
            for at, cost in enumerate(costs, start=1)
        ],
        "seed": f"{dice.getrandbits(256):064x}",
        "marks": [marks_of(method, options, dice) for _ in range(voters)],
    }


def told_of(vote: Vote) -> Any:
    labels, costs = [o["label"] for o in vote["options"]], [o.get("cost", 0) for o in vote["options"]]
    ballots = [(text, vote["marks"].count(text)) for text in sorted(set(vote["marks"]))]
    job = {"form": vote["form"], "labels": labels, "costs": costs, "seed": vote["seed"], "ballots": ballots}
    return json.loads(canonical(count(job)))


def again_of(vote: Vote, tally: Any = Tally) -> Any:
    b = {"fingerprint": vote["seed"], "options": vote["options"], "form": json.loads(vote["form"])}
    return tally(b, vote["marks"]).count()


@pytest.mark.parametrize(("method", "decider"), [*KNOWN, *BESIDE])
def test_it_counts_as_the_count_does_whatever_was_cast(method, decider):
    dice = random.Random(f"{method} {decider}")
    for voters in [1, 2, 3, 5, 8, 13] * 4 + [40] * 6:
        vote = vote_by(method, decider, dice, voters)
        again, told = again_of(vote), told_of(vote)
        assert agrees(again, told), vote
        assert (again.get("winners") == told["winners"]) is ((method, decider) in KNOWN or not any(vote["marks"]))
        beside = again_of(vote, recount_shares.Shares)
        assert agrees(beside, told), vote
        assert beside["winners"] == told["winners"], vote


@pytest.mark.skipif(not DATA.is_dir(), reason="the ballots of real elections lie beside the checkout")
@pytest.mark.parametrize("file", ["00002-00000006.soi", "00004-00000040.soc", "00017-00000001.toi"])
def test_it_counts_real_elections_as_the_count_does(file):
    profile = read_preflib((DATA / file).read_text(encoding="utf-8"), OrderKind(file.rsplit(".", 1)[1]))
    names, counted = profile.candidates, ("schulze", "ranked_pairs", "borda", "irv", "approval")
    told = tally(profile, [TallyMethod(each) for each in (*counted, "stv")], Lots.drawn(names, "ab"), seats=2)
    texts = []
    for row, heads in zip(profile.ranks.T.tolist(), profile.multiplicity.tolist(), strict=True):
        marks = {at: rank + 1 for at, rank in enumerate(row, start=1) if rank != profile.unranked}
        texts += [write_marks(marks)] * heads
    options = [{"position": at, "key": "", "label": name} for at, name in enumerate(names, start=1)]
    b: Vote = {"fingerprint": "ab", "options": options, "form": {"method": "ranked", "decider": "irv", "seats": 2}}
    methods = Tally(b, texts).count()["methods"] | {"stv": Tally(b, texts).transferred(2, 100_000)}
    for method, again in methods.items():
        assert [names[at - 1] for at in again["winners"]] == told["methods"][method]["winners"], method
    rounds = [list(each["votes"].values()) for each in told["methods"]["stv"]["rounds"]]
    assert [sorted(map(eval_of, each["votes"].values())) for each in methods["stv"]["rounds"]] == [
        sorted(map(eval_of, each)) for each in rounds
    ]


def eval_of(number: Any) -> float:
    over, under = (f"{number}/1").split("/")[:2]
    return float(over) / float(under)


# The bundle of a secret vote ------------------------------------------------------------------------------------------


def secret(vote: Vote, secrecy: Secrecy = Secrecy.CHECKABLE, spoiled: int = 1, tokens: int = 2) -> Vote:
    """Return the bundle of an opened box with these ballots, some that cannot be read, some tokens never used."""
    voted, heads = len(vote["marks"]), [f"u{at}" for at in range(60)]
    totals, turnout = Turnout(len(heads), 0), Turnout(voted, 0)
    rule = CONSENSUS.__class__(**{**vars(CONSENSUS), "secrecy": secrecy})
    leaves = sorted(f"{random.Random(at).getrandbits(256):064x}" for at in range(voted + spoiled))
    single = not vote["form"]
    counts = [Count(o["position"], single * vote["marks"].count(f"{o['position']}:1"), 0) for o in vote["options"]]
    told = {} if single else told_of(vote)
    agreeing = agreeing_among([o["key"] for o in vote["options"]], counts)
    if single:
        result = outcome(rule, totals, turnout, counts, agreeing)
        tests, verdict = result.tests, result.verdict
    else:
        tests = participation_tests(rule, totals, turnout)
        verdict = verdict_of_method(tests, winners=bool(told["winners"]))
    sheet = Sheet(
        decision_id=9,
        question="谁当楼长",
        rule=freeze(rule),
        form=vote["form"],
        options=vote["options"],
        fingerprint=vote["seed"],
        times={"closed_at": "2027-03-20T12:00:00+00:00"},
        electorate=totals,
        turnout=turnout,
        counts=counts,
        agreeing=agreeing,
        tests=tallies.tests_to_text(tests),
        verdict=verdict.value,
        count=canonical(told) if told else "",
        leaves=leaves,
        heads=[Pinned(len(leaves), root(leaves))] if leaves else [],
        journal=[{"number": 40, "kind": "BoxOpened", "hash": "cd" * 32}],
    )
    trackers = [short(bytes([at]) * 16) if secrecy is Secrecy.CHECKABLE else "" for at in range(voted)]
    box = Emptied(secrecy.value, voted + spoiled + tokens, spoiled, list(zip(trackers, vote["marks"], strict=True)))
    return box_bundle(sheet, heads, key_from("roll", 0), box)


def single_choice(voted: int = 30) -> Vote:
    dice = random.Random(voted)
    options = [{"position": at, "key": key, "label": key} for at, key in enumerate(("甲", "乙", "丙"), start=1)]
    return {"form": "", "options": options, "seed": "ab" * 32, "marks": [f"{dice.choice((1, 1, 2, 3))}:1"] * voted}


@pytest.mark.parametrize("secrecy", [Secrecy.SECRET, Secrecy.CHECKABLE])
@pytest.mark.parametrize(("method", "decider"), [(Method.SINGLE, None), *KNOWN, *BESIDE])
def test_the_bundle_of_a_secret_vote_is_counted_again_or_says_by_what_it_is(method, decider, secrecy):
    vote = single_choice() if method is Method.SINGLE else vote_by(method, decider, random.Random(7), 30)
    text = write_bundle(secret(vote, secrecy))
    code, words = said(text)
    assert code == (3 if (method, decider) in BESIDE else 0), words
    assert ("recount_shares.py" in words) is (code == 3)
    code, words = said_beside(text)
    assert code == 0, words


def said_beside(text: str | bytes) -> tuple[int, str]:
    lines: list[str] = []
    data = text if isinstance(text, bytes) else text.encode()
    return recount_shares.recount.recount(data, tell=lines.append), "\n".join(lines)


def test_both_files_run_alone_in_one_folder(tmp_path):
    for name in ("recount.py", "recount_shares.py"):
        (tmp_path / name).write_bytes((Path(recount_shares.__file__).parent / name).read_bytes())
    file = tmp_path / "bundle.json"
    file.write_text(write_bundle(secret(vote_by(*BESIDE[0], random.Random(7), 30))), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(tmp_path / "recount_shares.py"), str(file)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert subprocess.run([*command, "--hash", "00" * 32], check=False, capture_output=True).returncode == 1


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("method", "decider"), BESIDE)
def test_a_forged_winner_or_share_of_what_is_shared_out_is_found(method, decider, seed):
    made = secret(vote_by(method, decider, random.Random(seed), 30))
    told = made["count"]
    assert said_beside(write_bundle(made))[0] == 0
    winners = told["winners"]
    other = next(o["position"] for o in made["options"] if o["position"] not in winners[:1])
    forged = [{**told, "winners": [other, *winners[1:]]}, {**told, "winners": winners[:-1]}]
    if decider is DecidingCount.EQUAL_SHARES:
        shares = told["rules"]["equal-shares"]
        forged += [
            {**told, "rules": {**told["rules"], "equal-shares": {**shares, name: value}}}
            for name, value in (("share", "1"), ("rounds", shares["rounds"] + 1), ("winners", []))
            if shares[name] != value
        ]
    for count_ in forged:
        if count_ != told:
            assert said_beside(write_bundle({**made, "count": count_}))[0] == 1, count_


@pytest.mark.parametrize(("method", "decider"), [(Method.SINGLE, None), *KNOWN])
def test_what_was_forged_in_a_secret_bundle_and_sealed_anew_is_found(method, decider):
    vote = single_choice() if method is Method.SINGLE else vote_by(method, decider, random.Random(11), 30)
    made = secret(vote)
    tracker, marks = made["ballots"][0]
    other = "2:1" if "1:1" in marks else "1:1"
    board, told = made["bulletin"], made["count"]
    forged = {
        "a changed ballot": {"ballots": sorted([[tracker, other], *made["ballots"][1:]])},
        "a ballot left out": {"ballots": made["ballots"][1:]},
        "a ballot put in": {"ballots": sorted([["2222-2222-22", other], *made["ballots"]])},
        "one put in, and one spoiled less": {
            "ballots": sorted([["2222-2222-22", marks], *made["ballots"]]),
            "spoiled": 0,
        },
        "fewer tokens than ballots": {"tokens": len(board["leaves"]) - 1},
        "more tokens than heads": {"tokens": 61},
        "a leaf changed": {"bulletin": {**board, "leaves": ["00" * 32, *board["leaves"][1:]]}},
        "another seed": {"fingerprint": "cd" * 32},
        "another verdict": {"verdict": "failed" if made["verdict"] != "failed" else "passed"},
        "a smaller electorate": {"electorate": {**made["electorate"], "heads": 3}},
        "named": {"secrecy": "named", "rule": {**made["rule"], "secrecy": "named"}},
        "a field more": {"note": ""},
    }
    if told:
        forged["another winner"] = {"count": {**told, "winners": [1 if told["winners"] != [1] else 2]}}
    for what, changed in forged.items():
        assert said(write_bundle({**made, **changed}))[0] == 1, what


@pytest.mark.parametrize("vote", [single_choice(3), vote_by(Method.STV, None, random.Random(3), 4)])
def test_every_changed_byte_of_a_secret_bundle_is_found(vote):
    data = write_bundle(secret(vote)).encode()
    for at in range(len(data)):
        changed = bytes([*data[:at], data[at] ^ 0x01, *data[at + 1 :]])
        assert said(changed)[0] in (1, 2), (at, data[max(0, at - 20) : at + 20])
    assert said(data)[0] == 0


def test_a_receipt_and_the_code_of_the_box_are_found_in_the_bundle_and_no_others():
    made = secret(single_choice())
    text, leaf = write_bundle(made), made["bulletin"]["leaves"][4]
    code = short_code(made["bulletin"]["heads"][0]["root"])
    assert said(text, leaf=short(bytes.fromhex(leaf)), code=code)[0] == 0
    assert said(text, leaf=leaf)[0] == 0
    assert said(text, leaf="ZZZZ-ZZZZ-ZZ")[0] == 1
    assert said(text, code="ZZZZ-ZZZZ-ZZZZ")[0] == 1


def test_a_vote_in_which_nobody_took_part_has_a_bundle_too():
    assert said(write_bundle(secret({**single_choice(1), "marks": []}, spoiled=0, tokens=0)))[0] == 0
