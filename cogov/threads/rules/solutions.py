"""What a solution is, and who may revise it."""

from __future__ import annotations

from dataclasses import dataclass

from cogov.ground.refusals import Refusal
from cogov.ground.wording import why_not_wording
from cogov.ground.words import say
from cogov.people.rules import Actor, Role
from cogov.threads.rules.messages import MESSAGE_LENGTH
from cogov.threads.rules.speaking import Dossier, why_not_speak

TITLE_LENGTH = 60
SIDE_LENGTH = 200
COST_LIMIT = 10**13  # fen; a hundred thousand million yuan is a slip of the finger
REVISES = (Role.MODERATOR, Role.OWNERS_COMMITTEE)


@dataclass(frozen=True)
class Content:
    """What a version of a solution says: what is done, its cost in fen, and for whom it is good and bad."""

    title: str
    text: str
    cost: int | None = None
    needs_permit: bool = False
    benefits: str = ""
    bears: str = ""


def why_not_content(content: Content) -> Refusal | None:
    """A solution has a title and a text that can be read; the rest may be left open."""
    return (
        why_not_wording(content.title, longest=TITLE_LENGTH, what=say("方案名称"))
        or why_not_wording(content.text, longest=MESSAGE_LENGTH, what=say("方案内容"))
        or why_not_wording(content.benefits, least=0, longest=SIDE_LENGTH, what=say("谁受益"))
        or why_not_wording(content.bears, least=0, longest=SIDE_LENGTH, what=say("谁承担"))
        or why_not_cost(content.cost)
    )


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
