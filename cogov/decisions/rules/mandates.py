"""The course of a mandate: entered from paper and confirmed by a second person, cast by, taken back or laid down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Role

PAPERS = frozenset({Role.MODERATOR, Role.OWNERS_COMMITTEE, Role.CHAIR, Role.STREET_OFFICE})
"""Who enters mandates from paper, and confirms what another has entered."""

OVER = "民法典第173条"


class MandateEnd(StrEnum):
    """Why a mandate is over: taken back, laid down, whoever has the vote cast it, or a second person did not agree."""

    REVOKED = "revoked"
    LAID_DOWN = "laid_down"
    VOTED = "voted"
    DECLINED = "declined"


END_WORDS: Mapping[MandateEnd, Words] = {
    MandateEnd.REVOKED: say("委托已撤回"),
    MandateEnd.LAID_DOWN: say("代理人已辞去"),
    MandateEnd.VOTED: say("本人已经自己投票"),
    MandateEnd.DECLINED: say("第二个人没有确认"),
}


def why_not_as_proxy(now: datetime, until: datetime | None, ended: MandateEnd | None) -> Refusal | None:
    """Say why a proxy cannot cast: the mandate was taken back, is over, or has lapsed."""
    if ended is not None:
        return Refusal(
            "mandate_over",
            say("您不能再替这一户投票：{why}", why=END_WORDS[ended]),
            article=OVER,
            what_next=say("您以前投的票照样算，要改由本人改"),
        )
    if until is not None and now >= until:
        return Refusal(
            "mandate_expired",
            say("委托到 {time} 为止，已经过期", time=until),
            article=OVER,
            what_next=say("请委托人再委托一次，或者自己投"),
        )
    return None


@dataclass(frozen=True)
class Ending:
    """Who wants a mandate to be over."""

    ended: MandateEnd | None
    is_principal: bool
    is_proxy: bool
    keeps_papers: bool = False
    """That it is on paper and whoever asks keeps such papers: somebody took it back at the office."""


def why_not_end(ending: Ending) -> Refusal | None:
    """Say why somebody cannot end a mandate."""
    if not (ending.is_principal or ending.is_proxy or ending.keeps_papers):
        return Refusal("not_your_mandate", say("这份委托由委托人撤回，或者由代理人辞去"), article=OVER, status=403)
    if ending.ended is not None:
        return Refusal("mandate_ended", say("这份委托已经结束：{why}", why=END_WORDS[ending.ended]))
    return None


def how_ended(ending: Ending) -> MandateEnd:
    """Return what it is called when this person ends a mandate."""
    return MandateEnd.LAID_DOWN if ending.is_proxy and not ending.is_principal else MandateEnd.REVOKED


# Paper ----------------------------------------------------------------------------------------------------------------


def why_not_keep_papers(roles: frozenset[Role]) -> Refusal | None:
    """Say why somebody does not enter mandates from paper."""
    if roles & PAPERS:
        return None
    return Refusal(
        "not_who_keeps_papers",
        say("纸面委托书由主持表决的人录入，另一个人确认"),
        what_next=say("请把委托书交给居委会；您自己的票可以在网上委托"),
        status=403,
    )


def why_not_confirm(*, entered_by_me: bool, settled: bool, ended: bool, late: bool, agrees: bool) -> Refusal | None:
    """Say why somebody cannot confirm, or decline, what was entered from paper."""
    if settled or ended:
        return Refusal("settled", say("这件事已经有人处理了"), what_next=say("刷新页面，看现在的情形"))
    if entered_by_me and agrees:
        return Refusal(
            "second_person",
            say("要由另一个人确认：录入的人和确认的人不能是同一个"),
            what_next=say("请另一位对照委托书的照片确认"),
            status=403,
        )
    if late and agrees:
        return Refusal(
            "mandate_late",
            say("投票已经截止，这份委托书确认得晚了，不算"),
            what_next=say("写清情况，退回给委托人"),
        )
    return None


def head_not_found() -> Refusal:
    """Say that no unit of the electorate has this door."""
    return Refusal(
        "head_not_found",
        say("表决名册里没有这个门牌"),
        what_next=say("请照名册写楼、单元和房号；共有人按份额投的，房号后面写上业主编号，例如 101/Y-2"),
        status=422,
    )
