"""Ballots of every method, from the motion to the result: what is marked is what is counted, exactly and repeatably."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select
from sqlalchemy import text as sql

from cogov.decisions.commands import cast_ballot, publish_notice, table_motion
from cogov.decisions.models import Ballot, Closing, Decision, Motion, Resolution
from cogov.decisions.queries import frozen_options
from cogov.decisions.queries.counting import marked
from cogov.decisions.queries.tallying import tallied
from cogov.decisions.rules.arranging import asked_step, rearranged
from cogov.decisions.rules.ballots import Option, why_not_in_secret
from cogov.decisions.rules.count.closing import count
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.methods import (
    BallotForm,
    DecidingCount,
    Method,
    ReasonAsked,
    parse_marks,
    read_form,
    why_not_form,
    write_form,
    write_marks,
)
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import DecisionState, Verdict
from cogov.decisions.rules.told import IN_YUAN, sentences, steps
from cogov.ground.db import db, session
from cogov.ground.refusals import Refused
from cogov.problems.rules.lanes import RuleCode
from tests.databases import both
from tests.decisions.conftest import YES_NO, Vote, deliberated, option

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
    form = BallotForm(Method.RANKED, DecidingCount.SCHULZE)
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
    form = BallotForm(Method.COMMITTEE, DecidingCount.PHRAGMEN, seats=2)
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
    form = BallotForm(Method.RANKED, DecidingCount.IRV)
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
        (BallotForm(Method.BUDGET, DecidingCount.GREEDY, budget=100), "method_not_allowed"),
        (BallotForm(Method.RANKED), "decider_missing"),
        (BallotForm(Method.STV, seats=3), "seats_do_not_fit"),
    ],
)
def test_a_motion_keeps_to_what_its_rule_allows(poll, form, code):
    assert refused(poll.move, form=form, options=options(*LAMPS)) == code


# Ranking with buttons -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "pressed", "after"),
    [
        ("", "add-3", "3:1"),
        ("3:1", "add-1", "1:2 3:1"),
        ("1:2 3:1", "up-1", "1:1 3:2"),
        ("1:1 3:2", "up-1", "1:1 3:2"),
        ("1:1 3:2", "down-1", "1:2 3:1"),
        ("1:1 2:2 3:3", "drop-2", "1:1 3:2"),
        ("1:1 3:1", "add-2", "1:1 2:3 3:2"),
        ("1:1", "up-3", "1:1"),
    ],
)
def test_a_ranking_moves_by_one_step(marks, pressed, after):
    step = asked_step(pressed)
    assert step is not None
    assert write_marks(rearranged(parse_marks(marks), *step)) == after


@pytest.mark.parametrize("pressed", ["", "up", "up-0", "up-99", "left-1", "add-1 "])
def test_no_other_step_is_known(pressed):
    assert asked_step(pressed) is None


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


def test_ranks_are_given_with_buttons_and_a_rank_given_twice_is_named(poll, client_of):
    form = BallotForm(Method.RANKED, DecidingCount.SCHULZE)
    decision = poll.opened(form=form, options=options(*LAMPS))
    url, owner = f"/decisions/{decision.id}", client_of("owner")
    text = page(owner, url)
    assert "作数的计法：舒尔茨法，投票前已定。" in text
    assert "先点您最要紧的一项，它就排第 1 名。" in text
    assert "<select" not in text
    assert text.count("排第 1 名</button>") == 3

    ranked = owner.post(f"{url}/ballot", sent(text, arrange="add-2")).get_data(as_text=True)
    assert 'name="mark_2" value="1"' in ranked
    assert ranked.count("排第 2 名</button>") == 2
    moved = owner.post(f"{url}/ballot", sent(ranked, mark_2="1", mark_1="2", arrange="up-1")).get_data(as_text=True)
    assert re.search(r'name="mark_1" value="1".*name="mark_2" value="2"', moved, re.DOTALL)
    assert "已经排了 2 项" in moved
    assert session().scalars(select(Ballot)).all() == []  # buttons of the ballot cast nothing

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
        (BallotForm(Method.COMMITTEE, DecidingCount.PAV, seats=2), ("1:1 2:1", "3:1"), ("选出：", "序贯 PAV")),
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


# The motion -----------------------------------------------------------------------------------------------------------

WRITTEN = {
    "question": "东门空地先做哪一样",
    "way": "R5",
    "template": "approval",
    "scope": "community",
    "building": "",
    "solution": "",
    "body": "",
}


def rows(*labels: str, costs: tuple[str, ...] = ()) -> dict[str, str]:
    told: dict[str, str] = {}
    for n, label in enumerate(labels, start=1):
        told |= {f"option_{n}_label": label, f"option_{n}_follows": f"选它就{label}。"}
        if costs:
            told[f"option_{n}_cost"] = costs[n - 1]
    return told


def test_another_ballot_and_more_rows_are_asked_for_without_losing_what_was_written(poll, client_of):
    owner, url = client_of("owner"), f"/problems/{poll.number}/motions/new"
    first = page(owner, url)
    assert 'name="agree"' in first
    assert "option_1_label" not in first

    other = owner.post(url, {**WRITTEN, "template": "ranked", "redraw": "1"}).get_data(as_text=True)
    assert "东门空地先做哪一样" in other
    assert 'name="option_4_label"' in other
    assert 'name="option_5_label"' not in other
    assert 'name="agree"' not in other
    assert "舒尔茨法" in other

    more = owner.post(url, {**WRITTEN, **rows(*LAMPS), "rows": "4", "more": "1"}).get_data(as_text=True)
    assert 'name="option_9_label"' in more
    assert 'value="修门禁"' in more
    assert session().scalars(select(Motion)).all() == []


def test_a_motion_with_options_of_its_own_is_moved_on_the_page(poll, client_of):
    owner, url = client_of("owner"), f"/problems/{poll.number}/motions/new"
    told = {**WRITTEN, **rows(*LAMPS), "most": "2", "blank": "y", "reason": "optional", "prompt": "为什么先做它"}
    response = owner.post(url, told)
    assert response.status_code == 303, re.findall("field-error.*", response.get_data(as_text=True))
    motion = session().scalars(select(Motion)).one()
    kept = BallotForm(Method.APPROVAL, most=2, blank=True, reason=ReasonAsked.OPTIONAL, prompt="为什么先做它")
    assert read_form(motion.form) == kept
    shown = page(client_of("neighbour"), response.location)
    for each in (*LAMPS, "赞成的都勾上，最多 2 项。", "二、怎样定"):
        assert each in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"template": "approval"}, "还没有可选的选项"),
        ({"template": "budget", **rows("修路灯", "种树", costs=("100", "200")), "budget": "250"}, "这条规则不能用"),
        ({"template": "stv", "seats": "3", **rows(*LAMPS)}, "席位至少 1 个"),
        ({"template": "ranked", **rows(*LAMPS)}, "请先定好哪一种计法作数"),
        ({"template": "approval", **rows("修路灯", "修路灯")}, "有两个选项写得一样"),
        ({"template": "approval", **rows(*LAMPS), "option_2_follows": ""}, "有选项没有写清选了会怎样"),
    ],
)
def test_a_ballot_that_does_not_fit_comes_back_with_the_reason(poll, client_of, changes, said):
    response = client_of("owner").post(f"/problems/{poll.number}/motions/new", {**WRITTEN, **changes})
    assert response.status_code == 422
    assert said in response.get_data(as_text=True)


def test_a_vote_that_was_never_counted_has_its_page_too(poll, client_of):
    decision = poll.opened(form=BallotForm(Method.APPROVAL), options=options(*LAMPS))
    decision.state = DecisionState.CLOSED
    session().merge(decision)
    at = decision.closes_at
    session().add(Closing(decision_id=decision.id, verdict=Verdict.NOT_OPENED, tests="[]", outcome="没有计票。", at=at))
    session().commit()
    poll.clock.move_to(at)
    answer = client_of(None).get(f"/decisions/{decision.id}")
    assert answer.status_code == 200
    assert decision.question in answer.get_data(as_text=True)


def test_programs_move_cast_and_read_a_ranking(poll, program):
    told = {
        "question": "东门空地先做哪一样",
        "rule": "R5",
        "form": {"method": "ranked", "decider": "irv"},
        "options": [{"label": label, "consequence": "选它就做它。"} for label in LAMPS],
    }
    status, moved = program("owner", "POST", f"/problems/{poll.number}/motions", told, Idempotency_Key="m1")
    assert status == 201, moved
    assert (moved["form"]["method"], moved["form"]["decider"]) == ("ranked", "irv")
    assert [each["label"] for each in moved["options"]] == list(LAMPS)
    table_motion(poll.cast.moderator, moved["id"])
    decision = publish_notice(poll.cast.moderator, moved["id"], **poll.times(RuleCode.R5))
    poll.clock.move_to(decision.opens_at)

    status, wrong = program("owner", "POST", f"/decisions/{decision.id}/ballot", {"marks": "1:2"})
    assert (status, wrong["code"]) == (422, "rank_missing")
    status, taken = program("owner", "POST", f"/decisions/{decision.id}/ballot", {"marks": "1:2 3:1"})
    assert status == 200, taken
    assert session().scalars(select(Ballot.marks)).one() == "1:2 3:1"
    status, running = program("owner", "GET", f"/decisions/{decision.id}")
    assert (running["form"]["method"], running["result"]) == ("ranked", None)

    poll.closed(decision)
    status, shown = program("owner", "GET", f"/decisions/{decision.id}")
    assert shown["result"]["count"]["winners"] == [3]
    assert shown["result"]["turnout"]["heads"] == 1


# Budgets and consent --------------------------------------------------------------------------------------------------


@pytest.fixture
def purse(app, cast, clock) -> Vote:
    """Households give out a sum of money."""
    return Vote(cast, clock, deliberated(cast, RuleCode.R5), RuleCode.R13, None)


@pytest.fixture
def circle(app, cast, clock) -> Vote:
    """Households look for what nobody blocks."""
    return Vote(cast, clock, deliberated(cast, RuleCode.R5), RuleCode.R11, None)


MONEY = BallotForm(Method.BUDGET, DecidingCount.EQUAL_SHARES, budget=30_000_00)
COSTS = (20_000_00, 10_000_00, 15_000_00)


def test_a_budget_goes_to_what_its_supporters_can_pay_for_together(purse, client_of):
    decision = purse.opened(form=MONEY, options=options(*LAMPS, costs=COSTS))
    url, owner = f"/decisions/{decision.id}", client_of("owner")
    text = page(owner, url)
    for said in ("20,000 元", "一共 30,000 元", 'data-cost="2000000"'):
        assert said in text
    summed = owner.post(f"{url}/ballot", sent(text, mark=["1", "2"], arrange="sum")).get_data(as_text=True)
    assert "，您选的加起来 30,000 元</span>" in summed  # without a script, too
    assert session().scalars(select(Ballot)).all() == []
    assert owner.post(f"{url}/ballot", sent(text, mark=["1"])).status_code == 303
    cast_ballot(purse.cast.tenant, decision.id, marks="1:1")
    cast_ballot(purse.cast.neighbour, decision.id, marks="2:1")

    closing = purse.closed(decision)

    count = count_of(closing)
    assert (count["winners"], closing.verdict) == ([1, 2], Verdict.PASSED)
    assert count["rules"]["equal-shares"]["share"] == str(Fraction(30_000_00, 3))
    assert "资助 2 项，共 30,000 元；预算 30,000 元，剩 0 元。" in closing.outcome
    shown = page(client_of(None), url)
    for said in ("资助：修路灯、修门禁", "“修路灯”要 20,000 元，2 人支持，每人出 10,000 元。", "两种分法并排"):
        assert said in shown


def test_one_block_with_its_reason_stops_a_consent_that_all_can_watch(circle, client_of):
    decision = circle.opened(form=BallotForm(Method.CONSENT), options=CONSENT)
    url, owner = f"/decisions/{decision.id}", client_of("owner")
    assert "有一户阻止，方案就停下来" in page(owner, url)
    text = page(owner, url)
    block = option(decision, 4)
    bare = owner.post(f"{url}/ballot", {"head": head_of(text), "choice": block})
    assert bare.status_code == 422
    assert "选“阻止”要写明理由" in bare.get_data(as_text=True)
    assert re.search(rf'value="{block}" checked', bare.get_data(as_text=True))
    assert session().scalars(select(Ballot)).all() == []
    told = {"head": head_of(text), "choice": block, "reason": "消防车进不来。"}
    assert owner.post(f"{url}/ballot", told).status_code == 303
    cast_ballot(circle.cast.tenant, decision.id, option_id=option(decision, 1))
    cast_ballot(circle.cast.neighbour, decision.id, marks="1:1")

    watched = page(client_of(None), url)
    assert "到现在各有多少" in watched
    assert "消防车进不来。" in watched

    closing = circle.closed(decision)
    assert closing.verdict is Verdict.FAILED
    assert count_of(closing) == {"ballots": 3, "blocked": True, "blocks": 1, "limit": "0", "method": "consent"}
    assert "参加的 3 户里 1 户阻止，方案停下来，回到协商。" in closing.outcome
    assert "方案停下来" in page(client_of(None), url)


def test_where_the_ballot_says_so_nobody_sees_the_others_before_they_have_voted(circle, client_of):
    form = BallotForm(Method.CONSENT, hidden=True)
    assert read_form(write_form(form)) == form
    decision = circle.opened(form=form, options=CONSENT)
    url = f"/decisions/{decision.id}"
    cast_ballot(circle.cast.owner, decision.id, marks="4:1", reason="消防车进不来。")
    for name in (None, "tenant", "moderator"):
        unseen = page(client_of(name), url)
        assert "消防车进不来。" not in unseen
        assert "到现在各有多少" not in unseen
    assert "您投了以后，就看得到别人选了什么" in page(client_of("tenant"), url)
    assert "消防车进不来。" in page(client_of("owner"), url)
    cast_ballot(circle.cast.tenant, decision.id, marks="1:1")
    assert "消防车进不来。" in page(client_of("tenant"), url)
    assert "消防车进不来。" not in page(client_of(None), url)
    circle.closed(decision)
    assert "方案停下来" in page(client_of(None), url)


def test_only_a_consent_can_hide_what_others_hide_anyhow():
    assert why_not_form(BallotForm(Method.CONSENT, hidden=True), [0] * 4, tuple(Method)) is None
    refusal = why_not_form(BallotForm(Method.APPROVAL, hidden=True), [0] * 4, tuple(Method))
    assert refusal is not None
    assert refusal.code == "hidden_already"


def test_blocks_up_to_the_share_that_was_announced_stop_nothing(circle):
    form = BallotForm(Method.CONSENT, blocked_above=Fraction(1, 3))
    decision = circle.opened(form=form, options=CONSENT)
    cast_ballot(circle.cast.owner, decision.id, marks="4:1", reason="消防车进不来。")
    for name in ("tenant", "neighbour"):
        cast_ballot(getattr(circle.cast, name), decision.id, marks="1:1")
    assert circle.closed(decision).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("form", "refused_with"),
    [
        (BallotForm(Method.CONSENT), "not_in_secret"),
        (BallotForm(Method.APPROVAL, reason=ReasonAsked.OPTIONAL), "not_in_secret"),
        (BallotForm(Method.APPROVAL), None),
    ],
)
def test_what_all_watch_or_give_reasons_for_is_not_secret(form, refused_with):
    secret = replace(RULES[RuleCode.R5], secrecy=Secrecy.SECRET)
    refusal = why_not_in_secret(secret, form)
    assert (refusal and refusal.code) == refused_with
    assert why_not_in_secret(RULES[RuleCode.R5], form) is None


def test_a_consent_without_the_answer_that_stops_it_is_none(circle):
    assert refused(circle.move, form=BallotForm(Method.CONSENT), options=YES_NO) == "options_do_not_fit"


# Ballots from before --------------------------------------------------------------------------------------------------


@both
def test_ballots_of_one_choice_are_carried_over_and_back(poll):
    decision = poll.opened()
    for name, position in zip(VOTERS, (1, 3, 2), strict=True):
        cast_ballot(getattr(poll.cast, name), decision.id, option_id=option(decision, position))
    chosen = [option(decision, position) for position in (1, 3, 2)]
    db.session.remove()

    downgrade(revision="0008")
    with db.engine.connect() as connection:
        before = connection.execute(sql("SELECT option_id FROM ballot ORDER BY ordinal")).scalars().all()
    assert list(before) == chosen
    upgrade()

    assert list(session().scalars(select(Ballot.marks).order_by(Ballot.ordinal))) == ["1:1", "3:1", "2:1"]
    assert poll.closed(session().get_one(Decision, decision.id)).verdict is Verdict.FAILED


def test_a_vote_of_another_method_is_not_lost_by_going_back(poll):
    poll.opened(form=BallotForm(Method.APPROVAL), options=options(*LAMPS))
    db.session.remove()
    with pytest.raises(SystemExit):
        downgrade(revision="0008")
    assert session().scalars(select(Motion.form)).one()


@pytest.mark.parametrize(("share", "said"), [("250000", "一人 2,500 元"), ("372900", "加到 3,729 元为止")])
def test_whoever_shares_the_money_out_says_when_more_was_added(share: str, said: str):
    form = BallotForm(method=Method.BUDGET, decider=DecidingCount.EQUAL_SHARES, budget=15_000_000)
    rules = {name: {"winners": [1], "cost": 1, "share": share, "ties": []} for name in ("equal-shares", "greedy")}
    counted = {"winners": [1], "budget": 15_000_000, "ballots": 61, "blank": 1, "rules": rules}
    told = "".join(str(each) for each in sentences(form, counted, ["路灯"]))
    assert said in told
    assert ("往上加" in told) is (share == "372900")


def test_what_a_count_says_of_money_is_said_in_yuan():
    form = BallotForm(method=Method.BUDGET, decider=DecidingCount.EQUAL_SHARES, budget=1000)
    job = {
        "form": write_form(form),
        "labels": ["灯", "椅", "门", "棚"],
        "costs": [600, 500, 300, 1100],
        "seed": "",
        "ballots": [("1:1 2:1", 2), ("1:1", 1), ("3:1 4:1", 1), ("2:1", 1)],
    }
    told = count(job)
    for decider in told["rules"]:
        said = [words for _, words in steps(replace(form, decider=DecidingCount(decider)), told)]
        assert {words.msgid for words in said} <= {each.msgid for each in IN_YUAN.values()}
    assert len({tuple(step["says"][0] for step in rule["steps"]) for rule in told["rules"].values()}) == 2
