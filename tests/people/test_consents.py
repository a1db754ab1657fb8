"""To what people agree: asked for in versions, separately where the law asks, taken back at any time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.people.commands import agree, change_pseudonym, join, open_sign_in, withdraw_consent
from cogov.people.models import Consent, Person
from cogov.people.queries import consented, consents_of, missing_consents
from cogov.people.rules import CLOCK, Actor
from cogov.people.rules import consents as rules
from cogov.people.rules.consents import NEEDED, VERSIONS, ConsentKind, consents_missing, texts_held
from tests.cast import Cast
from tests.databases import both
from tests.people.doors import (
    PASSWORD,
    RESIDENT,
    STRANGER,
    fill,
    give_password,
    sent_to,
    sign_in,
    sign_up_fields,
    visitor,
)
from tests.storms import at_once

Clients = Callable[[str], Any]


def _newcomer() -> Actor:
    return Actor(join(CLOCK, pseudonym="新来的人", phone=STRANGER).id)


def test_each_text_is_asked_for_in_the_version_that_holds():
    given = {(kind, VERSIONS[kind]) for kind in ConsentKind}
    assert consents_missing(given) == []
    assert consents_missing(set()) == list(NEEDED)
    assert consents_missing({(ConsentKind.PRIVACY, "2020-01"), (ConsentKind.TERMS, VERSIONS[ConsentKind.TERMS])}) == [
        ConsentKind.PRIVACY
    ]


def test_nobody_agrees_to_a_text_before_its_day() -> None:
    day = max(date.fromisoformat(VERSIONS[kind]) for kind in NEEDED)
    assert texts_held(day)
    assert not texts_held(day - timedelta(days=1))


@both
def test_agreeing_many_times_at_once_agrees_once(app: Flask, backend: str):
    newcomer = _newcomer()
    outcomes = at_once(app, 8, lambda _index: agree(newcomer))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert sorted(row.kind for row in consents_of(newcomer)) == ["privacy", "terms"]


@both
def test_what_was_taken_back_can_be_given_again(app: Flask, cast: Cast, backend: str):
    agree(cast.resident, {ConsentKind.HOME: VERSIONS[ConsentKind.HOME]})
    assert consented(cast.resident.person_id, ConsentKind.HOME)
    withdraw_consent(cast.resident, ConsentKind.HOME)
    assert not consented(cast.resident.person_id, ConsentKind.HOME)
    with pytest.raises(Refused, match="consent_missing"):
        withdraw_consent(cast.resident, ConsentKind.HOME)
    agree(cast.resident, {ConsentKind.HOME: VERSIONS[ConsentKind.HOME]})
    held = select(Consent.withdrawn_at).where(Consent.kind == ConsentKind.HOME).order_by(Consent.id)
    first, second = session().scalars(held)
    assert first is not None
    assert second is None


def test_nobody_agrees_to_a_version_they_were_not_shown(cast: Cast):
    with pytest.raises(Refused, match="text_changed"):
        agree(cast.resident, {ConsentKind.HOME: "1999-01"})


def test_signing_up_records_each_consent_and_the_separate_one_only_when_ticked(app: Flask, cast: Cast):
    client = visitor()
    assert fill(client, "/sign-up", **sign_up_fields(terms="")).status_code == 422
    fill(client, "/sign-up", **sign_up_fields())
    fill(client, "/sign-up/code", code=sent_to(STRANGER)["code"])
    person = session().scalars(select(Person).where(Person.pseudonym == "桂花树下")).one()
    assert {row.kind for row in consents_of(Actor(person.id))} == set(NEEDED)
    other = visitor()
    fields = sign_up_fields(contact="13700002222", pseudonym="梧桐树下", home="y")
    fill(other, "/sign-up", **fields)
    fill(other, "/sign-up/code", code=sent_to("13700002222")["code"])
    second = session().scalars(select(Person).where(Person.pseudonym == "梧桐树下")).one()
    assert {row.kind for row in consents_of(Actor(second.id))} == set(ConsentKind)


def test_a_new_version_is_asked_for_at_the_next_sign_in(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    give_password(cast)
    assert sign_in(visitor(), then="/problems").location == "/problems"
    monkeypatch.setitem(rules.VERSIONS, ConsentKind.TERMS, "2027-01")
    client = visitor()
    answer = sign_in(client, RESIDENT, PASSWORD, then="/problems")
    assert answer.location == "/consents?then=/problems"
    text = client.get(answer.location).get_data(as_text=True)
    assert "2027-01" in text
    assert "我看过并同意隐私说明" not in text
    missing = client.post("/consents", {"then": "/problems", "terms_version": "2027-01"})
    assert missing.status_code == 422
    done = client.post("/consents", {"then": "/problems", "terms_version": "2027-01", "terms": "y"})
    assert (done.status_code, done.location) == (303, "/problems")
    assert missing_consents(cast.resident.person_id or 0) == []


def test_who_disagrees_is_signed_out_and_still_reads(app: Flask):
    newcomer = _newcomer()
    client = visitor()
    with client.http.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = open_sign_in(newcomer).token, True
    assert "不同意" in client.get("/consents?then=/").get_data(as_text=True)
    client.post("/sign-out")
    assert client.get("/problems").status_code == 200
    assert missing_consents(newcomer.person_id or 0) == list(NEEDED)


def test_taking_back_what_is_needed_signs_out_everywhere(cast: Cast, client_of: Clients):
    here, there = client_of("resident"), client_of("resident")
    here.get("/me/data")
    assert here.post("/me/consents/privacy/withdrawal").status_code == 303
    assert there.get("/me").status_code == 303
    kinds = select(JournalEntry.kind).where(JournalEntry.actor_id == cast.resident.person_id)
    assert "ConsentWithdrawn" in set(session().scalars(kinds))
    assert here.get("/me").status_code == 303


def test_the_page_of_my_data_shows_versions_and_ways(cast: Cast, client_of: Clients):
    client = client_of("resident")
    text = client.get("/me/data").get_data(as_text=True)
    for words in ("使用约定", "隐私说明", VERSIONS[ConsentKind.PRIVACY], "导出", "测试里居委会"):
        assert words in text
    assert client.post("/me/consents/home", {"version": VERSIONS[ConsentKind.HOME]}).status_code == 303
    assert consented(cast.resident.person_id, ConsentKind.HOME)
    assert client.post("/me/consents/gossip", {"version": "1"}).status_code == 404


# The public name -----------------------------------------------------------------------------------------------------


@both
def test_a_public_name_changes_once_in_thirty_days(cast: Cast, backend: str):
    change_pseudonym(cast.resident, "玉兰花下")
    assert session().get_one(Person, cast.resident.person_id).pseudonym == "玉兰花下"
    with pytest.raises(Refused, match="renamed_lately"):
        change_pseudonym(cast.resident, "石榴花下")
    with time_machine.travel(now() + timedelta(days=31)):
        change_pseudonym(cast.resident, "石榴花下")
        with pytest.raises(Refused, match="pseudonym_taken"):
            change_pseudonym(cast.owner, "石榴花下")
    with pytest.raises(Refused, match="pseudonym_office"):
        change_pseudonym(cast.owner, "居委会主任")


def test_the_real_name_and_the_home_stand_on_ones_own_page_only(cast: Cast, client_of: Clients):
    text = client_of("resident").get("/me").get_data(as_text=True)
    assert "1 号楼 1 单元 101 室" in text
    assert "您住在这里，是业主的家人" in text
    assert "可以提出问题" not in client_of("official").get("/me").get_data(as_text=True)
    assert "可以签收、办理和报结果" in client_of("official").get("/me").get_data(as_text=True)
    assert "还没有核对您的住处和产权" in client_of("complained_of").get("/me").get_data(as_text=True)


@pytest.mark.parametrize("url", ["/me", "/me/devices", "/me/data", "/me/involved", "/me/notices"])
def test_ones_own_pages_are_for_oneself_and_cost_a_constant_number_of_queries(
    cast: Cast, client_of: Clients, counted: Callable[[], Any], url: str
):
    assert visitor().get(url).status_code == 303
    client = client_of("resident")
    client.get(url)
    with counted() as asked:
        answer = client.get(url)
    assert "no-store" in answer.headers["Cache-Control"]
    assert len(asked.statements) <= 24
