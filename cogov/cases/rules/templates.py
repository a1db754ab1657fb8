"""Shipped answers for each act, and for results of a matter: a beginning to be made one's own, never a finished text.

The data stand in templates.json. Which one was taken, and whether its words were changed, is kept with the step.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from cogov.cases.rules.states import StepKind
from cogov.duties.rules.duty import MatterKey

LONGEST_CODE = 16

_LETTERS = {
    StepKind.VERIFY: "V",
    StepKind.ACCEPT: "Q",
    StepKind.REFUSE: "X",
    StepKind.FILE: "L",
    StepKind.DISPATCH: "D",
    StepKind.ACKNOWLEDGE: "S",
    StepKind.RETURN: "R",
    StepKind.CALL: "W",
    StepKind.NO_CALL: "N",
    StepKind.ANSWER_CALL: "A",
    StepKind.HANDLE: "H",
    StepKind.PASS: "P",
    StepKind.REWORK: "K",
    StepKind.FEED_BACK: "F",
    StepKind.CLOSE: "Z",
}
"""How the templates of an act are numbered where they belong to no matter."""


@dataclass(frozen=True)
class Template:
    """One shipped answer: its number, what it is called, and its words; ``{day}`` stands for the day it is used."""

    code: str
    title: str
    text: str

    def on(self, day: str) -> str:
        """Return the words for a day."""
        return self.text.replace("{day}", day)

    def kept_in(self, words: str) -> bool:
        """Say whether words are the template's own, on whatever day."""
        parts = [re.escape(part) for part in self.text.split("{day}")]
        return re.fullmatch(r".{1,16}".join(parts), words.strip()) is not None


@cache
def _shipped() -> dict[str, Any]:
    text = resources.files("cogov.cases.rules").joinpath("templates.json").read_text(encoding="utf-8")
    shipped: dict[str, Any] = json.loads(text)
    return shipped


def _numbered(prefix: str, rows: list[list[str]]) -> list[Template]:
    return [Template(f"{prefix}-{number}", title, text) for number, (title, text) in enumerate(rows, 1)]


def templates_for(kind: StepKind, matter: MatterKey | None = None) -> tuple[Template, ...]:
    """Return the templates of an act, those of the matter first."""
    if kind not in _LETTERS:
        return ()
    own = _shipped()["by_matter"].get(str(matter), []) if matter and kind is StepKind.HANDLE else []
    return (
        *_numbered(matter.code if matter else "", own),
        *_numbered(_LETTERS[kind], _shipped().get(kind.value, [])),
    )


def template_called(code: str, kind: StepKind, matter: MatterKey | None = None) -> Template | None:
    """Return the template of this number among those an act offers."""
    return next((each for each in templates_for(kind, matter) if each.code == code), None)
