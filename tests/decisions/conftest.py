"""A problem being deliberated, and the steps from a motion to a running or a counted vote."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import select

from cogov.decisions.commands import (
    close_decision,
    confirm_rule,
    give_authority,
    move_motion,
    open_decision,
    propose_rule,
    publish_notice,
    table_motion,
)
from cogov.decisions.models import Decision, DecisionOption, DecisionTurnout, Motion, VoteAuthority
from cogov.decisions.rules.law import CoOwners
from cogov.decisions.rules.motions import options_of
from cogov.decisions.rules.ruling import edit_of
from cogov.decisions.rules.shipped import RULES
from cogov.ground.db import session
from cogov.people.rules import CLOCK
from cogov.places.commands import set_shares
from cogov.problems.commands import raise_problem, triage_problem
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from tests.cast import HERE, Cast

START = datetime(2027, 3, 1, 2, tzinfo=UTC)
YES_NO = options_of("建 24 个桩，花 11.8 万元公共收益。", "不建，飞线由消防依法整治。")


@dataclass
class Vote:
    """One problem on its way to a decision, under a clock that the test moves."""

    cast: Cast
    clock: Any
    problem: Problem
    rule: RuleCode = RuleCode.R2
    item: int | None = 8

    @property
    def number(self) -> str:
        return self.problem.number

    def move(self, by: str = "owner", **changes: Any) -> Motion:
        told: dict[str, Any] = {
            "question": "是否在东门空地建集中充电棚",
            "options": YES_NO,
            "rule": self.rule,
            "item": self.item,
            **changes,
        }
        return move_motion(getattr(self.cast, by), self.number, **told)

    def tabled(self, **changes: Any) -> Motion:
        motion = self.move(**changes)
        return table_motion(self.cast.moderator, motion.id, item_confirmed=True)

    def times(self, rule: RuleCode, days: int = 7) -> dict[str, Any]:
        opens_at = datetime.now(UTC) + timedelta(days=RULES[rule].notice_days)
        closes_at = opens_at + timedelta(days=days)
        return {"opens_at": opens_at, "closes_at": closes_at, "item_confirmed": True, "touches": ()}

    def noticed(self, **changes: Any) -> Decision:
        motion = self.tabled(**changes)
        return publish_notice(self.cast.moderator, motion.id, **self.times(RuleCode(motion.rule)))

    def opened(self, **changes: Any) -> Decision:
        decision = self.noticed(**changes)
        self.clock.move_to(decision.opens_at)
        return open_decision(CLOCK, decision.id)

    def closed(self, decision: Decision) -> Any:
        self.clock.move_to(decision.closes_at)
        return close_decision(CLOCK, decision.id)


def option(decision: Decision, position: int) -> int:
    """Return the id of an option."""
    query = select(DecisionOption.id).where(
        DecisionOption.decision_id == decision.id, DecisionOption.position == position
    )
    found = session().scalar(query)
    assert found is not None
    return found


def turnout(decision: Decision) -> tuple[int, int]:
    """Return the counter of a decision as it stands in the database: heads, and area in 0.01 m²."""
    query = select(DecisionTurnout.heads, DecisionTurnout.area).where(DecisionTurnout.decision_id == decision.id)
    heads, area = session().execute(query).one()
    return heads, area


def paper(cast: Cast, folder: Path) -> VoteAuthority:
    """Hand in the paper by which a place may take statutory votes; a second person has to agree to it."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return give_authority(
        cast.street_office,
        HERE,
        title="关于同意开展业主电子投票的批复（测建函〔2027〕1号）",
        issuer="测试区住建局",
        dated=date(2027, 2, 1),
        picture=out.getvalue(),
        folder=folder,
    )


@pytest.fixture
def clock(app: Flask) -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def deliberated(cast: Cast, rule: RuleCode) -> Problem:
    """Return a problem that triage gave to the neighbours, to be decided under a rule."""
    raised = raise_problem(
        cast.owner,
        community_id=cast.community_id,
        grid_id=cast.grid_ids[0],
        title="想在东门空地建充电棚",
        text="东门空地一直荒着，想和邻居商量能不能建一个集中充电棚。",
    )
    triage_problem(
        cast.moderator,
        raised.problem.number,
        lane=Lane.B,
        reason=ReasonCode.COMMONS,
        rule=rule,
        words="大家共用的空地，由大家商量。",
    )
    return raised.problem


@pytest.fixture
def vote(app: Flask, cast: Cast, clock: Any) -> Vote:
    """Owners are to decide, by three quarters."""
    return Vote(cast, clock, deliberated(cast, RuleCode.R1))


@pytest.fixture
def poll(app: Flask, cast: Cast, clock: Any) -> Vote:
    """Households are asked for advice."""
    return Vote(cast, clock, deliberated(cast, RuleCode.R5), RuleCode.R5, None)


@pytest.fixture
def shares(vote: Vote) -> Vote:
    """The place has co-owners cast by shares, and the roll says that unit 0 is one third and two thirds."""
    for code in (RuleCode.R1, RuleCode.R2):
        edit = replace(edit_of(RULES[code]), co_owners=CoOwners.SHARES)
        version = propose_rule(vote.cast.street_office, HERE, code, edit, reason="议事规则写明按份额投")
        confirm_rule(vote.cast.administrator, version.id)
    set_shares(CLOCK, unit_id=vote.cast.unit_ids[0], shares={"owner": Fraction(1, 3), "co_owner": Fraction(2, 3)})
    return vote
