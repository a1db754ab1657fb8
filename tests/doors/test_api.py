"""The door for programs: tokens, scopes, refusals as values, keys that make sending again harmless."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from cogov.ground.api import PREFIX
from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.ground.refusals import NotFound, Refused
from cogov.ground.scopes import Scope
from cogov.journal.models import KeptAnswer
from cogov.journal.repeating import forget_kept_answers
from cogov.loop import work_once
from cogov.people.commands import make_token, revoke_token
from cogov.people.models import ApiToken
from cogov.people.queries import tokens_of
from cogov.people.rules import Role
from cogov.problems.models import Problem, Second
from tests.cast import HERE, Cast
from tests.databases import both
from tests.programs import ALL, Program
from tests.storms import at_once

TOLD = {"place": HERE, "text": "3 号楼 2 单元门禁坏了一个礼拜，谁都能进。"}


@pytest.fixture
def raised(cast: Cast, program: Program) -> dict[str, Any]:
    status, problem = program("resident", "POST", "/problems", {**TOLD, "grid": cast.grid_ids[0]})
    assert status == 201, problem
    return dict(problem)


# Tokens ---------------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_kept_only_as_a_hash(cast: Cast) -> None:
    made = make_token(cast.resident, name=" 我的 程序 ", scopes=[Scope.READ], until=now() + timedelta(days=1))
    [kept] = tokens_of(cast.resident)
    assert made.token.startswith("cogov_")
    assert made.token not in (kept.token_hash, kept.name)
    assert (kept.name, kept.scopes) == ("我的 程序", "read")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "token_name"),
        ({"scopes": []}, "token_scopes"),
        ({"days": 0}, "token_until"),
        ({"days": 400}, "token_until"),
    ],
)
def test_a_token_without_a_name_a_scope_or_a_near_end_is_refused(cast: Cast, change: dict[str, Any], code: str) -> None:
    told: dict[str, Any] = {"name": "程序", "scopes": ALL, "days": 30, **change}
    with pytest.raises(Refused) as refused:
        make_token(cast.resident, name=told["name"], scopes=told["scopes"], until=now() + timedelta(days=told["days"]))
    assert refused.value.refusal.code == code


@both
def test_nobody_has_more_than_twenty_tokens_however_many_are_asked_for_at_once(app: Flask, cast: Cast) -> None:
    def make(_: int) -> object:
        return make_token(cast.resident, name="程序", scopes=ALL, until=now() + timedelta(days=30))

    at_once(app, 30, make)
    assert session().scalar(select(func.count()).select_from(ApiToken)) == 20


def test_a_token_ends_with_its_day_and_when_it_is_revoked(cast: Cast, program: Program) -> None:
    assert program("resident", "GET", "/me")[0] == 200
    with time_machine.travel(now() + timedelta(days=201)):
        status, refusal = program("resident", "GET", "/me")
    assert (status, refusal["code"]) == (401, "bad_token")
    revoke_token(cast.resident, tokens_of(cast.resident)[0].id)
    assert program("resident", "GET", "/me")[0] == 401


def test_the_form_for_a_token_sent_twice_makes_one(cast: Cast, client_of: Any) -> None:
    told = {"name": "报表程序", "scopes": "read", "days": "30", "once": "sent-twice"}
    answers = [client_of("resident").post("/me/tokens", told) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert len(tokens_of(cast.resident)) == 1


def test_nobody_revokes_the_token_of_another(cast: Cast, token_of: Callable[..., str]) -> None:
    token_of("resident")
    with pytest.raises(NotFound):
        revoke_token(cast.neighbour, tokens_of(cast.resident)[0].id)


@pytest.mark.parametrize("shown", ["Bearer nothing", "Basic cmVzaWRlbnQ6", "Bearer", "bearer cogov_"])
def test_what_is_no_token_opens_nothing(program: Program, shown: str) -> None:
    status, refusal = program(None, "GET", "/me", Authorization=shown)
    assert (status, refusal["code"]) == (401, "bad_token")


def test_a_cookie_is_no_key_to_this_door(client_of: Any) -> None:
    answer = client_of("resident").http.get(f"{PREFIX}/me")
    assert answer.status_code == 401


def test_a_scope_is_needed_for_each_verb(app: Flask, cast: Cast, token_of: Callable[..., str]) -> None:
    client, headers = app.test_client(), {"Authorization": f"Bearer {token_of('resident', Scope.VOTE)}"}
    for method, path in (("GET", "/me"), ("GET", f"/problems?place={HERE}"), ("POST", "/problems")):
        answer = client.open(PREFIX + path, method=method, json=TOLD if method == "POST" else None, headers=headers)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "scope_missing"), path


def test_who_serves_an_organization_says_as_whom_they_act(cast: Cast, program: Program) -> None:
    me = program("moderator", "GET", "/me")[1]
    standing = next(held for held in me["standings"] if held["role"] == Role.MODERATOR)
    acting = program("moderator", "GET", "/me", Cogov_Acting=str(standing["id"]))[1]
    assert [held["acting"] for held in acting["standings"] if held["id"] == standing["id"]] == [True]
    status, refusal = program("resident", "GET", "/me", Cogov_Acting=str(standing["id"]))
    assert (status, refusal["code"]) == (403, "not_your_mandate")


# Refusals -------------------------------------------------------------------------------------------------------------


def test_a_rule_says_the_same_to_a_program_as_on_the_page(cast: Cast, program: Program) -> None:
    status, refusal = program("outsider", "POST", "/problems", {**TOLD, "grid": cast.grid_ids[0]})
    assert status == 403
    assert set(refusal) == {"code", "message", "article", "what_next", "appeal"}
    assert refusal["message"]
    english = program("outsider", "POST", "/problems", {**TOLD, "grid": cast.grid_ids[0]}, Accept_Language="en")[1]
    assert english["code"] == refusal["code"]
    assert english["message"].startswith("Only residents")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "门禁坏了一个礼拜"}, "place"),
        ({**TOLD, "grid": "7"}, "grid"),
        ({**TOLD, "grid": True}, "grid"),
        ({**TOLD, "grid": 2**63}, "grid"),
        ({**TOLD, "grid": 1.5}, "grid"),
        ({**TOLD, "text": "门\x00禁"}, "text"),
        ({**TOLD, "text": ["门禁"]}, "text"),
        ({**TOLD, "burning": "maybe"}, "burning"),
        ({**TOLD, "colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(program: Program, body: dict[str, Any], field: str) -> None:
    status, refusal = program("resident", "POST", "/problems", body)
    assert (status, refusal["code"]) == (422, "invalid")
    assert list(refusal["fields"]) == [field]
    assert all(not said.isascii() for said in refusal["fields"][field])


@pytest.mark.parametrize("sent", [b"{", b"[1]", b"null", b'"\xff"', b"[" * 20_000])
def test_what_is_no_object_is_refused_in_a_sentence(app: Flask, token_of: Callable[..., str], sent: bytes) -> None:
    headers = {"Authorization": f"Bearer {token_of('resident')}", "Content-Type": "application/json"}
    answer = app.test_client().post(f"{PREFIX}/problems", data=sent, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.get_json()["message"]


def test_what_is_not_there_or_not_for_you_answers_alike(program: Program, raised: dict[str, Any]) -> None:
    for path in ("/problems/2026-9999", "/nowhere", f"/problems?place={HERE}&after=x", "/problems?place=99"):
        status, refusal = program("resident", "GET", path)
        assert (status, refusal["code"]) == (404, "not_found"), path
    assert program("resident", "PUT", "/problems", {})[0] == 405


# Keys -----------------------------------------------------------------------------------------------------------------


@both
def test_a_request_sent_again_under_its_key_has_one_effect_and_one_answer(cast: Cast, program: Program) -> None:
    body = {**TOLD, "grid": cast.grid_ids[0]}
    first = program("resident", "POST", "/problems", body, Idempotency_Key="k1")
    again = program("resident", "POST", "/problems", body, Idempotency_Key="k1")
    assert first == again
    assert session().scalar(select(func.count()).select_from(Problem).where(Problem.text == TOLD["text"])) == 1
    status, refusal = program("resident", "POST", "/problems", {**body, "spot": "门口"}, Idempotency_Key="k1")
    assert (status, refusal["code"]) == (422, "key_reused")


def test_a_key_belongs_to_who_used_it(cast: Cast, program: Program) -> None:
    body = {**TOLD, "grid": cast.grid_ids[0]}
    mine = program("resident", "POST", "/problems", body, Idempotency_Key="same")[1]
    theirs = program("neighbour", "POST", "/problems", body, Idempotency_Key="same")[1]
    assert mine["number"] != theirs["number"]


def test_a_refused_request_may_be_sent_again_under_its_key(cast: Cast, program: Program) -> None:
    assert program("outsider", "POST", "/problems", {**TOLD, "grid": cast.grid_ids[0]}, Idempotency_Key="k")[0] == 403
    assert session().scalar(select(func.count()).select_from(KeptAnswer)) == 0


@both
@pytest.mark.storm
def test_fifty_at_once_under_one_key_have_one_effect(
    app: Flask, cast: Cast, raised: dict[str, Any], token_of: Callable[..., str]
) -> None:
    headers = {"Authorization": f"Bearer {token_of('neighbour')}", "Idempotency-Key": "storm"}

    def send(_: int) -> tuple[int, str]:
        answer = app.test_client().post(f"{PREFIX}/problems/{raised['number']}/second", headers=headers)
        return answer.status_code, answer.text

    answers = at_once(app, 50, send)
    assert {answer[0] for answer in answers if not isinstance(answer, Exception)} == {200}
    assert len({str(answer) for answer in answers}) == 1
    db.session.rollback()
    assert session().scalar(select(func.count()).select_from(Second)) == 1


def test_kept_answers_are_forgotten(cast: Cast, program: Program) -> None:
    program("resident", "POST", "/problems", {**TOLD, "grid": cast.grid_ids[0]}, Idempotency_Key="k")
    forget_kept_answers(now() - timedelta(days=1))
    assert session().scalar(select(func.count()).select_from(KeptAnswer)) == 1
    with time_machine.travel(now() + timedelta(days=2)):
        work_once()
    assert session().scalar(select(func.count()).select_from(KeptAnswer)) == 0


# Problems -------------------------------------------------------------------------------------------------------------


def test_a_problem_is_raised_seconded_and_read(program: Program, raised: dict[str, Any]) -> None:
    number = raised["number"]
    assert raised["acts"]["second"] == {"allowed": False, "refusal": raised["acts"]["second"]["refusal"]}
    assert raised["acts"]["second"]["refusal"]["code"]
    assert program("neighbour", "POST", f"/problems/{number}/second")[1]["seconds"] == 1
    assert program("neighbour", "DELETE", f"/problems/{number}/second")[1]["seconds"] == 0
    assert program(None, "GET", f"/problems/{number}")[1]["title"] == raised["title"]


def test_a_list_is_read_in_parts_that_meet(cast: Cast, program: Program) -> None:
    for _ in range(5):
        program("resident", "POST", "/problems", {**TOLD, "grid": cast.grid_ids[0]})
    seen, after = [], ""
    while True:
        part = program(None, "GET", f"/problems?place={HERE}&limit=2&after={after}")[1]
        seen += [row["number"] for row in part["items"]]
        if not (after := part["next"]):
            break
    whole = program(None, "GET", f"/problems?place={HERE}&limit=100")[1]
    assert seen == [row["number"] for row in whole["items"]]
    assert len(seen) == len(set(seen)) >= 5


def test_what_is_hidden_is_found_by_no_program(cast: Cast, program: Program) -> None:
    body = {**TOLD, "grid": cast.grid_ids[0], "names_person": True}
    number = program("resident", "POST", "/problems", body)[1]["number"]
    for name in (None, "outsider"):
        assert program(name, "GET", f"/problems/{number}")[0] == 404
        assert number not in json.dumps(program(name, "GET", f"/problems?place={HERE}")[1])


def test_a_program_of_somebody_from_outside_knows_no_more_of_a_place_than_the_page(
    cast: Cast, program: Program
) -> None:
    longitude, latitude = cast.inside
    told = {**TOLD, "longitude": longitude, "latitude": latitude, "spot": "2 单元门口"}
    number = program("resident", "POST", "/problems", told)[1]["number"]
    for name in (None, "outsider"):
        shown = program(name, "GET", f"/problems/{number}")[1]
        assert (shown["longitude"], shown["latitude"], shown["spot"]) == (None, None, ""), name
        [row] = program(name, "GET", f"/problems?place={HERE}")[1]["items"]
        for seen in (shown, row):
            assert {len(seen["raised_at"]), len(seen["changed_at"])} == {len("2026-11-22")}, name
        entries = program(name, "GET", f"/entries?problem={number}")[1]["items"]
        assert len(next(each for each in entries if each["kind"] == "ProblemRaised")["at"]) == len("2026-11-22")
    inside = program("neighbour", "GET", f"/problems/{number}")[1]
    assert (inside["longitude"], inside["spot"]) == (longitude, "2 单元门口")
    assert inside["raised_at"].endswith("Z")


# The document ---------------------------------------------------------------------------------------------------------


def test_every_address_has_an_operation_in_the_document(app: Flask) -> None:
    document = app.test_client().get(f"{PREFIX}/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    described = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item if method != "parameters"
    }
    served = {
        (method, rule.rule.replace("<", "{").replace(">", "}").replace("id:", "").replace("int:", ""))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX) and rule.endpoint != "api_document"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == served
    operations = [item[m]["operationId"] for item in document["paths"].values() for m in item if m != "parameters"]
    assert len(operations) == len(set(operations))
