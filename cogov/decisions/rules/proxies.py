"""Proxies: who may give a mandate to whom, how many heads one carries, and when it is over.

A mandate is in writing, signed by whoever has the vote (民法典165): on the platform, or on paper that one person enters
with its picture and a second confirms. Nobody passes on what was entrusted to them (民法典169), so who has given their
own vote away carries nobody's, and who carries somebody's gives none away: there is no chain, and so no circle. It can
be taken back and laid down at any time (民法典173); whoever has the vote may cast it themselves at any time before the
close, which ends the mandate for that head and replaces what the proxy has cast. A proxy never replaces their ballot.

In a secret vote nobody has a proxy: a ballot in the box belongs to no head, so it could not be replaced, and a
mandate that cannot be taken back is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cogov.decisions.rules.electorate import Electorate
from cogov.decisions.rules.law import Body, CoOwners, DecisionRule, NoProxy, Secrecy
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Role

LONGEST = timedelta(days=366)
"""How long a mandate for all votes may hold."""

PAPERS = frozenset({Role.MODERATOR, Role.OWNERS_COMMITTEE, Role.CHAIR, Role.STREET_OFFICE})
"""Who enters mandates from paper, and confirms what another has entered."""

IN_WRITING, NO_PASSING_ON, OVER = "民法典第165条", "民法典第169条", "民法典第173条"


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


# For all votes of a time ----------------------------------------------------------------------------------------------


def why_not_period(now: datetime, until: datetime, *, given_already: bool, carries: bool) -> Refusal | None:
    """Say why a mandate for all votes of a time cannot be given."""
    if carries:
        return carries_others()
    if given_already:
        return Refusal(
            "mandate_given",
            say("您已经有一份管一段时间的委托"),
            what_next=say("要换人，先撤回原来的委托"),
        )
    if now < until <= now + LONGEST:
        return None
    return Refusal(
        "period_unfit",
        say("委托的期限从今天起，最长一年"),
        article=IN_WRITING,
        what_next=say("改一下到哪天为止"),
        status=422,
    )


def why_not_timed() -> Refusal:
    """Ask for a vote, or for the end of the time."""
    return Refusal("period_unfit", say("请写明是哪次表决，或者委托到什么时候为止"), article=IN_WRITING, status=422)


def no_vote_here() -> Refusal:
    """Refuse somebody who can have no vote in a place."""
    return Refusal(
        "no_vote_here",
        say("您在这个社区没有核对过的住处或者房屋，没有票可以委托"),
        what_next=say("请先请居委会核对住处或者产权"),
        status=403,
    )


def no_periods() -> Refusal:
    """Say that no rule of a place knows such mandates."""
    return Refusal(
        "no_periods",
        say("本地的规则没有一条可以委托一段时间，只能一次一次委托"),
        what_next=say("请在有表决时委托"),
    )


def allows_period(rule: DecisionRule) -> bool:
    """Say whether mandates for all votes of a time hold under a rule."""
    return rule.proxy_periods and why_not_by_proxy(rule) is None


@dataclass(frozen=True)
class Standing:
    """A mandate for all votes of a time: whose vote it is and who carries it."""

    mandate_id: int
    principal_id: int
    proxy_id: int


@dataclass(frozen=True)
class Carried:
    """That a proxy casts for a head, by which mandate."""

    mandate_id: int
    head_key: str
    proxy_id: int


def carried(
    rule: DecisionRule, electorate: Electorate, mandates: Iterable[Standing], barred: Collection[int] = ()
) -> tuple[Carried, ...]:
    """Return which heads are cast for by mandates of a time, the oldest first, as far as the rule lets proxies carry.

    ``barred``: persons who can be nobody's proxy in this vote. What finds no place is left to its own voter.
    """
    found: list[Carried] = []
    load: Counter[int] = Counter()
    taken: set[tuple[str, int]] = set()
    if not allows_period(rule):
        return ()
    for mandate in sorted(mandates, key=lambda each: each.mandate_id):
        # Of two co-owners who send the same proxy the first is enough: their head is one, and carried once.
        heads = [
            head
            for head in electorate.heads_of(mandate.principal_id)
            if mandate.proxy_id not in head.person_ids and (head.key, mandate.proxy_id) not in taken
        ]
        if mandate.proxy_id in barred or load[mandate.proxy_id] + len(heads) > rule.proxy_heads:
            continue
        load[mandate.proxy_id] += len(heads)
        taken |= {(head.key, mandate.proxy_id) for head in heads}
        found += [Carried(mandate.mandate_id, head.key, mandate.proxy_id) for head in heads]
    return tuple(found)


# Casting and ending ---------------------------------------------------------------------------------------------------


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
