"""Texts of one or several fields: flagged, covered by a mark while their words lie sealed, and uncovered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, inspect, select

from cogov.ground.db import session
from cogov.ground.refusals import insist
from cogov.moderation.commands.reviewing import end_review, flag_text, seal_words, unseal_words
from cogov.moderation.models import Cover, Review
from cogov.moderation.queries import covered_fields, covers_of
from cogov.moderation.rules import FlagReason, ReviewState, SubjectKind, why_not_flag
from cogov.moderation.rules.covering import MARK_OF_ITS_AUTHOR, fold, mark_of, unfold
from cogov.people.queries import acted_for
from cogov.people.rules import COMMITTEE_ROLES, Actor

Field = tuple[Any, str]
"""Where words stand: a row, and its column."""


@dataclass(frozen=True)
class Passage:
    """A text that people may flag: its kind, the row and the columns it stands in, whose it is, and where.

    ``parts`` are fields in other rows, such as the options of a motion; a mark names those that have a number in
    ``numbers``, so that they are told apart while they are covered.
    """

    kind: SubjectKind
    row: Any
    columns: tuple[str, ...]
    author_id: int
    standing_id: int | None
    place_id: int
    problem_id: int | None
    code: str
    parts: Mapping[str, Field] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    ours: bool = False
    """Whether the committee itself, or one of its members, says it."""

    @property
    def id(self) -> int:
        """The id of its row."""
        return int(inspect(self.row).identity[0])

    @property
    def fields(self) -> dict[str, Field]:
        """Where each of its words stand, by the name under which they are sealed and covered."""
        return {**{name: (self.row, name) for name in self.columns}, **self.parts}

    @property
    def words(self) -> dict[str, str]:
        """The words of each field, as they stand."""
        return {name: str(getattr(row, column) or "") for name, (row, column) in self.fields.items()}

    @property
    def stands(self) -> bool:
        """Whether there is anything to flag."""
        return bool(self.standing)

    @property
    def standing(self) -> dict[str, str]:
        """The words of each field that has some and is not covered."""
        down = covered_fields(self.kind, self.id)
        return {name: words for name, words in self.words.items() if words and name not in down}

    def say(self, name: str, words: str) -> None:
        """Put other words into a field."""
        setattr(*self.fields[name], words)


def flag_passage(by: Actor, text: Passage, *, reason: FlagReason, words: str, about_committee: bool) -> Review:
    """Flag a text; what is about the committee, or by one of its members, goes to the level above."""
    insist(why_not_flag(by, text.author_id, inside=by.inside(text.code), shown=text.stands))
    ours = text.ours or any(face.role in COMMITTEE_ROLES for face in acted_for([text.standing_id]).values())
    return flag_text(
        by,
        text.kind,
        text.id,
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
            _cover(text, review, about)
        case ReviewState.RESTORED:
            came_back, down = unfold(unseal_words(review.id)), _uncovered(review.id)
            for name, words in came_back.items():
                # What its author has written there since stands; or it is down too, by a review of its own.
                if (text.id, name) in down:
                    text.say(name, words)
        case _:
            pass  # what stood all the time stands


def settle_gone(review: Review) -> None:
    """Have a review end whose text is no more: nothing is covered, and nothing lies sealed that could come back."""
    if review.state is ReviewState.RESTORED:
        unseal_words(review.id)
    elif review.state in (ReviewState.REMOVED, ReviewState.ORDERED):
        seal_words(review.id, "")
    _uncovered(review.id)


def _cover(text: Passage, review: Review, about: str) -> None:
    """Seal the words of a text and leave a mark where there were some; what its author erased meanwhile is gone."""
    standing = text.standing
    seal_words(review.id, fold(standing))
    for name in standing:
        number = text.numbers.get(name)
        text.say(name, mark_of(review.state, about if number is None else str(number)))
    note_covers(text.kind, text.id, standing, review.id)


def _uncovered(review_id: int) -> frozenset[tuple[int, str]]:
    """Forget what a review covers; return it by text and field."""
    query = select(Cover.subject_id, Cover.field).where(Cover.review_id == review_id)
    down = frozenset((subject_id, name) for subject_id, name in session().execute(query))
    session().execute(delete(Cover).where(Cover.review_id == review_id))
    return down


def note_covers(kind: SubjectKind, subject_id: int, names: Collection[str], review_id: int | None) -> None:
    """Write down that fields of a text are covered."""
    session().add_all(Cover(subject=kind, subject_id=subject_id, field=name, review_id=review_id) for name in names)
    session().flush()


def uncover(kind: SubjectKind, subject_id: int, names: Collection[str]) -> None:
    """Say that fields of a text hold words again: somebody has written them anew."""
    of_it = (Cover.subject == kind, Cover.subject_id == subject_id, Cover.field.in_(names))
    session().execute(delete(Cover).where(*of_it))


def carry_cover(kind: SubjectKind, source: tuple[int, str], to: tuple[int, str]) -> None:
    """Note that a field repeats another one by the letter: it is covered where that one is, by the same review."""
    uncover(kind, to[0], [to[1]])
    cover = covers_of(kind, [source[0]]).get(source)
    if cover is not None:
        note_covers(kind, to[0], [to[1]], cover.review_id)


def take_back_words(text: Passage) -> None:
    """Take a text away for its author, under a mark that says so: erased, or sealed while somebody looks at it.

    What was flagged is what a decision, or a court, may still need; it ends the review, and nobody is said to have
    removed what its author took away.
    """
    standing = text.standing
    end_review(text.kind, text.id, fold(standing))
    for name in standing:
        text.say(name, MARK_OF_ITS_AUTHOR)
    note_covers(text.kind, text.id, standing, None)
