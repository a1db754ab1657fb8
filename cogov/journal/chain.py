"""How entries are hashed: the chain from one to the next, and the Merkle tree over all (RFC 6962 hashing)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cogov.journal.event import canonical
from cogov.journal.models import JournalEntry

GENESIS = "0" * 64

Peaks = list[tuple[int, str]]
"""Roots of the perfect subtrees from left to right, as (leaves, hash)."""


@dataclass
class Linked:
    """What of an entry is hashed, before it has its hash."""

    number: int
    kind: str
    actor_id: int | None
    organization_id: int | None
    place_id: int | None
    problem_id: int | None
    subject_kind: str
    subject_id: int | None
    facts: str
    at: datetime


def link(previous: str, entry: Linked | JournalEntry) -> str:
    """Return the hash of an entry, chained to the one before it."""
    content = canonical(
        [
            previous,
            entry.number,
            entry.kind,
            entry.actor_id,
            entry.organization_id,
            entry.place_id,
            entry.problem_id,
            entry.subject_kind,
            entry.subject_id,
            entry.facts,
            entry.at.astimezone(UTC).isoformat(),
        ]
    )
    return hashlib.sha256(content.encode()).hexdigest()


def behind_number(entry: Linked) -> str:
    """Return what is hashed of an entry behind its number, for a database that numbers and links by itself."""
    facts = [
        entry.kind,
        entry.actor_id,
        entry.organization_id,
        entry.place_id,
        entry.problem_id,
        entry.subject_kind,
        entry.subject_id,
        entry.facts,
        entry.at.astimezone(UTC).isoformat(),
    ]
    return "," + canonical(facts).removeprefix("[")


def grow(peaks: Peaks, entry_hash: str) -> Peaks:
    """Append a leaf to the tree and return its new peaks."""
    peaks = [*peaks, (1, hashlib.sha256(b"\x00" + bytes.fromhex(entry_hash)).hexdigest())]
    while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
        (size, left), (_, right) = peaks[-2:]
        peaks[-2:] = [(2 * size, _node(left, right))]
    return peaks


def _node(left: str, right: str) -> str:
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def root(peaks: Peaks) -> str:
    """Return the tree head over the peaks (RFC 6962, section 2.1)."""
    if not peaks:
        return hashlib.sha256(b"").hexdigest()
    hashes = [peak for _, peak in peaks]
    head = hashes.pop()
    while hashes:
        head = _node(hashes.pop(), head)
    return head
