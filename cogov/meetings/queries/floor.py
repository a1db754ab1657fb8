"""What lies on the floor of a meeting now: who speaks and who is next, the motion, its hands by category."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from cogov.ground.db import session
from cogov.ground.words import Words, say
from cogov.meetings.models import Attendance, MeetingHand, MeetingItem, MeetingMotion, MeetingTurn
from cogov.meetings.queries.loading import ALIVE
from cogov.meetings.queries.outcomes import OutcomeShown, outcomes_of
from cogov.meetings.rules.hands import DECIDING, Counts, counted
from cogov.meetings.rules.kinds import Category, Hand, ItemState, MeetingMotionState, Presence, Stand, TurnState
from cogov.meetings.rules.order import Asked, speaking_order
from cogov.moderation.queries import is_covered
from cogov.moderation.rules import SubjectKind
from cogov.people.queries import ActedFor, acted_for
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by

MOTIONS = 50
"""How many motions, the last ones, a meeting shows on its floor."""

Hands = list[tuple[int, Category, Hand, int]]


def hands_on(motion_ids: Collection[int]) -> Hands:
    """Return how many hands of each category were raised how, for some motions in one query."""
    query = (
        select(MeetingHand.motion_id, Attendance.category, MeetingHand.hand, func.count())
        .join(Attendance, Attendance.id == MeetingHand.attendance_id)
        .where(MeetingHand.motion_id.in_(motion_ids))
        .group_by(MeetingHand.motion_id, Attendance.category, MeetingHand.hand)
    )
    return [(motion, category, hand, number) for motion, category, hand, number in session().execute(query)]


def present(meeting_id: int) -> dict[tuple[Category, Presence], int]:
    """Return how many of each category are there, in the room and online apart."""
    query = (
        select(Attendance.category, Attendance.presence, func.count())
        .where(Attendance.meeting_id == meeting_id)
        .group_by(Attendance.category, Attendance.presence)
    )
    return {(category, way): number for category, way, number in session().execute(query)}


def deciding_there(meeting_id: int) -> int:
    """Return how many residents and owners are there now, in the room and online: those whose hands decide."""
    query = select(func.count()).where(
        Attendance.meeting_id == meeting_id, Attendance.left_at.is_(None), Attendance.category.in_(DECIDING)
    )
    return session().scalar(query) or 0


def deciding_in(motion: MeetingMotion) -> int:
    """Return how many residents and owners were there for a motion: those there now, and who raised a hand and left."""
    raised = select(MeetingHand.attendance_id).where(MeetingHand.motion_id == motion.id)
    query = select(func.count()).where(
        Attendance.meeting_id == motion.meeting_id,
        Attendance.category.in_(DECIDING),
        or_(Attendance.left_at.is_(None), Attendance.id.in_(raised)),
    )
    return session().scalar(query) or 0


def _turns(meeting_id: int) -> Sequence[MeetingTurn]:
    """Return every turn about what is on the floor: its item, and the motion if there is one."""
    query = (
        select(MeetingTurn)
        .join(MeetingItem, MeetingItem.id == MeetingTurn.item_id)
        .where(
            MeetingTurn.meeting_id == meeting_id,
            MeetingItem.state == ItemState.NOW,
            MeetingTurn.state != TurnState.WITHDRAWN,
        )
        .order_by(MeetingTurn.id)
    )
    return session().scalars(query).all()


def queue_of(meeting_id: int) -> tuple[Stand | None, list[Asked]]:
    """Return whose side was heard last on the motion, and who waits, with how often they have spoken on it."""
    motion = session().scalar(
        select(MeetingMotion.id).where(
            MeetingMotion.meeting_id == meeting_id, MeetingMotion.amends_id.is_(None), MeetingMotion.state.in_(ALIVE)
        )
    )
    return _queued(_turns(meeting_id), motion)


def _queued(turns: Sequence[MeetingTurn], motion: int | None) -> tuple[Stand | None, list[Asked]]:
    heard = [turn for turn in turns if turn.called_at is not None and turn.motion_id == motion]
    sides = sorted(
        (turn for turn in heard if turn.side is not Stand.QUESTION),
        key=lambda turn: turn.called_at or turn.asked_at,
    )
    spoken: dict[int, int] = {}
    for turn in heard:
        spoken[turn.attendance_id] = spoken.get(turn.attendance_id, 0) + 1
    waiting = [
        Asked(turn.id, turn.side, spoken.get(turn.attendance_id, 0))
        for turn in turns
        if turn.state is TurnState.WAITING
    ]
    return (sides[-1].side if sides else None), waiting


@dataclass(frozen=True)
class Face:
    """Under what name somebody stands in a meeting: a number, or the public name with the organization."""

    ordinal: int
    category: Category
    presence: Presence
    name: Words
    acting_for: str = ""
    entered: bool = False
    gone: bool = False


@dataclass(frozen=True)
class TurnShown:
    """A turn as everybody sees it."""

    id: int
    side: Stand
    who: Face
    own: bool
    called_at: datetime | None
    prompted: bool


@dataclass(frozen=True)
class MotionShown:
    """A motion with its hands; ``own_hand`` is the reader's."""

    id: int
    item_id: int
    text: str
    before: str
    state: MeetingMotionState
    mover: Face
    own: bool
    amends_id: int | None
    reconsiders_id: int | None
    counts: Counts
    own_hand: Hand | None
    decided_at: datetime | None
    present: int | None
    outcomes: tuple[OutcomeShown, ...]
    covered: bool
    """Whether its words were taken down."""


