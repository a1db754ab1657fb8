"""One's own copy: everything that names me, nothing of anybody else; no table can be forgotten."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

import cogov
from cogov.announcements import queries as announcements
from cogov.cases.queries import exporting as cases
from cogov.decisions.queries import exporting as decisions
from cogov.duties import queries as duties
from cogov.files import queries as files
from cogov.front.export import copy_of, titles
from cogov.ground.clock import now
from cogov.ground.copies import SECRETS, addresses, names_persons
from cogov.ground.db import db, session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.meetings.queries import entries as meetings
from cogov.moderation import queries as moderation
from cogov.opinion.queries import copying as opinion
from cogov.people.commands import note_export
from cogov.people.models import Identity
from cogov.people.queries import exporting as people
from cogov.places.queries import exporting as places
from cogov.problems.commands import second_problem
from cogov.problems.queries import exporting as problems
from cogov.robots import queries as robots
from cogov.tasks.queries import exporting as tasks
from cogov.tell import choices as tell
from cogov.tell.notices import spread_all
from cogov.threads.commands import post_message
from cogov.threads.queries import exporting as threads
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import raise_something

ROOMS: tuple[Any, ...] = (
    announcements,
    meetings,
    cases,
    decisions,
    duties,
    files,
    moderation,
    opinion,
    people,
    places,
    problems,
    robots,
    tasks,
    tell,
    threads,
)

LEFT_OUT = {
    ("handled_request", "person_id"): "a random token that makes a form count once; says nothing about the person",
    ("kept_answer", "person_id"): "what a program of theirs was answered, for a day, to be answered alike again",
    ("journal_entry", "actor_id"): "given by people.queries.exporting, as number, kind and time",
}


def _kept() -> set[tuple[str, str]]:
    """Return every column of the database that can hold the number of a person."""
    tables = db.metadata.tables.values()
    return {(table.name, column.name) for table in tables for column in table.columns if names_persons(column)}


def _copied() -> set[tuple[str, str]]:
    return {address for room in ROOMS for address in addresses(room.ABOUT, room.DONE)}


def test_every_column_that_names_a_person_is_copied_or_left_out_for_a_reason(app: Flask) -> None:
    assert _kept() - _copied() - LEFT_OUT.keys() == set()
    # Nothing is listed that is gone, but for the two tables whose own number is the person's.
    assert _copied() - _kept() == {("person", "id")}
    assert LEFT_OUT.keys() <= _kept()


def test_every_room_that_copies_is_asked(app: Flask) -> None:
    names = {room.__name__.split(".")[1] for room in ROOMS}
    assert set(cogov.COPIES) == names


def test_a_copied_table_has_a_title(app: Flask) -> None:
    tables = {table for room in ROOMS for table, _ in addresses(room.ABOUT)}
    assert tables - titles().keys() == set()


@both
def test_a_copy_holds_what_i_did_and_nothing_of_others(cast: Cast, backend: str) -> None:
    number = raise_something(cast)
    second_problem(cast.neighbour, number)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="这句话是邻居说的")
    post_message(cast.resident, number, kind=MessageKind.REASON, text="这句话是我说的")
    spread_all()
    me, other = cast.resident.person_id or 0, cast.neighbour.person_id or 0
    copy = copy_of(me, now())
    text = json.dumps(copy, ensure_ascii=False)
    assert "这句话是我说的" in text
    assert number in text
    assert "这句话是邻居说的" not in text
    theirs = session().scalars(select(Identity.phone).where(Identity.person_id == other)).one()
    assert theirs is not None
    assert theirs not in text
    assert "化名neighbour" not in text
    rooms = copy["rooms"]
    assert [row["phone"] for row in rooms["people"]["identity"]] == [
        session().scalars(select(Identity.phone).where(Identity.person_id == me)).one()
    ]
    for key in ("raiser", "dossier_name"):
        assert len(rooms["problems"][key]) == 1
    assert rooms["tell"]["notification"]
    assert rooms["places"]["residence"]
    assert "PersonJoined" in {row["kind"] for row in rooms["people"]["journal_entry"]}


@both
def test_the_own_rows_carry_no_secret_and_no_other_person(cast: Cast, backend: str) -> None:
    raise_something(cast)
    for who in ("moderator", "resident", "owner", "administrator"):
        person = getattr(cast, who).person_id
        for tables in copy_of(person, now())["rooms"].values():
            for name, rows in tables.items():
                for row in rows:
                    assert not SECRETS & row.keys(), name
                    if "." not in name:
                        others = {key: row[key] for key in row if key.endswith("_by") or key == "person_id"}
                        assert set(others.values()) <= {person, None}, name


def test_the_download_is_a_page_and_data_once_an_hour_and_leaves_an_entry(
    cast: Cast, client_of: Callable[[str], Any]
) -> None:
    client = client_of("resident")
    client.get("/me/data")
    answer = client.post("/me/export")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    packed = zipfile.ZipFile(io.BytesIO(answer.data))
    assert json.loads(packed.read("data.json"))["person"] == cast.resident.person_id
    page = packed.read("wo-de-zi-liao.html").decode()
    assert "13900000000" in page
    assert "<script" not in page
    entries = select(JournalEntry.actor_id).where(JournalEntry.kind == "DataExported")
    assert list(session().scalars(entries)) == [cast.resident.person_id]
    again = client.post("/me/export")
    assert again.status_code == 429
    assert "一小时内已经导出过一次" in again.get_data(as_text=True)
    with time_machine.travel(now() + timedelta(minutes=61)):
        note_export(cast.resident)
        with pytest.raises(Refused, match="export_too_soon"):
            note_export(cast.resident)


def test_a_visitor_gets_no_copy(cast: Cast, client_of: Callable[[str | None], Any]) -> None:
    client = client_of(None)
    client.get("/sign-in")
    assert client.http.post("/me/export", data={"csrf_token": client.token}).status_code == 303
