"""Numbers that can be said aloud, and the ordinal a person has on one dossier."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from cogov.ground.db import Id, found, session
from cogov.ground.prepared import Adding, Prepared
from cogov.journal.transaction import verb
from cogov.problems.models import DossierName, NumberCounter
from cogov.problems.queries import locked


@verb
def next_number(series: str, year: int) -> str:
    """Return the next number of a series in a year, such as ``2026-0147``; its row is the lock, so none is lost."""
    last = _raised(series, year)
    if last is None:
        nested = session().begin_nested()
        try:
            session().add(NumberCounter(series=series, year=year, last=0))
            session().flush()
            nested.commit()
        except IntegrityError:  # somebody else has opened the year in this moment
            nested.rollback()
        last = _raised(series, year)
    return f"{year}-{last:04d}"


def _raised(series: str, year: int) -> int | None:
    return session().scalar(
        update(NumberCounter)
        .where(NumberCounter.series == series, NumberCounter.year == year)
        .values(last=NumberCounter.last + 1)
        .returning(NumberCounter.last)
        .execution_options(synchronize_session=False)
    )


@verb
def name_on_dossier(problem_id: int, person_id: int) -> int:
    """Return the ordinal of a person on a dossier, given on first use under the problem's lock."""
    locked(problem_id)
    return name_under_lock(problem_id, person_id)


def name_under_lock(problem_id: int, person_id: int) -> int:
    """Do the same for a command that holds the problem's lock already."""
    own, last = found(_ORDINALS.one_or_none({"problem": problem_id, "person": person_id}))
    if own is not None:
        return int(own)
    ordinal = int(last or 0) + 1
    _NAME.run(problem_id=problem_id, person_id=person_id, ordinal=ordinal)
    return ordinal


def _ordinals() -> Prepared[tuple[int | None, int | None]]:
    problem, person = bindparam("problem", type_=Id), bindparam("person", type_=Id)
    last = select(func.max(DossierName.ordinal)).where(DossierName.problem_id == problem)
    own = select(DossierName.ordinal).where(DossierName.problem_id == problem, DossierName.person_id == person)
    return Prepared(select(own.scalar_subquery(), last.scalar_subquery()), lambda own, last: (own, last))


_ORDINALS = _ordinals()
_NAME = Adding(DossierName)
