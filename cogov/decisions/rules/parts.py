"""Shares of co-owners: each of them casts for a part of the head's area, and the head counts where most of it goes.

Civil Code 298 knows co-owners by shares and joint ones; how they vote on their unit it leaves to the owners' own rules.
Where these ask for shares (`CoOwners.SHARES`), each co-owner has a ballot of their own:

- A head's area is divided among its co-owners into whole 0.01 m² by the largest remainders, of equal ones to the
  smaller number of an owner first: the parts add up to the head, and no sum tells by its fractions whose they are.
- One unit stays one head (解释9). It takes part where those who cast hold more than half of it, and counts for what
  more than half of it is cast for; where no choice has that, it takes part and agrees to nothing.
- Several units of the same co-owners are one head. Its shares are the mean of those in its units.
- Where shares do not add up to the whole, the rest belongs to nobody here: it stays in the area of all.
- Where a share of a unit is not registered, as with spouses who own jointly, the head is not cut: all of its owners
  mark one ballot alike (`co_owning.py`).

The key of a part says of what it is one: `o3-7/3/2` is owner 3's share of the head `o3-7`, of weight 2; the weights of
a head add up to the same for each. So a roll of keys and areas is all that a count by shares needs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from math import floor, lcm

from cogov.decisions.rules.electorate import Electorate, Head, RollOwner, RollUnit, unfit_roll, whole_of
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.refusals import Refused
from cogov.ground.words import say

FINEST = 10**24
"""No head weighs more than this, so that a key fits its column."""

LONGEST_WHOLE = 34
NOBODY = 0
"""Instead of an owner: the rest of a head whose shares do not add up to the whole."""


@dataclass(frozen=True)
class _Held:
    """What one co-owner holds of a head: a share of it, and an area in 0.01 m², both exact."""

    owner_id: int
    share: Fraction
    area: Fraction


def is_split(head: Head, units: Mapping[int, RollUnit]) -> bool:
    """Say whether a head has several owners, each with a registered share of each of its units."""
    return (
        head.key.startswith("o")
        and len(head.owner_ids) > 1
        and all({owner for owner, _ in units[unit].shares} >= set(head.owner_ids) for unit in head.unit_ids)
    )


def cut_up(electorate: Electorate, units: Iterable[RollUnit], owners: Iterable[RollOwner]) -> Electorate:
    """Return an electorate in which each co-owner by shares has a ballot; Refused where shares cannot be counted."""
    known = {unit.unit_id: unit for unit in units}
    persons = {owner.owner_id: owner.person_ids for owner in owners}
    heads: list[Head] = []
    for head in electorate.heads:
        heads += _parts(head, _held(head, known), persons) if is_split(head, known) else [head]
    return replace(electorate, heads=tuple(sorted(heads, key=lambda head: head.key)))


def _held(head: Head, units: Mapping[int, RollUnit]) -> list[_Held]:
    shares: dict[int, Fraction] = defaultdict(Fraction)
    areas: dict[int, Fraction] = defaultdict(Fraction)
    for unit_id in head.unit_ids:
        unit = units[unit_id]
        if sum(share for _, share in unit.shares) > 1:
            raise Refused(unfit_roll("shares_above_one", say("名册里专有部分 {id} 的共有份额加起来超过 1", id=unit_id)))
        for owner, share in unit.shares:
            shares[owner] += share / len(head.unit_ids)
            areas[owner] += share * (unit.area or 0)
    held = [_Held(owner, shares[owner], areas[owner]) for owner in sorted(shares)]
    rest = Fraction(1) - sum(shares.values())
    return [*held, _Held(NOBODY, rest, Fraction(head.area) - sum(areas.values()))] if rest else held


def _parts(head: Head, held: Sequence[_Held], persons: Mapping[int, tuple[int, ...]]) -> list[Head]:
    whole = lcm(*(each.share.denominator for each in held))
    if whole > FINEST:
        raise Refused(unfit_roll("shares_too_fine", say("名册里共有份额的分母凑在一起太大，没有办法精确计面积")))
    areas = _divided(held)
    return [
        replace(
            head,
            key=part_key(head.key, each.owner_id, int(each.share * whole)),
            owner_ids=(each.owner_id,) if each.owner_id else (),
            area=areas[each.owner_id],
            person_ids=tuple(sorted(set(persons.get(each.owner_id, ())))),
        )
        for each in held
    ]


def _divided(held: Sequence[_Held]) -> dict[int, int]:
    """Divide an area into whole 0.01 m²: what is left of rounding down goes to the largest remainders."""
    areas = {each.owner_id: floor(each.area) for each in held}
    left = sum(each.area for each in held) - sum(areas.values())
    for each in sorted(held, key=lambda each: (areas[each.owner_id] - each.area, each.owner_id))[: int(left)]:
        areas[each.owner_id] += 1
    return areas


def part_key(whole: str, owner_id: int, weight: int) -> str:
    """Name a co-owner's share of a head; a digest stands for very many owners."""
    stem = whole if len(whole) <= LONGEST_WHOLE else f"ox{sha256(whole.encode()).hexdigest()[:32]}"
    return f"{stem}/{owner_id}/{weight}"


def weight_of(key: str) -> int:
    """Return what a key weighs within its head; a head that is not cut weighs one, and is all of itself."""
    return int(key.rpartition("/")[2]) if "/" in key else 1


def owner_of(key: str) -> int | None:
    """Return the owner whose share a key is; None of a head that is not cut."""
    return int(key.split("/")[1]) if "/" in key else None


def weights(keys: Iterable[str]) -> Counter[str]:
    """Sum the weights of keys, by the head that they are of."""
    summed: Counter[str] = Counter()
    for key in keys:
        summed[whole_of(key)] += weight_of(key)
    return summed


def most_of(keys: Iterable[str], whole: Mapping[str, int]) -> frozenset[str]:
    """Return the heads of which more than half is among the keys."""
    return frozenset(head for head, weight in weights(keys).items() if 2 * weight > whole[head])


def count_parts(
    roll: Iterable[tuple[str, int]], marked: Iterable[tuple[str, str]]
) -> tuple[Turnout, dict[str, Turnout]]:
    """Count ballots (key, marks) of a roll (key, area): how much took part, and how much is marked in each way."""
    areas = dict(roll)
    whole = weights(areas)
    keys: dict[str, list[str]] = defaultdict(list)
    for key, marks in marked:
        keys[marks].append(key)

    def amount(these: Collection[str]) -> Turnout:
        return Turnout(len(most_of(these, whole)), sum(areas[key] for key in these))

    return amount([key for these in keys.values() for key in these]), {
        marks: amount(these) for marks, these in keys.items()
    }
