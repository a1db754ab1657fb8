"""The loop ribbon 提出·协商·表决·认领·办理·确认: where a problem stands, from plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cogov.ground.words import Words, say
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.stages import Ending, Official, Stage


class StepState(StrEnum):
    """How a step of the ribbon is drawn."""

    DONE = "done"
    NOW = "now"
    PARALLEL = "parallel"
    AHEAD = "ahead"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Standing:
    """What the ribbon is drawn from; ``decided`` and ``tasked`` are None where a list does not know them."""

    lane: Lane | None
    stage: Stage
    official: Official
    ending: Ending | None
    decided: bool | None = None
    tasked: bool | None = None


@dataclass(frozen=True)
class Step:
    """One step with its word and one fact (a date or a shortage)."""

    key: str
    label: Words
    state: StepState
    fact: str = ""


LABELS = {
    "raise": say("提出"),
    "deliberate": say("协商"),
    "decide": say("表决"),
    "claim": say("认领"),
    "handle": say("办理"),
    "confirm": say("确认"),
}

_ORDER = {
    Stage.RAISED: 0,
    Stage.GATHERING: 1,
    Stage.MEDIATING: 1,
    Stage.DECIDING: 2,
    Stage.ACTING: 3,
    Stage.OFFICIAL: 4,
    Stage.CONFIRMING: 5,
    Stage.ENDED: 6,
}


def steps(standing: Standing, facts: dict[str, str] | None = None) -> list[Step]:
    """Return the six steps in order."""
    facts = facts or {}
    return [Step(key, label, _state(key, standing), facts.get(key, "")) for key, label in LABELS.items()]


def _state(key: str, standing: Standing) -> StepState:
    if key == "handle":
        return _handling(standing)
    if key == "confirm":
        return _confirming(standing)
    position = list(LABELS).index(key)
    here = _ORDER[standing.stage]
    if here == position:
        return StepState.NOW
    if here < position:
        return StepState.SKIPPED if key != "raise" and _never(standing) else StepState.AHEAD
    return StepState.DONE if _was_done(key, standing) else StepState.SKIPPED


def _never(standing: Standing) -> bool:
    """A duty of a public body is neither deliberated nor voted on; a dispute between two is not either."""
    return standing.lane in (Lane.A, Lane.M, Lane.X)


def _was_done(key: str, standing: Standing) -> bool:
    if key == "raise":
        return True
    if standing.lane in (Lane.A, Lane.X) or standing.ending is Ending.MERGED:
        return False
    known = {"decide": standing.decided, "claim": standing.tasked}.get(key)
    return key == "deliberate" if known is None else known


def _handling(standing: Standing) -> StepState:
    if standing.official is Official.OPEN:
        return StepState.NOW if standing.stage is Stage.OFFICIAL else StepState.PARALLEL
    if standing.official is Official.CLOSED:
        return StepState.DONE
    # Before triage nobody knows whether a public body is needed, so the step is not struck out yet.
    needed = standing.lane in (None, Lane.A, Lane.AB) and standing.stage is not Stage.ENDED
    return StepState.AHEAD if needed else StepState.SKIPPED


def _confirming(standing: Standing) -> StepState:
    if standing.stage is Stage.CONFIRMING:
        return StepState.NOW
    if standing.stage is Stage.ENDED:
        return StepState.DONE if standing.ending in (Ending.FIXED, Ending.UNCONFIRMED) else StepState.SKIPPED
    return StepState.AHEAD


STAGE_WORDS: dict[Stage, Words] = {
    Stage.RAISED: say("等分流"),
    Stage.GATHERING: say("协商中"),
    Stage.DECIDING: say("表决中"),
    Stage.ACTING: say("认领办理中"),
    Stage.OFFICIAL: say("官方办理中"),
    Stage.MEDIATING: say("调解中"),
    Stage.CONFIRMING: say("等提出人确认"),
    Stage.ENDED: say("已了结"),
}

ENDING_WORDS: dict[Ending, Words] = {
    Ending.FIXED: say("确认修好"),
    Ending.UNCONFIRMED: say("未确认"),
    Ending.REFERRED: say("已转其他渠道"),
    Ending.MEDIATED: say("已调解"),
    Ending.MERGED: say("已并入另一件"),
    Ending.WITHHELD: say("内容已遮住"),
}


def in_words(standing: Standing) -> Words:
    """Say in a few words where a problem stands, for rows of a list."""
    if standing.ending is not None:
        return ENDING_WORDS[standing.ending]
    both = standing.official is Official.OPEN and standing.stage is not Stage.OFFICIAL
    word = STAGE_WORDS[standing.stage]
    return say("{stage}，官方同时在办", stage=word) if both else word
