"""What can be said to have happened to announcements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cogov.announcements.rules import AnnouncementKind
from cogov.journal.event import Commitment, Event


@dataclass(frozen=True)
class AnnouncementPublished(Event):
    """An organization announced something at a place."""

    announcement: int
    kind: AnnouncementKind
    until: datetime
    words: Commitment


@dataclass(frozen=True)
class AnnouncementCorrected(Event):
    """An announcement was given a new version; the earlier ones can still be read."""

    announcement: int
    kind: AnnouncementKind
    version: int
    words: Commitment


@dataclass(frozen=True)
class AnnouncementWithdrawn(Event):
    """An announcement was withdrawn with a reason."""

    announcement: int
    kind: AnnouncementKind
    words: Commitment
