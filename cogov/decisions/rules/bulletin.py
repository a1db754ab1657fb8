"""The bulletin of a vote: sealed ballots as leaves of a Merkle tree, pinned up in batches, and paths to each.

A sealed ballot hides what it holds: its key is made from the ballot's nonce, anew for each change, and the nonce itself
is never given out. So whoever holds the opened last ballot can open nothing that it replaced, and whoever reads the
public bulletin beside the journal can open nothing at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from hmac import new as keyed
from typing import Any

from cogov.decisions.rules.receipts import ALPHABET

CODE_LETTERS = 12
"""Sixty bits: whoever wants to pin up other ballots under the same code tries for centuries."""


def canonical(value: object) -> str:
    """Write plain values in the one form that is hashed: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(*parts: object) -> str:
    """Return the SHA-256 (hex) over the canonical form of a list."""
    return sha256(canonical(list(parts)).encode()).hexdigest()


def election_mark(
    decision_id: int, question: str, rule: str, form: str, options: Sequence[Mapping[str, Any]], fingerprint: str
) -> str:
    """Return what binds a sealed ballot to its election: question, rule, form and options, and the electorate.

    The fingerprint of the notice is over the electorate too; rule and options stand here once more, because whoever has
    no roll cannot work the fingerprint out.
    """
    plain = (json.loads(rule), json.loads(form) if form else {}, list(options))
    return digest("cogov election 1", decision_id, question, *plain, fingerprint)


def key_from(secret: str, turn: int) -> str:
    """Return the key made from a secret for one turn; no key tells anything of the secret or of another turn's key."""
    return keyed(secret.encode(), f"seal {turn}".encode(), sha256).hexdigest()


def sealed_ballot(election: str, head_key: str, marks: str, key: str) -> str:
    """Return the commitment to a ballot: election, whose it is, and what it says, under its key."""
    return digest("cogov ballot 1", election, head_key, marks, key)


def roll_mark(election: str, roll: Iterable[tuple[str, int]], key: str) -> str:
    """Return the commitment to the electorate: every head with its area in 0.01 m², under a key."""
    return digest("cogov roll 1", election, [list(head) for head in sorted(roll)], key)


# The tree (RFC 6962, section 2.1) -------------------------------------------------------------------------------------


def _leaf(leaf: str) -> bytes:
    return sha256(b"\x00" + bytes.fromhex(leaf)).digest()


def _over(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def _root(leaves: Sequence[str]) -> bytes:
    if len(leaves) == 1:
        return _leaf(leaves[0])
    middle = _split(len(leaves))
    return _over(_root(leaves[:middle]), _root(leaves[middle:]))


def root(leaves: Sequence[str]) -> str:
    """Return the tree head over leaves."""
    return _root(leaves).hex() if leaves else sha256(b"").hexdigest()


def path(leaves: Sequence[str], index: int) -> tuple[str, ...]:
    """Return the audit path of a leaf, from the leaf upwards."""
    if len(leaves) == 1:
        return ()
    middle = _split(len(leaves))
    if index < middle:
        return (*path(leaves[:middle], index), _root(leaves[middle:]).hex())
    return (*path(leaves[middle:], index - middle), _root(leaves[:middle]).hex())


def head_by(leaf: str, index: int, size: int, way: Sequence[str]) -> str:
    """Return the tree head that a leaf and its path lead to (RFC 9162, 2.1.3.2); empty when they lead nowhere."""
    if not 0 <= index < size:
        return ""
    at, last, known = index, size - 1, _leaf(leaf)
    for step in way:
        if not last:
            return ""
        if at % 2 or at == last:
            known = _over(bytes.fromhex(step), known)
            while at and not at % 2:
                at, last = at >> 1, last >> 1
        else:
            known = _over(known, bytes.fromhex(step))
        at, last = at >> 1, last >> 1
    return "" if last else known.hex()


def short_code(head: str) -> str:
    """Return a tree head as it is printed for the notice board: "7KQ4-M2XD-9PRS"."""
    number = int(head, 16)
    letters = []
    for _ in range(CODE_LETTERS):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    code = "".join(letters)
    return "-".join(code[at : at + 4] for at in range(0, CODE_LETTERS, 4))
