"""What is at stake for who speaks: an owner on the ground floor, a contractor, the official in charge."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.wording import why_not_wording
from cogov.ground.words import Words, say

INTEREST_LENGTH = 40


class InterestKind(StrEnum):
    """In what way a matter touches who speaks of it."""

    AFFECTED = "affected"
    USER = "user"
    OWNER = "owner"
    BUSINESS = "business"
    OFFICIAL = "official"
    EXPERT = "expert"
    OTHER = "other"


INTEREST_WORDS: Mapping[InterestKind, Words] = {
    InterestKind.AFFECTED: say("直接受影响"),
    InterestKind.USER: say("会用到"),
    InterestKind.OWNER: say("在这里有产权"),
    InterestKind.BUSINESS: say("有业务或收入在里面"),
    InterestKind.OFFICIAL: say("主管或经办"),
    InterestKind.EXPERT: say("专业人士"),
    InterestKind.OTHER: say("其他关系"),
}


def why_not_state(kind: InterestKind | None, words: str, *, stated: bool) -> Refusal | None:
    """An interest has a kind and a few words; taking it back needs one that stands."""
    if kind is None:
        return None if stated else Refusal("no_interest", say("您在这件事里还没有说明利害关系。"))
    return why_not_wording(words, least=0, longest=INTEREST_LENGTH, what=say("您和这件事的关系"))
