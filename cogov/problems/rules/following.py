"""How much a person hears of a dossier; what waits for them is told at every level."""

from __future__ import annotations

from enum import StrEnum

from cogov.ground.words import Words, say


class FollowLevel(StrEnum):
    """What a person is told of; whoever is on a dossier hears everything until they say otherwise."""

    ALL = "all"
    NEEDS = "needs"  # only what waits for them, or answers them
    NONE = "none"  # no longer followed; a duty, a vote and a question to them still arrive


LEVELS: dict[FollowLevel, Words] = {
    FollowLevel.ALL: say("每一步都告诉我"),
    FollowLevel.NEEDS: say("只在需要我时告诉我"),
    FollowLevel.NONE: say("取消关注"),
}
