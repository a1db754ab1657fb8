"""Reading reviews: for the people who decide, for the author, for readers in the thread, and for the public ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, case, func, or_, select, true

from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.copies import Copies, copies
from cogov.ground.db import Moment, found, session
from cogov.ground.needs import Need
from cogov.ground.refusals import NotFound
from cogov.ground.words import say
from cogov.journal.reading import Entry
from cogov.moderation.models import Flag, Review, ReviewAppeal, SealedWords, WritingBlock
from cogov.moderation.rules import (
    DECIDERS,
    FlagReason,
    HoldReason,
    Reviewed,
    ReviewState,
    SubjectKind,
    reason_words,
    why_not_look,
)
from cogov.moderation.rules.blocking import Blocked
from cogov.people.rules import Actor, Role
from cogov.places.models import Place

NEEDS = 20
SEEN_BY_READERS = 3
"""From so many people who flagged it on, a text that still stands is shown as being looked at; a convention."""

ABOUT = (Review.author_id, Flag.person_id, ReviewAppeal.person_id, WritingBlock.person_id)
DONE = (Review.decided_by, ReviewAppeal.answered_by, WritingBlock.blocked_by, WritingBlock.answered_by)


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here."""
    return copies(person_id, ABOUT, DONE)


@dataclass(frozen=True)
class Fate:
    """What readers are told about one text: why it is not there, or that it is being looked at."""

    review_id: int
    state: ReviewState
    reason: FlagReason | None
    held: bool
    under_review: bool
    organ: str = ""
    basis: str = ""
    dated: date | None = None


def fates(review_ids: Iterable[int]) -> dict[int, Fate]:
    """Return what is told about the texts with these reviews, in one query; in none where there are none."""
    wanted = sorted(set(review_ids))
    if not wanted:
        return {}
    query = (
        select(Review, ReviewAppeal)
        .outerjoin(ReviewAppeal, ReviewAppeal.review_id == Review.id)
        .where(Review.id.in_(wanted))
    )
    return {review.id: _fate(review, appeal) for review, appeal in session().execute(query)}


def _fate(review: Review, appeal: ReviewAppeal | None) -> Fate:
    looked_at = review.state is ReviewState.OPEN and review.flags >= SEEN_BY_READERS
    return Fate(
        review.id,
        review.state,
        review.reason,
        held=review.held is not None,
        under_review=looked_at or (appeal is not None and appeal.answered_at is None),
        organ=review.order_organ,
        basis=review.order_basis,
        dated=review.order_date,
    )


@dataclass(frozen=True)
class FlagShown:
    """A flag as it is shown to whoever decides: what was said, never by whom."""

    reason: FlagReason
    words: str
    at: datetime


@dataclass(frozen=True)
class ReviewShown:
    """A review with what the rules need, its flags, and the sealed words where the reader may see them."""

    review: Review
    place: Place
    facts: Reviewed
    flags: tuple[FlagShown, ...]
    sealed: str | None
    appeal: ReviewAppeal | None


def review_for(by: Actor, review_id: int) -> ReviewShown:
    """Return a review for its author or for those who decide it; to others it does not exist."""
    row = session().execute(_with_place().where(Review.id == review_id)).one_or_none()
    if row is None:
        raise NotFound
    review, place = row
    given = list(session().scalars(select(Flag).where(Flag.review_id == review.id).order_by(Flag.id)))
    appeal = session().get(ReviewAppeal, review.id)
    facts = reviewed(review, place.code, given, appeal)
    if why_not_look(by, facts) is not None:
        raise NotFound
    mine = by.person_id == review.author_id
    shown = () if mine else tuple(FlagShown(flag.reason, flag.words, flag.at) for flag in given)
    return ReviewShown(review, place, facts, shown, _sealed(review.id), appeal)


def _with_place() -> Select[Review, Place]:
    return select(Review, Place).join(Place, Place.id == Review.place_id)


