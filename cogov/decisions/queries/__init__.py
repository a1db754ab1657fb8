"""What pages and other rooms read of decisions; loading is the permission, and no query returns a choice."""

from cogov.decisions.queries.counting import counted, frozen_options, progress, turnout_counted
from cogov.decisions.queries.entries import details
from cogov.decisions.queries.loading import (
    asked_of,
    decision_for,
    draft_of,
    electorate_of,
    motion_for,
    planned_tasks,
    planned_times,
    resolution_for,
    roles_of,
    rule_here,
    supports_needed,
    triaged_rules,
)
from cogov.decisions.queries.motions import MotionShown, shown_motions
from cogov.decisions.queries.panels import (
    PAGE_SIZE,
    DecisionRow,
    Panel,
    Summary,
    decisions_of,
    latest,
    panel,
    unfinished_decisions,
    why_not_move,
)
from cogov.decisions.queries.showing import (
    DecisionShown,
    MyHead,
    Phase,
    ResolutionShown,
    answering_standing,
    shown_decision,
    shown_resolution,
)
from cogov.decisions.queries.waiting import needs

__all__ = [
    "PAGE_SIZE",
    "DecisionRow",
    "DecisionShown",
    "MotionShown",
    "MyHead",
    "Panel",
    "Phase",
    "ResolutionShown",
    "Summary",
    "answering_standing",
    "asked_of",
    "counted",
    "decision_for",
    "decisions_of",
    "details",
    "draft_of",
    "electorate_of",
    "frozen_options",
    "latest",
    "motion_for",
    "needs",
    "panel",
    "planned_tasks",
    "planned_times",
    "progress",
    "resolution_for",
    "roles_of",
    "rule_here",
    "shown_decision",
    "shown_motions",
    "shown_resolution",
    "supports_needed",
    "triaged_rules",
    "turnout_counted",
    "unfinished_decisions",
    "why_not_move",
]
