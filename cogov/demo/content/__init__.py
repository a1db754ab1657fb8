"""What the demo consists of, in files that can be read and changed."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def content(name: str) -> Any:
    """Return a file of this folder: places, cast, duties."""
    return json.loads(resources.files("cogov.demo.content").joinpath(f"{name}.json").read_text(encoding="utf-8"))
