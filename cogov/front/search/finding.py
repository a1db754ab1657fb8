"""What a reader finds: only what they may see, and nothing of it by counting either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, func, literal, or_, select, union_all

from cogov.announcements.models import Announcement
from cogov.front.search.sources import BY_KIND, SOURCES
from cogov.ground.db import MAX_ID, Id, connection, session
from cogov.ground.prepared import Prepared, as_they_are
from cogov.ground.search import RANKS, Matching, SearchText, Term, as_asked, counting, ids_of, matching
from cogov.journal.kept import kept
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.queries import Sight, seen_with, sight_of

PAGE = 20

MOST = 100
"""How many texts of a kind are counted; of more it is only said that there are."""


@dataclass(frozen=True)
class Hit:
    """A text that was found, and the problem it belongs to."""

    id: int
    kind: str
    subject_id: int
    number: str
    title: str


def _visible(sight: Sight, *, everywhere: bool) -> ColumnElement[bool]:
    """A text of a problem exists for whom the problem does; an announcement while it hangs on the board."""
    withdrawn = select(Announcement.id).where(Announcement.withdrawn_at.is_not(None))
    of_none = SearchText.problem_id.is_(None) & ~(
        (SearchText.kind == "announcement") & SearchText.subject_id.in_(withdrawn)
    )
    seen = SearchText.problem_id.is_not(None) & seen_with(sight)
    here = Problem.community_id == bindparam("place", type_=Id)
    return or_(of_none, seen if everywhere else and_(seen, here))


def find(
    by: Actor,
    wanted: tuple[Term, ...],
    *,
    place_id: int | None = None,
    kind: str = "",
    after: str = "",
    limit: int = PAGE,
) -> list[Hit]:
    """Return what a reader may find, the matter itself before what was said of it, then the newest first."""
    sight = sight_of(by)
    key = ("found", sight, wanted, place_id, kind, after, limit)
    counts = count(by, wanted, place_id)
    before = _parsed(after)
    kinds = [each for each in sorted(counts, key=RANKS.__getitem__, reverse=True) if kind in ("", each)]
    if before == MAX_ID:
        kinds = _enough(kinds, counts, limit)
    return list(kept(key, lambda: _found(sight, wanted, place_id, kinds, before, limit)))


def _enough(kinds: list[str], counts: Mapping[str, int], limit: int) -> list[str]:
    """Return the kinds that fill a first page: those behind them need not be asked."""
    for last in range(1, len(kinds)):
        if sum(counts[kind] for kind in kinds[:last]) >= limit:
            return kinds[:last]
    return kinds


def _found(
    sight: Sight, wanted: tuple[Term, ...], place_id: int | None, kinds: list[str], before: int, limit: int
) -> list[Hit]:
    left = tuple(kind for kind in kinds if ids_of(kind)[0] < before)
    if not left:
        return []
    dialect = connection().dialect.name
    asked = {f"asked_{kind}": as_asked(dialect, kind, wanted) for kind in left}
    newest = _newest(dialect, sight, left, everywhere=place_id is None)
    rows = newest.all(asked | {"place": place_id, "before": before, "most": limit})
    return [Hit(id_, kind, subject, number or "", title or "") for id_, kind, subject, number, title in rows]


@lru_cache(maxsize=500)
def _newest(dialect: str, sight: Sight, kinds: tuple[str, ...], *, everywhere: bool) -> Prepared[tuple[Any, ...]]:
    """Return the query of the newest texts of some kinds, put together once for whoever sees as much."""
    parts = []
    for kind in kinds:
        among = matching(dialect, bindparam(f"asked_{kind}", type_=Text))
        first, last = ids_of(kind)
        columns = (among.id.label("id"), SearchText.kind, SearchText.subject_id, Problem.number, Problem.title)
        within = and_(among.id.between(first, last), among.id < bindparam("before", type_=Id))
        newest = _seen(among, columns, sight, everywhere=everywhere).where(within)
        parts.append(select(newest.order_by(among.id.desc()).limit(bindparam("most")).subquery()))
    every = union_all(*parts).subquery()
    return Prepared(select(every).order_by(every.c.id.desc()).limit(bindparam("most")), as_they_are, anew=True)


def _seen(among: Matching, columns: Sequence[Any], sight: Sight, *, everywhere: bool) -> Select[*tuple[Any, ...]]:
    of = among.of.outerjoin(Problem, Problem.id == SearchText.problem_id)
    return select(*columns).select_from(of).where(among.holds, _visible(sight, everywhere=everywhere))


def count(by: Actor, wanted: tuple[Term, ...], place_id: int | None = None) -> dict[str, int]:
    """Return how many texts of each kind a reader may find, and of none more than one over MOST."""
    sight = sight_of(by)
    return dict(kept(("found", sight, wanted, place_id), lambda: _counted(sight, wanted, place_id)))


def _counted(sight: Sight, wanted: tuple[Term, ...], place_id: int | None) -> dict[str, int]:
    dialect = connection().dialect.name
    asked = {f"asked_{source.kind}": as_asked(dialect, source.kind, wanted) for source in SOURCES}
    numbers = _counting(dialect, sight, everywhere=place_id is None)
    (found,) = numbers.all(asked | {"place": place_id})
    return {source.kind: number for source, number in zip(SOURCES, found, strict=True) if number}


@lru_cache(maxsize=200)
def _counting(dialect: str, sight: Sight, *, everywhere: bool) -> Prepared[tuple[int, ...]]:
    """Return the query of how many there are of each kind, put together once for whoever sees as much."""
    numbers = []
    for source in SOURCES:
        among = counting(dialect, source.kind, bindparam(f"asked_{source.kind}", type_=Text))
        some = _seen(among, (among.id,), sight, everywhere=everywhere).limit(MOST + 1)
        numbers.append(select(func.count()).select_from(some.subquery()).scalar_subquery())
    return Prepared(select(*numbers), as_they_are)


def key_after(hit: Hit) -> str:
    """Return where a list of hits goes on."""
    return str(hit.id)


def _parsed(after: str) -> int:
    """Return the id before which a list goes on; without one it begins with the first."""
    return min(int(after), MAX_ID) if after.isascii() and after.isdigit() and len(after) < 20 else MAX_ID


def texts_of(hits: list[Hit]) -> dict[tuple[str, int], str]:
    """Return the words of what was found, of all kinds in one query."""
    by_kind: dict[str, list[int]] = {}
    for hit in hits:
        by_kind.setdefault(hit.kind, []).append(hit.subject_id)
    if not by_kind:
        return {}
    parts = []
    for kind, ids in by_kind.items():
        source = BY_KIND[kind]
        rows = source.rows().where(getattr(source.model, source.subject).in_(ids)).subquery()
        parts.append(select(literal(kind).label("kind"), rows.c.subject_id, rows.c.words))
    return {(kind, subject_id): text for kind, subject_id, text in session().execute(union_all(*parts))}


def places_of(hits: list[Hit]) -> dict[int, Place]:
    """Return the places that were found."""
    ids = [hit.subject_id for hit in hits if hit.kind == "place"]
    return {place.id: place for place in session().scalars(select(Place).where(Place.id.in_(ids)))} if ids else {}
