"""Programs of the cast: they hold a token and send JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cogov.ground.api import PREFIX
from cogov.ground.clock import now
from cogov.ground.scopes import Scope
from cogov.people.commands import make_token
from tests.cast import Cast

ALL = tuple(Scope)
Program = Callable[..., Any]


@pytest.fixture
def token_of(cast: Cast) -> Callable[..., str]:
    """Return a function that makes a token for a member of the cast."""

    def make(name: str, *scopes: Scope) -> str:
        by = getattr(cast, name)
        return make_token(by, name="程序", scopes=scopes or ALL, until=now() + timedelta(days=200)).token

    return make


@pytest.fixture
def program(app: Flask, token_of: Callable[..., str]) -> Program:
    """Return a function that sends a request as a program of somebody, and returns status and JSON."""
    tokens: dict[str, str] = {}

    def send(name: str | None, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        if name is not None:
            if name not in tokens:
                tokens[name] = token_of(name)
            headers.setdefault("Authorization", f"Bearer {tokens[name]}")
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        answer = app.test_client().open(PREFIX + path, method=method, json=body, headers=sent)
        assert answer.mimetype == "application/json", answer.text
        return answer.status_code, answer.get_json()

    return send
