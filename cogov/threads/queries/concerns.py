"""The ledger of concerns: each with its clock, its answer or the reason it was overruled, and what one may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import Id, found, session
from cogov.ground.refusals import Refusal
from cogov.journal.kept import kept
from cogov.moderation.models import Review, ReviewAppeal
from cogov.moderation.rules import ReviewState, SubjectKind
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id, problem_for
from cogov.threads.models import Concern, ConcernAnswer, Solution, SolutionVersion
from cogov.threads.queries.bylines import Byline, Faces, faces
from cogov.threads.queries.windows import Window, window
from cogov.threads.rules.concerns import (
    ConcernState,
    Held,
    why_not_agree,
    why_not_answer,
    why_not_overrule,
    why_not_withdraw,
)
from cogov.threads.rules.speaking import PAGE_SIZE, Dossier


@dataclass(frozen=True)
class AnswerShown:
    """An answer or a reason to overrule, by whom, with the version that solves it and who agreed."""

    id: int
    text: str
    byline: Byline
    at: datetime
    solution_number: int | None
    solution_version: int | None
    agreed: Byline | None
    agreed_at: datetime | None


@dataclass(frozen=True)
class ConcernShown:
    """A concern with all that became of it, and why the reader may not do each act (None: may)."""

    id: int
    number: int
    harm: str
    remedy: str
    at: datetime
    byline: Byline
    own: bool
    state: ConcernState
    due_at: datetime | None
    overdue: bool
    answer: AnswerShown | None
    overruling: AnswerShown | None
    why_not_answer: Refusal | None
    why_not_overrule: Refusal | None
    why_not_agree: Refusal | None
    why_not_withdraw: Refusal | None
    about: int | None = None
    """Number of the solution that would do the harm, where it is one alone."""


def open_concerns(problem_id: int) -> int:
    """Return how many concerns of a problem wait for an answer."""
    return kept(("open concerns", problem_id), lambda: _count_open(problem_id), of=problem_id)


def _count_open(problem_id: int) -> int:
    return session().scalar(_OPEN, {"problem": problem_id}) or 0


_OPEN = (
    select(func.count())
    .select_from(Concern)
    .where(Concern.problem_id == bindparam("problem", type_=Id), Concern.state == ConcernState.OPEN)
)


def open_concerns_before(problem_id: int, moment: datetime) -> int:
    """Return how many concerns that were raised before a moment wait for an answer, for a vote that would open.

    One that was taken down holds a vote no more, unless an appeal against that waits: its words stand nowhere.
    """
    down = (
        select(Review.id)
        .outerjoin(ReviewAppeal, ReviewAppeal.review_id == Review.id)
        .where(
            Review.subject == SubjectKind.CONCERN,
            Review.subject_id == Concern.id,
            Review.state.in_((ReviewState.REMOVED, ReviewState.ORDERED)),
            or_(ReviewAppeal.review_id.is_(None), ReviewAppeal.answered_at.is_not(None)),
        )
    )
    query = select(func.count()).where(
        Concern.problem_id == problem_id, Concern.state == ConcernState.OPEN, Concern.at < moment, ~down.exists()
    )
    return session().scalar(query) or 0


def concern_for(by: Actor, concern_id: int) -> tuple[Concern, Problem]:
    """Return a concern with its problem."""
    concern = found(session().get(Concern, concern_id))
    return concern, problem_by_id(by, concern.problem_id)


def concern_called(by: Actor, number: str, concern_number: int) -> Concern:
    """Return a concern by its number on the dossier of a problem that this actor may see."""
    problem = problem_for(by, number)
    query = select(Concern).where(Concern.problem_id == problem.id, Concern.number == concern_number)
    return found(session().scalars(query).one_or_none())


def held(concern: Concern, overruling: ConcernAnswer | None) -> Held:
    """Return what the rules need to know of a concern."""
    proposer = overruling.person_id if overruling is not None else None
    return Held(concern.state, concern.person_id, concern.organization_id, proposer)


def owns_solution(person_id: int | None, problem_id: int) -> bool:
    """Say whether a person proposed one of a problem's solutions."""
    if person_id is None:
        return False
    query = select(Solution.id).where(Solution.problem_id == problem_id, Solution.person_id == person_id).limit(1)
    return session().scalar(query) is not None


