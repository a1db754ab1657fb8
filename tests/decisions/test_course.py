"""The course of a vote: another hour, annulment, objections, a later look; two people, a reason, and what follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cogov.cases.queries import open_case_of
from cogov.decisions.commands import (
    answer_objection,
    ask_course,
    cast_ballot,
    close_decision,
    decline_course,
    due_effect,
    due_review,
    object_to,
    sign_course,
    state_outcome,
)
from cogov.decisions.models import Ballot, Closing, Decision, Resolution
from cogov.decisions.queries.course import course_of
from cogov.decisions.rules.course import CourseKind
from cogov.decisions.rules.law import Annuller
from cogov.decisions.rules.motions import TaskPlan
from cogov.decisions.rules.stages import DecisionState, Verdict
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.people.rules import CLOCK
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from cogov.problems.models import Problem
from cogov.problems.rules.stages import Stage
from cogov.tasks.models import Task
from cogov.tasks.rules import TaskState
from tests.cast import HERE
from tests.databases import both
from tests.decisions.conftest import Vote, option

LATER = timedelta(days=3)


def refused(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.refusal.code


def stage(vote: Vote) -> Stage:
    found = session().get(Problem, vote.problem.id, populate_existing=True)
    assert found is not None
    return found.stage


def fresh(decision: Decision) -> Decision:
    found = session().get(Decision, decision.id, populate_existing=True)
    assert found is not None
    return found


def closing(decision: Decision) -> Closing:
    query = select(Closing).where(Closing.decision_id == decision.id)
    return session().scalars(query, execution_options={"populate_existing": True}).one()


def kinds(vote: Vote) -> list[str]:
    query = select(JournalEntry.kind).where(JournalEntry.problem_id == vote.problem.id).order_by(JournalEntry.number)
    return list(session().scalars(query))


def passed(poll: Vote, **changes: Any) -> Decision:
    """Return an advisory vote that passed by one ballot."""
    decision = poll.opened(**changes)
    cast_ballot(poll.cast.owner, decision.id, option_id=option(decision, 1))
    poll.closed(decision)
    return decision


# Another hour ---------------------------------------------------------------------------------------------------------


@both
def test_a_vote_is_extended_by_two_people_and_ballots_are_taken_until_the_new_hour(vote: Vote) -> None:
    decision, cast = vote.opened(), vote.cast
    announced = decision.closes_at
    asked: dict[str, Any] = {
        "kind": CourseKind.EXTEND,
        "reason": "停电两天，很多人没能投。",
        "closes_at": announced + LATER,
    }
    assert refused(ask_course, cast.owner, decision.id, **asked) == "not_who_steers"
    assert refused(ask_course, cast.moderator, decision.id, **{**asked, "reason": ""}) == "reason_missing"
    assert refused(ask_course, cast.moderator, decision.id, **{**asked, "closes_at": announced}) == "hour_does_not_fit"
    act = ask_course(cast.moderator, decision.id, **asked)
    assert refused(ask_course, cast.owners_committee, decision.id, **asked) == "course_waits"
    assert refused(sign_course, cast.moderator, act.id) == "second_person"
    assert refused(sign_course, cast.owner, act.id) == "not_who_steers"
    assert fresh(decision).closes_at == announced

    sign_course(cast.owners_committee, act.id)

    assert fresh(decision).closes_at == announced + LATER
    assert refused(sign_course, cast.street_office, act.id) == "course_settled"
    vote.clock.move_to(announced)
    assert refused(close_decision, CLOCK, decision.id) == "too_early_to_close"
    cast_ballot(cast.landlord, decision.id, option_id=option(decision, 1))
    clock = running(Purpose.DECISION_CLOSE, decision.id)
    assert clock is not None
    assert clock.due_at == announced + LATER
    assert vote.closed(fresh(decision)).verdict is Verdict.NO_QUORUM
    assert [k for k in kinds(vote) if k in ("CourseAsked", "CloseMoved")] == ["CourseAsked", "CloseMoved"]


def test_an_earlier_close_leaves_a_day_to_vote_unless_everybody_has_voted(poll: Vote) -> None:
    decision, cast = poll.opened(), poll.cast
    at = datetime.now(UTC)
    ask: dict[str, Any] = {"kind": CourseKind.SHORTEN, "reason": "都投完了。"}
    early: dict[str, Any] = {**ask, "closes_at": at + timedelta(hours=1)}
    assert refused(ask_course, cast.moderator, decision.id, **early) == "hour_does_not_fit"
    for name in ("owner", "tenant", "neighbour"):
        cast_ballot(getattr(cast, name), decision.id, option_id=option(decision, 1))
    act = ask_course(cast.moderator, decision.id, **early)
    sign_course(cast.street_office, act.id)
    poll.clock.move_to(at + timedelta(hours=1))
    assert close_decision(CLOCK, decision.id).verdict is Verdict.PASSED


def test_a_request_is_declined_taken_back_or_lapses_with_the_close(vote: Vote) -> None:
    decision, cast = vote.opened(), vote.cast
    asked: dict[str, Any] = {
        "kind": CourseKind.EXTEND,
        "reason": "假期里人少。",
        "closes_at": decision.closes_at + LATER,
    }
    decline_course(cast.street_office, ask_course(cast.moderator, decision.id, **asked).id)
    decline_course(cast.moderator, ask_course(cast.moderator, decision.id, **asked).id)
    last = ask_course(cast.moderator, decision.id, **asked)
    vote.clock.move_to(decision.closes_at)
    assert refused(sign_course, cast.owners_committee, last.id) == "course_settled"
    assert fresh(decision).closes_at == decision.closes_at
    assert kinds(vote).count("CourseDeclined") == 2


# Annulment ------------------------------------------------------------------------------------------------------------


@both
def test_a_running_vote_that_is_annulled_is_never_counted(vote: Vote) -> None:
    decision, cast = vote.opened(), vote.cast
    cast_ballot(cast.landlord, decision.id, option_id=option(decision, 1))
    act = ask_course(cast.moderator, decision.id, kind=CourseKind.ANNUL, reason="公告里的费用写错了。")
    assert fresh(decision).state is DecisionState.OPEN

    sign_course(cast.owners_committee, act.id)

    assert fresh(decision).state is DecisionState.CLOSED
    assert closing(decision).verdict is Verdict.ANNULLED
    assert (stage(vote), running(Purpose.DECISION_CLOSE, decision.id)) == (Stage.GATHERING, None)
    code = refused(cast_ballot, cast.neighbour, decision.id, option_id=option(decision, 1))
    assert code in ("annulled", "voting_closed", "vote_closed", "closed", "already_closed", "after_closing")
    vote.clock.move_to(decision.closes_at)
    assert close_decision(CLOCK, decision.id).verdict is Verdict.ANNULLED
    assert len(session().scalars(select(Ballot)).all()) == 1
    vote.move()  # another motion can be moved


@both
def test_a_result_is_annulled_by_those_whom_the_rule_names_and_what_followed_ends(poll: Vote) -> None:
    cast = poll.cast
    decision = passed(
        poll,
        tasks=(TaskPlan("夜间巡查", "每晚两人", 2, 14),),
        public_body_id=cast.organizations["fire"],
        public_act="批准用地",
    )
    assert stage(poll) is Stage.ACTING
    assert open_case_of(poll.problem.id) is not None
    asked: dict[str, Any] = {"kind": CourseKind.ANNUL, "reason": "表决范围划错了。"}
    assert refused(ask_course, cast.moderator, decision.id, **asked) == "annuller_missing"
    court: dict[str, Any] = {
        **asked,
        "annuller": Annuller.COURT,
        "document": "（2027）民初1号",
        "dated": date(2027, 3, 1),
    }
    assert refused(ask_course, cast.moderator, decision.id, **court) == "may_not_annul"
    street: dict[str, Any] = {**court, "annuller": Annuller.STREET_OFFICE}
    assert refused(ask_course, cast.moderator, decision.id, **{**street, "document": ""}) == "document_missing"
    assert refused(ask_course, cast.moderator, decision.id, **{**street, "dated": date(2028, 1, 1)}) == "dated_later"

    sign_course(cast.moderator, ask_course(cast.street_office, decision.id, **street).id)

    kept = closing(decision)
    assert (kept.verdict, kept.annulled_at is not None) == (Verdict.PASSED, True)
    assert [task.state for task in session().scalars(select(Task))] == [TaskState.CANCELLED]
    assert open_case_of(poll.problem.id) is None
    assert stage(poll) is Stage.GATHERING
    resolution = session().scalars(select(Resolution)).one()
    assert running(Purpose.RESOLUTION_ANSWER, resolution.id) is None
    assert refused(ask_course, cast.moderator, decision.id, **street) == "annulled"


# Objections -----------------------------------------------------------------------------------------------------------


@both
def test_a_result_takes_effect_after_the_days_to_object_and_when_each_objection_is_answered(poll: Vote) -> None:
    cast = poll.cast
    change_setting(CLOCK, code=HERE, name=Setting.OBJECTION_DAYS, value=5)
    decision = passed(poll)
    until = closing(decision).objections_until
    assert until == decision.closes_at + timedelta(days=5)
    assert session().scalars(select(Resolution)).all() == []
    assert stage(poll) is Stage.DECIDING
    assert refused(object_to, cast.landlord, decision.id, text="我没投上。") == "not_in_electorate"
    objection = object_to(cast.tenant, decision.id, text="三号楼没有收到公告。")
    assert refused(object_to, cast.tenant, decision.id, text="再说一次。") == "objected_already"

    poll.clock.move_to(until)
    due_effect(CLOCK, decision.id)
    assert session().scalars(select(Resolution)).all() == []
    assert refused(object_to, cast.neighbour, decision.id, text="太晚了。") == "no_objections_now"
    assert refused(answer_objection, cast.owner, objection.id, answer="没有。") == "not_who_steers"
    answer_objection(cast.moderator, objection.id, answer="三号楼的公告 3 月 2 日张贴，有照片。")

    assert session().scalars(select(Resolution)).one().decision_id == decision.id
    assert refused(answer_objection, cast.moderator, objection.id, answer="又答。") == "answered_already"
    due_effect(CLOCK, decision.id)
    assert len(session().scalars(select(Resolution)).all()) == 1
    shown = course_of(cast.tenant, decision).objections
    assert [(each.mine, each.answered_for) for each in shown] == [(True, "测试里居委会")]


def test_a_result_that_is_annulled_before_it_takes_effect_never_does(poll: Vote) -> None:
    cast = poll.cast
    change_setting(CLOCK, code=HERE, name=Setting.OBJECTION_DAYS, value=5)
    decision = passed(poll)
    told: dict[str, Any] = {
        "annuller": Annuller.STREET_OFFICE,
        "document": "青街〔2027〕3号",
        "dated": date(2027, 3, 1),
    }
    act = ask_course(cast.street_office, decision.id, kind=CourseKind.ANNUL, reason="公告期不够。", **told)
    sign_course(cast.moderator, act.id)
    poll.clock.move_to(decision.closes_at + timedelta(days=6))
    due_effect(CLOCK, decision.id)
    assert session().scalars(select(Resolution)).all() == []
    assert stage(poll) is Stage.GATHERING


# Afterwards -----------------------------------------------------------------------------------------------------------


def test_what_became_of_it_is_said_and_the_day_to_look_again_is_reminded_of(poll: Vote) -> None:
    cast = poll.cast
    decision = passed(poll)
    told: dict[str, Any] = {"statement": "巡查已经排到四月。", "review_on": date(2027, 6, 1)}
    assert refused(state_outcome, cast.owner, decision.id, **told) == "not_who_steers"
    past: dict[str, Any] = {**told, "review_on": date(2027, 3, 1)}
    assert refused(state_outcome, cast.moderator, decision.id, **past) == "review_does_not_fit"
    state_outcome(cast.moderator, decision.id, **told)
    clock = running(Purpose.DECISION_REVIEW, decision.id)
    assert clock is not None
    due_review(CLOCK, decision.id)
    assert "ReviewDue" not in kinds(poll)
    poll.clock.move_to(clock.due_at)
    due_review(CLOCK, decision.id)
    assert kinds(poll)[-1] == "ReviewDue"
