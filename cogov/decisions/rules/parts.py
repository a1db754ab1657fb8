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

from cogov.decisions.rules.electorate import Electorate, Head, RollOwner, RollUnit, whole_of
from cogov.decisions.rules.law import CoOwners, DecisionRule, Secrecy
from cogov.decisions.rules.methods import BallotForm, Method
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.refusals import Refusal
from cogov.ground.words import say

FINEST = 10**24
"""No head weighs more than this, so that a key fits its column."""

LONGEST_WHOLE = 34
NOBODY = 0
"""Instead of an owner: the rest of a head whose shares do not add up to the whole."""


MEND = say("请管理名册的人对照不动产登记更正份额，再发布公告")


@dataclass(frozen=True)
class Misfit:
    """Units whose shares cannot be counted, and why."""

    refusal: Refusal
    unit_ids: tuple[int, ...]


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
    """Return an electorate in which each co-owner by shares has a ballot; what cannot be cut stays whole, named."""
    known = {unit.unit_id: unit for unit in units}
    persons = {owner.owner_id: owner.person_ids for owner in owners}
    heads: list[Head] = []
    above: list[int] = []
    fine: list[int] = []
    for head in electorate.heads:
        if not is_split(head, known):
            heads.append(head)
        elif too_much := [unit_id for unit_id in head.unit_ids if is_above_one(known[unit_id])]:
            heads.append(head)
            above += too_much
        elif whole_weight(held := _held(head, known)) > FINEST:
            heads.append(head)
            fine += head.unit_ids
        else:
            heads += _parts(head, held, persons)
    return replace(
        electorate,
        heads=tuple(sorted(heads, key=lambda head: head.key)),
        units_above_one=tuple(sorted(above)),
        units_too_fine=tuple(sorted(fine)),
    )


def is_above_one(unit: RollUnit) -> bool:
    """Say whether the co-owners of a unit have more than the whole of it."""
    return sum(share for _, share in unit.shares) > 1


def whole_weight(held: Iterable[_Held]) -> int:
    """Return the smallest weight of a head by which every share is a whole number."""
    return lcm(*(each.share.denominator for each in held))


def misfits(electorate: Electorate) -> tuple[Misfit, ...]:
    """Return all that keeps the shares of co-owners on the roll from being counted."""
    above, fine = electorate.units_above_one, electorate.units_too_fine
    told = (
        (
            above,
            "shares_above_one",
            say("有 {n} 套的共有份额加起来超过一整套，面积没有办法按份额分", n=len(above)),
        ),
        (fine, "shares_too_fine", say("有 {n} 套的共有份额分得太细，面积没有办法算准", n=len(fine))),
    )
    return tuple(
        Misfit(Refusal(code, message, article="民法典第298条", what_next=MEND, status=422), units)
        for units, code, message in told
        if units
    )


def why_not_by_shares(rule: DecisionRule) -> Refusal | None:
    """Say where co-owners cannot vote by shares: where everybody has to agree, in secret, or with other marks."""
    if rule.passing.heads is not None and rule.passing.heads.share == 1:
        return Refusal(
            "shares_outvote",
            say("要全部同意的事，不能按份额投：份额少的共有人也要同意"),
            article=rule.article,
            what_next=say("请选全体投得一致"),
            status=422,
        )
    if rule.secrecies == (Secrecy.NAMED,) and rule.methods == (Method.SINGLE,):
        return None
    return Refusal(
        "shares_need_names",
        say("按份额投要实名、单选：无记名的票不带份额，其他方法数的是整票"),
        what_next=say("改成实名、单选，或者选任何一位投"),
        status=422,
    )


def why_not_this_form_by_shares(rule: DecisionRule, form: BallotForm) -> Refusal | None:
    """Say why co-owners cannot vote by shares on a motion as it is to be put to the vote."""
    if rule.co_owners is not CoOwners.SHARES:
        return None
    return why_not_by_shares(replace(rule, secrecies=(rule.secrecy,), methods=(form.method,)))


def _held(head: Head, units: Mapping[int, RollUnit]) -> list[_Held]:
    shares: dict[int, Fraction] = defaultdict(Fraction)
    areas: dict[int, Fraction] = defaultdict(Fraction)
    for unit_id in head.unit_ids:
        unit = units[unit_id]
        for owner, share in unit.shares:
            shares[owner] += share / len(head.unit_ids)
            areas[owner] += share * (unit.area or 0)
    held = [_Held(owner, shares[owner], areas[owner]) for owner in sorted(shares)]
    rest = Fraction(1) - sum(shares.values())
    return [*held, _Held(NOBODY, rest, Fraction(head.area) - sum(areas.values()))] if rest else held


def _parts(head: Head, held: Sequence[_Held], persons: Mapping[int, tuple[int, ...]]) -> list[Head]:
    whole = whole_weight(held)
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
