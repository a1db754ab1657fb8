"""An area as its command centre sees it: all that runs there by deadline, who is proposed, and each body's load."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, tuple_

from cogov.cases.models import Case, Step
from cogov.cases.queries.desk import PAGE, DeskPage, end_of_day, read_rows, rows_waiting, waiting, within
from cogov.cases.rules import CaseState, StepKind
from cogov.cases.rules.dispatch import HANDLERS
from cogov.duties.models import DutyItem, RunningClock
from cogov.duties.rules.calendar import WorkingCalendar
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.people.models import Organization
from cogov.people.rules import Actor, Role
from cogov.places.models import Place
from cogov.problems.models import Problem

BODIES = 30


class AreaFilter(StrEnum):
    """Which part of an area's cases is looked at."""

    ALL = "all"
    INTAKE = "intake"
    DISPATCH = "dispatch"
    CALLS = "calls"
    AGAIN = "again"
    LATE = "late"


@dataclass(frozen=True)
class Proposed:
    """The body that should have a case, and the item of its duty list that says so (none: as triage proposed)."""

    body_id: int
    body: str
    item_id: int | None
    number: str
    basis: str


@dataclass(frozen=True)
class Load:
    """What lies with one body: open, due today, late."""

    body_id: int
    name: str
    open: int
    today: int
    late: int


def scopes_of(by: Actor, roles: Iterable[Role]) -> frozenset[str]:
    """Return the places that one's mandates of these roles reach."""
    wanted = frozenset(roles)
    return frozenset(held.scope for held in by.standings if held.role in wanted and held.organization_id is not None)


def area(
    scopes: frozenset[str],
    part: AreaFilter = AreaFilter.ALL,
    after: tuple[datetime, int] | None = None,
    *,
    body_id: int | None = None,
    limit: int = PAGE,
) -> DeskPage:
    """Return the cases and calls that run in an area, by deadline; ``after`` is the key of the last row seen."""
    if not scopes:
        return DeskPage((), None)
    at = now()
    query = rows_waiting().where(_here(scopes), _part(part, at))
    if body_id is not None:
        query = query.where(RunningClock.organization_id == body_id)
    if after is not None:
        query = query.where(tuple_(RunningClock.due_at, RunningClock.id) > after)
    rows = read_rows(query.order_by(RunningClock.due_at, RunningClock.id).limit(limit + 1), at)
    shown = tuple(rows[:limit])
    return DeskPage(shown, (shown[-1].due_at, shown[-1].clock_id) if len(rows) > limit else None)


def area_counts(scopes: frozenset[str]) -> dict[AreaFilter, int]:
    """Return how much lies in each part of an area, in one query."""
    if not scopes:
        return dict.fromkeys(AreaFilter, 0)
    at = now()
    sums = [func.coalesce(func.sum(case((_part(part, at), 1), else_=0)), 0) for part in AreaFilter]
    row = session().execute(waiting(*sums).where(_here(scopes))).one()
    return dict(zip(AreaFilter, (int(value) for value in row), strict=True))


def _here(scopes: frozenset[str]) -> ColumnElement[bool]:
    return and_(within(scopes), RunningClock.purpose.in_((Purpose.CASE, Purpose.CALL)))


def _part(part: AreaFilter, at: datetime) -> ColumnElement[bool]:
    of_case = RunningClock.purpose == Purpose.CASE
    match part:
        case AreaFilter.INTAKE:
            return and_(of_case, Case.state.in_((CaseState.REPORTED, CaseState.VERIFIED, CaseState.ACCEPTED)))
        case AreaFilter.DISPATCH:
            return and_(of_case, Case.state == CaseState.FILED)
        case AreaFilter.CALLS:
            return RunningClock.purpose == Purpose.CALL
        case AreaFilter.AGAIN:
            return and_(of_case, or_(Case.returns > 0, Case.reworks > 0, Case.round > 1))
        case AreaFilter.LATE:
            return and_(RunningClock.due_at <= at, RunningClock.paused_at.is_(None))
        case _:
            return RunningClock.id.is_not(None)


def loads(scopes: frozenset[str]) -> list[Load]:
    """Return what lies with each body in an area, the latest first, in one query."""
    if not scopes:
        return []
    at = now()
    late = and_(RunningClock.due_at <= at, RunningClock.paused_at.is_(None))
    today = and_(RunningClock.due_at > at, RunningClock.due_at <= end_of_day(at), RunningClock.paused_at.is_(None))
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in (today, late)]
    query = (
        waiting(Organization.id, Organization.name, func.count(), *sums)
        .join(Organization, Organization.id == RunningClock.organization_id)
        .where(_here(scopes), Organization.kind.in_(HANDLERS))
        .group_by(Organization.id, Organization.name)
        .order_by(sums[1].desc(), func.count().desc(), Organization.id)
        .limit(BODIES)
    )
    return [Load(*row) for row in session().execute(query)]


def proposals(case_ids: Iterable[int]) -> dict[int, Proposed]:
    """Return which body each case that waits for its dispatch should go to, in two queries.

    What triage found stands in the case; a case that came back goes by the duty lists to a body that has not
    returned it.
    """
    wanted = sorted(set(case_ids))
    if not wanted:
        return {}
    return {**_by_lists(wanted), **_by_triage(wanted)}


def _by_triage(case_ids: list[int]) -> dict[int, Proposed]:
    query = (
        select(Case.id, Organization.id, Organization.name, DutyItem.id, DutyItem.number, DutyItem.basis)
        .join(Organization, Organization.id == Case.body_id)
        .outerjoin(DutyItem, and_(DutyItem.id == Case.duty_item_id, DutyItem.organization_id == Case.body_id))
        .where(Case.id.in_(case_ids))
    )
    return {row[0]: Proposed(row[1], row[2], row[3], row[4] or "", row[5] or "") for row in session().execute(query)}


def _by_lists(case_ids: list[int]) -> dict[int, Proposed]:
    today = WorkingCalendar().local_day(now())
    returned = exists().where(
        Step.case_id == Case.id,
        Step.round == Case.round,
        Step.kind == StepKind.RETURN,
        Step.organization_id == DutyItem.organization_id,
    )
    query = (
        select(Case.id, Organization.id, Organization.name, DutyItem.id, DutyItem.number, DutyItem.basis)
        .join(Problem, Problem.id == Case.problem_id)
        .join(Place, Place.id == func.coalesce(Problem.grid_id, Problem.community_id))
        .join(
            DutyItem,
            and_(
                DutyItem.matter_id == Problem.matter_id,
                Place.code.startswith(DutyItem.scope),
                DutyItem.valid_from <= today,
                or_(DutyItem.valid_to.is_(None), DutyItem.valid_to >= today),
            ),
        )
        .join(Organization, Organization.id == DutyItem.organization_id)
        .where(Case.id.in_(case_ids), ~returned)
        # Read so that the narrowest list, in its latest version, is the last word.
        .order_by(func.length(DutyItem.scope), DutyItem.number.desc(), DutyItem.version)
    )
    return {row[0]: Proposed(*row[1:]) for row in session().execute(query)}
