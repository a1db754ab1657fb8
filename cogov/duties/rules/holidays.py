"""The State Council's holidays and worked Saturdays, as far as the installed calendar knows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, cast

import chinese_calendar

from cogov.ground.sheets import Line

FESTIVALS: dict[str, str] = {each.value: cast("Any", each).chinese for each in chinese_calendar.Holiday}


def known_year(year: int) -> bool:
    """Say whether the notice for a year is known."""
    try:
        chinese_calendar.get_holiday_detail(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def holidays(year: int) -> Iterator[Line]:
    """Yield the days of a known year on which the State Council's notice differs from the week."""
    day = date(year, 1, 1)
    number = 0
    while day.year == year:
        off, name = chinese_calendar.get_holiday_detail(day)
        if off != (day.weekday() >= 5):
            number += 1
            festival = FESTIVALS.get(name or "", "")
            title = festival if off else f"{festival}调休"
            yield Line(number, {"day": day.isoformat(), "working": "否" if off else "是", "name": title})
        day += timedelta(days=1)
