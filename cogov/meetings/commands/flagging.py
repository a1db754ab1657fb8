"""Flagging what was moved in a meeting, or objected to its minutes; minutes say a mark where its words were."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, or_, select

from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound
from cogov.journal.transaction import insist_once, verb
from cogov.meetings.commands.holding import locked, tell
from cogov.meetings.events import MeetingWordsSettled
from cogov.meetings.models import Attendance, Meeting, MeetingItem, MeetingMotion, MinutesSignature, MinutesVersion
from cogov.meetings.rules.covering import Covered, retitled, title_covered, titles_of, told_anew
from cogov.moderation.commands import Passage, flag_passage, note_covers, settle_passage
from cogov.moderation.models import Review, SealedWords
from cogov.moderation.queries import DOWN, covered_fields, is_covered
from cogov.moderation.rules import FlagReason, ReviewState, SubjectKind
from cogov.moderation.rules.covering import mark_of, unfold
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by

Row = MeetingMotion | MinutesSignature
_COLUMNS = {SubjectKind.MOTION: ("text",), SubjectKind.SIGNATURE: ("reason",)}
FLAGGED = frozenset(_COLUMNS)


@verb
def flag_meeting_words(
    by: Actor,
    kind: SubjectKind,
    subject_id: int,
    *,
    reason: FlagReason,
    words: str = "",
    about_committee: bool = False,
    once: str | None = None,
) -> Review:
    """Flag a motion, or what somebody objects to minutes; what is about the committee goes to the level above."""
    insist_once(by, once)
    text, meeting = meeting_passage_of(by, kind, subject_id)
    locked(meeting.id)
    session().refresh(text.row)
    return flag_passage(by, text, reason=reason, words=words, about_committee=about_committee)


def meeting_passage_of(by: Actor, kind: SubjectKind, subject_id: int) -> tuple[Passage, Meeting]:
    """Return a text of a meeting; not found where it is about a problem that this actor may not see."""
    row = _row(kind, subject_id)
    if isinstance(row, MeetingMotion):
        seen = (
            select(MeetingItem.id)
            .outerjoin(Problem, and_(Problem.id == MeetingItem.problem_id, seen_by(by)))
            .where(MeetingItem.id == row.item_id, or_(MeetingItem.problem_id.is_(None), Problem.id.is_not(None)))
        )
        found(session().scalar(seen))
    meeting = found(session().get(Meeting, row.meeting_id))
    return _passage(kind, row, meeting), meeting


def _row(kind: SubjectKind, subject_id: int) -> Row:
    match kind:
        case SubjectKind.MOTION:
            return found(session().get(MeetingMotion, subject_id))
        case SubjectKind.SIGNATURE:
            return found(session().get(MinutesSignature, subject_id))
        case _:
            raise NotFound


def _passage(kind: SubjectKind, row: Row, meeting: Meeting) -> Passage:
    who = found(session().get(Attendance, row.mover_id if isinstance(row, MeetingMotion) else row.attendance_id))
    return Passage(
        kind,
        row,
        _COLUMNS[kind],
        # For who has no phone the desk wrote down what they said, and answers for the words.
        author_id=found(who.person_id or who.entered_by),
        standing_id=who.standing_id,
        place_id=meeting.place_id,
        problem_id=None,
        code=place_by_id(meeting.place_id).code,
    )


@verb
def settle_meeting_words(by: Actor, review_id: int) -> None:
    """Have a text follow its review, and with it the minutes and the motions that repeat its words."""
    review = found(session().get(Review, review_id))
    row = _row(review.subject, review.subject_id)
    meeting = locked(row.meeting_id)
    session().refresh(row)
    text = _passage(review.subject, row, meeting)
    before, down = _words(row), covered_in(meeting.id)
    sealed = session().get(SealedWords, review.id)
    came_back = unfold(sealed.text).get("text", "") if sealed and review.state is ReviewState.RESTORED else ""
    settle_passage(text, review, about=str(row.id))
    if isinstance(row, MeetingMotion) and (came_back or before != row.text):
        # Where the motion itself has another wording by now, what repeats its old one still finds it.
        old, new = (mark_of(ReviewState.REMOVED, str(row.id)), came_back) if came_back else (before, row.text)
        _repeat(row, old, new, review)
        _tell_anew(meeting.id, down)
    if review.state is not ReviewState.KEPT:
        tell(MeetingWordsSettled(meeting.id, review.id), by, meeting)


def _words(row: Row) -> str:
    return row.text if isinstance(row, MeetingMotion) else row.reason


def covered_in(meeting_id: int) -> tuple[Covered, ...]:
    """Return what a meeting treated and whose words lie sealed; what its author had erased is with nobody any more."""
    return (*_motions_covered_in(meeting_id), *_titles_covered_in(meeting_id))


def _titles_covered_in(meeting_id: int) -> Iterator[Covered]:
    about = select(MeetingItem.problem_id).where(MeetingItem.meeting_id == meeting_id)
    query = (
        select(Problem.number, Review.state, SealedWords.text)
        .join(Review, and_(Review.subject == SubjectKind.PROBLEM, Review.subject_id == Problem.id))
        .join(SealedWords, SealedWords.review_id == Review.id)
        .where(Problem.id.in_(about), is_covered(SubjectKind.PROBLEM, Problem.id, "title"))
        .order_by(Review.id)
    )
    for number, state, sealed in session().execute(query):
        if title := unfold(sealed).get("title"):
            yield title_covered(mark_of(state, number), title, number)


def marks_in(meeting_id: int) -> frozenset[str]:
    """Return the marks that stand in minutes by right, whether the words lie sealed or are with nobody any more."""
    about = select(MeetingItem.problem_id).where(MeetingItem.meeting_id == meeting_id)
    motions = select(MeetingMotion.text).where(
        MeetingMotion.meeting_id == meeting_id, is_covered(SubjectKind.MOTION, MeetingMotion.id, "text")
    )
    problems = select(Problem.number, Problem.title).where(
        Problem.id.in_(about), is_covered(SubjectKind.PROBLEM, Problem.id, "title")
    )
    marks = set(session().scalars(motions))
    for number, title in session().execute(problems):
        marks |= {title, *(mark_of(state, number) for state in DOWN)}
    return frozenset(marks)


def _motions_covered_in(meeting_id: int) -> tuple[Covered, ...]:
    query = (
        select(MeetingMotion.text, SealedWords.text)
        .join(Review, and_(Review.subject == SubjectKind.MOTION, Review.subject_id == MeetingMotion.id))
        .join(SealedWords, SealedWords.review_id == Review.id)
        .where(MeetingMotion.meeting_id == meeting_id, is_covered(SubjectKind.MOTION, MeetingMotion.id, "text"))
        .order_by(Review.id)
    )
    return tuple(
        Covered(mark, unfold(sealed)["text"]) for mark, sealed in session().execute(query) if unfold(sealed).get("text")
    )


def _repeat(row: MeetingMotion, old: str, new: str, review: Review) -> None:
    """Say the new words wherever the old ones were repeated by the letter in amended motions.

    The mark names the motion, so that the way back finds it again.
    """
    for other in _others(row):
        repeats = [name for name in ("text", "before") if getattr(other, name) == old]
        for name in repeats:
            setattr(other, name, new)
        if repeats and review.state in DOWN:
            note_covers(SubjectKind.MOTION, other.id, repeats, review.id)


def _tell_anew(meeting_id: int, before: tuple[Covered, ...]) -> None:
    """Have every version of the minutes follow which motions are down now."""
    session().flush()
    now = covered_in(meeting_id)
    for version in session().scalars(select(MinutesVersion).where(MinutesVersion.meeting_id == meeting_id)):
        text = told_anew(version.text, before, now)
        if text != version.text:
            version.text = text


@verb
def follow_title(by: Actor, problem_id: int, review_id: int | None) -> None:
    """Have the minutes of every meeting that treated a problem call it as it is called now, wherever they do."""
    problem = found(session().get(Problem, problem_id))
    about = select(MeetingItem.meeting_id).where(MeetingItem.problem_id == problem_id)
    written = select(MinutesVersion.meeting_id).where(MinutesVersion.meeting_id.in_(about))
    for meeting_id in session().scalars(written.distinct().order_by(MinutesVersion.meeting_id)).all():
        meeting = locked(meeting_id)
        changed = _entitle(meeting.id, problem)
        if changed and review_id is not None:
            tell(MeetingWordsSettled(meeting.id, review_id), by, meeting)


def _entitle(meeting_id: int, problem: Problem) -> bool:
    """Say in every version of minutes what a problem is called now; return whether anything changed."""
    versions = session().scalars(select(MinutesVersion).where(MinutesVersion.meeting_id == meeting_id)).all()
    down = covered_in(meeting_id)
    names, number = {mark_of(state, problem.number) for state in DOWN}, problem.number
    sealed = next((each.words for each in down if each.mark in names), "")
    before, now = [*down], [*down]
    if sealed or not covered_fields(SubjectKind.PROBLEM, problem.id) & {"title"}:
        before += [title_covered(mark, sealed or problem.title, number) for mark in names]
    else:  # its author took it back: how it was called, the headings know alone
        called = {title for each in versions for title in titles_of(each.text, number)} - names - {problem.title}
        now += [title_covered(problem.title, title, number) for title in called]
    changed = False
    for version in versions:
        text = retitled(told_anew(version.text, before, now), number, problem.title)
        if text != version.text:
            version.text, changed = text, True
    return changed


def _others(row: MeetingMotion) -> Iterator[MeetingMotion]:
    query = select(MeetingMotion).where(MeetingMotion.meeting_id == row.meeting_id, MeetingMotion.id != row.id)
    yield from session().scalars(query)
