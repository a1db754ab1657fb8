"""The declared room for change: what of a topic is open before people deliberate, and what is only answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.wording import why_not_wording
from cogov.ground.words import Words, say
from cogov.people.rules import Actor, Role, Standing
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.stages import Stage

OPEN_PART_LONGEST = 500
REASON_LEAST, REASON_LONGEST = 5, 1000
COMMITTEE = (Role.MODERATOR, Role.CHAIR)
DECLARES = frozenset({*COMMITTEE, Role.OFFICIAL, Role.STREET_OFFICE})
DELIBERATED = (Lane.B, Lane.AB)
"""The lanes on which people deliberate; on the others there is nothing to declare."""


class Room(StrEnum):
    """How much of a topic can still be changed."""

    OPEN = "open"
    PARTLY = "partly"
    FIXED = "fixed"


ROOM_WORDS: Mapping[Room, Words] = {
    Room.OPEN: say("可以改"),
    Room.PARTLY: say("部分可以改"),
    Room.FIXED: say("已经定了，不能改"),
}


def declaring_under(by: Actor, code: str, bodies: Collection[int]) -> Standing | None:
    """Return the mandate under which somebody declares: of a body that takes the topic, or of the committee."""
    taking = (held for held in by.standings if held.organization_id in bodies and held.role in DECLARES)
    return next(taking, None) or by.standing(code, *COMMITTEE)


def why_not_declare(
    by: Actor, code: str, bodies: Collection[int], *, stage: Stage, lane: Lane | None
) -> Refusal | None:
    """Who takes the topic declares, while it is talked about; a change keeps what was declared before."""
    if by.person_id is None:
        return Refusal("sign_in_first", say("请先登录。"), status=403)
    if declaring_under(by, code, bodies) is None:
        return Refusal(
            "not_who_declares",
            say("协商空间由负责这件事的单位或者居委会来说明。"),
            what_next=say("您可以在讨论里请他们说明哪些可以改、为什么。"),
            status=403,
        )
    if lane not in DELIBERATED:
        return Refusal(
            "not_deliberated",
            say("这件事没有分流给大家商量，不用说明协商空间。"),
            what_next=say("分流不对的，提出人可以申诉。"),
        )
    if stage is Stage.ENDED:
        return Refusal("ended", say("这件事已经结束，协商空间不再更改。"))
    if stage is Stage.DECIDING:
        return Refusal(
            "vote_running",
            say("表决正在进行，协商空间不能在中途更改。"),
            what_next=say("请等表决结束。"),
        )
    return None


def why_not_declared_so(room: Room, open_part: str, reason: str) -> Refusal | None:
    """Every declaration has its reason; "partly" names what is open, and the others name no part."""
    if room is Room.PARTLY and not open_part:
        return Refusal("open_part_missing", say("部分可以改的，请写明哪一部分可以改。"), status=422)
    if room is not Room.PARTLY and open_part:
        return Refusal("open_part_without", say("只有“部分可以改”才写可以改的部分。"), status=422)
    return why_not_wording(open_part, least=0, longest=OPEN_PART_LONGEST, what=say("可以改的部分")) or why_not_wording(
        reason, least=REASON_LEAST, longest=REASON_LONGEST, what=say("理由（至少 {n} 个字）", n=REASON_LEAST)
    )


def why_not_same(before: tuple[Room, str, str] | None, after: tuple[Room, str, str]) -> Refusal | None:
    """What already stands is not declared again."""
    return Refusal("declared_already", say("已经这样说明过了。")) if before == after else None


def why_not_decide_on(room: Room | None, reason: str, *, statutory: bool) -> Refusal | None:
    """What is fixed gets an answer, not a vote; the owners' own right to decide by law is nobody's to fix."""
    if room is not Room.FIXED or statutory:
        return None
    return Refusal(
        "topic_fixed",
        say("这件事已经声明不能改，因为{reason}。征询和表决改变不了它，所以不开。", reason=reason.rstrip("。.")),
        what_next=say(
            "请看声明里的理由，在讨论里提问，请负责的单位答复；"
            "依法由业主共同决定的事项不受声明限制，可以按业主的表决规则提动议。"
        ),
        article="民法典第278条",
        appeal=say("认为声明不对，请负责的单位或者居委会更改声明；提出人也可以对分流申诉。"),
    )
