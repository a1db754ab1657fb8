"""Numbers that can be said aloud, and the ordinal a person has on one dossier."""

from __future__ import annotations

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from cogov.ground.db import Id, apart, found, session
from cogov.ground.prepared import Prepared
from cogov.journal.transaction import verb
from cogov.problems.models import DossierName, NumberCounter
from cogov.problems.queries import locked


@verb
def next_number(series: str, year: int) -> str:
    """Return the next number of a series in a year, such as ``2026-0147``; its row is the lock, so none is lost."""
    last = _raised(series, year)
    if last is None:
        nested = apart()
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
    session().flush()
    name_under_lock(problem_id, person_id)
    return found(_ORDINAL.one_or_none({"problem_id": problem_id, "person_id": person_id}))


def name_under_lock(problem_id: int, person_id: int) -> None:
    """Give a person the next ordinal of a dossier unless they have one, for a command that holds the problem's lock."""
    _NAME.run({"problem_id": problem_id, "person_id": person_id})


_PROBLEM, _PERSON = bindparam("problem_id", type_=Id), bindparam("person_id", type_=Id)
_OWN = select(DossierName.ordinal).where(DossierName.problem_id == _PROBLEM, DossierName.person_id == _PERSON)
_LAST = select(func.coalesce(func.max(DossierName.ordinal), 0)).where(DossierName.problem_id == _PROBLEM)
_ORDINAL = Prepared(_OWN, int)
_NAME = Prepared(
    insert(DossierName.__table__)  # type: ignore[arg-type]
    .from_select(
        ["problem_id", "person_id", "ordinal"],
        select(_PROBLEM, _PERSON, _LAST.scalar_subquery() + 1).where(~_OWN.exists()),
    )
    .inline(),
    int,
)
