"""Checkpoints over the journal, and the check that finds any change to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import for_change, session
from cogov.journal.chain import GENESIS, Peaks, grow, link, root
from cogov.journal.event import canonical
from cogov.journal.models import JournalCheckpoint, JournalEntry, JournalHead
from cogov.journal.transaction import transaction

_BATCH = 5000


@dataclass(frozen=True)
class Fault:
    """Where the journal does not agree with itself or with a kept checkpoint."""

    number: int
    reason: str


@dataclass(frozen=True)
class Report:
    """What a verification read and found."""

    entries: int
    checkpoints: int
    faults: tuple[Fault, ...]


def _entries(after: int = -(2**62)) -> Iterator[JournalEntry]:
    while True:
        query = select(JournalEntry).where(JournalEntry.number > after).order_by(JournalEntry.number).limit(_BATCH)
        rows = session().scalars(query).all()
        yield from rows
        if len(rows) < _BATCH:
            return
        after = rows[-1].number
        session().expunge_all()


def seal(published: Path | None = None) -> JournalCheckpoint | None:
    """Seal what has come since the last checkpoint; append it to the published file, outside the database."""
    with transaction():
        session().scalars(for_change(select(JournalHead))).one_or_none()
        last = session().scalars(select(JournalCheckpoint).order_by(JournalCheckpoint.number.desc()).limit(1)).first()
        peaks: Peaks = [(int(size), str(peak)) for size, peak in json.loads(last.peaks)] if last else []
        number, chain_hash = 0, ""
        for entry in _entries(last.number if last else 0):
            number, chain_hash, peaks = entry.number, entry.hash, grow(peaks, entry.hash)
        if not number:
            return None
        checkpoint = JournalCheckpoint(
            number=number,
            chain_hash=chain_hash,
            tree_hash=root(peaks),
            peaks=json.dumps(peaks),
            sealed_at=now(),
        )
        session().add(checkpoint)
    if published is not None:
        with published.open("a", encoding="utf-8") as file:
            file.write(canonical(_line(checkpoint)) + "\n")
    return checkpoint


def _line(checkpoint: JournalCheckpoint) -> dict[str, object]:
    return {
        "number": checkpoint.number,
        "chain": checkpoint.chain_hash,
        "tree": checkpoint.tree_hash,
        "sealed_at": checkpoint.sealed_at.isoformat(),
    }


def _kept(published: Path | None) -> list[tuple[int, str, str]]:
    rows = [
        (row.number, row.chain_hash, row.tree_hash)
        for row in session().scalars(select(JournalCheckpoint).order_by(JournalCheckpoint.number))
    ]
    if published is not None and published.is_file():
        for text in published.read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            rows.append((int(line["number"]), str(line["chain"]), str(line["tree"])))
    return sorted(rows)


def verify(published: Path | None = None) -> Report:
    """Read the whole journal and name every place where a byte, an entry or the order was changed."""
    faults: list[Fault] = []
    checkpoints = _kept(published)
    due = list(checkpoints)
    previous, count, peaks = GENESIS, 0, Peaks()
    for entry in _entries():
        count += 1
        if entry.number != count:
            faults.append(Fault(entry.number, f"expected number {count}"))
            count = entry.number
        if link(previous, entry) != entry.hash:
            faults.append(Fault(entry.number, "content does not match its hash"))
        previous, peaks = entry.hash, grow(peaks, entry.hash)
        while due and due[0][0] == entry.number:
            number, chain, tree = due.pop(0)
            if (chain, tree) != (previous, root(peaks)):
                faults.append(Fault(number, "differs from a kept checkpoint"))
    faults += [Fault(number, "a kept checkpoint names an entry that is gone") for number, _, _ in due]
    head = session().scalars(select(JournalHead)).one_or_none()
    if head is None or (head.number, head.hash) != (count, previous):
        faults.append(Fault(head.number if head else 0, "the last entry is not the one the head names"))
    return Report(count, len(checkpoints), tuple(faults))


def latest_checkpoint() -> tuple[int, str, datetime] | None:
    """Return number, tree hash and time of the last seal."""
    query = select(JournalCheckpoint.number, JournalCheckpoint.tree_hash, JournalCheckpoint.sealed_at)
    row = session().execute(query.order_by(JournalCheckpoint.number.desc()).limit(1)).first()
    return None if row is None else (row[0], row[1], row[2])


def checkpoints(limit: int) -> list[JournalCheckpoint]:
    """Return the latest seals, the newest first."""
    return list(session().scalars(select(JournalCheckpoint).order_by(JournalCheckpoint.number.desc()).limit(limit)))
