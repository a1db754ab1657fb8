"""One function per verb of a conversation; ``by`` carries for whom the actor speaks."""

from cogov.opinion.commands.answering import answer_statement, withdraw_answer
from cogov.opinion.commands.conversations import close_conversation, close_conversations, open_conversation
from cogov.opinion.commands.drawing import draw_chart, draw_charts
from cogov.opinion.commands.importing import import_conversation
from cogov.opinion.commands.quoting import note_quotes
from cogov.opinion.commands.rows import agree_to_rows, ask_for_rows, take_rows
from cogov.opinion.commands.statements import (
    flag_statement,
    settle_statement,
    withdraw_statement,
    write_statement,
)

__all__ = [
    "agree_to_rows",
    "answer_statement",
    "ask_for_rows",
    "close_conversation",
    "close_conversations",
    "draw_chart",
    "draw_charts",
    "flag_statement",
    "import_conversation",
    "note_quotes",
    "open_conversation",
    "settle_statement",
    "take_rows",
    "withdraw_answer",
    "withdraw_statement",
    "write_statement",
]
