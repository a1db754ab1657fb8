"""A problem to talk about: raised, and sent to the residents to deliberate."""

from __future__ import annotations

import pytest

from cogov.people.rules import CLOCK
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from cogov.places.rules.settings import DEFAULTS
from cogov.problems.commands import raise_problem, triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from tests.cast import HERE, Cast


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


@pytest.fixture(autouse=True)
def _floods_wait(cast: Cast) -> None:
    """Have what is sent too fast wait, as it does where nobody has set anything else."""
    change_setting(CLOCK, code=HERE, name=Setting.FLOOD_MESSAGES, value=DEFAULTS[Setting.FLOOD_MESSAGES])
