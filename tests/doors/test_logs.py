"""The log: one line per request and per fault in one shape, and in none of them anything of a person."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import warnings
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from cogov.decisions.models import Ballot
from cogov.ground import logs
from cogov.ground.api import PREFIX
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.logs import HEADER
from cogov.ground.scopes import Scope
from cogov.people.commands import make_token
from cogov.problems.rules.lanes import RuleCode
from tests.cast import HERE, Cast
from tests.clients import Clients
from tests.databases import new_app
from tests.decisions.conftest import START, Vote, deliberated, option
from tests.logbook import Heard, heard
from tests.people.doors import PASSWORD, STRANGER, fill, sent_to, sign_up_fields, visitor

__all__ = ["heard"]  # a fixture

REQUEST = {"event", "logger", "level", "at", "request", "method", "route", "status", "ms", "queries"}


def _signed_up() -> list[str]:
    """Sign up with a code, and return what must not be found: the contact, the name, the code, the cookie."""
    device = visitor()
    fill(device, "/sign-up", **sign_up_fields())
    code = str(sent_to(STRANGER)["code"])
    assert fill(device, "/sign-up/code", code=code).status_code == 303
    assert device.get("/problems", query_string={"q": f"充电 {STRANGER}"}).status_code == 200
    fill(visitor(), "/sign-in", contact=STRANGER, password="falsch-und-lang")
    with device.http.session_transaction() as cookie:
        return [STRANGER, "桂花树下", code, PASSWORD, "falsch-und-lang", str(cookie["_user_id"])]


def _voted(app: Flask, cast: Cast) -> list[str]:
    """Vote on a page and return what must not be found: the receipt and the words of the choice."""
    with time_machine.travel(START, tick=False) as clock:
        vote = Vote(cast, clock, deliberated(cast, RuleCode.R1))
        decision = vote.opened()
        owner = Clients(app, cast).of("owner")
        head = re.search(r'name="head"[^>]*value="(\d+)"', owner.get(f"/decisions/{decision.id}").text)
        told = {"choice": option(decision, 2), "head": head.group(1) if head else "", "once": "b1"}
        assert owner.post(f"/decisions/{decision.id}/ballot", told).status_code == 303
        return [session().query(Ballot).one().receipt, "不同意", "disagree", '"choice"', vote.number]


def _asked_by_program(app: Flask, cast: Cast) -> list[str]:
    """Ask by a program and return what must not be found: its token and what it wrote."""
    made = make_token(cast.resident, name="程序", scopes=tuple(Scope), until=now() + timedelta(days=9))
    headers = {"Authorization": f"Bearer {made.token}"}
    words = {"place": HERE, "text": "三楼王阿姨家漏水。", "grid": cast.grid_ids[0]}
    answer = app.test_client().post(f"{PREFIX}/problems", json=words, headers=headers)
    assert answer.status_code == 201
    return [made.token, "王阿姨", answer.get_json()["number"]]


def test_a_journey_leaves_a_line_for_each_request_and_nothing_of_anybody(app: Flask, cast: Cast, heard: Heard) -> None:
    secret = [*_signed_up(), *_voted(app, cast), *_asked_by_program(app, cast)]
    assert [each for each in secret if each in heard.text] == []
    requests = heard.of("request")
    assert {frozenset(line) for line in requests} == {frozenset(REQUEST)}
    ballot = next(line for line in requests if line["route"] == "/decisions/<id:decision_id>/ballot")
    assert (ballot["method"], ballot["status"]) == ("POST", 303)
    assert ballot["queries"] > 0
    assert "127.0.0.1" not in heard.text


def _fails(_number: str) -> str:
    session().execute(
        text("INSERT INTO journal_head (id, number, hash) VALUES (:id, 0, :words)"), {"id": 1, "words": "王某"}
    )
    raise AssertionError("unreachable")


def test_a_fault_is_shown_by_a_number_and_found_in_the_log_without_its_words(
    app: Flask, cast: Cast, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(**_values: object) -> str:
        raise ValueError("13800001111 王某")

    for failing, kind in ((wrong, "ValueError"), (lambda **_values: _fails("x"), "IntegrityError")):
        monkeypatch.setitem(app.view_functions, "front.dossier", failing)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        answer = app.test_client().get("/problems/2026-0001?q=王某")
        assert answer.status_code == 500
        line = heard.of("request_failed")[-1]
        assert f"编号 {line['reference']}" in answer.text
        assert line["request"] == answer.headers[HEADER]
        assert kind in {each["type"] for each in line["exception"]}
        assert any("cogov/" in where or "test_logs" in where for where in line["exception"][0]["where"])
    assert not [each for each in ("王某", "13800001111", "2026-0001") if each in heard.text]


def test_a_number_of_a_request_is_taken_from_our_own_proxy_and_from_nobody_else(app: Flask, tmp_path: Path) -> None:
    given = "a1b2c3d4e5f60718"
    assert app.test_client().get("/healthz", headers={HEADER: given}).headers[HEADER] != given
    proxied = new_app(tmp_path, PROXIES=1).test_client()
    assert proxied.get("/healthz", headers={HEADER: given}).headers[HEADER] == given
    assert proxied.get("/healthz", headers={HEADER: "short"}).headers[HEADER] != "short"
    assert proxied.get("/healthz", headers={HEADER: 'a"},{"event":"forged'}).headers[HEADER].isalnum()


@pytest.mark.parametrize("addresses", [False, True])
def test_the_line_of_a_request_is_alike_whether_somebody_else_listens_or_not(
    heard: Heard, tmp_path: Path, addresses: bool
) -> None:
    app = new_app(tmp_path, LOG_ADDRESSES=addresses)
    root = logging.getLogger()
    root.handlers[:] = [handler for handler in root.handlers if handler in logs._ours]
    app.test_client().get("/healthz")
    root.addHandler(logging.NullHandler())
    app.test_client().get("/healthz")
    alone, beside = heard.lines
    assert list(alone) == list(beside)
    differ = {name for name, said in alone.items() if said != beside[name]}
    assert differ <= {"request", "at", "ms"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", alone["at"])
    root.handlers.pop()
    root.setLevel(logging.WARNING)
    app.test_client().get("/healthz")
    assert len(heard.lines) == 2


def test_libraries_the_server_and_warnings_speak_in_the_same_shape(heard: Heard) -> None:
    server = logging.getLogger("gunicorn.error")
    server.addFilter(logs._unnamed)
    try:
        server.error("Error handling request %s", "/problems?q=王某")
        server.warning("Invalid request from ip=203.0.113.7: bad line 王某")
    finally:
        server.removeFilter(logs._unnamed)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("an old way", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(False)
    assert [line["event"] for line in heard.lines[:2]] == ["Error handling request", "Invalid request"]
    assert heard.lines[2]["logger"] == "py.warnings"
    assert "an old way" in heard.lines[2]["event"]
    assert {"event", "logger", "level", "at"} == set(heard.lines[0])


def test_addresses_are_logged_only_where_that_is_set(heard: Heard, tmp_path: Path) -> None:
    new_app(tmp_path, LOG_ADDRESSES=True).test_client().get("/healthz")
    assert heard.of("request")[0]["address"] == "127.0.0.1"


def test_the_worker_speaks_json_in_production(tmp_path: Path) -> None:
    environment = {
        "COGOV_DATA_DIR": str(tmp_path),
        "COGOV_PRODUCTION": "true",
        "COGOV_SECRET_KEY": "k" * 32,
        "COGOV_SECURE_COOKIES": "true",
        "COGOV_PUBLIC_URL": "https://gongzhi.example",
        "PATH": "/usr/bin:/bin",
    }
    said = subprocess.run(
        [sys.executable, "-c", LOGGING], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    [line] = [json.loads(each) for each in said.stderr.splitlines()]
    assert (line["event"], line["level"], line["n"]) == ("tried", "info", 1)


LOGGING = """
import structlog
from cogov.ground import logs, settings
logs.configure(settings.read())
structlog.get_logger().info("tried", n=1)
"""
