"""The loop in two tables: what must follow what, and what falls due when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cogov.journal.event import Event
from cogov.journal.transaction import Reaction

FOLLOW: Mapping[type[Event], Sequence[Reaction]] = {}
