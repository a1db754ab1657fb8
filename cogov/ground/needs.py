"""What waits for a person, as every room says it to the home page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cogov.ground.words import Words


@dataclass(frozen=True)
class Deed:
    """One act that can be begun where the need is shown; with `fields`, one click is the whole of it."""

    text: Words
    icon: str
    endpoint: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Need:
    """One thing that waits for one person: what it is, about what, until when, and where to do it."""

    kind: str
    pill: Words
    icon: str
    title: str
    line: Words
    action: Words
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    deeds: tuple[Deed, ...] = ()