def _sealed(review_id: int) -> str | None:
    return session().scalar(select(SealedWords.text).where(SealedWords.review_id == review_id))


def reviewed(review: Review, code: str, flags: Sequence[Flag], appeal: ReviewAppeal | None) -> Reviewed:
    """Return a review as the rules take it."""
    return Reviewed(
        code=code,
        state=review.state,
        author_id=review.author_id,
        above=review.above,
        held=review.held is not None,
        decided_by=review.decided_by,
        decided_at=review.decided_at,
        appeal_until=review.appeal_until,
        appealed=appeal is not None,
        appeal_open=appeal is not None and appeal.answered_at is None,
        flagged_by=tuple(flag.person_id for flag in flags),
    )


def open_review(subject: SubjectKind, subject_id: int) -> Review | None:
    """Return the review of a text that is not decided yet."""
    query = select(Review).where(
        Review.subject == subject, Review.subject_id == subject_id, Review.state == ReviewState.OPEN
    )
    return session().scalars(query).one_or_none()


# What waits ----------------------------------------------------------------------------------------------------------


def needs(by: Actor, most: int = NEEDS) -> list[Need]:
    """Return the reviews and appeals that wait for a person, what was promised first, in one query."""
    reached = [
        and_(
            Place.code.startswith(held.scope, autoescape=True),
            true() if held.role is Role.STREET_OFFICE else ~Review.above,
        )
        for held in by.standings
        if held.role in DECIDERS
    ]
    if by.person_id is None or not reached:
        return []
    appealed = and_(ReviewAppeal.review_id.is_not(None), ReviewAppeal.answered_at.is_(None))
    flagged = select(Flag.id).where(Flag.review_id == Review.id, Flag.person_id == by.person_id).exists()
    query = (
        select(Review.id, Review.flags, Review.held, appealed.label("appealed"), Place.name, RunningClock.due_at)
        .join(Place, Place.id == Review.place_id)
        .outerjoin(ReviewAppeal, ReviewAppeal.review_id == Review.id)
        .outerjoin(
            RunningClock,
            and_(
                RunningClock.purpose == case((appealed, Purpose.REMOVAL_APPEAL.value), else_=Purpose.REVIEW.value),
                RunningClock.subject_id == Review.id,
                RunningClock.stopped_at.is_(None),
            ),
        )
        .where(
            or_(*reached),
            Review.author_id != by.person_id,
            ~flagged,
            or_(Review.state == ReviewState.OPEN, and_(appealed, Review.decided_by != by.person_id)),
        )
        .order_by(RunningClock.due_at, Review.id)
        .limit(most)
    )
    return [_need(row) for row in session().execute(query)]


def _need(row: Row[int, int, HoldReason | None, bool, str, datetime | None]) -> Need:
    line = say("有 {n} 位邻居举报", n=row.flags)
    if row.held is not None:
        line = say("发出前先请您看")
    if row.appealed:
        line = say("写的人对移除提出申诉，等第二个人答复")
    return Need(
        kind="review",
        pill=say("申诉") if row.appealed else say("发言"),
        icon="scale" if row.appealed else "flag",
        title=row.name,
        line=line,
        action=say("去看"),
        endpoint="moderation.show",
        values={"review_id": row.id},
        due_at=row.due_at,
    )


# The journal's sentences ---------------------------------------------------------------------------------------------


def details(entries: Sequence[Entry]) -> dict[int, dict[str, object]]:
    """Return for each entry of this room what its sentence needs."""
    ours = {entry.number: entry for entry in entries if entry.kind in ("TextRemoved", "TextOrderedDown")}
    rows = fates(int(entry.facts["review"]) for entry in ours.values())
    told: dict[int, dict[str, object]] = {entry.number: {} for entry in entries if entry.kind in _KINDS}
    for number, entry in ours.items():
        fate = rows.get(int(entry.facts["review"]))
        if fate is not None:
            told[number] = {
                "basis": reason_words(fate.reason) if fate.reason is not None else "",
                "organ": fate.organ,
                "order": fate.basis,
                "dated": fate.dated,
            }
    told |= {
        entry.number: {"basis": reason_words(FlagReason(str(entry.facts["reason"])))}
        for entry in entries
        if entry.kind == "WriterBlocked"
    }
    return told


