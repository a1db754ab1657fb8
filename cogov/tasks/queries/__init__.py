"""What pages and other rooms read of tasks; loading is the permission."""

from cogov.tasks.queries.board import Board, Kept, Narrowed, board, column, promises_kept
from cogov.tasks.queries.cards import TaskShown, cards, listed, task_for
from cogov.tasks.queries.claims import (
    ClaimShown,
    HandInShown,
    claim_for,
    claim_in_hand,
    claims_of,
    hand_in_picture,
    own_claim,
)
from cogov.tasks.queries.counting import lacking_hands, minutes_worked, open_tasks
from cogov.tasks.queries.entries import details
from cogov.tasks.queries.exporting import export_for
from cogov.tasks.queries.panels import TasksPanel, panel
from cogov.tasks.queries.waiting import needs, to_verify

__all__ = [
    "Board",
    "ClaimShown",
    "HandInShown",
    "Kept",
    "Narrowed",
    "TaskShown",
    "TasksPanel",
    "board",
    "cards",
    "claim_for",
    "claim_in_hand",
    "claims_of",
    "column",
    "details",
    "export_for",
    "hand_in_picture",
    "lacking_hands",
    "listed",
    "minutes_worked",
    "needs",
    "open_tasks",
    "own_claim",
    "panel",
    "promises_kept",
    "task_for",
    "to_verify",
]
