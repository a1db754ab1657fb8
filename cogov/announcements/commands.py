"""Announcing, correcting and withdrawing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from cogov.announcements.events import AnnouncementCorrected, AnnouncementPublished, AnnouncementWithdrawn
from cogov.announcements.models import Announcement, AnnouncementVersion
from cogov.announcements.queries import pinned_at
from cogov.announcements.rules import (
    REASON_LENGTH,
    SPOT_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    AnnouncementKind,
    Text,
    author_at,
    why_not_announce,
    why_not_change,
    why_not_correct,
    why_not_hang,
    why_not_meet,
    why_not_pin,
)
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for


def _check(kind: AnnouncementKind, said: Text, at: datetime) -> None:
    insist(why_not_wording(said.title, longest=TITLE_LENGTH, what=say("标题")))
    insist(why_not_wording(said.text, longest=TEXT_LENGTH, what=say("公告内容")))
    insist(why_not_wording(said.meeting_spot, longest=SPOT_LENGTH, least=0, what=say("开会地点")))
    insist(why_not_meet(kind, said.meeting_at, said.meeting_spot, at))
    insist(why_not_hang(said.until, at))


def _about(by: Actor, place: Place, number: str) -> Problem | None:
    """Return the public problem of this place that an announcement is about."""
    if not number:
        return None
    problem = problem_for(by, number)
    code = place_by_id(problem.community_id).code
    fits = not problem.hidden and (code.startswith(place.code) or place.code.startswith(code))
    insist(None if fits else Refusal("problem_elsewhere", say("公告只能连到本地的、公开的问题。"), status=422))
    return problem


def _version(row: Announcement, said: Text, by: Actor, at: datetime, reason: str = "") -> AnnouncementVersion:
    assert by.person_id is not None
    version = AnnouncementVersion(
        announcement_id=row.id,
        version=row.version,
        title=said.title,
        text=said.text,
        meeting_at=said.meeting_at,
        meeting_spot=said.meeting_spot,
        until=said.until,
        reason=reason,
        person_id=by.person_id,
        salt=salt(),
        at=at,
    )
    session().add(version)
    session().flush()
    return version


@verb
def publish_announcement(
    by: Actor,
    *,
    place_id: int,
    kind: AnnouncementKind,
    text: Text,
    pinned: bool = False,
    number: str = "",
    once: str | None = None,
) -> Announcement:
    """Announce something at a place; ``number`` names the problem that it is about."""
    insist_once(by, once)
    # The place's row is the lock under which the pinned ones are counted.
    place = found(session().scalars(for_change(select(Place).where(Place.id == place_id))).one_or_none())
    insist(why_not_announce(by, place.code))
    standing = found(author_at(by, place.code))
    at, said = now(), text.tidied()
    _check(kind, said, at)
    insist(why_not_pin(pinned_at(place.id)) if pinned else None)
    problem = _about(by, place, number)
    assert by.person_id is not None
    assert standing.organization_id is not None
    row = Announcement(
        place_id=place.id,
        kind=kind,
        pinned=pinned,
        problem_id=problem.id if problem else None,
        organization_id=standing.organization_id,
        standing_id=standing.id,
        person_id=by.person_id,
        published_at=at,
        until=said.until,
        salt=salt(),
    )
    session().add(row)
    session().flush()
    version = _version(row, said, by, at)
    record(
        AnnouncementPublished(row.id, kind, said.until, said.commitment(version.salt)),
        by.under(standing),
        place_id=place.id,
        problem_id=row.problem_id,
        subject=("announcement", row.id),
    )
    return row


def _for_change(by: Actor, announcement_id: int) -> Announcement:
    query = select(Announcement).where(Announcement.id == announcement_id)
    row = found(session().scalars(for_change(query)).one_or_none())
    insist(why_not_change(by, row.organization_id, withdrawn=row.withdrawn_at is not None))
    return row


@verb
def correct_announcement(
    by: Actor, announcement_id: int, *, text: Text, reason: str, once: str | None = None
) -> AnnouncementVersion:
    """Give an announcement a new version and say why; the earlier ones stay readable."""
    insist_once(by, once)
    row = _for_change(by, announcement_id)
    at, said, reason = now(), text.tidied(), tidy(reason)
    _check(row.kind, said, at)
    insist(why_not_wording(reason, longest=REASON_LENGTH, what=say("更正的原因")))
    held = _current_text(row)
    insist(why_not_correct(changed=said != held))
    row.version, row.until = row.version + 1, said.until
    version = _version(row, said, by, at, reason)
    record(
        AnnouncementCorrected(row.id, row.kind, row.version, said.commitment(version.salt)),
        by.under(by.serves(row.organization_id)),
        place_id=row.place_id,
        problem_id=row.problem_id,
        subject=("announcement", row.id),
    )
    return version


def _current_text(row: Announcement) -> Text:
    query = select(AnnouncementVersion).where(
        AnnouncementVersion.announcement_id == row.id, AnnouncementVersion.version == row.version
    )
    held = session().scalars(query).one()
    return Text(held.title, held.text, held.until, held.meeting_at, held.meeting_spot)


@verb
def withdraw_announcement(by: Actor, announcement_id: int, *, reason: str, once: str | None = None) -> Announcement:
    """Withdraw an announcement with a reason; it stays readable under its address, marked as withdrawn."""
    insist_once(by, once)
    row = _for_change(by, announcement_id)
    reason = tidy(reason)
    insist(why_not_wording(reason, longest=REASON_LENGTH, what=say("撤回的原因")))
    row.withdrawn_at, row.withdrawn_by, row.withdrawal = now(), by.person_id, reason
    record(
        AnnouncementWithdrawn(row.id, row.kind, commit_to(row.salt, reason)),
        by.under(by.serves(row.organization_id)),
        place_id=row.place_id,
        problem_id=row.problem_id,
        subject=("announcement", row.id),
    )
    return row


__all__ = ["Text", "correct_announcement", "publish_announcement", "withdraw_announcement"]
