"""What a closed account leaves behind here: the roll as its keepers wrote it, and nobody behind it."""

from __future__ import annotations

from sqlalchemy import delete, update

from cogov.ground.db import session
from cogov.places.models import Owner, Residence


def forget_person(person_id: int, _words: bool) -> None:
    """Take a person out of homes and off the roll; the roll itself belongs to those who keep it."""
    session().execute(delete(Residence).where(Residence.person_id == person_id))
    unlinked = {"person_id": None, "verified_at": None, "verified_by": None}
    session().execute(update(Owner).where(Owner.person_id == person_id).values(unlinked))
