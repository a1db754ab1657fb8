"""The opening of a vote: asked at the announced hour, held back by concerns without an answer, opened by the answer."""

from __future__ import annotations

from sqlalchemy import select

from cogov.decisions.events import DecisionOpened, OpeningHeldBack
from cogov.decisions.models import Decision, DecisionTurnout, SecretVote
from cogov.decisions.queries.opening import concerns_in_the_way
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.opening import Hours, held_back
from cogov.decisions.rules.secrets.box import OPENING_TIME
from cogov.decisions.rules.stages import DecisionState
from cogov.duties.commands import start_clock, stop_clock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.journal.event import Event
from cogov.journal.transaction import record, verb
from cogov.people.rules import Actor
from cogov.problems.queries import locked


@verb
def open_decision(by: Actor, decision_id: int) -> Decision:
    """Say that ballots are taken, once the announced hour has come; again or before it does nothing.

    A concern that was raised before that hour and has no answer holds it back, unless somebody has voted already; the
    second time the level above is told.
    """
    decision = _locked(decision_id)
    if decision.state is not DecisionState.NOTICED or now() < decision.opens_at:
        return decision
    waiting = concerns_in_the_way(decision)
    if not waiting or _begun(decision):
        begin(by, decision)
    else:
        _hold_back(by, decision, waiting)
    return decision


def _locked(decision_id: int) -> Decision:
    problem_id = found(session().scalar(select(Decision.problem_id).where(Decision.id == decision_id)))
    locked(problem_id)
    query = for_change(select(Decision).where(Decision.id == decision_id))
    return found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())


def _begun(decision: Decision) -> bool:
    """Say whether a ballot lies there already: whoever voted at the announced hour was quicker than the concern."""
    return found(session().get(DecisionTurnout, decision.id, populate_existing=True)).heads > 0


@verb
def open_waiting(by: Actor, problem_id: int) -> None:
    """Open the vote of a problem that waited for answers, once the last is there."""
    waiting = select(Decision.id).where(
        Decision.problem_id == problem_id,
        Decision.state == DecisionState.NOTICED,
        Decision.announced_for.is_not(None),
    )
    decision_id = session().scalar(waiting)
    if decision_id is None:
        return
    decision = _locked(decision_id)
    if decision.state is DecisionState.NOTICED and not concerns_in_the_way(decision):
        begin(by, decision)


def begin(by: Actor, decision: Decision) -> None:
    """Take ballots from now on; whoever calls it holds the problem and the decision."""
    decision.state = DecisionState.OPEN
    if decision.announced_for is not None:
        _move(decision, Hours(decision.opens_at, decision.closes_at).beginning(now()))
    stop_clock(Purpose.DECISION_OPEN, decision.id)
    _record(DecisionOpened(decision.id), by, decision)


def _hold_back(by: Actor, decision: Decision, waiting: int) -> None:
    again = decision.announced_for is not None
    decision.announced_for = decision.announced_for or decision.opens_at
    _move(decision, held_back(Hours(decision.opens_at, decision.closes_at), now()))
    _start_clock(Purpose.DECISION_OPEN, decision)
    _record(OpeningHeldBack(decision.id, waiting, decision.opens_at, decision.closes_at, again), by, decision)


def _move(decision: Decision, hours: Hours) -> None:
    """Take ballots in other hours, of the same length."""
    decision.opens_at, decision.closes_at = hours.opens_at, hours.closes_at
    box = session().get(SecretVote, decision.id)
    if box is not None:
        box.open_until = decision.closes_at + OPENING_TIME
    _start_clock(Purpose.DECISION_CLOSE, decision)


def _start_clock(purpose: Purpose, decision: Decision) -> None:
    start_clock(
        purpose,
        decision.id,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        promise=decision.opens_at if purpose is Purpose.DECISION_OPEN else decision.closes_at,
        organization_id=decision.notice_for,
        basis=thaw(decision.frozen_rule).article,
    )


def _record(event: Event, by: Actor, decision: Decision) -> None:
    record(
        event,
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )
