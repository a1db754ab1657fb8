"""Declaring what can still be changed, and from when until when the parts of a deliberation are taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from cogov.duties.commands import start_clock, stop_clock
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, verb
from cogov.moderation.rules import mask
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems.commands.moving import note
from cogov.problems.events import LeewayDeclared, PhaseCancelled, PhaseClosed, PhaseOpened, PhaseScheduled
from cogov.problems.models import Leeway, Phase, Problem
from cogov.problems.queries import locked, problem_by_id, problem_for_change
from cogov.problems.queries.declared import count_phases, last_leeway, taking_bodies
from cogov.problems.rules.leeway import Room, declaring_under, why_not_declare, why_not_declared_so, why_not_same
from cogov.problems.rules.phases import (
    Part,
    Times,
    scheduling_under,
    why_not_cancel,
    why_not_schedule,
    why_not_these_times,
)
from cogov.problems.rules.stages import Stage


@verb
def declare_leeway(
    by: Actor, number: str, *, room: Room, reason: str, open_part: str = "", once: str | None = None
) -> Leeway:
    """Declare, for the body that takes a topic, how much of it can be changed and why; what stood before is kept."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    code, bodies = place_by_id(problem.community_id).code, taking_bodies(problem)
    insist(why_not_declare(by, code, bodies, stage=problem.stage, lane=problem.lane))
    reason, open_part = mask(tidy(reason)).text, mask(tidy(open_part)).text
    insist(why_not_declared_so(room, open_part, reason))
    before = last_leeway(problem.id)
    stands = (before.room, before.open_part, before.reason) if before is not None else None
    insist(why_not_same(stands, (room, open_part, reason)))
    standing = found(declaring_under(by, code, bodies))
    leeway = Leeway(
        problem_id=problem.id,
        version=before.version + 1 if before is not None else 1,
        room=room,
        open_part=open_part,
        reason=reason,
        salt=salt(),
        person_id=found(by.person_id),
        standing_id=standing.id,
        organization_id=found(standing.organization_id),
        at=now(),
    )
    session().add(leeway)
    session().flush()
    words = commit_to(leeway.salt, open_part, reason)
    note(LeewayDeclared(leeway.id, leeway.version, room, words), by.under(standing), problem)
    return leeway


# When parts are taken ------------------------------------------------------------------------------------------------


@verb
def schedule_phase(
    by: Actor,
    number: str,
    *,
    part: Part,
    reason: str,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    once: str | None = None,
) -> Phase:
    """Set from when (None: from now on) until when a part of the deliberation is taken, and say why."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    code, at, reason = place_by_id(problem.community_id).code, now(), mask(tidy(reason)).text
    insist(why_not_schedule(by, code, stage=problem.stage))
    times = Times(opens_at or at, closes_at)
    insist(why_not_these_times(part, times, reason, at=at, already=count_phases(problem.id)))
    standing = found(scheduling_under(by, code))
    phase = Phase(
        problem_id=problem.id,
        part=part,
        opens_at=times.opens_at,
        closes_at=times.closes_at,
        reason=reason,
        salt=salt(),
        person_id=found(by.person_id),
        standing_id=standing.id,
        organization_id=found(standing.organization_id),
        at=at,
    )
    session().add(phase)
    session().flush()
    _wake(phase, problem, at)
    words = commit_to(phase.salt, reason)
    said = PhaseScheduled(phase.id, part, phase.opens_at, phase.closes_at, words)
    note(said, by.under(standing), problem)
    return phase


def _wake(phase: Phase, problem: Problem, at: datetime) -> None:
    """Have the clock say when a part opens or closes; whether it is taken is asked of the times themselves."""
    moment = phase.opens_at if phase.opens_at > at else phase.closes_at
    if moment is None:
        return
    start_clock(
        Purpose.PHASE,
        phase.id,
        place_id=problem.community_id,
        problem_id=problem.id,
        promise=moment,
        organization_id=phase.organization_id,
    )


@verb
def cancel_phase(by: Actor, phase_id: int, *, once: str | None = None) -> Phase:
    """Call off a time that was set; the row stays, and says so."""
    insist_once(by, once)
    problem_id = found(session().scalar(select(Phase.problem_id).where(Phase.id == phase_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    phase = _locked(phase_id)
    code = place_by_id(problem.community_id).code
    insist(why_not_schedule(by, code, stage=problem.stage))
    at = now()
    insist(why_not_cancel(cancelled=phase.cancelled_at is not None, closes_at=phase.closes_at, at=at))
    phase.cancelled_at, phase.cancelled_by = at, found(by.person_id)
    stop_clock(Purpose.PHASE, phase.id)
    note(PhaseCancelled(phase.id, phase.part), by.under(scheduling_under(by, code)), problem)
    return phase


@verb
def due_phase(by: Actor, phase_id: int) -> None:
    """Say that a part has opened or closed, once its moment has come."""
    problem_id = found(session().scalar(select(Phase.problem_id).where(Phase.id == phase_id)))
    problem = locked(problem_id)
    phase, clock, at = _locked(phase_id), running(Purpose.PHASE, phase_id), now()
    if clock is None or clock.due_at > at:
        return
    stop_clock(Purpose.PHASE, phase.id)
    if phase.cancelled_at is not None or problem.stage is Stage.ENDED:
        return
    if phase.closes_at is not None and phase.closes_at <= at:
        note(PhaseClosed(phase.id, phase.part), by, problem)
        return
    _wake(phase, problem, at)
    note(PhaseOpened(phase.id, phase.part), by, problem)


def _locked(phase_id: int) -> Phase:
    return found(session().scalars(for_change(select(Phase).where(Phase.id == phase_id))).one_or_none())
