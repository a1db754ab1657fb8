"""The mark of a demo: it stands first in the journal, where nobody can take it away unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cogov.journal.event import Event


@dataclass(frozen=True)
class DemoBegun(Event):
    """Everything that follows in this journal is invented, and its accounts are known to all."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False
