"""Places, organizations, duties, the calendar and the owners' roll, entered as an administrator would enter them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from chinese_calendar.constants import holidays, workdays

from cogov.demo.content import content
from cogov.duties.commands import change_calendar, enter_duty, enter_matter
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import ListKind, MatterKey
from cogov.duties.rules.matters import Matter, shipped
from cogov.people.commands import found_organization
from cogov.people.rules import CLOCK, OrganizationKind
from cogov.places.commands import draw_grid, enter_building, enter_owner, enter_place, enter_unit, set_shares
from cogov.places.rules import OwnerKind, PlaceKind, Ring, UnitUse

SINCE = date(2018, 6, 1)
HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
}


@dataclass(frozen=True)
class Flat:
    """A unit as the demo speaks of it: ``1-402`` of building 3, and the roll's name for its owner."""

    id: int
    building: str
    staircase: str
    door: str
    reference: str


@dataclass
class World:
    """The ids of what has been entered, by the keys of the content files."""

    communities: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    shifts: dict[str, tuple[int, int]] = field(default_factory=dict)
    grids: dict[tuple[str, str], int] = field(default_factory=dict)
    buildings: dict[tuple[str, str], int] = field(default_factory=dict)
    organizations: dict[str, int] = field(default_factory=dict)
    matters: dict[str, int] = field(default_factory=dict)
    duties: dict[str, int] = field(default_factory=dict)
    flats: dict[str, Flat] = field(default_factory=dict)
    owners: dict[tuple[str, str], int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    neighbours: dict[tuple[str, str], list[int]] = field(default_factory=dict)


def enter_places(world: World) -> None:
    """Enter what stands above, the communities with their grids, and the organizations."""
    told = content("places")
    for above in told["above"]:
        enter_place(CLOCK, kind=PlaceKind(above["kind"]), code=above["code"], name=above["name"])
    for community in told["communities"]:
        _enter_community(world, community, told["origin"])
    for each in told["organizations"]:
        world.organizations[each["key"]] = found_organization(
            CLOCK,
            kind=OrganizationKind(each["kind"]),
            name=each["name"],
            short_name=each["short"],
            scope=each["scope"],
            contact=each.get("contact", ""),
        ).id


def _enter_community(world: World, community: dict[str, Any], origin: dict[str, Any]) -> None:
    key, code = community["key"], community["code"]
    world.communities[key] = enter_place(CLOCK, kind=PlaceKind.COMMUNITY, code=code, name=community["name"]).id
    world.codes[key] = code
    west, south = (
        origin[name] + shift for name, shift in zip(("longitude", "latitude"), community["shift"], strict=True)
    )
    world.shifts[key] = west, south
    for grid in community["grids"]:
        corners = [community["corners"][name] for name in grid["ring"] + grid["ring"][0]]
        ring: Ring = tuple((west + x, south + y) for x, y in corners)
        world.grids[key, grid["code"]] = draw_grid(CLOCK, code=code + grid["code"], name=grid["name"], ring=ring).id


# The roll ------------------------------------------------------------------------------------------------------------


def enter_roll(world: World) -> None:
    """Enter buildings, units with their areas, and who owns them."""
    for community in content("places")["communities"]:
        buyers = {unit: buyer for buyer in community["buyers"] for unit in buyer["units"]}
        for building in community["buildings"]:
            _enter_building(world, community, building, buyers)
        _enter_couples(world, community)


def _enter_building(
    world: World, community: dict[str, Any], building: dict[str, Any], buyers: dict[str, dict[str, Any]]
) -> None:
    key, code = community["key"], building["code"]
    row = enter_building(
        CLOCK,
        community_id=world.communities[key],
        code=code,
        name=f"{code} 号楼",
        grid_id=world.grids[key, building["grid"]],
        floors=building["floors"],
    )
    world.buildings[key, code] = row.id
    doors = list(_doors(building))
    for (staircase, door), area in zip(doors, _areas(building["area"], len(doors)), strict=True):
        label = f"{staircase}-{door}"
        unsold = label in building.get("unsold", ())
        unit = enter_unit(
            CLOCK,
            building_id=row.id,
            staircase=staircase,
            door=door,
            area=area,
            use=UnitUse.SHOP if staircase == "商铺" else UnitUse.DWELLING,
            unsold=unsold,
        )
        reference = _enter_owner(world, community, unit.id, f"{code}/{label}", buyers, unsold=unsold)
        world.flats[f"{key}/{code}/{label}"] = Flat(unit.id, code, staircase, door, reference)


def _doors(building: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield staircase and door of every unit; shops take the ground floor under the flats."""
    missing = building.get("missing", ())
    shops = building.get("shops", 0)
    for shop in range(1, shops + 1):
        yield "商铺", str(shop)
    lowest = 2 if shops else 1
    for staircase in range(1, building["staircases"] + 1):
        for floor in range(lowest, building["floors"] + lowest):
            for door in (1, 2):
                if f"{staircase}-{floor}0{door}" not in missing:
                    yield str(staircase), f"{floor}0{door}"


def _areas(total: int, count: int) -> list[int]:
    """Return areas in 0.01 m² that differ as flats do and sum to the building's, to the last 0.01."""
    weights = [96 + (index * 7) % 9 for index in range(count)]
    areas = [total * weight // sum(weights) for weight in weights]
    areas[-1] += total - sum(areas)
    return areas


def _enter_owner(
    world: World,
    community: dict[str, Any],
    unit_id: int,
    label: str,
    buyers: dict[str, dict[str, Any]],
    *,
    unsold: bool,
) -> str:
    buyer = buyers.get(label, {})
    kind = OwnerKind.DEVELOPER if unsold else OwnerKind(buyer.get("kind", "person"))
    reference = "开发企业" if unsold else str(buyer.get("reference", f"W-{label}"))
    name = community["developer"] if unsold else str(buyer.get("name", ""))
    owner = enter_owner(CLOCK, unit_id=unit_id, reference=reference, kind=kind, name=name, since=SINCE)
    world.owners[community["key"], reference] = owner.id
    return reference


def _enter_couples(world: World, community: dict[str, Any]) -> None:
    """Enter a second owner for every so-manieth flat, with the shares that some of them have: one head together."""
    key = community["key"]
    own = [name for name, flat in world.flats.items() if name.startswith(f"{key}/") and is_home(flat)]
    couples = {f"{key}/6/2-501"} & set(own) | set(own[5 :: max(len(own) // community["couples"], 1)])
    for name in sorted(couples):
        flat = world.flats[name]
        owner = enter_owner(CLOCK, unit_id=flat.id, reference=f"{flat.reference}-乙", since=SINCE)
        world.owners[key, f"{flat.reference}-乙"] = owner.id
    for label, shares in community.get("shares", {}).items():
        flat = world.flats[f"{key}/{label}"]
        both = (flat.reference, f"{flat.reference}-乙")
        set_shares(CLOCK, unit_id=flat.id, shares=dict(zip(both, map(Fraction, shares), strict=True)))


def is_home(flat: Flat) -> bool:
    """Say whether a flat has an owner of its own: neither a shop, nor unsold, nor one of a buyer's several."""
    return flat.staircase != "商铺" and flat.reference.startswith("W-") and "/" in flat.reference


# Duties and the calendar ---------------------------------------------------------------------------------------------


def enter_duties(world: World) -> None:
    """Enter the catalogue of matters and the duty lists of the bodies."""
    for matter in shipped():
        world.matters[str(matter.key)] = _enter_matter(matter)
    for item in content("duties"):
        amount, unit = item["limit"]
        world.duties[item["number"]] = enter_duty(
            CLOCK,
            scope=item["scope"],
            number=item["number"],
            matter_id=world.matters[item["matter"]],
            organization_id=world.organizations[item["body"]],
            list_kind=ListKind(item.get("list", "basic")),
            limit=Limit(amount, LimitUnit(unit)),
            basis=item["basis"],
            condition=item.get("condition", ""),
            valid_from=date(2024, 1, 1),
        ).id


def _enter_matter(matter: Matter) -> int:
    guidance = matter.guidance
    key = MatterKey(matter.key.standard, matter.key.kind, matter.key.code)
    if guidance is None:
        return enter_matter(CLOCK, key=key, name=matter.name, radius_m=matter.radius_m).id
    return enter_matter(
        CLOCK,
        key=key,
        name=matter.name,
        lane=guidance.lane,
        rules="+".join(guidance.rules),
        reason="+".join(guidance.reasons)[:16],
        radius_m=matter.radius_m,
        limit=guidance.limit,
        basis=guidance.basis,
        close_condition=guidance.close_condition,
        confidence=guidance.confidence[0].upper(),
    ).id


def enter_calendar(today: date) -> None:
    """Enter holidays and 调休 of this and the next year, as far as they have been announced."""
    years = (today.year, today.year + 1)
    for table, working in ((holidays, False), (workdays, True)):
        for day, name in sorted(table.items()):
            if day.year in years and (working or day.weekday() < 5):
                change_calendar(CLOCK, scope="", day=day, working=working, name=HOLIDAYS.get(name, name))
