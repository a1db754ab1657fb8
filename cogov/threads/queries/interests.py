"""What is at stake for who speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from cogov.ground.db import session
from cogov.ground.words import Words
from cogov.journal.kept import kept
from cogov.moderation.queries import is_covered
from cogov.moderation.rules import SubjectKind
from cogov.people.rules import Actor
from cogov.threads.models import Interest
from cogov.threads.rules.interests import INTEREST_WORDS, InterestKind

MOST_SHOWN = 5_000

Voice = tuple[int, int | None]
"""A person, and for which organization they speak: an office held is no part of what one is at home."""


@dataclass(frozen=True)
class InterestShown:
    """What is at stake for a voice of a dossier; its words are for readers of the place, who know it anyway."""

    kind: InterestKind
    words: str
    id: int
    covered: bool

    @property
    def name(self) -> Words:
        """What its kind is called."""
        return INTEREST_WORDS[self.kind]


_COVERED = is_covered(SubjectKind.INTEREST, Interest.id, "words")


def interests(problem_id: int) -> Mapping[Voice, InterestShown]:
    """Return what is at stake for each voice of a dossier, in one query, and in none while nothing happened."""
    return kept(("interests", problem_id), lambda: _interests(problem_id), of=problem_id)


def _interests(problem_id: int) -> dict[Voice, InterestShown]:
    query = select(Interest.person_id, Interest.organization_id, Interest.kind, Interest.words, Interest.id, _COVERED)
    query = query.where(Interest.problem_id == problem_id, Interest.ended_at.is_(None)).limit(MOST_SHOWN)
    return {
        (person_id, organization_id): InterestShown(InterestKind(kind), words, stated_id, covered)
        for person_id, organization_id, kind, words, stated_id, covered in session().execute(query)
    }


def own_interest(by: Actor, problem_id: int, organization_id: int | None) -> InterestShown | None:
    """Return what somebody has said is at stake for them."""
    return interests(problem_id).get((by.person_id or 0, organization_id))
