"""A review with the words it is about: they lie sealed, or where they still stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cogov.ground.refusals import Refusal
from cogov.moderation.queries import ReviewShown, review_for
from cogov.moderation.rules import Reviewed, ReviewState, SubjectKind, why_not_answer, why_not_appeal, why_not_decide
from cogov.opinion.queries import statement_for
from cogov.people.rules import Actor
from cogov.threads.queries import message_for, text_of_version


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


_ABOUT: dict[SubjectKind, Callable[[Actor, int, int | None], About]] = {
    SubjectKind.MESSAGE: _message,
    SubjectKind.STATEMENT: _statement,
}


def sheet_of(by: Actor, review_id: int, *, open_seal: bool = False) -> Sheet:
    """Return a review for its author or whoever decides it; what is sealed opens for an open review, else by a look."""
    shown = review_for(by, review_id)
    about = _ABOUT[shown.review.subject](by, shown.review.subject_id, shown.review.version)
    own = by.person_id == shown.review.author_id
    waits = shown.facts.state is ReviewState.OPEN or shown.facts.appeal_open
    sealed = shown.sealed is not None and not (own or waits or open_seal)
    text = "" if sealed else (shown.sealed if shown.sealed is not None else about.text)
    flagged = "" if sealed else about.flagged
    return Sheet(shown, about, text, flagged, sealed, own, why_not_decide(by, shown.facts))


__all__ = ["About", "Sheet", "sheet_of", "why_not_answer", "why_not_appeal"]
