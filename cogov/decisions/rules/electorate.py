"""From the roll to heads: who counts, for how much, and who may cast (Civil Code 278(2), 解释 8 and 9).

What the law says: one unit is one head; one buyer of several units is one head; units not sold, or sold and not
handed over, are one head together (解释 9). Area is that of the units, by register, survey or contract (解释 8). What
it leaves open is settled here, each time so that the denominators stay whole, because a smaller denominator makes a
quorum too easy:

- Co-owners of a unit are one head; any of them may cast for it, and whoever did may change it until closing, unless
  the rule has all of them mark it alike (`co_owning.py`) or each cast for a share (`parts.py`).
- The same set of co-owners with several units is one buyer. Sets that overlap but differ are different buyers, so
  different heads: Wang's own flat and the flat of Wang and Li are two, and Wang is a voter of both.
- The developer's own units join the unsold ones. An unsold unit belongs to the developer whom the roll names for it,
  else to the only developer on the roll, else to an unnamed one; several developers are several heads.
- A unit whose owner is unknown is one head with its area and nobody to cast for it.
- A unit without area is a head and adds nothing to the area.
- A parking space or storeroom without an area of its own is not shown to be a unit at all (解释 2(3)): left out, and
  listed. With an area it counts like any other unit, unless the owners' own rules leave such spaces out, as the
  ministry's guiding rules (建房〔2009〕274号) let them: `Parking` of the rule.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256

from cogov.decisions.rules.law import Parking
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import Words, say
from cogov.places.rules import OwnerKind, UnitUse


@dataclass(frozen=True)
class Reach:
    """Whose matter it is: the whole community, one building, or one staircase of it."""

    building_id: int | None = None
    staircase: str | None = None

    def __post_init__(self) -> None:
        if self.staircase is not None and self.building_id is None:
            raise ValueError("a staircase is one of a building")

    @classmethod
    def of(cls, scope: Scope, building_id: int | None, staircase: str) -> "Reach":
        """Return the reach that a motion names; ValueError where building or staircase do not fit its scope."""
        if (building_id is not None) is not (scope is not Scope.COMMUNITY):
            raise ValueError("a building goes with every scope but the community's")
        return cls(building_id, staircase if scope is Scope.STAIRCASE else None)

    @property
    def scope(self) -> Scope:
        """Return how wide it is."""
        if self.staircase is not None:
            return Scope.STAIRCASE
        return Scope.COMMUNITY if self.building_id is None else Scope.BUILDING

    def covers(self, building_id: int, staircase: str) -> bool:
        """Say whether a unit there belongs to the electorate."""
        return self.building_id in (None, building_id) and self.staircase in (None, staircase)


COMMUNITY = Reach()
LONGEST_KEY = 80


@dataclass(frozen=True)
class RollUnit:
    """A unit as the roll has it; `unsold` also when sold and not handed over; `area` in 0.01 m²."""

    unit_id: int
    building_id: int
    staircase: str
    area: int | None
    owners: tuple[int, ...]
    unsold: bool = False
    use: UnitUse = UnitUse.DWELLING
    shares: tuple[tuple[int, Fraction], ...] = ()
    """The share of each owner for whom one is registered."""


@dataclass(frozen=True)
class RollOwner:
    """An owner as the roll has it, with the verified persons who may act as this owner."""

    owner_id: int
    kind: OwnerKind
    person_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class RollHousehold:
    """A unit in which somebody lives, with its verified residents."""

    unit_id: int
    building_id: int
    staircase: str
    person_ids: tuple[int, ...]


class HeadGround(StrEnum):
    """Why a head is in an electorate: by the rule's scope, presumed or proven to have an interest, as a delegate."""

    LISTED = "listed"
    PRESUMED = "presumed"
    PROVEN = "proven"
    DELEGATE = "delegate"


@dataclass(frozen=True)
class Head:
    """One voice of an electorate: whose it is, for which units and area (0.01 m²), and who may cast it.

    `key` names the head within its electorate and is made from ids alone. In a fingerprint a field that has its
    default is left out, so what was frozen before the field came keeps the one it had.
    """

    key: str
    owner_ids: tuple[int, ...]
    unit_ids: tuple[int, ...]
    area: int
    person_ids: tuple[int, ...]
    ground: HeadGround = HeadGround.LISTED
    organization_id: int | None = None


