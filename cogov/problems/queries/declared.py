"""What was declared about a deliberation: its room for change, and when its parts are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.needs import Need
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.journal.kept import kept
from cogov.people.queries import organization_names
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems.models import Leeway, Phase, Problem
from cogov.problems.queries.loading import Held, latest_triage, problem_by_id
from cogov.problems.rules.leeway import COMMITTEE, DECLARES, DELIBERATED, ROOM_WORDS, Room, why_not_declare
from cogov.problems.rules.phases import (
    ALWAYS_OPEN,
    PART_WORDS,
    Part,
    Times,
    is_open,
    why_not_cancel,
    why_not_now,
    why_not_schedule,
)
from cogov.problems.rules.stages import Stage

MOST_SHOWN = 50

# The room for change -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LeewayShown:
    """A declaration as readers see it: how much is open, which part, why, and who said so."""

    version: int
    room: Room
    open_part: str
    reason: str
    organization_name: str
    at: datetime

    @property
    def name(self) -> Words:
        """What the room is called."""
        return ROOM_WORDS[self.room]


def leeways(problem_id: int) -> tuple[LeewayShown, ...]:
    """Return what was declared about a problem, the newest first; the first one holds."""
    return kept(("leeways", problem_id), lambda: _leeways(problem_id), of=problem_id)


def _leeways(problem_id: int) -> tuple[LeewayShown, ...]:
    query = select(Leeway).where(Leeway.problem_id == problem_id).order_by(Leeway.version.desc()).limit(MOST_SHOWN)
    rows = session().scalars(query).all()
    names = organization_names(row.organization_id for row in rows)
    return tuple(
        LeewayShown(row.version, row.room, row.open_part, row.reason, names[row.organization_id].name, row.at)
        for row in rows
    )


def leeway_of(problem_id: int) -> LeewayShown | None:
    """Return what holds now, None where nothing was declared yet."""
    declared = leeways(problem_id)
    return declared[0] if declared else None


def last_leeway(problem_id: int) -> Leeway | None:
    """Return the row that holds now, past anything kept; for who decides by it under the problem's lock."""
    query = select(Leeway).where(Leeway.problem_id == problem_id).order_by(Leeway.version.desc()).limit(1)
    return session().scalars(query).first()


def taking_bodies(problem: Problem) -> frozenset[int]:
    """Return who takes a topic: the organization that answers for it, and the body that triage named."""
    triage = latest_triage(problem.id)
    named = triage.organization_id if triage is not None else None
    return frozenset({problem.accountable_id} | ({named} if named is not None else set()))


def why_not_declare_here(by: Actor, problem: Problem) -> Refusal | None:
    """Say why this actor may not declare the room for change of a problem."""
    code = place_by_id(problem.community_id).code
    return why_not_declare(by, code, taking_bodies(problem), stage=problem.stage, lane=problem.lane)


def undeclared(by: Actor, most: int) -> list[Need]:
    """Return the deliberations of this actor's organizations for which nobody has said what can be changed."""
    bodies = {held.organization_id for held in by.standings if held.role in DECLARES and held.organization_id}
    if not any(held.role in COMMITTEE or held.role in DECLARES for held in by.standings) or not bodies:
        return []
    declared = exists().where(Leeway.problem_id == Problem.id)
    query = (
        select(Problem.number, Problem.title)
        .where(
            Problem.stage == Stage.GATHERING,
            Problem.accountable_id.in_(bodies),
            Problem.lane.in_(DELIBERATED),
            ~Problem.hidden,
            ~declared,
        )
        .order_by(Problem.id)
        .limit(most)
    )
    return [
        Need(
            kind="leeway",
            pill=say("协商空间"),
            icon="route",
            title=title,
            line=say("大家已经在商量，还没有说明哪些可以改、为什么。"),
            action=say("去说明"),
            endpoint="threads.leeway",
            values={"number": number},
        )
        for number, title in session().execute(query)
    ]


# When parts are taken ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PhaseShown:
    """A time that was set for a part, and whether this reader may call it off."""

    id: int
    part: Part
    opens_at: datetime
    closes_at: datetime | None
    reason: str
    organization_name: str
    cancelled: bool
    why_not_cancel: Refusal | None

    @property
    def name(self) -> Words:
        """What the part is called."""
        return PART_WORDS[self.part]


@dataclass(frozen=True)
class PartShown:
    """A part of the deliberation: whether it is taken now, why not, and the times that were set for it."""

    part: Part
    open: bool
    always: bool
    why_not: Refusal | None
    times: tuple[PhaseShown, ...]

    @property
    def name(self) -> Words:
        """What it is called."""
        return PART_WORDS[self.part]


def _phases(problem_id: int) -> Sequence[Phase]:
    query = select(Phase).where(Phase.problem_id == problem_id).order_by(Phase.opens_at, Phase.id).limit(MOST_SHOWN)
    return session().scalars(query).all()


def times_of(problem_id: int) -> dict[Part, tuple[Times, ...]]:
    """Return the times in force of the parts of a deliberation; a part without one is always taken."""
    found_times: dict[Part, tuple[Times, ...]] = {}
    for row in kept(("phases", problem_id), lambda: tuple(_phases(problem_id)), of=problem_id):
        if row.cancelled_at is None:
            found_times[row.part] = (*found_times.get(row.part, ()), Times(row.opens_at, row.closes_at))
    return found_times


def why_not_taken(problem: Problem | Held, part: Part) -> Refusal | None:
    """Say that a part is closed now, when it was open and when it opens again."""
    return why_not_now(part, times_of(problem.id).get(part, ()), now())


def parts_shown(by: Actor, problem: Problem) -> tuple[PartShown, ...]:
    """Return every part with its times, in two queries."""
    rows, times, at = _phases(problem.id), times_of(problem.id), now()
    names = organization_names(row.organization_id for row in rows)
    not_mine = why_not_schedule(by, place_by_id(problem.community_id).code, stage=problem.stage)
    shown: dict[Part, list[PhaseShown]] = {part: [] for part in Part}
    for row in rows:
        cancelled = row.cancelled_at is not None
        shown[row.part].append(
            PhaseShown(
                row.id,
                row.part,
                row.opens_at,
                row.closes_at,
                row.reason,
                names[row.organization_id].name,
                cancelled,
                not_mine or why_not_cancel(cancelled=cancelled, closes_at=row.closes_at, at=at),
            )
        )
    return tuple(
        PartShown(
            part,
            is_open(times.get(part, ()), at),
            part in ALWAYS_OPEN,
            why_not_now(part, times.get(part, ()), at),
            tuple(shown[part]),
        )
        for part in Part
    )


def phase_for(by: Actor, phase_id: int) -> tuple[Phase, Problem]:
    """Return a time that was set, with its problem."""
    phase = found(session().get(Phase, phase_id))
    return phase, problem_by_id(by, phase.problem_id)


def count_phases(problem_id: int) -> int:
    """Return how many times were ever set for the parts of a deliberation."""
    return session().scalar(select(func.count()).select_from(Phase).where(Phase.problem_id == problem_id)) or 0
