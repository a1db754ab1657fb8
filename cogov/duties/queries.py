"""Matters, duty items, the calendar of a place, and clocks, as other rooms read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, exists, func, select, tuple_

from cogov.duties.models import CalendarDay, ClockPause, DutyItem, Matter, RunningClock
from cogov.duties.rules.calendar import WorkingCalendar
from cogov.duties.rules.clock import Cell, Limit, Pause, Remaining, remaining, ruler
from cogov.duties.rules.duty import MatterKey
from cogov.duties.rules.purpose import Purpose
from cogov.duties.rules.setting_up import SetUpFacts
from cogov.ground.copies import Copies, copies
from cogov.ground.db import found, session
from cogov.journal.kept import Of, Subject, kept, kept_each
from cogov.journal.reading import Entry
from cogov.people.models import Organization, RoleHeld
from cogov.people.rules import OrganizationKind, Role
from cogov.places.models import Building, GridHolder, GridShape, Place, SetUp
from cogov.places.rules import PlaceKind, prefixes


def matter_by_id(matter_id: int) -> Matter:
    """Return a matter of the catalogue."""
    return found(session().get(Matter, matter_id))


def matter_by_key(key: MatterKey) -> Matter | None:
    """Return the matter under a key, if the catalogue has it."""
    return (
        session()
        .scalars(
            select(Matter).where(Matter.standard == key.standard, Matter.kind == key.kind, Matter.code == key.code)
        )
        .one_or_none()
    )


def matters() -> list[Matter]:
    """Return the matters in use, by kind and code."""
    query = select(Matter).where(Matter.retired_at.is_(None))
    return list(session().scalars(query.order_by(Matter.kind, Matter.standard, Matter.code)))


def items_for(matter_id: int, code: str, on: date) -> list[DutyItem]:
    """Return the duty items valid for a matter at a place on a day, the narrowest scope and latest version first."""
    query = (
        select(DutyItem)
        .where(
            DutyItem.matter_id == matter_id,
            DutyItem.scope.in_(prefixes(code)),
            DutyItem.valid_from <= on,
            (DutyItem.valid_to.is_(None)) | (DutyItem.valid_to >= on),
        )
        .order_by(func.length(DutyItem.scope).desc(), DutyItem.number, DutyItem.version.desc())
    )
    return list(session().scalars(query))


def duty_item(item_id: int) -> DutyItem:
    """Return an item of a duty list."""
    return found(kept(("duty item", item_id), lambda: session().get(DutyItem, item_id), of=Of.REGISTERS))


def calendar_for(code: str) -> WorkingCalendar:
    """Return the working calendar of a place; a narrower place's day outranks a wider one's."""
    return kept(("calendar", code), lambda: _calendar(code), of=Of.REGISTERS)


def _calendar(code: str) -> WorkingCalendar:
    rows = session().execute(
        select(CalendarDay.day, CalendarDay.working)
        .where(CalendarDay.scope.in_(("", *prefixes(code))))
        .order_by(func.length(CalendarDay.scope))
    )
    return WorkingCalendar.of(dict(rows.all()))


def running(purpose: Purpose, subject_id: int, *, of: Subject = Of.EVERYTHING) -> RunningClock | None:
    """Return the clock that runs for a subject; who knows of which problem it is says so."""
    query = select(RunningClock).where(
        RunningClock.purpose == purpose, RunningClock.subject_id == subject_id, RunningClock.stopped_at.is_(None)
    )
    return kept(("running", purpose, subject_id), lambda: session().scalars(query).one_or_none(), of=of)


def clocks_of(problem_id: int) -> list[RunningClock]:
    """Return the clocks that run for a problem, the next one due first."""
    return [clock for clock, _ in _clocks(problem_id)]


def running_on(problem_id: int, purpose: Purpose, subject_id: int) -> RunningClock | None:
    """Return the clock that runs for a subject of a problem, from those of the problem that are read anyway."""
    mine = (clock for clock in clocks_of(problem_id) if (clock.purpose, clock.subject_id) == (purpose, subject_id))
    return next(mine, None)


def _clocks(problem_id: int) -> tuple[tuple[RunningClock, tuple[Pause, ...]], ...]:
    return kept(("clocks", problem_id), lambda: _read_clocks(problem_id), of=problem_id)


def _read_clocks(problem_id: int) -> tuple[tuple[RunningClock, tuple[Pause, ...]], ...]:
    query = (
        select(RunningClock, ClockPause)
        .outerjoin(ClockPause, ClockPause.clock_id == RunningClock.id)
        .where(RunningClock.problem_id == problem_id, RunningClock.stopped_at.is_(None))
        .order_by(RunningClock.due_at, RunningClock.id, ClockPause.id)
    )
    found: dict[int, tuple[RunningClock, list[Pause]]] = {}
    for clock, pause in session().execute(query):
        _, pauses = found.setdefault(clock.id, (clock, []))
        if pause is not None:
            pauses.append(Pause(pause.began_at, pause.ended_at, pause.reason))
    return tuple((clock, tuple(pauses)) for clock, pauses in found.values())


class DueClock(NamedTuple):
    """A clock that has run out."""

    id: int
    due_at: datetime
    problem_id: int | None


def due_clocks(at: datetime, limit: int = 100, after: tuple[datetime, int] | None = None) -> list[DueClock]:
    """Return the clocks that have run out and were not handled yet, the longest overdue first, those after a key."""
    query = (
        select(RunningClock.id, RunningClock.due_at, RunningClock.problem_id)
        .where(
            RunningClock.due_at <= at,
            RunningClock.stopped_at.is_(None),
            RunningClock.handled_at.is_(None),
            RunningClock.paused_at.is_(None),
        )
        .order_by(RunningClock.due_at, RunningClock.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(RunningClock.due_at, RunningClock.id) > after)
    return [DueClock(*row) for row in session().execute(query)]


def ran_out_between(after: datetime, until: datetime) -> bool:
    """Say whether a clock has run out after one moment, up to another, and waits to be handled."""
    running_out = and_(
        RunningClock.due_at > after,
        RunningClock.due_at <= until,
        RunningClock.stopped_at.is_(None),
        RunningClock.handled_at.is_(None),
        RunningClock.paused_at.is_(None),
    )
    return bool(session().scalar(select(exists().where(running_out))))


def pauses_of(clock_ids: Iterable[int]) -> dict[int, list[Pause]]:
    """Return the pauses of clocks, in order."""
    return kept_each("pauses", clock_ids, _pauses)


def _pauses(clock_ids: Iterable[int]) -> dict[int, list[Pause]]:
    query = select(ClockPause).where(ClockPause.clock_id.in_(list(clock_ids))).order_by(ClockPause.id)
    result: dict[int, list[Pause]] = {}
    for row in session().scalars(query):
        result.setdefault(row.clock_id, []).append(Pause(row.began_at, row.ended_at, row.reason))
    return result


@dataclass(frozen=True)
class PublicClock:
    """A clock as it is shown: the promise's limit, what is left, the ruler, the holder and the pauses."""

    clock: RunningClock
    limit: Limit | None
    remaining: Remaining | None
    cells: tuple[Cell, ...]
    pauses: tuple[Pause, ...]


