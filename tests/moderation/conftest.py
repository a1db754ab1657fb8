"""A problem to talk about: raised, and sent to the residents to deliberate."""

from __future__ import annotations

import pytest

from cogov.problems.commands import raise_problem, triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from tests.cast import Cast


@pytest.fixture
def raised(cast: Cast) -> str:
    """Return the number of a problem that waits for triage."""
    longitude, latitude = cast.inside
    return raise_problem(
        cast.resident,
        community_id=cast.community_id,
        text="楼道里的灯坏了一个多月，晚上看不见路。",
        longitude=longitude,
        latitude=latitude,
    ).problem.number


@pytest.fixture
def number(cast: Cast, raised: str) -> str:
    """Return the number of a problem that the residents deliberate."""
    triage_problem(
        cast.moderator,
        raised,
        lane=Lane.B,
        reason=ReasonCode.COMMONS,
        rule=RuleCode.R5,
        words="大家一起商量怎么装灯。",
    )
    return raised
