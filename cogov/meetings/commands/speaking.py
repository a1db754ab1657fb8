"""The speaking queue: asking for a turn, being called, and being asked to keep to the matter."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import insist_once, verb
from cogov.meetings.commands.holding import at_the_desk, in_session, item_now, motion_now, run_by, speaking_for, tell
from cogov.meetings.events import SpeakerCalled, SpeakerPrompted, SpeakingAsked, SpeakingLeft
from cogov.meetings.models import Attendance, Meeting, MeetingTurn
from cogov.meetings.queries.floor import queue_of
from cogov.meetings.rules.calling import why_not_run
from cogov.meetings.rules.kinds import Stand, TurnState
from cogov.meetings.rules.order import (
    ARTICLE,
    speaking_order,
    why_not_call,
    why_not_register,
    why_not_speak_of,
    why_not_take_part,
)
from cogov.people.rules import Actor


@verb
def ask_to_speak(
    by: Actor, meeting_id: int, *, side: Stand, ordinal: int | None = None, once: str | None = None
) -> MeetingTurn:
    """Enter the queue to speak for, against, or to ask."""
    insist_once(by, once)
    meeting = in_session(meeting_id)
    who = speaking_for(by, meeting, ordinal)
    insist(why_not_take_part(presides=who.person_id is not None and who.person_id == meeting.chair_id))
    item, motion = item_now(meeting), motion_now(meeting)
    insist(None if item is not None else Refusal("no_item", say("现在没有正在议的事项。"), ARTICLE))
    insist(why_not_speak_of(side, motion=motion is not None))
    insist(why_not_register(waiting=_has(who, TurnState.WAITING), speaking=_has(who, TurnState.SPEAKING)))
    turn = MeetingTurn(
        meeting_id=meeting.id,
        item_id=found(item).id,
        motion_id=motion.id if motion else None,
        attendance_id=who.id,
        side=side,
        asked_at=now(),
    )
    with unless_taken(found(why_not_register(waiting=True, speaking=False))):
        session().add(turn)
    doer = by.under(None) if ordinal is None else at_the_desk(by, meeting)
    tell(SpeakingAsked(meeting.id, turn.id, side), doer, meeting)
    return turn


def _has(who: Attendance, state: TurnState) -> bool:
    query = select(MeetingTurn.id).where(MeetingTurn.attendance_id == who.id, MeetingTurn.state == state)
    return session().scalar(query.limit(1)) is not None


def _turn(meeting: Meeting, turn_id: int) -> MeetingTurn:
    query = select(MeetingTurn).where(MeetingTurn.id == turn_id, MeetingTurn.meeting_id == meeting.id)
    return found(session().scalars(query).one_or_none())


@verb
def leave_queue(by: Actor, meeting_id: int, turn_id: int, *, once: str | None = None) -> MeetingTurn:
    """Leave the queue; the desk takes somebody out who went away."""
    insist_once(by, once)
    meeting = in_session(meeting_id)
    turn = _turn(meeting, turn_id)
    who = found(session().get(Attendance, turn.attendance_id))
    if who.person_id is None or who.person_id != by.person_id:
        insist(why_not_run(by, meeting.organization_id, meeting.chair_id))
    insist(None if turn.state is TurnState.WAITING else Refusal("not_in_queue", say("这位已经不在排队了。")))
    turn.state, turn.ended_at = TurnState.WITHDRAWN, now()
    tell(SpeakingLeft(meeting.id, turn.id), by.under(None), meeting)
    return turn


@verb
def call_next(
    by: Actor, meeting_id: int, *, after: int = 0, stop: bool = False, once: str | None = None
) -> MeetingTurn | None:
    """End whoever speaks and call the next one, or nobody; ``after`` is the turn that the caller sees speaking."""
    insist_once(by, once)
    meeting, by = run_by(by, meeting_id)
    of = select(MeetingTurn).where(MeetingTurn.meeting_id == meeting.id)
    speaking = session().scalars(of.where(MeetingTurn.state == TurnState.SPEAKING)).one_or_none()
    insist(why_not_call(expected=after, speaking=speaking.id if speaking else 0))
    at, last, waiting = now(), *queue_of(meeting.id)
    order = [] if stop else speaking_order(waiting, last)
    insist(None if speaking or order else Refusal("queue_empty", say("现在没有人排队发言。"), ARTICLE))
    if speaking is not None:
        speaking.state, speaking.ended_at = TurnState.DONE, at
        session().flush()
        order = [] if stop else speaking_order(queue_of(meeting.id)[1], last)
    called = _turn(meeting, order[0].turn) if order else None
    if called is not None:
        called.state, called.called_at = TurnState.SPEAKING, at
    event = SpeakerCalled(meeting.id, called.id if called else None, speaking.id if speaking else None)
    tell(event, by, meeting)
    return called


@verb
def prompt_speaker(by: Actor, meeting_id: int, turn_id: int, *, once: str | None = None) -> MeetingTurn:
    """Rule 6: ask the speaker to speak of the matter and not of the person; everybody sees it on the wall."""
    insist_once(by, once)
    meeting, by = run_by(by, meeting_id)
    turn = _turn(meeting, turn_id)
    insist(None if turn.state is TurnState.SPEAKING else Refusal("not_speaking", say("这位现在不在发言。")))
    turn.prompted_at = now()
    tell(SpeakerPrompted(meeting.id, turn.id), by, meeting)
    return turn
