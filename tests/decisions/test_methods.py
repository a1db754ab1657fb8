"""Ballots of every method, from the motion to the result: what is marked is what is counted, exactly and repeatably."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import select

from cogov.decisions.commands import cast_ballot
from cogov.decisions.models import Ballot, Closing, Decision, Resolution
from cogov.decisions.queries import frozen_options
from cogov.decisions.queries.counting import marked
from cogov.decisions.queries.tallying import tallied
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.methods import BallotForm, Decider, Method, ReasonAsked, write_form
from cogov.decisions.rules.stages import Verdict
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from tests.databases import both
from tests.decisions.conftest import YES_NO, Vote

LAMPS = ("修路灯", "修门禁", "种树")
CONSENT = (*YES_NO, Option(4, "block", "阻止", "方案停下来，回到协商。"))
VOTERS = ("owner", "tenant", "neighbour")


def options(*labels: str, costs: tuple[int, ...] = ()) -> tuple[Option, ...]:
    return tuple(
        Option(position, f"o{position}", label, f"选它就{label}。", costs[position - 1] if costs else 0)
        for position, label in enumerate(labels, start=1)
    )


def decide(vote: Vote, form: BallotForm, marks: tuple[str, ...], **changes: Any) -> tuple[Decision, Closing]:
    """Take a vote from the motion to the close, with the marks of three households."""
    decision = vote.opened(form=form, **{"options": options(*LAMPS), **changes})
    for name, text in zip(VOTERS, marks, strict=False):
        cast_ballot(getattr(vote.cast, name), decision.id, marks=text)
    return decision, vote.closed(decision)


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.refusal.code


def count_of(closing: Closing) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(closing.count)
    return found


@both
def test_the_option_most_approve_is_chosen_and_a_blank_ballot_takes_part(poll):
    _, closing = decide(poll, BallotForm(Method.APPROVAL, blank=True), ("1:1 3:1", "3:1", ""))

    count = count_of(closing)
    assert closing.verdict is Verdict.PASSED
    assert (count["winners"], count["ballots"], count["blank"]) == ([3], 3, 1)
    assert count["methods"]["approval"]["scores"] == {"1": 1, "2": 0, "3": 2}
    assert "选定：种树" in closing.outcome
    assert "应参加 3 户，参加 3 户。" in closing.outcome
    assert "空白票 1 张" in closing.outcome
    assert session().scalars(select(Resolution.text)).one().startswith("是否在东门空地建集中充电棚")


def test_a_vote_in_which_nobody_marked_anything_chooses_nothing(poll):
    _, closing = decide(poll, BallotForm(Method.APPROVAL, blank=True), ("", ""))
    assert (closing.verdict, count_of(closing)["winners"]) == (Verdict.FAILED, [])
    assert session().scalars(select(Resolution)).all() == []


def test_rankings_are_counted_in_four_ways_and_the_one_named_before_decides(poll):
    form = BallotForm(Method.RANKED, Decider.SCHULZE)
    _, closing = decide(poll, form, ("1:1 2:2 3:3", "1:2 2:1", "1:3 2:2 3:1"))

    count = count_of(closing)
    assert count["winners"] == [2]
    assert count["methods"]["condorcet"]["winners"] == [2]
    assert set(count["methods"]) >= {"schulze", "ranked_pairs", "irv", "borda", "approval"}
    assert count["pairwise"] == [[0, 1, 2], [2, 0, 2], [1, 1, 0]]
    assert count["first"] == [1, 1, 1]
    assert "投票前定好作数的计法：舒尔茨法。" in closing.outcome
    assert "“修门禁”一对一胜过其余每一项" in closing.outcome


def test_seats_are_filled_by_transferable_votes(poll):
    _, closing = decide(poll, BallotForm(Method.STV, seats=2), ("1:1 2:2", "1:1 3:2", "3:1"))
    assert sorted(count_of(closing)["winners"]) == [1, 3]
    assert count_of(closing)["methods"]["stv"]["quota"] == 2


def test_seats_of_a_committee_go_to_small_groups_too(poll):
    form = BallotForm(Method.COMMITTEE, Decider.PHRAGMEN, seats=2)
    _, closing = decide(poll, form, ("1:1 2:1", "1:1", "3:1"))
    assert count_of(closing)["winners"] == [1, 3]
    assert set(count_of(closing)["methods"]) == {"pav", "phragmen"}


def test_points_are_added_up_and_what_was_left_out_has_none(poll):
    _, closing = decide(poll, BallotForm(Method.SCORE, top=10), ("1:10 2:7", "2:6", "1:2 3:9"))
    count = count_of(closing)
    assert (count["scores"], count["winners"]) == ([12, 13, 9], [2])
    assert "“修门禁”的总分最高：13 分" in closing.outcome


def test_a_tie_is_drawn_by_the_fingerprint_that_stood_in_the_notice(poll):
    decision, closing = decide(poll, BallotForm(Method.APPROVAL), ("1:1 2:1", "1:1 2:1"))
    count = count_of(closing)
    assert count["seed"] == decision.fingerprint
    (tie,) = count["methods"]["approval"]["ties"]
    assert sorted(tie["among"]) == [1, 2]
    first = min(count["drawn"].index(1), count["drawn"].index(2))
    assert count["winners"] == [count["drawn"][first]] == [tie["chosen"]]
    assert "平手" in closing.outcome


def test_the_count_of_the_same_ballots_is_the_same_to_the_letter(poll):
    form = BallotForm(Method.RANKED, Decider.IRV)
    decision, closing = decide(poll, form, ("1:1 2:2 3:3", "1:2 2:1", "1:3 2:2 3:1"))
    ballots = [(marks, heads) for marks, heads, _ in marked(decision.id)]
    assert tallied(decision, frozen_options(decision.id), ballots) == closing.count


def test_what_does_not_fit_the_ballot_is_refused_and_nothing_is_kept(poll):
    decision = poll.opened(form=BallotForm(Method.APPROVAL, most=1), options=options(*LAMPS))
    owner = poll.cast.owner
    assert refused(cast_ballot, owner, decision.id, marks="1:1 2:1") == "too_many_marked"
    assert refused(cast_ballot, owner, decision.id, marks="4:1") == "option_unknown"
    assert refused(cast_ballot, owner, decision.id, marks="") == "option_unknown"
    assert refused(cast_ballot, owner, decision.id, marks="1:1", reason="因为") == "reason_not_asked"
    assert session().scalars(select(Ballot)).all() == []


def test_a_reason_is_kept_where_the_form_asks_for_one(poll):
    form = BallotForm(Method.APPROVAL, reason=ReasonAsked.REQUIRED, prompt="为什么")
    decision = poll.opened(form=form, options=options(*LAMPS))
    assert refused(cast_ballot, poll.cast.owner, decision.id, marks="1:1") == "reason_missing"
    assert cast_ballot(poll.cast.owner, decision.id, marks="1:1", reason="  晚上看不见路 ").reason == "晚上看不见路"


def test_the_form_and_the_costs_are_part_of_the_fingerprint(poll):
    first = poll.noticed(form=BallotForm(Method.APPROVAL), options=options(*LAMPS))
    assert first.form == write_form(BallotForm(Method.APPROVAL))
    assert [option.cost for option in frozen_options(first.id)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (BallotForm(Method.BUDGET, Decider.GREEDY, budget=100), "method_not_allowed"),
        (BallotForm(Method.RANKED), "decider_missing"),
        (BallotForm(Method.STV, seats=3), "seats_do_not_fit"),
    ],
)
def test_a_motion_keeps_to_what_its_rule_allows(poll, form, code):
    assert refused(poll.move, form=form, options=options(*LAMPS)) == code


# Pages ----------------------------------------------------------------------------------------------------------------


def page(client: Any, url: str) -> str:
    text = client.get(url).get_data(as_text=True)
    assert isinstance(text, str)
    return text


def head_of(text: str) -> str:
    found = re.search(r'name="head" value="(\d+)"', text)
    assert found is not None
    return found[1]


def sent(text: str, **fields: Any) -> dict[str, Any]:
    return {"head": head_of(text), "marks": "1", **fields}


def test_what_is_ticked_on_the_page_is_the_ballot_and_what_was_wrong_comes_back_ticked(poll, client_of):
    decision = poll.opened(form=BallotForm(Method.APPROVAL, most=2, blank=True), options=options(*LAMPS))
    url, owner = f"/decisions/{decision.id}", client_of("owner")
    text = page(owner, url)
    assert "赞成的都勾上，最多 2 项。" in text
    assert text.count('name="mark"') == 3
    assert re.search(r'name="mark"[^>]*checked', text) is None

    over = owner.post(f"{url}/ballot", sent(text, mark=["1", "2", "3"]))
    assert over.status_code == 422
    kept = over.get_data(as_text=True)
    assert "最多选 2 项，您选了 3 项" in kept
    assert len(re.findall(r'name="mark"[^>]*checked', kept)) == 3
    nothing = owner.post(f"{url}/ballot", sent(text))
    assert "一项也不选，请勾“交空白票”" in nothing.get_data(as_text=True)
    both_ways = owner.post(f"{url}/ballot", sent(text, mark=["1"], blank="1"))
    assert "就不要再选别的" in both_ways.get_data(as_text=True)
    assert session().scalars(select(Ballot)).all() == []

    assert owner.post(f"{url}/ballot", sent(text, mark=["3", "1"])).status_code == 303
    assert session().scalars(select(Ballot.marks)).one() == "1:1 3:1"
    assert owner.post(f"{url}/ballot", sent(text, blank="1")).status_code == 303
    assert session().scalars(select(Ballot.marks)).one() == ""


def test_ranks_are_chosen_from_lists_and_a_rank_given_twice_is_named(poll, client_of):
    form = BallotForm(Method.RANKED, Decider.SCHULZE)
    decision = poll.opened(form=form, options=options(*LAMPS))
    url, owner = f"/decisions/{decision.id}", client_of("owner")
    text = page(owner, url)
    assert "作数的计法：舒尔茨法，投票前已定。" in text
    assert text.count("<select") >= 3

    twice = owner.post(f"{url}/ballot", sent(text, mark_1="1", mark_2="1", mark_3=""))
    assert twice.status_code == 422
    kept = twice.get_data(as_text=True)
    assert "第 1 名给了两项，一个名次只给一项" in kept
    assert kept.count("selected") >= 2
    assert owner.post(f"{url}/ballot", sent(text, mark_1="2", mark_2="1", mark_3="")).status_code == 303
    assert session().scalars(select(Ballot.marks)).one() == "1:2 2:1"

    cast_ballot(poll.cast.tenant, decision.id, marks="1:1 2:2 3:3")
    assert "选定" not in page(client_of("neighbour"), url)
    poll.closed(decision)
    shown = page(client_of(None), url)
    for said in (
        "几种计法并排",
        "一对一：每行的一项排在每列之前的选票有几张",
        "舒尔茨法",
        "逐轮淘汰（IRV）",
        decision.fingerprint,
    ):
        assert said in shown


@pytest.mark.parametrize(
    ("form", "marks", "said"),
    [
        (BallotForm(Method.SCORE), ("1:5 2:0", "1:4 3:5"), ("选定：修路灯", "总分", "9")),
        (BallotForm(Method.STV, seats=2), ("1:1 2:2", "3:1"), ("选出：", "每一轮各有多少票", "第 1 轮")),
        (BallotForm(Method.COMMITTEE, Decider.PAV, seats=2), ("1:1 2:1", "3:1"), ("选出：", "序贯 PAV")),
    ],
)
def test_the_ballot_and_the_result_of_each_method_have_their_page(poll, client_of, form, marks, said):
    decision = poll.opened(form=form, options=options(*LAMPS))
    url = f"/decisions/{decision.id}"
    text = page(client_of("owner"), url)
    assert 'name="marks"' in text
    for name, each in zip(VOTERS, marks, strict=False):
        cast_ballot(getattr(poll.cast, name), decision.id, marks=each)
    poll.closed(decision)
    shown = page(client_of(None), url)
    for each in said:
        assert each in shown
