"""What is typed disturbs nobody else's words: no turned lines, no towers of marks, no quotes a mile deep."""

from __future__ import annotations

import pytest

from cogov.ground.prose import prose
from cogov.ground.wording import MOST_MARKS, is_wild, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202e翻转的字", "翻转的字"),
        ("\u2066a\u2069 和 \u202ab\u202c", "a 和 b"),
        ("שלום עולם", "שלום עולם"),
        ("مرحبا", "مرحبا"),
        ("e\u0301te\u0301", "e\u0301te\u0301"),
        ("plain", "plain"),
        ("\u202e", ""),
    ],
)
def test_signs_that_turn_the_words_of_others_are_left_out(typed, kept):
    assert tidy(typed) == kept


def test_of_marks_piled_up_on_one_sign_the_first_few_stay():
    tower = "h" + "\u0335\u0322\u0317" * 40 + "i"
    assert tidy(tower) == "h" + ("\u0335\u0322\u0317" * 40)[:MOST_MARKS] + "i"
    assert is_wild(tower)
    assert not is_wild("vie\u0302\u0323t")


def test_quotes_within_quotes_are_three_deep_at_most():
    deep = prose(">" * 1000 + " 到底了")
    assert deep.count("<blockquote>") == 3
    assert "到底了" in deep
    assert prose("> > 两层").count("<blockquote>") == 2
