"""Deadlines: 调休, pauses, year ends, and what is shown of them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov.duties.rules.calendar import WorkingCalendar
from cogov.duties.rules.clock import (
    CellState,
    Limit,
    LimitUnit,
    Pause,
    begins,
    due,
    is_paused,
    remaining,
    ruler,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
# National Day 2026: 1 to 7 October off, Sunday 20 September and Saturday 10 October worked instead.
CALENDAR = WorkingCalendar.of(
    {date(2026, 10, day): False for day in (1, 2, 5, 6, 7)}
    | {date(2026, 9, 20): True, date(2026, 10, 10): True, date(2027, 1, 1): False}
)
UNITS = st.sampled_from(LimitUnit)
STARTS = st.datetimes(datetime(2026, 9, 1), datetime(2027, 1, 31), timezones=st.just(SHANGHAI))
LIMITS = st.builds(Limit, st.integers(1, 60), UNITS)


def local(month, day, hour=0, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def hours(n):
    return Limit(n, LimitUnit.WORKING_HOURS)


def days(n):
    return Limit(n, LimitUnit.WORKING_DAYS)


@st.composite
def pauses(draw):
    start = draw(STARTS)
    return Pause(start, start + timedelta(minutes=draw(st.integers(0, 20_000))), "needs_reply")


def test_a_holiday_rests_and_a_changed_saturday_works():
    assert not CALENDAR.is_working(date(2026, 10, 1))
    assert CALENDAR.is_working(date(2026, 10, 10))
    assert not CALENDAR.is_working(date(2026, 10, 11))


def test_a_day_cannot_be_both_worked_and_off():
    with pytest.raises(ValueError, match="both"):
        WorkingCalendar(worked=frozenset({date(2026, 1, 1)}), off=frozenset({date(2026, 1, 1)}))


def test_the_spans_of_a_day_may_not_overlap():
    with pytest.raises(ValueError, match="spans"):
        WorkingCalendar(spans=((540, 720), (700, 800)))


def test_emergency_hours_run_through_the_night_and_the_holiday():
    assert due(local(10, 1, 23), Limit(2, LimitUnit.EMERGENCY_HOURS), CALENDAR) == local(10, 2, 1)


def test_working_hours_skip_the_noon_break():
    assert due(local(11, 2, 11), hours(2), CALENDAR) == local(11, 2, 14)


def test_a_start_outside_working_time_counts_from_the_next_working_minute():
    assert due(local(11, 6, 18), hours(4), CALENDAR) == local(11, 9, 14)
    assert begins(local(11, 2, 12, 30), hours(1), CALENDAR) == local(11, 2, 13)


def test_the_day_of_the_start_is_not_counted_in_working_days():
    assert due(local(11, 2, 9), days(1), CALENDAR) == local(11, 3, 17)


def test_working_days_step_over_the_holiday_and_count_the_changed_saturday():
    assert due(local(9, 30, 10), days(3), CALENDAR) == local(10, 10, 17)


def test_working_days_step_over_the_year_end():
    assert due(local(12, 31, 10), days(1), CALENDAR) == local(1, 4, 17, year=2027)


def test_calendar_days_end_at_midnight_of_the_last_day():
    assert due(local(11, 2, 10), Limit(7, LimitUnit.CALENDAR_DAYS), CALENDAR) == local(11, 10)


def test_calendar_days_that_end_on_a_day_off_end_with_the_next_working_day():
    assert due(local(9, 30, 10), Limit(2, LimitUnit.CALENDAR_DAYS), CALENDAR) == local(10, 9)


def test_a_pause_of_two_working_days_moves_the_deadline_by_two_working_days():
    pause = Pause(local(11, 4), local(11, 6), "needs_reply")
    assert due(local(11, 2, 9), days(3), CALENDAR) == local(11, 5, 17)
    assert due(local(11, 2, 9), days(3), CALENDAR, (pause,)) == local(11, 9, 17)


def test_overlapping_pauses_are_counted_once():
    long, inside = Pause(local(11, 4), local(11, 6), "a"), Pause(local(11, 4, 10), local(11, 5), "b")
    assert due(local(11, 2), days(3), CALENDAR, (inside, long)) == due(local(11, 2), days(3), CALENDAR, (long,))


def test_a_pause_over_the_weekend_moves_nothing():
    weekend = Pause(local(11, 6, 17), local(11, 9, 9), "needs_reply")
    assert due(local(11, 2), days(9), CALENDAR, (weekend,)) == due(local(11, 2), days(9), CALENDAR)


def test_an_open_pause_freezes_what_is_left_and_nothing_gets_late():
    pause = (Pause(local(11, 4, 9), None, "needs_reply"),)
    end = due(local(11, 2, 9), days(3), CALENDAR, pause)
    early = remaining(local(11, 4, 10), end, days(3), CALENDAR, pause)
    later = remaining(local(11, 30, 10), end, days(3), CALENDAR, pause)
    assert early == later
    assert (later.days, later.minutes, later.late, later.paused) == (2, 0, False, True)


def test_what_is_left_is_said_in_working_days_and_hours():
    end = due(local(11, 2, 9), days(3), CALENDAR)
    assert str(remaining(local(11, 3, 15), end, days(3), CALENDAR).in_words()) == "还剩 2 个工作日 2 小时"


def test_being_late_is_counted_in_working_time_too():
    end = due(local(11, 2, 9), days(3), CALENDAR)
    late = remaining(local(11, 9, 10), end, days(3), CALENDAR)
    assert str(late.in_words()) == "逾期 1 个工作日 1 小时"
    assert not remaining(end, end, days(3), CALENDAR).late


def test_the_ruler_has_one_cell_for_each_working_day_and_hatches_the_pause():
    pause = (Pause(local(11, 4), local(11, 5), "needs_reply"),)
    cells = ruler(local(11, 5, 18), local(11, 2, 9), days(3), CALENDAR, pause)
    assert [cell.state for cell in cells] == [CellState.USED, CellState.PAUSED, CellState.USED, CellState.LEFT]


def test_the_ruler_of_a_limit_in_hours_has_one_cell_for_each_hour():
    cells = ruler(local(11, 2, 14, 30), local(11, 2, 11), hours(4), CALENDAR)
    assert [cell.state for cell in cells] == [CellState.USED, CellState.USED, CellState.LEFT, CellState.LEFT]
    assert cells[-1].end == local(11, 2, 16)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        due(datetime(2026, 11, 2), days(1), CALENDAR)


@pytest.mark.parametrize("amount", [0, -1, 100_000])
def test_a_limit_nobody_could_wait_for_is_refused(amount):
    with pytest.raises(ValueError, match="between"):
        Limit(amount, LimitUnit.WORKING_DAYS)


@given(STARTS, LIMITS, st.lists(pauses(), max_size=3))
def test_a_longer_limit_is_never_due_earlier(start, limit, stops):
    longer = Limit(limit.amount + 1, limit.unit)
    assert due(start, limit, CALENDAR, stops) <= due(start, longer, CALENDAR, stops)


@given(STARTS, LIMITS, st.lists(pauses(), max_size=3), pauses())
def test_one_more_pause_never_makes_it_due_earlier(start, limit, stops, more):
    assert due(start, limit, CALENDAR, stops) <= due(start, limit, CALENDAR, [*stops, more])


@given(STARTS, LIMITS, st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"]))
def test_a_deadline_is_the_same_instant_in_every_zone(start, limit, zone):
    assert due(start, limit, CALENDAR) == due(start.astimezone(ZoneInfo(zone)), limit, CALENDAR)
    assert due(start, limit, CALENDAR).tzinfo is UTC


@given(STARTS, st.integers(1, 60), st.lists(pauses(), max_size=3))
def test_at_the_beginning_exactly_the_promised_working_time_is_left(start, amount, stops):
    limit = days(amount)
    end = due(start, limit, CALENDAR, stops)
    whole = remaining(begins(start, limit, CALENDAR), end, limit, CALENDAR, stops)
    assert (whole.days, whole.minutes) == (amount, 0)


@given(STARTS, st.integers(1, 40))
def test_without_a_pause_working_days_end_when_business_ends_on_a_working_day(start, amount):
    end = due(start, days(amount), CALENDAR).astimezone(SHANGHAI)
    assert (end.hour, end.minute) == (17, 0)
    assert CALENDAR.is_working(end.date())
    between = [start.date() + timedelta(days=n) for n in range(1, (end.date() - start.date()).days + 1)]
    assert sum(CALENDAR.is_working(day) for day in between) == amount


@given(STARTS, st.integers(5, 30), st.integers(0, 20), st.integers(1, 4))
def test_a_pause_of_whole_working_days_moves_the_deadline_by_as_many(start, amount, skip, length):
    worked = [begins(start, days(1), CALENDAR)]
    while len(worked) <= amount + length:
        worked.append(begins(worked[-1], days(1), CALENDAR))
    first = min(skip, amount - 1)
    pause = Pause(worked[first], worked[first + length], "needs_reply")
    assert due(start, days(amount), CALENDAR, (pause,)) == due(start, days(amount + length), CALENDAR)


@given(STARTS, LIMITS, STARTS, st.lists(pauses(), max_size=2))
def test_what_is_left_is_late_exactly_after_the_deadline(start, limit, now, stops):
    end = due(start, limit, CALENDAR, stops)
    left = remaining(now, end, limit, CALENDAR, stops)
    assert left.late == (now > end)
    assert left.paused == is_paused(now, stops)
    assert left.days >= 0
    assert left.minutes >= 0


@given(STARTS, st.builds(Limit, st.integers(1, 20), UNITS), STARTS)
def test_the_ruler_runs_from_the_beginning_to_the_deadline_without_gaps_in_order(start, limit, now):
    cells = ruler(now, start, limit, CALENDAR)
    assert len(cells) >= limit.amount
    assert cells[0].start == begins(start, limit, CALENDAR)
    assert cells[-1].end == due(start, limit, CALENDAR)
    assert all(one.end <= two.start for one, two in pairwise(cells))
    states = [cell.state for cell in cells]
    assert states == sorted(states, key=[CellState.USED, CellState.LEFT].index)
