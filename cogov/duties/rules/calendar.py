"""Which days are worked, and between which hours: holidays off, 调休 Saturdays on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

MINUTES_OF_A_DAY = 24 * 60
WEEKDAYS = frozenset(range(5))
OFFICE_HOURS = ((9 * 60, 12 * 60), (13 * 60, 17 * 60))


class Span(NamedTuple):
    """A stretch of time from `start` up to, not including, `end`; both aware, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class WorkingCalendar:
    """A tenant's working time: the week, its exceptional days, and the spans of a worked day in minutes after midnight.

    An exceptional day outranks the week: a holiday in `off` rests on a Tuesday, a 调休 Saturday in `worked` works.
    """

    worked: frozenset[date] = frozenset()
    off: frozenset[date] = frozenset()
    spans: tuple[tuple[int, int], ...] = OFFICE_HOURS
    zone: str = "Asia/Shanghai"
    week: frozenset[int] = WEEKDAYS

    def __post_init__(self) -> None:
        """Refuse a calendar in which no deadline could ever be reached or a day would count twice."""
        if self.worked & self.off:
            raise ValueError("a day is both worked and off")
        if not self.week or not self.week <= frozenset(range(7)):
            raise ValueError("the working week needs days from 0 (Monday) to 6 (Sunday)")
        edges = [minute for span in self.spans for minute in span]
        if not edges or edges != sorted(set(edges)) or edges[0] < 0 or edges[-1] > MINUTES_OF_A_DAY:
            raise ValueError("the spans of a day must be in order, apart, and within the day")
        ZoneInfo(self.zone)

    @classmethod
    def of(cls, exceptions: Mapping[date, bool], **rest: object) -> Self:
        """Return a calendar from a table of exceptional days, day → is it worked."""
        worked = frozenset(day for day, works in exceptions.items() if works)
        return cls(worked=worked, off=frozenset(exceptions) - worked, **rest)  # type: ignore[arg-type]

    def is_working(self, day: date) -> bool:
        """Say whether people work on this local day."""
        if day in self.worked:
            return True
        return day not in self.off and day.weekday() in self.week

    @property
    def minutes_per_day(self) -> int:
        """Return the length of one working day."""
        return sum(end - start for start, end in self.spans)

    def local_day(self, instant: datetime) -> date:
        """Return the day it is here at that instant."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def midnight(self, day: date) -> datetime:
        """Return the instant at which this local day begins, in UTC."""
        return self._instant(day, 0)

    def working_spans(self, day: date) -> tuple[Span, ...]:
        """Return the worked stretches of one local day; none on a day off."""
        if not self.is_working(day):
            return ()
        return tuple(Span(self._instant(day, start), self._instant(day, end)) for start, end in self.spans)

    def spans_from(self, instant: datetime) -> Iterator[Span]:
        """Yield working stretches without end, beginning at the first working minute not before `instant`."""
        day = self.local_day(instant)
        while True:
            for span in self.working_spans(day):
                if span.end > instant:
                    yield Span(max(span.start, instant), span.end)
            day += timedelta(days=1)

    def next_working_day(self, day: date) -> date:
        """Return this day if it is worked, else the first worked day after it."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def _instant(self, day: date, minute: int) -> datetime:
        day, minute = day + timedelta(days=minute // MINUTES_OF_A_DAY), minute % MINUTES_OF_A_DAY
        return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
