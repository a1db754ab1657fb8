"""Open rounds as everybody reads them: who said what, how many of each voice, and what was heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from cogov.decisions.models import OpenRound, RoundAnswer
from cogov.decisions.queries.leeway import why_not_fixed
from cogov.decisions.rules.rounds import (
    FACILITATORS,
    RoundChoice,
    RoundKind,
    Standing,
    Tally,
    Voice,
    tally,
    why_not_answer,
    why_not_facilitate,
)
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words
from cogov.people.queries import organization_names
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id
from cogov.threads.models import Concern
from cogov.threads.queries import dossier_of
from cogov.threads.queries.bylines import faces
from cogov.threads.rules.concerns import ConcernState
from cogov.threads.rules.speaking import why_not_written_on

MOST_SHOWN = 20
MOST_ANSWERS = 2000


@dataclass(frozen=True)
class AnswerShown:
    """What somebody said, under the name they have on the dossier."""

    name: Words
    voice: Voice | None
    """As whom; nothing of it for readers from outside, as a tenure is nobody's business there."""

    choice: RoundChoice
    at: datetime
    concern: int | None
    """The number of the concern in which a block gives its reason."""

    mine: bool


@dataclass(frozen=True)
class RoundShown:
    """One open round for a reader."""

    id: int
    number: str
    title: str
    kind: RoundKind
    question: str
    asked_for: str
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    summary: str
    runs: bool
    tally: Tally
    answers: tuple[AnswerShown, ...]
    mine: RoundChoice | None
    why_not_answer: Refusal | None
    may_close: bool
    exact: bool
    """Whether the reader may know the minute of an answer and who owns or rents: those of the place alone."""


@dataclass(frozen=True)
class RoundRow:
    """A round as one line of a dossier's tab."""

    id: int
    kind: RoundKind
    question: str
    closes_at: datetime
    runs: bool
    summary: str
    answers: int


def round_for(by: Actor, round_id: int) -> tuple[OpenRound, Problem]:
    """Return a round with its problem; not found when the problem does not exist for this actor."""
    asked = found(session().get(OpenRound, round_id))
    return asked, problem_by_id(by, asked.problem_id)


def standing_of(asked: OpenRound, code: str) -> Standing:
    """Return what the rules know about a round."""
    return Standing(code, asked.kind, asked.closes_at, asked.closed_at)


def answer_of(round_id: int, person_id: int | None) -> RoundAnswer | None:
    """Return what a person said in a round."""
    query = select(RoundAnswer).where(RoundAnswer.round_id == round_id, RoundAnswer.person_id == person_id)
    return session().scalars(query, execution_options={"populate_existing": True}).one_or_none()


def concerns_waiting(asked: OpenRound, person_id: int | None) -> int:
    """Return how many concerns of a person's own, raised since a round began, wait for an answer."""
    query = select(func.count()).where(
        Concern.problem_id == asked.problem_id,
        Concern.person_id == person_id,
        Concern.organization_id.is_(None),
        Concern.state == ConcernState.OPEN,
        Concern.at >= asked.opened_at,
    )
    return session().scalar(query) or 0


def open_rounds(problem_id: int) -> int:
    """Return how many rounds of a problem wait for their end."""
    query = select(func.count()).where(OpenRound.problem_id == problem_id, OpenRound.closed_at.is_(None))
    return session().scalar(query) or 0


def why_not_open(by: Actor, problem: Problem) -> Refusal | None:
    """Say why a reader cannot ask a round here now."""
    dossier = dossier_of(problem)
    refusal = why_not_facilitate(by, dossier.code) or why_not_written_on(dossier)
    return refusal or why_not_fixed(problem.id, None)


def rounds_of(problem_id: int) -> list[RoundRow]:
    """Return the rounds of a problem, the newest first, in one query."""
    answers = select(func.count()).where(RoundAnswer.round_id == OpenRound.id).correlate(OpenRound).scalar_subquery()
    query = (
        select(OpenRound, answers)
        .where(OpenRound.problem_id == problem_id)
        .order_by(OpenRound.id.desc())
        .limit(MOST_SHOWN)
    )
    at = now()
    return [
        RoundRow(
            asked.id,
            asked.kind,
            asked.question,
            asked.closes_at,
            standing_of(asked, "").runs(at),
            asked.summary,
            count,
        )
        for asked, count in session().execute(query)
    ]


def shown_round(by: Actor, round_id: int) -> RoundShown:
    """Return a round as a reader sees it; names and answers are open to whoever can read the dossier."""
    asked, problem = round_for(by, round_id)
    code, rows = dossier_of(problem).code, _answers(asked.id)
    names = faces(problem.id, ())
    standing, exact = standing_of(asked, code), by.inside(code)
    mine = next((answer.answer for answer, _ in rows if answer.person_id == by.person_id), None)
    organization = organization_names({asked.organization_id} if asked.organization_id else set())
    return RoundShown(
        asked.id,
        problem.number,
        problem.title,
        asked.kind,
        asked.question,
        next((each.name for each in organization.values()), ""),
        asked.opened_at,
        asked.closes_at,
        asked.closed_at,
        asked.summary,
        standing.runs(now()),
        tally(asked.kind, [(answer.voice, answer.answer) for answer, _ in rows]),
        tuple(
            AnswerShown(
                names.of(answer.person_id).name,
                answer.voice if exact else None,
                answer.answer,
                answer.at,
                concern,
                answer.person_id == by.person_id,
            )
            for answer, concern in rows
        ),
        mine,
        why_not_answer(by, standing, now()) or why_not_written_on(dossier_of(problem)),
        asked.closed_at is None and why_not_facilitate(by, code) is None,
        exact,
    )


def _answers(round_id: int) -> Sequence[tuple[RoundAnswer, int | None]]:
    query = (
        select(RoundAnswer, Concern.number)
        .outerjoin(Concern, RoundAnswer.concern_id == Concern.id)
        .where(RoundAnswer.round_id == round_id)
        .order_by(RoundAnswer.id)
        .limit(MOST_ANSWERS)
    )
    return [(answer, number) for answer, number in session().execute(query)]


def rounds_to_sum_up(by: Actor, most: int) -> list[tuple[int, str]]:
    """Return the rounds whose hour is over and for which a facilitator has not said what was heard."""
    scopes = {held.scope for held in by.standings if held.role in FACILITATORS}
    if not scopes:
        return []
    query = (
        select(OpenRound.id, OpenRound.question)
        .join(Place, OpenRound.community_id == Place.id)
        .where(
            OpenRound.closed_at.is_(None),
            OpenRound.closes_at <= now(),
            or_(*(Place.code.startswith(scope, autoescape=True) for scope in sorted(scopes))),
        )
        .order_by(OpenRound.closes_at)
        .limit(most)
    )
    return [(round_id, question) for round_id, question in session().execute(query)]
