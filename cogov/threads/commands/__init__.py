"""One function per verb of a thread; ``by`` carries for whom the actor speaks."""

from cogov.threads.commands.concerns import (
    agree_overruling,
    answer_concern,
    due_concern,
    propose_overruling,
    raise_concern,
    withdraw_concern,
)
from cogov.threads.commands.editing import edit_message
from cogov.threads.commands.messages import post_message
from cogov.threads.commands.moderating import flag_message, settle_message, withdraw_message
from cogov.threads.commands.reading import mark_read
from cogov.threads.commands.solutions import propose_solution, revise_solution
from cogov.threads.commands.summaries import (
    accept_summary,
    answer_minutes,
    decline_summary,
    propose_summary,
    write_summary,
)

__all__ = [
    "accept_summary",
    "agree_overruling",
    "answer_concern",
    "answer_minutes",
    "decline_summary",
    "due_concern",
    "edit_message",
    "flag_message",
    "mark_read",
    "post_message",
    "propose_overruling",
    "propose_solution",
    "propose_summary",
    "raise_concern",
    "revise_solution",
    "settle_message",
    "withdraw_concern",
    "withdraw_message",
    "write_summary",
]
