"""Keeping places through the pages: the same verbs as elsewhere, each within one's own area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.queries import actor_of
from cogov.people.rules import Actor, Role
from cogov.people.rules.keeping import VERIFIERS, why_not_keep, why_not_oneself
from cogov.places.commands.enter import (
    change_setting,
    enter_unit,
    hand_over_grid,
    put_building,
    put_place,
    verify_owner,
    verify_residence,
)
from cogov.places.events import RulesConfirmed, SetUpBegun
from cogov.places.models import Building, GridHolder, Owner, Place, Residence, SetUp, Unit
from cogov.places.queries import place_by_code, place_by_id
from cogov.places.rules import CODE_LENGTH, PlaceKind, ResidenceKind, Setting, UnitUse
from cogov.places.rules.opening import GridLine

KINDS = {length: kind for kind, length in CODE_LENGTH.items()}


@verb
def register_place(by: Actor, *, code: str, name: str, once: str | None = None) -> Place:
    """Enter a place in one's own area, or correct what it is called; what it is follows from its code."""
    insist(why_not_keep(by, code))
    kind = KINDS.get(len(code))
    wrong = Refusal("code_length", say("代码应是 2、4、6、9、12 或 15 位数字。"), status=422)
    insist(None if kind else wrong)
    insist_once(by, once)
    return put_place(by, kind=found(kind), code=code, name=name)[0]


@verb
def register_building(
    by: Actor,
    *,
    community_id: int,
    code: str,
    name: str,
    grid_id: int | None,
    floors: int,
    once: str | None = None,
) -> Building:
    """Enter or correct a building of a community in one's own area."""
    community = place_by_id(community_id)
    insist(why_not_keep(by, community.code))
    grid = session().get(Place, grid_id) if grid_id else None
    fits = grid_id is None or (grid is not None and grid.parent_id == community_id)
    insist(None if fits else Refusal("grid_elsewhere", say("这个网格不在这个社区。"), status=422))
    insist_once(by, once)
    return put_building(by, community_id=community_id, code=code, name=name, grid_id=grid_id, floors=floors)[0]


@verb
def register_unit(
    by: Actor,
    *,
    building_id: int,
    staircase: str,
    door: str,
    area: int | None,
    use: UnitUse,
    unsold: bool = False,
    once: str | None = None,
) -> Unit:
    """Enter or correct a unit of a community in one's own area."""
    building = found(session().get(Building, building_id))
    insist(why_not_keep(by, place_by_id(building.community_id).code))
    insist_once(by, once)
    return enter_unit(by, building_id=building_id, staircase=staircase, door=door, area=area, use=use, unsold=unsold)


@verb
def hold_grid(
    by: Actor, *, grid_id: int, person_id: int, contact: str, deputy: bool, once: str | None = None
) -> GridHolder:
    """Hand a grid over to one of its grid workers; its committee may do so too."""
    grid = place_by_id(grid_id)
    insist(why_not_keep(by, grid.code, Role.MODERATOR))
    works = actor_of(person_id).holds(grid.code, Role.GRID_WORKER)
    insist(
        None
        if works
        else Refusal(
            "not_a_grid_worker",
            say("这个人现在不是这里的网格员。"),
            what_next=say("请先授予网格员的身份，再交网格。"),
            status=422,
        )
    )
    insist_once(by, once)
    return hand_over_grid(by, grid_id=grid_id, person_id=person_id, contact=contact, deputy=deputy)


@verb
def check_residence(
    by: Actor,
    *,
    person_id: int,
    unit_id: int,
    kind: ResidenceKind,
    reference: str = "",
    once: str | None = None,
) -> Residence:
    """Record, after the papers were seen, who lives in a unit; with the roll's number also that they own."""
    unit = found(session().get(Unit, unit_id))
    insist(why_not_keep(by, place_by_id(unit.community_id).code, *VERIFIERS))
    insist(why_not_oneself(by, person_id))
    insist_once(by, once)
    row = verify_residence(by, unit_id=unit_id, person_id=person_id, kind=kind)
    if reference:
        query = select(Owner.id).where(Owner.community_id == unit.community_id, Owner.reference == reference)
        owner_id = session().scalar(query)
        missing = Refusal(
            "owner_missing",
            say("名册上没有业主编号“{text}”。", text=reference),
            what_next=say("请核对名册；编号要一字不差。"),
            status=422,
        )
        insist(None if owner_id is not None else missing)
        verify_owner(by, owner_id=found(owner_id), person_id=person_id)
    return row


