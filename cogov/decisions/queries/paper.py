"""Paper ballots as those see them who print and enter them: no choice, and no name, until they read a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from cogov.decisions.models import (
    Decision,
    ElectorateUnit,
    ElectorateVoter,
    PaperReading,
    PaperSlip,
)
from cogov.decisions.queries.doors import doors_of
from cogov.decisions.queries.loading import decision_for
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.paper import (
    COUNTERS,
    OPEN_STATES,
    Entering,
    SlipFault,
    SlipState,
    not_a_counter,
    slip_code,
    why_not_enter,
    why_not_look,
)
from cogov.decisions.rules.stages import DecisionState
from cogov.files.models import Picture
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal, Refused, insist
from cogov.people.models import Person
from cogov.people.rules import Actor, Standing
from cogov.places.models import Building
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem

MOST_SHOWN = 200
"""As many papers of a kind as a page lists; all are counted."""


def is_counter(by: Actor, decision: Decision) -> bool:
    """Say whether somebody prints and enters the papers of a vote."""
    return by.holds(place_by_id(decision.community_id).code, *COUNTERS)


def standing_of_counter(by: Actor, decision: Decision) -> Standing:
    """Return the standing under which somebody prints and enters the papers of a vote; refused without one."""
    standing = by.standing(place_by_id(decision.community_id).code, *COUNTERS)
    if standing is None:
        raise Refused(not_a_counter())
    return standing


def slip_by_code(written: str) -> PaperSlip:
    """Return a paper ballot by the code on it."""
    code = slip_code(written)
    return found(session().scalars(select(PaperSlip).where(PaperSlip.code == code)).one_or_none() if code else None)


def readings_of(slip_id: int) -> list[PaperReading]:
    """Return the readings of a paper in their order."""
    query = select(PaperReading).where(PaperReading.slip_id == slip_id).order_by(PaperReading.position)
    return list(session().scalars(query, execution_options={"populate_existing": True}))


# The list of papers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PaperRow:
    """A paper on the list: its code, whose door it is for, how far it is, and whether this reader has read it."""

    code: str
    doors: tuple[str, ...]
    state: SlipState
    fault: SlipFault | None
    channel: Channel
    readings: int
    read_by_me: bool
    at: datetime


@dataclass(frozen=True)
class PaperBoard:
    """The papers of a vote: how many of each state, those that wait, and those that do not count."""

    decision: Decision
    problem: Problem
    counts: dict[SlipState, int]
    waiting: tuple[PaperRow, ...]
    rejected: tuple[PaperRow, ...]
    buildings: tuple[Building, ...]


def paper_board(by: Actor, decision_id: int) -> PaperBoard:
    """Return the papers of a vote, for those whose duty they are."""
    decision, problem = decision_for(by, decision_id)
    insist(None if is_counter(by, decision) else not_a_counter())
    of_state = select(PaperSlip.state, func.count()).where(PaperSlip.decision_id == decision_id)
    counts = dict.fromkeys(SlipState, 0) | dict(session().execute(of_state.group_by(PaperSlip.state)).all())
    return PaperBoard(
        decision=decision,
        problem=problem,
        counts=counts,
        waiting=_rows(by, decision_id, *OPEN_STATES),
        rejected=_rows(by, decision_id, SlipState.REJECTED),
        buildings=buildings_voting(decision_id),
    )


def buildings_voting(decision_id: int) -> tuple[Building, ...]:
    """Return the buildings of which somebody votes."""
    of_vote = select(ElectorateUnit.building_id).where(ElectorateUnit.decision_id == decision_id)
    return tuple(session().scalars(select(Building).where(Building.id.in_(of_vote)).order_by(Building.code)))


def _rows(by: Actor, decision_id: int, *states: SlipState) -> tuple[PaperRow, ...]:
    query = (
        select(PaperSlip)
        .where(PaperSlip.decision_id == decision_id, PaperSlip.state.in_(states))
        .order_by(PaperSlip.id)
        .limit(MOST_SHOWN)
    )
    slips = list(session().scalars(query))
    readers = _readers([slip.id for slip in slips])
    doors = doors_of([slip.head_id for slip in slips])
    return tuple(_row(by, slip, readers.get(slip.id, []), doors.get(slip.head_id, [])) for slip in slips)


def _row(by: Actor, slip: PaperSlip, readers: Sequence[int], doors: Sequence[str]) -> PaperRow:
    return PaperRow(
        slip.code,
        tuple(doors),
        slip.state,
        slip.fault,
        slip.channel,
        len(readers),
        by.person_id in readers,
        slip.settled_at or slip.issued_at,
    )


def _readers(slip_ids: Sequence[int]) -> dict[int, list[int]]:
    query = select(PaperReading.slip_id, PaperReading.person_id).where(PaperReading.slip_id.in_(slip_ids))
    found_readers: dict[int, list[int]] = {}
    for slip_id, person_id in session().execute(query):
        found_readers.setdefault(slip_id, []).append(person_id)
    return found_readers


# Sheets to print ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """A paper ballot to be printed."""

    code: str
    doors: tuple[str, ...]


def sheets_of(by: Actor, decision_id: int, building_id: int | None, code: str) -> list[Sheet]:
    """Return the papers that are printed and not settled: of all, of one building, or the one with a code."""
    decision, _ = decision_for(by, decision_id)
    insist(None if is_counter(by, decision) else not_a_counter())
    first = func.min(ElectorateUnit.unit_id)
    query: Select[*tuple[str, int]] = (
        select(PaperSlip.code, PaperSlip.head_id)
        .join(ElectorateUnit, ElectorateUnit.head_id == PaperSlip.head_id)
        .where(PaperSlip.decision_id == decision_id, PaperSlip.state == SlipState.ISSUED)
        .group_by(PaperSlip.code, PaperSlip.head_id)
        .order_by(first)
    )
    if building_id is not None:
        query = query.where(ElectorateUnit.building_id == building_id)
    if code:
        query = query.where(PaperSlip.code == slip_code(code))
    rows = session().execute(query).all()
    doors = doors_of([head_id for _, head_id in rows])
    return [Sheet(slip, tuple(doors.get(head_id, ()))) for slip, head_id in rows]


def paper_row(by: Actor, code: str) -> PaperRow:
    """Return the line of one paper."""
    slip = slip_by_code(code)
    decision, _ = decision_for(by, slip.decision_id)
    insist(None if is_counter(by, decision) else not_a_counter())
    readers = [each.person_id for each in readings_of(slip.id)]
    return _row(by, slip, readers, doors_of([slip.head_id]).get(slip.head_id, []))


# One paper ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PaperShown:
    """A paper as somebody is about to read it; of earlier readings it says only how many there are."""

    slip: PaperSlip
    decision: Decision
    problem: Problem
    doors: tuple[str, ...]
    readings: int
    voters: tuple[tuple[int, str], ...]
    why_not_enter: Refusal | None
    why_not_look: Refusal | None


def paper_shown(by: Actor, code: str) -> PaperShown:
    """Return a paper for those whose duty it is."""
    slip = slip_by_code(code)
    decision, problem = decision_for(by, slip.decision_id)
    insist(None if is_counter(by, decision) else not_a_counter())
    readings = readings_of(slip.id)
    entering = Entering(
        now=now(),
        opens_at=decision.opens_at,
        closes_at=decision.closes_at,
        closed=decision.state is DecisionState.CLOSED,
        state=slip.state,
        fault=slip.fault,
        readers=tuple(each.person_id for each in readings),
        reader=found(by.person_id),
    )
    return PaperShown(
        slip=slip,
        decision=decision,
        problem=problem,
        doors=tuple(doors_of([slip.head_id]).get(slip.head_id, ())),
        readings=len(readings),
        voters=voters_named(slip.head_id),
        why_not_enter=why_not_enter(entering),
        why_not_look=_why_not_look(slip, decision),
    )


def voters_named(head_id: int) -> tuple[tuple[int, str], ...]:
    """Return the verified voters of a household by the name they chose, for a paper's signature."""
    query = (
        select(Person.id, Person.pseudonym)
        .join(ElectorateVoter, ElectorateVoter.person_id == Person.id)
        .where(ElectorateVoter.head_id == head_id, ElectorateVoter.mandate_id.is_(None))
        .order_by(Person.id)
    )
    return tuple(session().execute(query).all())


def _why_not_look(slip: PaperSlip, decision: Decision) -> Refusal | None:
    return why_not_look(state=slip.state, closed=decision.state is DecisionState.CLOSED, counter=True)


def paper_picture(by: Actor, code: str) -> Picture:
    """Return the picture of a paper to those who read it, while it is read and again after the count."""
    slip = slip_by_code(code)
    decision, _ = decision_for(by, slip.decision_id)
    insist(None if is_counter(by, decision) else not_a_counter())
    insist(_why_not_look(slip, decision))
    return found(session().get(Picture, slip.picture_id) if slip.picture_id is not None else None)
