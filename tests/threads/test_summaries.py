"""The summary on top of a discussion: who writes it, what others propose, and what people say of minutes."""

from __future__ import annotations

import pytest

from cogov.ground.db import session
from cogov.people.rules import ANYONE
from cogov.problems.queries import problem_for
from cogov.threads.commands import (
    accept_summary,
    answer_minutes,
    decline_summary,
    post_message,
    propose_summary,
    withdraw_message,
    write_summary,
)
from cogov.threads.queries import panel
from cogov.threads.queries.summaries import answers_of, changes_of, own_answer, summaries, top_summary
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.summaries import SummaryKind, SummaryState, sources_in
from tests.cast import Cast
from tests.databases import both
from tests.threads.test_commands import kinds, refused

FIRST = "大家同意装灯。还没定谁出电费。"


def written(cast: Cast, number: str, text: str = FIRST, base: int = 0, kind: SummaryKind = SummaryKind.SUMMARY) -> int:
    return write_summary(cast.moderator, number, kind=kind, text=text, base=base).id


@both
def test_a_proposal_becomes_the_summary_when_who_keeps_it_accepts(cast, number):
    written(cast, number)
    proposal = propose_summary(cast.tenant, number, text="大家同意装灯。电费由公共收益出。", base=1)
    problem = problem_for(cast.owner, number)
    top = top_summary(problem.id)
    assert top.latest is not None
    assert (top.latest.number, top.waiting) == (1, 1)
    (waiting,) = summaries(problem.id, SummaryState.PROPOSED)
    assert {piece.kind for piece in changes_of(waiting, top.latest.text)} == {"same", "removed", "added"}
    accept_summary(cast.chair, proposal.id, base=1)
    session().expire_all()
    top = top_summary(problem.id)
    assert top.latest is not None
    assert (top.latest.number, top.latest.text, top.waiting) == (2, "大家同意装灯。电费由公共收益出。", 0)
    assert str(top.latest.byline.name) == "住户 2"
    assert [each.number for each in summaries(problem.id, SummaryState.STANDING)] == [2, 1]
    assert kinds()[-3:] == ["SummaryWritten", "SummaryProposed", "SummaryAccepted"]


def test_a_proposal_is_declined_with_a_reason_that_everybody_reads(cast, number):
    proposal = propose_summary(cast.tenant, number, text="都由物业出钱。", base=0)
    with refused("words_missing"):
        decline_summary(cast.moderator, proposal.id, reason=" ")
    decline_summary(cast.moderator, proposal.id, reason="物业还没有答复。")
    (declined,) = summaries(problem_for(cast.owner, number).id, SummaryState.DECLINED)
    assert declined.reason == "物业还没有答复。"
    with refused("proposal_settled"):
        accept_summary(cast.moderator, proposal.id, base=0)


@pytest.mark.parametrize("name", ["moderator", "chair", "owners_committee"])
def test_moderator_chair_and_owners_committee_write_the_summary(cast, number, name):
    version = write_summary(getattr(cast, name), number, kind=SummaryKind.SUMMARY, text=FIRST, base=0)
    assert (version.number, version.organization_id is not None) == (1, True)


def test_others_propose_and_nobody_decides_on_their_own_proposal(cast, number):
    for name in ("resident", "official", "volunteer"):
        with refused("not_who_summarizes"):
            write_summary(getattr(cast, name), number, kind=SummaryKind.SUMMARY, text=FIRST, base=0)
    with refused("sign_in_first"):
        propose_summary(ANYONE, number, text=FIRST, base=0)
    with refused("not_of_this_place"):
        propose_summary(cast.outsider, number, text=FIRST, base=0)
    own = propose_summary(cast.moderator, number, text=FIRST, base=0)
    with refused("own_proposal"):
        accept_summary(cast.moderator, own.id, base=0)
    with refused("not_who_summarizes"):
        accept_summary(cast.tenant, own.id, base=0)


def test_nobody_overwrites_a_version_they_have_not_seen(cast, number):
    written(cast, number)
    proposal = propose_summary(cast.tenant, number, text="别的总结。", base=1)
    written(cast, number, "第二版。", base=1)
    with refused("summary_moved_on"):
        written(cast, number, "第三版。", base=1)
    with refused("summary_moved_on"):
        accept_summary(cast.moderator, proposal.id, base=1)
    accept_summary(cast.moderator, proposal.id, base=2)


