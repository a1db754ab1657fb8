"""How much time is left, as lists say it; public clocks say it in the time of their own kind."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

HOUR = 3600
DAY = 24 * HOUR
SOON = 3 * DAY


def span(seconds: int) -> str:
    """Return a span of time in the units that matter."""
    days, hours = divmod(seconds // HOUR, 24)
    if days:
        return gettext("%(d)s 天 %(h)s 小时", d=days, h=hours) if hours and days < 4 else gettext("%(d)s 天", d=days)
    if hours:
        return gettext("%(h)s 小时", h=hours)
    return gettext("%(m)s 分钟", m=max(seconds // 60, 1))


def left(due_at: datetime | None, at: datetime, *, paused: bool = False) -> tuple[str, str]:
    """Return what is left in words, and how pressing it is: calm, soon (three days) or late; a paused clock is calm."""
    if due_at is None:
        return "", "calm"
    if paused:
        return gettext("时钟暂停"), "calm"
    seconds = int((due_at - at).total_seconds())
    if seconds <= 0:
        return gettext("逾期 %(time)s", time=span(-seconds)), "late"
    return gettext("还剩 %(time)s", time=span(seconds)), "soon" if seconds < SOON else "calm"
