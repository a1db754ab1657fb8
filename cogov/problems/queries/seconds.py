"""Who counts as having met a problem: the one inclusion rule of both counters, and the proof that they hold."""

from __future__ import annotations

from sqlalchemy import BindParameter, ScalarSelect, Select, distinct, func, literal, or_, select, union

from cogov.ground.db import Id, session
from cogov.problems.models import Problem, Raiser, Second


def _households() -> Select[int, int]:
    # Households of the roll, those of the raisers among them, each once.
    met = union(
        select(Second.problem_id.label("problem_id"), Second.unit_id.label("unit_id")),
        select(Raiser.problem_id.label("problem_id"), Raiser.unit_id.label("unit_id")),
    ).subquery("met")
    return select(met.c.problem_id, func.count(distinct(met.c.unit_id)).label("n")).group_by(met.c.problem_id)


def counted_seconds(problem_id: int) -> tuple[int, int]:
    """Return (seconds, households) as they are counted from the rows."""
    seconds, households = session().execute(select(*counts_of(literal(problem_id, Id)))).one()
    return int(seconds or 0), int(households or 0)


def _seconds(problem_id: BindParameter[int]) -> Select[int]:
    # Persons who said so; the author said it by raising.
    return select(func.count()).select_from(Second).where(Second.problem_id == problem_id)


def counts_of(problem: BindParameter[int]) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """Return both counts of a problem as they follow from the rows, each a query of its own."""
    met = union(
        select(Second.unit_id.label("unit_id")).where(Second.problem_id == problem, Second.unit_id.is_not(None)),
        select(Raiser.unit_id.label("unit_id")).where(Raiser.problem_id == problem, Raiser.unit_id.is_not(None)),
    ).subquery("met")
    households = select(func.count()).select_from(met)
    return _seconds(problem).scalar_subquery(), households.scalar_subquery()


def miscounts(limit: int = 100) -> list[tuple[int, str, tuple[int, int], tuple[int, int]]]:
    """Return (id, number, stored, counted) of problems whose counters are wrong; none when all is well."""
    households = _households().subquery("households")
    seconds = select(Second.problem_id, func.count().label("n")).group_by(Second.problem_id).subquery("seconds_counted")
    one, other = func.coalesce(seconds.c.n, 0), func.coalesce(households.c.n, 0)
    rows = session().execute(
        select(Problem.id, Problem.number, Problem.seconds, Problem.households, one, other)
        .outerjoin(seconds, seconds.c.problem_id == Problem.id)
        .outerjoin(households, households.c.problem_id == Problem.id)
        .where(or_(Problem.seconds != one, Problem.households != other))
        .order_by(Problem.id)
        .limit(limit)
    )
    return [(id_, number, (a, b), (c, d)) for id_, number, a, b, c, d in rows]
