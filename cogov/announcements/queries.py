"""Announcements as pages read them: what hangs now at a place, what hung before, one with its versions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from cogov.announcements.models import Announcement, AnnouncementVersion
from cogov.announcements.rules import AUTHORS, KIND_WORDS, AnnouncementKind
from cogov.ground.clock import now
from cogov.ground.copies import Copies, copies
from cogov.ground.db import found, session
from cogov.ground.words import Words
from cogov.journal.kept import Of, kept
from cogov.journal.reading import Entry
from cogov.people.models import Organization, RoleHeld
from cogov.people.rules import Actor, OrganizationKind
from cogov.places.models import Place
from cogov.places.rules import prefixes
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by

PAGE = 20

ABOUT = (Announcement.person_id, AnnouncementVersion.person_id)
"""Columns that say whose a row is."""

DONE = (Announcement.withdrawn_by,)
"""Columns that say who acted on a row that is about others."""

Rows = Select[Announcement, AnnouncementVersion, str, Organization, str]


@dataclass(frozen=True)
class AnnouncementShown:
    """An announcement in the words that hold now."""

    id: int
    kind: AnnouncementKind
    title: str
    text: str
    place_id: int
    place_name: str
    organization_id: int
    organization_name: str
    organization_kind: OrganizationKind
    public_name: str
    pinned: bool
    version: int
    published_at: datetime
    corrected_at: datetime | None
    until: datetime
    meeting_at: datetime | None
    meeting_spot: str
    problem_id: int | None
    withdrawn_at: datetime | None
    withdrawal: str
    over: bool

    @property
    def kind_words(self) -> Words:
        """What kind it is, in words."""
        return KIND_WORDS[self.kind]


def reaching(code: str) -> list[int]:
    """Return the ids of a place, those above it and those in it: what is announced there concerns who lives here."""
    return list(kept(("reaching", code), lambda: _reaching(code), of=Of.REGISTERS))


def _reaching(code: str) -> Sequence[int]:
    within = or_(Place.code.in_(prefixes(code)), Place.code.startswith(code, autoescape=True))
    return session().scalars(select(Place.id).where(within).order_by(Place.id)).all()


def _hanging(at: datetime) -> ColumnElement[bool]:
    return and_(Announcement.withdrawn_at.is_(None), Announcement.until > at)


def _rows() -> Rows:
    return (
        select(Announcement, AnnouncementVersion, Place.name, Organization, RoleHeld.public_name)
        .join(
            AnnouncementVersion,
            (AnnouncementVersion.announcement_id == Announcement.id)
            & (AnnouncementVersion.version == Announcement.version),
        )
        .join(Place, Announcement.place_id == Place.id)
        .join(Organization, Announcement.organization_id == Organization.id)
        .join(RoleHeld, Announcement.standing_id == RoleHeld.id)
    )


def _shown(query: Rows) -> list[AnnouncementShown]:
    at = now()
    return [
        AnnouncementShown(
            id=row.id,
            kind=row.kind,
            title=words.title,
            text=words.text,
            place_id=row.place_id,
            place_name=place,
            organization_id=row.organization_id,
            organization_name=organization.name,
            organization_kind=organization.kind,
            public_name=public_name,
            pinned=row.pinned,
            version=row.version,
            published_at=row.published_at,
            corrected_at=words.at if row.version > 1 else None,
            until=words.until,
            meeting_at=words.meeting_at,
            meeting_spot=words.meeting_spot,
            problem_id=row.problem_id,
            withdrawn_at=row.withdrawn_at,
            withdrawal=row.withdrawal,
            over=row.withdrawn_at is not None or row.until <= at,
        )
        for row, words, place, organization, public_name in session().execute(query)
    ]


def current(place_ids: Iterable[int], limit: int = 3) -> list[AnnouncementShown]:
    """Return what hangs now at some places, the pinned first, then the latest; one query.

    For a home page: ``current(reaching(community.code))``.
    """
    wanted = tuple(place_ids)
    return list(kept(("hanging", wanted, limit), lambda: _current(wanted, limit)))


def _current(place_ids: Collection[int], limit: int) -> list[AnnouncementShown]:
    query = _rows().where(Announcement.place_id.in_(place_ids), _hanging(now()))
    return _shown(query.order_by(Announcement.pinned.desc(), Announcement.id.desc()).limit(limit))


def listed(
    place_ids: Iterable[int], *, past: bool = False, kind: AnnouncementKind | None = None, before: int | None = None
) -> list[AnnouncementShown]:
    """Return a page of announcements and one more, the latest first: those that hang, or those that are over."""
    hanging = _hanging(now())
    query = _rows().where(Announcement.place_id.in_(list(place_ids)), ~hanging if past else hanging)
    if kind is not None:
        query = query.where(Announcement.kind == kind)
    if before is not None:
        query = query.where(Announcement.id < before)
    return _shown(query.order_by(Announcement.id.desc()).limit(PAGE + 1))


def announcement(announcement_id: int) -> AnnouncementShown:
    """Return an announcement; it can be read for ever, also when it is over or withdrawn."""
    return found(next(iter(_shown(_rows().where(Announcement.id == announcement_id))), None))


_meetings: list[Callable[[int], int | None]] = []


def meetings_from(finder: Callable[[int], int | None]) -> None:
    """Register who knows the meeting that a notice calls; called while the application is put together."""
    _meetings[:] = [finder]


def meeting_called(announcement_id: int) -> int | None:
    """Return the meeting that an announcement is the notice of, if it is one."""
    return _meetings[0](announcement_id) if _meetings else None


def versions(announcement_id: int) -> list[AnnouncementVersion]:
    """Return every version of an announcement, the latest first."""
    query = select(AnnouncementVersion).where(AnnouncementVersion.announcement_id == announcement_id)
    return list(session().scalars(query.order_by(AnnouncementVersion.version.desc())))


def about(by: Actor, problem_id: int | None) -> tuple[str, str] | None:
    """Return number and title of the problem an announcement is about, if this reader may see it."""
    if problem_id is None:
        return None
    row = session().execute(select(Problem.number, Problem.title).where(Problem.id == problem_id, seen_by(by))).first()
    return (row[0], row[1]) if row else None


def of_problem(problem_id: int) -> list[AnnouncementShown]:
    """Return what has been announced about a problem and was not withdrawn, the latest first."""
    query = _rows().where(Announcement.problem_id == problem_id, Announcement.withdrawn_at.is_(None))
    return _shown(query.order_by(Announcement.id.desc()).limit(PAGE))


def pinned_at(place_id: int) -> int:
    """Return how many announcements stay on top at a place now."""
    query = select(func.count()).where(Announcement.place_id == place_id, Announcement.pinned, _hanging(now()))
    return session().scalar(query) or 0


def announcing_places(by: Actor) -> list[Place]:
    """Return the places that somebody may announce at: what they answer for, and the level below."""
    scopes = sorted({held.scope for held in by.standings if held.role in AUTHORS})
    if not scopes:
        return []
    own = select(Place.id).where(Place.code.in_(scopes))
    query = select(Place).where(or_(Place.code.in_(scopes), Place.parent_id.in_(own)))
    return list(session().scalars(query.order_by(Place.code)))


def details(entries: Sequence[Entry]) -> dict[int, dict[str, object]]:
    """Return the title for each entry of this room."""
    wanted = {int(entry.facts["announcement"]) for entry in entries if "announcement" in entry.facts}
    if not wanted:
        return {}
    titles = dict(
        session()
        .execute(
            select(Announcement.id, AnnouncementVersion.title)
            .join(AnnouncementVersion, AnnouncementVersion.announcement_id == Announcement.id)
            .where(Announcement.id.in_(wanted), AnnouncementVersion.version == Announcement.version)
        )
        .all()
    )
    return {
        entry.number: {"title": titles.get(int(entry.facts["announcement"]), ""), "words": ""}
        for entry in entries
        if "announcement" in entry.facts
    }


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here."""
    return copies(person_id, ABOUT, DONE)
