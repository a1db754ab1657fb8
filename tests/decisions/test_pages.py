"""The pages of motions, decisions and resolutions, as each of the cast sees them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cogov.decisions.commands import cast_ballot, close_decision, publish_notice, support_motion
from cogov.decisions.models import Ballot, Decision, Motion, Resolution
from cogov.decisions.queries import details, latest, needs, panel, shown_decision
from cogov.decisions.queries.exporting import export_for
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.law import Force
from cogov.decisions.rules.motions import TaskPlan
from cogov.decisions.rules.stages import DecisionState, MotionState, Verdict
from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.people.rules import CLOCK
from cogov.places.commands import change_setting, enter_owner
from cogov.places.rules import Setting
from cogov.problems.rules.lanes import RuleCode
from cogov.threads.commands import raise_concern
from tests.cast import HERE
from tests.decisions.conftest import option

EVERYBODY = (
    None,
    "resident",
    "owner",
    "co_owner",
    "landlord",
    "tenant",
    "neighbour",
    "volunteer",
    "party_member",
    "grid_worker",
    "moderator",
    "chair",
    "owners_committee",
    "dispatcher",
    "official",
    "inspector",
    "closer",
    "street_office",
    "auditor",
    "administrator",
    "outsider",
)
FILLED = {
    "question": "是否在东门空地建集中充电棚",
    "way": "8",
    "agree": "建 24 个桩，花 11.8 万元公共收益。",
    "disagree": "不建，飞线由消防依法整治。",
    "abstain": "算您参加了，不算同意。",
    "scope": "community",
    "building": "",
    "solution": "",
    "body": "",
}


def page(client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return str(response.get_data(as_text=True))


def preselected(text: str) -> list[str]:
    return re.findall(r'<input[^>]*name="choice"[^>]*checked[^>]*>', text)


def test_a_motion_is_moved_on_a_form_that_says_what_each_matter_means(vote, client_of):
    owner = client_of("owner")
    url = f"/problems/{vote.number}/motions/new"
    text = page(owner, url)
    assert "改变共有部分的用途" in text
    assert "法定表决按本市规定的方式另行进行" in text
    assert "先问问大家的意思" not in text  # triage says that owners decide
    told = {**FILLED, "once": owner.once, "task_1_title": "夜间巡查", "task_1_slots": "2", "task_1_days": "14"}

    response = owner.post(url, told)

    assert response.status_code == 303, response.get_data(as_text=True)
    motion = session().scalars(select(Motion)).one()
    assert (motion.rule, motion.item, motion.person_id) == ("R2", 8, vote.cast.owner.person_id)
    shown = page(client_of("neighbour"), response.location)
    assert "夜间巡查" in shown
    assert "我附议" in shown
    assert owner.post(url, told).status_code == 409  # the same form again
    assert len(session().scalars(select(Motion)).all()) == 1


CHECKED = {"item_confirmed": "1", "touches": "none"}
"""What whoever publishes a notice ticks: the item is right, and no bar is touched."""


def test_a_form_that_is_not_complete_comes_back_with_the_text(vote, client_of):
    owner = client_of("owner")
    page(owner, f"/problems/{vote.number}/motions/new")
    response = owner.post(f"/problems/{vote.number}/motions/new", {**FILLED, "agree": "", "way": ""})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert FILLED["disagree"] in text
    assert "请选一项" in text


def test_the_notice_page_counts_the_roll_and_lists_what_is_missing(vote, client_of):
    motion = vote.tabled()
    raise_concern(vote.cast.neighbour, vote.number, harm="东门会少 6 个临时停车位。", remedy="另找停车位。")
    moderator = client_of("moderator")
    text = page(moderator, f"/motions/{motion.id}/notice")
    assert "20 户，2,052.00 m²" in text
    assert "17 户没有核对过身份的人" in text
    assert "还有 1 条顾虑没有答复" in text
    sent = {"opens_at": "2027-03-20T09:00", "closes_at": "2027-03-27T20:00", **CHECKED, "once": moderator.once}
    assert moderator.post(f"/motions/{motion.id}/notice", sent).status_code == 409
    assert session().scalars(select(Decision)).all() == []


def test_a_notice_is_published_in_local_time(vote, client_of):
    motion = vote.tabled()
    moderator = client_of("moderator")
    page(moderator, f"/motions/{motion.id}/notice")
    sent = {"opens_at": "2027-03-20T09:00", "closes_at": "2027-03-27T20:00", **CHECKED, "once": moderator.once}
    response = moderator.post(f"/motions/{motion.id}/notice", sent)
    assert response.status_code == 303
    decision = session().scalars(select(Decision)).one()
    assert (decision.opens_at.hour, decision.closes_at.hour) == (1, 12)
    assert "公示中" in page(client_of(None), "/decisions")


@pytest.mark.parametrize(
    ("ticked", "status", "said"),
    [
        ({"item_confirmed": "", "touches": "none"}, 422, "请先核对，再勾选"),
        ({"item_confirmed": "1"}, 422, "请回答"),
        ({"item_confirmed": "1", "touches": ["none", "person"]}, 422, "就不能再选别的"),
        ({"item_confirmed": "1", "touches": "person"}, 409, "表决不能决定某一个人的权利"),
        ({"item_confirmed": "1", "touches": "duty"}, 409, "表决不能减轻或者免除它"),
        ({"item_confirmed": "1", "touches": "personal_data"}, 409, "表决不能公开别人的个人信息"),
        ({"item_confirmed": "1", "touches": "unlawful"}, 409, "多数同意也不变成合法"),
    ],
)
def test_no_notice_goes_out_before_whoever_publishes_it_has_answered_for_it(vote, client_of, ticked, status, said):
    motion = vote.tabled()
    moderator = client_of("moderator")
    text = page(moderator, f"/motions/{motion.id}/notice")
    assert "属于民法典第278条第一款第（八）项“改变共有部分的用途" in text
    sent = {"opens_at": "2027-03-20T09:00", "closes_at": "2027-03-27T20:00", **ticked, "once": moderator.once}
    response = moderator.post(f"/motions/{motion.id}/notice", sent)
    assert response.status_code == status
    assert said in response.get_data(as_text=True)
    assert session().scalars(select(Decision)).all() == []


def test_whoever_tables_a_motion_ticks_its_item(vote, client_of):
    motion = vote.move()
    moderator = client_of("moderator")
    assert "属于民法典第278条第一款第（八）项" in page(moderator, f"/motions/{motion.id}")
    assert moderator.post(f"/motions/{motion.id}/tabling", {"once": moderator.once}).status_code == 422
    page(moderator, f"/motions/{motion.id}")
    ticked = {"once": moderator.once, "item_confirmed": "1"}
    assert moderator.post(f"/motions/{motion.id}/tabling", ticked).status_code == 303


def test_a_ballot_gives_a_receipt_and_no_page_or_flash_says_what_was_chosen(vote, client_of):
    decision = vote.opened()
    owner = client_of("owner")
    before = page(owner, f"/decisions/{decision.id}")
    assert before.count('name="choice"') == 3
    assert not preselected(before)
    head = shown_decision(vote.cast.owner, decision.id).mine[0].head_id

    sent = owner.post(f"/decisions/{decision.id}/ballot", {"choice": option(decision, 2), "head": head, "once": "b1"})

    assert sent.status_code == 303
    receipt = page(owner, sent.location)
    ballot = session().scalars(select(Ballot)).one()
    assert ballot.receipt in receipt
    assert "不同意" not in receipt.replace(decision.question, "")
    after = page(owner, f"/decisions/{decision.id}")
    assert not preselected(after)
    assert "已投" in after
    assert client_of("co_owner").get(sent.location).status_code == 404
    assert client_of("neighbour").get(sent.location).status_code == 404


def test_a_ballot_without_a_choice_is_asked_for_one(vote, client_of):
    decision = vote.opened()
    owner = client_of("owner")
    page(owner, f"/decisions/{decision.id}")
    response = owner.post(f"/decisions/{decision.id}/ballot", {"once": "b1"})
    assert response.status_code == 422
    assert "先选一项" in response.get_data(as_text=True)
    assert session().scalars(select(Ballot)).all() == []


def test_a_tenant_reads_why_not_and_what_the_landlord_can_do(vote, client_of):
    decision = vote.opened()
    text = page(client_of("tenant"), f"/decisions/{decision.id}")
    assert "因为这次只由业主表决" in text
    assert "由房东投" in text
    assert 'name="choice"' not in text


def strip_tokens(text: str) -> str:
    text = re.sub(r'(name="(?:csrf_token|once)"[^>]*value=)"[^"]+"', r"\1", text)
    return re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}", "", text)


@pytest.mark.parametrize("which", ["vote", "poll"])
def test_before_the_close_every_page_is_the_same_whatever_was_chosen(which, request, client_of):
    """Two worlds that differ in their choices alone: nobody can tell them apart before the close."""
    vote = request.getfixturevalue(which)
    decision = vote.opened()
    voters = ("owner", "neighbour", "landlord") if which == "vote" else ("resident", "neighbour", "tenant")
    dossier = f"/problems/{vote.number}"
    urls = (f"/decisions/{decision.id}", "/decisions", f"{dossier}?tab=decisions", dossier)
    clients = {name: client_of(name) for name in EVERYBODY}

    def seen() -> dict[tuple[str | None, str], str]:
        return {(name, url): strip_tokens(page(client, url)) for name, client in clients.items() for url in urls}

    for name in voters:
        cast_ballot(getattr(vote.cast, name), decision.id, option_id=option(decision, 1))
    agreeing = seen()
    for name in voters:
        cast_ballot(getattr(vote.cast, name), decision.id, option_id=option(decision, 2))
    assert seen() == agreeing
    vote.clock.move_to(decision.closes_at + timedelta(hours=1))  # over and not yet counted
    waiting = page(clients["neighbour"], f"/decisions/{decision.id}")
    assert "正在计票" in waiting
    assert "户不同意" not in waiting


def test_the_copy_of_ones_own_data_tells_a_choice_after_the_close_alone(vote):
    decision = vote.opened()
    cast_ballot(vote.cast.owner, decision.id, option_id=option(decision, 2))
    [running] = export_for(vote.cast.owner.person_id)["ballot"]
    assert (running["marks"], running["choice"]) == (None, "")
    vote.clock.move_to(decision.closes_at)
    close_decision(CLOCK, decision.id)
    [counted] = export_for(vote.cast.owner.person_id)["ballot"]
    assert (counted["marks"], counted["choice"]) == ("2:1", "不同意")


def test_no_fact_in_the_journal_holds_a_choice(vote):
    decision = vote.opened()
    for position in (1, 2, 3):
        cast_ballot(vote.cast.owner, decision.id, option_id=option(decision, position))
    entries = session().scalars(select(JournalEntry).where(JournalEntry.kind == "BallotCast")).all()
    facts = [json.loads(entry.facts) for entry in entries]
    assert [set(each) for each in facts] == [{"decision", "ballot"}] * 3
    assert len({entry.facts for entry in entries}) == 1  # three choices, one fact


def test_a_running_vote_shows_figures_in_tens_and_nothing_but_met_under_ten(poll, vote):
    small = poll.opened()
    cast_ballot(poll.cast.owner, small.id, option_id=option(small, 1))
    shown = shown_decision(poll.cast.neighbour, small.id)
    assert shown.running is not None
    assert (shown.running.turnout, shown.running.rows, shown.result) == (None, (), None)
    large = vote.opened()
    for name in ("owner", "neighbour", "landlord"):
        cast_ballot(getattr(vote.cast, name), large.id, option_id=option(large, 1))
    running = shown_decision(vote.cast.tenant, large.id).running
    assert running is not None
    assert running.turnout is not None
    assert (running.ballots, running.turnout.heads, running.turnout.area) == (0, 0, 0)


def test_the_result_page_shows_exact_sums_and_what_did_not_take_part(poll, client_of):
    decision = poll.opened(tasks=(TaskPlan("夜间巡查", slots=2),))
    for name, position in (("owner", 1), ("tenant", 1)):
        cast_ballot(getattr(poll.cast, name), decision.id, option_id=option(decision, position))
    poll.closed(decision)
    text = page(client_of(None), f"/decisions/{decision.id}")
    assert "意向达到：是否在东门空地建集中充电棚" in text
    assert "2 户参加，2 户同意。同意的过了线。" in text
    assert "没参加的 1 户不算反对，也不算同意。" in text
    assert "夜间巡查" in text
    summary = latest(poll.problem.id)
    assert summary is not None
    assert summary.verdict is Verdict.PASSED
    assert "意向达到" in page(client_of(None), "/decisions?show=closed")


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ((2, 2, 1), "3 户参加，选“种树”的最多，2 户。它过了线。"),
        ((2, 1, 3), "3 户参加。"),
        ((2, 1), "2 户参加。"),
    ],
)
def test_the_result_of_a_choice_among_named_options_names_the_one_with_most(poll, client_of, chosen, told):
    named = [Option(at, f"o{at}", label, "照办") for at, label in enumerate(("修路灯", "种树", "换门禁"), start=1)]
    decision = poll.opened(options=named)
    for name, position in zip(("owner", "tenant", "neighbour"), chosen, strict=False):
        cast_ballot(getattr(poll.cast, name), decision.id, option_id=option(decision, position))
    poll.closed(decision)
    text = page(client_of(None), f"/decisions/{decision.id}")
    assert told in text
    assert ("的最多" in text) is ("的最多" in told)


def test_an_official_answers_a_resolution_on_a_form(poll, client_of):
    cast = poll.cast
    decision = poll.opened(public_body_id=cast.organizations["fire"], public_act="复核回车半径并书面答复")
    cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
    poll.closed(decision)
    resolution = session().scalars(select(Resolution)).one()
    url = f"/resolutions/{resolution.id}/answer"
    assert [need.endpoint for need in needs(cast.official)] == ["decisions.answer"]
    assert needs(cast.called_official) == []
    assert client_of("called_official").get(url).status_code == 403
    official = client_of("official")
    page(official, url)
    declined = {"answer": "declined", "reason": "不行", "once": official.once}
    assert official.post(url, declined).status_code == 422
    page(official, url)
    reason = "回车半径不足九米，不符合要求。"
    response = official.post(url, {**declined, "reason": reason, "once": official.once})
    assert response.status_code == 303
    result = page(client_of(None), f"/decisions/{decision.id}")
    assert "不采纳" in result
    assert reason in result
    assert needs(cast.official) == []


# Frozen -------------------------------------------------------------------------------------------------------------


def test_what_changes_after_the_notice_changes_nothing_in_the_vote(vote):
    decision = vote.noticed()
    before = (decision.fingerprint, decision.frozen_rule, decision.heads_total, decision.area_total)
    cast = vote.cast
    enter_owner(
        CLOCK,
        unit_id=cast.unit_ids[3],
        reference="buyer",
        since=decision.notice_at.date(),
    )
    change_setting(CLOCK, code=HERE, name=Setting.STATUTORY_VOTE_AUTHORIZED, value=1)
    change_setting(CLOCK, code=HERE, name=Setting.OWNERS_SHARE_PERCENT, value=50)
    motion = session().get(Motion, decision.motion_id)
    assert motion is not None
    motion.question = "改过的问题"
    session().commit()
    session().expire_all()
    vote.clock.move_to(decision.opens_at)
    shown = shown_decision(cast.neighbour, decision.id)
    kept = shown.decision
    assert (kept.fingerprint, kept.frozen_rule, kept.heads_total, kept.area_total) == before
    assert kept.question == "是否在东门空地建集中充电棚"
    assert shown.rule.force is Force.CONSULTATION
    assert [option_.label for option_ in shown.options] == ["同意", "不同意", "弃权"]
    cast_ballot(cast.neighbour, decision.id, option_id=option(decision, 1))  # still the head of unit 3


# Lists, needs, entries ----------------------------------------------------------------------------------------------


def test_what_waits_for_whom(vote):
    cast = vote.cast
    motion = vote.move()
    assert [need.kind for need in needs(cast.moderator)] == ["tabling"]
    assert needs(cast.foreign_moderator) == []
    change_setting(CLOCK, code=HERE, name=Setting.OWNERS_SHARE_PERCENT, value=10)
    second = vote.move(question="是否改建为停车位")
    assert support_motion(cast.landlord, second.id).state is MotionState.TABLED
    assert [need.kind for need in needs(cast.owners_committee)] == ["notice", "tabling"]
    decision = publish_notice(cast.moderator, second.id, **vote.times(RuleCode.R2))
    assert needs(cast.owner) == []
    vote.clock.move_to(decision.opens_at)
    assert [(need.kind, need.values) for need in needs(cast.owner)] == [("vote", {"decision_id": decision.id})]
    assert needs(cast.tenant) == []
    cast_ballot(cast.co_owner, decision.id, option_id=option(decision, 1))
    assert needs(cast.owner) == []
    assert motion.state is MotionState.MOVED


def test_the_panel_says_why_each_act_is_not_possible(vote):
    vote.move()
    shown = panel(vote.cast.co_owner, vote.problem)
    [motion] = shown.motions
    assert motion.why_not_support is not None
    assert motion.why_not_support.code == "head_supported"
    assert motion.why_not_notice is not None
    assert panel(vote.cast.landlord, vote.problem).motions[0].why_not_support is None
    outside = panel(vote.cast.outsider, vote.problem)
    assert outside.why_not_move is not None
    assert outside.why_not_move.code == "not_of_this_place"


def test_every_entry_of_a_decision_has_a_sentence(poll, client_of):
    change_setting(CLOCK, code=HERE, name=Setting.MOTION_SUPPORTS, value=2)
    motion = poll.move(public_body_id=poll.cast.organizations["fire"], public_act="复核回车半径")
    support_motion(poll.cast.neighbour, motion.id)
    decision = publish_notice(poll.cast.moderator, motion.id, **poll.times(RuleCode.R5))
    poll.clock.move_to(decision.opens_at)
    cast_ballot(poll.cast.owner, decision.id, option_id=option(decision, 1))
    poll.closed(decision)
    entries = session().scalars(select(JournalEntry).where(JournalEntry.problem_id == poll.problem.id)).all()
    told = details(entries)
    assert {e.kind for e in entries if e.number in told} >= {
        "MotionMoved",
        "MotionSupported",
        "MotionTabled",
        "NoticePublished",
        "BallotCast",
        "DecisionClosed",
        "ResolutionPassed",
    }
    text = page(client_of(None), f"/problems/{poll.number}?tab=timeline")
    assert "附议满 2 户，动议列入表决" in text
    assert "请云溪区消防救援大队答复" in text


def test_the_number_of_queries_does_not_grow_with_ballots_and_motions(vote, counted):
    decision = vote.opened()
    decision_id, agree = decision.id, option(decision, 1)
    session().expunge_all()
    with counted() as before:
        shown_decision(vote.cast.owner, decision_id)
    for name in ("owner", "neighbour", "landlord"):
        cast_ballot(getattr(vote.cast, name), decision_id, option_id=agree)
    session().expunge_all()
    with counted() as after:
        shown = shown_decision(vote.cast.owner, decision_id)
    assert int(after) == int(before)
    assert shown.decision.state is DecisionState.OPEN


def test_the_panel_asks_as_much_for_five_motions_as_for_one(vote, counted):
    vote.move()
    with counted() as one:
        panel(vote.cast.neighbour, vote.problem)
    for n in range(4):
        vote.move(question=f"第 {n} 个别的办法好不好")
    with counted() as five:
        panel(vote.cast.neighbour, vote.problem)
    assert int(one) == int(five)