def concerns(
    by: Actor, problem_id: int, dossier: Dossier, *, before: int | None = None, after: int | None = None
) -> Window[ConcernShown]:
    """Return a page of concerns by number, in six queries."""
    rows = window(
        select(Concern).where(Concern.problem_id == problem_id),
        Concern.number,
        size=PAGE_SIZE,
        before=before,
        after=after,
    )
    return rows.of(shown_concerns(by, problem_id, dossier, rows.items))


def shown_concerns(by: Actor, problem_id: int, dossier: Dossier, rows: Sequence[Concern]) -> list[ConcernShown]:
    """Return concerns as they are shown to a reader."""
    ids = [concern.id for concern in rows]
    answers = _answers(ids)
    due = _due(ids)
    names = faces(problem_id, _standings(rows, (answer for answer, _, _ in answers.values())))
    own_solution = owns_solution(by.person_id, problem_id)
    about = _about(rows)
    return [
        replace(
            _shown(by, dossier, concern, answers, due.get(concern.id), names, own_solution),
            about=about.get(concern.solution_id or 0),
        )
        for concern in rows
    ]


def _about(rows: Sequence[Concern]) -> dict[int, int]:
    wanted = {concern.solution_id for concern in rows if concern.solution_id is not None}
    query = select(Solution.id, Solution.number).where(Solution.id.in_(wanted))
    return dict(session().execute(query).all()) if wanted else {}


_Answers = dict[tuple[int, bool], tuple[ConcernAnswer, int | None, int | None]]


def _answers(concern_ids: list[int]) -> _Answers:
    query = (
        select(ConcernAnswer, Solution.number, SolutionVersion.version)
        .outerjoin(SolutionVersion, ConcernAnswer.solution_version_id == SolutionVersion.id)
        .outerjoin(Solution, SolutionVersion.solution_id == Solution.id)
        .where(ConcernAnswer.concern_id.in_(concern_ids))
    )
    return {
        (answer.concern_id, answer.overrules): (answer, number, version)
        for answer, number, version in session().execute(query)
    }


def _due(concern_ids: list[int]) -> dict[int, datetime]:
    query = select(RunningClock.subject_id, RunningClock.due_at).where(
        RunningClock.purpose == Purpose.CONCERN,
        RunningClock.subject_id.in_(concern_ids),
        RunningClock.stopped_at.is_(None),
    )
    return {row.subject_id: row.due_at for row in session().execute(query)}


def _standings(rows: Sequence[Concern], answers: Iterable[ConcernAnswer]) -> list[int | None]:
    standings = [concern.standing_id for concern in rows]
    for answer in answers:
        standings += [answer.standing_id, answer.agreed_under]
    return standings


def _shown(
    by: Actor,
    dossier: Dossier,
    concern: Concern,
    answers: _Answers,
    due_at: datetime | None,
    names: Faces,
    own_solution: bool,
) -> ConcernShown:
    answer, overruling = answers.get((concern.id, False)), answers.get((concern.id, True))
    state = held(concern, overruling[0] if overruling else None)
    return ConcernShown(
        concern.id,
        concern.number,
        concern.harm,
        concern.remedy,
        concern.at,
        names.of(concern.person_id, concern.standing_id),
        own=concern.person_id == by.person_id,
        state=concern.state,
        due_at=due_at,
        overdue=concern.overdue_at is not None and concern.state is ConcernState.OPEN,
        answer=_answer(answer, names),
        overruling=_answer(overruling, names),
        why_not_answer=why_not_answer(by, dossier, state, own_solution=own_solution),
        why_not_overrule=why_not_overrule(by, dossier, state),
        why_not_agree=why_not_agree(by, dossier, state),
        why_not_withdraw=why_not_withdraw(by, dossier, state),
    )


def _answer(found_answer: tuple[ConcernAnswer, int | None, int | None] | None, names: Faces) -> AnswerShown | None:
    if found_answer is None:
        return None
    answer, number, version = found_answer
    return AnswerShown(
        answer.id,
        answer.text,
        names.of(answer.person_id, answer.standing_id),
        answer.at,
        number,
        version,
        names.of(answer.agreed_by, answer.agreed_under) if answer.agreed_by else None,
        answer.agreed_at,
    )
