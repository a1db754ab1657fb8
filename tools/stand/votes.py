"""Problems to speak about and votes that are open now, made with the commands people use, under a clock set back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import select

from cogov.decisions.commands import move_motion, open_decision, publish_notice, table_motion
from cogov.decisions.models import DecisionOption
from cogov.decisions.rules.motions import options_of
from cogov.decisions.rules.shipped import RULES
from cogov.ground.db import session
from cogov.people.rules import CLOCK
from cogov.problems.commands import raise_problem, triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from tests.cast import Cast

ITEM = 8
"""Changing what shared parts are for (Civil Code 278(1)): three quarters of all owners."""

OPEN_DAYS = 7
WORDS = "东门空地一直荒着，想和邻居商量能不能建一个集中充电棚。"


@dataclass(frozen=True)
class Vote:
    """A vote that is open: its problem's number, its id, the ids of its options, and when it closes."""

    number: str
    decision_id: int
    options: tuple[int, ...]
    closes_at: datetime


def deliberated(cast: Cast, title: str = "想在东门空地建充电棚") -> str:
    """Raise a problem, give it to the neighbours, and return its number."""
    raised = raise_problem(
        cast.owner, community_id=cast.community_id, grid_id=cast.grid_ids[0], title=title, text=WORDS
    )
    triage_problem(
        cast.moderator,
        raised.number,
        lane=Lane.B,
        reason=ReasonCode.COMMONS,
        rule=RuleCode.R1,
        words="大家共用的空地，由大家商量。",
    )
    return raised.number


def opened(cast: Cast, closes_at: datetime) -> Vote:
    """Return a vote of all owners that has been open for some days and closes at a moment to come."""
    opens_at = closes_at - timedelta(days=OPEN_DAYS)
    noticed = opens_at - timedelta(days=RULES[RuleCode.R2].notice_days, hours=1)
    with time_machine.travel(noticed.astimezone(UTC), tick=True):
        number = deliberated(cast)
        options = options_of("建 24 个桩，花 11.8 万元公共收益。", "不建，飞线由消防依法整治。")
        question = "是否在东门空地建集中充电棚"
        motion = move_motion(cast.owner, number, question=question, options=options, rule=RuleCode.R2, item=ITEM)
        table_motion(cast.moderator, motion.id, item_confirmed=True)
        decision = publish_notice(
            cast.moderator, motion.id, opens_at=opens_at, closes_at=closes_at, item_confirmed=True, touches=()
        )
    with time_machine.travel((opens_at + timedelta(minutes=1)).astimezone(UTC), tick=True):
        open_decision(CLOCK, decision.id)
    chosen = select(DecisionOption.id).where(DecisionOption.decision_id == decision.id)
    return Vote(number, decision.id, tuple(session().scalars(chosen.order_by(DecisionOption.position))), closes_at)
