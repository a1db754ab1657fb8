"""Why somebody is told, and how much they want to hear: plain values and pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from cogov.ground.words import Words, say


class Why(StrEnum):
    """Why a person is told of an entry, the strongest reason first."""

    ASKED = "asked"
    ANSWER = "answer"
    MENTIONED = "mentioned"
    DUTY = "duty"
    VOTE = "vote"
    MANDATE = "mandate"
    RAISED = "raised"
    MET = "met"
    SPOKE = "spoke"
    CLAIMED = "claimed"
    FOLLOWS = "follows"
    LIVES = "lives"


WHY_WORDS: dict[Why, Words] = {
    Why.ASKED: say("因为在等您"),
    Why.ANSWER: say("因为是给您的答复"),
    Why.MENTIONED: say("因为有人提到您"),
    Why.DUTY: say("因为您的单位负责这件事"),
    Why.VOTE: say("因为您在表决名册上"),
    Why.MANDATE: say("因为和您的投票委托有关"),
    Why.RAISED: say("因为您提出"),
    Why.MET: say("因为您也遇到"),
    Why.SPOKE: say("因为您参与了商量"),
    Why.CLAIMED: say("因为您认领了任务"),
    Why.FOLLOWS: say("因为您关注"),
    Why.LIVES: say("因为您住在这里"),
}

STRONGEST = {why: rank for rank, why in enumerate(Why)}


class NoticeTopic(StrEnum):
    """A kind of notices that a person may want less of; what waits for oneself is none, and always arrives."""

    DOSSIERS = "dossiers"
    COMMUNITY = "community"


class NoticeLevel(StrEnum):
    """How much of a kind a person wants to hear."""

    ALL = "all"
    IMPORTANT = "important"
    NONE = "none"


TOPIC_WORDS: dict[NoticeTopic, Words] = {
    NoticeTopic.DOSSIERS: say("我参与和关注的卷宗"),
    NoticeTopic.COMMUNITY: say("社区公告"),
}

LEVEL_WORDS: dict[NoticeTopic, dict[NoticeLevel, Words]] = {
    NoticeTopic.DOSSIERS: {
        NoticeLevel.ALL: say("每一步都告诉我"),
        NoticeLevel.IMPORTANT: say("只说大的进展：分流、公告、表决、结果"),
        NoticeLevel.NONE: say("不提醒，我自己来看"),
    },
    NoticeTopic.COMMUNITY: {
        NoticeLevel.ALL: say("每一条都告诉我"),
        NoticeLevel.IMPORTANT: say("只说停水停电和会议"),
        NoticeLevel.NONE: say("不提醒，我自己来看"),
    },
}

QUIETER = {NoticeLevel.ALL: NoticeLevel.IMPORTANT, NoticeLevel.IMPORTANT: NoticeLevel.NONE}

ALWAYS = frozenset({Why.ASKED, Why.ANSWER, Why.MENTIONED, Why.DUTY, Why.VOTE, Why.MANDATE})
"""What waits for oneself, or is one's office, is told whatever one chose."""


def topic_of(why: Why) -> NoticeTopic | None:
    """Return the kind that a reason belongs to, None for what is always told."""
    if why in ALWAYS:
        return None
    return NoticeTopic.COMMUNITY if why is Why.LIVES else NoticeTopic.DOSSIERS


def wanted(why: Why, levels: Mapping[NoticeTopic, NoticeLevel], *, important: bool) -> bool:
    """Say whether a person who chose these levels is told."""
    topic = topic_of(why)
    level = NoticeLevel.ALL if topic is None else levels.get(topic, NoticeLevel.ALL)
    return level is NoticeLevel.ALL or (level is NoticeLevel.IMPORTANT and important)
