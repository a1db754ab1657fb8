"""Codes are limited by the network they are asked for and tried from, too; others, and other ways in, go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.ground.vault import lock
from cogov.people.commands import begin_app, confirm_app, count_there
from cogov.people.models import FailedSignIn, OneTimeCode
from cogov.people.rules import ANYONE
from cogov.people.rules.entering import network_of, why_not_from_there
from cogov.people.views.proving import APP
from tests.cast import Cast
from tests.clients import Client
from tests.databases import both
from tests.people.doors import PASSWORD, RESIDENT, fill, give_password, is_in, sign_in, sign_up_fields, visitor
from tests.storms import at_once

THERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
TOO_MANY = "从您现在用的网络上"


@pytest.fixture
def three_an_hour(app: Flask) -> Iterator[None]:
    app.config.update(ADDRESS_CODES_AN_HOUR=3, ADDRESS_CODES_A_DAY=5)
    yield
    app.config.update(ADDRESS_CODES_AN_HOUR=100, ADDRESS_CODES_A_DAY=500)


def coming_from(address: str) -> Client:
    client = visitor()
    client.http.environ_base["REMOTE_ADDR"] = address
    return client


def ask(address: str, contact: str, url: str = "/recovery") -> int:
    return fill(coming_from(address), url, contact=contact, way="code").status_code


def test_what_counts_as_one_network() -> None:
    assert network_of("203.0.113.7") == network_of("::ffff:203.0.113.7") == "203.0.113.7"
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9%eth0") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert (network_of(""), network_of("nonsense")) == ("", "nonsense")


@pytest.mark.parametrize(
    ("ages", "refused"),
    [
        ([5, 10], False),
        ([5, 10, 15], True),
        ([61, 62, 63, 5], False),
        ([61, 62, 63, 64, 65], True),
        ([1500] * 9, False),
    ],
)
def test_so_many_an_hour_and_a_day(ages: list[int], refused: bool) -> None:
    tried = [now() - timedelta(minutes=age) for age in ages]
    assert (why_not_from_there(tried, now(), an_hour=3, a_day=5) is not None) is refused
    assert why_not_from_there(tried, now(), an_hour=0, a_day=0) is None


def test_who_asks_for_codes_for_many_is_refused_whether_they_are_known_or_not(cast: Cast, three_an_hour: None) -> None:
    give_password(cast)
    phones = (f"1370000{each:04d}" for each in count(1))
    assert [ask(THERE, next(phones), url) for url in ("/sign-in", "/recovery", "/sign-in")] == [303] * 3
    for contact in (RESIDENT, next(phones)):
        refused = fill(coming_from(THERE), "/recovery", contact=contact)
        assert (refused.status_code, TOO_MANY in refused.text) == (429, True)
        assert "用密码或通行密钥登录不受影响" in refused.text
    up = fill(coming_from(THERE), "/sign-up", **sign_up_fields(contact=next(phones)))
    assert (up.status_code, TOO_MANY in up.text) == (429, True)
    assert session().scalar(select(func.count()).select_from(OneTimeCode)) == 3
    # Whoever sits elsewhere gets theirs; and behind the same address a password still opens.
    assert ask(ELSEWHERE, RESIDENT) == 303
    neighbour = coming_from(THERE)
    sign_in(neighbour)
    assert is_in(neighbour)
    # What was refused was not counted: an hour later it goes on, even if somebody kept trying.
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert ask(THERE, next(phones)) == 303


def test_a_list_of_stolen_passwords_is_no_place_to_try_second_codes(cast: Cast, three_an_hour: None) -> None:
    give_password(cast)
    sealed = lock(APP, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    begin_app(cast.resident, sealed_secret=sealed)
    confirm_app(cast.resident, sealed_secret=sealed, step=0, code_hashes=())
    client = coming_from(THERE)
    assert sign_in(client).headers["Location"] == "/sign-in/second"
    tried = [fill(client, "/sign-in/second", code="000 000").status_code for _ in range(4)]
    assert tried == [422, 422, 422, 429]


def test_passwords_are_counted_for_a_line_of_version_6_and_not_for_each_of_its_addresses(cast: Cast) -> None:
    give_password(cast)
    wrong = [sign_in(coming_from(f"2001:db8:1:2::{each:x}"), password="not this one") for each in range(1, 12)]
    assert wrong[-1].status_code == 429
    other = coming_from("2001:db8:1:3::1")
    sign_in(other, password=PASSWORD)
    assert is_in(other)


@both
def test_many_at_once_count_as_many(app: Flask, cast: Cast, three_an_hour: None) -> None:
    outcomes = at_once(app, 12, lambda _index: count_there(ANYONE, "there"))
    refused = [each for each in outcomes if isinstance(each, Refused)]
    assert {each.refusal.code for each in refused} == {"codes_from_here"}
    assert len(refused) == 9
    assert session().scalar(select(func.count()).select_from(FailedSignIn)) == 3
