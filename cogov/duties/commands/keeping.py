"""Keeping the catalogue, duty lists and the calendar through the pages, and opening a community."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from cogov.duties.commands.enter import change_calendar, enter_duty
from cogov.duties.commands.imports import import_days, import_shipped_matters
from cogov.duties.events import DutyEntered, MatterEntered, MatterRetired
from cogov.duties.models import DutyItem, Matter
from cogov.duties.queries import OFFICIAL_LANES, covered, set_up_facts
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import ListKind, MatterKind
from cogov.duties.rules.holidays import holidays, known_year
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.batches import Imported
from cogov.journal.event import Code
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.models import Organization
from cogov.people.rules import Actor
from cogov.people.rules.keeping import why_not_keep
from cogov.places.commands import set_up_for_change
from cogov.places.events import CommunityOpened
from cogov.places.models import Place
from cogov.places.queries import place_by_id
from cogov.places.rules import PlaceKind
from cogov.places.rules.opening import why_not_open

ZONE = ZoneInfo("Asia/Shanghai")


def why_not_keep_all(by: Actor) -> Refusal | None:
    """What holds everywhere is kept by who administers every community that is entered."""
    if by.is_clock:
        return None
    codes = session().scalars(select(Place.code).where(Place.kind == PlaceKind.COMMUNITY))
    refusals = (why_not_keep(by, code) for code in codes)
    beyond = next((refusal for refusal in refusals if refusal is not None), None)
    if beyond is None:
        return None
    return Refusal(
        "not_for_all_places",
        say("这一项对全部社区有效，您只管其中一部分。"),
        what_next=say("请联系管着全部社区的管理员；只在您那里有效的，请写地域代码。"),
        status=403,
    )


def _today() -> date:
    return now().astimezone(ZONE).date()


# The catalogue -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MatterFacts:
    """What may be corrected of a matter; its key stays."""

    name: str
    lane: str
    limit: Limit | None
    basis: str
    close_condition: str
    kpi: str


@verb
def correct_matter(by: Actor, matter_id: int, facts: MatterFacts, *, once: str | None = None) -> Matter:
    """Correct a matter of the catalogue."""
    insist(why_not_keep_all(by))
    row = found(session().scalars(for_change(select(Matter).where(Matter.id == matter_id))).one_or_none())
    insist_once(by, once)
    row.name, row.lane, row.basis = facts.name, facts.lane, facts.basis
    row.close_condition, row.kpi = facts.close_condition, facts.kpi
    row.limit_amount, row.limit_unit = (facts.limit.amount, facts.limit.unit) if facts.limit else (None, None)
    record(MatterEntered(row.id, Code(row.code)), by, subject=("matter", row.id))
    return row


@verb
def retire_matter(by: Actor, matter_id: int, *, once: str | None = None) -> Matter:
    """Take a matter out of use; it is offered no more, and what rests on it stays."""
    insist(why_not_keep_all(by))
    row = found(session().scalars(for_change(select(Matter).where(Matter.id == matter_id))).one_or_none())
    insist(None if row.retired_at is None else Refusal("matter_retired", say("这个事项已经停用。")))
    insist_once(by, once)
    row.retired_at = now()
    record(MatterRetired(row.id, Code(row.code)), by, subject=("matter", row.id))
    return row


@verb
def start_catalogue(by: Actor, *, once: str | None = None) -> Imported:
    """Enter the catalogue that comes with cogov, where there is none yet."""
    insist(why_not_keep_all(by))
    some = session().scalar(select(Matter.id).limit(1))
    there = Refusal("catalogue_there", say("目录已经有了，没有再导入，免得盖掉您改过的。"))
    insist(None if some is None else there)
    insist_once(by, once)
    return import_shipped_matters(by)


# Duty lists --------------------------------------------------------------------------------------------------------


@verb
def list_duty(
    by: Actor,
    *,
    scope: str,
    number: str,
    matter_id: int,
    organization_id: int,
    list_kind: ListKind,
    limit: Limit,
    basis: str,
    condition: str = "",
    valid_from: date,
    valid_to: date | None = None,
    once: str | None = None,
) -> DutyItem:
    """Enter an item of a duty list in one's own area; what is there under its number gets a next version and ends."""
    insist(why_not_keep(by, scope))
    found(session().get(Matter, matter_id))
    organization = found(session().get(Organization, organization_id))
    reaches = organization.ended_at is None and scope.startswith(organization.scope)
    beyond = Refusal("organization_elsewhere", say("这个单位管不到这里，或已经终止。"), status=422)
    insist(None if reaches else beyond)
    backwards = Refusal("valid_backwards", say("失效日期早于生效日期。"), status=422)
    insist(backwards if valid_to is not None and valid_to < valid_from else None)
    insist_once(by, once)
    versions = select(func.max(DutyItem.version)).where(DutyItem.scope == scope, DutyItem.number == number)
    version = (session().scalar(versions) or 0) + 1
    return enter_duty(
        by,
        scope=scope,
        number=number,
        matter_id=matter_id,
        organization_id=organization_id,
        list_kind=list_kind,
        limit=limit,
        basis=basis,
        condition=condition,
        valid_from=valid_from,
        valid_to=valid_to,
        version=version,
    )


