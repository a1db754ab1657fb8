"""When mail goes out: the local hour and day of digests, quiet hours, how long before a deadline. Pure functions.

Hours are those of the clock on the wall. Where a zone moves its clocks, an hour that is skipped is read as the moment
an hour later on the wall, and of an hour that comes twice the first is meant; so each day still has one digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cogov.tell.channels import MailPace

AT_ONCE_AFTER = timedelta(minutes=5)
"""How long "at once" waits, so that what somebody reads or does right away brings no mail."""

REMIND_BEFORE = timedelta(hours=24)


@dataclass(frozen=True)
class Hours:
    """The hours of a tenant, on the wall: when digests go out, and when nothing does."""

    digest: int = 8
    weekday: int = 1
    quiet_from: int = 21
    quiet_until: int = 8

    def quiet(self, hour: int) -> bool:
        """Say whether nothing is sent in this hour; from and until the same hour means that there is no such time."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until


def on_the_wall(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """Return the moment of a full hour on a day, in UTC."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def next_digest(pace: MailPace, after: datetime, zone: ZoneInfo, hours: Hours) -> datetime | None:
    """Return when the next digest is due, later than a moment; None for who wants none."""
    if pace is MailPace.NONE:
        return None
    today = after.astimezone(zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(9))
    fitting = (day for day in days if pace is not MailPace.WEEKLY or day.isoweekday() == hours.weekday)
    moments = (on_the_wall(day, hours.digest, zone) for day in fitting)
    return next(moment for moment in moments if moment > after)


def after_quiet(at: datetime, zone: ZoneInfo, hours: Hours) -> datetime:
    """Return the first moment, not before this one, at which something may be sent."""
    local = at.astimezone(zone)
    if not hours.quiet(local.hour):
        return at
    until_tomorrow = hours.quiet_from > hours.quiet_until and local.hour >= hours.quiet_from
    end = on_the_wall(local.date() + timedelta(days=int(until_tomorrow)), hours.quiet_until, zone)
    return max(at, end)


def remind_at(started_at: datetime, due_at: datetime) -> datetime:
    """Return when to remind of a deadline: a day before, or when half of a short time is over."""
    return max(due_at - REMIND_BEFORE, started_at + (due_at - started_at) / 2)
