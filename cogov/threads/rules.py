"""What a message, a concern and a solution may be: enums and reasons to refuse."""

from __future__ import annotations

from enum import StrEnum


class MessageKind(StrEnum):
    """What a message is meant as (题—理—据—案)."""

    PROBLEM = "problem"
    REASON = "reason"
    EVIDENCE = "evidence"
    SUGGESTION = "suggestion"
    QUESTION = "question"


class ConcernState(StrEnum):
    """A serious concern waits for an answer, is answered, or is overruled by whom and why."""

    OPEN = "open"
    ANSWERED = "answered"
    OVERRULED = "overruled"
