"""Another hour to close, and annulment: asked for with a reason, done when a second person signs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update

from cogov.decisions.commands.opening import begin
from cogov.decisions.events import CloseMoved, CourseAsked, CourseDeclined, DecisionAnnulled
from cogov.decisions.models import Closing, CourseAct, Decision, SecretVote
from cogov.decisions.queries.bulletin import closing_of
from cogov.decisions.queries.course import resolution_of, standing_now, steering_standing
from cogov.decisions.queries.loading import decision_for, roles_of
from cogov.decisions.rules.course import (
    DOCUMENT_LONGEST,
    LASTS,
    MOVES,
    REASON_LONGEST,
    Asked,
    CourseKind,
    why_not_ask,
    why_not_sign,
    why_not_steer,
)
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Annuller
from cogov.decisions.rules.secrets.box import OPENING_TIME
from cogov.decisions.rules.stages import DecisionState, Verdict
from cogov.duties.commands import start_clock, stop_clock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems.queries import locked


@verb
def ask_course(
    by: Actor,
    decision_id: int,
    *,
    kind: CourseKind,
    reason: str,
    closes_at: datetime | None = None,
    annuller: Annuller | None = None,
    document: str = "",
    dated: date | None = None,
    once: str | None = None,
) -> CourseAct:
    """Ask for another hour to close, or for annulment; it stands on the decision's page until a second person signs."""
    insist_once(by, once)
    decision = _for_change(by, decision_id)
    rule = thaw(decision.frozen_rule)
    insist(why_not_steer(roles_of(by, place_by_id(decision.community_id).code), rule))
    asked = Asked(kind, tidy(reason), closes_at, annuller, tidy(document), dated)
    insist(why_not_ask(asked, rule, standing_now(decision, closing_of(decision_id))))
    insist(why_not_wording(asked.reason, longest=REASON_LONGEST, what=say("理由")))
    insist(why_not_wording(asked.document, longest=DOCUMENT_LONGEST, least=0, what=say("文书")))
    by, at = by.under(steering_standing(by, decision)), now()
    _close_stale(decision_id, at)
    moves = kind in MOVES
    act = CourseAct(
        decision_id=decision_id,
        kind=kind,
        reason=asked.reason,
        salt=salt(),
        closes_at=closes_at if moves else None,
        annuller=None if moves else annuller,
        document="" if moves else asked.document,
        dated=None if moves else dated,
        asked_by=found(by.person_id),
        asked_for=by.organization_id,
        asked_at=at,
        # A request to move the close is over with the close; the clock does not wait for it.
        until=min(at + LASTS, decision.closes_at) if moves else at + LASTS,
    )
    waits = Refusal("course_waits", say("已经有一条在等另一个人确认"), what_next=say("请先确认或者退回那一条"))
    with unless_taken(waits):
        session().add(act)
    _record(CourseAsked(decision_id, act.id, kind, commit_to(act.salt, act.reason, act.document)), by, decision)
    return act


@verb
def sign_course(by: Actor, act_id: int, *, once: str | None = None) -> CourseAct:
    """Sign as the second person; what was asked for is judged again and done now."""
    insist_once(by, once)
    act, decision = _waiting(by, act_id)
    asked = Asked(act.kind, act.reason, act.closes_at, act.annuller, act.document, act.dated)
    closing = closing_of(decision.id)
    insist(why_not_ask(asked, thaw(decision.frozen_rule), standing_now(decision, closing)))
    by = _settle(by, act, decision, agreed=True)
    if act.kind is CourseKind.ANNUL:
        _annul(by, act, decision, closing)
    elif act.kind is CourseKind.OVERRIDE:
        begin(by, decision)
    else:
        _move(by, act, decision)
    return act


@verb
def decline_course(by: Actor, act_id: int, *, once: str | None = None) -> CourseAct:
    """Decline what another has asked for, or take back one's own request."""
    insist_once(by, once)
    act, decision = _waiting(by, act_id, also_own=True)
    by = _settle(by, act, decision, agreed=False)
    _record(CourseDeclined(decision.id, act.id, act.kind), by, decision)
    return act


def _for_change(by: Actor, decision_id: int) -> Decision:
    _, problem = decision_for(by, decision_id)
    locked(problem.id)
    query = for_change(select(Decision).where(Decision.id == decision_id))
    return found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())


def _waiting(by: Actor, act_id: int, *, also_own: bool = False) -> tuple[CourseAct, Decision]:
    decision = _for_change(by, found(session().scalar(select(CourseAct.decision_id).where(CourseAct.id == act_id))))
    act = found(session().get(CourseAct, act_id, populate_existing=True))
    insist(why_not_steer(roles_of(by, place_by_id(decision.community_id).code), thaw(decision.frozen_rule)))
    own = also_own and act.asked_by == by.person_id
    insist(
        why_not_sign(
            by.person_id,
            asked_by=0 if own else act.asked_by,
            settled=act.settled_at is not None,
            until=act.until,
            now=now(),
        )
    )
    return act, decision


def _settle(by: Actor, act: CourseAct, decision: Decision, *, agreed: bool) -> Actor:
    by = by.under(steering_standing(by, decision))
    act.settled_by, act.settled_for, act.settled_at, act.agreed = by.person_id, by.organization_id, now(), agreed
    return by


def _close_stale(decision_id: int, at: datetime) -> None:
    """Close what nobody signed in time, so that the same can be asked for anew."""
    session().execute(
        update(CourseAct)
        .where(CourseAct.decision_id == decision_id, CourseAct.settled_at.is_(None), CourseAct.until <= at)
        .values(settled_at=CourseAct.until, agreed=False)
        .execution_options(synchronize_session="fetch")
    )


def _move(by: Actor, act: CourseAct, decision: Decision) -> None:
    decision.closes_at = found(act.closes_at)
    box = session().get(SecretVote, decision.id)
    if box is not None:
        box.open_until = decision.closes_at + OPENING_TIME
    start_clock(
        Purpose.DECISION_CLOSE,
        decision.id,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        promise=decision.closes_at,
        organization_id=decision.notice_for,
        basis=thaw(decision.frozen_rule).article,
    )
    _record(CloseMoved(decision.id, act.id, decision.closes_at), by, decision)


def _annul(by: Actor, act: CourseAct, decision: Decision, closing: Closing | None) -> None:
    at = now()
    for purpose in (
        Purpose.DECISION_OPEN,
        Purpose.DECISION_CLOSE,
        Purpose.DECISION_EFFECT,
        Purpose.DECISION_REVIEW,
    ):
        stop_clock(purpose, decision.id)
    decision.state = DecisionState.CLOSED
    if closing is None:
        closing = Closing(decision_id=decision.id, verdict=Verdict.ANNULLED, tests="[]", outcome=act.reason, at=at)
        session().add(closing)
    closing.annulled_at = at
    resolution = resolution_of(decision.id)
    if resolution is not None:
        stop_clock(Purpose.RESOLUTION_ANSWER, resolution.id)
    words = commit_to(act.salt, act.reason, act.document)
    _record(DecisionAnnulled(decision.id, act.id, act.annuller, words), by, decision)


def _record(event: Event, by: Actor, decision: Decision) -> None:
    record(
        event,
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )
