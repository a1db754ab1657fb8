"""The public ledger: counts, reasons, times, orders; never a text, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select

from cogov.ground.db import found, session
from cogov.moderation.models import Review, ReviewAppeal, WritingBlock
from cogov.moderation.rules import FlagReason, ReviewState
from cogov.places.models import Place


@dataclass(frozen=True)
class Ledger:
    """Counts of one place since a moment: how many were looked at, what became of them, how long it took."""

    reviews: int
    open: int
    kept: int
    removed: int
    ordered: int
    held: int
    appeals: int
    answered: int
    overturned: int
    overdue: int
    reasons: dict[FlagReason, int]
    hours: int | None
    """The middle of the times from opening to decision, in whole hours; None where nothing was decided."""


@dataclass(frozen=True)
class Ordered:
    """One text that was taken down by order: organ, basis and day are public, the text and its author are not."""

    organ: str
    basis: str
    dated: date
    at: datetime


SINCE = timedelta(days=365)
MOST_ORDERS = 50
MOST_TIMES = 10_000


def ledger(place: Place, since: datetime) -> Ledger:
    """Return the ledger of a place and all under it, in three queries."""
    here = _here(place, since)
    rows = (
        session()
        .execute(
            select(
                Review.state,
                Review.reason,
                func.count(),
                func.count(Review.held),
                func.count(Review.overdue_at),
                func.count(ReviewAppeal.review_id),
                func.count(ReviewAppeal.answered_at),
                func.count(Review.decided_by),
            )
            .join(Place, Place.id == Review.place_id)
            .outerjoin(ReviewAppeal, ReviewAppeal.review_id == Review.id)
            .where(here)
            .group_by(Review.state, Review.reason)
        )
        .all()
    )

    def of(*states: ReviewState) -> int:
        return sum(row[2] for row in rows if row[0] in states)

    reasons: dict[FlagReason, int] = {}
    for state, reason, number, *_ in rows:
        if reason is not None and state in (ReviewState.REMOVED, ReviewState.RESTORED):
            reasons[reason] = reasons.get(reason, 0) + number
    return Ledger(
        reviews=of(*ReviewState),
        open=of(ReviewState.OPEN),
        kept=sum(row[7] for row in rows if row[0] is ReviewState.KEPT),  # what its author took away, nobody kept
        removed=of(ReviewState.REMOVED, ReviewState.RESTORED),
        ordered=of(ReviewState.ORDERED),
        held=sum(row[3] for row in rows),
        appeals=sum(row[5] for row in rows),
        answered=sum(row[6] for row in rows),
        overturned=of(ReviewState.RESTORED),
        overdue=sum(row[4] for row in rows),
        reasons=reasons,
        hours=_middle(here),
    )


def _here(place: Place, since: datetime) -> ColumnElement[bool]:
    return and_(Place.code.startswith(place.code, autoescape=True), Review.opened_at >= since)


def _middle(here: ColumnElement[bool]) -> int | None:
    times = session().execute(
        select(Review.opened_at, Review.decided_at)
        .join(Place, Place.id == Review.place_id)
        .where(here, Review.decided_at.is_not(None))
        .order_by(Review.id.desc())
        .limit(MOST_TIMES)
    )
    took = sorted(decided - opened for opened, decided in times if decided is not None)
    return int(took[len(took) // 2].total_seconds() // 3600) if took else None


def orders(place: Place) -> list[Ordered]:
    """Return what was taken down by order at a place, the latest first."""
    rows = session().execute(
        select(Review.order_organ, Review.order_basis, Review.order_date, Review.decided_at)
        .join(Place, Place.id == Review.place_id)
        .where(Place.code.startswith(place.code, autoescape=True), Review.state == ReviewState.ORDERED)
        .order_by(Review.id.desc())
        .limit(MOST_ORDERS)
    )
    return [Ordered(organ, basis, found(dated), found(at)) for organ, basis, dated, at in rows]


@dataclass(frozen=True)
class BlocksCounted:
    """How many blocks there were at a place since a moment, how many were appealed, and how many ended by that."""

    blocks: int
    appealed: int
    ended: int


def blocks_counted(place: Place, since: datetime) -> BlocksCounted:
    """Return the counts of blocks at a place and all under it, in one query."""
    granted = func.count(case((WritingBlock.granted.is_(True), 1)))
    query = (
        select(func.count(), func.count(WritingBlock.appealed_at), granted)
        .select_from(WritingBlock)
        .join(Place, Place.id == WritingBlock.place_id)
        .where(Place.code.startswith(place.code, autoescape=True), WritingBlock.at >= since)
    )
    return BlocksCounted(*(int(number) for number in session().execute(query).one()))
