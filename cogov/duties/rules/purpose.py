"""What a running clock is for."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What falls due when a clock runs out; ``cogov.loop`` names the command for each."""

    TRIAGE = "triage"
    APPEAL = "appeal"
    CASE = "case"
    CALL = "call"
    CONCERN = "concern"
    DECISION_OPEN = "decision_open"
    DECISION_CLOSE = "decision_close"
    RESOLUTION_ANSWER = "resolution_answer"
    DECISION_EFFECT = "decision_effect"
    DECISION_REVIEW = "decision_review"
    CLAIM = "claim"
    MEDIATION = "mediation"
    CONFIRMATION = "confirmation"
    DELIBERATION = "deliberation"
    REVIEW = "review"
    REMOVAL_APPEAL = "removal_appeal"
    PHASE = "phase"
    BLOCK_APPEAL = "block_appeal"
