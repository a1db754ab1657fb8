"""The problems of the demo: one file a problem, its steps in the order in which they happened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

Step = dict[str, Any]


@dataclass(frozen=True)
class Story:
    """What happens to one problem; ``community`` is a key of places.json."""

    key: str
    community: str
    steps: tuple[Step, ...]


@cache
def stories() -> tuple[Story, ...]:
    """Return every story in the order of its file's name."""
    files = resources.files("cogov.demo.stories").iterdir()
    texts = {file.name.removesuffix(".json"): file for file in files if file.name.endswith(".json")}
    return tuple(_story(name, json.loads(texts[name].read_text(encoding="utf-8"))) for name in sorted(texts))


def _story(name: str, told: dict[str, Any]) -> Story:
    return Story(name, told["community"], tuple(told["steps"]))
