"""What changed between two versions of a text, so that a reader sees it at a glance; pure, and bounded in its work."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

COARSE = 200
"""As many clauses as are compared with as many; of longer texts whatever lies between their common ends is replaced."""

FINE = 400
"""As many signs as are compared one by one; where more changed, whole clauses are shown as gone and new."""

LEAST_ALIKE = 0.3
"""Below this a clause was written anew: shown sign by sign it could not be read."""

_CLAUSES = re.compile(r"[^。！？；，、：!?;,\n]*(?:[。！？；，、：!?;,]+|\n+|$)|\n+")


class PieceKind(StrEnum):
    """Whether a piece of text stayed, is new, or is gone."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A run of signs that has one fate."""

    kind: PieceKind
    text: str


def differences(old: str, new: str) -> tuple[Piece, ...]:
    """Return what stayed, what is gone and what is new, in reading order; what is gone stands before what is new.

    The pieces that stayed or are new are the new text, those that stayed or are gone the old one.
    """
    return tuple(_joined(_by_clause(old, new)))


def _by_clause(old: str, new: str) -> Iterator[Piece]:
    before, after = _clauses(old), _clauses(new)
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    yield Piece(PieceKind.SAME, "".join(after[:start]))
    yield from _between(before[start : len(before) - end], after[start : len(after) - end])
    yield Piece(PieceKind.SAME, "".join(after[len(after) - end :]))


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many clauses two texts begin with alike."""
    return next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )


def _between(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    if len(before) > COARSE or len(after) > COARSE:
        yield from _replaced("".join(before), "".join(after))
        return
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if kind == "equal":
            yield Piece(PieceKind.SAME, come)
        else:
            yield from _by_sign(gone, come)


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSES.findall(text) if clause]


def _by_sign(old: str, new: str) -> Iterator[Piece]:
    signs = SequenceMatcher(None, old, new, autojunk=False)
    if not old or not new or len(old) > FINE or len(new) > FINE or signs.ratio() < LEAST_ALIKE:
        yield from _replaced(old, new)
        return
    for kind, a, b, c, d in signs.get_opcodes():
        if kind == "equal":
            yield Piece(PieceKind.SAME, new[c:d])
        else:
            yield from _replaced(old[a:b], new[c:d])


def _replaced(old: str, new: str) -> Iterator[Piece]:
    if old:
        yield Piece(PieceKind.REMOVED, old)
    if new:
        yield Piece(PieceKind.ADDED, new)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Put pieces of one kind together; between two that stayed, what is gone stands before what is new."""
    gone, come, held = "", "", ""
    for piece in pieces:
        if piece.kind is PieceKind.SAME:
            yield from _replaced(gone, come)
            gone, come, held = "", "", held + piece.text
            continue
        if held:
            yield Piece(PieceKind.SAME, held)
            held = ""
        gone, come = (gone + piece.text, come) if piece.kind is PieceKind.REMOVED else (gone, come + piece.text)
    if held:
        yield Piece(PieceKind.SAME, held)
    yield from _replaced(gone, come)


def changed(pieces: Sequence[Piece]) -> bool:
    """Say whether anything changed."""
    return any(piece.kind is not PieceKind.SAME for piece in pieces)
