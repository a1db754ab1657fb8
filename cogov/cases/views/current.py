"""The blueprint of the official loop, and the resource that each act makes under its case."""

from __future__ import annotations

from flask import Blueprint

from cogov.cases.rules import StepKind
from cogov.cases.views.shown import case_shown

bp = Blueprint("cases", __name__)
bp.app_template_filter("case_shown")(case_shown)

SLUG: dict[StepKind, str] = {
    StepKind.VERIFY: "verification",
    StepKind.ACCEPT: "acceptance",
    StepKind.REFUSE: "refusal",
    StepKind.FILE: "filing",
    StepKind.DISPATCH: "dispatch",
    StepKind.ACKNOWLEDGE: "acknowledgement",
    StepKind.RETURN: "return",
    StepKind.CALL: "calls",
    StepKind.NO_CALL: "no-call",
    StepKind.HANDLE: "handling",
    StepKind.PASS: "inspection",
    StepKind.REWORK: "rework",
    StepKind.FEED_BACK: "feedback",
    StepKind.CLOSE: "closure",
}
"""The resource that each act makes under its case."""
