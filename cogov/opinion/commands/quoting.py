"""Noting that somebody who acts for a body has quoted a statement; the loop calls it for whatever they answer."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.transaction import record, verb
from cogov.opinion.events import StatementQuoted
from cogov.opinion.models import Quote, Statement
from cogov.opinion.rules.quoting import may_quote, quoted_in
from cogov.opinion.rules.stages import QuotedIn, StatementState
from cogov.people.rules import Actor


@verb
def note_quotes(by: Actor, place_id: int, problem_id: int, text: str, *, where: QuotedIn, subject_id: int) -> int:
    """Note which statements of a problem a text of a body names, each once; their writers are told. Return how many."""
    numbers = quoted_in(text) if may_quote(by) else ()
    if not numbers:
        return 0
    named = select(Statement).where(
        Statement.problem_id == problem_id,
        Statement.number.in_(numbers),
        Statement.state == StatementState.SHOWN,
        Statement.person_id.is_distinct_from(by.person_id),
    )
    done = select(Quote.statement_id).where(Quote.place == where, Quote.subject_id == subject_id)
    statements = list(session().scalars(named.where(Statement.id.not_in(done)).order_by(Statement.number)))
    for statement in statements:
        quote = Quote(
            statement_id=statement.id,
            person_id=by.person_id,
            standing_id=by.acting.id if by.acting else None,
            organization_id=by.organization_id,
            place=where,
            subject_id=subject_id,
            at=now(),
        )
        session().add(quote)
        session().flush()
        record(
            StatementQuoted(statement.id, statement.number, where, subject_id),
            by,
            place_id=place_id,
            problem_id=problem_id,
            subject=("statement", statement.id),
        )
    return len(statements)
