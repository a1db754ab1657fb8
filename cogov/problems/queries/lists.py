"""Problems in lists, as rows and by keyset, and what waits for one person in this room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select

from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session
from cogov.ground.needs import Deed, Need
from cogov.ground.words import say
from cogov.people.models import Organization
from cogov.people.rules import Actor, Role
from cogov.places.models import Place
from cogov.problems.models import Confirmation, Problem, Raiser, TriageAppeal
from cogov.problems.queries.declared import undeclared
from cogov.problems.queries.loading import Sight, roles_of, seen_by, seen_by_roles
from cogov.problems.rules.acts import MEDIATORS, TRIAGERS
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.stages import ConfirmationAnswer, Ending, Official, Stage

NEEDS = 20


@dataclass(frozen=True)
class ProblemRow:
    """One line of a list."""

    id: int
    number: str
    title: str
    stage: Stage
    official: Official
    ending: Ending | None
    lane: Lane | None
    emergency: bool
    hidden: bool
    seconds: int
    households: int
    round: int
    raised_at: datetime
    changed_at: datetime
    grid_id: int | None
    grid_name: str
    accountable_id: int
    accountable_name: str
    due_at: datetime | None


def _due(purpose: Purpose | None = None) -> ColumnElement[Any]:
    query = select(func.min(RunningClock.due_at)).where(
        RunningClock.problem_id == Problem.id, RunningClock.stopped_at.is_(None), RunningClock.paused_at.is_(None)
    )
    if purpose is not None:
        query = query.where(RunningClock.purpose == purpose)
    return query.correlate(Problem).scalar_subquery()


def row_columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Problem.id,
            Problem.number,
            Problem.title,
            Problem.stage,
            Problem.official,
            Problem.ending,
            Problem.lane,
            Problem.emergency,
            Problem.hidden,
            Problem.seconds,
            Problem.households,
            Problem.round,
            Problem.raised_at,
            Problem.changed_at,
            Problem.grid_id,
            func.coalesce(Place.name, ""),
            Problem.accountable_id,
            Organization.name,
            _due(),
        )
        .join(Organization, Problem.accountable_id == Organization.id)
        .outerjoin(Place, Problem.grid_id == Place.id)
    )


def list_problems(
    by: Actor,
    community_id: int,
    *,
    stage: Stage | None = None,
    ending: Ending | None = None,
    grid_id: int | None = None,
    mine: bool = False,
    before_id: int | None = None,
    limit: int = 20,
) -> list[ProblemRow]:
    """Return the problems of a community that this actor may see, the newest first, those before an id."""
    query = row_columns().where(Problem.community_id == community_id, seen_by(by))
    if stage is not None:
        query = query.where(Problem.stage == stage)
    if ending is not None:
        query = query.where(Problem.ending == ending)
    if grid_id is not None:
        query = query.where(Problem.grid_id == grid_id)
    if mine:
        query = query.where(Problem.id.in_(select(Raiser.problem_id).where(Raiser.person_id == by.person_id)))
    if before_id is not None:
        query = query.where(Problem.id < before_id)
    return [ProblemRow(*row) for row in session().execute(query.order_by(Problem.id.desc()).limit(limit))]


def rows_of(by: Actor, problem_ids: Iterable[int]) -> dict[int, ProblemRow]:
    """Return the rows of problems by id, those left out that this actor may not see."""
    wanted = sorted(set(problem_ids))
    if not wanted:
        return {}
    rows = session().execute(_rows_seen_by(roles_of(by)), {"wanted": wanted, "me": by.person_id})
    return {row[0]: ProblemRow(*row) for row in rows}


@lru_cache(maxsize=200)
def _rows_seen_by(roles: Sight) -> Select[*tuple[Any, ...]]:
    return row_columns().where(Problem.id.in_(bindparam("wanted", expanding=True)), seen_by_roles(roles))


# What waits -----------------------------------------------------------------------------------------------------------


def needs(by: Actor, most: int = NEEDS) -> list[Need]:
    """Return what waits for a person here: to confirm, to triage or mediate, to answer, to declare."""
    if by.person_id is None:
        return []
    waiting = (_to_confirm(by.person_id, most), _to_handle(by, most), _to_answer(by, most), undeclared(by, most))
    return [need for each in waiting for need in each][:most]


def _need_columns(purpose: Purpose | None = None) -> Select[*tuple[Any, ...]]:
    return select(Problem.number, Problem.title, Problem.stage, Problem.emergency, _due(purpose))


# Fixed is one click; whoever says it is not is first asked what is missing, as that opens the case again.
_ANSWERS = (
    Deed(say("修好了"), "circle-check", "problems.confirmation", {"answer": ConfirmationAnswer.FIXED.value}),
    Deed(say("没修好"), "tool", "problems.confirmation"),
)


def _to_confirm(person_id: int, most: int) -> list[Need]:
    answered = exists().where(
        Confirmation.problem_id == Problem.id,
        Confirmation.round == Problem.round,
        Confirmation.person_id == person_id,
    )
    query = (
        _need_columns(Purpose.CONFIRMATION)
        .join(Raiser, Raiser.problem_id == Problem.id)
        .where(Raiser.person_id == person_id, Problem.stage == Stage.CONFIRMING, ~answered)
        .order_by(Problem.id)
        .limit(most)
    )
    return [
        Need(
            kind="confirm",
            pill=say("请您确认"),
            icon="help-circle",
            title=title,
            line=say("办完了，修好了没有，您说了算。"),
            action=say("去确认"),
            endpoint="problems.confirmation",
            values={"number": number},
            due_at=due_at,
            deeds=_ANSWERS,
        )
        for number, title, _, _, due_at in session().execute(query)
    ]


def _organizations(by: Actor, *roles: Role) -> list[int]:
    return sorted({s.organization_id for s in by.standings if s.role in roles and s.organization_id is not None})


def _to_handle(by: Actor, most: int) -> list[Need]:
    triage, mediate = _organizations(by, *TRIAGERS), _organizations(by, *MEDIATORS)
    if not triage:
        return []
    waiting = ((Problem.stage == Stage.RAISED) & Problem.accountable_id.in_(triage)) | (
        (Problem.stage == Stage.MEDIATING) & Problem.accountable_id.in_(mediate)
    )
    query = _need_columns().where(waiting).order_by(Problem.emergency.desc(), Problem.id).limit(most)
    return [_handling(*row) for row in session().execute(query)]


def _handling(number: str, title: str, stage: Stage, emergency: bool, due_at: datetime | None) -> Need:
    if stage is Stage.MEDIATING:
        return Need(
            kind="mediate",
            pill=say("调解"),
            icon="users",
            title=title,
            line=say("请把调解的结果记下来。"),
            action=say("记结果"),
            endpoint="problems.mediation",
            values={"number": number},
            due_at=due_at,
        )
    return Need(
        kind="triage",
        pill=say("紧急") if emergency else say("分流"),
        icon="alert-triangle" if emergency else "arrow-right",
        title=title,
        line=say("规则已经提出建议，请您确认或改动。"),
        action=say("去分流"),
        endpoint="problems.triage",
        values={"number": number},
        due_at=due_at,
    )


def _to_answer(by: Actor, most: int) -> list[Need]:
    organizations = _organizations(by, Role.STREET_OFFICE)
    if not organizations:
        return []
    query = (
        _need_columns(Purpose.APPEAL)
        .join(TriageAppeal, TriageAppeal.problem_id == Problem.id)
        .where(TriageAppeal.organization_id.in_(organizations), TriageAppeal.outcome.is_(None))
        .order_by(TriageAppeal.id)
        .limit(most)
    )
    return [
        Need(
            kind="appeal",
            pill=say("申诉"),
            icon="gavel",
            title=title,
            line=say("提出人对分流有不同看法，等街道答复。"),
            action=say("去答复"),
            endpoint="problems.appeal_answer",
            values={"number": number},
            due_at=due_at,
        )
        for number, title, _, _, due_at in session().execute(query)
    ]
