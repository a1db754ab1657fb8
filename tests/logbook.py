"""What is logged while a test runs."""

from __future__ import annotations

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from cogov.ground import logs

JSON = {"LOG_FORMAT": "json", "LOG_LEVEL": "INFO", "PRODUCTION": False}


class Heard:
    """What was logged, as it stands in the file and line by line."""

    def __init__(self, file: io.StringIO) -> None:
        self.file = file

    @property
    def text(self) -> str:
        return self.file.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == event]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """Log as production does, into memory; afterwards all is as it was."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level, shown = root.handlers[:], root.level, warnings.showwarning
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    logs.configure(JSON)
    yield Heard(file)
    logging.captureWarnings(False)
    warnings.showwarning = shown
    root.handlers[:], root.level = handlers, level
    structlog.configure(**before)
