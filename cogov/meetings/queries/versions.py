"""The versions of minutes: who wrote each and when, and what changed from one to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cogov.ground.db import found, session
from cogov.ground.differences import Piece, differences
from cogov.ground.refusals import Refusal, insist
from cogov.journal.models import JournalEntry
from cogov.journal.reading import plain
from cogov.meetings.events import MeetingMinutesPutOut
from cogov.meetings.models import Meeting, Minutes, MinutesVersion
from cogov.meetings.queries.loading import MeetingShown, attending
from cogov.meetings.queries.records import hidden_from
from cogov.meetings.rules.covering import veiled
from cogov.meetings.rules.record import why_not_read_drafts
from cogov.people.queries import ActedFor, public_names
from cogov.people.rules import Actor

PAGE = 30


@dataclass(frozen=True)
class VersionShown:
    """A version of minutes; nobody wrote the first, it was drafted from what happened."""

    version: int
    at: datetime
    by: ActedFor | None
    current: bool
    """Whether it is the one that holds now."""


@dataclass(frozen=True)
class Compared:
    """A version of minutes and what it changed in another one, the one before unless asked."""

    shown: VersionShown
    text: str
    against: int | None
    """None for the first, beside which there is none to compare."""

    pieces: tuple[Piece, ...]


def first_read(by: Actor, it: MeetingShown) -> int:
    """Return from which version on somebody reads minutes: everybody from the first that people were asked to sign."""
    if _why_not_drafts(by, it) is None:
        return 1
    of_it = (JournalEntry.subject_kind == "announcement", JournalEntry.subject_id == it.announcement_id)
    query = select(JournalEntry).where(*of_it, JournalEntry.kind == MeetingMinutesPutOut.__name__)
    put_out = session().scalars(query.order_by(JournalEntry.number).limit(1)).one_or_none()
    if put_out is not None:
        return int(plain(put_out).facts["version"])
    return found(session().scalar(select(Minutes.version).where(Minutes.meeting_id == it.id)))


def _why_not_drafts(by: Actor, it: MeetingShown) -> Refusal | None:
    return why_not_read_drafts(by, it.place_code, it.organization_id, there=attending(by, it.id) is not None)


def versions_of(by: Actor, it: MeetingShown, *, before: int | None = None) -> tuple[list[VersionShown], int | None]:
    """Return a page of the versions that somebody reads, the latest first, and before which the next page begins."""
    meeting_id = it.id
    query = select(MinutesVersion.version, MinutesVersion.at, MinutesVersion.person_id).where(
        MinutesVersion.meeting_id == meeting_id, MinutesVersion.version >= first_read(by, it)
    )
    if before is not None:
        query = query.where(MinutesVersion.version < before)
    rows = session().execute(query.order_by(MinutesVersion.version.desc()).limit(PAGE + 1)).all()
    shown = _shown(meeting_id, ((row.version, row.at, row.person_id) for row in rows[:PAGE]))
    return shown, rows[PAGE - 1].version if len(rows) > PAGE else None


def _shown(meeting_id: int, rows: Iterable[tuple[int, datetime, int | None]]) -> list[VersionShown]:
    known = list(rows)
    query = (
        select(Minutes.version, Meeting.organization_id)
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .where(Minutes.meeting_id == meeting_id)
    )
    current, organization_id = found(session().execute(query).one_or_none())
    names = public_names((person_id, organization_id) for _, _, person_id in known if person_id is not None)
    return [
        VersionShown(version, at, names.get((person_id, organization_id)), version == current)
        for version, at, person_id in known
    ]


def compared(by: Actor, it: MeetingShown, version: int | None = None, against: int | None = None) -> Compared:
    """Return a version of minutes, the one that holds now unless asked, beside another one; the later is the new."""
    meeting_id, first = it.id, first_read(by, it)
    current = select(Minutes.version).where(Minutes.meeting_id == meeting_id)
    newer = version or found(session().scalar(current))
    older = against if against is not None else newer - 1
    if older > newer:
        newer, older = older, newer
    if newer < first or (against is not None and older < first):
        insist(_why_not_drafts(by, it))
    query = select(MinutesVersion).where(
        MinutesVersion.meeting_id == meeting_id,
        MinutesVersion.version.in_((newer, older)),
        MinutesVersion.version >= first,
    )
    hidden = hidden_from(by, meeting_id)
    rows = {row.version: row for row in session().scalars(query)}
    chosen = found(rows.get(newer))
    (shown,) = _shown(meeting_id, [(chosen.version, chosen.at, chosen.person_id)])
    if older == newer or (against is None and older not in rows):
        return Compared(shown, veiled(chosen.text, hidden), None, ())
    was, is_now = (veiled(each.text, hidden) for each in (found(rows.get(older)), chosen))
    return Compared(shown, is_now, older, differences(was, is_now))
