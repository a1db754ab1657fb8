"""Checkpoints over the journal, and the check that finds any change to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import db, for_change, session
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
    """Seal what has come since the last checkpoint; append it to the published file, outside the database.

    Entries are read without a lock: they become visible in their order, so nothing is passed over, and nobody who
    writes waits while a long journal is hashed.
    """
    last = session().scalars(select(JournalCheckpoint).order_by(JournalCheckpoint.number.desc()).limit(1)).first()
    peaks: Peaks = [(int(size), str(peak)) for size, peak in json.loads(last.peaks)] if last else []
    newest: tuple[int, str] | None = None
    for newest in _hashes(last.number if last else 0):
        peaks = grow(peaks, newest[1])
    if newest is None:
        return None
    number, chain_hash = newest
    checkpoint = JournalCheckpoint(
        number=number,
        chain_hash=chain_hash,
        tree_hash=root(peaks),
        peaks=json.dumps(peaks),
        sealed_at=now(),
    )
    _keep(checkpoint)
    if published is not None:
        _publish(published)
    return checkpoint


def _hashes(after: int) -> Iterator[tuple[int, str]]:
    """Return the numbers and hashes of what came after an entry, in order."""
    hashes = select(JournalEntry.number, JournalEntry.hash).order_by(JournalEntry.number).limit(_BATCH)
    while rows := session().execute(hashes.where(JournalEntry.number > after)).all():
        yield from ((number, chain_hash) for number, chain_hash in rows)
        after = rows[-1][0]


def _keep(checkpoint: JournalCheckpoint) -> None:
    """Keep a seal unless another worker was there first: the same entries have the same seal, whoever makes it."""
    with transaction():
        session().scalars(for_change(select(JournalHead))).one_or_none()
        if (session().scalar(select(func.max(JournalCheckpoint.number))) or 0) < checkpoint.number:
            session().add(checkpoint)


def _publish(file: Path) -> None:
    """Append to the file whatever seal it lacks; one that a crash kept back is published by the next."""
    there = {number for number, _, _ in _outside(file)}
    rows = session().scalars(select(JournalCheckpoint).order_by(JournalCheckpoint.number))
    lines = [canonical(_line(row)) + "\n" for row in rows if row.number not in there]
    with file.open("a", encoding="utf-8") as out:
        out.writelines(lines)


def _line(checkpoint: JournalCheckpoint) -> dict[str, object]:
    return {
        "number": checkpoint.number,
        "chain": checkpoint.chain_hash,
        "tree": checkpoint.tree_hash,
        "sealed_at": checkpoint.sealed_at.isoformat(),
    }


Seals = set[tuple[int, str, str]]


def _inside() -> Seals:
    rows = session().execute(
        select(JournalCheckpoint.number, JournalCheckpoint.chain_hash, JournalCheckpoint.tree_hash)
    )
    return {(number, chain, tree) for number, chain, tree in rows}


def _outside(file: Path) -> Seals:
    if not file.is_file():
        return set()
    lines = [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]
    return {(int(line["number"]), str(line["chain"]), str(line["tree"])) for line in lines}


def _one_moment() -> None:
    """Read everything as of one moment, so that a journal that grows meanwhile is not taken for a changed one."""
    session().rollback()
    if db.engine.dialect.name == "postgresql":
        session().connection(execution_options={"isolation_level": "REPEATABLE READ"})


def verify(published: Path | None = None) -> Report:
    """Read the whole journal and name every place where a byte, an entry or the order was changed.

    With the file of published seals, one that is missing there or in the database is a change too.
    """
    _one_moment()
    faults: list[Fault] = []
    inside = _inside()
    outside = inside if published is None else _outside(published)
    faults += [Fault(number, "a seal of the database is not in the kept file") for number, _, _ in inside - outside]
    faults += [Fault(number, "a kept seal is not in the database") for number, _, _ in outside - inside]
    checkpoints = sorted(inside | outside)
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
    session().rollback()
    return Report(count, len(checkpoints), tuple(faults))


def latest_checkpoint() -> tuple[int, str, datetime] | None:
    """Return number, tree hash and time of the last seal."""
    query = select(JournalCheckpoint.number, JournalCheckpoint.tree_hash, JournalCheckpoint.sealed_at)
    row = session().execute(query.order_by(JournalCheckpoint.number.desc()).limit(1)).first()
    return None if row is None else (row[0], row[1], row[2])


def checkpoints(limit: int) -> list[JournalCheckpoint]:
    """Return the latest seals, the newest first."""
    return list(session().scalars(select(JournalCheckpoint).order_by(JournalCheckpoint.number.desc()).limit(limit)))