@dataclass(frozen=True)
class Electorate:
    """All heads within a reach in the order of their keys, and what the roll lacks, by unit id and head key."""

    reach: Reach
    heads: tuple[Head, ...]
    units: int
    units_without_area: tuple[int, ...] = ()
    units_without_owner: tuple[int, ...] = ()
    units_left_out: tuple[int, ...] = ()
    units_above_one: tuple[int, ...] = ()
    """Units whose co-owners have more than the whole of them, and units whose shares no area can be divided by: no
    notice freezes an electorate that has any."""

    units_too_fine: tuple[int, ...] = ()

    @property
    def total_heads(self) -> int:
        """Count the heads; the shares of co-owners are one head together."""
        return len({whole_of(head.key) for head in self.heads})

    @property
    def total_area(self) -> int:
        """Sum the area, in 0.01 m²."""
        return sum(head.area for head in self.heads)

    @property
    def totals(self) -> Turnout:
        """Return both denominators."""
        return Turnout(self.total_heads, self.total_area)

    @property
    def proven_heads(self) -> int:
        """Count the heads that are in it because an interest was proven."""
        return sum(head.ground is HeadGround.PROVEN for head in self.heads)

    @property
    def heads_without_verified_person(self) -> tuple[str, ...]:
        """Return the keys of heads for which nobody can cast yet, not even a share."""
        reached = {whole_of(head.key) for head in self.heads if head.person_ids}
        return tuple(dict.fromkeys(whole_of(head.key) for head in self.heads if whole_of(head.key) not in reached))

    def heads_of(self, person_id: int) -> tuple[Head, ...]:
        """Return the heads that a person may cast for: usually none or one."""
        return tuple(head for head in self.heads if person_id in head.person_ids)


def why_not_count(units: Iterable[RollUnit], owners: Iterable[RollOwner]) -> Refusal | None:
    """Say what makes a roll uncountable."""
    units, owner_ids = tuple(units), [owner.owner_id for owner in owners]
    twice = first_twice(unit.unit_id for unit in units)
    if twice is not None:
        return unfit_roll("unit_twice", say("名册里专有部分 {id} 出现了两次", id=twice))
    twice = first_twice(owner_ids)
    if twice is not None:
        return unfit_roll("owner_twice", say("名册里业主 {id} 出现了两次", id=twice))
    known = set(owner_ids)
    for unit in units:
        if unit.area is not None and unit.area <= 0:
            return unfit_roll("area_not_positive", say("名册里专有部分 {id} 的面积不是正数", id=unit.unit_id))
        if not known.issuperset(unit.owners):
            return unfit_roll("owner_unknown", say("名册里专有部分 {id} 的业主不在业主表里", id=unit.unit_id))
    return None


def owners_of(
    units: Iterable[RollUnit],
    owners: Iterable[RollOwner],
    reach: Reach = COMMUNITY,
    parking: Parking = Parking.WITH_AREA,
    proven: Collection[int] | None = None,
) -> Electorate:
    """Count the owners within a reach; Refused when the roll cannot be counted.

    ``proven`` are the units elsewhere whose owners have proven an interest; None where the rule knows of none.
    """
    units, owners = tuple(units), tuple(owners)
    insist(why_not_count(units, owners))
    developers = tuple(sorted(owner.owner_id for owner in owners if owner.kind is OwnerKind.DEVELOPER))
    persons = {owner.owner_id: owner.person_ids for owner in owners}
    in_scope = sorted(
        (unit for unit in units if reach.covers(unit.building_id, unit.staircase) or unit.unit_id in (proven or ())),
        key=lambda unit: unit.unit_id,
    )
    counted = [unit for unit in in_scope if is_unit_of_its_own(unit, parking)]
    buyers: dict[tuple[str, tuple[int, ...]], list[RollUnit]] = defaultdict(list)
    for unit in counted:
        buyers[buyer_of(unit, developers)].append(unit)
    heads = [make_head(key, ids, held, persons) for (key, ids), held in buyers.items()]
    if proven is not None:
        presumed = {unit.unit_id for unit in counted if reach.covers(unit.building_id, unit.staircase)}
        heads = [replace(head, ground=ground_of(head, presumed)) for head in heads]
    return Electorate(
        reach=reach,
        heads=tuple(sorted(heads, key=lambda head: head.key)),
        units=len(counted),
        units_without_area=tuple(unit.unit_id for unit in counted if unit.area is None),
        units_without_owner=tuple(unit.unit_id for unit in counted if not unit.owners and not unit.unsold),
        units_left_out=tuple(unit.unit_id for unit in in_scope if not is_unit_of_its_own(unit, parking)),
    )


