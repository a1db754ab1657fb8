"""Under what name a person stands on a dossier: a number there, or the public name with the organization."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cogov.ground.words import Words, say
from cogov.people.queries import ActedFor, acted_for
from cogov.people.rules import PUBLIC_KINDS
from cogov.problems.queries import names_on
from cogov.threads.queries.interests import InterestShown, Voice, interests


@dataclass(frozen=True)
class Byline:
    """A name as it is shown: a household's number, or a named member with organization and end of mandate."""

    kind: str
    """person | organization | body: round, square, square and indigo."""
    name: Words
    acting_for: str = ""
    until: datetime | None = None
    stake: Words | None = None
    """What is at stake for who speaks, as they said."""

    stake_words: str = ""
    """The same in their own words, for readers of the place."""

    stake_id: int | None = None
    """Under which number these words can be flagged, while they stand."""


@dataclass(frozen=True)
class Faces:
    """The names of one dossier, read once for a page."""

    ordinals: Mapping[int, int]
    mandates: Mapping[int, ActedFor]
    stakes: Mapping[Voice, InterestShown] = field(default_factory=dict)

    def of(self, person_id: int, standing_id: int | None = None) -> Byline:
        """Return the byline of an act by a person, under a standing or for themselves."""
        mandate = self.mandates.get(standing_id) if standing_id is not None else None
        if mandate is not None:
            kind = "body" if mandate.organization_kind in PUBLIC_KINDS else "organization"
            name, until = say("{name}", name=mandate.public_name), mandate.until
            stake = self.stakes.get((person_id, mandate.organization_id))
            return Byline(kind, name, mandate.organization_name, until, *_said(stake))
        ordinal, stake = self.ordinals.get(person_id), self.stakes.get((person_id, None))
        return Byline("person", say("住户 {n}", n=ordinal) if ordinal else say("一位住户"), "", None, *_said(stake))


def _said(stake: InterestShown | None) -> tuple[Words | None, str, int | None]:
    if stake is None:
        return None, "", None
    return stake.name, stake.words, stake.id if stake.words and not stake.covered else None


def faces(problem_id: int, standing_ids: Iterable[int | None]) -> Faces:
    """Return the names on a dossier, of the mandates under which acts were done, and what is at stake for whom."""
    return Faces(names_on(problem_id), acted_for(standing_ids), interests(problem_id))
