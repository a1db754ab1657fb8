"""The official loop: its states, its stamps, who may do which step, and what is still missing for a close."""

from cogov.cases.rules.closing import missing_for_close, missing_for_handling, why_not_close
from cogov.cases.rules.states import (
    BEFORE_DISPATCH,
    ENDED,
    HOLDER,
    CallState,
    CaseState,
    Party,
    RefusalReason,
    StampKind,
    StepKind,
)
from cogov.cases.rules.steps import ACTS, Facts, Who, next_acts, standing_for, who_may, why_not_step

__all__ = [
    "ACTS",
    "BEFORE_DISPATCH",
    "ENDED",
    "HOLDER",
    "CallState",
    "CaseState",
    "Facts",
    "Party",
    "RefusalReason",
    "StampKind",
    "StepKind",
    "Who",
    "missing_for_close",
    "missing_for_handling",
    "next_acts",
    "standing_for",
    "who_may",
    "why_not_close",
    "why_not_step",
]
