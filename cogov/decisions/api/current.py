"""The door, and what stands in several parts of it."""

from __future__ import annotations

from cogov.ground.api import door

doors = door("decisions", "What is put to the vote, by whom, under which rule, and what came of it")

AREA = "In hundredths of a square metre."
FEN = "In fen, a hundredth of a yuan."
MARKS = (
    "What is marked: `position:value`, ascending by position, joined by one space. 1 chooses an option, ranks count "
    "from 1, scores from 0. An empty text is a blank ballot, where the form takes one."
)
