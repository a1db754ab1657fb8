"""What falls due: each clock in a transaction of its own, and none waits for one that fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from cogov import loop
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.refusals import NotFound, Refusal, Refused
from cogov.ground.words import say
from cogov.loop import fall_due, work_once
from cogov.tell.notices import unread
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import look, raise_something
from tests.storms import at_once


@pytest.mark.parametrize(
    "failure",
    [ValueError("a fault"), NotFound(), Refused(Refusal("no", say("不行")))],
    ids=["fault", "gone", "refused"],
)
def test_a_clock_that_fails_holds_up_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    first, second = raise_something(cast, text="门口的灯不亮"), raise_something(cast, text="花坛边的长椅坏了一条腿")
    triaged = loop.DUE[Purpose.TRIAGE]
    failing = look(cast, first).id

    def due(by: object, problem_id: int) -> object:
        if problem_id == failing:
            raise failure
        return triaged(by, problem_id)  # type: ignore[arg-type]

    monkeypatch.setitem(loop.DUE, Purpose.TRIAGE, due)
    with time_machine.travel(now() + timedelta(hours=25), tick=True):
        work_once()
    assert look(cast, second).accountable_id == cast.organizations["street"]
    assert look(cast, first).accountable_id == cast.organizations["committee"]
    assert unread(cast.street_office) > 0


@both
def test_a_clock_falls_due_once_however_many_look(app: Flask, cast: Cast) -> None:
    number = raise_something(cast, text="花坛边的长椅坏了一条腿")
    with time_machine.travel(now() + timedelta(hours=25), tick=True):
        outcomes = at_once(app, 8, lambda _index: fall_due())
    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) == 1
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert look(cast, number).accountable_id == cast.organizations["street"]
