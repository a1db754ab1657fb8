"""The versions of minutes: who wrote each and when, and what changed from one to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cogov.ground.db import found, session
from cogov.ground.differences import Piece, differences
from cogov.meetings.models import Meeting, Minutes, MinutesVersion
from cogov.people.queries import ActedFor, public_names

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


def versions_of(meeting_id: int, *, before: int | None = None) -> tuple[list[VersionShown], int | None]:
    """Return a page of the versions of minutes, the latest first, and the number before which the next page begins."""
    query = select(MinutesVersion.version, MinutesVersion.at, MinutesVersion.person_id).where(
        MinutesVersion.meeting_id == meeting_id
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


def compared(meeting_id: int, version: int | None = None, against: int | None = None) -> Compared:
    """Return a version of minutes, the one that holds now unless asked, beside another one; the later is the new."""
    current = select(Minutes.version).where(Minutes.meeting_id == meeting_id)
    newer = version or found(session().scalar(current))
    older = against if against is not None else newer - 1
    if older > newer:
        newer, older = older, newer
    query = select(MinutesVersion).where(
        MinutesVersion.meeting_id == meeting_id, MinutesVersion.version.in_((newer, older))
    )
    rows = {row.version: row for row in session().scalars(query)}
    chosen = found(rows.get(newer))
    (shown,) = _shown(meeting_id, [(chosen.version, chosen.at, chosen.person_id)])
    if older == newer or (against is None and older not in rows):
        return Compared(shown, chosen.text, None, ())
    return Compared(shown, chosen.text, older, differences(found(rows.get(older)).text, chosen.text))
