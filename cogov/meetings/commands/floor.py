"""What lies on the floor: an item, a motion, an amendment, and the hands raised on it."""

from __future__ import annotations

from sqlalchemy import or_, select, update

from cogov.ground.clock import now
from cogov.ground.db import found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, verb
from cogov.meetings.commands.calling import end_turns
from cogov.meetings.commands.holding import (
    acting_for,
    at_the_desk,
    in_session,
    item_now,
    motion_now,
    run_by,
    speaking_for,
    tell,
)
from cogov.meetings.events import (
    HandRaised,
    HandsCounted,
    HandsOpened,
    MeetingItemTakenUp,
    MeetingMotionMoved,
    MeetingMotionWithdrawn,
)
from cogov.meetings.models import Attendance, Meeting, MeetingHand, MeetingItem, MeetingMotion, MeetingTurn
from cogov.meetings.queries.floor import deciding_in, deciding_there, hands_on
from cogov.meetings.queries.loading import ALIVE
from cogov.meetings.rules.calling import why_not_quorum, why_not_run
from cogov.meetings.rules.hands import Count, counted, passes
from cogov.meetings.rules.kinds import MOTION_LENGTH, Category, Hand, ItemState, MeetingMotionState, TurnState
from cogov.meetings.rules.order import (
    ARTICLE,
    SETTLED,
    same_words,
    why_not_amend,
    why_not_count_hands,
    why_not_move,
    why_not_raise_hand,
    why_not_reconsider,
    why_not_take_part,
    why_not_take_up,
)
from cogov.moderation.commands import carry_cover
from cogov.moderation.rules import SubjectKind, mask
from cogov.people.rules import Actor

_MOVED_MEANWHILE = Refusal("motion_on_the_floor", say("一时一件：已经有一个动议正在讨论。"), ARTICLE)


@verb
def take_up(by: Actor, meeting_id: int, item_id: int, *, once: str | None = None) -> MeetingItem:
    """Come to an item of the agenda; the one before is done with, and its queue goes home."""
    insist_once(by, once)
    meeting, by = run_by(by, meeting_id)
    query = select(MeetingItem).where(MeetingItem.id == item_id, MeetingItem.meeting_id == meeting.id)
    item = found(session().scalars(query).one_or_none())
    insist(None if item.state is not ItemState.NOW else Refusal("on_the_floor", say("正在议这一项。")))
    insist(why_not_take_up(motion=motion_now(meeting) is not None))
    if (before := item_now(meeting)) is not None:
        before.state = ItemState.DONE
        session().flush()
    end_turns(meeting, now())
    item.state = ItemState.NOW
    tell(MeetingItemTakenUp(meeting.id, item.id), by, meeting)
    return item


@verb
def move_motion(
    by: Actor,
    meeting_id: int,
    *,
    text: str,
    amends: int | None = None,
    reconsiders: int | None = None,
    ordinal: int | None = None,
    once: str | None = None,
) -> MeetingMotion:
    """Move that the meeting agrees on something, on new wording for the motion, or to take a settled one up again."""
    insist_once(by, once)
    meeting = in_session(meeting_id)
    mover = speaking_for(by, meeting, ordinal)
    insist(why_not_take_part(presides=mover.person_id is not None and mover.person_id == meeting.chair_id))
    text = mask(tidy(text)).text
    insist(why_not_wording(text, longest=MOTION_LENGTH, what=say("动议")))
    item = item_now(meeting)
    if amends is not None:
        before = _amended(meeting, amends)
    else:
        before = ""
        insist(why_not_move(item=item is not None, motion=motion_now(meeting) is not None))
        _check_settled(found(item), text, reconsiders, mover)
    motion = MeetingMotion(
        meeting_id=meeting.id,
        item_id=found(item).id,
        mover_id=mover.id,
        amends_id=amends,
        reconsiders_id=reconsiders if amends is None else None,
        text=text,
        before=before,
        salt=salt(),
        at=now(),
    )
    with unless_taken(_MOVED_MEANWHILE):
        session().add(motion)
    if amends is not None:
        carry_cover(SubjectKind.MOTION, (amends, "text"), (motion.id, "before"))
    words = commit_to(motion.salt, text)
    event = MeetingMotionMoved(meeting.id, motion.item_id, motion.id, amends, motion.reconsiders_id, words)
    tell(event, _doer(by, meeting, ordinal), meeting)
    return motion


