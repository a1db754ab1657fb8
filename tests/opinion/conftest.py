"""A problem on which people are asked a question, with statements to begin with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.opinion.commands import open_conversation
from cogov.opinion.models import Statement
from cogov.people.commands import grant_role, join
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK, Actor, Role
from cogov.problems.commands import raise_problem, triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from tests.cast import HERE, Cast

QUESTION = "东门的路灯怎么改，大家才放心？"
SEEDS = ("路灯应该整夜亮着。", "后半夜可以调暗一半。", "先修楼道里的灯，再修东门的。")


@pytest.fixture
def number(cast: Cast) -> str:
    """Return the number of a problem that the residents deliberate."""
    longitude, latitude = cast.inside
    raised = raise_problem(
        cast.resident,
        community_id=cast.community_id,
        text="东门的路灯坏了一个多月，晚上看不见路。",
        longitude=longitude,
        latitude=latitude,
    ).problem.number
    triage_problem(
        cast.moderator, raised, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="大家一起商量。"
    )
    return raised


@pytest.fixture
def conversation_id(cast: Cast, number: str) -> int:
    """Return an open conversation with three statements."""
    closes_at = now() + timedelta(days=7)
    return open_conversation(cast.moderator, number, question=QUESTION, closes_at=closes_at, statements=SEEDS).id


@pytest.fixture
def statement(conversation_id: int) -> Callable[[int], int]:
    """Return the id of a statement by its number."""
    return lambda number: session().query(Statement.id).filter_by(number=number).scalar()


@pytest.fixture
def residents(cast: Cast) -> list[Actor]:
    """Return twelve more people who live here."""
    people = [join(CLOCK, pseudonym=f"邻居{turn}", phone=f"138{turn:08d}").id for turn in range(12)]
    for person_id in people:
        grant_role(CLOCK, person_id=person_id, role=Role.RESIDENT, scope=HERE)
    return [actor_of(person_id) for person_id in people]
