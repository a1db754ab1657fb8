"""Writing what shares of a unit its co-owners have, all of them at once, as the register has them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy import select

from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.people.rules.keeping import why_not_keep
from cogov.places.events import ShareWritten
from cogov.places.models import Owner, Ownership, Unit
from cogov.places.queries import place_by_id
from cogov.places.rules import why_not_share


@verb
def set_shares(by: Actor, *, unit_id: int, shares: Mapping[str, Fraction], once: str | None = None) -> Unit:
    """Write the share of each co-owner named by their number on the roll; 0 says that there is none.

    Who is not named keeps what they have. A vote whose notice is out keeps the shares that it froze.
    """
    unit = found(session().scalars(for_change(select(Unit).where(Unit.id == unit_id))).one_or_none())
    insist(why_not_keep(by, place_by_id(unit.community_id).code))
    insist_once(by, once)
    query = (
        select(Ownership, Owner.reference)
        .join(Owner, Ownership.owner_id == Owner.id)
        .where(Ownership.unit_id == unit_id, Ownership.until.is_(None))
        .order_by(Ownership.id)
    )
    held = {reference: row for row, reference in session().execute(query)}
    unknown = sorted(set(shares) - set(held))
    insist(_not_an_owner(unknown[0]) if unknown else None)
    before = {reference: share_held(row) for reference, row in held.items()}
    after = {**before, **shares}
    insist(why_not_share(after.values()))
    for reference, row in held.items():
        if after[reference] == before[reference]:
            continue
        share = after[reference]
        row.share_part, row.share_of = (share.numerator, share.denominator) if share else (None, None)
        session().flush()
        record_share(by, unit, row, before[reference])
    return unit


def record_share(by: Actor, unit: Unit, row: Ownership, before: Fraction) -> None:
    """Record what share an ownership is now, and what it was before."""
    after = share_held(row)
    if after != before:
        parts = (before.numerator, before.denominator, after.numerator, after.denominator)
        record(ShareWritten(unit.id, row.owner_id, *parts), by, place_id=unit.community_id)


def share_held(row: Ownership) -> Fraction:
    """Return what share an ownership is; 0 where none is registered."""
    return Fraction(0) if row.share_of is None else Fraction(found(row.share_part), row.share_of)


def _not_an_owner(reference: str) -> Refusal:
    return Refusal(
        "owner_missing",
        say("这套房现在的业主里没有编号“{text}”。", text=reference),
        what_next=say("请核对名册；编号要一字不差。"),
        status=422,
    )
