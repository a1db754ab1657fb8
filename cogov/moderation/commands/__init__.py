"""Flagging, holding, deciding, appealing; covering words and uncovering them; keeping somebody from writing."""

from cogov.moderation.commands.blocking import answer_block_appeal, appeal_block, block_writer, due_block_appeal
from cogov.moderation.commands.covering import (
    Passage,
    carry_cover,
    flag_passage,
    note_covers,
    settle_passage,
    take_back_words,
    uncover,
)
from cogov.moderation.commands.reviewing import (
    BASIS_LENGTH,
    ORGAN_LENGTH,
    answer_removal_appeal,
    appeal_removal,
    decide_review,
    due_review,
    flag_text,
    forget_person,
    hold_text,
    order_down,
    read_sealed,
    seal_words,
    unseal_words,
)

__all__ = [
    "BASIS_LENGTH",
    "ORGAN_LENGTH",
    "Passage",
    "answer_block_appeal",
    "answer_removal_appeal",
    "appeal_block",
    "appeal_removal",
    "block_writer",
    "carry_cover",
    "decide_review",
    "due_block_appeal",
    "due_review",
    "flag_passage",
    "flag_text",
    "forget_person",
    "hold_text",
    "note_covers",
    "order_down",
    "read_sealed",
    "seal_words",
    "settle_passage",
    "take_back_words",
    "uncover",
    "unseal_words",
]
