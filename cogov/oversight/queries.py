"""Indicators of a community: counts of what happened, each with the sum it is a part of; never about persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select

from cogov.cases.models import Case
from cogov.cases.rules import CaseState
from cogov.decisions.models import Closing, Decision, DecisionTurnout
from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session
from cogov.people.models import Organization
from cogov.problems.models import Confirmation, Problem
from cogov.problems.rules.stages import ConfirmationAnswer, Ending, Stage
from cogov.tasks.models import Claim, Task
from cogov.tasks.rules import ClaimState, TaskState


@dataclass(frozen=True)
class Share:
    """A part of a whole, both as counts."""

    part: int
    whole: int

    @property
    def percent(self) -> str:
        """Return the share in per cent to one place, rounded down; empty for an empty whole."""
        if self.whole == 0:
            return ""
        tenths = self.part * 1000 // self.whole
        return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True)
class Indicators:
    """What a community page shows for a span of days."""

    days: int
    raised: int
    seconds: int
    by_stage: dict[Stage, int]
    ended: int
    fixed: Share
    reopened: Share
    punctual: Share
    late_now: int
    cases_open: int
    reworks: Share
    claims_kept: Share
    tasks_open: int
    decisions_closed: int
    turnout: Share
    waiting: list[tuple[str, int]]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def indicators(community_id: int, at: datetime, days: int = 90) -> Indicators:
    """Return the indicators of a community over the last days; the same few queries whatever its size."""
    since = at - timedelta(days=days)
    raised, seconds, ended, fixed, answered = (
        session()
        .execute(
            select(
                func.count(Problem.id),
                func.coalesce(func.sum(Problem.seconds), 0),
                _count(Problem.stage == Stage.ENDED),
                _count(Problem.ending == Ending.FIXED),
                _count(Problem.ending.in_((Ending.FIXED, Ending.UNCONFIRMED))),
            ).where(Problem.community_id == community_id, Problem.raised_at >= since)
        )
        .one()
    )
    asked, not_fixed = (
        session()
        .execute(
            select(func.count(Confirmation.id), _count(Confirmation.answer == ConfirmationAnswer.NOT_FIXED))
            .join(Problem, Confirmation.problem_id == Problem.id)
            .where(Problem.community_id == community_id, Confirmation.at >= since)
        )
        .one()
    )
    punctual, due, late_now = _punctuality(community_id, since, at)
    cases_open, closed, reworked = (
        session()
        .execute(
            select(
                _count(Case.state.not_in((CaseState.CLOSED, CaseState.REFUSED))),
                _count(Case.state == CaseState.CLOSED),
                _count(and_(Case.state == CaseState.CLOSED, Case.reworks > 0)),
            ).where(Case.community_id == community_id, Case.opened_at >= since)
        )
        .one()
    )
    kept, promised = _claims(community_id, since)
    decisions_closed, heads, total = (
        session()
        .execute(
            select(
                func.count(Closing.id),
                func.coalesce(func.sum(DecisionTurnout.heads), 0),
                func.coalesce(func.sum(DecisionTurnout.heads_total), 0),
            )
            .join(Decision, Closing.decision_id == Decision.id)
            .join(DecisionTurnout, DecisionTurnout.decision_id == Decision.id)
            .where(Decision.community_id == community_id, Closing.at >= since)
        )
        .one()
    )
    return Indicators(
        days=days,
        raised=raised,
        seconds=seconds,
        by_stage=_by_stage(community_id),
        ended=ended,
        fixed=Share(fixed, answered),
        reopened=Share(not_fixed, asked),
        punctual=Share(punctual, due),
        late_now=late_now,
        cases_open=cases_open,
        reworks=Share(reworked, closed),
        claims_kept=Share(kept, promised),
        tasks_open=_tasks_open(community_id),
        decisions_closed=decisions_closed,
        turnout=Share(heads, total),
        waiting=_waiting(community_id),
    )


def _by_stage(community_id: int) -> dict[Stage, int]:
    rows = session().execute(
        select(Problem.stage, func.count()).where(Problem.community_id == community_id).group_by(Problem.stage)
    )
    return dict(rows.all())


def _punctuality(community_id: int, since: datetime, at: datetime) -> tuple[int, int, int]:
    stopped = RunningClock.stopped_at.is_not(None)
    row = (
        session()
        .execute(
            select(
                _count(and_(stopped, RunningClock.stopped_at <= RunningClock.due_at)),
                _count(stopped | (RunningClock.due_at < at)),
                _count(~stopped & (RunningClock.due_at < at)),
            ).where(
                RunningClock.place_id == community_id,
                RunningClock.purpose.in_((Purpose.CASE, Purpose.CALL, Purpose.RESOLUTION_ANSWER)),
                RunningClock.started_at >= since,
            )
        )
        .one()
    )
    return row[0], row[1], row[2]


def _claims(community_id: int, since: datetime) -> tuple[int, int]:
    row = (
        session()
        .execute(
            select(_count(Claim.state == ClaimState.VERIFIED), _count(Claim.state != ClaimState.ACTIVE))
            .join(Task, Claim.task_id == Task.id)
            .where(Task.community_id == community_id, Claim.claimed_at >= since)
        )
        .one()
    )
    return row[0], row[1]


def _tasks_open(community_id: int) -> int:
    query = select(func.count()).where(Task.community_id == community_id, Task.state == TaskState.OPEN)
    return session().scalar(query) or 0


def _waiting(community_id: int) -> list[tuple[str, int]]:
    """With whom open problems lie now: every one of them has exactly one accountable organization."""
    rows = session().execute(
        select(Organization.name, func.count())
        .join(Problem, Problem.accountable_id == Organization.id)
        .where(Problem.community_id == community_id, Problem.stage != Stage.ENDED)
        .group_by(Organization.id, Organization.name)
        .order_by(func.count().desc(), Organization.name)
    )
    return [(name, count) for name, count in rows]
