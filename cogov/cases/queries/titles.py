"""What cases are called and how far they are, for whoever links to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from cogov.cases.models import Case
from cogov.cases.rules.phrases import STATE
from cogov.ground.db import session
from cogov.ground.words import Words


def called(case_ids: Collection[int]) -> Mapping[int, tuple[str, Words]]:
    """Return number and state of some cases; one query."""
    query = select(Case.id, Case.number, Case.state).where(Case.id.in_(case_ids))
    return {id_: (number, STATE[state]) for id_, number, state in session().execute(query)}
