"""Proxies: who may give a mandate to whom, and how many heads one carries (`periods.py`, `mandates.py`: for how long).

A mandate is in writing, signed by whoever has the vote (民法典165): on the platform, or on paper that one person enters
with its picture and a second confirms. Nobody passes on what was entrusted to them (民法典169), so who has given their
own vote away carries nobody's, and who carries somebody's gives none away: there is no chain, and so no circle. It can
be taken back and laid down at any time (民法典173); whoever has the vote may cast it themselves at any time before the
close, which ends the mandate for that head and replaces what the proxy has cast. A proxy never replaces their ballot.

In a secret vote nobody has a proxy: a ballot in the box belongs to no head, so it could not be replaced, and a
mandate that cannot be taken back is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cogov.decisions.rules.law import Body, CoOwners, DecisionRule, NoProxy, Secrecy
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

NO_PASSING_ON = "民法典第169条"


@dataclass(frozen=True)
class Chosen:
    """The person somebody wants as a proxy, as the rules see them.

    ``barred`` is whose people they are of those that carry nobody's vote, ``carries`` how many heads they carry in this
    vote already.
    """

    is_principal: bool
    barred: frozenset[NoProxy] = frozenset()
    carries: int = 0
    gave_away: bool = False
    gave_to_principal: bool = False
    votes_here_anyway: bool = False
    """That one of the heads is the proxy's own as well."""


@dataclass(frozen=True)
class Giving:
    """One attempt to give a mandate for one vote, as the server sees it inside the transaction that would keep it."""

    now: datetime
    closes_at: datetime
    closed: bool
    heads: int
    cast_already: bool
    given_already: bool
    carries_others: bool


def why_not_by_proxy(rule: DecisionRule) -> Refusal | None:
    """Say why nobody has a proxy under a rule."""
    if rule.body is Body.ORGANIZATIONS:
        return Refusal(
            "delegates_instead",
            say("单位的票由它派的代表投，代表不能再委托别人"),
            article=rule.article,
            what_next=say("代表不能来的，由单位换一位"),
        )
    if rule.body is Body.MEMBERS:
        return Refusal(
            "members_in_person",
            say("委员要自己投票，不能委托别人"),
            article=rule.article,
            what_next=say("不能到场的委员可以在网上投"),
        )
    if rule.secrecy is not Secrecy.NAMED:
        return Refusal(
            "secret_in_person",
            say("无记名的票要自己投：票进了箱就认不出来，委托撤回了也换不掉"),
            what_next=say("请在截止前自己投，投后到截止都可以改"),
        )
    if not rule.proxy_heads:
        return Refusal(
            "rule_without_proxies",
            say("公告的规则没有写可以委托，这次要自己投票"),
            article=rule.article,
            what_next=say("以后的表决要能委托，请在表决规则里提出修改"),
        )
    return None


def why_not_give(rule: DecisionRule, giving: Giving, chosen: Chosen) -> Refusal | None:
    """Say why a mandate cannot be given for a vote."""
    return why_not_by_proxy(rule) or _why_not_now(giving) or why_not_this_proxy(rule, giving, chosen)


def _why_not_now(giving: Giving) -> Refusal | None:
    if giving.closed or giving.now >= giving.closes_at:
        return Refusal(
            "mandate_late",
            say("投票已于 {time} 截止，委托来晚了", time=giving.closes_at),
            what_next=say("结果公布后，可以在异议期内提出异议"),
        )
    if giving.carries_others:
        return carries_others()
    if giving.given_already:
        return given_already()
    if giving.cast_already:
        return Refusal(
            "cast_already",
            say("这一票已经投出，不用再委托"),
            what_next=say("要改，请在截止前自己改"),
        )
    return None


def why_not_this_proxy(rule: DecisionRule, giving: Giving, chosen: Chosen) -> Refusal | None:
    """Say why somebody cannot be the proxy in a vote."""
    return (
        why_not_pair(chosen)
        or why_barred(rule, chosen)
        or (same_head() if chosen.votes_here_anyway and rule.co_owners is CoOwners.ANY else None)
        or (proxy_full(rule) if chosen.carries + giving.heads > rule.proxy_heads else None)
    )


