"""Names and contacts are masked on every page of the console; whoever needs them says why, and the person reads it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from cogov.ground.db import session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.people.commands import look_at_contact
from cogov.people.models import Identity, Look
from cogov.people.queries import looks_at
from cogov.people.rules import CLOCK
from cogov.people.rules.looking import LookReason
from tests.cast import Cast
from tests.clients import Client
from tests.databases import both

Clients = Callable[[str], Client]
NAME = "欧阳思齐"


@pytest.fixture
def phone(cast: Cast) -> str:
    """Give the resident a real name, and return their number."""
    identity = session().get_one(Identity, cast.resident.person_id)
    identity.name = NAME
    session().commit()
    return identity.phone or ""


def test_no_page_of_the_console_shows_a_name_or_a_number_before_a_reason(
    cast: Cast, client_of: Clients, phone: str
) -> None:
    person = cast.resident.person_id
    client = client_of("administrator")
    for url in (f"/admin/people?q={phone}", f"/admin/people?q={NAME}"):
        # What was searched for stands in the field and in the address of the page, as it was typed.
        [table] = re.findall(r"<table.*?</table>", client.get(url).text, re.DOTALL)
        assert "欧*" in table
        assert phone not in table
        assert NAME not in table
    for url in ("/admin/people", f"/admin/people/{person}"):
        page = client.get(url).text
        assert phone not in page
        assert NAME not in page
    assert "欧*" in client.get(f"/admin/people/{person}").text
    # Without a reason nothing is shown and nothing is kept.
    assert client.post(f"/admin/people/{person}/look", {"reason": ""}).status_code == 422
    assert client.post(f"/admin/people/{person}/look", {"reason": "curious"}).status_code == 422
    assert looks_at(person or 0) == []


def test_a_look_shows_once_stands_in_the_journal_and_on_the_page_of_the_person(
    cast: Cast, client_of: Clients, phone: str
) -> None:
    person, client = cast.resident.person_id, client_of("administrator")
    client.get(f"/admin/people/{person}")
    shown = client.post(f"/admin/people/{person}/look", {"reason": "call_back", "once": "look-1"})
    assert NAME in shown.text
    assert phone in shown.text
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert client.post(f"/admin/people/{person}/look", {"reason": "call_back", "once": "look-1"}).status_code == 409
    assert phone not in client.get(f"/admin/people/{person}").text
    [look] = looks_at(person or 0)
    assert look.reason is LookReason.CALL_BACK
    entry = session().scalars(select(JournalEntry).where(JournalEntry.kind == "PersonLookedAt")).one()
    assert (entry.actor_id, entry.subject_id) == (cast.administrator.person_id, person)
    assert NAME not in entry.facts
    mine = client_of("resident").get("/me/data").text
    assert "系统管理员" in mine
    assert "回访或联系本人办事" in mine
    # Whose name it is is said by the role: the person reads who looked as what, others read nothing.
    assert "回访或联系本人办事" not in client_of("neighbour").get("/me/data").text


@both
def test_only_whose_duty_reaches_a_person_looks(cast: Cast, backend: str) -> None:
    person = cast.resident.person_id or 0
    for name in ("neighbour", "moderator", "official", "auditor", "foreign_moderator"):
        with pytest.raises(Refused) as refused:
            look_at_contact(getattr(cast, name), person, reason="call_back")
        assert refused.value.refusal.code == "not_who_keeps", name
    with pytest.raises(NotFound):
        look_at_contact(cast.administrator, 987_654, reason="call_back")
    look_at_contact(cast.street_office, person, reason="emergency")
    [look] = looks_at(person)
    assert look.organization, "who looks for a body is named with it"
    look_at_contact(cast.administrator, cast.administrator.person_id or 0, reason="verify")
    assert looks_at(cast.administrator.person_id or 0) == [], "one's own data is no look"
    assert CLOCK.person_id is None
    assert len(list(session().scalars(select(Look)))) == 1
