"""What a message to a robot says: number and public title, the steps as everybody may read them, deadlines, a link.

A group is many people whom nobody here knows: what is hidden is not told, nobody is named, and no word of theirs is
quoted. It is in the language of the installation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import select

from cogov.announcements.models import Announcement, AnnouncementVersion
from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.pages import moment
from cogov.journal.models import JournalEntry
from cogov.journal.reading import Entry, details_of, plain, sentence
from cogov.people.queries import organization_names
from cogov.people.rules import ANYONE
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by
from cogov.robots.models import Robot
from cogov.robots.rules import RobotTopic
from cogov.robots.rules.posts import Post, PostType
from cogov.tell.hearings import RobotHearing, RobotPost

MOST_LINES = 8
"""Steps told one by one; what is more is counted."""


def worded(post_id: int) -> Post | None:
    """Return what a message says now, None where nothing of it may be told."""
    post = session().get(RobotPost, post_id)
    if post is None:
        return None
    with force_locale(str(current_app.config["LANGUAGE"])):
        return _of_announcement(post) if post.announcement_id is not None else _of_problem(post)


def address(endpoint: str, **values: object) -> str:
    """Return the public address of a page, as it is written where there is no request; empty without PUBLIC_URL."""
    public = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    return public + current_app.url_map.bind("here").build(endpoint, values) if public else ""


def _of_problem(post: RobotPost) -> Post | None:
    query = select(Problem.number, Problem.title).where(Problem.id == post.problem_id, seen_by(ANYONE))
    row = session().execute(query).one_or_none()
    if row is None:
        return None
    number, title = row
    entries = _entries(post.id)
    robot = session().get_one(Robot, post.robot_id)
    lines = [*_steps(entries), *_deadlines(post, robot)]
    return Post(
        id=_id(post),
        type=PostType.CASE if robot.hears is RobotTopic.DESK else PostType.DECISION,
        at=_at(post, entries),
        number=number,
        title=title,
        lines=tuple(lines),
        url=address("front.dossier", number=number),
        link=gettext("打开卷宗"),
    )


def _of_announcement(post: RobotPost) -> Post | None:
    query = (
        select(Announcement, AnnouncementVersion)
        .join(AnnouncementVersion, AnnouncementVersion.announcement_id == Announcement.id)
        .where(Announcement.id == post.announcement_id, AnnouncementVersion.version == Announcement.version)
    )
    row = session().execute(query).one_or_none()
    if row is None:
        return None
    announcement, text = row
    entries = _entries(post.id)
    lines = list(_steps(entries))
    if announcement.withdrawn_at is None and text.meeting_at is not None:
        lines.append(gettext("时间：%(at)s，地点：%(spot)s", at=moment(text.meeting_at), spot=text.meeting_spot))
    return Post(
        id=_id(post),
        type=PostType.ANNOUNCEMENT,
        at=_at(post, entries),
        title=text.title,
        lines=tuple(lines),
        url=address("announcements.show", announcement_id=announcement.id),
        link=gettext("看全文"),
    )


def _id(post: RobotPost) -> str:
    return f"post-{post.id}"


def _at(post: RobotPost, entries: Sequence[Entry]) -> datetime:
    return entries[-1].at if entries else post.due_at


def _entries(post_id: int) -> list[Entry]:
    query = (
        select(JournalEntry)
        .join(RobotHearing, RobotHearing.entry_number == JournalEntry.number)
        .where(RobotHearing.post_id == post_id)
        .order_by(JournalEntry.number)
    )
    return [plain(entry) for entry in session().scalars(query)]


def _steps(entries: Sequence[Entry]) -> list[str]:
    """Return the steps as the public timeline says them, after the organization that did them."""
    details, names = details_of(entries), organization_names(entry.organization_id for entry in entries)
    lines = []
    for entry in entries[-MOST_LINES:]:
        who = names[entry.organization_id].name if entry.organization_id in names else ""
        what = sentence(entry, details.get(entry.number, {})).striptags()
        lines.append(gettext("%(at)s %(who)s%(what)s", at=moment(entry.at), who=f"{who} " if who else "", what=what))
    if (more := len(entries) - MOST_LINES) > 0:
        lines.insert(0, gettext("此前还有 %(n)s 步", n=more))
    return lines


def _deadlines(post: RobotPost, robot: Robot) -> list[str]:
    """Return until when the organization has to do what now lies with it, by date and time."""
    if robot.hears is not RobotTopic.DESK:
        return []
    query = (
        select(RunningClock.purpose, RunningClock.due_at)
        .where(
            RunningClock.problem_id == post.problem_id,
            RunningClock.organization_id == robot.organization_id,
            RunningClock.purpose.in_((Purpose.CASE, Purpose.CALL)),
            RunningClock.stopped_at.is_(None),
            RunningClock.paused_at.is_(None),
        )
        .order_by(RunningClock.due_at)
    )
    said = {Purpose.CASE: gettext("本单位办理的期限"), Purpose.CALL: gettext("本单位答复吹哨的期限")}
    return [
        gettext("%(what)s：%(at)s", what=said[purpose], at=moment(due_at))
        if due_at > now()
        else gettext("%(what)s：%(at)s，已经过了", what=said[purpose], at=moment(due_at))
        for purpose, due_at in session().execute(query)
    ]
