"""What pages and other rooms read about problems; loading is the permission."""

from cogov.problems.queries.concluding import forbid_conclusion, open_matter
from cogov.problems.queries.dossier import Panel, TriageShown, details, panel, triage_shown
from cogov.problems.queries.exporting import export_for
from cogov.problems.queries.finding import (
    Counts,
    Done,
    choices_of,
    condition,
    count_problems,
    find_problems,
    just_done,
    key_of,
    mark_with,
)
from cogov.problems.queries.following import Followed, followed, followed_by, level_of, levels_of
from cogov.problems.queries.likely import Likely, catalogue, matter_named, report_of, settings_for, similar
from cogov.problems.queries.lists import ProblemRow, list_problems, needs, rows_of
from cogov.problems.queries.loading import (
    answers_of,
    facts_of,
    latest_triage,
    locked,
    names_on,
    problem_by_id,
    problem_for,
    problem_for_change,
    raiser_ids,
    seen_by,
    visible,
)
from cogov.problems.queries.placing import own_building
from cogov.problems.queries.seconds import counted_seconds, miscounts, seconder_ids

__all__ = [
    "Counts",
    "Done",
    "Followed",
    "Likely",
    "Panel",
    "ProblemRow",
    "TriageShown",
    "answers_of",
    "catalogue",
    "choices_of",
    "condition",
    "count_problems",
    "counted_seconds",
    "details",
    "export_for",
    "facts_of",
    "find_problems",
    "followed",
    "followed_by",
    "forbid_conclusion",
    "just_done",
    "key_of",
    "latest_triage",
    "level_of",
    "levels_of",
    "list_problems",
    "locked",
    "mark_with",
    "matter_named",
    "miscounts",
    "names_on",
    "needs",
    "open_matter",
    "own_building",
    "panel",
    "problem_by_id",
    "problem_for",
    "problem_for_change",
    "raiser_ids",
    "report_of",
    "rows_of",
    "seconder_ids",
    "seen_by",
    "settings_for",
    "similar",
    "triage_shown",
    "visible",
]
