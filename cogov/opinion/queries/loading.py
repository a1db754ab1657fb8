"""Single conversations and statements for somebody; who may not see the problem finds nothing."""

from __future__ import annotations

from sqlalchemy import bindparam, literal, select

from cogov.ground.db import Id, found, session
from cogov.ground.prepared import Prepared
from cogov.journal.kept import Of, kept
from cogov.opinion.models import Conversation, Statement
from cogov.opinion.rules.stages import StatementState
from cogov.opinion.rules.taking import Asked, Ground
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id, problem_for
from cogov.problems.rules.stages import Stage


def ground_of(problem: Problem) -> Ground:
    """Return what the rules need to know of a problem; its code is that of the grid, where it lies in one."""
    place_id = problem.grid_id or problem.community_id
    code = kept(("code", place_id), lambda: found(_CODE.one_or_none({"place": place_id})), of=Of.REGISTERS)
    return Ground(code, ended=problem.stage is Stage.ENDED, hidden=problem.hidden)


_CODE = Prepared(select(Place.code).where(Place.id == bindparam("place", type_=Id)), str)


def asked_of(conversation: Conversation) -> Asked:
    """Return what the rules need to know of a conversation."""
    return Asked(conversation.opens_at, conversation.closes_at, conversation.closed_at is not None)


def conversation_for(by: Actor, conversation_id: int) -> tuple[Conversation, Problem]:
    """Return a conversation with its problem."""
    conversation = found(session().get(Conversation, conversation_id))
    return conversation, problem_by_id(by, conversation.problem_id)


def statement_for(by: Actor, statement_id: int) -> tuple[Statement, Problem]:
    """Return a statement with its problem."""
    statement = found(session().get(Statement, statement_id))
    return statement, problem_by_id(by, statement.problem_id)


def statement_called(by: Actor, number: str, statement_number: int) -> Statement:
    """Return a statement by its number on the dossier of a problem that this actor may see."""
    problem = problem_for(by, number)
    query = select(Statement).where(
        Statement.problem_id == problem.id, Statement.number == literal(statement_number, Id)
    )
    return found(session().scalars(query).one_or_none())


def statement_id_of(conversation_id: int, number: int) -> int:
    """Return the id of a statement by its number, within a conversation."""
    query = select(Statement.id).where(
        Statement.conversation_id == conversation_id, Statement.number == literal(number, Id)
    )
    return found(session().scalar(query))


def conversations_of(problem_id: int) -> list[Conversation]:
    """Return the conversations of a problem, the last one first."""
    query = select(Conversation).where(Conversation.problem_id == problem_id).order_by(Conversation.number.desc())
    return list(session().scalars(query))


def standing_texts(conversation_id: int) -> list[tuple[int, str]]:
    """Return number and words of all statements that stand."""
    query = (
        select(Statement.number, Statement.text)
        .where(Statement.conversation_id == conversation_id, Statement.state == StatementState.SHOWN)
        .order_by(Statement.number)
    )
    return [(number, text) for number, text in session().execute(query)]
