"""Deadlines: when something promised falls due, what is left of it, and the ruler that shows it.

The convention, which is that of the Civil Code (民法典) where it speaks:

- Limits in hours run from the moment they start (art. 201(2)). EMERGENCY_HOURS run round the clock; WORKING_HOURS run
  in working time only, so a start outside it counts from the next working minute.
- In limits in days the day of the start is not counted (art. 201(1)).
- WORKING_DAYS fall due when business ends on the last working day (art. 203(2), second half: 停止业务活动的时间).
- CALENDAR_DAYS fall due at 24:00 local time of the last day (art. 203(2)); if that day is not worked, at 24:00 of the
  next worked one (art. 203(1)).
- While a clock is paused no time of its kind passes: a pause moves the deadline by exactly the time of that kind it
  covered, be it half a day (calendar days still end at 24:00). A pause in time that is not counted moves nothing.

An open pause has no end yet, so `due` leaves it out: what it returns is the earliest instant possible, and while
`is_paused` it cannot be reached.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cogov.duties.rules.calendar import Span, WorkingCalendar
from cogov.ground.words import Words, say

LONGEST = 3650
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOTHING = timedelta()


class LimitUnit(StrEnum):
    """What a limit is counted in."""

    EMERGENCY_HOURS = "emergency_hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


IN_WORKING_TIME = frozenset({LimitUnit.WORKING_HOURS, LimitUnit.WORKING_DAYS})
IN_DAYS = frozenset({LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS})


@dataclass(frozen=True)
class Limit:
    """How long something may take."""

    amount: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        """Refuse what could not be waited for."""
        if not 0 < self.amount <= LONGEST:
            raise ValueError(f"a limit is between 1 and {LONGEST}")

    def in_words(self) -> Words:
        """Say the limit as people say it."""
        match self.unit:
            case LimitUnit.EMERGENCY_HOURS:
                return say("{n} 小时", n=self.amount)
            case LimitUnit.WORKING_HOURS:
                return say("{n} 个工作时", n=self.amount)
            case LimitUnit.WORKING_DAYS:
                return say("{n} 个工作日", n=self.amount)
            case LimitUnit.CALENDAR_DAYS:
                return say("{n} 日", n=self.amount)


@dataclass(frozen=True)
class Pause:
    """A stretch in which the clock stands still, for a reason given by its code; open while `end` is None."""

    start: datetime
    end: datetime | None
    reason: str

    def __post_init__(self) -> None:
        """Refuse a pause that ends before it starts."""
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause ends before it starts")


@dataclass(frozen=True)
class Remaining:
    """What is left until a deadline, or by how much it is late, in days of the clock's kind and minutes beyond them."""

    days: int
    minutes: int
    late: bool
    paused: bool
    working: bool

    @property
    def hours(self) -> int:
        """Return the full hours beyond the full days."""
        return self.minutes // 60

    def in_words(self) -> Words:
        """Say it in one line, as a public clock does."""
        if self.late:
            return self._late_in_words()
        return say("还剩 {time}", time=self._time_in_words())

    def _late_in_words(self) -> Words:
        return say("逾期 {time}", time=self._time_in_words())

    def _time_in_words(self) -> Words:
        """Leave out what is nothing: nobody says "0 days 23 hours"."""
        if not self.days:
            return say("{hours} 小时", hours=self.hours) if self.hours else say("不到 1 小时")
        if not self.hours:
            return say("{days} 个工作日", days=self.days) if self.working else say("{days} 天", days=self.days)
        if self.working:
            return say("{days} 个工作日 {hours} 小时", days=self.days, hours=self.hours)
        return say("{days} 天 {hours} 小时", days=self.days, hours=self.hours)


class CellState(StrEnum):
    """How one cell of the ruler is drawn."""

    USED = "used"
    PAUSED = "paused"
    LEFT = "left"


@dataclass(frozen=True)
class Cell:
    """One cell of the ruler: a day of a limit in days, an hour of a limit in hours."""

    start: datetime
    end: datetime
    state: CellState


def begins(start: datetime, limit: Limit, calendar: WorkingCalendar) -> datetime:
    """Return the instant from which time is counted."""
    start = _utc(start)
    if limit.unit == LimitUnit.EMERGENCY_HOURS:
        return start
    if limit.unit == LimitUnit.WORKING_HOURS:
        return next(calendar.spans_from(start)).start
    tomorrow = calendar.midnight(calendar.local_day(start) + DAY)
    return next(calendar.spans_from(tomorrow)).start if limit.unit == LimitUnit.WORKING_DAYS else tomorrow


def due(start: datetime, limit: Limit, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()) -> datetime:
    """Return the instant, in UTC, at which the limit is over; open pauses are left out (see the module)."""
    counted = _counted(begins(start, limit, calendar), limit, calendar, _closed(pauses))
    left = _length(limit, calendar)
    for span in counted:
        if span.end - span.start >= left:
            return _rounded(span.start + left, limit, calendar)
        left -= span.end - span.start
    raise AssertionError("working time never ends")


def is_paused(now: datetime, pauses: Sequence[Pause]) -> bool:
    """Say whether the clock stands still at this moment."""
    return any(pause.start <= now and (pause.end is None or now < pause.end) for pause in pauses)


