"""Public figures against counts made by hand, at their edges, and in a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from cogov.duties.commands import pause_clock, resume_clock, start_clock, stop_clock
from cogov.duties.models import RunningClock
from cogov.duties.queries import calendar_for, pauses_of
from cogov.duties.rules.clock import Limit, LimitUnit, remaining
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session
from cogov.journal.transaction import transaction
from cogov.oversight.queries import Figures, figures
from cogov.oversight.queries.paces import paces
from cogov.oversight.queries.rates import rates, units
from cogov.oversight.rules import HOUR, Leg, Part, Share, span_of
from cogov.people.models import Organization
from cogov.people.rules import ANYONE, CLOCK, OrganizationKind
from cogov.places.queries import place_by_code
from cogov.problems.commands import confirm_problem, second_problem, triage_problem
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.problems.rules.stages import ConfirmationAnswer
from cogov.threads.commands import post_message
from cogov.threads.rules.messages import MessageKind
from tests.cast import HERE, STREET, Cast
from tests.databases import both
from tests.journeys.walking import case_id_of, raise_something, settle, to_the_body

Counted = Callable[[], AbstractContextManager[Any]]

MONDAY = datetime(2027, 3, 1, 1, tzinfo=UTC)  # nine o'clock there
HOURS_8 = Limit(8, LimitUnit.EMERGENCY_HOURS)


@pytest.fixture
def clock(app: Flask) -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def promise(
    cast: Cast, subject: int, body: str = "fire", limit: Limit = HOURS_8, purpose: Purpose = Purpose.CASE
) -> int:
    started = start_clock(
        purpose,
        subject,
        place_id=cast.community_id,
        problem_id=None,
        promise=limit,
        organization_id=cast.organizations[body],
    )
    return started.id


def shown(at: datetime, days: int = 30, code: str = HERE) -> Figures:
    return figures(ANYONE, place_by_code(code), at, days)


def officially(cast: Cast, text: str = "二楼拉线充电") -> str:
    number = raise_something(cast, text=text, matter_id=cast.matters["C103"])
    triage_problem(
        cast.moderator,
        number,
        lane=Lane.A,
        reason=ReasonCode.DUTY,
        body_id=cast.organizations["fire"],
        duty_item_id=cast.duty_items["C103"],
        words="消防的职责",
    )
    return number


# Promises -----------------------------------------------------------------------------------------------------------


@both
def test_promises_are_counted_in_the_span_in_which_they_fell_due(cast: Cast, clock: Any) -> None:
    for subject in range(1, 13):
        promise(cast, subject)
    clock.shift(timedelta(hours=8))  # to the second: in time
    for subject in range(1, 10):
        stop_clock(Purpose.CASE, subject)
    clock.shift(timedelta(seconds=1))
    stop_clock(Purpose.CASE, 10)  # late
    later = MONDAY + timedelta(days=3)
    clock.move_to(later)

    kept = rates(place_by_code(HERE), span_of(30, later)).punctual.kept

    assert kept == Share(9, 12)
    assert kept.percent == "75.0%"
    (unit,) = units(place_by_code(HERE), span_of(30, later))
    assert (unit.kept, unit.late_now) == (Share(9, 12), 2)


@both
def test_the_first_instant_belongs_to_a_span_and_the_last_to_the_next(cast: Cast, clock: Any) -> None:
    promise(cast, 1)
    due = MONDAY + timedelta(hours=8)
    stop_clock(Purpose.CASE, 1)
    here = place_by_code(HERE)
    ends_at_it, begins_at_it = span_of(30, due), span_of(30, due + timedelta(days=30))
    assert rates(here, ends_at_it).punctual.kept == Share(0, 0)
    assert rates(here, begins_at_it).punctual.kept == Share(1, 1)
    assert rates(here, span_of(30, due + timedelta(days=30, microseconds=1))).punctual.kept == Share(0, 0)


@both
def test_a_pause_moves_the_promise_and_a_clock_that_stands_still_is_in_no_rate(cast: Cast, clock: Any) -> None:
    paused, still = promise(cast, 1), promise(cast, 2)
    clock.shift(timedelta(hours=2))
    pause_clock(cast.dispatcher, paused, reason="等供电公司勘测")
    pause_clock(cast.dispatcher, still, reason="等供电公司勘测")
    clock.shift(timedelta(hours=24))
    resume_clock(cast.dispatcher, paused)
    clock.shift(timedelta(hours=6))  # due now, a day later than was promised at first
    stop_clock(Purpose.CASE, 1)
    at = MONDAY + timedelta(hours=40)
    clock.move_to(at)

    row = session().get_one(RunningClock, paused)
    left = remaining(row.stopped_at or at, row.due_at, HOURS_8, calendar_for(HERE), pauses_of([paused])[paused])
    assert not left.late  # the public clock itself says so

    punctual = rates(place_by_code(HERE), span_of(30, at)).punctual
    assert (punctual.kept, punctual.paused) == (Share(1, 1), 1)
    (unit,) = units(place_by_code(HERE), span_of(30, at))
    assert (unit.pauses, unit.paused_seconds, unit.late_now) == (2, 24 * HOUR + 38 * HOUR, 0)


@both
def test_a_step_takes_the_time_between_start_and_stop_without_its_pauses(cast: Cast, clock: Any) -> None:
    week = Limit(7 * 24, LimitUnit.EMERGENCY_HOURS)
    ids = [promise(cast, subject, limit=week) for subject in range(1, 5)]
    triage = promise(cast, 9, body="committee", limit=week, purpose=Purpose.TRIAGE)
    assert triage
    pause_clock(cast.dispatcher, ids[3], reason="等供电公司勘测")
    for subject, hours in ((1, 10), (2, 10), (3, 10)):
        clock.shift(timedelta(hours=hours))
        stop_clock(Purpose.CASE, subject)
    resume_clock(cast.dispatcher, ids[3])
    clock.shift(timedelta(hours=5))
    stop_clock(Purpose.CASE, 4)  # 35 hours, 30 of them paused
    stop_clock(Purpose.TRIAGE, 9)
    clock.shift(timedelta(days=20))

    found = {pace.leg: pace for pace in paces(place_by_code(HERE), span_of(30, MONDAY + timedelta(days=21)))}

    assert set(found) == {Leg.BODY, Leg.TRIAGE}
    body = found[Leg.BODY]  # 5, 10, 20, 30 hours: the lower of the two in the middle
    assert (body.finished, body.median, body.nine_in_ten) == (4, 10 * HOUR, 30 * HOUR)
    assert found[Leg.TRIAGE].median == 35 * HOUR


# What people say ------------------------------------------------------------------------------------------------------


@both
def test_not_fixed_reopens_and_is_counted_beside_fixed_and_unconfirmed(cast: Cast) -> None:
    number = officially(cast)
    case_id = case_id_of(cast, number)
    to_the_body(cast, case_id, "fire", "C103")
    settle(cast, case_id)
    confirm_problem(cast.resident, number, answer=ConfirmationAnswer.NOT_FIXED, words="还是拉着")

    told = shown(datetime.now(UTC) + timedelta(seconds=1))

    assert told.rates.answers.fixed == Share(0, 1)
    assert (told.rates.answers.not_fixed, told.rates.answers.unconfirmed) == (1, 0)
    assert told.flow.ended == 0
    assert told.rates.rework == Share(0, 0)  # reopened: the case is open again, and counts once it is closed


@both
def test_who_takes_part_is_read_from_the_journal_by_kind_of_actor(cast: Cast) -> None:
    number = raise_something(cast)
    triage_problem(
        cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="大家一起商量。"
    )
    second_problem(cast.neighbour, number)
    post_message(cast.tenant, number, kind=MessageKind.REASON, text="晚上看不见路")
    volunteer = cast.volunteer.under(cast.volunteer.standings[0])
    post_message(volunteer, number, kind=MessageKind.REASON, text="我们可以来装")

    told = shown(datetime.now(UTC) + timedelta(seconds=1))

    assert told.funnel[None][Part.RAISED] == 1
    assert told.funnel[None][Part.SECONDED] == 1
    assert (told.funnel[None][Part.SPOKE], told.funnel[OrganizationKind.SOCIAL][Part.SPOKE]) == (1, 1)
    assert told.burden.entries == 1  # the triage; what the rules proposed is nobody's work
    assert (told.flow.raised, told.flow.by_residents, told.flow.seconds) == (1, 1, 1)


@both
def test_a_repeat_is_a_matter_raised_before_in_the_same_grid(cast: Cast) -> None:
    for text in ("二楼拉线充电", "三楼拉线充电", "五楼拉线充电"):
        officially(cast, text)
    raise_something(cast, text="三号楼前的路灯不亮")  # of no matter: it can repeat nothing
    told = shown(datetime.now(UTC) + timedelta(seconds=1))
    assert told.repeats == Share(2, 3)
    (again,) = told.attention.repeated
    assert again.times == 3


# Places ---------------------------------------------------------------------------------------------------------------


@both
def test_every_level_counts_its_own(cast: Cast) -> None:
    number = officially(cast)
    grid_id = session().scalar(select(Problem.grid_id).where(Problem.number == number))
    at = datetime.now(UTC) + timedelta(seconds=1)
    street, here = shown(at, code=STREET), shown(at)
    (grid,) = [area for area in here.areas if area.id == grid_id]
    assert (grid.raised, grid.open) == (1, 1)
    assert sum(area.raised for area in here.areas) == here.flow.raised == street.flow.raised == 1
    assert {area.code for area in street.areas} >= {HERE}
    assert shown(at, code=grid.code).flow.raised == 1
    other = next(area for area in here.areas if area.id != grid_id)
    assert shown(at, code=other.code).flow.raised == 0


def test_what_is_late_is_named_with_its_holder_and_once(cast: Cast, clock: Any) -> None:
    number = officially(cast)
    clock.shift(timedelta(days=10))
    told = shown(MONDAY + timedelta(days=10))
    assert [late.number for late in told.attention.overdue] == [number]
    assert told.attention.late_now >= 1


def test_a_problem_that_is_not_shown_is_named_nowhere_and_still_counted(cast: Cast, clock: Any) -> None:
    number = officially(cast)

    with transaction():
        session().scalars(select(Problem).where(Problem.number == number)).one().hidden = True
    clock.shift(timedelta(days=10))
    told = shown(MONDAY + timedelta(days=10))
    assert told.attention.overdue == ()
    assert (told.attention.late_now, told.flow.raised) == (1, 1)
    assert figures(CLOCK, place_by_code(HERE), MONDAY + timedelta(days=10)).attention.overdue


# Pages ----------------------------------------------------------------------------------------------------------------


def test_the_page_shows_counts_where_a_rate_would_say_too_much(cast: Cast, client: Any) -> None:
    number = officially(cast)
    case_id = case_id_of(cast, number)
    to_the_body(cast, case_id, "fire", "C103")
    settle(cast, case_id)
    text = client.get(f"/places/{HERE}").get_data(as_text=True)
    assert "样本太少，不算比例" in text
    assert "怎么算的" in text
    assert "在谁手上" in text
    assert "第 1 网格" in text


@pytest.mark.parametrize("days", ["30", "90", "365"])
def test_the_span_lies_in_the_address(cast: Cast, client: Any, days: str) -> None:
    text = client.get(f"/places/{HERE}?days={days}").get_data(as_text=True)
    assert f'aria-current="true">近 {days} 天' in " ".join(text.split())


@pytest.mark.parametrize("days", ["0", "-1", "31", "x", "99999999999999999999", "９０"])
def test_a_span_that_is_not_offered_is_the_usual_one(cast: Cast, client: Any, days: str) -> None:
    text = client.get(f"/places/{HERE}?days={days}").get_data(as_text=True)
    assert 'aria-current="true">近 90 天' in " ".join(text.split())


@pytest.mark.parametrize("code", [HERE, STREET, "990101"])
def test_every_level_has_a_page_and_a_sheet(cast: Cast, client: Any, code: str) -> None:
    officially(cast)
    assert client.get(f"/places/{code}").status_code == 200
    response = client.get(f"/places/{code}/figures.csv?days=30")
    assert response.status_code == 200
    assert response.mimetype == "text/csv"
    lines = response.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert lines[0] == "地方,指标,对象,分子,分母,从,到"
    assert any(",提出,,1," in line for line in lines)


def test_a_sheet_holds_nothing_that_a_spreadsheet_would_run(cast: Cast, client: Any, clock: Any) -> None:
    promise(cast, 1)

    with transaction():
        session().get_one(Organization, cast.organizations["fire"]).name = "=HYPERLINK(1)"
    clock.shift(timedelta(days=2))
    text = client.get(f"/places/{HERE}/figures.csv").get_data(as_text=True)
    assert ",'=HYPERLINK(1)," in text
    assert ",=HYPERLINK" not in text


def test_a_place_that_does_not_exist_has_no_sheet(cast: Cast, client: Any) -> None:
    assert client.get("/places/12/figures.csv").status_code == 404


def test_the_page_asks_as_often_for_many_problems_as_for_few(cast: Cast, client: Any, counted: Counted) -> None:
    officially(cast)
    client.get(f"/places/{HERE}")
    with counted() as few:
        client.get(f"/places/{HERE}")
    for n in range(8):
        officially(cast, f"{n} 楼拉线充电")
    with counted() as many:
        client.get(f"/places/{HERE}")
    assert len(many.statements) == len(few.statements) <= 45, many.statements
