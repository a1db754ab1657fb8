"""Flagging, holding, deciding, appealing; the room of a text takes it down and puts it back (`cogov.loop`)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, select

from cogov.duties.commands import start_clock, stop_clock
from cogov.duties.queries import running
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import NotFound, Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import Words, say
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.events import (
    RemovalAnswered,
    RemovalAppealed,
    ReviewOverdue,
    SealedWordsRead,
    TextFlagged,
    TextHeld,
    TextKept,
    TextOrderedDown,
    TextRemoved,
)
from cogov.moderation.models import Flag, Review, ReviewAppeal, SealedWords, WritingBlock
from cogov.moderation.queries import open_review, reviewed
from cogov.moderation.rules import (
    APPEAL_LENGTH,
    DECIDERS,
    WORDS_LENGTH,
    FlagReason,
    HoldReason,
    Order,
    Reviewed,
    ReviewState,
    ReviewVerdict,
    SubjectKind,
    why_not_answer,
    why_not_appeal,
    why_not_decide,
    why_not_look,
    why_not_order,
    why_not_reason,
)
from cogov.people.queries import nearest
from cogov.people.rules import Actor, OrganizationKind, Role
from cogov.places.queries import place_by_id, setting
from cogov.places.rules import Setting

ORGAN_LENGTH, BASIS_LENGTH = 120, 200


# What upper rooms call -----------------------------------------------------------------------------------------------


@verb
def flag_text(
    by: Actor,
    subject: SubjectKind,
    subject_id: int,
    *,
    author_id: int,
    place_id: int,
    problem_id: int | None,
    reason: FlagReason,
    words: str,
    above: bool,
    version: int | None = None,
) -> Review:
    """Flag a text; the room it lies in has loaded it for this reader. Whoever flags again changes their own flag."""
    words = checked(words, WORDS_LENGTH, say("说明"), least=0)
    review = open_review(subject, subject_id) or _open(subject, subject_id, author_id, place_id, problem_id)
    review.version = review.version or version
    assert by.person_id is not None
    given = session().scalars(_flag_of(review.id, by.person_id)).one_or_none()
    if given is None:
        given = Flag(review_id=review.id, person_id=by.person_id, reason=reason, words=words, at=now())
        with unless_taken(Refusal("flagged_meanwhile", say("您刚刚已经举报过了。"))):
            session().add(given)
        review.flags += 1
    given.reason, given.words = reason, words
    review.above = review.above or above
    _record(TextFlagged(review.id, subject, subject_id), by.under(None), review)
    return review


def _flag_of(review_id: int, person_id: int) -> Select[Flag]:
    return select(Flag).where(Flag.review_id == review_id, Flag.person_id == person_id)


@verb
def hold_text(
    by: Actor,
    subject: SubjectKind,
    subject_id: int,
    *,
    place_id: int,
    problem_id: int | None,
    reason: HoldReason,
    text: str,
    text_salt: str,
) -> Review:
    """Hold a text before it is published: its words are sealed until somebody has looked at it."""
    review = _open(subject, subject_id, found(by.person_id), place_id, problem_id, held=reason)
    session().add(SealedWords(review_id=review.id, text=text))
    event = TextHeld(review.id, subject, subject_id, reason, commit_to(text_salt, text))
    _record(event, by, review)
    return review


def seal_words(review_id: int, text: str) -> None:
    """Take the words of a text that was taken down; its room keeps them no more."""
    if session().get(SealedWords, review_id) is None:
        session().add(SealedWords(review_id=review_id, text=text))


def end_review(subject: SubjectKind, subject_id: int, text: str) -> None:
    """Seal a text that its author takes away while it is under review, and end the review: nobody has decided it."""
    query = select(Review).where(
        Review.subject == subject, Review.subject_id == subject_id, Review.state == ReviewState.OPEN
    )
    review = session().scalars(for_change(query)).one_or_none()
    if review is None:
        return
    seal_words(review.id, text)
    review.state, review.decided_at = ReviewState.KEPT, now()
    stop_clock(Purpose.REVIEW, review.id)


def unseal_words(review_id: int) -> str:
    """Give the words of a text back to its room, and keep them no more."""
    sealed = found(session().get(SealedWords, review_id))
    session().delete(sealed)
    return sealed.text


def _open(
    subject: SubjectKind,
    subject_id: int,
    author_id: int,
    place_id: int,
    problem_id: int | None,
    held: HoldReason | None = None,
) -> Review:
    review = Review(
        subject=subject,
        subject_id=subject_id,
        place_id=place_id,
        problem_id=problem_id,
        author_id=author_id,
        held=held,
        above=False,
        flags=0,
        opened_at=now(),
    )
    with unless_taken(Refusal("flagged_meanwhile", say("别人刚刚也举报了这段话，请再试一次。"))):
        session().add(review)
    _promise(Purpose.REVIEW, review, say("看一段发言的期限"))
    return review


def _promise(purpose: Purpose, review: Review, basis: Words) -> None:
    code = place_by_id(review.place_id).code
    holder = nearest(OrganizationKind.STREET if review.above else OrganizationKind.COMMITTEE, code)
    start_clock(
        purpose,
        review.id,
        place_id=review.place_id,
        problem_id=None,  # the dossier shows its clocks to everybody, and this is nobody's business there
        promise=Limit(setting(code, Setting.REVIEW_HOURS), LimitUnit.EMERGENCY_HOURS),
        organization_id=holder.id if holder else None,
        basis=basis.msgid,
    )


# Deciding ------------------------------------------------------------------------------------------------------------


@verb
def decide_review(
    by: Actor,
    review_id: int,
    *,
    verdict: ReviewVerdict,
    reason: FlagReason | None = None,
    words: str = "",
    once: str | None = None,
) -> Review:
    """Leave a text as it is, or take it down under a clause; its author is told which, and how to appeal."""
    insist_once(by, once)
    review, facts = _for_change(by, review_id)
    insist(why_not_decide(by, facts))
    acting = by.under(by.standing(facts.code, *DECIDERS))
    if verdict is ReviewVerdict.KEEP:
        _settle(review, acting, ReviewState.KEPT)
        _record(TextKept(review.id, review.subject, review.subject_id), acting, review)
        return review
    insist(why_not_reason(reason))
    assert reason is not None
    review.reason = reason
    review.words, review.salt = checked(words, WORDS_LENGTH, say("给写的人的话"), least=0), salt()
    review.appeal_until = now() + timedelta(days=setting(facts.code, Setting.REMOVAL_APPEAL_DAYS))
    _settle(review, acting, ReviewState.REMOVED)
    told = commit_to(review.salt, review.words)
    _record(TextRemoved(review.id, review.subject, review.subject_id, reason, told), acting, review)
    return review


@verb
def order_down(by: Actor, review_id: int, *, order: Order, once: str | None = None) -> Review:
    """Take a text down by the order of an organ; organ, basis and day stand in the public ledger.

    An order is about the text: where it was flagged anew since, it settles the review that waits, which is returned.
    """
    insist_once(by, once)
    waiting = _lock_all_of(review_id)
    review, facts = _for_change(by, review_id)
    insist(why_not_order(by, facts, order, now().date()))
    if waiting is not None and waiting.id != review.id:
        review, facts = _for_change(by, waiting.id)
        insist(why_not_order(by, facts, order, now().date()))
    review.order_organ = checked(order.organ, ORGAN_LENGTH, say("机关"))
    review.order_basis = checked(order.basis, BASIS_LENGTH, say("依据"))
    review.order_date, review.salt = order.dated, salt()
    acting = by.under(by.standing(facts.code, Role.STREET_OFFICE))
    _settle(review, acting, ReviewState.ORDERED)
    told = commit_to(review.salt, review.order_organ, review.order_basis)
    event = TextOrderedDown(review.id, review.subject, review.subject_id, order.dated, told)
    _record(event, acting, review)
    return review


def _lock_all_of(review_id: int) -> Review | None:
    """Lock every review of a text, so that two orders about it come one after the other; return the one that waits."""
    about = session().execute(select(Review.subject, Review.subject_id).where(Review.id == review_id)).one_or_none()
    if about is None:
        raise NotFound
    query = select(Review).where(Review.subject == about.subject, Review.subject_id == about.subject_id)
    reviews = session().scalars(for_change(query.order_by(Review.id)))
    return next((each for each in reviews.all() if each.state is ReviewState.OPEN), None)


def _settle(review: Review, by: Actor, state: ReviewState) -> None:
    review.state, review.decided_at = state, now()
    review.decided_by, review.decided_for = by.person_id, by.organization_id
    stop_clock(Purpose.REVIEW, review.id)


@verb
def read_sealed(by: Actor, review_id: int) -> None:
    """Write down that somebody who is not the author reads sealed words; they may, and it is known."""
    review, facts = _for_change(by, review_id)
    insist(why_not_look(by, facts))
    if by.person_id != review.author_id:
        _record(SealedWordsRead(review.id), by.under(by.standing(facts.code, *DECIDERS)), review)


# Appeals -------------------------------------------------------------------------------------------------------------


@verb
def appeal_removal(by: Actor, review_id: int, *, words: str, once: str | None = None) -> ReviewAppeal:
    """Appeal, as the author, against the removal of one's words; a second person answers."""
    insist_once(by, once)
    review, facts = _for_change(by, review_id)
    insist(why_not_appeal(by, facts, now()))
    words, sealed = checked(words, APPEAL_LENGTH, say("申诉的理由")), salt()
    assert by.person_id is not None
    appeal = ReviewAppeal(review_id=review.id, person_id=by.person_id, words=words, salt=sealed, at=now())
    with unless_taken(Refusal("appealed_once", say("每段话可以申诉一次，您已经申诉过了。"))):
        session().add(appeal)
    _promise(Purpose.REMOVAL_APPEAL, review, say("答复发言申诉的期限"))
    _record(RemovalAppealed(review.id, commit_to(sealed, words)), by.under(None), review)
    return appeal


