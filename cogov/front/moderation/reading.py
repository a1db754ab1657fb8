"""A review with the words it is about: they lie sealed, or where they still stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask import url_for

from cogov.decisions.commands import is_frozen, motion_passage_of
from cogov.decisions.rules.veiling import why_not_remove
from cogov.files.models import Picture
from cogov.ground.db import found
from cogov.ground.pages import dossier_url
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.meetings.commands.flagging import FLAGGED as TEXTS_OF_A_MEETING
from cogov.meetings.commands.flagging import meeting_passage_of
from cogov.meetings.queries import meeting
from cogov.moderation.commands import Passage
from cogov.moderation.models import Review
from cogov.moderation.queries import ReviewShown, review_for
from cogov.moderation.rules import (
    Reviewed,
    ReviewState,
    SubjectKind,
    one_of,
    why_not_answer,
    why_not_appeal,
    why_not_decide,
)
from cogov.moderation.rules.covering import as_one, unfold
from cogov.opinion.queries import statement_for
from cogov.people.rules import Actor
from cogov.problems.commands import problem_passage_of
from cogov.problems.queries import own_pictures, problem_by_id
from cogov.threads.commands.flagging import passage_of, reviewed_passage_of
from cogov.threads.queries import message_for, text_of_version
from cogov.threads.queries.passages import KINDS as TEXTS_OF_A_DOSSIER
from cogov.threads.queries.passages import is_gone


@dataclass(frozen=True)
class About:
    """What a review is about: the words as they stand, and the problem they were said about."""

    text: str
    number: str
    title: str
    anchor: str
    flagged: str = ""
    """What it said when it was flagged, where it has been edited since."""

    tab: str = "discussion"
    """Where on the dossier it stands."""

    meeting_id: int | None = None
    """The meeting that it was said in, where it is no text of a dossier."""

    folded: bool = False
    """Whether its words stand in several columns, and are sealed as such."""

    motion_id: int | None = None
    """The motion that it is."""

    pictures: Sequence[Picture] = ()
    """The pictures that are taken down with its words."""

    only_by_order: Refusal | None = None
    """Why nobody but an organ can have it taken down any more."""

    @property
    def url(self) -> str:
        """The page that it stands on."""
        if self.meeting_id is not None:
            return url_for("meetings.show", meeting_id=self.meeting_id)
        if self.motion_id is not None:
            return url_for("decisions.motion", motion_id=self.motion_id)
        return dossier_url(self.number, tab=self.tab or None, _anchor=self.anchor or None)


@dataclass(frozen=True)
class Sheet:
    """A review as its page and the desk show it."""

    shown: ReviewShown
    about: About
    text: str
    """The words where this reader may see them now; sealed ones only after a look was asked for."""

    flagged: str
    sealed: bool
    own: bool
    why_not_decide: Refusal | None

    @property
    def pictures(self) -> Sequence[Picture]:
        """The pictures beside the words, where this reader may see them now."""
        return () if self.sealed else self.about.pictures

    @property
    def goes_along(self) -> Words | None:
        """What whoever decides is told of what is taken down with the words."""
        if not self.pictures or self.own or self.facts.state is not ReviewState.OPEN:
            return None
        return say("移除后，提出时的 {n} 张照片一起不公开；恢复时一起恢复。", n=len(self.pictures))

    @property
    def what(self) -> Words:
        """What kind of text it is."""
        return one_of(self.shown.review.subject)

    @property
    def facts(self) -> Reviewed:
        """What the rules know of it."""
        return self.shown.facts


def _message(by: Actor, message_id: int, version: int | None) -> About:
    message, problem = message_for(by, message_id)
    flagged = text_of_version(message.id, version) if version is not None and version < message.version else ""
    return About(message.text, problem.number, problem.title, f"message-{message.id}", flagged)


def _statement(by: Actor, statement_id: int, _version: int | None) -> About:
    statement, problem = statement_for(by, statement_id)
    return About(statement.text, problem.number, problem.title, f"statement-{statement.number}", tab="opinion")


def text_of(by: Actor, kind: SubjectKind, subject_id: int, *, reviewing: bool = False) -> tuple[Passage, About]:
    """Return a text that lies neither in a message nor in a statement, and what it is about.

    Some are for a few readers only; ``reviewing`` says that this one was let in to the review of it.
    """
    if kind in TEXTS_OF_A_MEETING:
        text, held = meeting_passage_of(by, kind, subject_id)
        return text, About(as_one(text.words), "", meeting(held.id).title, "", meeting_id=held.id, folded=True)
    if kind is SubjectKind.PROBLEM:
        text, problem = problem_passage_of(by, subject_id)
        words, pictures = as_one(text.words), own_pictures(problem)
        return text, About(words, problem.number, problem.title, "", tab="", folded=True, pictures=pictures)
    if kind is SubjectKind.VOTING_MOTION:
        text, problem = motion_passage_of(by, subject_id)
        frozen = why_not_remove() if is_frozen(subject_id) else None
        words = as_one(text.words)
        about = About(words, problem.number, problem.title, "", tab="decisions", folded=True, motion_id=subject_id)
        return text, replace(about, only_by_order=frozen)
    text, problem = (reviewed_passage_of if reviewing else passage_of)(by, kind, subject_id)
    told = TEXTS_OF_A_DOSSIER[kind]
    words, anchor = as_one(text.words), told.anchor(text.row)
    return text, About(words, problem.number, problem.title, anchor, tab=told.tab, folded=True)


def _text(kind: SubjectKind, by: Actor, subject_id: int, _version: int | None) -> About:
    return text_of(by, kind, subject_id, reviewing=True)[1]


TEXTS = (*TEXTS_OF_A_DOSSIER, *TEXTS_OF_A_MEETING, SubjectKind.PROBLEM, SubjectKind.VOTING_MOTION)
"""Every kind of text but messages and statements, which have pages and states of their own."""

_ABOUT: dict[SubjectKind, Callable[[Actor, int, int | None], About]] = {
    **{kind: partial(_text, kind) for kind in TEXTS},
    SubjectKind.MESSAGE: _message,
    SubjectKind.STATEMENT: _statement,
}


def _about(by: Actor, review: Review) -> About:
    if is_gone(review.subject, review.subject_id):
        problem = problem_by_id(by, found(review.problem_id))
        return About("", problem.number, problem.title, "", folded=True)
    return _ABOUT[review.subject](by, review.subject_id, review.version)


def sheet_of(by: Actor, review_id: int, *, open_seal: bool = False) -> Sheet:
    """Return a review for its author or whoever decides it; what is sealed opens for an open review, else by a look."""
    shown = review_for(by, review_id)
    about = _about(by, shown.review)
    own = by.person_id == shown.review.author_id
    waits = shown.facts.state is ReviewState.OPEN or shown.facts.appeal_open
    sealed = shown.sealed is not None and not (own or waits or open_seal)
    text = "" if sealed else (_unsealed(shown.sealed, about) if shown.sealed is not None else about.text)
    flagged = "" if sealed else about.flagged
    return Sheet(shown, about, text, flagged, sealed, own, why_not_decide(by, shown.facts))


def _unsealed(words: str, about: About) -> str:
    return as_one(unfold(words)) if about.folded else words


__all__ = ["About", "Sheet", "sheet_of", "text_of", "why_not_answer", "why_not_appeal"]