def remaining(
    now: datetime, due: datetime, limit: Limit, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()
) -> Remaining:
    """Return what is left until `due` (as `due()` gave it for the same pauses), frozen while an open pause lasts."""
    hands = _hands(_utc(now), pauses)
    late = hands > due
    first, last = (due, hands) if late else (hands, due)
    between = _total(_counted(first, limit, calendar, _closed(pauses)), until=last)
    per_day = timedelta(minutes=calendar.minutes_per_day) if limit.unit in IN_WORKING_TIME else DAY
    days, rest = divmod(between, per_day)
    working = limit.unit in IN_WORKING_TIME
    return Remaining(days, int(rest.total_seconds()) // 60, late, is_paused(now, pauses), working)


def ruler(
    now: datetime, start: datetime, limit: Limit, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()
) -> tuple[Cell, ...]:
    """Return the cells from the beginning to the deadline.

    A cell is paused when the clock stood still for at least half of what counts in it, used once its time is over.
    """
    now = _utc(now)
    end = due(start, limit, calendar, pauses)
    cells = _days if limit.unit in IN_DAYS else _hours
    return tuple(
        Cell(cell.start, cell.end, _state(cell, now, limit, calendar, pauses))
        for cell in cells(begins(start, limit, calendar), end, limit, calendar)
    )


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def _closed(pauses: Iterable[Pause]) -> list[Span]:
    return sorted(Span(_utc(pause.start), _utc(pause.end)) for pause in pauses if pause.end is not None)


def _hands(now: datetime, pauses: Sequence[Pause]) -> datetime:
    """Return where the clock's hands stand: at now, or where an open pause stopped them."""
    stopped = [pause.start for pause in pauses if pause.end is None and pause.start <= now]
    return min([now, *stopped])


def _length(limit: Limit, calendar: WorkingCalendar) -> timedelta:
    match limit.unit:
        case LimitUnit.WORKING_DAYS:
            return limit.amount * timedelta(minutes=calendar.minutes_per_day)
        case LimitUnit.CALENDAR_DAYS:
            return limit.amount * DAY
        case LimitUnit.WORKING_HOURS | LimitUnit.EMERGENCY_HOURS:
            return limit.amount * HOUR


def _rounded(instant: datetime, limit: Limit, calendar: WorkingCalendar) -> datetime:
    """Return the end of the last day for limits in calendar days, whose days end at 24:00; others stay."""
    if limit.unit != LimitUnit.CALENDAR_DAYS:
        return instant
    last = calendar.local_day(instant - timedelta(microseconds=1))
    return calendar.midnight(calendar.next_working_day(last) + DAY)


def _counted(begin: datetime, limit: Limit, calendar: WorkingCalendar, pauses: Sequence[Span]) -> Iterator[Span]:
    """Yield, without end, the stretches in which this clock runs."""
    if limit.unit in IN_WORKING_TIME:
        spans = calendar.spans_from(begin)
    else:
        spans = iter([Span(begin, datetime.max.replace(tzinfo=UTC))])
    for span in spans:
        yield from _without(span, pauses)


def _without(span: Span, pauses: Sequence[Span]) -> Iterator[Span]:
    """Yield what the pauses, sorted by their start, leave of a stretch."""
    at = span.start
    for pause in pauses:
        if pause.start >= span.end:
            break
        if pause.start > at:
            yield Span(at, pause.start)
        at = max(at, pause.end)
    if at < span.end:
        yield Span(at, span.end)


def _total(spans: Iterator[Span], until: datetime) -> timedelta:
    total = NOTHING
    for span in spans:
        if span.start >= until:
            break
        total += min(span.end, until) - span.start
    return total


def _days(begin: datetime, end: datetime, limit: Limit, calendar: WorkingCalendar) -> Iterator[Span]:
    day = calendar.local_day(begin)
    while calendar.midnight(day) < end:
        if limit.unit == LimitUnit.CALENDAR_DAYS:
            yield Span(calendar.midnight(day), calendar.midnight(day + DAY))
        elif spans := calendar.working_spans(day):
            yield Span(spans[0].start, min(spans[-1].end, end))
        day += DAY


def _hours(begin: datetime, end: datetime, limit: Limit, calendar: WorkingCalendar) -> Iterator[Span]:
    """Yield hours of counted time; pauses are hours of their own, so the ruler is longer by what was paused."""
    cell, filled = begin, NOTHING
    for span in _counted(begin, limit, calendar, ()):
        at = span.start
        while at < min(span.end, end):
            step = min(HOUR - filled, span.end - at, end - at)
            cell = at if not filled else cell
            at, filled = at + step, filled + step
            if filled == HOUR or at == end:
                yield Span(cell, at)
                filled = NOTHING
        if span.end >= end:
            return


def _state(cell: Span, now: datetime, limit: Limit, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> CellState:
    stood = [Span(_utc(pause.start), _utc(pause.end or max(now, pause.start))) for pause in pauses]
    whole = _total(_counted(cell.start, limit, calendar, ()), cell.end)
    ran = _total(_counted(cell.start, limit, calendar, sorted(stood)), cell.end)
    if whole and 2 * ran <= whole:
        return CellState.PAUSED
    return CellState.USED if cell.end <= now else CellState.LEFT
