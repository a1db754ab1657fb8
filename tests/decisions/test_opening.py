"""The opening asks again: a concern raised after the notice holds a vote back until it is answered or overridden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from cogov.decisions.commands import ask_course, cast_ballot, open_decision, sign_course
from cogov.decisions.models import Decision
from cogov.decisions.queries import shown_decision
from cogov.decisions.queries.course import course_of
from cogov.decisions.rules.course import CourseKind
from cogov.decisions.rules.opening import ASKS_AGAIN
from cogov.decisions.rules.stages import DecisionState
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.loop import fall_due
from cogov.moderation.commands import answer_removal_appeal, appeal_removal, decide_review
from cogov.moderation.rules import FlagReason, ReviewVerdict, SubjectKind
from cogov.people.rules import CLOCK
from cogov.tell.models import Notification
from cogov.tell.notices import spread_all
from cogov.threads.commands import (
    agree_overruling,
    answer_concern,
    flag_words,
    propose_overruling,
    raise_concern,
    withdraw_concern,
)
from tests.databases import both
from tests.decisions.conftest import Vote, option, turnout
from tests.decisions.test_course import fresh, kinds, refused
from tests.storms import at_once


def worried(poll: Vote) -> int:
    """Have a resident raise a concern on what is voted on."""
    return raise_concern(poll.cast.tenant, poll.number, harm="会照进卧室。", remedy="换成感应灯。").id


def waiting(poll: Vote) -> tuple[Decision, int]:
    """Return a vote whose hour has come with a concern unanswered, and the concern."""
    decision = poll.noticed()
    concern = worried(poll)
    poll.clock.move_to(decision.opens_at)
    fall_due()
    return fresh(decision), concern


@both
def test_a_concern_raised_after_the_notice_holds_the_vote_back_and_its_answer_opens_it(poll: Vote) -> None:
    decision, concern = waiting(poll)
    announced = decision.announced_for
    assert announced is not None
    length = decision.closes_at - decision.opens_at
    assert (decision.state, decision.opens_at) == (DecisionState.NOTICED, announced + ASKS_AGAIN)
    assert refused(cast_ballot, poll.cast.owner, decision.id, option_id=option(decision, 1)) == "opening_waits"
    shown = shown_decision(poll.cast.owner, decision.id)
    assert shown.waits_for == 1
    assert [head.why_not_cast and head.why_not_cast.code for head in shown.mine] == ["opening_waits"]
    poll.clock.shift(timedelta(hours=5))
    answer_concern(poll.cast.moderator, concern, text="换成感应灯。")
    decision = fresh(decision)
    assert decision.state is DecisionState.OPEN
    # No hour of the vote is lost by waiting, and the clock of the close has moved with it.
    assert (decision.opens_at, decision.closes_at - decision.opens_at) == (announced + timedelta(hours=5), length)
    closes = running(Purpose.DECISION_CLOSE, decision.id)
    assert closes is not None
    assert closes.due_at == decision.closes_at
    assert running(Purpose.DECISION_OPEN, decision.id) is None
    cast_ballot(poll.cast.owner, decision.id, option_id=option(decision, 1))
    assert turnout(decision)[0] == 1


def test_who_has_to_act_and_who_was_called_to_vote_are_told_that_it_waits(poll: Vote) -> None:
    waiting(poll)
    spread_all()
    entry = session().scalars(select(JournalEntry).where(JournalEntry.kind == "OpeningHeldBack")).one()
    told = set(session().scalars(select(Notification.person_id).where(Notification.entry_number == entry.number)))
    cast = poll.cast
    assert {each.person_id for each in (cast.chair, cast.moderator, cast.owner, cast.tenant)} <= told


def test_while_it_waits_it_is_asked_again_and_a_later_concern_holds_nothing_back(poll: Vote) -> None:
    decision, concern = waiting(poll)
    worried(poll)
    poll.clock.move_to(decision.opens_at)
    before = (decision.opens_at, decision.announced_for)
    fall_due()
    again = fresh(decision)
    assert (again.opens_at - ASKS_AGAIN, again.announced_for) == before
    assert kinds(poll).count("OpeningHeldBack") == 2
    withdraw_concern(poll.cast.tenant, concern)
    assert fresh(decision).state is DecisionState.OPEN


def told_of(kind: str) -> list[set[int]]:
    """Return who was told of each entry of a kind."""
    spread_all()
    entries = select(JournalEntry.number).where(JournalEntry.kind == kind).order_by(JournalEntry.number)
    told = select(Notification.person_id)
    return [
        set(session().scalars(told.where(Notification.entry_number == each))) for each in session().scalars(entries)
    ]


def test_held_back_again_it_stays_shut_and_the_street_office_is_told_and_may_open_it(poll: Vote) -> None:
    decision, _ = waiting(poll)
    for _turn in range(3):
        poll.clock.move_to(fresh(decision).opens_at)
        fall_due()
    decision = fresh(decision)
    assert decision.state is DecisionState.NOTICED
    cast, office = poll.cast, poll.cast.street_office.person_id
    first, *later = told_of("OpeningHeldBack")
    assert cast.neighbour.person_id in first
    assert office not in first
    assert len(later) == 3
    for told in later:
        assert cast.neighbour.person_id not in told
        assert office in told
    act = ask_course(cast.street_office, decision.id, kind=CourseKind.OVERRIDE, reason="两次没有人答复。")
    sign_course(cast.moderator, act.id)
    assert fresh(decision).state is DecisionState.OPEN


def test_a_concern_that_was_taken_down_holds_nothing_back_unless_its_appeal_waits(poll: Vote) -> None:
    decision = poll.noticed()
    cast = poll.cast
    first, second = worried(poll), worried(poll)
    reviews = [flag_words(cast.owner, SubjectKind.CONCERN, each, reason=FlagReason.SPAM) for each in (first, second)]
    for each in reviews:
        decide_review(cast.moderator, each.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.SPAM, words="是广告。")
    appeal_removal(cast.tenant, reviews[0].id, words="不是广告。")
    poll.clock.move_to(decision.opens_at)
    fall_due()
    assert shown_decision(cast.owner, decision.id).waits_for == 1
    answer_removal_appeal(cast.street_office, reviews[0].id, granted=False, words="是广告。")
    poll.clock.move_to(fresh(decision).opens_at)
    fall_due()
    assert fresh(decision).state is DecisionState.OPEN


def test_an_overruled_concern_opens_the_vote_with_the_second_person(poll: Vote) -> None:
    decision, concern = waiting(poll)
    propose_overruling(poll.cast.chair, concern, reason="灯罩已经改过。")
    assert fresh(decision).state is DecisionState.NOTICED
    agree_overruling(poll.cast.street_office, concern)
    assert fresh(decision).state is DecisionState.OPEN


def test_two_people_open_it_in_spite_of_the_concern_with_a_reason_on_record(poll: Vote) -> None:
    decision, _ = waiting(poll)
    cast = poll.cast
    asked: dict[str, Any] = {"kind": CourseKind.OVERRIDE, "reason": "顾虑说的是别的方案。"}
    assert course_of(cast.moderator, decision).may_ask == (CourseKind.OVERRIDE, CourseKind.ANNUL)
    assert refused(ask_course, cast.owner, decision.id, **asked) == "not_who_steers"
    moved = {"kind": CourseKind.EXTEND, "reason": "多等几天。", "closes_at": decision.closes_at + timedelta(days=1)}
    assert refused(ask_course, cast.moderator, decision.id, **moved) == "opening_waits"
    act = ask_course(cast.moderator, decision.id, **asked)
    assert refused(sign_course, cast.moderator, act.id) == "second_person"
    assert fresh(decision).state is DecisionState.NOTICED
    sign_course(cast.street_office, act.id)
    assert fresh(decision).state is DecisionState.OPEN
    assert kinds(poll).count("CourseAsked") == 1
    assert "顾虑说的是别的方案。" in {each.reason for each in course_of(cast.tenant, decision).acts}


def test_nothing_is_overridden_where_nothing_stands_in_the_way(poll: Vote) -> None:
    decision = poll.noticed()
    asked: dict[str, Any] = {"kind": CourseKind.OVERRIDE, "reason": "以防万一。"}
    assert refused(ask_course, poll.cast.moderator, decision.id, **asked) == "nothing_in_the_way"
    poll.clock.move_to(decision.opens_at)
    worried(poll)  # at the hour itself it is too late to stand in the way of this vote
    fall_due()
    assert fresh(decision).state is DecisionState.OPEN
    assert refused(ask_course, poll.cast.moderator, decision.id, **asked) == "nothing_in_the_way"


@both
def test_at_the_announced_hour_ballots_are_refused_and_the_vote_is_held_back_once(app: Flask, poll: Vote) -> None:
    """Whoever votes before the clock has asked is refused for the concern."""
    decision = poll.noticed()
    worried(poll)
    poll.clock.move_to(decision.opens_at)
    chosen, decision_id, owner = option(decision, 1), decision.id, poll.cast.owner

    def strive(number: int) -> Any:
        if number % 2:
            return open_decision(CLOCK, decision_id)
        return cast_ballot(owner, decision_id, option_id=chosen)

    session().rollback()  # so that this session sees what the others wrote
    told = at_once(app, 6, strive)
    codes = {each.refusal.code for each in told if isinstance(each, Refused)}
    assert codes <= {"opening_waits", "not_open_yet"}
    assert turnout(decision)[0] == 0
    assert kinds(poll).count("OpeningHeldBack") == 1


@both
def test_however_many_open_it_at_once_it_opens_once(app: Flask, poll: Vote) -> None:
    decision, concern = waiting(poll)
    second, decision_id = worried(poll), decision.id
    cast = poll.cast
    act = ask_course(cast.moderator, decision_id, kind=CourseKind.OVERRIDE, reason="顾虑说的是别的方案。").id

    def strive(number: int) -> Any:
        if number % 3 == 0:
            return answer_concern(cast.moderator, concern, text="换成感应灯。")
        if number % 3 == 1:
            return sign_course(cast.street_office, act)
        return answer_concern(cast.moderator, second, text="也换。")

    session().rollback()
    at_once(app, 6, strive)
    assert fresh(decision).state is DecisionState.OPEN
    assert kinds(poll).count("DecisionOpened") == 1


def test_the_page_says_why_it_waits_and_what_opens_it(poll: Vote, client_of: Any) -> None:
    decision, _ = waiting(poll)
    page = f"/decisions/{decision.id}"
    for name in (None, "owner"):
        text = client_of(name).get(page).get_data(as_text=True)
        assert "在等顾虑的答复" in text
        assert "1 条顾虑还没有答复，所以没有开始" in text
    moderator = client_of("moderator")
    assert "顾虑没有答复，照常开始" in moderator.get(f"{page}/course/override").get_data(as_text=True)
    assert moderator.get(f"{page}/course/extend").status_code == 404
    sent = {"reason": "顾虑说的是别的方案。", "once": moderator.once}
    assert moderator.post(f"{page}/course/override", sent).status_code == 303
    told = client_of(None).get(f"/api/v1{page}").get_json()
    assert told["waits_for"] == 1
    assert told["announced_for"] is not None
    assert "在等顾虑的答复" in client_of("owner").get(f"/problems/{poll.number}?tab=decisions").get_data(as_text=True)
