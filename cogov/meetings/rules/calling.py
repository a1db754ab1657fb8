"""Who may call, run, attend and write down a meeting."""

from __future__ import annotations

from datetime import datetime, timedelta

from cogov.announcements.rules import AUTHORS
from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.meetings.rules.kinds import TURN_SECONDS, MeetingState
from cogov.people.rules import Actor, Role, Standing

MOST_ITEMS = 30
LOOKING_ON = (Role.AUDITOR, Role.ADMINISTRATOR)
"""Who keeps or checks the platform takes part in nothing by that."""

EARLIEST_OPENING = timedelta(hours=2)
"""How long before the announced time a meeting may be opened, for who sets up the room."""

REMINDED = timedelta(hours=24)
"""How long before it begins people are told of a meeting once more."""


def desk_of(by: Actor, organization_id: int) -> Standing | None:
    """Return the standing under which somebody keeps the desk of a meeting that their organization called."""
    held = by.serves(organization_id)
    return held if held is not None and held.role in AUTHORS else None


def why_not_run(by: Actor, organization_id: int, presides: int | None) -> Refusal | None:
    """Whoever presides runs a meeting, and those of the organization that called it keep its desk."""
    if desk_of(by, organization_id) is not None or (by.person_id is not None and by.person_id == presides):
        return None
    return Refusal(
        "not_at_the_desk",
        say("会议由召集的单位和主持人掌握，您现在没有这项职责。"),
        what_next=say("您可以登记发言，或者告诉主持人。"),
        status=403,
    )


def why_not_write(by: Actor, organization_id: int) -> Refusal | None:
    """The minutes are written by who serves the organization that called the meeting."""
    if desk_of(by, organization_id) is not None:
        return None
    return Refusal(
        "not_the_secretary",
        say("纪要由召集会议的单位整理。"),
        what_next=say("您到了会，可以签认或写明不同意的理由。"),
        status=403,
    )


def why_not_take_part_here(by: Actor, code: str) -> Refusal | None:
    """Who lives, owns or serves at a place takes part in its meetings."""
    if any(held.reaches(code) and held.role not in LOOKING_ON for held in by.standings):
        return None
    return Refusal(
        "not_of_this_place",
        say("只有住在这里、在这里有房或在这里办事的人能签到。"),
        what_next=say("会议的议程和纪要人人都能看。"),
        status=403,
    )


def why_not_list(state: MeetingState, items: int, *, withdrawn: bool) -> Refusal | None:
    """The agenda grows until the meeting is over, up to a length that one evening bears."""
    if withdrawn:
        return Refusal("meeting_called_off", say("这次会议已经取消。"))
    if state is MeetingState.CLOSED:
        return Refusal("meeting_over", say("会议已经散了，议程不能再改。"))
    if items >= MOST_ITEMS:
        return Refusal("agenda_full", say("一次会议最多 {n} 项议程。", n=MOST_ITEMS))
    return None


def why_not_strike(*, waiting: bool) -> Refusal | None:
    """An item that was taken up stays on the agenda."""
    return None if waiting else Refusal("item_taken_up", say("这一项已经议过或正在议，不能拿掉。"))


def why_not_note(*, taken_up: bool) -> Refusal | None:
    """Something is noted of an item once the meeting has come to it; until then it may still be struck."""
    if taken_up:
        return None
    return Refusal("item_not_taken_up", say("这一项还没有开始议，不能记。"), what_next=say("请先开始议这一项。"))


def why_not_open(
    state: MeetingState, items: int, begins: datetime, now: datetime, *, withdrawn: bool
) -> Refusal | None:
    """A meeting opens once, on its day, with something on the agenda."""
    if withdrawn:
        return Refusal("meeting_called_off", say("这次会议已经取消。"))
    if state is not MeetingState.CALLED:
        return Refusal("meeting_opened", say("会议已经开过了。"))
    if now < begins - EARLIEST_OPENING:
        return Refusal(
            "too_early_to_open",
            say("通知的时间是 {at}，最早提前 2 小时开会。", at=begins),
            what_next=say("要改时间，请更正通知并写明原因。"),
        )
    return None if items else Refusal("agenda_empty", say("议程还是空的。"), what_next=say("请先加上要议的事项。"))


def why_not_turn_length(seconds: int) -> Refusal | None:
    """A turn is as long as one of a few round numbers."""
    return None if seconds in TURN_SECONDS else Refusal("turn_length", say("请从列出的发言时长里选一个。"), status=422)


def why_not_check_in(state: MeetingState, *, code_needed: bool, code_fits: bool) -> Refusal | None:
    """People are let in while the meeting is open; the code on the wall says that they are in the room."""
    if state is not MeetingState.OPEN:
        message = say("会议还没有开始，开始后再签到。") if state is MeetingState.CALLED else say("会议已经散了。")
        return Refusal("meeting_not_open", message)
    if code_needed and not code_fits:
        return Refusal(
            "code_wrong",
            say("签到码不对。"),
            what_next=say("请看会场大屏上的 6 位数字；不在会场，请选“线上参加”。"),
            status=422,
        )
    return None


OWN_TRIES, MOST_TRIES = 10, 300
"""How many wrong codes one person may type, and all together, before a while must pass or the code is renewed."""


def why_not_try_code(*, own: int, everybody: int) -> Refusal | None:
    """Ten wrong codes of one person in a quarter of an hour are enough, and a few hundred of everybody together."""
    if own <= OWN_TRIES and everybody < MOST_TRIES:
        return None
    return Refusal(
        "codes_wrong_too_often",
        say("签到码填错太多次了，请过 15 分钟再试。"),
        what_next=say("您可以现在选“线上参加”，或者请主持台换一个签到码、当面登记。"),
        status=429,
    )


def why_not_leave(state: MeetingState, *, presides: bool, gone: bool) -> Refusal | None:
    """People leave while a meeting is open; whoever presides hands over first."""
    if state is not MeetingState.OPEN:
        return Refusal("meeting_not_open", say("会议没有在开，不用离会。"))
    if presides:
        return Refusal("presides", say("主持人不能直接离会。"), what_next=say("请先在主持台把主持交给别人。"))
    return Refusal("left_already", say("已经离会了。")) if gone else None


QUORUM_MOST = 10_000


def why_not_this_quorum(quorum: int) -> Refusal | None:
    """A meeting is called for nobody in particular, or for a number of people that there can be."""
    if 0 <= quorum <= QUORUM_MOST:
        return None
    return Refusal("quorum_number", say("人数要在 0 到 {n} 之间。", n=QUORUM_MOST), status=422)


def why_not_quorum(present: int, needed: int) -> Refusal | None:
    """Hands are raised when as many residents and owners are there as the meeting was called for."""
    if present >= needed:
        return None
    return Refusal(
        "too_few_present",
        say("现在在会的居民和业主 {n} 人，不到召集时写明的 {m} 人，不能举手表决。", n=present, m=needed),
        what_next=say("可以接着讨论，等人到齐，或者改期再开。"),
    )


def why_not_close(*, motion: bool) -> Refusal | None:
    """A meeting ends with nothing left on the floor."""
    if not motion:
        return None
    return Refusal(
        "motion_unsettled", say("还有动议没有议完，不能散会。"), what_next=say("请先举手，或者由提出的人收回。")
    )


def why_not_preside(*, present: bool, presides: bool) -> Refusal | None:
    """The chair goes to somebody who is there and does not hold it yet."""
    if not present:
        return Refusal("not_present", say("主持只能交给到会的人。"), status=422)
    return Refusal("presides_already", say("现在就是这位在主持。")) if presides else None
