"""Statements that are put together once read, write and fail as they do through the session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import psycopg
import pytest
from sqlalchemy import Column, LargeBinary, MetaData, Table, bindparam, insert, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from cogov.ground import db as connections
from cogov.ground import straight
from cogov.ground.db import connection, db, session, writer
from cogov.ground.driver import STRAIGHT
from cogov.ground.prepared import Adding, Prepared
from cogov.ground.straight import numbered
from cogov.journal.models import HandledRequest, JournalHead, KeptAnswer
from cogov.people.models import Organization
from cogov.people.rules import OrganizationKind
from tests.databases import both


class _Body(NamedTuple):
    id: int
    kind: OrganizationKind
    name: str
    ended_at: datetime | None


_OF_KINDS = Prepared(
    select(*(getattr(Organization, name) for name in _Body._fields)).where(
        Organization.id.in_([1, 2, 3]), Organization.kind == bindparam("kind")
    ),
    _Body,
)
ENDED = datetime(2026, 3, 1, 8, 30, 0, 125, tzinfo=UTC)


@both
def test_rows_have_the_types_of_their_columns_and_lists_are_written_out(cast) -> None:
    session().get_one(Organization, 2).ended_at = ENDED
    session().flush()
    loaded = session().scalars(select(Organization).where(Organization.id <= 3)).all()
    for kind in OrganizationKind:
        wanted = [_Body(each.id, each.kind, each.name, each.ended_at) for each in loaded if each.kind is kind]
        assert sorted(_OF_KINDS.all({"kind": kind})) == sorted(wanted)
    session().rollback()


@both
def test_a_row_is_added_with_the_defaults_of_its_columns(cast) -> None:
    made = Adding(KeptAnswer).run(person_id=1, key="k", digest="d", at=ENDED)
    kept = session().get_one(KeptAnswer, made)
    assert (kept.status, kept.text, kept.at) == (0, "", ENDED)
    with pytest.raises(KeyError):
        Adding(KeptAnswer).run(person_id=1, key="l")
    session().rollback()


@both
def test_what_is_written_is_to_the_byte_what_the_session_writes(cast) -> None:
    """A moment kept in another way would be neither equal to another nor in its order."""
    Adding(KeptAnswer).run(person_id=1, key="k", digest="d", at=ENDED)
    session().add(KeptAnswer(person_id=2, key="k", digest="d", at=ENDED, status=0, text=""))
    session().flush()
    kept = session().execute(text("SELECT at, digest, status FROM kept_answer ORDER BY person_id")).all()
    assert kept[0] == kept[1]
    session().rollback()


@both
@pytest.mark.parametrize("words", ["二楼拉线", "'\"\\ %s $1 \u2028 \U0001f6b2", ""])
def test_many_rows_are_to_the_byte_what_one_after_the_other_would_be(cast, words: str) -> None:
    rows = [{"key": f"{words}{number}", "digest": words, "text": words, "at": ENDED} for number in range(3)]
    Adding(KeptAnswer).run_many([{"person_id": 1, **row} for row in rows])
    for row in rows:
        Adding(KeptAnswer).run(person_id=2, **row)
    columns = "SELECT key, digest, text, status, at FROM kept_answer WHERE person_id = {} ORDER BY id"
    many, one_by_one = (session().execute(text(columns.format(person))).all() for person in (1, 2))
    assert many == one_by_one
    assert [row.text for row in many] == [words] * 3
    session().rollback()


@both
def test_what_the_schema_refuses_is_refused_as_elsewhere(cast) -> None:
    handled = {"person_id": 1, "token": "one", "at": ENDED}
    Adding(HandledRequest).run(**handled)
    with pytest.raises(IntegrityError) as told:
        Adding(HandledRequest).run(**handled)
    assert "2026" not in str(told.value)
    session().rollback()


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
@pytest.mark.parametrize("token", ["one\0two", "half a \ud800"])
def test_no_text_is_cut_off_at_a_sign_that_the_database_cannot_hold(cast, token: str) -> None:
    with pytest.raises(DataError):
        Adding(HandledRequest).run(person_id=1, token=token, at=ENDED)
    session().rollback()


def test_places_are_numbered_once_for_each_value() -> None:
    assert numbered("%(b)s::VARCHAR LIKE '%%x' || %(a)s AND %(b)s") == (
        "$1::VARCHAR LIKE '%x' || $2 AND $1",
        ("b", "a"),
    )


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
def test_only_so_many_are_kept_prepared(cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "STATEMENTS", 3)
    session().remove()
    db.engine.dispose()  # how many is said to a connection when it is made
    for number in range(8):
        wanted = Prepared(select(JournalHead.number.label(f"named_{number}")), int)
        assert wanted.all({}) == wanted.all({})
    kept = session().scalar(text("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'cogov%'"))
    assert kept == 3


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
def test_a_connection_that_is_lost_is_used_no_more(cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "IDLE", 3600.0)
    head = Prepared(select(JournalHead.number), int)
    process = session().scalar(text("SELECT pg_backend_pid()"))
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", (process,))
    with pytest.raises(OperationalError) as told:
        head.all({})
    assert told.value.connection_invalidated
    session().remove()
    assert head.all({})


def test_a_column_that_would_be_filled_in_elsewhere_is_no_part_of_it(cast) -> None:
    with pytest.raises(TypeError):
        Prepared(insert(KeptAnswer), int, columns=["person_id"]).run({"person_id": 1})


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
def test_many_rows_with_what_one_value_cannot_hold_are_refused(cast) -> None:
    odd = Table("odd", MetaData(), Column("bare", LargeBinary))
    with pytest.raises(TypeError, match="bare"):
        Prepared(insert(odd), int, columns=["bare"]).run_many([{"bare": b"a"}, {"bare": b"b"}])
    unless_there = postgresql.insert(HandledRequest).on_conflict_do_nothing()
    rows = [{"person_id": 1, "token": "one", "at": ENDED}] * 2
    with pytest.raises(TypeError, match="ON CONFLICT"):
        Prepared(unless_there, int, columns=list(rows[0])).run_many(rows)
    with pytest.raises(TypeError, match="timedelta"):
        Adding(HandledRequest).run_many([{**row, "token": timedelta()} for row in rows])
    session().rollback()


@pytest.fixture
def round_about(monkeypatch: pytest.MonkeyPatch, cast: object) -> Iterator[None]:
    """Connect anew while nothing may go straight; those that come later may again."""
    with monkeypatch.context() as during:
        during.setattr(straight, "SHORT_WAYS", False)
        session().remove()
        db.engine.dispose()
        yield
        session().remove()
        db.engine.dispose()


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
def test_switched_off_all_goes_through_psycopg_and_comes_out_alike(round_about: None) -> None:
    assert not connection().connection.info[STRAIGHT].is_open()
    body = _OF_KINDS.all({"kind": OrganizationKind.COMMITTEE})[0]
    loaded = session().get_one(Organization, body.id)
    assert (body.kind, body.name, body.ended_at) == (loaded.kind, loaded.name, loaded.ended_at)
    with writer():
        Adding(KeptAnswer).run(person_id=1, key="k", digest="d", at=ENDED)
        Adding(KeptAnswer).run_many([{"person_id": 2, "key": key, "digest": "d", "at": ENDED} for key in "kl"])
        session().rollback()
        kept = Adding(KeptAnswer).run(person_id=3, key="k", digest="d", at=ENDED)
        session().commit()
    assert session().scalars(select(KeptAnswer.id)).all() == [kept]


def test_a_psycopg_that_keeps_what_is_prepared_elsewhere_is_left_alone() -> None:
    assert not straight._keep_what_is_prepared(object())
