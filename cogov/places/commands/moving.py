"""Moving out: a residence ends, by whoever lived there or by whoever checks residents; what was said stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, insist
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.commands import end_role
from cogov.people.queries import standings_of
from cogov.people.rules import Actor, Role
from cogov.people.rules.keeping import VERIFIERS
from cogov.places.events import ResidenceEnded
from cogov.places.models import Place, Residence, Unit
from cogov.places.queries import place_by_id
from cogov.places.rules import ResidenceKind
from cogov.places.rules.roll import roles_of_living, why_not_end_residence

Gate = Callable[[int, int], Refusal | None]
"""Says what a person must settle in a community before they leave it."""

_gates: list[Gate] = []


def settle_before_moving(gates: Sequence[Gate]) -> None:
    """Say what must be settled before somebody moves out; done once by ``create_app``."""
    _gates[:] = gates


@verb
def move_out(by: Actor, residence_id: int, *, once: str | None = None) -> Residence:
    """End one's own residence; whoever has promised work that others wait for settles that first."""
    row, home = _residence(residence_id)
    found(row if row.person_id == by.person_id else None)
    insist(why_not_end_residence(ended=row.ended_at is not None))
    insist(next((refusal for gate in _gates if (refusal := gate(row.person_id, home.id))), None))
    insist_once(by, once)
    return _end(by, row, home)


@verb
def end_residence(by: Actor, residence_id: int, *, once: str | None = None) -> Residence:
    """End a residence in one's own area, when somebody has moved out without saying so."""
    row, home = _residence(residence_id)
    found(row if by.is_clock or by.holds(home.code, *VERIFIERS) else None)
    insist(why_not_end_residence(ended=row.ended_at is not None))
    insist_once(by, once)
    return _end(by, row, home)


def _residence(residence_id: int) -> tuple[Residence, Place]:
    row = found(session().scalars(for_change(select(Residence).where(Residence.id == residence_id))).one_or_none())
    return row, place_by_id(found(session().get(Unit, row.unit_id)).community_id)


def _end(by: Actor, row: Residence, home: Place) -> Residence:
    row.ended_at = now()
    record(ResidenceEnded(row.unit_id, row.person_id), by, place_id=home.id)
    kept = roles_of_living(_lives_as(row.person_id, home.id))
    for held in standings_of(row.person_id):
        if held.role in {Role.RESIDENT, Role.TENANT} - kept and held.scope == home.code:
            end_role(by, held.id)
    return row


def _lives_as(person_id: int, community_id: int) -> list[ResidenceKind]:
    query = select(Residence.kind).join(Unit, Unit.id == Residence.unit_id)
    return list(
        session().scalars(
            query.where(
                Residence.person_id == person_id, Residence.ended_at.is_(None), Unit.community_id == community_id
            )
        )
    )
