"""What can be done on the way to a decision: one function per verb, and what the clock calls."""

from cogov.decisions.commands.answering import answer_resolution, due_answer
from cogov.decisions.commands.casting import cast_ballot
from cogov.decisions.commands.closing import close_decision
from cogov.decisions.commands.moving import move_motion, support_motion, table_motion, withdraw_motion
from cogov.decisions.commands.noticing import open_decision, publish_notice

__all__ = [
    "answer_resolution",
    "cast_ballot",
    "close_decision",
    "due_answer",
    "move_motion",
    "open_decision",
    "publish_notice",
    "support_motion",
    "table_motion",
    "withdraw_motion",
]
