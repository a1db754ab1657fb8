"""When the database is away, every page says so in a sentence and asks nothing of it; what was typed is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from cogov.ground.db import db
from tests.cast import Cast


@pytest.fixture
def away(app: Any) -> Any:
    """Let every statement fail as it does when the server is gone."""

    def fail(*_arguments: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    def start() -> None:
        event.listen(db.engine, "before_cursor_execute", fail)

    yield start
    event.remove(db.engine, "before_cursor_execute", fail)


@pytest.mark.parametrize("url", ["/", "/help", "/problems", "/sign-in", "/me"])
def test_reading_answers_503_in_a_sentence(
    cast: Cast, client_of: Callable[[str], Any], away: Callable[[], None], url: str
) -> None:
    client = client_of("resident")
    away()
    answer = client.get(url)
    assert answer.status_code == 503
    assert "数据库现在很忙，这一页暂时打不开。" in answer.get_data(as_text=True)
    assert "您写的" not in answer.get_data(as_text=True)  # who only reads has written nothing
    assert int(answer.headers["Retry-After"]) > 0


def test_what_was_typed_is_kept(cast: Cast, client_of: Callable[[str], Any], away: Callable[[], None]) -> None:
    client = client_of("resident")
    client.get("/problems/new")
    away()
    answer = client.post("/problems/new", {"text": "垃圾桶满了三天没人收"})
    assert answer.status_code == 503
    assert "垃圾桶满了三天没人收" in answer.get_data(as_text=True)
    assert "您写的内容不会丢" in answer.get_data(as_text=True)
