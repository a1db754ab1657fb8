"""Calling a meeting, its agenda, opening and closing it, and reminding people."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update

from cogov.announcements.commands import Text, publish_announcement
from cogov.announcements.rules import AnnouncementKind
from cogov.ground.clock import now
from cogov.ground.db import found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.meetings.commands.attending import let_in, new_code
from cogov.meetings.commands.flagging import covered_in
from cogov.meetings.commands.holding import (
    at_the_desk,
    item_now,
    locked,
    motion_now,
    notice_of,
    run_by,
    tell,
)
from cogov.meetings.events import (
    MeetingCalled,
    MeetingClosed,
    MeetingItemListed,
    MeetingItemMoved,
    MeetingItemStruck,
    MeetingOpened,
    MeetingReminded,
)
from cogov.meetings.models import Attendance, Meeting, MeetingItem, MeetingTurn, Minutes, MinutesVersion
from cogov.meetings.queries.loading import to_remind
from cogov.meetings.queries.records import draft_of
from cogov.meetings.rules.calling import (
    why_not_close,
    why_not_list,
    why_not_open,
    why_not_run,
    why_not_strike,
    why_not_this_quorum,
    why_not_turn_length,
)
from cogov.meetings.rules.covering import told_anew
from cogov.meetings.rules.kinds import ITEM_LENGTH, ItemState, MeetingState, Presence, TurnState
from cogov.people.rules import CLOCK, Actor
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for

log = structlog.get_logger()

HANGS = timedelta(hours=12)
"""How long after its beginning the notice of a meeting still hangs."""


@verb
def call_meeting(
    by: Actor,
    *,
    place_id: int,
    title: str,
    text: str,
    begins: datetime,
    spot: str,
    turn_seconds: int = 180,
    quorum: int = 0,
    once: str | None = None,
) -> Meeting:
    """Call a meeting: its notice is an announcement, which tells people and can be corrected and withdrawn."""
    insist_once(by, once)
    insist(why_not_turn_length(turn_seconds))
    insist(why_not_this_quorum(quorum))
    said = Text(title, text, begins + HANGS, begins, spot)
    notice = publish_announcement(by, place_id=place_id, kind=AnnouncementKind.MEETING, text=said)
    meeting = Meeting(
        announcement_id=notice.id,
        place_id=notice.place_id,
        organization_id=notice.organization_id,
        code=new_code(),
        turn_seconds=turn_seconds,
        quorum=quorum,
    )
    session().add(meeting)
    session().flush()
    tell(MeetingCalled(meeting.id, notice.id), at_the_desk(by, meeting), meeting)
    return meeting


def _called_by(by: Actor, meeting_id: int) -> tuple[Meeting, Actor]:
    meeting = locked(meeting_id)
    insist(why_not_run(by, meeting.organization_id, meeting.chair_id))
    return meeting, at_the_desk(by, meeting)


def _items(meeting: Meeting) -> int:
    return session().scalar(select(func.count()).where(MeetingItem.meeting_id == meeting.id)) or 0


def _about(by: Actor, meeting: Meeting, number: str) -> Problem | None:
    """Return the public problem of this place that an item is about."""
    if not number:
        return None
    problem = problem_for(by, number)
    code, here = place_by_id(problem.community_id).code, place_by_id(meeting.place_id).code
    fits = not problem.hidden and (code.startswith(here) or here.startswith(code))
    insist(None if fits else Refusal("problem_elsewhere", say("议程只能列本地的、公开的问题。"), status=422))
    return problem


@verb
def list_item(by: Actor, meeting_id: int, *, number: str = "", title: str = "", once: str | None = None) -> MeetingItem:
    """Put a problem, or a matter of its own, at the end of the agenda."""
    insist_once(by, once)
    meeting, by = _called_by(by, meeting_id)
    insist(why_not_list(meeting.state, _items(meeting), withdrawn=notice_of(meeting).withdrawn_at is not None))
    title, problem = tidy(title), _about(by, meeting, number)
    insist(why_not_wording(title, longest=ITEM_LENGTH, least=0 if problem else 1, what=say("事项")))
    last = session().scalar(select(func.max(MeetingItem.position)).where(MeetingItem.meeting_id == meeting.id)) or 0
    item = MeetingItem(
        meeting_id=meeting.id, position=last + 1, problem_id=problem.id if problem else None, title=title
    )
    with unless_taken(Refusal("listed_already", say("这个问题已经在议程里了。"))):
        session().add(item)
    tell(MeetingItemListed(meeting.id, item.id), by, meeting, problem_id=item.problem_id)
    return item


def _item(meeting: Meeting, item_id: int) -> MeetingItem:
    query = select(MeetingItem).where(MeetingItem.id == item_id, MeetingItem.meeting_id == meeting.id)
    return found(session().scalars(query).one_or_none())


@verb
def strike_item(by: Actor, meeting_id: int, item_id: int, *, once: str | None = None) -> None:
    """Take an item off the agenda before the meeting comes to it."""
    insist_once(by, once)
    meeting, by = _called_by(by, meeting_id)
    item = _item(meeting, item_id)
    insist(why_not_strike(waiting=item.state is ItemState.WAITING and meeting.state is not MeetingState.CLOSED))
    tell(MeetingItemStruck(meeting.id, item.id), by, meeting, problem_id=item.problem_id)
    session().delete(item)


@verb
def move_item_up(by: Actor, meeting_id: int, item_id: int, *, once: str | None = None) -> MeetingItem:
    """Let an item and the one before it change places."""
    insist_once(by, once)
    meeting, by = _called_by(by, meeting_id)
    item = _item(meeting, item_id)
    insist(why_not_strike(waiting=item.state is ItemState.WAITING and meeting.state is not MeetingState.CLOSED))
    earlier = (
        select(MeetingItem)
        .where(MeetingItem.meeting_id == meeting.id, MeetingItem.position < item.position)
        .order_by(MeetingItem.position.desc())
        .limit(1)
    )
    before = session().scalars(earlier).one_or_none()
    insist(None if before else Refusal("first_already", say("这一项已经排在最前面。")))
    other = found(before)
    item.position, other.position = other.position, item.position
    tell(MeetingItemMoved(meeting.id, item.id, item.position), by, meeting)
    return item


@verb
def open_meeting(by: Actor, meeting_id: int, *, once: str | None = None) -> Meeting:
    """Open a meeting; who opens it presides, and is there."""
    insist_once(by, once)
    meeting, by = _called_by(by, meeting_id)
    notice, at = notice_of(meeting), now()
    assert notice.meeting_at is not None
    insist(
        why_not_open(meeting.state, _items(meeting), notice.meeting_at, at, withdrawn=notice.withdrawn_at is not None)
    )
    meeting.state, meeting.opened_at, meeting.chair_id = MeetingState.OPEN, at, by.person_id
    tell(MeetingOpened(meeting.id), by, meeting)
    let_in(by, meeting, Presence.ROOM)
    return meeting


@verb
def close_meeting(by: Actor, meeting_id: int, *, once: str | None = None) -> Meeting:
    """Close a meeting; its minutes are drafted from what was entered and counted."""
    insist_once(by, once)
    meeting, by = run_by(by, meeting_id)
    insist(why_not_close(motion=motion_now(meeting) is not None))
    at = now()
    if (item := item_now(meeting)) is not None:
        item.state = ItemState.DONE
    end_turns(meeting, at)
    meeting.state, meeting.closed_at = MeetingState.CLOSED, at
    session().flush()
    drafted = told_anew(draft_of(meeting.id), (), covered_in(meeting.id))  # a note may quote what is down
    session().add_all(
        (
            Minutes(meeting_id=meeting.id),
            MinutesVersion(meeting_id=meeting.id, version=1, text=drafted, salt=salt(), at=at),
        )
    )
    present = session().scalar(select(func.count()).where(Attendance.meeting_id == meeting.id)) or 0
    tell(MeetingClosed(meeting.id, present), by, meeting)
    return meeting


def end_turns(meeting: Meeting, at: datetime) -> None:
    """End whoever speaks and send the queue home: its matter is over."""
    of = MeetingTurn.meeting_id == meeting.id
    ends = ((TurnState.SPEAKING, TurnState.DONE), (TurnState.WAITING, TurnState.WITHDRAWN))
    for state, then in ends:
        session().execute(update(MeetingTurn).where(of, MeetingTurn.state == state).values(state=then, ended_at=at))


def remind_meetings() -> int:
    """Remind those who live there of every meeting that begins within a day, once for each time it is set to.

    One that fails is tried again and holds up no other.
    """
    reminded = 0
    for meeting_id in to_remind(now()):
        try:
            reminded += _reminded(meeting_id)
        except Exception:
            log.exception("meeting_not_reminded", meeting=meeting_id)
    return reminded


@verb
def _reminded(meeting_id: int) -> int:
    meeting = locked(meeting_id)
    notice = notice_of(meeting)
    begins = notice.meeting_at
    if (
        begins is None
        or notice.withdrawn_at
        or meeting.reminded_for == begins
        or meeting.state is not MeetingState.CALLED
    ):
        return 0
    meeting.reminded_for = begins
    # Under the notice, so that it stands with it in people's news.
    record(
        MeetingReminded(meeting.id, notice.id, AnnouncementKind.MEETING, begins),
        CLOCK,
        place_id=meeting.place_id,
        subject=("announcement", notice.id),
    )
    return 1