def _doer(by: Actor, meeting: Meeting, ordinal: int | None) -> Actor:
    return by.under(None) if ordinal is None else at_the_desk(by, meeting)


def _amended(meeting: Meeting, motion_id: int) -> str:
    """Return the wording that an amendment would replace."""
    motion = motion_now(meeting)
    insist(None if motion is not None and motion.id == motion_id else _NOT_ON_THE_FLOOR)
    insist(why_not_amend(found(motion).state, amendment=motion_now(meeting, amendment=True) is not None))
    return found(motion).text


_NOT_ON_THE_FLOOR = Refusal("motion_not_open", say("这个动议现在不能修正。"), ARTICLE)


def _check_settled(item: MeetingItem, text: str, reconsiders: int | None, mover: Attendance) -> None:
    """Rule 9: what was settled comes back only as what it is, by somebody who then had their way."""
    about = [MeetingItem.id == item.id]
    if item.problem_id is not None:
        about.append(MeetingItem.problem_id == item.problem_id)
    if reconsiders is None:
        again = (
            select(MeetingMotion.text)
            .join(MeetingItem, MeetingItem.id == MeetingMotion.item_id)
            .where(or_(*about), MeetingMotion.amends_id.is_(None), MeetingMotion.state.in_(SETTLED))
        )
        settled = any(same_words(text, each) for each in session().scalars(again))
        what_next = say("请在议过的动议下面选“重议”。")
        insist(
            Refusal("settled_already", say("这个动议已经议定过。"), ARTICLE, what_next=what_next) if settled else None
        )
        return
    query = (
        select(MeetingMotion)
        .join(MeetingItem, MeetingItem.id == MeetingMotion.item_id)
        .where(MeetingMotion.id == reconsiders, MeetingMotion.amends_id.is_(None), or_(*about))
    )
    former = found(session().scalars(query).one_or_none())
    insist(why_not_reconsider(former.state, _hand_then(former, mover)))


def _hand_then(former: MeetingMotion, mover: Attendance) -> Hand | None:
    """Return the hand that somebody raised on a motion, in this meeting or an earlier one."""
    same = [Attendance.id == mover.id]
    if mover.person_id is not None:
        same.append(Attendance.person_id == mover.person_id)
    query = (
        select(MeetingHand.hand)
        .join(Attendance, Attendance.id == MeetingHand.attendance_id)
        .where(MeetingHand.motion_id == former.id, or_(*same))
    )
    return session().scalar(query)


def _motion(meeting: Meeting, motion_id: int) -> MeetingMotion:
    query = select(MeetingMotion).where(MeetingMotion.id == motion_id, MeetingMotion.meeting_id == meeting.id)
    return found(session().scalars(query).one_or_none())


@verb
def withdraw_motion(by: Actor, meeting_id: int, motion_id: int, *, once: str | None = None) -> MeetingMotion:
    """Take a motion back before hands are raised; its mover does, or the desk for somebody without a phone."""
    insist_once(by, once)
    meeting = in_session(meeting_id)
    motion = _motion(meeting, motion_id)
    mover = found(session().get(Attendance, motion.mover_id))
    if mover.person_id is None:
        insist(why_not_run(by, meeting.organization_id, meeting.chair_id))
    elif mover.person_id != by.person_id:
        insist(Refusal("not_the_mover", say("动议由提出的人收回。"), ARTICLE, status=403))
    insist(why_not_count_hands(motion.state, amendment=_amendment_on(meeting, motion)))
    motion.state, motion.decided_at = MeetingMotionState.WITHDRAWN, now()
    _send_home(motion)
    tell(MeetingMotionWithdrawn(meeting.id, motion.id), by.under(None), meeting)
    return motion


