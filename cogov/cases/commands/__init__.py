"""The verbs of the official loop."""

from cogov.cases.commands.carrying import hand_on_carried
from cogov.cases.commands.handling import (
    acknowledge_case,
    answer_call,
    call_bodies,
    dispatch_case,
    handle_case,
    no_call_needed,
    return_case,
)
from cogov.cases.commands.opening import UNTIL_HANDLED, due_call, due_case, open_case, refuse_case, reopen_case
from cogov.cases.commands.pausing import pause_case, resume_case
from cogov.cases.commands.supervising import (
    accept_case,
    close_case,
    feed_back_case,
    file_case,
    pass_case,
    rework_case,
    verify_case,
)

__all__ = [
    "UNTIL_HANDLED",
    "accept_case",
    "acknowledge_case",
    "answer_call",
    "call_bodies",
    "close_case",
    "dispatch_case",
    "due_call",
    "due_case",
    "feed_back_case",
    "file_case",
    "hand_on_carried",
    "handle_case",
    "no_call_needed",
    "open_case",
    "pass_case",
    "pause_case",
    "refuse_case",
    "reopen_case",
    "resume_case",
    "return_case",
    "rework_case",
    "verify_case",
]
