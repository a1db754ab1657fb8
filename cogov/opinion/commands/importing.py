"""Taking over a conversation from elsewhere: closed at once, its people are numbers and no accounts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import insist
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.rules import mask
from cogov.opinion.commands.answering import NUMBERS
from cogov.opinion.events import ConversationImported
from cogov.opinion.models import Conversation, Participant, Stance, Statement
from cogov.opinion.queries.loading import ground_of
from cogov.opinion.rules.importing import Exported, exported, sort_sheets, why_not_import
from cogov.opinion.rules.stages import IMPORTED_LENGTH, QUESTION_LENGTH, StatementState
from cogov.opinion.rules.taking import SHORTEST
from cogov.people.rules import Actor, Role
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for_change

AT_ONCE = 5_000
"""Rows of one statement to the database."""


@verb
def import_conversation(
    by: Actor, number: str, *, sheets: Mapping[str, str], question: str = "", once: str | None = None
) -> Conversation:
    """Take over the sheets of a Polis export, all or nothing; the map is drawn in the background."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    ground = ground_of(problem)
    insist(why_not_import(by, ground.code))
    found = exported(sort_sheets(sheets), question)
    conversation = _conversation(by.under(by.standing(ground.code, Role.ADMINISTRATOR)), problem, found)
    statements = _statements(conversation, problem, found)
    _answers(conversation, found, statements)
    record(
        ConversationImported(
            conversation.id,
            conversation.number,
            len(found.answers),
            len(found.sayings),
            commit_to(conversation.salt, conversation.question),
        ),
        by,
        place_id=problem.community_id,
        problem_id=problem.id,
        subject=("conversation", conversation.id),
    )
    return conversation


def _conversation(by: Actor, problem: Problem, found: Exported) -> Conversation:
    at = now()
    last = session().scalar(select(func.max(Conversation.number)).where(Conversation.problem_id == problem.id)) or 0
    conversation = Conversation(
        problem_id=problem.id,
        number=last + 1,
        question=mask(found.question).text[:QUESTION_LENGTH],
        salt=salt(),
        person_id=by.person_id,
        standing_id=by.acting.id if by.acting else None,
        organization_id=by.organization_id,
        at=at,
        opens_at=at - SHORTEST,
        closes_at=at,
        closed_at=at,
    )
    session().add(conversation)
    session().flush()
    return conversation


def _statements(conversation: Conversation, problem: Problem, found: Exported) -> dict[str, int]:
    """Write the statements, and return their ids by their names in the file."""
    counts: dict[str, list[int]] = {each.name: [0, 0, 0] for each in found.sayings}
    for answers in found.answers:
        for name, value in answers.items():
            counts[name][value] += 1  # 0 passed, 1 agree, -1 (the last) disagree
    first = session().scalar(select(func.max(Statement.number)).where(Statement.problem_id == problem.id)) or 0
    rows = [
        Statement(
            conversation_id=conversation.id,
            problem_id=problem.id,
            number=first + place,
            text=mask(each.text).text[:IMPORTED_LENGTH],
            salt=salt(),
            at=conversation.at,
            state=StatementState.REMOVED if each.out else StatementState.SHOWN,
            imported=True,
            agree=counts[each.name][1],
            disagree=counts[each.name][-1],
            passed=counts[each.name][0],
            changes=sum(counts[each.name]),
        )
        for place, each in enumerate(found.sayings, start=1)
    ]
    session().add_all(rows)
    session().flush()
    return {each.name: row.id for each, row in zip(found.sayings, rows, strict=True)}


def _answers(conversation: Conversation, found: Exported, statements: Mapping[str, int]) -> None:
    numbers = [1 + secrets.randbelow(NUMBERS - 1) for _ in found.answers]
    people = [
        {"id": number, "conversation_id": conversation.id, "imported": place, "answered": len(answers)}
        for place, (number, answers) in enumerate(zip(numbers, found.answers, strict=True))
    ]
    stances = [
        {"participant_id": number, "statement_id": statements[name], "value": value}
        for number, answers in zip(numbers, found.answers, strict=True)
        for name, value in answers.items()
    ]
    _insert(Participant, people)
    _insert(Stance, stances)


def _insert(model: type[Participant | Stance], rows: Sequence[Mapping[str, Any]]) -> None:
    for begin in range(0, len(rows), AT_ONCE):
        session().execute(insert(model), rows[begin : begin + AT_ONCE])
