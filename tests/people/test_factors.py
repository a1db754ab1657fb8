"""Second factors: an app, passkeys, codes on paper; each code opens once, and guessing ends as at the first door."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.ground.scopes import Scope
from cogov.journal.models import JournalEntry
from cogov.people.commands import (
    add_passkey,
    make_token,
    open_sign_in,
    remove_factors,
    remove_passkey,
    take_app_step,
    use_passkey,
    use_recovery_code,
)
from cogov.people.models import AuthenticatorApp, Identity, Passkey, RecoveryCode, SignIn
from cogov.people.queries import actor_signed_in, has_factor, passkeys_of, recovery_codes_left
from cogov.people.rules import CLOCK, Role
from cogov.people.rules.factors import matching_step
from cogov.places.commands import set_threshold
from cogov.places.rules import Setting
from tests.cast import HERE, Cast
from tests.clients import Client
from tests.databases import both
from tests.people.doors import give_password, is_in, sign_in, visitor
from tests.storms import at_once

Clients = Callable[[str], Client]


def _secret(page: str) -> str:
    found = re.search(r'<span class="code">([A-Z2-7 ]+)</span>', page)
    assert found is not None
    return found[1].replace(" ", "")


def _set_up(client: Client) -> tuple[str, list[str]]:
    """Set up an app as its owner does; return the secret and the codes on paper."""
    client.get("/me/devices")
    page = client.post("/me/authenticator/start").text
    assert 'src="data:image/svg+xml' in page
    secret = _secret(page)
    assert client.post("/me/authenticator", {"code": "000000"}).status_code == 422
    made = client.post("/me/authenticator", {"code": pyotp.TOTP(secret).at(now())}).text
    codes = re.findall(r'<li class="code">([0-9a-z-]+)</li>', made)
    assert len(set(codes)) == 10
    return secret, codes


@pytest.fixture
def app_of(cast: Cast, client_of: Clients) -> tuple[str, list[str]]:
    """Return secret and codes of the resident, who has a password and an app."""
    give_password(cast)
    return _set_up(client_of("resident"))


def test_the_password_alone_no_longer_opens(cast: Cast, app_of: tuple[str, list[str]]) -> None:
    secret, _ = app_of
    client = visitor()
    assert sign_in(client, then="/me/devices").location == "/sign-in/second"
    assert not is_in(client)
    client.get("/sign-in/second")
    assert client.post("/sign-in/second", {"code": "123 456"}).status_code == 422
    with time_machine.travel(now() + timedelta(minutes=1)):
        answer = client.post("/sign-in/second", {"code": pyotp.TOTP(secret).at(now())})
        assert (answer.status_code, answer.location) == (303, "/me/devices")
        assert is_in(client)
        # The same code a second time opens nothing, also while it is still shown.
        other = visitor()
        sign_in(other)
        other.get("/sign-in/second")
        assert other.post("/sign-in/second", {"code": pyotp.TOTP(secret).at(now())}).status_code == 422
        assert not is_in(other)


def test_a_code_on_paper_opens_once_and_stands_in_the_journal(cast: Cast, app_of: tuple[str, list[str]]) -> None:
    _, codes = app_of
    for expected in (303, 422):
        client = visitor()
        sign_in(client)
        client.get("/sign-in/second")
        assert client.post("/sign-in/second", {"code": codes[0].upper().replace("-", " ")}).status_code == expected
        assert is_in(client) is (expected == 303)
    assert recovery_codes_left(cast.resident.person_id) == 9
    kinds = select(JournalEntry.kind).where(JournalEntry.subject_id == cast.resident.person_id)
    assert "RecoveryCodeUsed" in set(session().scalars(kinds))


def test_guessing_ends_at_the_second_step_from_wherever_it_is_tried(cast: Cast, app_of: tuple[str, list[str]]) -> None:
    _, codes = app_of
    answers = []
    for n in range(11):
        client = visitor()
        sign_in(client)
        client.get("/sign-in/second")
        address = {"REMOTE_ADDR": f"127.0.0.{n + 2}"}
        answers.append(client.post("/sign-in/second", {"code": f"{n:06d}"}, environ_overrides=address).status_code)
    assert answers == [422] * 10 + [429]
    assert client.post("/sign-in/second", {"code": codes[0]}).status_code == 429
    assert not is_in(client)


def test_the_second_step_waits_ten_minutes_and_for_nobody_else(cast: Cast, app_of: tuple[str, list[str]]) -> None:
    secret, _ = app_of
    client = visitor()
    assert client.get("/sign-in/second").location == "/sign-in"
    sign_in(client)
    client.get("/sign-in/second")
    with time_machine.travel(now() + timedelta(minutes=11)):
        answer = client.post("/sign-in/second", {"code": pyotp.TOTP(secret).at(now())})
        assert answer.location == "/sign-in"
        assert not is_in(client)


def test_a_code_that_was_sent_opens_no_further_than_a_password(cast: Cast, app_of: tuple[str, list[str]]) -> None:
    from_outbox = visitor()
    from_outbox.get("/recovery")
    from_outbox.post("/recovery", {"contact": "13900000000"})
    assert not is_in(from_outbox)
    assert has_factor(cast.resident.person_id or 0)


def test_the_secret_lies_locked_and_the_codes_only_as_hashes(cast: Cast, app_of: tuple[str, list[str]]) -> None:
    secret, codes = app_of
    row = session().get_one(AuthenticatorApp, cast.resident.person_id)
    assert secret not in row.sealed_secret
    kept = set(session().scalars(select(RecoveryCode.code_hash)))
    assert not kept & set(codes)


@both
def test_of_many_with_one_code_one_comes_in(app: Flask, cast: Cast, backend: str) -> None:
    person = cast.resident.person_id or 0
    session().add(AuthenticatorApp(person_id=person, sealed_secret="x", made_at=now(), confirmed_at=now(), last_step=5))
    session().add(RecoveryCode(person_id=person, code_hash="h", made_at=now()))
    session().commit()
    for act in (lambda _: take_app_step(CLOCK, person, 6), lambda _: use_recovery_code(CLOCK, person, "h")):
        answers = at_once(app, 12, act)
        assert (answers.count(True), answers.count(False)) == (1, 11)


def test_a_code_is_good_for_a_step_before_and_after_and_never_twice() -> None:
    at = datetime.fromisoformat("2026-11-22T10:00:10+08:00")
    secret, step = pyotp.random_base32(), int(at.timestamp()) // 30
    for off, fits in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        digits = pyotp.TOTP(secret).generate_otp(step + off)
        assert (matching_step(secret, digits, at, 0) == step + off) is fits, off
        assert matching_step(secret, digits, at, step + off) is None


def test_a_passkey_whose_counter_goes_back_is_a_copy(cast: Cast) -> None:
    told: dict[str, Any] = {"public_key": "k", "name": "手机", "code_hashes": ["a", "b"]}
    by = cast.resident
    assert add_passkey(by, credential="c", sign_count=3, **told)
    assert not add_passkey(by, credential="d", sign_count=0, **told), "the codes of the first one stay"
    [first, second] = passkeys_of(by.person_id)
    assert use_passkey(CLOCK, first.id, sign_count=4, challenge="1") == by.person_id
    for count, challenge in ((4, "2"), (3, "3"), (5, "1")):
        with pytest.raises(Refused):
            use_passkey(CLOCK, first.id, sign_count=count, challenge=challenge)
    # One that does not count says nought each time.
    assert use_passkey(CLOCK, second.id, sign_count=0, challenge="4") == by.person_id
    remove_passkey(by, first.id)
    assert recovery_codes_left(by.person_id) == 2
    remove_passkey(by, second.id)
    assert recovery_codes_left(by.person_id) == 0


def test_what_is_no_passkey_opens_nothing(client_of: Clients, cast: Cast) -> None:
    client = visitor()
    for sent in ("", "{}", "[1]", '{"id": "x"}', '{"id": ' + "[" * 5000, "x" * 30_000, '{"id": "\\u0000"}'):
        client.get("/sign-in")
        answer = client.post("/sign-in/passkey", {"credential": sent})
        assert answer.status_code == 422, sent[:20]
        assert "这个通行密钥没有通过" in answer.text
    assert not is_in(client)


def test_office_rests_until_the_second_factor_that_the_place_asks_for(cast: Cast, client_of: Clients) -> None:
    set_threshold(cast.administrator, code=HERE, name=Setting.SECOND_FACTOR_ASKED, value=1)
    person = cast.moderator.person_id or 0
    program = make_token(cast.moderator, name="程序", scopes=[Scope.READ], until=now() + timedelta(days=1)).token
    give_password(cast, "moderator")
    client = visitor()
    contact = session().scalars(select(Identity.phone).where(Identity.person_id == person)).one() or ""
    assert sign_in(client, contact=contact).location == "/me/devices"
    assert "您办公用的身份先歇着" in client.get("/me/devices").text
    assert client.get("/work").status_code == 403
    assert Role.MODERATOR not in _roles_of(program)
    _set_up(client)
    assert client.get("/work").status_code == 200
    assert Role.MODERATOR in _roles_of(program)
    # Whoever holds no office is asked for nothing.
    token = open_sign_in(cast.resident).token
    found = actor_signed_in(token)
    assert found is not None
    assert Role.RESIDENT in {held.role for held in found[0].standings}


def _roles_of(program: str) -> set[str]:
    answer = visitor().get("/api/v1/me", headers={"Authorization": f"Bearer {program}"})
    return {held["role"] for held in answer.get_json()["standings"]}


def test_who_lost_everything_is_let_in_again_at_the_machine_alone(cast: Cast, app_of: tuple[str, list[str]]) -> None:
    person = cast.resident.person_id or 0
    remove_factors(CLOCK, person)
    assert not has_factor(person)
    for table in (AuthenticatorApp, Passkey, RecoveryCode):
        assert session().scalar(select(func.count()).select_from(table)) == 0
    open_ones = select(func.count()).where(SignIn.person_id == person, SignIn.ended_at.is_(None))
    assert session().scalar(open_ones) == 0
    client = visitor()
    sign_in(client)
    assert is_in(client)
