"""What is kept about a person here, for a copy of their own."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.copies import Copies, copies
from cogov.ground.db import session
from cogov.places.models import GridHolder, Owner, Ownership, PlaceSetting, Residence, SetUp

ABOUT = (Residence.person_id, Owner.person_id, GridHolder.person_id)
"""Columns that say whose a row is."""

DONE = (
    Residence.verified_by,
    Owner.verified_by,
    PlaceSetting.changed_by,
    SetUp.begun_by,
    SetUp.rules_by,
    SetUp.opened_by,
)
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here, with the units they hold."""
    found = copies(person_id, ABOUT, DONE)
    query = (
        select(Ownership.id, Ownership.unit_id, Ownership.since, Ownership.until)
        .join(Owner, Ownership.owner_id == Owner.id)
        .where(Owner.person_id == person_id)
    )
    found["ownership"] = [
        {"id": id_, "unit_id": unit, "since": since.isoformat(), "until": until.isoformat() if until else None}
        for id_, unit, since, until in session().execute(query.order_by(Ownership.id))
    ]
    return found
