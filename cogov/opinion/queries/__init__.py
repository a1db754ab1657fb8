"""What pages and other rooms read of conversations; loading is the permission."""

from cogov.opinion.queries.copying import export_for
from cogov.opinion.queries.drawing import closing_due, drawing_due, due_drawings, people_in
from cogov.opinion.queries.entries import details
from cogov.opinion.queries.loading import (
    asked_of,
    conversation_for,
    conversations_of,
    ground_of,
    statement_called,
    statement_for,
)

__all__ = [
    "asked_of",
    "closing_due",
    "conversation_for",
    "conversations_of",
    "details",
    "drawing_due",
    "due_drawings",
    "export_for",
    "ground_of",
    "people_in",
    "statement_called",
    "statement_for",
]