@verb
def end_duty(by: Actor, item_id: int, *, valid_to: date, once: str | None = None) -> DutyItem:
    """Let an item of a duty list end with a day; cases that rest on it keep it."""
    row = found(session().scalars(for_change(select(DutyItem).where(DutyItem.id == item_id))).one_or_none())
    insist(why_not_keep(by, row.scope))
    backwards = Refusal("valid_backwards", say("失效日期早于生效日期。"), status=422)
    insist(backwards if valid_to < row.valid_from else None)
    insist_once(by, once)
    row.valid_to = valid_to
    record(DutyEntered(row.id, row.matter_id, row.organization_id), by, subject=("duty_item", row.id))
    return row


Group = tuple[MatterKind, str]


def group_of(matter: Matter) -> Group:
    """Return the class of a matter: its kind and the first two signs of its code."""
    return matter.kind, matter.code[:2]


@verb
def map_duties(
    by: Actor,
    *,
    community_id: int,
    bodies: Mapping[Group, int],
    otherwise: int | None,
    once: str | None = None,
) -> int:
    """Name a body for every matter of a community that needs one and has none; return how many items that made."""
    community = place_by_id(community_id)
    insist(why_not_keep(by, community.code))
    insist_once(by, once)
    today, made = _today(), 0
    query = select(Matter).where(
        Matter.retired_at.is_(None),
        Matter.lane.in_(OFFICIAL_LANES),
        Matter.id.not_in(covered(community.code, today)),
    )
    for matter in list(session().scalars(query.order_by(Matter.id))):
        body_id = bodies.get(group_of(matter)) or otherwise
        if body_id is None:
            continue
        unit = matter.limit_unit or LimitUnit.WORKING_DAYS
        list_duty(
            by,
            scope=community.code,
            number=f"S-{matter.id}",
            matter_id=matter.id,
            organization_id=body_id,
            list_kind=ListKind.BASIC,
            limit=Limit(matter.limit_amount or 7, unit),
            basis=matter.basis or f"{matter.standard} {matter.code}",
            valid_from=today,
        )
        made += 1
    return made


# The calendar ------------------------------------------------------------------------------------------------------


@verb
def declare_day(by: Actor, *, scope: str, day: date, working: bool, name: str, once: str | None = None) -> None:
    """Declare a day worked or off in one's own area, or everywhere."""
    insist(why_not_keep(by, scope) if scope else why_not_keep_all(by))
    insist_once(by, once)
    change_calendar(by, scope=scope, day=day, working=working, name=name)


@verb
def enter_year(by: Actor, *, scope: str, year: int, once: str | None = None) -> Imported:
    """Enter the State Council's holidays of a year, in one's own area or everywhere."""
    insist(why_not_keep(by, scope) if scope else why_not_keep_all(by))
    unknown = Refusal(
        "year_unknown",
        say("{year} 年的放假安排还不知道。", year=year),
        what_next=say("请按国务院通知一天一天登记，或用表格导入。"),
        status=422,
    )
    insist(None if known_year(year) else unknown)
    insist_once(by, once)
    lines = holidays(year)
    return import_days(by, [type(line)(line.number, {**line.cells, "scope": scope}) for line in lines])


# Opening -----------------------------------------------------------------------------------------------------------


@verb
def open_community(by: Actor, community_id: int, *, once: str | None = None) -> Place:
    """Open a community once everything it needs is there; from now on its people raise problems."""
    community = place_by_id(community_id)
    insist(why_not_keep(by, community.code))
    row = set_up_for_change(community_id)
    facts = set_up_facts(community, now(), _today())
    insist(why_not_open(facts.steps_missing, opened=row.opened_at is not None))
    insist_once(by, once)
    row.opened_at, row.opened_by = now(), by.person_id
    record(CommunityOpened(community_id), by, place_id=community_id)
    return community
