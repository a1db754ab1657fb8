"""The words by which danger, duty, shared property, dispute and the rest are known; the data stand in lexicon.json."""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Emergency:
    """A kind of danger: its cues, the numbers to call, and the words that say it is over."""

    name: str
    numbers: tuple[str, ...]
    cues: tuple[str, ...]
    over: re.Pattern[str]


@dataclass(frozen=True)
class Lexicon:
    """All cues by meaning, and the patterns that turn a danger into talk of one."""

    emergencies: tuple[Emergency, ...]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    meanings: tuple[tuple[str, tuple[str, ...]], ...]

    def pattern(self, name: str) -> re.Pattern[str]:
        """Return one of the patterns, e.g. `denied`."""
        return dict(self.patterns)[name]

    def cues(self, meaning: str) -> tuple[str, ...]:
        """Return the cues of one meaning, e.g. `ownership`."""
        return dict(self.meanings)[meaning]


@cache
def shipped() -> Lexicon:
    """Return the lexicon that comes with cogov."""
    raw = json.loads(resources.files("cogov.problems.rules").joinpath("lexicon.json").read_text(encoding="utf-8"))
    return Lexicon(
        emergencies=tuple(_emergency(each) for each in raw.pop("emergencies")),
        patterns=tuple((name, re.compile(text)) for name, text in raw.items() if isinstance(text, str)),
        meanings=tuple((name, tuple(cues)) for name, cues in raw.items() if isinstance(cues, list)),
    )


def _emergency(raw: dict[str, Any]) -> Emergency:
    return Emergency(raw["name"], tuple(raw["numbers"]), tuple(raw["cues"]), re.compile(raw["over"]))
