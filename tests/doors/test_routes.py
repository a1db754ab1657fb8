"""Every address is declared, the declaration stands in one table, and what happens agrees with it for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from cogov.ground.pages import roles_of
from cogov.people.rules import Role
from tests.doors.forms import FORMS
from tests.doors.house import NAMES, House, Kept, said
from tests.doors.places import address

TABLE = Path(__file__).with_name("routes.txt")
GUARD = "这一页给有相应职责的人用"
PROGRAMS = "/api/"
"""The door for programs asks for tokens instead of sign-ins; tests/doors/test_api.py walks it."""
AWAITING = {
    "people.send_again",
    "people.second_step",
    "people.sign_in_code",
    "people.sign_up_code",
    "people.recovery_code",
}
"""Pages that lead back to where a code is asked for when no code is awaited."""
BY_LINK = {"mail.follow"}
"""What a mail program may send by itself, under a signed address and with no form; tests/tell/test_mail.py walks it."""


def _routes(app: Flask) -> Iterator[tuple[str, Rule, tuple[str, ...] | None]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield (
                method,
                rule,
                ("anyone",) if rule.endpoint == "static" else roles_of(app.view_functions[rule.endpoint]),
            )


def test_every_route_says_to_whom_it_is_open(house: House) -> None:
    assert [rule.rule for _, rule, roles in _routes(house.app) if not roles] == []
    known = {"anyone", "signed_in", "token", *(role.value for role in Role)}
    assert {role for _, _, roles in _routes(house.app) for role in roles or ()} <= known


def test_the_cast_that_walks_them_holds_every_role_there_is(house: House) -> None:
    assert {held.role for name in NAMES for held in getattr(house.world.cast, name).standings} == set(Role)


def test_the_table_of_routes_is_changed_on_purpose(house: House) -> None:
    written = TABLE.read_text(encoding="utf-8").splitlines()
    declared = sorted(
        f"{method} {re.sub(r'<any[^>]*:', '<', rule.rule)} {' '.join(sorted(roles or ()))}"
        for method, rule, roles in _routes(house.app)
    )
    assert declared == written


def test_every_form_has_its_place_in_these_tests(house: House) -> None:
    pages = [each for each in _routes(house.app) if not each[1].rule.startswith(PROGRAMS)]
    posting = {rule.endpoint for method, rule, _ in pages if method == "POST"}
    assert {form.endpoint for form in FORMS} == posting - BY_LINK


def _check(answer: TestResponse, roles: tuple[str, ...], name: str | None, held: set[str], endpoint: str) -> str:
    text = said(answer) if answer.mimetype == "text/html" else ""
    to_sign_in = answer.status_code == 303 and (answer.location or "").startswith("/sign-in")
    if answer.status_code >= 500:
        return f"answered {answer.status_code}"
    if answer.status_code >= 400 and not _explains(answer, text):
        return f"{answer.status_code} without a Chinese sentence under a heading"
    if roles == ("anyone",):
        return "sent to sign in" if to_sign_in and endpoint not in AWAITING else ""
    if name is None:
        return "" if to_sign_in else f"anonymous got {answer.status_code}"
    if to_sign_in:
        return "signed in and sent to sign in"
    guarded = answer.status_code == 403 and GUARD in text
    allowed = roles == ("signed_in",) or bool(held & set(roles))
    return "" if guarded is not allowed else f"role {'refused' if guarded else 'let in'}: {answer.status_code}"


def _explains(answer: TestResponse, text: str) -> bool:
    return "<h1" in answer.get_data(as_text=True) and re.search("[\u4e00-\u9fff]{4}", text) is not None


@pytest.mark.parametrize("name", [*NAMES, None], ids=str)
def test_who_may_come_in_comes_in_and_nobody_else(house: House, kept: Kept, name: str | None) -> None:
    held = {held.role.value for held in getattr(house.world.cast, name).standings} if name else set()
    faults = []
    for method, rule, roles in _routes(house.app):
        if rule.rule.startswith(PROGRAMS):
            continue
        url = address(house, rule, method)
        answer = house.get(name, url) if method == "GET" else house.send(name or "visitor", url, {})
        fault = _check(answer, roles or (), name, held, rule.endpoint)
        answer.close()
        kept.put_back()
        faults += [f"{method} {url} as {name}: {fault}"] if fault else []
    assert faults == []
