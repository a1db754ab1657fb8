"""Reading reviews: for the people who decide, for the author, and for readers beside a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Exists, Row, Select, and_, case, func, or_, select, true

from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.copies import Copies, copies
from cogov.ground.db import session
from cogov.ground.needs import Need
from cogov.ground.refusals import NotFound
from cogov.ground.words import say
from cogov.journal.kept import kept
from cogov.journal.reading import Entry
from cogov.moderation.models import Flag, Review, ReviewAppeal, SealedWords, WritingBlock
from cogov.moderation.rules import (
    DECIDERS,
    FlagReason,
    HoldReason,
    Reviewed,
    ReviewState,
    SubjectKind,
    one_of,
    reason_words,
    subject_words,
    why_not_look,
)
from cogov.people.models import RoleHeld
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
    state: ReviewState | None
    reason: FlagReason | None
    held: bool
    under_review: bool
    author_id: int = 0
    appealed: bool = False
    appeal_until: datetime | None = None
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


Told = dict[tuple[SubjectKind, int], Fate]
"""What readers are told about texts, by kind and id."""

_STATES_OF_THEIR_OWN = (SubjectKind.MESSAGE, SubjectKind.STATEMENT)


def fates_on(problem_id: int) -> Told:
    """Return what is told about the texts of a dossier, but for messages and statements, whose rows say it."""
    of_it = and_(Review.problem_id == problem_id, Review.subject.not_in(_STATES_OF_THEIR_OWN))
    return kept(("fates", problem_id), lambda: _told(of_it), of=problem_id)


def fates_of(kind: SubjectKind, ids: Iterable[int]) -> Told:
    """Return what is told about texts of one kind, in one query; in none where there are none."""
    wanted = sorted(set(ids))
    return _told(and_(Review.subject == kind, Review.subject_id.in_(wanted))) if wanted else {}


def _told(of_them: ColumnElement[bool]) -> Told:
    query = (
        select(Review, ReviewAppeal)
        .outerjoin(ReviewAppeal, ReviewAppeal.review_id == Review.id)
        .where(of_them)
        # An order may come upon a text that was kept more than once: what was decided last is what holds.
        .order_by(func.coalesce(Review.decided_at, Review.opened_at), Review.id)
    )
    last = {(review.subject, review.subject_id): _fate(review, appeal) for review, appeal in session().execute(query)}
    return {text: fate for text, fate in last.items() if fate.under_review or fate.state in DOWN}


DOWN = (ReviewState.REMOVED, ReviewState.ORDERED)
"""Texts in these states are covered."""


def _fate(review: Review, appeal: ReviewAppeal | None) -> Fate:
    looked_at = review.state is ReviewState.OPEN and review.flags >= SEEN_BY_READERS
    return Fate(
        review.id,
        review.state,
        review.reason,
        held=review.held is not None,
        under_review=looked_at or (appeal is not None and appeal.answered_at is None),
        author_id=review.author_id,
        appealed=appeal is not None,
        appeal_until=review.appeal_until,
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
        covered=review.state not in DOWN and _covered_since(review),
    )


def _covered_since(review: Review) -> bool:
    """Say whether another review has taken the text down after this one was settled, or while it waits."""
    settled = review.decided_at
    since = Review.decided_at > review.opened_at if settled is None else Review.decided_at >= settled
    query = select(Review.id).where(
        Review.subject == review.subject,
        Review.subject_id == review.subject_id,
        Review.id != review.id,
        Review.state.in_(DOWN),
        since,
    )
    return session().scalar(query.limit(1)) is not None


def open_review(subject: SubjectKind, subject_id: int) -> Review | None:
    """Return the review of a text that is not decided yet."""
    query = select(Review).where(
        Review.subject == subject, Review.subject_id == subject_id, Review.state == ReviewState.OPEN
    )
    return session().scalars(query).one_or_none()


# What waits ----------------------------------------------------------------------------------------------------------


def another_below(place: Any, *out: Any) -> Exists:
    """Say, as a column, whether somebody below the street office decides at a place besides these people."""
    below = [role for role in DECIDERS if role is not Role.STREET_OFFICE]
    return (
        select(RoleHeld.id)
        .where(
            RoleHeld.role.in_(below),
            RoleHeld.ended_at.is_(None),
            or_(RoleHeld.until.is_(None), RoleHeld.until > now()),
            RoleHeld.scope == func.substr(place, 1, func.length(RoleHeld.scope)),
            *(RoleHeld.person_id != person for person in out),
        )
        .exists()
    )


def needs(by: Actor, most: int = NEEDS, *, escalated: bool = False) -> list[Need]:
    """Return the reviews and appeals that wait for a person, what was promised first, in one query.

    ``escalated`` are only those that the level below must not decide, did not decide in time, or has nobody left for.
    """
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
    nobody_left = ~another_below(Place.code, Review.decided_by, Review.author_id)
    came_up = or_(Review.above, Review.overdue_at.is_not(None), and_(appealed, nobody_left))
    flagged = select(Flag.id).where(Flag.review_id == Review.id, Flag.person_id == by.person_id).exists()
    query = (
        select(
            Review.id,
            Review.subject,
            Review.flags,
            Review.held,
            appealed.label("appealed"),
            Place.name,
            RunningClock.due_at,
        )
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
            came_up if escalated else true(),
        )
        .order_by(RunningClock.due_at, Review.id)
        .limit(most)
    )
    return [_need(row) for row in session().execute(query)]


def _need(row: Row[int, SubjectKind, int, HoldReason | None, bool, str, datetime | None]) -> Need:
    line = say("有 {n} 位邻居举报", n=row.flags)
    if row.held is not None:
        line = say("发出前先请您看")
    if row.appealed:
        line = say("写的人对移除提出申诉，等第二个人答复")
    return Need(
        kind="review",
        pill=say("申诉") if row.appealed else subject_words(row.subject),
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
    ours = {entry.number: entry for entry in entries if entry.kind in _ABOUT_TEXTS}
    rows = fates(int(entry.facts["review"]) for entry in ours.values())
    told: dict[int, dict[str, object]] = {entry.number: {} for entry in entries if entry.kind in _KINDS}
    for number, entry in ours.items():
        fate = rows.get(int(entry.facts["review"]))
        if fate is not None:
            told[number] = {
                "what": one_of(SubjectKind(str(entry.facts["subject"]))),
                "basis": reason_words(fate.reason) if fate.reason is not None else "",
                "organ": fate.organ,
                "order": fate.basis,
                "dated": fate.dated,
            }
    told |= {
        entry.number: {"what": one_of(SubjectKind(str(entry.facts["subject"])))}
        for entry in entries
        if entry.kind == "TextWithdrawn"
    }
    told |= {
        entry.number: {
            "basis": reason_words(FlagReason(str(entry.facts["reason"]))),
            "until": datetime.fromisoformat(str(entry.facts["until"])),
        }
        for entry in entries
        if entry.kind == "WriterBlocked"
    }
    return told


_ABOUT_TEXTS = frozenset({"TextRemoved", "TextOrderedDown", "RemovalAnswered"})

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
        "TextWithdrawn",
        "WriterBlocked",
        "BlockAppealOverdue",
        "BlockAppealed",
        "BlockAnswered",
    }
)
