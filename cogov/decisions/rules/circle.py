"""Who may take the full bundle of a named vote, in which every choice is open; each taking is written down."""

from __future__ import annotations

from cogov.decisions.rules.law import Body, DecisionRule
from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Role

KEEPERS = frozenset({Role.MODERATOR, Role.OWNERS_COMMITTEE, Role.STREET_OFFICE})
"""Who keeps the ballots of a named vote, whatever the rule."""


def why_not_yet(*, named: bool, closed: bool) -> Refusal | None:
    """Say why there is nothing to recount."""
    if not named:
        return Refusal(
            code="not_named",
            message=say("这次是秘密表决，没有实名票的公告板"),
            what_next=say("重新计票的数据在结果页上"),
            status=404,
        )
    if not closed:
        return Refusal(
            code="not_counted_yet",
            message=say("还没有计票，数据包在计票以后才有"),
            what_next=say("现在可以看公告板，抄下封条短码"),
            status=409,
        )
    return None


def why_no_box_bundle(*, closed: bool, opened: bool) -> Refusal | None:
    """Say why there is nothing to recount of a secret vote: its ballots are known once two holders opened the box."""
    if closed and not opened:
        return Refusal(
            code="box_not_opened",
            message=say("票箱到期没有打开，一张票也没有看到，没有数据包"),
            what_next=say("这次表决要重新举行"),
            status=404,
        )
    if not closed:
        return Refusal(
            code="not_counted_yet",
            message=say("还没有计票，数据包在计票以后才有"),
            what_next=say("截止后两位监票人开箱，开箱就计票"),
            status=409,
        )
    return None


def no_bulletin() -> Refusal:
    """Say that a vote was counted before there was a bulletin."""
    return Refusal(
        code="no_bulletin",
        message=say("这次表决结束的时候还没有公告板，没有数据包"),
        what_next=say("结果页上的数可以自己再算一遍"),
        status=404,
    )


def why_not_take(
    rule: DecisionRule, *, roles: frozenset[Role], in_electorate: bool, named: bool, closed: bool
) -> Refusal | None:
    """Say why somebody may not take the full bundle: owners see how owners decided, and those who keep the ballots."""
    refusal = why_not_yet(named=named, closed=closed)
    if refusal is not None:
        return refusal
    if roles & KEEPERS or (in_electorate and rule.body is Body.OWNERS):
        return None
    return Refusal(
        code="not_of_the_circle",
        message=say("完整数据包里有每一户的选择，只给规则写明的人查阅"),
        article=rule.article,
        what_next=say("公开数据包不含个人选择，谁都可以下载、核对"),
        status=403,
    )
