"""Votes in which co-owners cast by shares: heads are counted over their parts, from the keys of the frozen roll."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from fractions import Fraction

from sqlalchemy import ColumnElement, select

from cogov.decisions.models import Ballot, Decision, ElectorateHead, ElectorateUnit
from cogov.decisions.rules.electorate import whole_of
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import CoOwners
from cogov.decisions.rules.parts import NOBODY, count_parts, most_of, owner_of, weight_of, weights
from cogov.decisions.rules.shortage import Cell
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.db import session
from cogov.places.models import Owner

Roll = dict[str, int]


def by_shares(decision: Decision) -> bool:
    """Say whether co-owners with registered shares cast for these in a vote."""
    return thaw(decision.frozen_rule).co_owners is CoOwners.SHARES


def of_somebody() -> ColumnElement[bool]:
    """Ask for heads that somebody votes for: no ballot, paper or notice is for the rest that no owner holds."""
    return ~ElectorateHead.key.like(f"%/{NOBODY}/%")


def share_of(decision_id: int, key: str) -> Fraction | None:
    """Return which part of its head a key is; None of a head that is not cut."""
    if owner_of(key) is None:
        return None
    of_head = ElectorateHead.key.startswith(f"{whole_of(key)}/", autoescape=True)
    query = select(ElectorateHead.key).where(ElectorateHead.decision_id == decision_id, of_head)
    return Fraction(weight_of(key), sum(map(weight_of, session().scalars(query))))


def roll_frozen(decision_id: int) -> Roll:
    """Return the keys of a frozen electorate with their areas."""
    query = select(ElectorateHead.key, ElectorateHead.area).where(ElectorateHead.decision_id == decision_id)
    return dict(session().execute(query).all())


def parts_counted(decision_id: int, last: int | None = None) -> tuple[Turnout, dict[str, Turnout]]:
    """Count ballots up to the last that may be counted: how much took part, and how much is marked in each way."""
    query = (
        select(ElectorateHead.key, Ballot.marks)
        .join(Ballot, Ballot.head_id == ElectorateHead.id)
        .where(Ballot.decision_id == decision_id)
    )
    if last is not None:
        query = query.where(Ballot.ordinal <= last)
    return count_parts(roll_frozen(decision_id).items(), session().execute(query).all())


def owner_numbers(keys: Collection[str]) -> dict[str, str]:
    """Return the numbers on the roll of the co-owners whose shares keys are; of other keys nothing."""
    owners = {key: owner for key in keys if (owner := owner_of(key))}
    if not owners:
        return {}
    query = select(Owner.id, Owner.reference).where(Owner.id.in_(set(owners.values())))
    numbers = dict(session().execute(query).all())
    return {key: numbers[owner] for key, owner in owners.items() if owner in numbers}


def parts_in_cells(decision_id: int, last: int) -> list[Cell]:
    """Return for each staircase its units, and those whose head took part up to a ballot."""
    query = (
        select(
            ElectorateUnit.building_id,
            ElectorateUnit.staircase,
            ElectorateUnit.unit_id,
            ElectorateHead.key,
            Ballot.id.is_not(None),
        )
        .join(ElectorateHead, ElectorateUnit.head_id == ElectorateHead.id)
        .outerjoin(Ballot, (Ballot.head_id == ElectorateHead.id) & (Ballot.ordinal <= last))
        .where(ElectorateUnit.decision_id == decision_id)
    )
    rows = session().execute(query).all()
    taking = most_of({key for *_, key, voted in rows if voted}, weights(roll_frozen(decision_id)))
    units: dict[tuple[int, str], dict[int, bool]] = defaultdict(dict)
    for building, staircase, unit_id, key, _ in rows:
        units[building, staircase][unit_id] = whole_of(key) in taking
    return [Cell(building, stair, len(held), sum(held.values())) for (building, stair), held in units.items()]
