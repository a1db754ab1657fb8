"""The record of a meeting: notes, the draft of the minutes, the minutes and who signed them, who was there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from cogov.ground.db import session
from cogov.meetings.models import (
    Attendance,
    MeetingItem,
    MeetingMotion,
    MeetingNote,
    MeetingTurn,
    Minutes,
    MinutesSignature,
    MinutesVersion,
)
from cogov.meetings.queries.floor import Face, hands_on, people_in, present
from cogov.meetings.rules.covering import Hidden, veiled
from cogov.meetings.rules.hands import counted
from cogov.meetings.rules.kinds import Category, Hand, MinutesState, NoteKind
from cogov.meetings.rules.record import Moved, Treated, drafted
from cogov.people.models import Person
from cogov.people.rules import ANYONE, Actor
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by


@dataclass(frozen=True)
class NoteShown:
    """A note of the desk."""

    item_id: int
    kind: NoteKind
    text: str


def notes_of(meeting_id: int) -> list[NoteShown]:
    """Return what the desk wrote down, in the order in which it did."""
    query = select(MeetingNote).where(MeetingNote.meeting_id == meeting_id).order_by(MeetingNote.id)
    return [NoteShown(row.item_id, row.kind, row.text) for row in session().scalars(query)]


def draft_of(meeting_id: int) -> str:
    """Return the draft of the minutes, from who was there, what was moved and counted, and what was written down."""
    gone = select(func.count()).where(Attendance.meeting_id == meeting_id, Attendance.left_at.is_not(None))
    return drafted(present(meeting_id), treated(meeting_id), session().scalar(gone) or 0)


def treated(meeting_id: int) -> list[Treated]:
    """Return every item with what became of it."""
    items = session().execute(
        select(MeetingItem, Problem.number, Problem.title)
        .outerjoin(Problem, (Problem.id == MeetingItem.problem_id) & Problem.hidden.is_(False))
        .where(MeetingItem.meeting_id == meeting_id)
        .order_by(MeetingItem.position, MeetingItem.id)
    )
    spoken = select(MeetingTurn.item_id, func.count()).where(
        MeetingTurn.meeting_id == meeting_id, MeetingTurn.called_at.is_not(None)
    )
    turns = dict(session().execute(spoken.group_by(MeetingTurn.item_id)).all())
    moved, notes = _moved(meeting_id), notes_of(meeting_id)
    return [
        Treated(
            title=(item.title or title or "") if _open(item, number) else "",
            number=number or "",
            turns=turns.get(item.id, 0),
            motions=moved.get(item.id, []) if _open(item, number) else [],
            notes=[(note.kind, note.text) for note in notes if note.item_id == item.id and _open(item, number)],
        )
        for item, number, title in items
    ]


def _open(item: MeetingItem, number: str | None) -> bool:
    """Say whether what an item was about may be told: not of a problem that was hidden since."""
    return item.problem_id is None or number is not None


def _moved(meeting_id: int) -> dict[int, list[Moved]]:
    rows = list(
        session().scalars(
            select(MeetingMotion).where(MeetingMotion.meeting_id == meeting_id).order_by(MeetingMotion.id)
        )
    )
    hands: dict[int, list[tuple[Category, Hand, int]]] = {}
    for motion, category, hand, number in hands_on([row.id for row in rows]):
        hands.setdefault(motion, []).append((category, hand, number))
    found: dict[int, list[Moved]] = {}
    for row in rows:
        counts = counted(hands.get(row.id, ()))
        found.setdefault(row.item_id, []).append(
            Moved(row.text, row.state, counts, row.amends_id is not None, row.present, row.id)
        )
    return found


@dataclass(frozen=True)
class SignatureShown:
    """Who signed the minutes, and what they object to."""

    id: int
    who: Face
    agrees: bool
    reason: str
    at: datetime
    own: bool


@dataclass(frozen=True)
class MinutesShown:
    """The minutes in the version that holds now, with the signatures under it."""

    version: int
    state: MinutesState
    text: str
    written_at: datetime
    signing_since: datetime | None
    final_at: datetime | None
    signatures: tuple[SignatureShown, ...]
    present: int
    """How many of those who were there can sign by themselves."""

    @property
    def endorsed(self) -> int:
        """How many endorse it."""
        return sum(each.agrees for each in self.signatures)

    @property
    def objections(self) -> list[SignatureShown]:
        """Who objects, with their reasons."""
        return [each for each in self.signatures if not each.agrees]

    @property
    def own(self) -> SignatureShown | None:
        """The reader's own signature."""
        return next((each for each in self.signatures if each.own), None)


def hidden_from(by: Actor, meeting_id: int) -> list[Hidden]:
    """Return the items of a meeting about problems that a reader may not see now."""
    query = (
        select(MeetingItem.problem_id, Problem.number, Problem.title, seen_by(by))
        .outerjoin(Problem, Problem.id == MeetingItem.problem_id)
        .where(MeetingItem.meeting_id == meeting_id)
        .order_by(MeetingItem.position, MeetingItem.id)
    )
    return [
        Hidden(place, number, title)
        for place, (problem_id, number, title, seen) in enumerate(session().execute(query), 1)
        if problem_id is not None and not seen
    ]


def minutes_of(meeting_id: int, by: Actor = ANYONE) -> MinutesShown | None:
    """Return the minutes of a meeting, if it is over, without what they say of problems that a reader may not see."""
    query = (
        select(Minutes, MinutesVersion)
        .join(MinutesVersion, MinutesVersion.meeting_id == Minutes.meeting_id)
        .where(Minutes.meeting_id == meeting_id, MinutesVersion.version == Minutes.version)
    )
    row = session().execute(query).first()
    if row is None:
        return None
    minutes, said = row
    people, faces = people_in(meeting_id)
    own = next((each.id for each in people if by.person_id is not None and each.person_id == by.person_id), None)
    signed = select(MinutesSignature).where(
        MinutesSignature.meeting_id == meeting_id, MinutesSignature.version == minutes.version
    )
    return MinutesShown(
        version=minutes.version,
        state=minutes.state,
        text=veiled(said.text, hidden_from(by, meeting_id)),
        written_at=said.at,
        signing_since=minutes.signing_since,
        final_at=minutes.final_at,
        signatures=tuple(
            SignatureShown(
                each.id, faces[each.attendance_id], each.agrees, each.reason, each.at, each.attendance_id == own
            )
            for each in session().scalars(signed.order_by(MinutesSignature.id))
        ),
        present=sum(each.person_id is not None for each in people),
    )


@dataclass(frozen=True)
class Present:
    """Somebody on the list of who is there, with the name that only the desk sees."""

    face: Face
    name: str
    at: datetime
    left_at: datetime | None


def attendance_list(meeting_id: int) -> list[Present]:
    """Return the list of who is there; whoever asks for it has been allowed to."""
    people, faces = people_in(meeting_id)
    ids = [each.person_id for each in people if each.person_id is not None]
    names = dict(session().execute(select(Person.id, Person.pseudonym).where(Person.id.in_(ids))).all())
    return [
        Present(faces[each.id], each.label or names.get(each.person_id or 0, ""), each.at, each.left_at)
        for each in people
    ]
