"""Proposed changes to a solution, each beside the version it was written on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cogov.ground.db import found, session
from cogov.ground.differences import Piece, differences
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id
from cogov.threads.models import Amendment, Solution, SolutionVersion
from cogov.threads.queries.bylines import Byline, Faces, faces
from cogov.threads.rules.amendments import (
    AMENDMENT_WORDS,
    AmendmentState,
    Change,
    why_not_answer,
    why_not_promote,
    why_not_withdraw,
)
from cogov.threads.rules.solutions import Content
from cogov.threads.rules.speaking import Dossier

MOST_LISTED = 100


@dataclass(frozen=True)
class AmendmentShown:
    """A change with what it changes, what became of it, and what the reader may do with it."""

    id: int
    number: int
    on_version: int
    before: Content
    content: Content
    title_pieces: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    """What of the text is gone and what is new."""

    why: str
    byline: Byline
    at: datetime
    state: AmendmentState
    answer: str
    answered: Byline | None
    answered_at: datetime | None
    became_version: int | None
    became_number: int | None
    why_not_accept: Refusal | None
    why_not_reject: Refusal | None
    why_not_promote: Refusal | None
    why_not_withdraw: Refusal | None

    @property
    def name(self) -> Words:
        """What its state is called."""
        return AMENDMENT_WORDS[self.state]


def content_of(amendment: Amendment) -> Content:
    """Return the version as a change would have it."""
    return Content(
        amendment.title,
        amendment.text,
        amendment.cost,
        amendment.needs_permit,
        amendment.benefits,
        amendment.bears,
    )


def change_of(amendment: Amendment, solution: Solution) -> Change:
    """Return what the rules need to know of a change."""
    return Change(
        amendment.state,
        amendment.person_id,
        amendment.organization_id,
        solution.person_id,
        solution.organization_id,
        amendment.on_version,
        solution.version,
    )


def amendment_for(by: Actor, amendment_id: int) -> tuple[Amendment, Solution, Problem]:
    """Return a change with its solution and problem; not found where the problem does not exist for this actor."""
    amendment = found(session().get(Amendment, amendment_id))
    solution = found(session().get(Solution, amendment.solution_id))
    return amendment, solution, problem_by_id(by, solution.problem_id)


def amendments(by: Actor, solution: Solution, dossier: Dossier) -> list[AmendmentShown]:
    """Return the changes to a solution, the newest first, in a number of queries that does not grow with them."""
    query = select(Amendment).where(Amendment.solution_id == solution.id).order_by(Amendment.number.desc())
    return _shown(by, solution, dossier, list(session().scalars(query.limit(MOST_LISTED))))


def amendment_shown(by: Actor, amendment: Amendment, solution: Solution, dossier: Dossier) -> AmendmentShown:
    """Return one change as it is shown."""
    return _shown(by, solution, dossier, [amendment])[0]


def credited(solution_id: int) -> dict[int, int]:
    """Return which version of a solution came from which change, by number."""
    query = select(Amendment.became_version, Amendment.number)
    query = query.where(Amendment.solution_id == solution_id, Amendment.became_version.is_not(None))
    return {version: number for version, number in session().execute(query) if version is not None}


def _shown(by: Actor, solution: Solution, dossier: Dossier, rows: list[Amendment]) -> list[AmendmentShown]:
    names = faces(solution.problem_id, [held for row in rows for held in (row.standing_id, row.answered_under)])
    wanted = {row.on_version for row in rows}
    of_solution = select(SolutionVersion).where(
        SolutionVersion.solution_id == solution.id, SolutionVersion.version.in_(wanted)
    )
    before = {version.version: version for version in session().scalars(of_solution)}
    became = [row.became_solution_id for row in rows if row.became_solution_id is not None]
    grown = select(Solution.id, Solution.number).where(Solution.id.in_(became))
    numbers: dict[int, int] = dict(session().execute(grown).all()) if became else {}
    return [_one(by, row, solution, dossier, before[row.on_version], names, numbers) for row in rows]


def _one(
    by: Actor,
    row: Amendment,
    solution: Solution,
    dossier: Dossier,
    before: SolutionVersion,
    names: Faces,
    numbers: dict[int, int],
) -> AmendmentShown:
    change = change_of(row, solution)
    return AmendmentShown(
        row.id,
        row.number,
        row.on_version,
        Content(before.title, before.text, before.cost, before.needs_permit, before.benefits, before.bears),
        content_of(row),
        differences(before.title, row.title),
        differences(before.text, row.text),
        row.why,
        names.of(row.person_id, row.standing_id),
        row.at,
        row.state,
        row.answer,
        names.of(row.answered_by, row.answered_under) if row.answered_by is not None else None,
        row.answered_at,
        row.became_version,
        numbers.get(row.became_solution_id or 0),
        why_not_answer(by, dossier, change, accepts=True),
        why_not_answer(by, dossier, change, accepts=False),
        why_not_promote(by, dossier, change),
        why_not_withdraw(by, dossier, change),
    )