def public_clocks(clocks: Sequence[RunningClock], calendar: WorkingCalendar, at: datetime) -> list[PublicClock]:
    """Return clocks with what is left of them; those until a fixed moment have no limit and no ruler."""
    problems = {clock.problem_id for clock in clocks}
    one = next(iter(problems)) if len(problems) == 1 else None
    of: Subject = Of.EVERYTHING if one is None else one
    known = {} if one is None else {clock.id: list(pauses) for clock, pauses in _clocks(one)}
    paused = known if known.keys() >= {clock.id for clock in clocks} else pauses_of(clock.id for clock in clocks)
    by_id = {clock.id: clock for clock in clocks}

    def make(ids: Collection[int]) -> dict[int, PublicClock]:
        return {id_: _public(by_id[id_], paused.get(id_, []), calendar, at) for id_ in ids}

    shown = kept_each(f"clocks at {int(at.timestamp()) // 60}", by_id, make, of=of)
    return [shown[clock.id] for clock in clocks]


def _public(clock: RunningClock, pauses: list[Pause], calendar: WorkingCalendar, at: datetime) -> PublicClock:
    if clock.limit_amount is None or clock.limit_unit is None:
        return PublicClock(clock, None, None, (), tuple(pauses))
    limit = Limit(clock.limit_amount, clock.limit_unit)
    return PublicClock(
        clock,
        limit,
        remaining(at, clock.due_at, limit, calendar, pauses),
        ruler(at, clock.started_at, limit, calendar, pauses),
        tuple(pauses),
    )


def details(entries: Sequence[Entry]) -> dict[int, dict[str, object]]:
    """Return what the entries of this room need to be told: for what reason a clock was paused."""
    pauses = {entry.facts["pause"] for entry in entries if "pause" in entry.facts}
    query = select(ClockPause.id, ClockPause.reason).where(ClockPause.id.in_(pauses))
    reasons = dict(session().execute(query).all()) if pauses else {}
    return {entry.number: {"reason": reasons.get(entry.facts.get("pause") or 0, "")} for entry in entries}


# What a community still needs --------------------------------------------------------------------------------------