def test_sources_are_messages_of_this_thread_that_still_stand(cast, number):
    one = post_message(cast.tenant, number, kind=MessageKind.REASON, text="灯坏了。").id
    two = post_message(cast.owner, number, kind=MessageKind.REASON, text="我愿意出电费。").id
    with refused("source_unknown"):
        write_summary(cast.chair, number, kind=SummaryKind.SUMMARY, text=FIRST, base=0, sources=(one, 987654))
    with refused("too_many_sources"):
        write_summary(cast.chair, number, kind=SummaryKind.SUMMARY, text=FIRST, base=0, sources=range(1, 30))
    write_summary(cast.chair, number, kind=SummaryKind.SUMMARY, text=FIRST, base=0, sources=(two, one, two))
    problem = problem_for(cast.owner, number)
    latest = top_summary(problem.id).latest
    assert latest is not None
    assert latest.sources == (two, one)
    withdraw_message(cast.tenant, one)
    latest = top_summary(problem.id).latest
    assert latest is not None
    assert latest.sources == (two,)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ()),
        ("12 13", (12, 13)),
        ("https://a.cn/messages/12/replies https://a.cn/problems/2026-0147?tab=discussion#message-13", (12, 13)),
        ("#12，12、14", (12, 14)),
        ("没有", ()),
    ],
)
def test_sources_are_read_from_links_and_numbers(typed, found):
    assert sources_in(typed) == found


@both
def test_minutes_are_endorsed_or_objected_to_and_the_last_word_of_each_counts(cast, number):
    minutes = written(cast, number, kind=SummaryKind.MINUTES)
    problem = problem_for(cast.owner, number)
    answer_minutes(cast.tenant, minutes, endorses=True)
    answer_minutes(cast.owner, minutes, endorses=False, reason="我没有同意装灯。")
    with refused("words_missing"):
        answer_minutes(cast.landlord, minutes, endorses=False)
    answer_minutes(cast.tenant, minutes, endorses=False, reason="我也没有。")
    answer_minutes(cast.tenant, minutes, endorses=True)
    top = top_summary(problem.id)
    assert top.minutes is not None
    assert (top.minutes.endorsed, top.minutes.objected) == (1, 1)
    assert [own_answer(by, top) for by in (cast.tenant, cast.owner, cast.neighbour, ANYONE)] == [
        True,
        False,
        None,
        None,
    ]
    assert [(each.endorses, each.reason) for each in answers_of(problem.id, minutes)] == [
        (False, "我没有同意装灯。"),
        (True, ""),
    ]
    assert "没有同意" not in "".join(kinds())


def test_minutes_stay_answered_when_a_later_summary_stands_on_top(cast, number):
    minutes = written(cast, number, kind=SummaryKind.MINUTES)
    answer_minutes(cast.tenant, minutes, endorses=True)
    written(cast, number, "后来又商量了。", base=1)
    top = top_summary(problem_for(cast.owner, number).id)
    assert top.latest is not None
    assert top.minutes is not None
    assert (top.latest.number, top.minutes.number, top.minutes.endorsed) == (2, 1, 1)


def test_a_plain_summary_and_ones_own_minutes_are_not_answered(cast, number):
    plain = written(cast, number)
    with refused("not_minutes"):
        answer_minutes(cast.tenant, plain, endorses=True)
    minutes = written(cast, number, "纪要。", base=1, kind=SummaryKind.MINUTES)
    with refused("own_minutes"):
        answer_minutes(cast.moderator, minutes, endorses=True)


def test_a_long_history_costs_the_discussion_no_more_queries(cast, number, counted):
    minutes = written(cast, number, kind=SummaryKind.MINUTES)
    answer_minutes(cast.tenant, minutes, endorses=True)
    problem = problem_for(cast.owner, number)
    session().expire_all()
    with counted() as few:
        panel(cast.owner, problem)
    for base in range(1, 6):
        minutes = written(cast, number, f"第 {base} 次。", base=base, kind=SummaryKind.MINUTES)
    for name in ("tenant", "owner", "landlord", "neighbour"):
        answer_minutes(getattr(cast, name), minutes, endorses=True)
    session().expire_all()
    with counted() as many:
        panel(cast.owner, problem)
    assert len(many.statements) == len(few.statements)


def test_the_page_offers_each_reader_what_they_may_do(cast, number, client_of):
    written(cast, number, kind=SummaryKind.MINUTES)
    propose_summary(cast.tenant, number, text="大家同意装灯。电费由公共收益出。", base=1)
    address = f"/problems/{number}/summary"
    seen = {name: client_of(name).get(address).get_data(as_text=True) for name in ("chair", "owner", "outsider")}
    assert ("采用" in seen["chair"], "写新的一版" in seen["chair"]) == (True, True)
    assert ("提议修改" in seen["owner"], "赞成纪要" in seen["owner"]) == (True, True)
    assert ("提议修改" in seen["outsider"], "赞成纪要" in seen["outsider"]) == (False, False)
    assert all("<ins>" in text for text in seen.values())
    assert "第 1 版" in client_of("owner").get(f"/problems/{number}?tab=discussion").get_data(as_text=True)
