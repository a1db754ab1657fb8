"""What waits for a person after a meeting: its minutes to sign, and for who called it to put out and to settle."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from cogov.announcements.models import Announcement, AnnouncementVersion
from cogov.announcements.rules import AUTHORS
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.needs import Need
from cogov.ground.words import say
from cogov.meetings.models import Attendance, Meeting, Minutes, MinutesSignature
from cogov.meetings.rules.kinds import MinutesState
from cogov.meetings.rules.record import SIGNING, why_not_settle
from cogov.people.rules import Actor

NEEDS = 20


def needs(by: Actor, most: int = NEEDS) -> list[Need]:
    """Return the minutes that wait for somebody to sign, and those that wait for who called the meeting."""
    if by.person_id is None:
        return []
    return [*_to_sign(by, most), *_to_write(by, most)]


def _titled() -> ColumnElement[bool]:
    return and_(
        AnnouncementVersion.announcement_id == Announcement.id, AnnouncementVersion.version == Announcement.version
    )


def _to_sign(by: Actor, most: int) -> list[Need]:
    signed = exists().where(
        MinutesSignature.meeting_id == Minutes.meeting_id,
        MinutesSignature.version == Minutes.version,
        MinutesSignature.attendance_id == Attendance.id,
    )
    query = (
        select(Meeting.id, AnnouncementVersion.title, Minutes.version, Minutes.signing_since)
        .join(Minutes, Minutes.meeting_id == Meeting.id)
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .join(Announcement, Announcement.id == Meeting.announcement_id)
        .join(AnnouncementVersion, _titled())
        .where(Attendance.person_id == by.person_id, Minutes.state == MinutesState.SIGNING, ~signed)
        .order_by(Minutes.signing_since, Meeting.id)
        .limit(most)
    )
    return [
        Need(
            kind="signing",
            pill=say("纪要"),
            icon="notebook",
            title=title,
            line=say("您到过会，第 {n} 版纪要等您签认", n=version),
            action=say("去签认"),
            endpoint="meetings.minutes",
            values={"meeting_id": meeting_id, "_anchor": "sign"},
            due_at=since + SIGNING if since else None,
        )
        for meeting_id, title, version, since in session().execute(query)
    ]


def _to_write(by: Actor, most: int) -> list[Need]:
    """Return drafts to put out for signing, and minutes that enough have signed, or that waited long enough."""
    serving = [held.organization_id for held in by.standings if held.role in AUTHORS and held.organization_id]
    if not serving:
        return []
    there = select(func.count()).where(Attendance.meeting_id == Meeting.id, Attendance.person_id.is_not(None))
    signed = select(func.count()).where(
        MinutesSignature.meeting_id == Meeting.id, MinutesSignature.version == Minutes.version
    )
    at = now()
    enough = signed.scalar_subquery() * 2 > there.scalar_subquery()
    query = (
        select(
            Meeting.id,
            AnnouncementVersion.title,
            Minutes.state,
            Minutes.signing_since,
            signed.scalar_subquery(),
            there.scalar_subquery(),
        )
        .join(Minutes, Minutes.meeting_id == Meeting.id)
        .join(Announcement, Announcement.id == Meeting.announcement_id)
        .join(AnnouncementVersion, _titled())
        .where(
            Meeting.organization_id.in_(serving),
            Minutes.final_at.is_(None),  # what the index of open minutes holds
            or_(
                Minutes.state == MinutesState.DRAFT,
                and_(Minutes.state == MinutesState.SIGNING, or_(Minutes.signing_since <= at - SIGNING, enough)),
            ),
        )
        .order_by(Minutes.meeting_id)
        .limit(most)
    )
    return [
        Need(
            kind="minutes_draft",
            pill=say("纪要"),
            icon="notebook",
            title=title,
            line=say("纪要还是草稿，等您整理好请大家签认") if state is MinutesState.DRAFT else say("纪要可以定稿了"),
            action=say("去整理") if state is MinutesState.DRAFT else say("去定稿"),
            endpoint="meetings.minutes",
            values={"meeting_id": meeting_id, "_anchor": "write"},
        )
        for meeting_id, title, state, since, signatures, present in session().execute(query)
        if state is MinutesState.DRAFT
        or why_not_settle(state, signed=signatures, present=present, since=since, now=at) is None
    ]
