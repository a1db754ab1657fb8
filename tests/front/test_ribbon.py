"""The loop ribbon says the same for a problem wherever it is shown."""

from __future__ import annotations

import pytest

from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.ribbon import Standing, StepState, in_words, steps
from cogov.problems.rules.stages import Ending, Official, Stage


def states(lane: Lane | None, stage: Stage, official: Official = Official.NONE, **known: object) -> list[str]:
    standing = Standing(lane, stage, official, known.pop("ending", None), **known)  # type: ignore[arg-type]
    return [step.state.value for step in steps(standing)]


def test_a_duty_skips_deliberation_vote_and_claim() -> None:
    assert states(Lane.A, Stage.OFFICIAL, Official.OPEN) == ["done", "skipped", "skipped", "skipped", "now", "ahead"]


def test_the_body_works_beside_the_residents_in_lane_ab() -> None:
    assert states(Lane.AB, Stage.DECIDING, Official.OPEN) == ["done", "done", "now", "ahead", "parallel", "ahead"]


def test_a_fresh_problem_waits_for_triage() -> None:
    assert states(None, Stage.RAISED)[0] == "now"
    assert states(None, Stage.RAISED).count("now") == 1


def test_a_fixed_problem_has_its_vote_done_and_its_case_done() -> None:
    ended = states(Lane.AB, Stage.ENDED, Official.CLOSED, ending=Ending.FIXED, decided=True, tasked=False)
    assert ended == ["done", "done", "done", "skipped", "done", "done"]


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("lane", [None, *Lane])
@pytest.mark.parametrize("official", list(Official))
def test_at_most_one_step_is_now(lane: Lane | None, stage: Stage, official: Official) -> None:
    ending = Ending.FIXED if stage is Stage.ENDED else None
    found = states(lane, stage, official, ending=ending)
    assert found.count(StepState.NOW.value) <= 1
    assert len(found) == 6


def test_words_name_both_sides_when_both_are_at_work() -> None:
    both = in_words(Standing(Lane.AB, Stage.DECIDING, Official.OPEN, None))
    assert "官方同时在办" in str(both)
    assert str(in_words(Standing(Lane.A, Stage.ENDED, Official.CLOSED, Ending.UNCONFIRMED))) == "未确认"
