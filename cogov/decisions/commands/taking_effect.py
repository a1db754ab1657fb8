"""From a passed vote to its resolution: at once, or after the days in which the electorate may object."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from cogov.decisions.events import ObjectionAnswered, ObjectionRaised, OutcomeStated, ResolutionPassed, ReviewDue
from cogov.decisions.models import Closing, Decision, Motion, Objection, Resolution
from cogov.decisions.queries.course import closed_decision, steering_standing
from cogov.decisions.queries.loading import is_voter
from cogov.decisions.rules.course import (
    OBJECTION_LONGEST,
    STATEMENT_LONGEST,
    takes_effect,
    why_not_answer_objection,
    why_not_object,
    why_not_state,
)
from cogov.decisions.rules.stages import Verdict
from cogov.decisions.rules.sums import resolution_text
from cogov.duties.commands import start_clock, stop_clock
from cogov.duties.queries import calendar_for
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id, setting
from cogov.places.rules import Setting


def resolve_or_wait(by: Actor, decision: Decision, closing: Closing) -> None:
    """Make the resolution of what passed, or let it wait for as long as the place lets people object."""
    days = setting(place_by_id(decision.community_id).code, Setting.OBJECTION_DAYS)
    if not days:
        _resolve(by, decision, closing)
        return
    closing.objections_until = closing.at + timedelta(days=days)
    start_clock(
        Purpose.DECISION_EFFECT,
        decision.id,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        promise=closing.objections_until,
        organization_id=decision.notice_for,
    )


@verb
def due_effect(by: Actor, decision_id: int) -> None:
    """Let a result take effect when the days to object are over; objections not answered hold it up until they are."""
    decision, closing = closed_decision(decision_id)
    there = session().scalar(select(Resolution.id).where(Resolution.decision_id == decision_id))
    if there is not None or closing.verdict is not Verdict.PASSED:
        return
    unanswered = session().scalar(
        select(func.count()).where(Objection.decision_id == decision_id, Objection.answered_at.is_(None))
    )
    annulled = closing.annulled_at is not None
    if takes_effect(until=closing.objections_until, unanswered=unanswered or 0, annulled=annulled, now=now()):
        stop_clock(Purpose.DECISION_EFFECT, decision_id)
        _resolve(by, decision, closing)


def _resolve(by: Actor, decision: Decision, closing: Closing) -> None:
    motion = found(session().get(Motion, decision.motion_id))
    resolution = Resolution(
        decision_id=decision.id,
        problem_id=decision.problem_id,
        text=resolution_text(decision.question, motion.text, closing.outcome),
        salt=salt(),
        at=now(),
        organization_id=motion.public_body_id,
        public_act=motion.public_act,
    )
    session().add(resolution)
    session().flush()
    if resolution.organization_id is not None:
        days = setting(place_by_id(decision.community_id).code, Setting.RESOLUTION_ANSWER_DAYS)
        start_clock(
            Purpose.RESOLUTION_ANSWER,
            resolution.id,
            place_id=decision.community_id,
            problem_id=decision.problem_id,
            promise=Limit(max(1, days), LimitUnit.WORKING_DAYS),
            organization_id=resolution.organization_id,
            basis=resolution.public_act,
        )
    record(
        ResolutionPassed(
            resolution.id,
            decision.id,
            resolution.organization_id,
            commit_to(resolution.salt, resolution.text, resolution.public_act),
        ),
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("resolution", resolution.id),
    )


# Objections -----------------------------------------------------------------------------------------------------------


@verb
def object_to(by: Actor, decision_id: int, *, text: str, once: str | None = None) -> Objection:
    """Object to a result before it takes effect; who votes here may, once, and is answered."""
    insist_once(by, once)
    decision, closing = closed_decision(decision_id, by)
    insist(
        why_not_object(
            in_electorate=is_voter(by, decision_id),
            until=closing.objections_until,
            annulled=closing.annulled_at is not None,
            now=now(),
        )
    )
    text = tidy(text)
    insist(why_not_wording(text, longest=OBJECTION_LONGEST, what=say("异议")))
    row = Objection(decision_id=decision_id, person_id=found(by.person_id), text=text, salt=salt(), at=now())
    with unless_taken(Refusal("objected_already", say("您已经提过异议，等答复"))):
        session().add(row)
    _record(ObjectionRaised(decision_id, row.id, commit_to(row.salt, text)), by.under(None), decision)
    return row


@verb
def answer_objection(by: Actor, objection_id: int, *, answer: str, once: str | None = None) -> Objection:
    """Answer an objection in public; after the last answer an overdue result takes effect."""
    insist_once(by, once)
    decision_id = found(session().scalar(select(Objection.decision_id).where(Objection.id == objection_id)))
    decision, _ = closed_decision(decision_id, by)
    row = found(session().get(Objection, objection_id, populate_existing=True))
    standing = steering_standing(by, decision)
    insist(why_not_answer_objection(steers=standing is not None, answered=row.answered_at is not None))
    answer = tidy(answer)
    insist(why_not_wording(answer, longest=OBJECTION_LONGEST, what=say("答复")))
    by = by.under(standing)
    row.answer, row.answered_by, row.answered_for, row.answered_at = answer, by.person_id, by.organization_id, now()
    _record(ObjectionAnswered(decision_id, row.id, commit_to(row.salt, row.text, answer)), by, decision)
    due_effect(by, decision_id)
    return row


# Afterwards -----------------------------------------------------------------------------------------------------------


@verb
def state_outcome(
    by: Actor, decision_id: int, *, statement: str, review_on: date | None = None, once: str | None = None
) -> Closing:
    """Say what became of a decision, and on which day it is looked at again; the last word stands."""
    insist_once(by, once)
    decision, closing = closed_decision(decision_id, by)
    standing = steering_standing(by, decision)
    calendar = calendar_for(place_by_id(decision.community_id).code)
    insist(
        why_not_state(
            steers=standing is not None,
            closed=closing.verdict is not Verdict.ANNULLED,
            annulled=closing.annulled_at is not None,
            review_on=review_on,
            today=calendar.local_day(now()),
        )
    )
    statement = tidy(statement)
    insist(why_not_wording(statement, longest=STATEMENT_LONGEST, what=say("后续情况")))
    by = by.under(standing)
    closing.statement, closing.statement_salt, closing.review_on = statement, salt(), review_on
    closing.stated_by, closing.stated_at = by.person_id, now()
    stop_clock(Purpose.DECISION_REVIEW, decision_id)
    if review_on is not None:
        start_clock(
            Purpose.DECISION_REVIEW,
            decision_id,
            place_id=decision.community_id,
            problem_id=decision.problem_id,
            promise=calendar.midnight(review_on),
            organization_id=by.organization_id,
        )
    _record(OutcomeStated(decision_id, review_on, commit_to(closing.statement_salt, statement)), by, decision)
    return closing


@verb
def due_review(by: Actor, decision_id: int) -> None:
    """Remind everybody of the dossier that the day has come to look at a decision again."""
    decision, closing = closed_decision(decision_id)
    today = calendar_for(place_by_id(decision.community_id).code).local_day(now())
    if closing.annulled_at is None and closing.review_on is not None and closing.review_on <= today:
        _record(ReviewDue(decision_id), by, decision)


def _record(event: Event, by: Actor, decision: Decision) -> None:
    record(
        event,
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )
