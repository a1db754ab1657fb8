"""What every check gets and gives: a town of its own to break, and a verdict in one line."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.postgres import Cluster, running_cluster
from tools.stand.town import Town, settle

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
HOUSEHOLDS = 220


class Skip(Exception):
    """A check that this machine cannot run, and why."""


@dataclass(frozen=True)
class Verdict:
    """What a check found: the figures in a line, and what is wrong with them (nothing when all is well)."""

    figures: str
    faults: tuple[str, ...] = ()

    def names(self, wanted: str) -> bool:
        """Say whether something is wrong in the way that a planted fault shows itself, and not only otherwise."""
        return any(re.search(wanted, fault) for fault in self.faults)


@dataclass
class Kit:
    """Where a check works, how long, and whether the fault it looks for is planted."""

    folder: Path
    times: int = 20
    seconds: float = 10.0
    planted: bool = False
    _template: Town | None = field(default=None, repr=False)

    def town(self, name: str) -> Town:
        """Return a town of its own on SQLite: a copy of one that was settled once."""
        if self._template is None:
            self._template = settle(self.folder / "template", households=HOUSEHOLDS)
        folder = self.folder / f"{name}-{time.monotonic_ns()}"
        shutil.copytree(self._template.folder, folder)
        return replace(self._template, folder=folder)

    @contextmanager
    def town_on_postgres(self, name: str, **settings: str) -> Iterator[tuple[Town, Cluster]]:
        """Return a town on a PostgreSQL of its own that keeps what it has said; gone afterwards."""
        with running_cluster(**{**DURABLE, **settings}) as cluster:
            folder = self.folder / f"{name}-{time.monotonic_ns()}"
            yield settle(folder, cluster.url, HOUSEHOLDS), cluster

    def program(self, plant: str, *record: str) -> tuple[str, ...]:
        """Return how a server is started: with the fault in it, when faults are planted."""
        planted = ("--plant", plant) if self.planted else ()
        return ("-m", "tools.faults.planted", *planted, *record, "serve")