@verb
def set_threshold(by: Actor, *, code: str, name: Setting, value: int, once: str | None = None) -> None:
    """Set a threshold for a place in one's own area."""
    insist(why_not_keep(by, code))
    insist_once(by, once)
    change_setting(by, code=code, name=name, value=value)


# Setting up --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """A place on the way to the first community: its code and name."""

    code: str
    name: str


@verb
def begin_set_up(by: Actor, places: tuple[Named, ...], *, once: str | None = None) -> Place:
    """Enter a community with what stands above it, closed until it is opened; the last of `places` is the community."""
    community = places[-1]
    insist(why_not_keep(by, community.code))
    known = session().scalar(select(Place.id).where(Place.code == community.code))
    taken = Refusal(
        "place_exists",
        say("代码 {code} 已经登记。", code=community.code),
        what_next=say("请换一个社区代码，或在“地域”里查看它。"),
        status=422,
    )
    insist(None if known is None else taken)
    insist_once(by, once)
    for each in places[:-1]:
        above = session().scalar(select(Place.id).where(Place.code == each.code))
        if above is None:
            put_place(by, kind=KINDS[len(each.code)], code=each.code, name=each.name)
    row = put_place(by, kind=PlaceKind.COMMUNITY, code=community.code, name=community.name)[0]
    session().add(SetUp(place_id=row.id, begun_at=now(), begun_by=by.person_id))
    record(SetUpBegun(row.id), by, place_id=row.id)
    return row


@verb
def write_grids(by: Actor, *, community_id: int, lines: tuple[GridLine, ...], once: str | None = None) -> list[Place]:
    """Enter grids without an outline, each with its buildings; a grid or building of the same name is the same one."""
    community = place_by_id(community_id)
    insist(why_not_keep(by, community.code))
    insist_once(by, once)
    query = select(Place).where(Place.parent_id == community_id, Place.kind == PlaceKind.GRID)
    known = {grid.name: grid for grid in session().scalars(for_change(query))}
    free = iter(sorted({f"{n:03d}" for n in range(1, 1000)} - {grid.code[-3:] for grid in known.values()}))
    grids = []
    for line in lines:
        code = known[line.name].code if line.name in known else f"{community.code}{next(free)}"
        grid = put_place(by, kind=PlaceKind.GRID, code=code, name=line.name)[0]
        for name in line.buildings:
            _put_named_building(by, community_id, name, grid.id)
        grids.append(grid)
    return grids


def _put_named_building(by: Actor, community_id: int, name: str, grid_id: int) -> None:
    known = select(Building.code).where(Building.community_id == community_id, Building.name == name)
    code = session().scalar(known) or name.removesuffix(" 号楼").removesuffix("号楼").strip() or name
    put_building(by, community_id=community_id, code=code[:20], name=name, grid_id=grid_id)


@verb
def confirm_rules(
    by: Actor, *, community_id: int, values: dict[Setting, int], planned_on: date | None, once: str | None = None
) -> SetUp:
    """Set the thresholds that differ from today's, and keep that somebody looked through all of them."""
    community = place_by_id(community_id)
    insist(why_not_keep(by, community.code))
    row = set_up_for_change(community_id)
    insist_once(by, once)
    for name, value in values.items():
        change_setting(by, code=community.code, name=name, value=value)
    row.rules_at, row.rules_by, row.planned_on = now(), by.person_id, planned_on
    record(RulesConfirmed(community_id), by, place_id=community_id)
    return row


def set_up_for_change(community_id: int) -> SetUp:
    """Return the set-up of a community, locked; inside a transaction."""
    query = select(SetUp).where(SetUp.place_id == community_id)
    return found(session().scalars(for_change(query)).one_or_none())


def community_of(code: str) -> Place:
    """Return a community by its code."""
    place = place_by_code(code)
    return found(place if place.kind is PlaceKind.COMMUNITY else None)