def households_of(dwellings: Iterable[RollHousehold], reach: Reach = COMMUNITY) -> Electorate:
    """Count households: one unit with a verified resident is one, whoever owns it; area does not count."""
    heads = {
        dwelling.unit_id: Head(
            key=f"h{dwelling.unit_id}",
            owner_ids=(),
            unit_ids=(dwelling.unit_id,),
            area=0,
            person_ids=tuple(sorted(set(dwelling.person_ids))),
        )
        for dwelling in dwellings
        if dwelling.person_ids and reach.covers(dwelling.building_id, dwelling.staircase)
    }
    return Electorate(reach=reach, heads=tuple(sorted(heads.values(), key=lambda head: head.key)), units=len(heads))


def members_of(person_ids: Iterable[int], reach: Reach = COMMUNITY) -> Electorate:
    """Count those who sit in a body: each person is one, whatever they own."""
    heads = (
        Head(key=f"m{person}", owner_ids=(), unit_ids=(), area=0, person_ids=(person,)) for person in set(person_ids)
    )
    in_order = tuple(sorted(heads, key=lambda head: head.key))
    return Electorate(reach=reach, heads=in_order, units=len(in_order))


def ground_of(head: Head, presumed: set[int]) -> HeadGround:
    """Say why a head has an interest: whoever owns in the building is presumed to, whatever else they have proven."""
    return HeadGround.PROVEN if presumed.isdisjoint(head.unit_ids) else HeadGround.PRESUMED


def is_unit_of_its_own(unit: RollUnit, parking: Parking = Parking.WITH_AREA) -> bool:
    """Say whether a space counts as a unit: parking and storerooms only with an area, and if the rule lets them."""
    if unit.use not in (UnitUse.PARKING, UnitUse.STORAGE):
        return True
    return parking is Parking.WITH_AREA and unit.area is not None


def buyer_of(unit: RollUnit, developers: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """Return the key and the owners of the head that a unit belongs to."""
    owners = tuple(sorted(set(unit.owners)))
    building_it = tuple(owner for owner in owners if owner in developers)
    if unit.unsold:
        # The buyer of a flat that was not handed over is not an owner yet (解释 1(2)): the developer holds it.
        holder = building_it or (developers if len(developers) == 1 else ())
        return joined("d", holder), holder
    if owners and owners == building_it:
        return joined("d", owners), owners
    if not owners:
        return f"u{unit.unit_id}", ()
    return joined("o", owners), owners


def make_head(
    key: str, owner_ids: tuple[int, ...], units: list[RollUnit], persons: Mapping[int, tuple[int, ...]]
) -> Head:
    """Put the units of one buyer together."""
    return Head(
        key=key,
        owner_ids=owner_ids,
        unit_ids=tuple(unit.unit_id for unit in units),
        area=sum(unit.area or 0 for unit in units),
        person_ids=tuple(sorted({person for owner in owner_ids for person in persons[owner]})),
    )


def joined(prefix: str, ids: tuple[int, ...]) -> str:
    """Write a key from ids: `o3`, `o3-7`, `d` for an unnamed developer; a digest where very many own together."""
    key = prefix + "-".join(map(str, ids))
    return key if len(key) <= LONGEST_KEY else f"{prefix}x{sha256(key.encode()).hexdigest()[:32]}"


def whole_of(key: str) -> str:
    """Return the key of the head that a key is a share of, or the key itself."""
    return key.partition("/")[0]


def first_twice(ids: Iterable[int]) -> int | None:
    """Return the first id that comes a second time."""
    seen: set[int] = set()
    for number in ids:
        if number in seen:
            return number
        seen.add(number)
    return None


def unfit_roll(code: str, message: Words) -> Refusal:
    """Refuse to count a roll, naming the row."""
    return Refusal(
        code=code,
        message=message,
        article="建筑物区分所有权解释第8、9条",
        what_next=say("请管理名册的人更正后再试"),
        status=422,
    )
