"""Cases as pages and other rooms read them."""

from cogov.cases.queries.checks import cases_without_holder
from cogov.cases.queries.choices import Choices, bases_for, choices_for
from cogov.cases.queries.desk import (
    DeskCounts,
    DeskFilter,
    DeskKind,
    DeskPage,
    DeskRow,
    DeskSearch,
    counts,
    desk,
    desk_mark,
    desk_place,
    desks_of,
    needs,
)
from cogov.cases.queries.entries import details
from cogov.cases.queries.exporting import export_for
from cogov.cases.queries.loading import (
    calls_of,
    case_for,
    case_for_change,
    case_of_call,
    cases_of,
    has_picture,
    last_case_of,
    matter_of,
    open_case_of,
    problem_of,
    stamps_of,
    steps_of,
)
from cogov.cases.queries.panel import CaseView, Panel, case_view, panel

__all__ = [
    "CaseView",
    "Choices",
    "DeskCounts",
    "DeskFilter",
    "DeskKind",
    "DeskPage",
    "DeskRow",
    "DeskSearch",
    "Panel",
    "bases_for",
    "calls_of",
    "case_for",
    "case_for_change",
    "case_of_call",
    "case_view",
    "cases_of",
    "cases_without_holder",
    "choices_for",
    "counts",
    "desk",
    "desk_mark",
    "desk_place",
    "desks_of",
    "details",
    "export_for",
    "has_picture",
    "last_case_of",
    "matter_of",
    "needs",
    "open_case_of",
    "panel",
    "problem_of",
    "stamps_of",
    "steps_of",
]
