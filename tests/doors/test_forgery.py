"""A form that this site did not give out, or that another site sends, has no effect."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.doors.forms import FORMS, Form
from tests.doors.house import House, Kept, nothing_written, said

EXPIRED = "表单已经过期"
WITHOUT_SESSION = {"decisions.drop"}
"""What is sent without a cookie and gives nobody's word: a form that another site made could say no more."""

BEARING = [form for form in FORMS if form.endpoint not in WITHOUT_SESSION]
each = pytest.mark.parametrize("form", BEARING, ids=[form.name for form in BEARING])


@each
def test_a_form_without_its_token_is_refused_with_a_sentence(house: House, kept: Kept, form: Form) -> None:
    url, told = form.url(house.app, house.world), form.filled(house.world) | {"once": "forged", "picture": ""}
    strange = house.keys["owner" if form.who == "tenant" else "tenant"].token
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "x.y.z"}, {"csrf_token": strange}):
        with nothing_written(kept):
            answer = house.client(form.who).post(url, data={**told, **token})
        assert answer.status_code == 400
        assert EXPIRED in said(answer)
        for name in form.texts:
            assert told[name] in said(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:8001"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=lambda headers: "".join(headers.values()),
)
def test_a_form_sent_from_another_site_is_refused(house: House, kept: Kept, headers: dict[str, str]) -> None:
    for form in FORMS:
        told: dict[str, Any] = {"csrf_token": house.keys[form.who].token, **form.filled(house.world), "picture": ""}
        with nothing_written(kept):
            answer = house.client(form.who).post(form.url(house.app, house.world), data=told, headers=headers)
        assert (answer.status_code, EXPIRED in said(answer)) == (400, True), form.name


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}]
)
def test_a_form_sent_from_this_site_is_taken(house: House, headers: dict[str, str]) -> None:
    told = {"csrf_token": house.keys["resident"].token, "up_to": "1"}
    assert house.client("resident").post("/notifications/reading", data=told, headers=headers).status_code == 303


def test_no_address_changes_anything_when_it_is_only_read(house: House, kept: Kept) -> None:
    for form in FORMS:
        url = form.url(house.app, house.world)
        told = urlencode(form.filled(house.world) | {"once": "read"})
        with nothing_written(kept):
            answer = house.get(form.who, f"{url}{'&' if '?' in url else '?'}{told}")
        assert answer.status_code in (200, 303, 403, 404, 405, 409), url