POSTS: tuple[tuple[Role, OrganizationKind], ...] = (
    (Role.MODERATOR, OrganizationKind.COMMITTEE),
    (Role.CHAIR, OrganizationKind.COMMITTEE),
    (Role.STREET_OFFICE, OrganizationKind.STREET),
    (Role.DISPATCHER, OrganizationKind.COMMAND),
    (Role.INSPECTOR, OrganizationKind.SUPERVISION),
    (Role.CLOSER, OrganizationKind.SUPERVISION),
)
"""The posts without which the loop stops somewhere; bodies with their officials come on top."""

OFFICIAL_LANES = ("", "A", "AB")
"""Matters of these lanes need a body; the others are settled among neighbours or elsewhere."""


def set_up_facts(community: Place, at: datetime, today: date) -> SetUpFacts:
    """Return what a community has of what it needs, in a number of queries that does not grow with it."""
    code = community.code
    bare, undrawn, grids = _grids_lacking(community.id)
    held = _posts_held(code, at)
    holders = _holders(community.id)
    row = session().get(SetUp, community.id)
    total, uncovered = _matters_lacking(code, today)
    return SetUpFacts(
        grids=len(grids),
        bare=tuple(grids[grid_id] for grid_id in bare),
        undrawn=undrawn,
        posts_missing=tuple(role for role, _ in POSTS if role not in held),
        officials=Role.OFFICIAL in held,
        unheld=tuple(name for grid_id, name in grids.items() if (grid_id, False) not in holders),
        undeputed=tuple(name for grid_id, name in grids.items() if (grid_id, True) not in holders),
        matters=total,
        uncovered=uncovered,
        days=_days_of(code, today.year),
        rules_at=row.rules_at if row else None,
        begun=row is not None,
        opened=row is None or row.opened_at is not None,
    )


def _grids_lacking(community_id: int) -> tuple[list[int], int, dict[int, str]]:
    built = select(Building.grid_id).where(Building.community_id == community_id, Building.grid_id.is_not(None))
    query = (
        select(Place.id, Place.name, GridShape.grid_id.is_not(None), Place.id.in_(built))
        .outerjoin(GridShape, GridShape.grid_id == Place.id)
        .where(Place.parent_id == community_id, Place.kind == PlaceKind.GRID)
        .order_by(Place.code)
    )
    rows = session().execute(query).all()
    bare = [grid_id for grid_id, _, drawn, has_building in rows if not drawn and not has_building]
    undrawn = sum(not drawn for _, _, drawn, _ in rows)
    return bare, undrawn, {grid_id: name for grid_id, name, _, _ in rows}


def _posts_held(code: str, at: datetime) -> set[Role]:
    """Return the roles for which somebody holds a mandate, of an organization that lasts, that reaches a place."""
    query = (
        select(RoleHeld.role)
        .join(Organization, Organization.id == RoleHeld.organization_id)
        .where(
            RoleHeld.scope.in_(prefixes(code)),
            RoleHeld.ended_at.is_(None),
            RoleHeld.since <= at,
            (RoleHeld.until.is_(None)) | (RoleHeld.until > at),
            Organization.ended_at.is_(None),
        )
        .distinct()
    )
    return set(session().scalars(query))


def _holders(community_id: int) -> set[tuple[int, bool]]:
    query = (
        select(GridHolder.grid_id, GridHolder.deputy)
        .join(Place, Place.id == GridHolder.grid_id)
        .where(Place.parent_id == community_id, GridHolder.until.is_(None))
    )
    return {(grid_id, deputy) for grid_id, deputy in session().execute(query)}


def _matters_lacking(code: str, today: date) -> tuple[int, int]:
    """Return how many matters need a body, and for how many of them no list in force here names one."""
    wanted = (Matter.retired_at.is_(None), Matter.lane.in_(OFFICIAL_LANES))
    total = session().scalar(select(func.count()).select_from(Matter).where(*wanted)) or 0
    query = select(func.count()).select_from(Matter).where(*wanted, Matter.id.not_in(covered(code, today)))
    return total, session().scalar(query) or 0


def covered(code: str, today: date) -> Select[int]:
    """Return the matters for which a list in force at a place names a body that lasts."""
    return (
        select(DutyItem.matter_id)
        .join(Organization, Organization.id == DutyItem.organization_id)
        .where(
            DutyItem.scope.in_(prefixes(code)),
            DutyItem.valid_from <= today,
            (DutyItem.valid_to.is_(None)) | (DutyItem.valid_to >= today),
            Organization.ended_at.is_(None),
        )
    )


def _days_of(code: str, year: int) -> int:
    query = (
        select(func.count())
        .select_from(CalendarDay)
        .where(
            CalendarDay.scope.in_(("", *prefixes(code))),
            CalendarDay.day >= date(year, 1, 1),
            CalendarDay.day <= date(year, 12, 31),
        )
    )
    return session().scalar(query) or 0


ABOUT = (RunningClock.person_id,)
"""Columns that say whose a row is."""

DONE = ()
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here."""
    return copies(person_id, ABOUT, DONE)
