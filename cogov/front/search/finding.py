"""What a reader finds: only what they may see, and nothing of it by counting either."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, tuple_, union_all

from cogov.announcements.models import Announcement
from cogov.front.search.sources import BY_KIND, SOURCES
from cogov.ground.db import MAX_ID, session
from cogov.ground.search import SearchText, Term, matches
from cogov.journal.kept import kept
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.queries import Sight, seen_with, sight_of

PAGE = 20


@dataclass(frozen=True)
class Hit:
    """A text that was found, and the problem it belongs to."""

    id: int
    kind: str
    subject_id: int
    number: str
    title: str


def _visible(sight: Sight, place_id: int | None) -> ColumnElement[bool]:
    """A text of a problem exists for whom the problem does; an announcement while it hangs on the board."""
    withdrawn = select(Announcement.id).where(Announcement.withdrawn_at.is_not(None))
    of_none = SearchText.problem_id.is_(None) & ~(
        (SearchText.kind == "announcement") & SearchText.subject_id.in_(withdrawn)
    )
    seen = SearchText.problem_id.is_not(None) & seen_with(sight)
    return or_(of_none, seen if place_id is None else and_(seen, Problem.community_id == place_id))


_RANKS = {source.kind: len(SOURCES) - index for index, source in enumerate(SOURCES)}
_RANK = case(_RANKS, value=SearchText.kind, else_=0)


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
    return list(kept(key, lambda: _found(sight, wanted, place_id, kind, _parsed(after), limit)))


def _found(
    sight: Sight, wanted: tuple[Term, ...], place_id: int | None, kind: str, after: tuple[int, int] | None, limit: int
) -> list[Hit]:
    query = (
        select(SearchText.id, SearchText.kind, SearchText.subject_id, Problem.number, Problem.title)
        .outerjoin(Problem, Problem.id == SearchText.problem_id)
        .where(matches(wanted), _visible(sight, place_id))
        .order_by(_RANK.desc(), SearchText.id.desc())
        .limit(limit)
    )
    if kind:
        query = query.where(SearchText.kind == kind)
    if after is not None:
        query = query.where(tuple_(_RANK, SearchText.id) < tuple_(*after))
    return [
        Hit(id_, kind_, subject, number or "", title or "")
        for id_, kind_, subject, number, title in session().execute(query)
    ]


def count(by: Actor, wanted: tuple[Term, ...], place_id: int | None = None) -> dict[str, int]:
    """Return how many texts of each kind a reader may find; whoever sees as much finds as many."""
    sight = sight_of(by)
    return dict(kept(("found", sight, wanted, place_id), lambda: _counted(sight, wanted, place_id)))


def _counted(sight: Sight, wanted: tuple[Term, ...], place_id: int | None) -> dict[str, int]:
    query = (
        select(SearchText.kind, func.count())
        .outerjoin(Problem, Problem.id == SearchText.problem_id)
        .where(matches(wanted), _visible(sight, place_id))
        .group_by(SearchText.kind)
    )
    return dict(session().execute(query).all())


def key_after(hit: Hit) -> str:
    """Return where a list of hits goes on."""
    return f"{_RANKS[hit.kind]}-{hit.id}"


def _parsed(after: str) -> tuple[int, int] | None:
    rank, _, id_ = after.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in (rank, id_)):
        return None
    return min(int(rank), MAX_ID), min(int(id_), MAX_ID)


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
