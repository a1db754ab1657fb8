"""One function per verb of tasks; ``by`` carries for whom the actor claims."""

from cogov.tasks.commands.claiming import claim_task, due_claim, return_claim
from cogov.tasks.commands.following import follow_plan
from cogov.tasks.commands.opening import call_off_planned, cancel_task, open_planned, open_task
from cogov.tasks.commands.verifying import hand_in_task, send_back_task, verify_task

__all__ = [
    "call_off_planned",
    "cancel_task",
    "claim_task",
    "due_claim",
    "follow_plan",
    "hand_in_task",
    "open_planned",
    "open_task",
    "return_claim",
    "send_back_task",
    "verify_task",
]
