"""What can be said to have happened in a conversation; never what anybody answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cogov.journal.event import Commitment, Event
from cogov.opinion.rules.stages import QuotedIn


@dataclass(frozen=True)
class ConversationOpened(Event):
    """A question was put to the neighbourhood."""

    conversation: int
    number: int
    words: Commitment


@dataclass(frozen=True)
class ConversationClosed(Event):
    """A conversation closed: how many people answered, and how many statements there were."""

    conversation: int
    number: int
    people: int
    statements: int


@dataclass(frozen=True)
class StatementWritten(Event):
    """A statement was written and stands to be answered; who wrote it is nobody's business while it is answered."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    statement: int
    number: int
    words: Commitment


@dataclass(frozen=True)
class StatementPublished(Event):
    """A statement that had been held was published; its writer is told."""

    public: ClassVar[bool] = False

    statement: int
    number: int


@dataclass(frozen=True)
class StatementWithdrawn(Event):
    """Who wrote a statement took it back."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    statement: int
    number: int


@dataclass(frozen=True)
class StatementQuoted(Event):
    """Somebody who acts for a body quoted a statement; its writer is told."""

    statement: int
    number: int
    place: QuotedIn
    subject: int


@dataclass(frozen=True)
class ChartDrawn(Event):
    """The last map of a conversation was drawn."""

    told: ClassVar[bool] = False

    conversation: int
    people: int
    statements: int
    answers: int
    map: Commitment


@dataclass(frozen=True)
class ConversationImported(Event):
    """The answers of a conversation held elsewhere were taken over: by so many people, to so many statements."""

    conversation: int
    number: int
    people: int
    statements: int
    words: Commitment


@dataclass(frozen=True)
class RowsAsked(Event):
    """An auditor asked for the answers of a conversation, row by row, and said why."""

    told: ClassVar[bool] = False

    conversation: int
    taking: int


@dataclass(frozen=True)
class RowsAgreed(Event):
    """A second person agreed that an auditor takes the answers of a conversation row by row."""

    told: ClassVar[bool] = False

    conversation: int
    taking: int


@dataclass(frozen=True)
class RowsTaken(Event):
    """An auditor took the answers of a conversation row by row, under keys made for this once."""

    told: ClassVar[bool] = False

    conversation: int
    taking: int
