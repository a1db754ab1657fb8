"""A conversation as one reader sees it: what they are asked next, how far they are, and what became of what they wrote.

Nothing here says who answered what, but to oneself. The number of queries does not grow with statements or people.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal, select

from cogov.ground.clock import now
from cogov.ground.db import Id, session
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.opinion.models import Chart, Conversation, Participant, Quote, Stance, Statement
from cogov.opinion.queries.drawing import people_in
from cogov.opinion.queries.loading import asked_of, conversation_for, ground_of
from cogov.opinion.rules.outcome import counted_words, fate_words, outcome_of
from cogov.opinion.rules.routing import Waiting, asked_next
from cogov.opinion.rules.sight import LEAST
from cogov.opinion.rules.stages import ConversationState, StanceValue, StatementState
from cogov.opinion.rules.taking import why_not_answer, why_not_close, why_not_write
from cogov.people.queries import acted_for
from cogov.people.rules import Actor
from cogov.problems.models import Problem

PAGE_SIZE = 30

_NOTHING: Mapping[str, Any] = {"priorities": {}, "shared": [], "dividing": [], "groups": 0}


@dataclass(frozen=True)
class StatementShown:
    """A statement as a reader sees it; how it was answered, once they have answered it or nobody can any more."""

    id: int
    number: int
    text: str
    state: StatementState
    by: str
    """The organization that wrote it; residents' statements are answered without a name beside them."""

    own: bool
    answer: StanceValue | None
    counted: Words | None


@dataclass(frozen=True)
class OwnStatement:
    """What a reader wrote, and what became of it."""

    id: int
    number: int
    text: str
    state: StatementState
    told: tuple[Words, ...]
    review_id: int | None


@dataclass(frozen=True)
class Taking:
    """Everything the page of taking part shows to one reader."""

    conversation: Conversation
    problem: Problem
    state: ConversationState
    people: int
    statements: int
    to_answer: int
    """How many statements there are for this reader to answer: all but their own."""

    answered: int
    asked: StatementShown | None
    why_not_answer: Refusal | None
    why_not_write: Refusal | None
    why_not_close: Refusal | None
    own: tuple[OwnStatement, ...]
    drawn_at: datetime | None

    @property
    def progress(self) -> Words:
        """How far this reader is, in words."""
        left = self.to_answer - self.answered
        if left <= 0:
            return say("您答完了全部 {n} 条。有新的观点，可以再来。", n=self.to_answer)
        return say("您答了 {n} 条，还有 {left} 条。随时可以停，答过的都算数。", n=self.answered, left=left)


def taking(by: Actor, conversation_id: int, wanted: int | None = None) -> Taking:
    """Return a conversation for a reader; `wanted` is the number of a statement that they want to answer now."""
    conversation, problem = conversation_for(by, conversation_id)
    ground, asked, at = ground_of(problem), asked_of(conversation), now()
    refusal = why_not_answer(by, ground, asked, at)
    standing = _standing(conversation.id)
    answers = own_answers(by, conversation.id)
    people = people_in(conversation.id)
    own, drawn_at = _drawn(conversation.id) if people >= LEAST else (_NOTHING, None)
    mine = {row.id for row in standing if row.person_id is not None and row.person_id == by.person_id}
    answerable = [row for row in standing if row.id not in mine]
    next_id = _next(by, answerable, answers, own, wanted) if refusal is None else None
    return Taking(
        conversation,
        problem,
        asked.state(at),
        people,
        len(standing),
        len(answerable),
        sum(row.id in answers for row in answerable),
        _one(by, next_id, answers) if next_id is not None else None,
        refusal,
        why_not_write(by, ground, asked, at, statements=len(standing)),
        why_not_close(by, ground, asked, at),
        _own_statements(by, conversation.id, own),
        drawn_at,
    )


_Standing = Row[int, int, int | None, int]


