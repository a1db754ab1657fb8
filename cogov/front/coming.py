"""The meeting that is open or comes next somewhere: its date, where it is, and the way to take part."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import format_datetime, gettext

from cogov.announcements.queries import reaching
from cogov.meetings.queries.loading import MeetingShown, coming
from cogov.meetings.rules.kinds import MeetingState


def next_meetings(code: str) -> list[MeetingShown]:
    """Return the one meeting that whoever lives at a place can go to now or next, if there is one."""
    return coming(reaching(code), 1)


def meeting_item(shown: MeetingShown) -> dict[str, Any]:
    """Return what is shown of a meeting beside other news: who can come now is led to its door."""
    when = format_datetime(shown.begins, gettext("M 月 d 日（EEE）HH:mm"))
    is_open = shown.state is MeetingState.OPEN
    return {
        "url": url_for("meetings.door" if is_open else "meetings.show", meeting_id=shown.id),
        "kind": gettext("正在开会") if is_open else gettext("议事会"),
        "title": f"{when} {shown.title}",
        "line": " · ".join(part for part in (shown.spot, shown.organization_name) if part),
        "action": gettext("去签到") if is_open else gettext("看会议安排"),
    }
