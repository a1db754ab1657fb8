"""Personal tokens for programs: what they may do, for how long, and how many one person has."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from cogov.ground.refusals import Refusal
from cogov.ground.scopes import Scope
from cogov.ground.words import Words, say

PREFIX = "cogov_"
"""How a token begins, so that one that leaked into a public place can be found."""

LONGEST = timedelta(days=366)
MOST = 20
NAME = 60

SCOPES: dict[Scope, Words] = {
    Scope.READ: say("看：您登录后能看到的"),
    Scope.TAKE_PART: say("参与：提出、附议、发言、顾虑、方案、认领、确认"),
    Scope.VOTE: say("投票：投您自己的票"),
    Scope.OFFICE: say("办事：按您的授权分流、办案、核实"),
    Scope.KEEP: say("登记：单位、身份、停用发言，限您管的地方"),
}


def why_not_make(*, name: str, scopes: Collection[Scope], held: int, at: datetime, until: datetime) -> Refusal | None:
    """Say why a token cannot be made: no name, no scope, an end that is past or too far, or too many."""
    if not 0 < len(name) <= NAME:
        return Refusal("token_name", say("请给令牌起个名字，最多 {n} 个字。", n=NAME), status=422)
    if not scopes:
        return Refusal("token_scopes", say("请至少选一项权限。"), status=422)
    if not at < until <= at + LONGEST:
        return Refusal("token_until", say("令牌要有到期日，最长一年。"), status=422)
    if held >= MOST:
        return Refusal(
            "too_many_tokens",
            say("一个人最多有 {n} 个令牌。", n=MOST),
            what_next=say("请先撤销不用的。"),
        )
    return None


def as_text(scopes: Collection[Scope]) -> str:
    """Return scopes as they are kept, in one fixed order."""
    return " ".join(scope.value for scope in Scope if scope in scopes)


def from_text(text: str) -> frozenset[Scope]:
    """Return the scopes that were kept."""
    return frozenset(Scope(word) for word in text.split())
