"""What changed between two texts: nothing is lost, nothing invented, and it can be read."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cogov.ground.differences import FINE, Piece, PieceKind, changed, differences

SAME, ADDED, REMOVED = PieceKind.SAME, PieceKind.ADDED, PieceKind.REMOVED

TEXTS = (
    "",
    "每层装一盏小夜灯，用公区电，常亮。",
    "每层装一盏感应灯，用公区电，人来才亮。",
    "每层装一盏小夜灯。\n\n费用由公共收益出。",
    "用公区电，常亮。每层装一盏小夜灯，",
    "灯" * (FINE + 1),
    "A lamp on each floor; always on.",
)


@pytest.mark.parametrize("new", TEXTS)
@pytest.mark.parametrize("old", TEXTS)
def test_both_texts_can_be_read_from_the_pieces(old: str, new: str):
    pieces = differences(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind is not REMOVED) == new
    assert "".join(piece.text for piece in pieces if piece.kind is not ADDED) == old
    assert changed(pieces) is (old != new)
    assert all(piece.text for piece in pieces)
    assert all(one.kind is not other.kind for one, other in pairwise(pieces))


def test_a_word_that_changed_is_shown_and_nothing_else():
    assert differences("每层装一盏小夜灯，常亮。", "每层装两盏小夜灯，常亮。") == (
        Piece(SAME, "每层装"),
        Piece(REMOVED, "一"),
        Piece(ADDED, "两"),
        Piece(SAME, "盏小夜灯，常亮。"),
    )


def test_a_clause_that_was_written_anew_is_shown_whole():
    assert differences("先修路，后装灯。", "先修路，请大家投票。") == (
        Piece(SAME, "先修路，"),
        Piece(REMOVED, "后装灯。"),
        Piece(ADDED, "请大家投票。"),
    )