def _standing(conversation_id: int) -> Sequence[_Standing]:
    """Return of each statement that stands its id, number, writer and how many answered; no words are read."""
    answered: ColumnElement[int] = Statement.agree + Statement.disagree + Statement.passed
    query = select(Statement.id, Statement.number, Statement.person_id, answered.label("answered")).where(
        Statement.conversation_id == conversation_id, Statement.state == StatementState.SHOWN
    )
    return session().execute(query).all()


def own_answers(by: Actor, conversation_id: int) -> dict[int, int]:
    """Return what this person answered, by the id of the statement."""
    if by.person_id is None:
        return {}
    query = (
        select(Stance.statement_id, Stance.value)
        .join(Participant, Participant.id == Stance.participant_id)
        .where(Participant.conversation_id == conversation_id, Participant.person_id == by.person_id)
    )
    return {row.statement_id: row.value for row in session().execute(query)}


def _drawn(conversation_id: int) -> tuple[Mapping[str, Any], datetime | None]:
    """Return the small part of the last map and when it was drawn."""
    row = session().execute(select(Chart.own, Chart.at).where(Chart.conversation_id == conversation_id)).first()
    return (_NOTHING, None) if row is None else (json.loads(row.own), row.at)


def _next(
    by: Actor,
    standing: Sequence[_Standing],
    answers: Mapping[int, int],
    own: Mapping[str, Any],
    wanted: int | None,
) -> int | None:
    chosen: int | None = next((row.id for row in standing if row.number == wanted), None)
    if chosen is not None:
        return chosen
    waiting = (Waiting(row.id, row.answered) for row in standing if row.id not in answers)
    return asked_next(by.person_id or 0, waiting, own["priorities"])


def _one(by: Actor, statement_id: int, answers: Mapping[int, int]) -> StatementShown | None:
    statement = session().get(Statement, statement_id)
    return None if statement is None else shown_statements(by, [statement], answers, closed=False)[0]


def shown_statements(
    by: Actor, rows: Sequence[Statement], answers: Mapping[int, int], *, closed: bool
) -> list[StatementShown]:
    """Return statements as a reader sees them, in one query more where organizations wrote any."""
    faces = acted_for(row.standing_id for row in rows)
    return [
        StatementShown(
            row.id,
            row.number,
            row.text,
            row.state,
            faces[row.standing_id].organization_name if row.standing_id in faces else "",
            own=row.person_id is not None and row.person_id == by.person_id,
            answer=StanceValue(answers[row.id]) if row.id in answers else None,
            counted=counted_words(row.agree, row.disagree, row.passed)
            if closed or row.id in answers or row.person_id == by.person_id is not None
            else None,
        )
        for row in rows
    ]


def statements_of(
    by: Actor, conversation_id: int, *, after: int = 0, answered: bool = False
) -> tuple[Taking, list[StatementShown], int | None]:
    """Return a page of statements by number, all or those that this reader answered, and after which to go on."""
    taken = taking(by, conversation_id)
    closed = taken.state is ConversationState.CLOSED
    answers = own_answers(by, conversation_id)
    query = select(Statement).where(Statement.conversation_id == conversation_id, Statement.number > literal(after, Id))
    if answered:
        query = query.where(Statement.id.in_(answers), Statement.state == StatementState.SHOWN)
    rows = list(session().scalars(query.order_by(Statement.number).limit(PAGE_SIZE + 1)))
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return taken, shown_statements(by, rows, answers, closed=closed), rows[-1].number if more else None


def _own_statements(by: Actor, conversation_id: int, own: Mapping[str, Any]) -> tuple[OwnStatement, ...]:
    if by.person_id is None:
        return ()
    query = (
        select(Statement, func.count(Quote.id))
        .outerjoin(Quote, Quote.statement_id == Statement.id)
        .where(Statement.conversation_id == conversation_id, Statement.person_id == by.person_id)
        .group_by(Statement.id)
        .order_by(Statement.number.desc())
        .limit(PAGE_SIZE)
    )
    return tuple(
        OwnStatement(
            row.id,
            row.number,
            row.text,
            row.state,
            tuple(fate_words(row.state, row.answered, outcome_of(row.id, own), quoted)),
            row.review_id,
        )
        for row, quoted in session().execute(query)
    )
