"""The doors by a browserless client: in by password and by code, up, back in after forgetting, and out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from cogov.ground.db import session
from cogov.people import commands
from cogov.people.commands import CodeMessage, join
from cogov.people.models import Identity, Person, SignIn
from cogov.people.queries import identity_by_contact, person_by_contact
from cogov.people.rules import CLOCK
from cogov.people.rules.passwords import hash_password, password_matches
from cogov.people.views import entering, local_path
from tests.cast import Cast
from tests.people.doors import (
    PASSWORD,
    RESIDENT,
    STRANGER,
    fill,
    give_password,
    is_in,
    other_than,
    sent_to,
    sign_in,
    sign_up_fields,
    visitor,
)

START = datetime(2026, 11, 18, 4, 0, 5, tzinfo=UTC)
_CHANGING = re.compile(r'(?:value|data-options)="[^"]*"|\d{3}\*{4}\d{4}|\d{11}')


def without_values(text: str) -> str:
    """Return a page without tokens and without what the visitor typed."""
    return _CHANGING.sub("", text)


def test_a_stranger_signs_up_confirms_signs_out_and_signs_in(app: Flask) -> None:
    client = visitor()
    answer = fill(client, "/sign-up?then=/problems", **sign_up_fields(then="/problems/new?place=1"))
    assert (answer.status_code, answer.location) == (303, "/sign-up/code")
    assert not is_in(client)
    assert person_by_contact(STRANGER) is None
    answer = fill(client, "/sign-up/code", code=sent_to(STRANGER)["code"])
    assert (answer.status_code, answer.location) == (303, "/problems/new?place=1")
    page = client.get("/me").text
    assert "桂花树下" in page
    assert "137****1111" in page
    assert "居民" in page
    assert STRANGER not in page
    client.post("/sign-out")
    assert not is_in(client)
    assert sign_in(client, "+86 137 0000 1111").status_code == 303
    assert is_in(client)


def test_an_address_does_as_well_as_a_phone_and_a_code_as_well_as_a_password(app: Flask) -> None:
    client = visitor()
    fill(client, "/sign-up", **sign_up_fields(contact="Gui@Example.com", password=""))
    fill(client, "/sign-up/code", code=sent_to("gui@example.com")["code"])
    assert is_in(client)
    identity = identity_by_contact("gui@example.com")
    assert identity is not None
    assert identity.password_hash is None
    assert sign_in(visitor(), "gui@example.com", "", way="password").status_code == 422


def test_a_sign_up_says_what_is_missing_and_keeps_what_was_written(app: Flask) -> None:
    client = visitor()
    answer = fill(
        client, "/sign-up", **sign_up_fields(consent="", password="12345678", community="330106", contact="12")
    )
    assert answer.status_code == 422
    for sentence in (
        "同意隐私说明后才能注册。",
        "这个密码太常见，容易被猜到，请换一个。",
        "请从列出的社区里选一个。",
        "请写 11 位手机号，或完整的邮箱地址。",
    ):
        assert sentence in answer.text
    assert 'value="桂花树下"' in answer.text
    assert "12345678" not in answer.text


def test_a_pseudonym_that_is_taken_is_said_beside_the_field(app: Flask) -> None:
    join(CLOCK, pseudonym="桂花树下", phone="13700009999")
    answer = fill(visitor(), "/sign-up", **sign_up_fields())
    assert answer.status_code == 422
    assert "这个化名已经有人用了，请换一个。" in answer.text


def test_signing_up_again_with_ones_phone_leads_to_the_account_one_has(app: Flask, cast: Cast) -> None:
    client = visitor()
    fill(client, "/sign-up", **sign_up_fields(contact=RESIDENT))
    answer = fill(client, "/sign-up/code", code=sent_to(RESIDENT)["code"])
    assert answer.status_code == 303
    page = client.get("/me").text
    assert "化名resident" in page
    assert "您以前注册过" in page
    identity = identity_by_contact(RESIDENT)
    assert identity is not None
    assert identity.password_hash is None


def test_the_return_key_does_what_fits_what_was_filled_in(app: Flask, cast: Cast) -> None:
    give_password(cast)
    by_code, by_password = visitor(), visitor()
    assert fill(by_code, "/sign-in", contact=RESIDENT).location == "/sign-in/code"
    sign_in(by_password, way="")
    assert (is_in(by_code), is_in(by_password)) == (False, True)


def test_a_code_signs_in_and_a_wrong_one_does_not(app: Flask, cast: Cast) -> None:
    client = visitor()
    assert fill(client, "/sign-in", contact=RESIDENT, way="code", then="/me").location == "/sign-in/code"
    code = sent_to(RESIDENT)["code"]
    answer = fill(client, "/sign-in/code", code=other_than(code))
    assert answer.status_code == 422
    assert "验证码不对，或者已经过期。" in answer.text
    assert not is_in(client)
    answer = fill(client, "/sign-in/code", code=f" {code[:3]} {code[3:]} ")
    assert (answer.status_code, answer.location) == (303, "/me")
    assert is_in(client)


def test_a_code_is_of_no_use_on_another_device(app: Flask, cast: Cast) -> None:
    asking, other = visitor(), visitor()
    fill(asking, "/sign-in", contact=RESIDENT, way="code")
    code = sent_to(RESIDENT)["code"]
    assert other.get("/sign-in/code").location == "/sign-in"
    fill(other, "/sign-in", contact=STRANGER, way="code")
    assert fill(other, "/sign-in/code", code=code).status_code == 422
    assert not is_in(other)


def test_a_new_code_can_be_asked_for_after_a_minute(app: Flask, cast: Cast) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client = visitor()
        fill(client, "/sign-in", contact=RESIDENT, way="code")
        first = sent_to(RESIDENT)
        client.get("/sign-in/code")
        answer = client.post("/codes")
        assert answer.status_code == 429
        assert "请过 1 分钟再要新的" in answer.text
        clock.shift(61)
        client.get("/sign-in/code")
        assert client.post("/codes").location == "/sign-in/code"
        again = sent_to(RESIDENT)
        assert again["sent_at"] > first["sent_at"]
        fill(client, "/sign-in/code", code=again["code"])
        assert is_in(client)


def test_the_code_is_shown_on_the_screen_of_the_demo_and_nowhere_else(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visitor()
    fill(client, "/sign-in", contact=RESIDENT, way="code")
    assert sent_to(RESIDENT)["code"] not in client.get("/sign-in/code").text
    monkeypatch.setitem(app.config, "DEMO", True)
    client = visitor()
    fill(client, "/sign-in", contact="13900000001", way="code")
    assert sent_to("13900000001")["code"] in client.get("/sign-in/code").text


def test_a_code_that_cannot_be_sent_is_said_so(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def send(self, message: CodeMessage) -> None:
            raise OSError("no space left")

    monkeypatch.setitem(app.extensions, "code_sender", Broken())
    answer = fill(visitor(), "/sign-in", contact=RESIDENT, way="code")
    assert answer.status_code == 503
    assert "验证码现在发不出去。" in answer.text


# Nobody learns who has an account -----------------------------------------------------------------------------------


def test_known_and_unknown_contacts_are_answered_alike(app: Flask, cast: Cast) -> None:
    give_password(cast)
    wrong = [sign_in(visitor(), contact, "not-the-right-one") for contact in (RESIDENT, "13900000001", STRANGER)]
    assert len({(answer.status_code, without_values(answer.text)) for answer in wrong}) == 1
    pages = {}
    for number, (url, fields) in enumerate(
        [("/sign-in", {"way": "code"}), ("/recovery", {}), ("/sign-up", sign_up_fields())]
    ):
        for known, contact in ((True, f"1390000000{number + 2}"), (False, f"1370000222{number}")):
            client = visitor()
            answer = fill(client, url, **(fields | {"contact": contact}))
            shown = client.get(answer.location)
            tried = fill(client, answer.location, code="000000", password=PASSWORD)
            pages[url, known] = [
                (each.status_code, each.location, without_values(each.text)) for each in (answer, shown, tried)
            ]
    for url in ("/sign-in", "/recovery", "/sign-up"):
        assert pages[url, True] == pages[url, False]


def test_a_code_goes_only_to_contacts_with_an_account(app: Flask, cast: Cast) -> None:
    fill(visitor(), "/sign-in", contact=STRANGER, way="code")
    assert sent_to(STRANGER)["code"] is None
    fill(visitor(), "/sign-in", contact=RESIDENT, way="code")
    assert re.fullmatch(r"\d{6}", sent_to(RESIDENT)["code"])


def test_an_unknown_contact_costs_one_hash_like_a_known_one(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[bool] = []

    def watched(kept: str | None, password: str) -> bool:
        tried.append(kept is not None)
        return password_matches(kept, password)

    monkeypatch.setattr(entering, "password_matches", watched)
    give_password(cast)
    for contact in (RESIDENT, "13900000001", STRANGER):
        sign_in(visitor(), contact, "not-the-right-one")
    assert tried == [True, False, False]


# Guessing -----------------------------------------------------------------------------------------------------------


def test_the_tenth_wrong_password_is_refused_and_nobody_else_is_locked_out(app: Flask, cast: Cast) -> None:
    give_password(cast)
    with time_machine.travel(START, tick=False) as clock:
        guesser = visitor()
        answers = [sign_in(guesser, RESIDENT, f"wrong-{n}-wrong") for n in range(10)]
        assert [answer.status_code for answer in answers] == [422] * 9 + [429]
        assert "密码试了太多次，请过 15 分钟再试。" in answers[-1].text
        assert sign_in(guesser).status_code == 429
        assert not is_in(guesser)
        guesser.get("/sign-in")
        elsewhere = visitor()
        elsewhere.get("/sign-in")
        fields = {"contact": RESIDENT, "password": PASSWORD}
        assert elsewhere.post("/sign-in", fields, environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 303
        clock.shift(timedelta(minutes=15, seconds=1))
        assert sign_in(guesser).status_code == 303


def test_a_form_without_a_password_is_no_try(app: Flask, cast: Cast) -> None:
    give_password(cast)
    client = visitor()
    for _ in range(12):
        answer = sign_in(client, password="", way="password")
        assert answer.status_code == 422
    assert "请写密码，或者改用验证码登录。" in answer.text
    assert sign_in(client).status_code == 303


def test_the_right_password_takes_the_wrong_ones_back(app: Flask, cast: Cast) -> None:
    give_password(cast)
    for _ in range(3):
        client = visitor()
        for n in range(8):
            assert sign_in(client, RESIDENT, f"wrong-{n}-wrong").status_code == 422
        assert sign_in(client).status_code == 303


# Sessions -----------------------------------------------------------------------------------------------------------


def test_a_session_from_before_signing_in_is_not_the_one_after(app: Flask, cast: Cast) -> None:
    give_password(cast)
    client, planted = visitor(), visitor()
    client.get("/sign-in")
    before = client.http.get_cookie("session")
    assert before is not None
    planted.http.set_cookie("session", before.value)
    old_token = client.token
    assert sign_in(client).status_code == 303
    after = client.http.get_cookie("session")
    assert after is not None
    assert after.value != before.value
    assert not is_in(planted)
    client.token = old_token
    assert client.post("/me/sessions/revocation").status_code == 400


def test_each_signing_in_begins_a_token_of_its_own(app: Flask, cast: Cast) -> None:
    give_password(cast)
    for _ in range(2):
        sign_in(visitor())
    rows = session().scalars(select(SignIn.token_hash).where(SignIn.person_id == cast.resident.person_id)).all()
    assert len(set(rows)) == 2


def test_a_forged_token_opens_nothing(app: Flask, cast: Cast) -> None:
    client = visitor()
    for value in ("1", str(cast.resident.person_id), "x" * 43, ""):
        with client.http.session_transaction() as kept:
            kept["_user_id"] = value
        assert not is_in(client)


def test_every_door_refuses_a_form_without_its_token(app: Flask, cast: Cast) -> None:
    give_password(cast)
    fields = {"contact": RESIDENT, "password": PASSWORD}
    for url in ("/sign-in", "/sign-in/code", "/sign-up", "/sign-up/code", "/recovery", "/recovery/code", "/codes"):
        client = visitor()
        assert client.http.post(url, data=fields).status_code == 400, url
        client.get("/sign-in")
        assert client.http.post(url, data=fields | {"csrf_token": "forged"}).status_code == 400, url
        assert not is_in(client)
    client = visitor()
    sign_in(client)
    for url in ("/sign-out", "/me/password", "/me/acting", "/me/sessions/revocation", "/me/sessions/1/revocation"):
        assert client.http.post(url).status_code == 400, url
    assert is_in(client)


@pytest.mark.parametrize(
    "target",
    [
        *("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example"),
        *("javascript:alert(1)", "evil.example", "", "/\n/evil.example", "http:/evil.example", "///evil.example"),
    ],
)
def test_signing_in_leads_to_no_other_site(app: Flask, cast: Cast, target: str) -> None:
    give_password(cast)
    assert sign_in(visitor(), then=target).location == "/"
    assert local_path(target) == "/"


def test_signing_in_leads_back_to_where_one_was(app: Flask, cast: Cast) -> None:
    give_password(cast)
    client = visitor()
    asked = client.get("/me?x=1")
    assert asked.location == "/sign-in?then=/me?x%3D1"
    page = client.get(asked.location).text
    assert 'name="then" type="hidden" value="/me?x=1"' in page
    assert client.post("/sign-in", {"contact": RESIDENT, "password": PASSWORD, "then": "/me?x=1"}).location == "/me?x=1"


# Recovery and states of an account ----------------------------------------------------------------------------------


def test_recovery_sets_a_new_password_and_signs_every_other_device_out(app: Flask, cast: Cast) -> None:
    give_password(cast)
    old = visitor()
    sign_in(old)
    client = visitor()
    fill(client, "/recovery", contact=RESIDENT)
    code = sent_to(RESIDENT)["code"]
    assert fill(client, "/recovery/code", code=code, password="12345678").status_code == 422
    assert fill(client, "/recovery/code", code=other_than(code), password="a-new-sentence-7").status_code == 422
    assert is_in(old)
    assert fill(client, "/recovery/code", code=code, password="a-new-sentence-7").location == "/me/devices"
    assert is_in(client)
    assert not is_in(old)
    assert sign_in(visitor()).status_code == 422
    assert sign_in(visitor(), password="a-new-sentence-7").status_code == 303


def test_a_suspended_person_is_told_so_only_after_the_right_password(app: Flask, cast: Cast) -> None:
    give_password(cast)
    client = visitor()
    sign_in(client)
    _suspend(cast.resident.person_id)
    assert not is_in(client)
    assert sign_in(visitor(), password="not-the-right-one").status_code == 422
    answer = sign_in(visitor())
    assert answer.status_code == 403
    assert "这个账号已经暂停使用。" in answer.text
    client = visitor()
    fill(client, "/sign-in", contact=RESIDENT, way="code")
    assert fill(client, "/sign-in/code", code=sent_to(RESIDENT)["code"]).status_code == 403
    assert not is_in(client)


def _suspend(person_id: int | None) -> None:
    session().get_one(Person, person_id).suspended_at = START
    session().commit()


def test_an_unconfirmed_contact_needs_a_code_before_its_password(app: Flask) -> None:
    person = join(CLOCK, pseudonym="桂花树下", phone=STRANGER, password_hash=hash_password(PASSWORD), confirmed=False)
    answer = sign_in(visitor(), STRANGER)
    assert answer.status_code == 422
    assert "还没有确认过" in answer.text
    client = visitor()
    fill(client, "/sign-in", contact=STRANGER, way="code")
    fill(client, "/sign-in/code", code=sent_to(STRANGER)["code"])
    assert is_in(client)
    assert session().get_one(Identity, person.id).confirmed_at is not None
    assert sign_in(visitor(), STRANGER).status_code == 303


def test_an_old_hash_is_made_anew_at_the_next_sign_in(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    give_password(cast)
    before = session().get_one(Identity, cast.resident.person_id).password_hash
    monkeypatch.setattr(entering, "wants_new_hash", lambda kept: kept == before)
    sign_in(visitor())
    session().rollback()
    after = session().get_one(Identity, cast.resident.person_id).password_hash
    assert after != before
    assert password_matches(after, PASSWORD)


def test_every_verb_of_the_room_is_offered_by_its_package() -> None:
    assert all(callable(getattr(commands, name)) or name == "SENDERS" for name in commands.__all__)
