"""What became of a statement, in words for who wrote it, and what of a map decides what people are asked next."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from cogov.ground.words import Words, say
from cogov.opinion.rules.reading import APART, published
from cogov.opinion.rules.sight import LEAST
from cogov.opinion.rules.stages import StatementState


class Outcome(StrEnum):
    """What the map says of a statement."""

    SHARED = "shared"
    DIVIDING = "dividing"
    BETWEEN = "between"


def own_of(told: Mapping[str, Any], public: Mapping[str, Any]) -> dict[str, Any]:
    """Return the small part of a map that each page of taking part reads: priorities, and what became of statements."""
    statements = published(public, {}).statements
    shared = sorted(each.name for each in statements if each.consensus)
    dividing = sorted(each.name for each in statements if not each.consensus and each.gap >= APART)
    return {"priorities": told["priorities"], "shared": shared, "dividing": dividing, "groups": len(public["groups"])}


def outcome_of(statement_id: int, own: Mapping[str, Any]) -> Outcome | None:
    """Return what the map says of a statement, None where it is not on it."""
    name = str(statement_id)
    if name in own["shared"]:
        return Outcome.SHARED
    if name in own["dividing"]:
        return Outcome.DIVIDING
    return Outcome.BETWEEN if name in own["priorities"] else None


_OUTCOMES: dict[Outcome, Words] = {
    Outcome.SHARED: say("各组的人都同意它。"),
    Outcome.DIVIDING: say("大家在这一条上分成两边：有的组多数同意，有的组不同意。"),
    Outcome.BETWEEN: say("同意和不同意的，每一组里都有。"),
}


def read_words(answered: int) -> Words:
    """Return how many people read a statement."""
    if not answered:
        return say("还没有人看到它，正在轮到大家。")
    return say("{n} 人看过并回答了。", n=answered)


def fate_words(state: StatementState, answered: int, outcome: Outcome | None, quoted: int) -> list[Words]:
    """Return what became of a statement, for who wrote it; reasons of moderation stand elsewhere."""
    if state is not StatementState.SHOWN:
        return [_STATES[state]]
    told = [read_words(answered)]
    if outcome is not None and answered >= LEAST:
        told.append(_OUTCOMES[outcome])
    elif answered:
        told.append(say("看过的人还不多，现在说不出各组的看法。"))
    if quoted:
        told.append(say("有单位在答复里引用了它（{n} 次）。", n=quoted))
    return told


_STATES: dict[StatementState, Words] = {
    StatementState.HELD: say("先等主持人看过再公开。"),
    StatementState.WITHDRAWN: say("您撤下了这一条。"),
    StatementState.REMOVED: say("这一条被移除了，您收到的通知里写着依据和怎样申诉。"),
    StatementState.ORDERED: say("这一条按命令移除了。"),
}


def counted_words(agree: int, disagree: int, passed: int) -> Words:
    """Return how a statement was answered, plainly."""
    if not agree + disagree + passed:
        return say("还没有人回答")
    return say("{agree} 人同意，{disagree} 人不同意，{passed} 人说不准", agree=agree, disagree=disagree, passed=passed)
