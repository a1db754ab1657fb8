"""The client for Python: it says what the document says, sends again without a second effect, and walks the loop."""

from __future__ import annotations

import ast
import json
import runpy
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from cogov.client import Client, Refusal, Unreachable
from cogov.ground.db import db, session
from cogov.journal.sealing import verify
from cogov.problems.models import Problem
from tests.cast import HERE, Cast
from tools.client import CLIENT, document, written

ROOT = Path(__file__).parents[2]
TEXT = "3 号楼 2 单元门禁坏了一个礼拜，谁都能进。"
PARTS = ("resident", "neighbour", "moderator", "grid_worker", "inspector", "closer", "dispatcher", "official")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Return where the application is served, in this process."""
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(address: str, token_of: Callable[..., str]) -> Client:
    return Client(address, token_of("resident"), pause=lambda _: None)


def test_the_client_is_what_the_document_says() -> None:
    """``python tools/client.py`` writes it anew."""
    for path, text in written(document()).items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is not what tools/client.py writes"


def test_the_client_needs_nothing_but_the_standard_library() -> None:
    for path in CLIENT.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.startswith("cogov.client.") or name.partition(".")[0] in sys.stdlib_module_names, name


def _raised() -> int:
    db.session.rollback()
    return session().scalar(select(func.count()).select_from(Problem).where(Problem.text == TEXT)) or 0


class Wire:
    """A wire that loses answers, or says that it is busy, before it works."""

    def __init__(self, *faults: Exception) -> None:
        self.faults, self.keys = list(faults), list[str]()
        self.real = urllib.request.urlopen

    def __call__(self, request: urllib.request.Request, **options: Any) -> Any:
        self.keys.append(str(request.get_header("Idempotency-key")))
        if not self.faults:
            return self.real(request, **options)
        self.real(request, **options).close()
        raise self.faults.pop(0)


def test_a_request_whose_answer_was_lost_happens_once(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(ConnectionResetError(), TimeoutError())
    monkeypatch.setattr(urllib.request, "urlopen", wire)
    raised = client.raise_problem(place=HERE, grid=cast.grid_ids[0], text=TEXT)
    assert raised["title"]
    assert len(wire.keys) == 3
    assert len(set(wire.keys)) == 1
    assert _raised() == 1


def test_two_requests_are_two_though_they_say_the_same(cast: Cast, client: Client) -> None:
    for _ in range(2):
        client.raise_problem(place=HERE, grid=cast.grid_ids[0], text=TEXT)
    assert _raised() == 2


def test_what_never_answers_is_given_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "urlopen", Wire(*[ConnectionResetError()] * 9))
    with pytest.raises(Unreachable):
        client.show_me()


def test_who_is_told_to_wait_waits_as_long_as_they_are_told(
    app: Flask, address: str, token_of: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    busy = iter([("busy", 503, {"Retry-After": "7"}), ("busy", 429, {"Retry-After": "3600"})])
    shown = app.view_functions["api_people.show_me"]
    monkeypatch.setitem(app.view_functions, "api_people.show_me", lambda: next(busy, None) or shown())
    client = Client(address, token_of("resident"), pause=waited.append)
    assert client.show_me()["scopes"]
    assert waited == [7.0, 60.0]


def test_a_refusal_says_what_the_rules_say(cast: Cast, address: str, token_of: Callable[..., str]) -> None:
    outside = Client(address, token_of("outsider"), language="en")
    with pytest.raises(Refusal) as refused:
        outside.raise_problem(place=HERE, grid=cast.grid_ids[0], text=TEXT)
    told = refused.value
    assert (told.status, told.code) == (403, "not_of_this_community")
    assert told.message.startswith("Only residents")
    assert told.what_next
    with pytest.raises(Refusal) as malformed:
        outside.raise_problem(place=HERE, grid=0, text=TEXT)
    assert list(malformed.value.fields) == ["grid"]


def test_a_list_is_read_to_its_end_and_followed(cast: Cast, client: Client) -> None:
    numbers = [client.raise_problem(place=HERE, grid=cast.grid_ids[0], text=TEXT)["number"] for _ in range(3)]
    assert [each["number"] for each in client.iter_problems(place=HERE, limit=2)] == numbers[::-1]
    seen = list(client.iter_entries(problem=numbers[0], limit=1))
    last = str(seen[-1]["number"])
    assert list(client.iter_entries(problem=numbers[0], after=last)) == []
    client.follow_problem(numbers[0], level="needs")
    assert client.show_following(numbers[0])["level"] == "needs"


def test_a_token_stands_in_no_text_of_the_client(client: Client) -> None:
    assert "cogov_" not in repr(client)


def test_the_example_walks_the_loop(
    address: str,
    cast: Cast,
    token_of: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    people = {
        "address": address,
        "place": HERE,
        "body": "消防",
        "tokens": {name: token_of(name) for name in PARTS},
    }
    file = tmp_path / "people.json"
    file.write_text(json.dumps(people), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["walk_the_loop.py", str(file)])
    runpy.run_path(str(ROOT / "docs" / "examples" / "walk_the_loop.py"), run_name="__main__")
    told = capsys.readouterr().out
    assert "not yet: stamps_missing" in told or "not yet: not_now" in told
    assert told.count("ended fixed") == 2
    assert "problem signed, command signed, duty signed, joint signed, feedback signed" in told
    db.session.rollback()
    assert verify().faults == ()