@dataclass(frozen=True)
class Floor:
    """All that a meeting shows of what happens now, in a number of queries that does not grow."""

    faces: Mapping[int, Face]
    own: int | None
    present: Mapping[tuple[Category, Presence], int]
    motion: MotionShown | None
    amendment: MotionShown | None
    settled: tuple[MotionShown, ...]
    speaking: TurnShown | None
    queue: tuple[TurnShown, ...]
    chair: Face | None

    @property
    def left(self) -> int:
        """Return how many were there and went away."""
        return sum(face.gone for face in self.faces.values())

    @property
    def away(self) -> bool:
        """Say whether the reader was there and went away."""
        return self.own is not None and self.faces[self.own].gone

    @property
    def waiting(self) -> TurnShown | None:
        """Return the reader's own place in the queue."""
        return next((turn for turn in self.queue if turn.own), None)


def _face(row: Attendance, mandates: Mapping[int, ActedFor]) -> Face:
    mandate = mandates.get(row.standing_id) if row.standing_id is not None else None
    name = say("{name}", name=mandate.public_name) if mandate else say("与会者 {n}", n=row.ordinal)
    return Face(
        row.ordinal,
        row.category,
        row.presence,
        name,
        mandate.organization_name if mandate else "",
        row.person_id is None,
        row.left_at is not None,
    )


def people_in(meeting_id: int) -> tuple[list[Attendance], dict[int, Face]]:
    """Return everybody who is there, and their names by the id of their attendance."""
    query = select(Attendance).where(Attendance.meeting_id == meeting_id).order_by(Attendance.ordinal)
    rows = list(session().scalars(query))
    mandates = acted_for(row.standing_id for row in rows)
    return rows, {row.id: _face(row, mandates) for row in rows}


def floor(meeting_id: int, by: Actor, chair_id: int | None) -> Floor:
    """Return what lies on the floor, as a reader sees it; nothing moved about a problem that they may not see."""
    person_id = by.person_id
    rows, faces = people_in(meeting_id)
    own = next((row.id for row in rows if person_id is not None and row.person_id == person_id), None)
    chair = next((faces[row.id] for row in rows if chair_id is not None and row.person_id == chair_id), None)
    motions = _motions(meeting_id, by, faces, own)
    now = [motion for motion in motions if motion.state in ALIVE]
    main = next((motion for motion in now if motion.amends_id is None), None)
    turns = _turns(meeting_id)
    shown = {turn.id: _turn(turn, faces, own) for turn in turns}
    last, waiting = _queued(turns, main.id if main else None)
    found: dict[tuple[Category, Presence], int] = {}
    for row in (each for each in rows if each.left_at is None):
        found[row.category, row.presence] = found.get((row.category, row.presence), 0) + 1
    return Floor(
        faces=faces,
        own=own,
        present=found,
        motion=main,
        amendment=next((motion for motion in now if motion.amends_id is not None), None),
        settled=tuple(motion for motion in motions if motion.state not in ALIVE),
        speaking=next((shown[turn.id] for turn in turns if turn.state is TurnState.SPEAKING), None),
        queue=tuple(shown[asked.turn] for asked in speaking_order(waiting, last)),
        chair=chair,
    )


def _turn(turn: MeetingTurn, faces: Mapping[int, Face], own: int | None) -> TurnShown:
    return TurnShown(
        turn.id,
        turn.side,
        faces[turn.attendance_id],
        turn.attendance_id == own,
        turn.called_at,
        turn.prompted_at is not None,
    )


def _motions(meeting_id: int, by: Actor, faces: Mapping[int, Face], own: int | None) -> list[MotionShown]:
    query = (
        select(MeetingMotion, is_covered(SubjectKind.MOTION, MeetingMotion.id, "text"))
        .join(MeetingItem, MeetingItem.id == MeetingMotion.item_id)
        .outerjoin(Problem, and_(Problem.id == MeetingItem.problem_id, seen_by(by)))
        .where(MeetingMotion.meeting_id == meeting_id, MeetingItem.problem_id.is_(None) | Problem.id.is_not(None))
        .order_by(MeetingMotion.state.in_(ALIVE).desc(), MeetingMotion.id.desc())
        .limit(MOTIONS)
    )
    found_ = session().execute(query).all()
    covered = {row.id: down for row, down in found_}
    rows = sorted((row for row, _ in found_), key=lambda row: row.id)
    ids = [row.id for row in rows]
    by_motion: dict[int, list[tuple[Category, Hand, int]]] = {}
    for motion, category, hand, number in hands_on(ids):
        by_motion.setdefault(motion, []).append((category, hand, number))
    mine = select(MeetingHand.motion_id, MeetingHand.hand).where(MeetingHand.attendance_id == own)
    followed = outcomes_of([row.id for row in rows if row.state is MeetingMotionState.PASSED])
    own_hands = dict(session().execute(mine).all()) if own is not None else {}
    return [
        MotionShown(
            id=row.id,
            item_id=row.item_id,
            text=row.text,
            before=row.before,
            state=row.state,
            mover=faces[row.mover_id],
            own=row.mover_id == own,
            amends_id=row.amends_id,
            reconsiders_id=row.reconsiders_id,
            counts=counted(by_motion.get(row.id, ())),
            own_hand=own_hands.get(row.id),
            decided_at=row.decided_at,
            present=row.present,
            outcomes=tuple(followed.get(row.id, ())),
            covered=covered[row.id],
        )
        for row in rows
    ]


def hands_for_others(motion_id: int) -> dict[int, Hand]:
    """Return how hands were raised for those without a phone, by their number: the desk raised them."""
    query = (
        select(Attendance.ordinal, MeetingHand.hand)
        .join(Attendance, Attendance.id == MeetingHand.attendance_id)
        .where(MeetingHand.motion_id == motion_id, Attendance.person_id.is_(None))
    )
    return dict(session().execute(query).all())
