"""What pages and other rooms read of meetings."""

from __future__ import annotations

from cogov.meetings.queries.entries import details, export_for
from cogov.meetings.queries.loading import coming, meeting, meeting_called_by
from cogov.meetings.queries.waiting import needs

__all__ = ["coming", "details", "export_for", "meeting", "meeting_called_by", "needs"]
