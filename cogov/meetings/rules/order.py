"""The ten rules of order of this neighbourhood, each as a function that says why something is not in order now.

1 动议先行  2 一时一件  3 一人一件次限时  4 正反轮流  5 主持中立  6 对事不对人  7 先修正案后动议  8 过半为可、平局为否
(`hands`)  9 重议需原多数方动议  10 发言登记.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.meetings.rules.hands import prevailing
from cogov.meetings.rules.kinds import Hand, MeetingMotionState, MeetingState, Stand

ARTICLE = "议事规则十条"

RULES: tuple[tuple[Words, Words], ...] = (
    (say("动议先行"), say("先有人提出具体的动议，再讨论赞成还是反对。")),
    (say("一时一件"), say("一次只议一个动议，议完再议下一个。")),
    (say("一人一次"), say("同一个动议，别人还没说过，说过的人先等一等；每次发言限时。")),
    (say("正反轮流"), say("赞成的和反对的轮流发言。")),
    (say("主持中立"), say("主持人不发表意见、不举手；要参加讨论，先把主持交给别人。")),
    (say("对事不对人"), say("只说事情，不评论人，不猜动机。")),
    (say("先修正后动议"), say("有修正案时先议修正案，再议动议。")),
    (say("过半通过"), say("赞成多于反对为通过，票数相同为不通过。")),
    (say("重议有门槛"), say("议定的事要重新议，只能由当时站在多数一边的人提出。")),
    (say("发言登记"), say("先登记，再由主持人按次序点名发言。")),
)


def why_not_in_session(state: MeetingState) -> Refusal | None:
    """Everything of a meeting is done while it is open."""
    if state is MeetingState.OPEN:
        return None
    message = say("会议还没有开始。") if state is MeetingState.CALLED else say("会议已经散了。")
    return Refusal("meeting_not_open", message)


def why_not_speak_of(side: Stand, *, motion: bool) -> Refusal | None:
    """Rule 1: for and against are said of a motion; without one people may ask."""
    if motion or side is Stand.QUESTION:
        return None
    return Refusal(
        "no_motion",
        say("动议先行：现在没有动议，还谈不上赞成或反对。"),
        ARTICLE,
        what_next=say("您可以提出一个动议，或者登记提问。"),
    )


def why_not_move(*, item: bool, motion: bool) -> Refusal | None:
    """Rule 2: a motion is about the item on the floor, and only one lies there at a time."""
    if not item:
        return Refusal("no_item", say("现在没有正在议的事项，还不能提动议。"), ARTICLE)
    if motion:
        return Refusal(
            "motion_on_the_floor",
            say("一时一件：已经有一个动议正在讨论。"),
            ARTICLE,
            what_next=say("您可以对它提修正案，或者等它议完。"),
        )
    return None


def why_not_amend(state: MeetingMotionState, *, amendment: bool) -> Refusal | None:
    """Rules 2 and 7: a motion is amended while it is talked about, by one amendment at a time."""
    if state is not MeetingMotionState.OPEN:
        return Refusal("motion_not_open", say("这个动议现在不能修正。"), ARTICLE)
    if amendment:
        return Refusal(
            "amendment_on_the_floor",
            say("一时一件：已经有一个修正案正在讨论。"),
            ARTICLE,
            what_next=say("等它议完，您可以再提一个。"),
        )
    return None


def why_not_register(*, waiting: bool, speaking: bool) -> Refusal | None:
    """Rule 3: one entry in the queue for each person, and none for who is speaking."""
    if speaking:
        return Refusal("you_are_speaking", say("您正在发言，说完再登记下一次。"), ARTICLE)
    return Refusal("already_in_queue", say("您已经登记了，请等主持人点名。"), ARTICLE) if waiting else None


def why_not_take_part(*, presides: bool) -> Refusal | None:
    """Rule 5: whoever presides neither speaks for or against, nor moves, nor raises a hand."""
    if not presides:
        return None
    return Refusal(
        "chair_is_neutral",
        say("主持中立：您正在主持，不能发表意见、提动议或举手。"),
        ARTICLE,
        what_next=say("要参加讨论，请先把主持交给别人。"),
    )


def why_not_raise_hand(state: MeetingMotionState) -> Refusal | None:
    """Hands are raised while they are counted, and at no other time."""
    if state is MeetingMotionState.HANDS:
        return None
    message = say("现在还没有开始举手。") if state is MeetingMotionState.OPEN else say("举手已经结束。")
    return Refusal("hands_not_open", message, ARTICLE)


def why_not_count_hands(state: MeetingMotionState, *, amendment: bool) -> Refusal | None:
    """Rule 7: an amendment is settled before the motion that it amends."""
    if state is not MeetingMotionState.OPEN:
        return Refusal("motion_not_open", say("这个动议现在不能开始举手。"), ARTICLE)
    if amendment:
        return Refusal(
            "amendment_first",
            say("先修正后动议：还有一个修正案没有议完。"),
            ARTICLE,
            what_next=say("请先对修正案举手。"),
        )
    return None


SETTLED = (MeetingMotionState.PASSED, MeetingMotionState.FAILED)


def same_words(a: str, b: str) -> bool:
    """Say whether two motions say the same but for spaces and punctuation, which make no new motion (rule 9)."""
    return _bare(a) == _bare(b)


def _bare(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKC", text).casefold() if each.isalnum())


def why_not_reconsider(state: MeetingMotionState, hand: Hand | None) -> Refusal | None:
    """Rule 9: what was settled is taken up again only by somebody who then had their way."""
    if state not in (MeetingMotionState.PASSED, MeetingMotionState.FAILED):
        return Refusal("not_settled", say("只有议定过的动议才能重议。"), ARTICLE)
    if hand is prevailing(passed=state is MeetingMotionState.PASSED):
        return None
    return Refusal(
        "not_of_the_majority",
        say("重议只能由当时站在多数一边的人提出，您那时不在多数一边。"),
        ARTICLE,
        what_next=say("您可以请一位当时在多数一边的人提出。"),
        status=403,
    )


def why_not_take_up(*, motion: bool) -> Refusal | None:
    """Rule 2: the floor goes to another item only when no motion lies on it."""
    if not motion:
        return None
    return Refusal(
        "motion_unsettled",
        say("一时一件：这个动议还没有议完。"),
        ARTICLE,
        what_next=say("请先举手，或者由提出的人收回。"),
    )


# The queue -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Somebody in the queue: by number of their turn, what for, and how often they have spoken on this matter."""

    turn: int
    side: Stand
    spoken: int = 0


def speaking_order(queue: Sequence[Asked], last: Stand | None) -> list[Asked]:
    """Rules 3, 4 and 10: return the queue in the order in which people are called.

    Who has not spoken on this matter yet comes first; among them for and against take turns; then who asked earlier.
    A question takes its place by time and changes nothing of whose side is next.
    """
    left, ordered = sorted(queue, key=lambda each: each.turn), []
    while left:
        called = min(left, key=lambda each: (each.spoken, each.side is last, each.turn))
        left.remove(called)
        ordered.append(called)
        last = last if called.side is Stand.QUESTION else called.side
    return ordered


def why_not_call(*, expected: int, speaking: int) -> Refusal | None:
    """Rule 10, and one call at a time: whoever calls names the speaker that they see, so two calls call one person."""
    if expected == speaking:
        return None
    return Refusal("called_already", say("刚刚已经点过下一位了。"), what_next=say("请看现在是谁在发言。"))