_KINDS = frozenset(
    {
        "TextFlagged",
        "TextHeld",
        "TextKept",
        "TextRemoved",
        "TextOrderedDown",
        "RemovalAppealed",
        "RemovalAnswered",
        "ReviewOverdue",
        "SealedWordsRead",
        "WriterBlocked",
        "BlockAppealed",
        "BlockAnswered",
    }
)


# The public ledger ---------------------------------------------------------------------------------------------------


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
        kept=of(ReviewState.KEPT),
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


# Who may not write for a while ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BlockShown:
    """A block for whom it is about, and for those who decide."""

    block: WritingBlock
    place: Place
    facts: Blocked
    own: bool


def lasting(person: Any, place: Any, problem: Any, at: Any) -> ScalarSelect[datetime]:
    """Return, as a column, until when a person may not write in a topic: for its own sake, or in the whole place."""
    in_place = and_(WritingBlock.problem_id.is_(None), WritingBlock.place_id == place)
    here = in_place if problem is None else or_(WritingBlock.problem_id == problem, in_place)
    query = select(func.max(WritingBlock.until, type_=Moment)).where(
        WritingBlock.person_id == person, WritingBlock.ended_at.is_(None), WritingBlock.until > at, here
    )
    return query.scalar_subquery()


def blocked_until(person_id: int, place_id: int, problem_id: int | None) -> datetime | None:
    """Return until when a person may not write in a topic or a place, None where they may."""
    return session().scalar(select(lasting(person_id, place_id, problem_id, now())))


def blocked(block: WritingBlock, code: str) -> Blocked:
    """Return a block as the rules take it."""
    return Blocked(
        code,
        block.person_id,
        block.blocked_by,
        block.until,
        ended=block.ended_at is not None,
        appealed=block.appealed_at is not None,
        answered=block.answered_at is not None,
    )


def block_for(by: Actor, block_id: int) -> BlockShown:
    """Return a block for whom it is about and for those who decide such matters; to others it does not exist."""
    query = select(WritingBlock, Place).join(Place, Place.id == WritingBlock.place_id)
    row = session().execute(query.where(WritingBlock.id == block_id)).one_or_none()
    if row is None:
        raise NotFound
    block, place = row
    own = by.person_id is not None and by.person_id == block.person_id
    if not own and not by.holds(place.code, *DECIDERS):
        raise NotFound
    return BlockShown(block, place, blocked(block, place.code), own)


def block_needs(by: Actor, most: int = NEEDS) -> list[Need]:
    """Return the appeals against blocks that wait for a person, the oldest first, in one query."""
    reached = [Place.code.startswith(held.scope, autoescape=True) for held in by.standings if held.role in DECIDERS]
    if by.person_id is None or not reached:
        return []
    query = (
        select(WritingBlock.id, Place.name, WritingBlock.until)
        .join(Place, Place.id == WritingBlock.place_id)
        .where(
            or_(*reached),
            WritingBlock.appealed_at.is_not(None),
            WritingBlock.answered_at.is_(None),
            WritingBlock.blocked_by != by.person_id,
            WritingBlock.person_id != by.person_id,
            WritingBlock.until > now(),
        )
        .order_by(WritingBlock.until, WritingBlock.id)
        .limit(most)
    )
    return [
        Need(
            kind="block",
            pill=say("申诉"),
            icon="scale",
            title=name,
            line=say("有人对暂停发言提出申诉，等第二个人答复"),
            action=say("去看"),
            endpoint="moderation.show_block",
            values={"block_id": block_id},
            due_at=until,
        )
        for block_id, name, until in session().execute(query)
    ]


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
