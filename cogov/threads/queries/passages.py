"""The texts of a dossier that people may flag, besides messages: where each stands, whose it is, on which problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from cogov.ground.db import found, session
from cogov.moderation.rules import SubjectKind
from cogov.people.rules import Actor
from cogov.threads.models import (
    Amendment,
    Concern,
    ConcernAnswer,
    Interest,
    MinorityOpinion,
    MinutesAnswer,
    Outcome,
    Pledge,
    Solution,
    SolutionVersion,
    SummaryVersion,
)

_OF_A_SOLUTION = ("title", "text", "benefits", "bears")


def _by_whoever_sees_the_problem(_by: Actor, _code: str, _row: Any) -> bool:
    return True


def _by_those_of_the_place(by: Actor, code: str, row: Any) -> bool:
    """What is at stake for somebody is for who knows it anyway, and for nobody once it was taken back."""
    return by.inside(code) and row.ended_at is None


@dataclass(frozen=True)
class Kind:
    """A kind of text: its rows, the columns with words, the way to the problem, and whose it is."""

    model: type[Any]
    columns: tuple[str, ...]
    problem: Callable[[Any], Select[int]]
    tab: str
    anchor: Callable[[Any], str]
    author: str = "person_id"
    standing: str = "standing_id"
    readable: Callable[[Actor, str, Any], bool] = _by_whoever_sees_the_problem
    """Who reads it as it stands, of those who see the problem; they alone flag it."""


def _of_row(model: type[Any]) -> Callable[[Any], Select[int]]:
    return lambda row: select(model.problem_id).where(model.id == row.id)


def _of_solution(row: Any) -> Select[int]:
    return select(Solution.problem_id).where(Solution.id == row.solution_id)


def _amendment(author: str, standing: str, *columns: str) -> Kind:
    return Kind(Amendment, columns, _of_solution, "solutions", lambda _row: "tab", author, standing)


KINDS: Mapping[SubjectKind, Kind] = {
    SubjectKind.CONCERN: Kind(
        Concern, ("harm", "remedy"), _of_row(Concern), "concerns", lambda row: f"concern-{row.number}"
    ),
    SubjectKind.CONCERN_ANSWER: Kind(
        ConcernAnswer,
        ("text",),
        lambda row: select(Concern.problem_id).where(Concern.id == row.concern_id),
        "concerns",
        lambda _row: "tab",
    ),
    SubjectKind.SOLUTION: Kind(SolutionVersion, _OF_A_SOLUTION, _of_solution, "solutions", lambda _row: "tab"),
    SubjectKind.AMENDMENT: _amendment("person_id", "standing_id", *_OF_A_SOLUTION, "why"),
    SubjectKind.AMENDMENT_ANSWER: _amendment("answered_by", "answered_under", "answer"),
    SubjectKind.PLEDGE: Kind(Pledge, ("what",), _of_row(Pledge), "solutions", lambda _row: "tab"),
    SubjectKind.MINORITY: Kind(
        MinorityOpinion,
        ("text",),
        lambda row: select(Outcome.problem_id).where(Outcome.id == row.outcome_id),
        "",
        lambda _row: "tab",
    ),
    SubjectKind.SUMMARY: Kind(SummaryVersion, ("text",), _of_row(SummaryVersion), "discussion", lambda _row: "tab"),
    SubjectKind.OBJECTION: Kind(
        MinutesAnswer,
        ("reason",),
        lambda row: select(SummaryVersion.problem_id).where(SummaryVersion.id == row.summary_version_id),
        "discussion",
        lambda _row: "tab",
    ),
    SubjectKind.INTEREST: Kind(
        Interest,
        ("words",),
        _of_row(Interest),
        "discussion",
        lambda _row: "tab",
        readable=_by_those_of_the_place,
    ),
}
"""Every kind of text here but messages, which have states of their own."""


def row_of(kind: SubjectKind, subject_id: int) -> Any:
    """Return the row that a text stands in."""
    return found(session().get(KINDS[kind].model, subject_id))


def is_gone(kind: SubjectKind, subject_id: int) -> bool:
    """Say whether a text is no more, as what was at stake for somebody who closed their account before 0029."""
    return kind in KINDS and session().get(KINDS[kind].model, subject_id) is None


def problem_id_of(kind: SubjectKind, row: Any) -> int:
    """Return the problem that a text was written about."""
    return found(session().scalar(KINDS[kind].problem(row)))
