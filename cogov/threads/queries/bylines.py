"""Under what name a person stands on a dossier: a number there, or the public name with the organization."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cogov.ground.words import Words, say
from cogov.people.queries import ActedFor, acted_for
from cogov.people.rules import PUBLIC_KINDS
from cogov.problems.queries import names_on


@dataclass(frozen=True)
class Byline:
    """A name as it is shown: a household's number, or a named member with organization and end of mandate."""

    kind: str
    """person | organization | body: round, square, square and indigo."""
    name: Words
    acting_for: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Faces:
    """The names of one dossier, read once for a page."""

    ordinals: Mapping[int, int]
    mandates: Mapping[int, ActedFor]

    def of(self, person_id: int, standing_id: int | None = None) -> Byline:
        """Return the byline of an act by a person, under a standing or for themselves."""
        mandate = self.mandates.get(standing_id) if standing_id is not None else None
        if mandate is not None:
            kind = "body" if mandate.organization_kind in PUBLIC_KINDS else "organization"
            return Byline(kind, say("{name}", name=mandate.public_name), mandate.organization_name, mandate.until)
        ordinal = self.ordinals.get(person_id)
        return Byline("person", say("住户 {n}", n=ordinal) if ordinal else say("一位住户"))


def faces(problem_id: int, standing_ids: Iterable[int | None]) -> Faces:
    """Return the names on a dossier and of the mandates under which acts were done, in two queries."""
    return Faces(names_on(problem_id), acted_for(standing_ids))
