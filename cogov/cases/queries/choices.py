"""Whom a case can be dispatched to, whom one can call, and which items of the duty lists fit."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import literal, or_, select

from cogov.cases.models import Call, Case
from cogov.cases.queries.loading import code_of
from cogov.cases.rules.dispatch import HANDLERS
from cogov.duties.models import DutyItem
from cogov.duties.queries import calendar_for, items_for
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.people.models import Organization, RoleHeld
from cogov.people.queries import organizations_at
from cogov.people.rules import Role
from cogov.problems.models import Problem


@dataclass(frozen=True)
class Choices:
    """What a form of dispatch or call offers."""

    bodies: tuple[Organization, ...]
    callable: tuple[Organization, ...]
    items: tuple[DutyItem, ...]


def choices_for(case: Case, problem: Problem) -> Choices:
    """Return the bodies at the place that somebody sits for, and the items in force for the matter."""
    code, at = code_of(problem), now()
    staffed = set(
        session().scalars(
            select(RoleHeld.organization_id).where(
                RoleHeld.role == Role.OFFICIAL,
                RoleHeld.ended_at.is_(None),
                or_(RoleHeld.until.is_(None), RoleHeld.until > at),
                literal(code).startswith(RoleHeld.scope),
            )
        )
    )
    bodies = [each for each in organizations_at(code, *HANDLERS) if each.id in staffed]
    called = set(
        session().scalars(select(Call.organization_id).where(Call.case_id == case.id, Call.round == case.round))
    )
    items = items_for(problem.matter_id, code, calendar_for(code).local_day(at)) if problem.matter_id else []
    # The body that was named before comes first, so that a form is right as it opens.
    bodies.sort(key=lambda each: each.id != case.body_id)
    return Choices(
        tuple(bodies),
        tuple(each for each in bodies if each.id not in called and each.id != case.body_id),
        tuple(items),
    )


def bases_for(case: Case, problem: Problem) -> list[str]:
    """Return what an answer can rest on by the duty lists: the case's own item first, then others for the matter."""
    code, at = code_of(problem), now()
    items = items_for(problem.matter_id, code, calendar_for(code).local_day(at)) if problem.matter_id else []
    items.sort(key=lambda item: (item.id != case.duty_item_id, item.organization_id != case.body_id))
    return list(dict.fromkeys(f"{item.number} {item.basis}"[:200] for item in items))