@verb
def answer_removal_appeal(
    by: Actor, review_id: int, *, granted: bool, words: str, once: str | None = None
) -> ReviewAppeal:
    """Answer an appeal as somebody who has not acted before: the text is put back, or it stays down."""
    insist_once(by, once)
    review, facts = _for_change(by, review_id)
    insist(why_not_answer(by, facts))
    appeal = found(session().get(ReviewAppeal, review.id))
    appeal.answer = checked(words, APPEAL_LENGTH, say("答复"))
    acting = by.under(by.standing(facts.code, *DECIDERS))
    appeal.granted, appeal.answered_by, appeal.answered_for = granted, by.person_id, acting.organization_id
    appeal.answered_at = now()
    if granted:
        review.state = ReviewState.RESTORED
    stop_clock(Purpose.REMOVAL_APPEAL, review.id)
    told = commit_to(appeal.salt, appeal.answer)
    event = RemovalAnswered(review.id, review.subject, review.subject_id, granted, told)
    _record(event, acting, review)
    return appeal


# What falls due ------------------------------------------------------------------------------------------------------


@verb
def due_review(by: Actor, review_id: int) -> None:
    """Tell the level above that a review, or an appeal, was not settled in time; it stays open."""
    review = found(session().scalars(for_change(select(Review).where(Review.id == review_id))).one_or_none())
    appeal = session().get(ReviewAppeal, review.id)
    waits = review.state is ReviewState.OPEN or (appeal is not None and appeal.answered_at is None)
    clocks = (running(Purpose.REVIEW, review.id), running(Purpose.REMOVAL_APPEAL, review.id))
    if not waits or not any(clock is not None and clock.due_at <= now() for clock in clocks):
        return
    first = review.overdue_at is None
    review.overdue_at = review.overdue_at or now()
    above = nearest(OrganizationKind.STREET, place_by_id(review.place_id).code)
    if first:
        _record(ReviewOverdue(review.id, above.id if above else None), by, review)


