"""Mandates for all votes of a time: until when one holds, and which heads of a vote it carries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cogov.decisions.rules.electorate import Electorate
from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.proxies import carries_others, why_not_by_proxy
from cogov.ground.refusals import Refusal
from cogov.ground.words import say

LONGEST = timedelta(days=366)
"""How long a mandate for all votes may hold."""

IN_WRITING = "民法典第165条"


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
