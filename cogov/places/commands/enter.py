"""Entering places, grids, buildings, units and the roll: one function per verb."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

from sqlalchemy import select, update

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.batches import Effect, effect_on, together
from cogov.journal.event import Code
from cogov.journal.transaction import record, verb
from cogov.people.commands import end_role, grant_role
from cogov.people.queries import standings_of
from cogov.people.rules import Actor, Role
from cogov.places.commands.sharing import record_share, share_held
from cogov.places.events import (
    BuildingEntered,
    GridDrawn,
    GridHandedOver,
    OwnershipEntered,
    OwnerVerified,
    PlaceEntered,
    ResidenceVerified,
    SettingChanged,
    UnitEntered,
)
from cogov.places.models import Building, GridHolder, GridShape, Owner, Ownership, Place, PlaceSetting, Residence, Unit
from cogov.places.queries import place_by_code, place_by_id
from cogov.places.rules import (
    OwnerKind,
    PlaceKind,
    ResidenceKind,
    Ring,
    Setting,
    UnitUse,
    above,
    why_not_code,
    why_not_own,
    why_not_ring,
    why_not_set,
    why_not_share,
)
from cogov.places.rules.divisions import division


@verb
def enter_place(by: Actor, *, kind: PlaceKind, code: str, name: str) -> Place:
    """Enter a place under the one whose code it extends; entering it again renames it."""
    return put_place(by, kind=kind, code=code, name=name)[0]


def put_place(by: Actor, *, kind: PlaceKind, code: str, name: str) -> tuple[Place, Effect]:
    """Enter or rename a place inside a transaction."""
    parent = _parent(by, code)
    insist(why_not_code(kind, code, parent.code if parent else None))
    row = session().scalars(for_change(select(Place).where(Place.code == code))).one_or_none()
    if row is None:
        row = Place(kind=kind, code=code, parent_id=parent.id if parent else None)
    row.name = name
    effect = effect_on(row)
    if effect is not Effect.UNCHANGED:
        with unless_taken(Refusal("place_exists", say("代码 {code} 已经登记。", code=code), status=422)):
            session().add(row)
        record(PlaceEntered(row.id, kind, Code(code)), by, place_id=row.id)
    return row, effect


def _parent(by: Actor, code: str) -> Place | None:
    """Return the place above; a province, city or district that is known by its code is entered on the way."""
    parent = session().scalars(select(Place).where(Place.code == above(code))).one_or_none()
    known = division(above(code) or "") if parent is None else None
    if known is None:
        return parent
    kind, name = known
    return put_place(by, kind=kind, code=above(code) or "", name=name)[0]


@verb
def draw_grid(by: Actor, *, code: str, name: str, ring: Ring) -> Place:
    """Enter a grid (15-digit code under its community) with its polygon in 1e-6 degrees."""
    return put_grid(by, code=code, name=name, ring=ring)[0]


def put_grid(by: Actor, *, code: str, name: str, ring: Ring) -> tuple[Place, Effect]:
    """Enter, rename or redraw a grid inside a transaction."""
    insist(why_not_ring(ring))
    grid, effect = put_place(by, kind=PlaceKind.GRID, code=code, name=name)
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    shape = session().get(GridShape, grid.id) or GridShape(grid_id=grid.id, community_id=found(grid.parent_id))
    shape.ring = json.dumps(ring)
    shape.west, shape.east, shape.south, shape.north = min(xs), max(xs), min(ys), max(ys)
    drawn = effect_on(shape)
    if drawn is not Effect.UNCHANGED:
        session().add(shape)
        record(GridDrawn(grid.id), by, place_id=grid.parent_id)
    return grid, together(effect, drawn)


@verb
def hand_over_grid(by: Actor, *, grid_id: int, person_id: int, contact: str, deputy: bool = False) -> GridHolder:
    """Make a person the holder (or deputy) of a grid; the one before is kept with the day of handing over."""
    grid = place_by_id(grid_id)
    at = now()
    session().execute(
        update(GridHolder)
        .where(GridHolder.grid_id == grid_id, GridHolder.deputy == deputy, GridHolder.until.is_(None))
        .values(until=at)
    )
    row = GridHolder(grid_id=grid_id, person_id=person_id, deputy=deputy, contact=contact, since=at)
    session().add(row)
    record(GridHandedOver(grid_id, person_id, deputy), by, place_id=grid.parent_id)
    return row


@verb
def change_setting(by: Actor, *, code: str, name: Setting, value: int) -> None:
    """Set a threshold or limit for a place and everything under it."""
    insist(why_not_set(name, value))
    place = place_by_code(code)
    row = (
        session()
        .scalars(
            for_change(select(PlaceSetting).where(PlaceSetting.place_id == place.id, PlaceSetting.name == name.value))
        )
        .one_or_none()
    )
    if row is None:
        row = PlaceSetting(place_id=place.id, name=name.value, value=value)
        session().add(row)
    row.value, row.changed_at, row.changed_by = value, now(), by.person_id
    record(SettingChanged(place.id, Code(name.value), value), by, place_id=place.id)


@verb
def enter_building(
    by: Actor, *, community_id: int, code: str, name: str, grid_id: int | None = None, floors: int = 0
) -> Building:
    """Enter a building; entering it again corrects it."""
    return put_building(by, community_id=community_id, code=code, name=name, grid_id=grid_id, floors=floors)[0]


def put_building(by: Actor, *, community_id: int, code: str, **values: object) -> tuple[Building, Effect]:
    """Enter or correct a building inside a transaction; only what is given is written."""
    query = select(Building).where(Building.community_id == community_id, Building.code == code)
    row = session().scalars(for_change(query)).one_or_none() or Building(community_id=community_id, code=code)
    for name, value in values.items():
        setattr(row, name, value)
    effect = effect_on(row)
    if effect is not Effect.UNCHANGED:
        session().add(row)
        session().flush()
        record(BuildingEntered(row.id), by, place_id=community_id)
    return row, effect


@verb
def enter_unit(
    by: Actor,
    *,
    building_id: int,
    door: str,
    staircase: str = "",
    area: int | None,
    use: UnitUse = UnitUse.DWELLING,
    unsold: bool = False,
) -> Unit:
    """Enter a unit with its area in 0.01 m² (None where nothing gives it); entering it again corrects it."""
    building = found(session().get(Building, building_id))
    return put_unit(by, building, staircase=staircase, door=door, area=area, use=use, unsold=unsold)[0]


def put_unit(
    by: Actor, building: Building, *, staircase: str, door: str, area: int | None, use: UnitUse, unsold: bool
) -> tuple[Unit, Effect]:
    """Enter or correct a unit inside a transaction."""
    insist(None if area is None or area > 0 else Refusal("area_not_positive", say("面积要大于 0。"), status=422))
    query = select(Unit).where(Unit.building_id == building.id, Unit.staircase == staircase, Unit.door == door)
    row = session().scalars(for_change(query)).one_or_none()
    if row is None:
        row = Unit(community_id=building.community_id, building_id=building.id, staircase=staircase, door=door)
    row.area, row.use, row.unsold = area, use, unsold
    effect = effect_on(row)
    if effect is not Effect.UNCHANGED:
        session().add(row)
        session().flush()
        record(UnitEntered(row.id), by, place_id=building.community_id)
    return row, effect


@verb
def enter_owner(
    by: Actor, *, unit_id: int, reference: str, kind: OwnerKind = OwnerKind.PERSON, name: str = "", since: date
) -> Owner:
    """Enter an owner of a unit; the same reference on several units is one owner."""
    unit = found(session().get(Unit, unit_id))
    owner = _owner_under(unit, reference)
    if owner is None:
        owner, _ = put_owner(by, unit, reference=reference, kind=kind, name=name)
    with unless_taken(Refusal("ownership_exists", say("名册里已经有这一条。"), status=422)):
        session().add(Ownership(unit_id=unit_id, owner_id=owner.id, since=since))
    record(OwnershipEntered(unit_id, owner.id), by, place_id=unit.community_id)
    _keep_role(by, owner)
    return owner


def _owner_under(unit: Unit, reference: str) -> Owner | None:
    query = select(Owner).where(Owner.community_id == unit.community_id, Owner.reference == reference)
    return session().scalars(for_change(query)).one_or_none()


def put_owner(by: Actor, unit: Unit, *, reference: str, kind: OwnerKind, name: str) -> tuple[Owner, Effect]:
    """Enter or correct who stands under a reference, inside a transaction."""
    owner = _owner_under(unit, reference)
    if owner is None:
        owner = Owner(community_id=unit.community_id, reference=reference)
    owner.kind, owner.name = kind, name
    effect = effect_on(owner)
    session().add(owner)
    session().flush()
    if effect is Effect.CORRECTED:
        record(OwnershipEntered(unit.id, owner.id), by, place_id=unit.community_id)
    return owner, effect


def put_ownership(
    by: Actor, unit: Unit, owner: Owner, *, since: date, until: date | None, share: Fraction | None = None
) -> Effect:
    """Enter, correct or end an ownership inside a transaction; a share of None leaves it as it is, 0 takes it away."""
    query = select(Ownership).where(Ownership.unit_id == unit.id, Ownership.owner_id == owner.id)
    rows = session().scalars(for_change(query.order_by(Ownership.id))).all()
    row = next((row for row in rows if _is_meant(row, since, until)), None)
    if row is None:
        row = Ownership(unit_id=unit.id, owner_id=owner.id)
        insist(why_not_own(since, until, [(other.since, other.until) for other in rows]))
    # Whoever comes back brings the share that they had; nobody has looked whether there is still room for it.
    comes_back = row.until is not None and until is None
    written = share_held(row) if share is None and comes_back else share
    before = share_held(row)
    row.since, row.until = since, until
    if written is not None:
        with session().no_autoflush:  # what is changed is looked at below
            put_share(row, written)
    effect = effect_on(row)
    if effect is not Effect.UNCHANGED:
        session().add(row)
        session().flush()
        record(OwnershipEntered(unit.id, owner.id), by, place_id=unit.community_id)
        record_share(by, unit, row, before)
        _keep_role(by, owner)
    return effect


def put_share(row: Ownership, share: Fraction) -> None:
    """Set what share of a unit an ownership is, where those of all who own it now stay within the whole; 0: none.

    Whoever calls holds the unit, as `put_unit` and `set_shares` do before they touch an ownership: of two who set
    shares at once the second sees what the first has set, and neither waits for the other in a circle.
    """
    if row.until is None:
        query = select(Ownership.share_part, Ownership.share_of).where(
            Ownership.unit_id == row.unit_id,
            Ownership.owner_id != row.owner_id,
            Ownership.until.is_(None),
            Ownership.share_of.is_not(None),
        )
        others = [Fraction(found(part), found(whole)) for part, whole in session().execute(query)]
        insist(why_not_share([*others, share]))
    row.share_part, row.share_of = (share.numerator, share.denominator) if share else (None, None)


def _keep_role(by: Actor, owner: Owner) -> None:
    """Let the role of owner follow the roll: it ends with the person's last unit in the community, and comes back.

    A person may stand on the roll under several references; all of them count.
    """
    if owner.person_id is None:
        return
    code = place_by_id(owner.community_id).code
    if _owns(owner.person_id, owner.community_id):
        _give(by, owner.person_id, Role.OWNER, code)
        return
    for held in standings_of(owner.person_id):
        if held.role is Role.OWNER and held.scope == code:
            end_role(by, held.id)


def _owns(person_id: int, community_id: int) -> bool:
    query = (
        select(Ownership.id)
        .join(Owner, Ownership.owner_id == Owner.id)
        .where(Owner.person_id == person_id, Owner.community_id == community_id, Ownership.until.is_(None))
        .limit(1)
    )
    return session().scalar(query) is not None


def _is_meant(row: Ownership, since: date, until: date | None) -> bool:
    """Say whether a line speaks of this ownership: of the one that runs, or of one that began on the same day."""
    return row.since == since or (row.until is None and until is None)


@verb
def verify_owner(by: Actor, *, owner_id: int, person_id: int) -> Owner:
    """Join an owner on the roll to a person whose papers were seen; who owns a unit now gets the role of owner."""
    owner = found(session().scalars(for_change(select(Owner).where(Owner.id == owner_id))).one_or_none())
    insist(
        None
        if owner.person_id is None
        else Refusal("owner_verified", say("这位业主已经核对过身份。"), what_next=say("有误请找居委会更正。")),
    )
    owner.person_id, owner.verified_at, owner.verified_by = person_id, now(), by.person_id
    session().flush()
    _keep_role(by, owner)
    record(OwnerVerified(owner_id, person_id), by, place_id=owner.community_id)
    return owner


@verb
def verify_residence(by: Actor, *, unit_id: int, person_id: int, kind: ResidenceKind) -> Residence:
    """Record that a person lives in a unit; gives the role of resident (and tenant) in the community."""
    unit = found(session().get(Unit, unit_id))
    row = Residence(person_id=person_id, unit_id=unit_id, kind=kind, verified_at=now(), verified_by=by.person_id)
    with unless_taken(Refusal("residence_exists", say("已经登记住在这里。"))):
        session().add(row)
    code = place_by_id(unit.community_id).code
    _give(by, person_id, Role.RESIDENT, code)
    if kind is ResidenceKind.TENANT:
        _give(by, person_id, Role.TENANT, code)
    record(ResidenceVerified(unit_id, person_id, kind), by, place_id=unit.community_id)
    return row


def _give(by: Actor, person_id: int, role: Role, code: str) -> None:
    if not _has(person_id, role, code):
        grant_role(by, person_id=person_id, role=role, scope=code)


def _has(person_id: int, role: Role, code: str) -> bool:
    return any(held.role is role and held.scope == code for held in standings_of(person_id))
