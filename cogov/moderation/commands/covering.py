"""Texts of one or several columns: flagged, covered by a mark while their words lie sealed, and uncovered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, select

from cogov.ground.db import session
from cogov.ground.refusals import insist
from cogov.moderation.commands.reviewing import flag_text, seal_words, unseal_words
from cogov.moderation.models import Review, SealedWords
from cogov.moderation.rules import FlagReason, ReviewState, SubjectKind, why_not_flag
from cogov.moderation.rules.covering import fold, is_covered, mark_of, unfold
from cogov.people.queries import acted_for
from cogov.people.rules import COMMITTEE_ROLES, Actor


@dataclass(frozen=True)
class Passage:
    """A text that people may flag: its kind, the row and the columns it stands in, whose it is, and where."""

    kind: SubjectKind
    row: Any
    columns: tuple[str, ...]
    author_id: int
    standing_id: int | None
    place_id: int
    problem_id: int | None
    code: str

    @property
    def words(self) -> dict[str, str]:
        """The words of each column, as they stand."""
        return {name: str(getattr(self.row, name) or "") for name in self.columns}

    @property
    def stands(self) -> bool:
        """Whether there is anything to flag."""
        return any(words and not is_covered(words) for words in self.words.values())


def flag_passage(by: Actor, text: Passage, *, reason: FlagReason, words: str, about_committee: bool) -> Review:
    """Flag a text; what is about the committee, or by one of its members, goes to the level above."""
    insist(why_not_flag(by, text.author_id, inside=by.inside(text.code), shown=text.stands))
    ours = any(face.role in COMMITTEE_ROLES for face in acted_for([text.standing_id]).values())
    return flag_text(
        by,
        text.kind,
        inspect(text.row).identity[0],
        author_id=text.author_id,
        place_id=text.place_id,
        problem_id=text.problem_id,
        reason=reason,
        words=words,
        above=about_committee or by.holds(text.code, *COMMITTEE_ROLES) or ours,
    )


def settle_passage(text: Passage, review: Review, about: str = "") -> None:
    """Have a text follow its review: its words are sealed under a mark, or stand again."""
    match review.state:
        case ReviewState.REMOVED | ReviewState.ORDERED:
            _cover(text.row, text.words, review, about)
        case ReviewState.RESTORED:
            came_back, held = unfold(unseal_words(review.id)), _sealed_by_others(text, review)
            for name, words in came_back.items():
                # What its author has written there since stands; or it is down too, by a review of its own.
                if is_covered(text.words[name]) and name not in held:
                    setattr(text.row, name, words)
        case _:
            pass  # what stood all the time stands


def _sealed_by_others(text: Passage, review: Review) -> frozenset[str]:
    """Return the columns whose later words were taken down as well."""
    of_it = (Review.subject == text.kind, Review.subject_id == review.subject_id, Review.id != review.id)
    query = select(SealedWords.text).join(Review, Review.id == SealedWords.review_id)
    return frozenset(
        name for sealed in session().scalars(query.where(*of_it, Review.state.in_(_DOWN))) for name in unfold(sealed)
    )


_DOWN = (ReviewState.REMOVED, ReviewState.ORDERED)


def _cover(row: Any, words: dict[str, str], review: Review, about: str) -> None:
    """Seal the words of a row and leave a mark where there were some; what its author erased meanwhile is gone."""
    standing = {name: text for name, text in words.items() if text and not is_covered(text)}
    seal_words(review.id, fold(standing))
    for name in standing:
        setattr(row, name, mark_of(review.state, about))