def why_not_pair(chosen: Chosen) -> Refusal | None:
    """Refuse oneself as a proxy, a circle, and a chain."""
    if chosen.is_principal:
        return Refusal("own_proxy", say("代理人要是另一个人"), what_next=say("自己的票自己投就行"), status=422)
    if chosen.gave_to_principal:
        return Refusal(
            "proxy_circle",
            say("对方已经委托了您：互相委托转成一个圈，谁的票都没有人投"),
            article=NO_PASSING_ON,
            what_next=say("先辞去对方给您的委托，或者自己投"),
        )
    if chosen.gave_away:
        return Refusal(
            "proxy_chain",
            say("对方把自己的票委托了别人，不能再替您投：委托不能转手"),
            article=NO_PASSING_ON,
            what_next=say("请另找一位，或者自己投"),
        )
    return None


def carries_others() -> Refusal:
    """Refuse to give one's vote away while one carries another's."""
    return Refusal(
        "carries_others",
        say("您正替别人投票，不能再把自己的票委托出去：委托不能转手"),
        article=NO_PASSING_ON,
        what_next=say("先辞去别人给您的委托，再委托"),
    )


def given_already() -> Refusal:
    """Refuse a second mandate for the same vote."""
    return Refusal(
        "mandate_given",
        say("这一票已经委托了一位代理人"),
        what_next=say("要换人，先撤回原来的委托"),
    )


def same_head() -> Refusal:
    """Refuse a mandate that gives nothing."""
    return Refusal(
        "same_head",
        say("对方和您是同一票：同一户里哪一位都能投，不用委托"),
        what_next=say("请那一位直接投"),
        status=422,
    )


def proxy_full(rule: DecisionRule) -> Refusal:
    """Refuse one head more than the rule lets a proxy carry."""
    return Refusal(
        "proxy_full",
        say("一位代理人最多替 {n} 户投票，这位已经满了", n=rule.proxy_heads),
        article=rule.article,
        what_next=say("请另找一位，或者自己投"),
    )


def why_barred(rule: DecisionRule, chosen: Chosen) -> Refusal | None:
    """Refuse those whom the rule lets carry nobody's vote."""
    barred = chosen.barred.intersection(rule.no_proxies)
    if not barred:
        return None
    message = (
        say("提出或者主持这次表决的单位的人，不能当代理人")
        if NoProxy.INITIATOR in barred
        else say("物业的人不能当代理人")
    )
    return Refusal("proxy_barred", message, article=rule.article, what_next=say("请找一位邻居或者亲友"), status=403)


def proxy_unknown() -> Refusal:
    """Say that nobody is called so."""
    return Refusal(
        "proxy_unknown",
        say("没有找到这位代理人"),
        what_next=say("请对方告诉您在平台上用的化名，一个字也不能差"),
        status=422,
    )


def proxy_sentence(rule: DecisionRule) -> Words:
    """Say on the rule card whether one may send somebody, and whom not."""
    refusal = why_not_by_proxy(rule)
    if refusal is not None:
        return say("委托：{no}。", no=refusal.message)
    told = say("委托：可以书面委托一位代理人，一人最多替 {n} 户投；", n=rule.proxy_heads)
    return say("{first}{second}", first=told, second=_WHO_NOT[frozenset(rule.no_proxies)])


_ALWAYS = say("截止前随时可以撤回，自己一投委托就结束。")
_WHO_NOT: Mapping[frozenset[NoProxy], Words] = {
    frozenset(): _ALWAYS,
    frozenset({NoProxy.INITIATOR}): say("提出、主持表决的单位的人不能代理；{then}", then=_ALWAYS),
    frozenset({NoProxy.PROPERTY}): say("物业的人不能代理；{then}", then=_ALWAYS),
    frozenset(NoProxy): say("提出、主持表决的单位和物业的人不能代理；{then}", then=_ALWAYS),
}
