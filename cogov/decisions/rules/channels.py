"""The ways by which a ballot comes in, who may take it there, and what everybody is told of it beforehand.

One head has one ballot, whichever way it comes: the same constraint and the same lock guard it. The ballot that came in
first stands. Whoever cast it may replace it until the close, on the web or with help; a paper never replaces anything,
since nobody can say when in the vote it was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum

from cogov.decisions.rules.law import Body, DecisionRule, Secrecy
from cogov.decisions.rules.shortage import SMALLEST
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say


class Channel(StrEnum):
    """How the ballot that counts came in; one head has one ballot, whichever way it came."""

    WEB = "web"
    PAPER = "paper"
    DOOR = "door"
    PROXY = "proxy"
    HELPED = "helped"


CHANNEL_WORDS: Mapping[Channel, Words] = {
    Channel.WEB: say("网上"),
    Channel.PAPER: say("交来的纸票"),
    Channel.DOOR: say("上门收的纸票"),
    Channel.PROXY: say("代理人"),
    Channel.HELPED: say("帮忙投票"),
}
ON_PAPER = frozenset({Channel.PAPER, Channel.DOOR})


def offered(rule: DecisionRule) -> tuple[Channel, ...]:
    """Return by which ways a ballot may come in a vote under this rule, besides proxies.

    With help somebody would see a secret ballot beside the name; a paper of a secret vote is torn in two (ADR 22). A
    body's members have no door to which a ballot could be brought.
    """
    if rule.body in (Body.MEMBERS, Body.ORGANIZATIONS):
        return (Channel.WEB,)
    if rule.secrecy is not Secrecy.NAMED:
        return (Channel.WEB, Channel.PAPER, Channel.DOOR)
    return (Channel.WEB, Channel.PAPER, Channel.DOOR, Channel.HELPED)


def ways_told(rule: DecisionRule) -> tuple[Words, ...]:
    """Say before the voting which ways there are, and which ballot stands when two of one household meet."""
    if Channel.PAPER not in offered(rule):
        return (say("这次无记名，只在网上投。"),) if rule.secrecy is not Secrecy.NAMED else ()
    if rule.secrecy is not Secrecy.NAMED:
        return (
            say("这次无记名，可以网上投，也可以填纸票。纸票分两联：签名联写房号、签名，选票联只有选择；交的时候撕开。"),
            say(
                "选票联装在没有字的信封里，签名联算数以后投进封好的箱；截止后混在一起，两个人各自录入，一样才进票箱。不到十张时，录票的人可能猜得出是谁的。"
            ),
            say("一户只有一票，先到的算数；交了纸票就不能再改。没有帮忙投票，也不能委托，因为旁人会看到您选了什么。"),
        )
    return (
        say("可以网上投，也可以填纸票：交到居委会，或者等人上门来收。纸票由两个人分别录入，一样才算。"),
        say("用不了手机的，可以请工作人员当面帮忙投，另有一个人见证；发起表决的单位的人不能帮。"),
        say("一户只有一票，先到的算数。纸票不能顶替已经投的票；签纸票、请人帮投的本人，截止前可以自己在网上改。"),
    )


def why_not_by(channel: Channel, rule: DecisionRule) -> Refusal | None:
    """Say why a ballot cannot come in this way under a rule."""
    if channel in offered(rule):
        return None
    if rule.secrecy is not Secrecy.NAMED:
        return Refusal(
            code="not_in_secret",
            message=say("这次无记名表决没有帮忙投票：旁人会看到选了什么"),
            what_next=say("请本人在表决页上领投票凭证再投；没有手机的，可以填纸票，或者借居委会的电脑自己投"),
        )
    return Refusal(
        code="no_such_way",
        message=say("委员会的表决只在网上投，没有纸票，也没有帮忙投票"),
        what_next=say("请成员登录自己的账号投票"),
    )


Way = tuple[Channel, ...]
"""Ways that are counted together, in the order in which they are named; mostly one."""


def ways_of(counts: Mapping[Channel, int], offers: Iterable[Channel]) -> dict[Way, int]:
    """Return what may be said of how ballots came: nothing of fewer than ten, nor what a difference would give away.

    All figures add up to the turnout, which is public, so one that is left out would be said by the others. Ways with
    fewer than ten ballots, none at all among them, are one figure; where that is still under ten, the smallest of the
    others joins them. Where only one figure is left it is the turnout again, and nothing is told. That all came over
    the web says nothing of anybody, however few they are.
    """
    came = {channel: counts.get(channel, 0) for channel in Channel if channel in offers or counts.get(channel)}
    if not any(count for channel, count in came.items() if channel is not Channel.WEB):
        return {(Channel.WEB,): came[Channel.WEB]} if came.get(Channel.WEB) else {}
    by_count = sorted(came, key=lambda channel: came[channel])
    together = [channel for channel in by_count if came[channel] < SMALLEST]
    if together and sum(came[channel] for channel in together) < SMALLEST:
        together = by_count[: len(together) + 1]
    figures: dict[Way, int] = {(channel,): came[channel] for channel in came if channel not in together}
    if together:
        figures[tuple(channel for channel in came if channel in together)] = sum(came[each] for each in together)
    return {} if len(figures) == 1 and together else figures


def write_ways(told: Mapping[Way, int]) -> str:
    """Write what may be said of the ways for the bundle, those counted together under one name."""
    named = {"+".join(way): count for way, count in told.items()}
    return json.dumps(dict(sorted(named.items())), separators=(",", ":")) if named else ""


def read_ways(text: str) -> dict[Way, int]:
    """Read what `write_ways` wrote; nothing where nothing may be said."""
    told = json.loads(text) if text else {}
    return {tuple(map(Channel, name.split("+"))): count for name, count in told.items()}
