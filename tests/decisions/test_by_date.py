"""Who owns a unit on the day of the notice votes for it: sales and inheritances by their date, before and after."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cogov.decisions.queries import electorate_of
from cogov.ground.db import session
from cogov.journal.transaction import transaction
from cogov.people.rules import CLOCK
from cogov.places.commands import enter_owner
from cogov.places.commands.enter import put_ownership
from cogov.places.models import Owner, Ownership, Unit

SALE = date(2027, 3, 10)


@pytest.fixture
def sold(vote: Any) -> Any:
    """The flat of the vote's owner is sold from the tenth of March on; the roll says so nine days ahead."""
    held = session().query(Ownership).join(Owner).filter(Owner.person_id == vote.cast.owner.person_id).all()
    with transaction():
        for row in held:
            unit, owner = session().get_one(Unit, row.unit_id), session().get_one(Owner, row.owner_id)
            put_ownership(CLOCK, unit, owner, since=row.since, until=SALE)
    for row in held:
        enter_owner(CLOCK, unit_id=row.unit_id, reference="buyer", since=SALE)
    vote.sold = [row.unit_id for row in held]
    return vote


def holders(vote: Any, motion: Any) -> set[tuple[int, ...]]:
    """Return who would vote for the units that are sold."""
    units = set(vote.sold)
    return {head.owner_ids for head in electorate_of(motion).heads if units & set(head.unit_ids)}


def test_the_seller_votes_until_the_day_and_the_buyer_from_it_on(sold):
    motion = sold.move(by="neighbour")
    seller = {row.owner_id for row in session().query(Ownership).filter(Ownership.until == SALE)}
    buyer = session().query(Owner).filter(Owner.reference == "buyer").one().id
    before = electorate_of(motion)
    assert {owner for ids in holders(sold, motion) for owner in ids} >= seller
    assert not any(buyer in head.owner_ids for head in before.heads)

    sold.clock.move_to("2027-03-09T23:59:00+08:00")
    assert not any(buyer in head.owner_ids for head in electorate_of(motion).heads)
    sold.clock.move_to("2027-03-10T00:00:00+08:00")  # in China it is the day, in UTC still the one before
    after = electorate_of(motion)
    assert any(buyer in head.owner_ids for head in after.heads)
    assert not any(seller & set(head.owner_ids) for head in after.heads)
    assert (after.total_area, after.units) == (before.total_area, before.units)  # denominators stay whole
    assert after.heads_without_verified_person  # the buyer has yet to be verified
