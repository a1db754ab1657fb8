"""What a solution is, and who may revise it."""

from __future__ import annotations

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Actor, Role
from cogov.threads.rules.speaking import Dossier, why_not_speak

TITLE_LENGTH = 60
COST_LIMIT = 10**13  # fen; a hundred thousand million yuan is a slip of the finger
REVISES = (Role.MODERATOR, Role.OWNERS_COMMITTEE)


def why_not_cost(cost: int | None) -> Refusal | None:
    """A cost is a number of fen that somebody could mean."""
    if cost is None or 0 <= cost <= COST_LIMIT:
        return None
    return Refusal("cost_out_of_range", say("费用要在 0 元到 1000 亿元之间，不知道就先不填。"), status=422)


def why_not_revise(by: Actor, dossier: Dossier, *, author_id: int) -> Refusal | None:
    """A solution is revised by its author, a moderator or the owners' committee."""
    if (refusal := why_not_speak(by, dossier)) is not None:
        return refusal
    if by.person_id == author_id or by.holds(dossier.code, *REVISES):
        return None
    return Refusal(
        "not_who_revises",
        say("方案由提案人、居委会管理员或业委会修改。"),
        what_next=say("您可以把建议写成发言，或者另提一个方案。"),
        status=403,
    )
