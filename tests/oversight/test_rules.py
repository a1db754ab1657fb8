"""Public figures as plain values: what is a rate and what is too few to be one, spans, medians, comparisons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cogov.oversight.rules import (
    DAY,
    HOUR,
    Area,
    Leg,
    Pace,
    Share,
    band_width,
    change,
    in_days,
    in_tenths,
    per_hundred,
    slowest,
    span_of,
    spread,
)

AT = datetime(2027, 3, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(9, 9, ""), (0, 0, ""), (10, 10, "100.0%"), (2, 11, "18.1%"), (0, 10, "0.0%"), (1999, 2000, "99.9%")],
)
def test_a_rate_is_cut_and_one_of_fewer_than_ten_is_not_said(part: int, whole: int, percent: str) -> None:
    assert Share(part, whole).percent == percent


def test_a_change_is_said_only_between_two_rates() -> None:
    assert change(Share(9, 10), Share(8, 10)) == 100
    assert change(Share(8, 10), Share(9, 10)) == -100
    assert change(Share(9, 10), Share(9, 9)) is None


def test_a_span_has_one_of_the_offered_lengths() -> None:
    assert span_of(30, AT).since == AT - timedelta(days=30)
    assert span_of(None, AT).days == span_of(31, AT).days == 90


def test_the_span_before_ends_where_this_one_begins() -> None:
    span = span_of(30, AT)
    assert span.before.until == span.since
    assert span.before.until - span.before.since == timedelta(days=30)


@pytest.mark.parametrize(("count", "households", "said"), [(3, 48, "6.2"), (3, 9, ""), (0, 10, "0.0"), (1, 300, "0.3")])
def test_nothing_is_said_of_fewer_than_ten_households(count: int, households: int, said: str) -> None:
    assert per_hundred(count, households) == said
    assert Area(1, "", "", households, 0, count).open_rate == said


def test_a_quotient_of_nothing_is_empty() -> None:
    assert (in_tenths(7, 4), in_tenths(7, 0)) == ("1.7", "")


@pytest.mark.parametrize(
    ("seconds", "said"), [(HOUR - 1, "不到 1 小时"), (HOUR, "1 小时"), (DAY - 1, "23 小时"), (DAY * 5 // 2, "2.5 天")]
)
def test_a_length_of_time_is_said_in_its_unit(seconds: int, said: str) -> None:
    assert str(in_days(seconds)) == said


def test_the_slowest_step_is_one_of_an_office_and_was_finished_ten_times() -> None:
    vote = Pace(Leg.VOTE, 50, 20 * DAY, 30 * DAY)
    body, rare = Pace(Leg.BODY, 10, 2 * DAY, 3 * DAY), Pace(Leg.CALL, 9, 9 * DAY, 9 * DAY)
    centre = Pace(Leg.CENTRE, 40, DAY, DAY)
    assert slowest([vote, body, rare, centre]) is body
    assert slowest([vote, rare]) is None


def test_areas_are_compared_for_each_household_and_only_with_ten_of_both() -> None:
    big, small = Area(1, "大", "1", 200, 20, 0), Area(2, "小", "2", 20, 10, 0)
    found = spread([big, small, Area(3, "少", "3", 9, 90, 0), Area(4, "静", "4", 500, 9, 0)])
    assert found is not None
    assert (found.most, found.least, found.times) == (small, big, "5.0")
    assert spread([big]) is None


@pytest.mark.parametrize(("highest", "width"), [(0, 5), (19, 5), (20, 10), (166, 50), (61, 20), (4000, 1001)])
def test_four_bands_hold_the_highest_figure(highest: int, width: int) -> None:
    assert band_width(highest) == width
    assert highest < width * 4
