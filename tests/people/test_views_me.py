"""My own page: what is changed there, or taken away elsewhere, has effect on the next request."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from flask import Flask, g

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.people.commands import end_role, open_sign_in
from cogov.people.models import SignIn
from cogov.people.queries import sign_ins_of
from cogov.people.rules import CLOCK, Role
from tests.cast import Cast
from tests.clients import Client
from tests.people.doors import PASSWORD, RESIDENT, fill, give_password, is_in, sign_in, visitor

Clients = Callable[[str], Client]


def test_a_revoked_sign_in_is_out_on_the_next_request(app: Flask, cast: Cast, client_of: Clients) -> None:
    here, there = client_of("resident"), client_of("resident")
    mine, other = sorted(row.id for row in sign_ins_of(cast.resident))
    page = here.get("/me/devices").text
    assert f"/me/sessions/{other}/revocation" in page
    assert f"/me/sessions/{mine}/revocation" not in page
    assert is_in(there)
    assert here.post(f"/me/sessions/{other}/revocation").status_code == 303
    assert not is_in(there)
    assert is_in(here)


def test_all_other_devices_are_signed_out_at_once(app: Flask, cast: Cast, client_of: Clients) -> None:
    here, *others = [client_of("resident") for _ in range(4)]
    neighbour = client_of("neighbour")
    here.get("/me/devices")
    here.post("/me/sessions/revocation")
    assert [is_in(other) for other in others] == [False] * 3
    assert is_in(here)
    assert is_in(neighbour)


def test_the_sign_in_of_another_answers_as_if_it_did_not_exist(app: Flask, cast: Cast, client_of: Clients) -> None:
    theirs = open_sign_in(cast.owner)
    client = client_of("resident")
    client.get("/me/devices")
    foreign = client.post(f"/me/sessions/{theirs.id}/revocation")
    missing = client.post("/me/sessions/999999/revocation")
    # At the foot of a page stand its address and when it was made, and tokens carry the second.
    said = [
        re.findall(r"(?s)<main.*</main>", re.sub(r'value="[^"]{40,}"', "", each.text)) for each in (foreign, missing)
    ]
    assert said[0] == said[1] != []
    assert foreign.status_code == 404
    assert client.post(f"/me/sessions/{2**63}/revocation").status_code == 404
    assert sign_ins_of(cast.owner)


def test_a_signed_out_cookie_stays_out(app: Flask, cast: Cast, client_of: Clients) -> None:
    client, copy = client_of("resident"), visitor()
    kept = client.http.get_cookie("session")
    assert kept is not None
    copy.http.set_cookie("session", kept.value)
    assert is_in(copy)
    client.get("/me")
    client.post("/sign-out")
    assert not is_in(copy)


def test_a_lost_role_is_lost_on_the_next_request(app: Flask, cast: Cast, client_of: Clients) -> None:
    client = client_of("volunteer")
    mandate = next(held for held in cast.volunteer.standings if held.role is Role.SOCIAL_MEMBER)
    client.get("/me")
    client.post("/me/acting", {"standing": mandate.id})
    client.get("/me")
    assert g.actor.acting == mandate
    assert "正在代表" in client.get("/me").text
    end_role(CLOCK, mandate.id)
    assert "绿苗环保社" not in client.get("/me").text
    assert g.actor.acting is None
    refused = client.post("/me/acting", {"standing": mandate.id})
    assert refused.status_code == 403
    assert "您没有这项授权。" in refused.text


def test_one_acts_for_oneself_again(app: Flask, cast: Cast, client_of: Clients) -> None:
    client = client_of("volunteer")
    mandate = next(held for held in cast.volunteer.standings if held.role is Role.SOCIAL_MEMBER)
    client.get("/me")
    here = {"Referer": "http://localhost/me?tab=2"}
    away = {"Referer": "http://localhost.evil.example/me"}
    assert client.post("/me/acting", {"standing": mandate.id}, headers=here).location == "/me?tab=2"
    assert client.post("/me/acting", {"standing": ""}, headers=away).location == "/me"
    client.get("/me")
    assert g.actor.acting is None
    assert client.post("/me/acting", {"standing": "nobody"}).status_code == 403


def test_a_changed_password_signs_the_others_out_and_not_this_one(app: Flask, cast: Cast) -> None:
    give_password(cast)
    here, there = visitor(), visitor()
    sign_in(here)
    sign_in(there)
    here.get("/me/devices")
    assert here.post("/me/password", {"old": "wrong-wrong", "new": "a-new-sentence-7"}).status_code == 422
    assert here.post("/me/password", {"old": PASSWORD, "new": "12345678"}).status_code == 422
    assert is_in(there)
    assert here.post("/me/password", {"old": PASSWORD, "new": "a-new-sentence-7"}).status_code == 303
    assert is_in(here)
    assert not is_in(there)
    assert sign_in(there).status_code == 422
    assert sign_in(there, password="a-new-sentence-7").status_code == 303


def test_a_borrowed_device_is_no_place_to_guess_the_password_at(app: Flask, cast: Cast) -> None:
    give_password(cast)
    client = visitor()
    sign_in(client)
    client.get("/me/devices")
    answers = [client.post("/me/password", {"old": f"wrong-{n}", "new": "a-new-sentence-7"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert client.post("/me/password", {"old": PASSWORD, "new": "a-new-sentence-7"}).status_code == 429
    assert sign_in(visitor()).status_code == 303


def test_who_asks_costs_one_query_and_a_style_sheet_none(
    app: Flask, cast: Cast, client_of: Clients, counted: Any
) -> None:
    client = client_of("official")
    with counted() as seen:
        client.get("/static/css/cogov.css").close()
    assert seen == 0
    with counted() as seen:
        client.get("/modes?theme=dark")
    assert len([statement for statement in seen.statements if statement.startswith("SELECT")]) == 1
    with counted() as seen:
        visitor().get("/modes?theme=dark")
    assert seen == 0


def test_when_a_device_was_seen_is_kept_to_ten_minutes(
    app: Flask, cast: Cast, client_of: Clients, counted: Any
) -> None:
    client = client_of("resident")
    begun = sign_ins_of(cast.resident)[0].seen_at
    with time_machine.travel(begun + timedelta(minutes=9), tick=False):
        with counted() as seen:
            client.get("/me/devices")
        assert not [statement for statement in seen.statements if statement.startswith("UPDATE")]
    with time_machine.travel(begun + timedelta(minutes=11), tick=False):
        client.get("/me/devices")
        session().rollback()
        assert sign_ins_of(cast.resident)[0].seen_at == now()
        with counted() as seen:
            client.get("/me/devices")
        assert not [statement for statement in seen.statements if statement.startswith("UPDATE")]


def test_a_sign_in_ends_when_the_device_was_not_used_for_long(app: Flask, cast: Cast, client_of: Clients) -> None:
    client = client_of("resident")
    with time_machine.travel(now() + timedelta(days=29)):
        assert is_in(client)
    with time_machine.travel(now() + timedelta(days=58)):
        assert is_in(client)
    with time_machine.travel(now() + timedelta(days=89)):
        assert not is_in(client)


def test_a_device_is_listed_by_what_it_is(app: Flask, cast: Cast) -> None:
    give_password(cast)
    client = visitor()
    client.get("/sign-in")
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605 Mobile/15E148 MicroMessenger/8.0"
    fields = {"contact": RESIDENT, "password": PASSWORD}
    client.post("/sign-in", fields, headers={"User-Agent": agent})
    assert "iPhone 手机 · 微信" in client.get("/me/devices").text
    assert session().query(SignIn).one().agent == agent


def test_how_pages_look_is_kept_in_cookies_of_this_device(app: Flask) -> None:
    client = visitor()
    assert "随系统" in client.get("/modes").text
    answer = client.get("/modes?theme=dark&type=large&contrast=more", headers={"Referer": "http://localhost/sign-in"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert {name: getattr(client.http.get_cookie(name), "value", None) for name in ("theme", "type", "contrast")} == {
        "theme": "dark",
        "type": "large",
        "contrast": "more",
    }
    assert 'data-theme="dark"' in client.get("/sign-in").text
    client.get("/modes?theme=&type=<script>")
    assert client.http.get_cookie("theme") is None
    assert client.http.get_cookie("type") is None
    assert client.http.get_cookie("contrast") is not None
    assert client.get("/modes?theme=dark&then=//evil.example").location == "/"


def test_who_has_no_password_is_led_to_set_one_by_code(app: Flask, cast: Cast, client_of: Clients) -> None:
    client = client_of("resident")
    assert "用验证码设一个密码" in client.get("/me/devices").text
    assert client.post("/me/password", {"old": "anything-at-all", "new": "a-new-sentence-7"}).status_code == 422
    assert fill(visitor(), "/recovery", contact=RESIDENT).status_code == 303
