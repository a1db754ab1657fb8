"""Powerful acts ask once more who one is, keep the form, leave an entry; some wait for a second person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.pages import powerful_act
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.people.commands import (
    appoint,
    countersign,
    decline_countersign,
    dismiss,
    grant_role,
    import_people,
    join,
    register_person,
)
from cogov.people.models import ApiToken, Countersign, OneTimeCode, RoleHeld
from cogov.people.queries import actor_of, administrators_of
from cogov.people.rules import CLOCK, Actor, Role
from cogov.people.rules.contacts import contact_from
from tests.cast import DISTRICT, HERE, Cast
from tests.clients import Client
from tests.databases import both
from tests.people.doors import PASSWORD, give_password, sent_to

Clients = Callable[[str], Client]
LATER = timedelta(minutes=16)
TOKEN = {"name": "报表程序“一”", "scopes": "read", "days": "30"}

POWERFUL = {
    "admin.agree",
    "admin.countersign",
    "admin.dismiss_role",
    "admin.end_organization",
    "admin.entry",
    "admin.grant",
    "admin.lift",
    "admin.look",
    "admin.set_up_people",
    "admin.suspend",
    "mine.export",
    "mine.leave_home",
    "opinion.agree_rows",
    "opinion.rows_taken",
    "people.ask_to_close",
    "people.confirm",
    "people.create_token",
    "people.drop_app",
    "people.drop_passkey",
    "people.keep_passkey",
    "people.renew_codes",
    "people.start_app",
    "people.start_passkey",
}
"""Every act before which one shows once more who one is; robots and webhooks join as they are built."""


def _tokens() -> list[str]:
    return list(session().scalars(select(ApiToken.name)))


def _hidden(html: str) -> dict[str, str]:
    """Return the hidden fields of the form that carries a password, as a browser would send them."""
    form = next(each for each in re.findall(r"<form.*?</form>", html, re.DOTALL) if 'name="proof"' in each)
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


@pytest.fixture
def late(cast: Cast, client_of: Clients) -> Iterator[Client]:
    """Yield a device of the resident, sixteen minutes after they signed in there."""
    give_password(cast)
    client = client_of("resident")
    with time_machine.travel(now() + LATER):
        client.get("/me/tokens")
        yield client


def test_the_powerful_acts_are_these(app: Flask) -> None:
    found = {name for name, view in app.view_functions.items() if powerful_act(view) is not None}
    assert found >= POWERFUL
    assert {name for name in found - POWERFUL if not name.startswith(("tell.", "admin."))} == set()


def test_who_has_just_come_in_is_not_asked(cast: Cast, client_of: Clients) -> None:
    client = client_of("resident")
    client.get("/me/tokens")
    assert client.post("/me/tokens", TOKEN).status_code == 200
    kinds = select(JournalEntry.kind).where(JournalEntry.actor_id == cast.resident.person_id)
    assert list(session().scalars(kinds.order_by(JournalEntry.number.desc()).limit(1))) == ["TokenMade"]


def test_after_a_quarter_of_an_hour_the_password_is_asked_for_and_the_form_goes_on(late: Client) -> None:
    asked = late.post("/me/tokens", TOKEN)
    assert asked.status_code == 403
    assert _tokens() == []
    carried = _hidden(asked.text)
    assert carried.items() >= {**TOKEN, "proof_way": "password"}.items()
    wrong = late.http.post("/me/tokens", data={**carried, "proof": "not this one"})
    assert wrong.status_code == 422
    assert "没有核对上。" in wrong.text
    assert PASSWORD not in wrong.text
    carried = _hidden(wrong.text)
    done = late.http.post("/me/tokens", data={**carried, "proof": PASSWORD})
    assert done.status_code == 200
    assert _tokens() == [TOKEN["name"]]
    # It holds for the next quarter of an hour, and no longer.
    assert late.post("/me/tokens", {**TOKEN, "once": ""}).status_code == 200
    with time_machine.travel(now() + LATER):
        assert late.post("/me/tokens", {**TOKEN, "once": ""}).status_code == 403


def test_the_password_is_not_guessed_at_this_door_either(late: Client) -> None:
    sent = {**TOKEN, "proof_way": "password", "proof": "not this one"}
    answers = [late.post("/me/tokens", sent).status_code for _ in range(11)]
    assert answers[:9] == [422] * 9
    assert answers[-1] == 429
    assert late.post("/me/tokens", {**sent, "proof": PASSWORD}).status_code == 429
    assert _tokens() == []


def test_who_has_no_password_shows_a_code_that_was_sent_to_them(cast: Cast, client_of: Clients) -> None:
    client = client_of("resident")
    with time_machine.travel(now() + LATER):
        client.get("/me/tokens")
        asked = client.post("/me/tokens", TOKEN)
        assert "发验证码" in asked.text
        assert 'name="proof"' not in asked.text
        client.post("/me/tokens", {**TOKEN, "proof_way": "send"})
        code = sent_to("13900000000")["code"]
        assert client.post("/me/tokens", {**TOKEN, "proof_way": "message", "proof_code": "000 000"}).status_code == 422
        assert client.post("/me/tokens", {**TOKEN, "proof_way": "message", "proof_code": code}).status_code == 200
    assert _tokens() == [TOKEN["name"]]


def test_who_has_a_password_cannot_show_a_code_sent_to_the_telephone_instead(late: Client) -> None:
    for way in ("send", "message"):
        asked = late.post("/me/tokens", {**TOKEN, "proof_way": way, "proof_code": "000000"})
        assert asked.status_code == 422
        assert 'name="proof"' in asked.text
    assert session().scalar(select(OneTimeCode.id)) is None
    assert _tokens() == []


def test_a_proof_on_one_device_is_none_on_another(cast: Cast, client_of: Clients, late: Client) -> None:
    there = client_of("resident")
    with time_machine.travel(now() + LATER):
        late.get("/me/tokens")
        assert late.post("/me/tokens", {**TOKEN, "proof_way": "password", "proof": PASSWORD}).status_code == 200
        there.get("/me/tokens")
        assert there.post("/me/tokens", {**TOKEN, "once": ""}).status_code == 403


# Two people -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(cast: Cast) -> tuple[Actor, Actor]:
    """Return two administrators of the place."""
    return cast.administrator, _administrator("第二位管理员", "13700007701")


def _administrator(name: str, phone: str) -> Actor:
    person = join(CLOCK, pseudonym=name, phone=phone)
    grant_role(CLOCK, person_id=person.id, role=Role.ADMINISTRATOR, scope=DISTRICT)
    return actor_of(person.id)


def _newcomer(phone: str = "13700007703") -> int:
    contact = contact_from(phone)
    assert contact is not None
    return register_person(CLOCK, contact=contact, name="某某", pseudonym=f"新来{phone[-4:]}").id


def _code(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.refusal.code


@both
def test_an_administrator_is_made_by_two(cast: Cast, two: tuple[Actor, Actor]) -> None:
    first, second = two
    person = _newcomer()
    until = now() + timedelta(days=90)
    told: dict[str, Any] = {
        "person_id": person,
        "role": Role.ADMINISTRATOR,
        "scope": HERE,
        "until": until,
        "document": "街办 12 号",
    }
    waits = appoint(first, **told)
    assert isinstance(waits, Countersign)
    assert person not in administrators_of(HERE)
    assert _code(lambda: appoint(first, **told)) == "countersign_waits"
    assert _code(lambda: countersign(first, waits.id)) == "second_person"
    assert _code(lambda: countersign(cast.moderator, waits.id)) == "not_who_keeps"
    countersign(second, waits.id)
    held = session().scalars(select(RoleHeld).where(RoleHeld.person_id == person)).one()
    assert (held.role, held.scope, held.until, held.document) == (Role.ADMINISTRATOR, HERE, until, "街办 12 号")
    assert _code(lambda: countersign(second, waits.id)) == "countersign_settled"
    kinds = list(session().scalars(select(JournalEntry.kind).order_by(JournalEntry.number.desc()).limit(3)))
    assert kinds == ["RoleGranted", "CountersignSettled", "CountersignAsked"]


def test_what_nobody_signs_in_seven_days_has_no_effect(cast: Cast, two: tuple[Actor, Actor]) -> None:
    first, second = two
    person = _newcomer()
    waits = appoint(first, person_id=person, role=Role.ADMINISTRATOR, scope=HERE)
    with time_machine.travel(now() + timedelta(days=8)):
        assert _code(lambda: countersign(second, waits.id)) == "countersign_settled"
        again = appoint(first, person_id=person, role=Role.ADMINISTRATOR, scope=HERE)
        decline_countersign(second, again.id)
        assert _code(lambda: countersign(second, again.id)) == "countersign_settled"
    assert person not in administrators_of(HERE)


def test_an_administrator_is_put_out_by_two_where_there_is_a_third(cast: Cast, two: tuple[Actor, Actor]) -> None:
    first, second = two
    third = _administrator("第三位管理员", "13700007702")
    role = third.standings[-1].id
    waits = dismiss(first, role)
    assert isinstance(waits, Countersign)
    assert third.person_id in administrators_of(HERE)
    assert _code(lambda: countersign(third, waits.id)) == "second_person"
    assert _code(lambda: decline_countersign(third, waits.id)) == "second_person"
    countersign(second, waits.id)
    assert third.person_id not in administrators_of(HERE)
    # Of two who are left, either may stop the other whose account was stolen.
    assert isinstance(dismiss(first, second.standings[-1].id), RoleHeld)


def test_a_sheet_is_no_way_round_the_second_person(cast: Cast, two: tuple[Actor, Actor]) -> None:
    first, _ = two
    _newcomer("13700007709")
    sheet = f"手机号或邮箱,身份,身份地域代码\n13700007709,系统管理员,{HERE}\n"
    imported = import_people(first, sheet.encode())
    assert [line.refusal.code for line in imported.refused] == ["countersign_needed"]


def test_the_second_person_signs_on_the_console(cast: Cast, two: tuple[Actor, Actor], client_of: Clients) -> None:
    _, second = two
    person = _newcomer()
    waits = appoint(second, person_id=person, role=Role.ADMINISTRATOR, scope=HERE)
    client = client_of("administrator")
    assert "等另一位管理员确认" in client.get("/admin/").text
    home = client.get("/").text
    assert "另一位管理员提出的，您确认后才生效。" in home
    page = client.get("/admin/countersigns").text
    assert "授予系统管理员" in page
    assert f"/admin/countersigns/{waits.id}/signature" in page
    assert client.post(f"/admin/countersigns/{waits.id}/signature").status_code == 303
    assert person in administrators_of(HERE)
