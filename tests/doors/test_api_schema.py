"""The document of the API keeps its word: what is sent by it is answered by it, and nothing breaks the server."""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from cogov.ground.api import PREFIX
from cogov.ground.db import db
from cogov.problems.commands import second_problem
from tests.cast import Cast
from tests.journeys.walking import raise_something

pytestmark = pytest.mark.timeout(600)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
TRIES = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
    # A fault is told as it was found: making it smaller takes longer than all that passes.
    phases=[Phase.generate],
)


def _tried(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> str:
    """Send what the document allows, or what it does not; return the first fault."""

    @TRIES
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        db.session.rollback()
        case.call_and_validate(headers=headers, checks=CHECKS)

    try:
        send()
    except Unsatisfiable:
        return ""  # an operation that takes nothing cannot be given anything wrong
    except (Exception, BaseExceptionGroup) as fault:
        return f"{operation.label}: {fault}"
    return ""


def _headers(token: str) -> dict[str, str]:
    # The client of these tests does not unpack what it gets.
    return {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}


@pytest.fixture
def operations(app: Flask, cast: Cast) -> list[Any]:
    """Return the operations of the document as it is served, with something there to work on."""
    second_problem(cast.neighbour, raise_something(cast, text="二楼从窗户拉电线下来给电动车充电。"))
    schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", app)
    return [typing.cast("Any", found).ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_every_operation_answers_as_described(
    mode: GenerationMode, operations: list[Any], token_of: Callable[..., str]
) -> None:
    headers = _headers(token_of("moderator"))
    assert len(operations) > 50
    assert [fault for each in operations if (fault := _tried(each, mode, headers))] == []


def test_an_answer_that_is_not_described_would_be_found(
    app: Flask, operations: list[Any], token_of: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = _headers(token_of("moderator"))
    listed = next(each for each in operations if each.label == f"GET {PREFIX}/me")
    assert _tried(listed, GenerationMode.POSITIVE, headers) == ""
    monkeypatch.setitem(app.view_functions, "api_people.show_me", lambda: {"pseudonym": 7})
    assert "7 is not of type" in _tried(listed, GenerationMode.POSITIVE, headers)
