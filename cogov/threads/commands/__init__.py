"""One function per verb of a thread; ``by`` carries for whom the actor speaks."""

from cogov.threads.commands.amending import (
    accept_amendment,
    promote_amendment,
    propose_amendment,
    reject_amendment,
    withdraw_amendment,
)
from cogov.threads.commands.concerns import (
    agree_overruling,
    answer_concern,
    due_concern,
    propose_overruling,
    raise_concern,
    withdraw_concern,
)
from cogov.threads.commands.dissenting import file_minority, note_outcome, sign_minority, unsign_minority
from cogov.threads.commands.editing import edit_message
from cogov.threads.commands.endorsing import endorse_solution, withdraw_endorsement
from cogov.threads.commands.flagging import flag_words, settle_words
from cogov.threads.commands.messages import post_message
from cogov.threads.commands.moderating import flag_message, settle_message, withdraw_message
from cogov.threads.commands.pledging import call_pledges, keep_pledge, make_pledge, withdraw_pledge
from cogov.threads.commands.reading import mark_read
from cogov.threads.commands.slowing import block_author, end_slow_mode, set_slow_mode
from cogov.threads.commands.solutions import propose_solution, revise_solution
from cogov.threads.commands.stating import state_interest
from cogov.threads.commands.summaries import (
    accept_summary,
    answer_minutes,
    decline_summary,
    propose_summary,
    write_summary,
)

__all__ = [
    "accept_amendment",
    "accept_summary",
    "agree_overruling",
    "answer_concern",
    "answer_minutes",
    "block_author",
    "call_pledges",
    "decline_summary",
    "due_concern",
    "edit_message",
    "end_slow_mode",
    "endorse_solution",
    "file_minority",
    "flag_message",
    "flag_words",
    "keep_pledge",
    "make_pledge",
    "mark_read",
    "note_outcome",
    "post_message",
    "promote_amendment",
    "propose_amendment",
    "propose_overruling",
    "propose_solution",
    "propose_summary",
    "raise_concern",
    "reject_amendment",
    "revise_solution",
    "set_slow_mode",
    "settle_message",
    "settle_words",
    "sign_minority",
    "state_interest",
    "unsign_minority",
    "withdraw_amendment",
    "withdraw_concern",
    "withdraw_endorsement",
    "withdraw_message",
    "withdraw_pledge",
    "write_summary",
]
