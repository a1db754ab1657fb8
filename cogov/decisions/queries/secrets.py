"""Secret votes: who holds the box, who has a token, what is in the box; no row here joins a person to a ballot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, or_, select

from cogov.decisions.models import (
    BoxBallot,
    BoxHolder,
    Decision,
    OpenedBallot,
    RollMark,
    SecretVote,
    SheetReading,
)
from cogov.decisions.queries.counting import papers_waiting
from cogov.decisions.rules.paper import ENTRY_TIME
from cogov.decisions.rules.secrets.blind import PublicKey
from cogov.decisions.rules.secrets.codes import binding, short
from cogov.decisions.rules.sheets import Emptying
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.people.models import Organization, RoleHeld
from cogov.people.queries import public_names
from cogov.people.rules import Actor


@dataclass(frozen=True)
class PossibleHolder:
    """Somebody with a mandate at a place, who can be asked to hold the box."""

    standing_id: int
    person_id: int
    organization_id: int
    name: str
    organization: str


@dataclass(frozen=True)
class HolderShown:
    """A holder of the box as everybody may see it."""

    position: int
    name: str
    organization: str
    ready: bool
    agreed_at: datetime | None
    mine: bool


@dataclass(frozen=True)
class BoxShown:
    """The box of a secret vote as everybody may see it; ballots and list are there once it is open."""

    holders: tuple[HolderShown, ...]
    ready: int
    open_until: datetime
    opened_at: datetime | None
    spoiled: int
    key: PublicKey
    bound: str


def possible_holders(code: str) -> list[PossibleHolder]:
    """Return who holds a mandate that reaches a place now, each once, under the mandate held longest."""
    query = (
        select(RoleHeld.id, RoleHeld.person_id, Organization.id, RoleHeld.public_name, Organization.name)
        .join(Organization, RoleHeld.organization_id == Organization.id)
        .where(
            RoleHeld.ended_at.is_(None),
            or_(RoleHeld.until.is_(None), RoleHeld.until > now()),
            literal(code).startswith(RoleHeld.scope),
        )
        .order_by(Organization.name, RoleHeld.id)
    )
    first: dict[int, PossibleHolder] = {}
    for row in session().execute(query):
        first.setdefault(row[1], PossibleHolder(*row))
    return list(first.values())


def box_of(by: Actor, decision: Decision) -> BoxShown | None:
    """Return the box of a decision, where it is a secret one."""
    vote = session().get(SecretVote, decision.id)
    if vote is None:
        return None
    holders = holders_of(decision.id)
    names = public_names((holder.person_id, holder.organization_id) for holder in holders)
    shown = []
    for holder in holders:
        face = names.get((holder.person_id, holder.organization_id))
        shown.append(
            HolderShown(
                position=holder.position,
                name=face.public_name if face else "",
                organization=face.organization_name if face else "",
                ready=bool(holder.public_key),
                agreed_at=holder.agreed_at,
                mine=by.person_id is not None and holder.person_id == by.person_id,
            )
        )
    return BoxShown(
        holders=tuple(shown),
        ready=sum(holder.ready for holder in shown),
        open_until=vote.open_until,
        opened_at=vote.opened_at,
        spoiled=vote.spoiled,
        key=PublicKey(int(vote.modulus, 16)),
        bound=binding(decision.id, decision.fingerprint),
    )


def holders_of(decision_id: int) -> list[BoxHolder]:
    """Return who holds the box, in order."""
    query = select(BoxHolder).where(BoxHolder.decision_id == decision_id).order_by(BoxHolder.position)
    return list(session().scalars(query))


def keys_of(holders: Iterable[BoxHolder]) -> dict[int, bytes]:
    """Return the public halves of those holders who have their codes, by position."""
    return {holder.position: bytes.fromhex(holder.public_key) for holder in holders if holder.public_key}


def tokens_given(decision_id: int) -> int:
    """Return how many heads have their token."""
    return session().scalar(select(func.count()).where(RollMark.decision_id == decision_id)) or 0


def slips_counted(decision_id: int) -> int:
    """Return how many heads have handed in a paper that counts."""
    query = select(func.count()).where(RollMark.decision_id == decision_id, RollMark.signature == "")
    return session().scalar(query) or 0


def emptying_of(decision: Decision, vote: SecretVote) -> Emptying:
    """Return what stands when the sheets of a vote are to be entered; slips wait for a second reading for a day."""
    in_time = now() < decision.closes_at + ENTRY_TIME
    return Emptying(
        now=now(),
        closes_at=decision.closes_at,
        open_until=vote.open_until,
        opened=vote.opened_at is not None,
        done=vote.sheets is not None,
        slips=slips_counted(decision.id),
        waiting=papers_waiting(decision.id) if in_time else 0,
    )


def sheet_readers(decision_id: int) -> dict[int, int]:
    """Return who has entered the sheets, by person: how many they found."""
    query = select(SheetReading.person_id, SheetReading.sheets).where(SheetReading.decision_id == decision_id)
    return dict(session().execute(query).all())


def box_size(decision_id: int) -> int:
    """Return how many ballots are in the box."""
    return session().scalar(select(func.count()).where(BoxBallot.decision_id == decision_id)) or 0


def box_keys(decision_id: int) -> list[str]:
    """Return the hashes of all tokens that were used, in their own order: it says nothing of when they came."""
    return sorted(session().scalars(select(BoxBallot.key).where(BoxBallot.decision_id == decision_id)))


def box_list(decision_id: int) -> list[str]:
    """Return the short codes of all ballots of the box, in the order of the codes: whoever has one finds it."""
    return sorted(short(bytes.fromhex(key)) for key in box_keys(decision_id))


def opened_ballots(decision_id: int) -> list[tuple[str, str]]:
    """Return tracker and marks of all ballots that could be read, in their published order."""
    query = select(OpenedBallot.tracker, OpenedBallot.marks).where(OpenedBallot.decision_id == decision_id)
    return [(tracker, marks) for tracker, marks in session().execute(query.order_by(OpenedBallot.place))]
