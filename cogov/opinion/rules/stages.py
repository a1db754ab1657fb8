"""What a conversation, a statement and an answer may be."""

from __future__ import annotations

from enum import IntEnum, StrEnum

STATEMENT_LENGTH = 140
IMPORTED_LENGTH = 1000
"""Statements that come from elsewhere stay as long as they were written."""

QUESTION_LENGTH = 120


class ConversationState(StrEnum):
    """A conversation is announced, asks, or has closed."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


class StatementState(StrEnum):
    """Whether a statement stands, waits to be looked at, or was taken down: by its author, by moderators, by order."""

    SHOWN = "shown"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    ORDERED = "ordered"


class StanceValue(IntEnum):
    """What a person answers to a statement, as the map counts it."""

    AGREE = 1
    PASS = 0
    DISAGREE = -1


class StanceWord(StrEnum):
    """What a person answers to a statement, as forms and programs write it."""

    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"


VALUES: dict[StanceWord, StanceValue] = {
    StanceWord.AGREE: StanceValue.AGREE,
    StanceWord.DISAGREE: StanceValue.DISAGREE,
    StanceWord.PASS: StanceValue.PASS,
}


class QuotedIn(StrEnum):
    """Where an official quotes a statement."""

    MESSAGE = "message"
    CONCERN_ANSWER = "concern_answer"
    RESOLUTION_ANSWER = "resolution_answer"
