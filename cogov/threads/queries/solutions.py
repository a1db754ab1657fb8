"""Solutions with their versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from cogov.ground.db import session
from cogov.ground.refusals import Refusal
from cogov.people.rules import Actor
from cogov.threads.models import Concern, ConcernAnswer, Solution, SolutionVersion
from cogov.threads.queries.around import NOTHING_AROUND, Around, around_solutions
from cogov.threads.queries.bylines import Byline, faces
from cogov.threads.queries.windows import Window, window
from cogov.threads.rules.concerns import ConcernState
from cogov.threads.rules.endorsing import endorsing_under, why_not_endorse
from cogov.threads.rules.solutions import Content, why_not_revise
from cogov.threads.rules.speaking import PAGE_SIZE, Dossier, why_not_speak

_MOST_LISTED = 200


@dataclass(frozen=True)
class SolutionText:
    """A version of a solution: what is done, what it costs (fen, None if unknown), whether it needs a permit."""

    solution_id: int
    number: int
    version_id: int
    version: int
    title: str
    text: str
    cost: int | None
    needs_permit: bool
    author_id: int
    benefits: str = ""
    bears: str = ""

    @property
    def content(self) -> Content:
        """What it says, without who says it."""
        return Content(self.title, self.text, self.cost, self.needs_permit, self.benefits, self.bears)


@dataclass(frozen=True)
class SolutionShown:
    """The latest version of a solution, by whom it was proposed, and whether the reader may revise it."""

    text: SolutionText
    byline: Byline
    at: datetime
    solves: tuple[int, ...]
    """The numbers of the concerns whose answer names it."""

    why_not_revise: Refusal | None
    around: Around = NOTHING_AROUND
    """What stands around it: endorsements, open concerns, changes, pledges."""

    why_not_endorse: Refusal | None = None
    why_not_amend: Refusal | None = None


@dataclass(frozen=True)
class VersionShown:
    """One version of a solution, by whom and when."""

    text: SolutionText
    byline: Byline
    at: datetime


def _joined() -> Select[Solution, SolutionVersion]:
    return select(Solution, SolutionVersion).join(SolutionVersion, SolutionVersion.solution_id == Solution.id)


def _text(solution: Solution, version: SolutionVersion) -> SolutionText:
    return SolutionText(
        solution.id,
        solution.number,
        version.id,
        version.version,
        version.title,
        version.text,
        version.cost,
        version.needs_permit,
        solution.person_id,
        version.benefits,
        version.bears,
    )


def solutions(problem_id: int) -> list[SolutionText]:
    """Return the latest version of each solution of a problem, by number, up to 200."""
    query = _joined().where(Solution.problem_id == problem_id, SolutionVersion.version == Solution.version)
    return [_text(*row) for row in session().execute(query.order_by(Solution.number).limit(_MOST_LISTED))]


def solution_version(problem_id: int, version_id: int | None) -> SolutionText | None:
    """Return a version of one of a problem's solutions, if it is one."""
    if version_id is None:
        return None
    query = _joined().where(Solution.problem_id == problem_id, SolutionVersion.id == version_id)
    row = session().execute(query).one_or_none()
    return None if row is None else _text(row[0], row[1])


def latest_version(solution: Solution) -> SolutionText:
    """Return what a solution says now."""
    query = select(SolutionVersion).where(
        SolutionVersion.solution_id == solution.id, SolutionVersion.version == solution.version
    )
    return _text(solution, session().scalars(query).one())


def shown_solutions(
    by: Actor, problem_id: int, dossier: Dossier, *, before: int | None = None, after: int | None = None
) -> Window[SolutionShown]:
    """Return a page of solutions by number with their latest versions, in a number of queries that does not grow."""
    rows = window(
        select(Solution).where(Solution.problem_id == problem_id),
        Solution.number,
        size=PAGE_SIZE,
        before=before,
        after=after,
    )
    ids = [solution.id for solution in rows.items]
    query = _joined().where(Solution.id.in_(ids), SolutionVersion.version == Solution.version)
    latest = {solution.id: version for solution, version in session().execute(query)}
    return rows.of(_as_shown(by, problem_id, dossier, rows.items, latest))


def _as_shown(
    by: Actor, problem_id: int, dossier: Dossier, rows: Sequence[Solution], latest: Mapping[int, SolutionVersion]
) -> list[SolutionShown]:
    ids = [solution.id for solution in rows]
    names = faces(problem_id, (solution.standing_id for solution in rows))
    solved, around = _solved(ids), around_solutions(ids)
    mandate = endorsing_under(by, dossier.code)
    own = mandate.organization_id if mandate is not None else None
    closed = why_not_speak(by, dossier)
    return [
        SolutionShown(
            _text(solution, latest[solution.id]),
            names.of(solution.person_id, solution.standing_id),
            solution.at,
            tuple(solved.get(solution.id, ())),
            why_not_revise(by, dossier, author_id=solution.person_id),
            around[solution.id],
            why_not_endorse(by, dossier, own=solution.organization_id, endorsed=around[solution.id].behind(own)),
            closed,
        )
        for solution in rows
    ]


def compared(by: Actor, problem_id: int, dossier: Dossier) -> list[SolutionShown]:
    """Return every solution of a problem side by side, up to 200."""
    query = _joined().where(Solution.problem_id == problem_id, SolutionVersion.version == Solution.version)
    found_rows = session().execute(query.order_by(Solution.number).limit(_MOST_LISTED)).all()
    latest = {solution.id: version for solution, version in found_rows}
    return _as_shown(by, problem_id, dossier, [solution for solution, _ in found_rows], latest)


def _solved(solution_ids: list[int]) -> dict[int, list[int]]:
    query = (
        select(SolutionVersion.solution_id, Concern.number)
        .join(ConcernAnswer, ConcernAnswer.solution_version_id == SolutionVersion.id)
        .join(Concern, ConcernAnswer.concern_id == Concern.id)
        .where(SolutionVersion.solution_id.in_(solution_ids), Concern.state == ConcernState.ANSWERED)
        .order_by(Concern.number)
    )
    solved: dict[int, list[int]] = {}
    for solution_id, number in session().execute(query):
        solved.setdefault(solution_id, []).append(number)
    return solved


def solution_versions(solution: Solution, *, before: int | None = None) -> Window[VersionShown]:
    """Return a page of a solution's versions in order, the latest page first."""
    query = select(SolutionVersion).where(SolutionVersion.solution_id == solution.id)
    rows = window(query, SolutionVersion.version, size=PAGE_SIZE, before=before, newest=True)
    names = faces(solution.problem_id, (version.standing_id for version in rows.items))
    return rows.of(
        [
            VersionShown(_text(solution, version), names.of(version.person_id, version.standing_id), version.at)
            for version in rows.items
        ]
    )