# Together ------------------------------------------------------------------------------------------------------------


def _for_change(by: Actor, review_id: int) -> tuple[Review, Reviewed]:
    review = session().scalars(for_change(select(Review).where(Review.id == review_id))).one_or_none()
    if review is None:
        raise NotFound
    flags = list(session().scalars(select(Flag).where(Flag.review_id == review.id)))
    code = place_by_id(review.place_id).code
    facts = reviewed(review, code, flags, session().get(ReviewAppeal, review.id))
    # Others learn nothing of a review, not even that there is one; a moderator of the place is told whose it is.
    if by.person_id != review.author_id and not by.holds(code, *DECIDERS):
        raise NotFound
    return review, facts


def checked(text: str, longest: int, what: Words, *, least: int = 1) -> str:
    """Return words tidied, of a length that is taken."""
    text = tidy(text)
    insist(why_not_wording(text, longest=longest, least=least, what=what))
    return text


def _record(event: Event, by: Actor, review: Review) -> None:
    record(event, by, place_id=review.place_id, problem_id=review.problem_id, subject=("review", review.id))


def forget_person(person_id: int, words: bool) -> None:
    """Erase what lies sealed of a person who wished their words erased, and what they said in flags and appeals."""
    if not words:
        return
    for sealed in session().scalars(
        select(SealedWords).join(Review, Review.id == SealedWords.review_id).where(Review.author_id == person_id)
    ):
        sealed.text = ""
    for flag in session().scalars(select(Flag).where(Flag.person_id == person_id)):
        flag.words = ""
    for block in session().scalars(select(WritingBlock).where(WritingBlock.person_id == person_id)):
        block.appeal = ""