def _amendment_on(meeting: Meeting, motion: MeetingMotion) -> bool:
    return motion.amends_id is None and motion_now(meeting, amendment=True) is not None


def _send_home(motion: MeetingMotion) -> None:
    """Whoever waited to speak on a motion has nothing left to speak on."""
    if motion.amends_id is None:
        waiting = (MeetingTurn.motion_id == motion.id, MeetingTurn.state == TurnState.WAITING)
        session().execute(
            update(MeetingTurn).where(*waiting).values(state=TurnState.WITHDRAWN, ended_at=motion.decided_at)
        )


@verb
def open_hands(by: Actor, meeting_id: int, motion_id: int, *, once: str | None = None) -> MeetingMotion:
    """Ask for hands on a motion; an amendment to it comes first."""
    insist_once(by, once)
    meeting, by = run_by(by, meeting_id)
    motion = _motion(meeting, motion_id)
    insist(why_not_count_hands(motion.state, amendment=_amendment_on(meeting, motion)))
    insist(why_not_quorum(deciding_there(meeting.id), meeting.quorum))
    motion.state = MeetingMotionState.HANDS
    tell(HandsOpened(meeting.id, motion.id), by, meeting)
    return motion


@verb
def raise_hand(
    by: Actor, meeting_id: int, motion_id: int, *, hand: Hand, ordinal: int | None = None, once: str | None = None
) -> MeetingHand:
    """Raise a hand, or raise it otherwise while hands are counted."""
    insist_once(by, once)
    meeting = in_session(meeting_id)
    motion = _motion(meeting, motion_id)
    insist(why_not_raise_hand(motion.state))
    who = acting_for(by, meeting, ordinal)
    insist(why_not_take_part(presides=who.person_id is not None and who.person_id == meeting.chair_id))
    query = select(MeetingHand).where(MeetingHand.motion_id == motion.id, MeetingHand.attendance_id == who.id)
    row = session().scalars(query).one_or_none()
    if row is None:
        row = MeetingHand(motion_id=motion.id, attendance_id=who.id, hand=hand, at=now())
        session().add(row)
    row.hand, row.at = hand, now()
    session().flush()
    tell(HandRaised(meeting.id, motion.id), _doer(by, meeting, ordinal), meeting)
    return row


@verb
def count_hands(by: Actor, meeting_id: int, motion_id: int, *, once: str | None = None) -> MeetingMotion:
    """Count the hands of each category and say whether the motion passed; an amendment that did is the new wording."""
    insist_once(by, once)
    meeting, by = run_by(by, meeting_id)
    motion = _motion(meeting, motion_id)
    insist(why_not_raise_hand(motion.state))
    counts = counted((category, hand, number) for _, category, hand, number in hands_on([motion.id]))
    passed = passes(counts)
    motion.state, motion.decided_at = (MeetingMotionState.PASSED if passed else MeetingMotionState.FAILED), now()
    motion.present = deciding_in(motion)
    if passed and motion.amends_id is not None:
        _motion(meeting, motion.amends_id).text = motion.text
        carry_cover(SubjectKind.MOTION, (motion.id, "text"), (motion.amends_id, "text"))
    _send_home(motion)
    item = found(session().get(MeetingItem, motion.item_id))
    of = [_plain(counts.get(each, Count())) for each in Category]
    about = item.problem_id if motion.amends_id is None else None
    tell(HandsCounted(meeting.id, item.id, motion.id, passed, *of), by, meeting, problem_id=about)
    return motion


def _plain(count: Count) -> tuple[int, int, int]:
    return count.in_favour, count.against, count.abstained


__all__ = ["ALIVE", "count_hands", "move_motion", "open_hands", "raise_hand", "take_up", "withdraw_motion"]
