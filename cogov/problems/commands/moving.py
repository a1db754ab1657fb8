"""The steps several verbs share: moving to a stage, ending, counting, and finding who answers."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm.attributes import set_committed_value

from cogov.duties.commands import start_clock, stop_clock
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import Id, found, session
from cogov.ground.prepared import Prepared
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import Event, commit_to
from cogov.journal.transaction import record
from cogov.people.models import Organization
from cogov.people.queries import nearest
from cogov.people.rules import Actor, OrganizationKind
from cogov.places.queries import place_by_id, setting
from cogov.places.rules import Setting
from cogov.problems.events import ProblemEnded
from cogov.problems.models import Problem
from cogov.problems.queries import Held, counts_of
from cogov.problems.rules.stages import Ending, Stage

OWN_CLOCKS = (Purpose.TRIAGE, Purpose.MEDIATION, Purpose.CONFIRMATION, Purpose.DELIBERATION)


def move(problem: Problem, stage: Stage) -> None:
    """Put a problem on a stage; whatever ending it had is lifted. A deliberation has a clock from its first moment."""
    before, problem.stage = problem.stage, stage
    problem.ending, problem.ended_at, problem.ending_words, problem.merged_into_id = None, None, "", None
    problem.changed_at = now()
    if stage is Stage.GATHERING and before is not Stage.GATHERING:
        _deliberate(problem)
    elif before is Stage.GATHERING and stage is not Stage.GATHERING:
        stop_clock(Purpose.DELIBERATION, problem.id)


def _deliberate(problem: Problem) -> None:
    # Whoever answered for the step before, the committee hosts what people talk about.
    problem.accountable_id = answering(OrganizationKind.COMMITTEE, place_by_id(problem.community_id).code).id
    run(
        Purpose.DELIBERATION,
        problem,
        Setting.DELIBERATION_DAYS,
        LimitUnit.CALENDAR_DAYS,
        organization_id=problem.accountable_id,
    )


def end(by: Actor, problem: Problem, ending: Ending, words: str = "", *, into: int | None = None) -> None:
    """End a problem with its reason, stop its clocks, and say so."""
    problem.stage, problem.ending, problem.merged_into_id = Stage.ENDED, ending, into
    problem.ended_at = problem.changed_at = now()
    problem.ending_words = words
    for purpose in OWN_CLOCKS:
        stop_clock(purpose, problem.id)
    committed = commit_to(problem.salt, words) if words else None
    note(ProblemEnded(ending, committed), by, problem)


def note(event: Event, by: Actor, problem: Problem | Held) -> None:
    """Record an event of a problem at its place."""
    record(
        event,
        by,
        place_id=problem.community_id,
        problem_id=problem.id,
        subject=("problem", problem.id),
    )


def count(problem: Problem | Held) -> None:
    """Keep both counters, in the transaction that changed what they count."""
    session().flush()
    kept = found(_COUNT.one_or_none({"problem": problem.id}))
    if isinstance(problem, Held):
        problem.seconds, problem.households = kept
        return
    for name, number in zip(("seconds", "households"), kept, strict=True):
        set_committed_value(problem, name, number)


_PROBLEMS = cast("Table", Problem.__table__)


def _count() -> Prepared[tuple[int, int]]:
    problem = bindparam("problem", type_=Id)
    seconds, households = counts_of(problem)
    counting = update(_PROBLEMS).where(_PROBLEMS.c.id == problem).values(seconds=seconds, households=households)
    return Prepared(counting.returning(_PROBLEMS.c.seconds, _PROBLEMS.c.households), lambda *both: both)


_COUNT = _count()
"""With each second."""


def answering(kind: OrganizationKind, code: str) -> Organization:
    """Return the organization that answers for a kind of duty at a place, or say that none is entered."""
    row = nearest(kind, code)
    missing = Refusal(
        "nobody_answers",
        say("这里还没有登记该负责的单位，暂时办不了。"),
        what_next=say("请联系街道或系统管理员先登记单位。"),
    )
    insist(missing if row is None else None)
    assert row is not None
    return row


def run(
    purpose: Purpose, problem: Problem, name: Setting, unit: LimitUnit, *, organization_id: int | None = None
) -> None:
    """Start a problem's own clock with the length its place has set."""
    amount = max(setting(place_by_id(problem.community_id).code, name), 1)
    start_clock(
        purpose,
        problem.id,
        place_id=problem.community_id,
        problem_id=problem.id,
        promise=Limit(amount, unit),
        organization_id=organization_id,
    )
