"""Every refusal and every page that is not there leads on: a way back, ways by its reason, help, the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from cogov.front.ways import _WAYS, ways_on
from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from tests.cast import Cast
from tests.journeys.walking import raise_something

Clients = Callable[[str | None], Any]


@pytest.mark.parametrize("code", [*_WAYS, "some_reason_nobody_listed"])
def test_every_reason_leads_on_by_pages_that_exist(app: Flask, code: str) -> None:
    with app.test_request_context("/"):
        app.preprocess_request()
        on = ways_on(Refusal(code, say("不行")))
    assert 1 <= len(on["ways"]) <= 3
    assert on["at"]
    client = app.test_client()
    for way in on["ways"]:
        assert client.get(way["url"]).status_code in (200, 303), way


def test_a_refusal_says_what_why_ways_code_and_time(cast: Cast, client_of: Clients) -> None:
    client = client_of("resident")
    answer = client.get("/announcements/new")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 403
    for words in (
        "您现在的身份办不了这件事",
        "您可以这样做",
        "看我的身份和授权",
        "理由代码 not_your_role",
        "/help#contact",
    ):
        assert words in text


def test_a_refusal_about_a_problem_leads_back_to_its_dossier(cast: Cast, client_of: Clients) -> None:
    number = raise_something(cast)
    client = client_of("neighbour")
    client.get("/me")
    text = client.post(f"/problems/{number}/second/withdrawal", {"once": "x"}).get_data(as_text=True)
    assert "回到卷宗" in text
    assert f'href="/problems/{number}"' in text


def test_a_way_back_never_leaves_the_site(app: Flask) -> None:
    for came in ("https://evil.example/", "http://localhost.evil/x", "http://localhost//evil.example", "javascript:x"):
        with app.test_request_context("/announcements/new", headers={"Referer": came}):
            app.preprocess_request()
            assert all(way["url"].startswith("/") and way["url"][1:2] != "/" for way in ways_on(_NO)["ways"])
    with app.test_request_context("/announcements/new", headers={"Referer": "http://localhost/tasks?x=1"}):
        app.preprocess_request()
        assert ways_on(_NO)["ways"][0]["url"] == "/tasks?x=1"


_NO = Refusal("not_your_role", say("不行"), status=403)


def test_what_is_not_there_leads_on(cast: Cast, client_of: Clients) -> None:
    text = client_of(None).get("/problems/2026-9999").get_data(as_text=True)
    for words in ("这里没有您要的内容", "回首页", "社区公告", "帮助"):
        assert words in text


@pytest.mark.parametrize(
    "url",
    [
        *("/rules", "/accessibility", "/privacy", "/terms", "/help"),
        *(f"/help/{who}" for who in ("resident", "elder", "owner", "tenant", "organization", "party", "grid")),
        *(f"/help/{who}" for who in ("committee", "official", "centre", "administrator")),
    ],
)
def test_help_and_promises_are_for_everybody_in_every_language(cast: Cast, client_of: Clients, url: str) -> None:
    client = client_of(None)
    assert client.get(url).status_code == 200
    client.get("/modes?lang=en")
    english = client.get(url).get_data(as_text=True)
    assert 'lang="en"' in english
    assert len(english) < 60_000
