"""Years of problems cost nothing: what every page and the background ask begins with the few rows that it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from cogov.front.map import problem_map
from cogov.ground.clock import now
from cogov.ground.db import db, session, writing
from cogov.ground.stock import take_stock
from cogov.journal.chain import Peaks, grow
from cogov.journal.kept import HEAD
from cogov.journal.models import JournalCheckpoint
from cogov.journal.sealing import seal, verify
from cogov.loop import work_once
from cogov.meetings.queries import needs as what_waits_after_meetings
from cogov.oversight.queries import figures
from cogov.places.queries import place_by_id
from cogov.problems.commands import second_problem
from cogov.problems.queries import choices_of, count_problems
from cogov.problems.rules.stages import Stage
from cogov.problems.rules.wanted import Wanted
from cogov.tell.mailing import plan_mails
from cogov.tell.notices import spread_all
from cogov.threads.commands import post_message
from cogov.threads.queries.outcomes import _first_signers
from cogov.threads.queries.waiting import needs as what_waits_in_threads
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.minority import NAMED_SIGNERS
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import raise_something

_REGISTERS = "ix_journal_entry_registers"

IDLE = 20
"""So many statements the background may send when there is nothing to do."""


@contextmanager
def _heard(sent: list[tuple[str, Any]]) -> Iterator[None]:
    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _plan(statement: str, parameters: Any) -> str:
    """Return how the database goes about a question where going through a whole table is out of the question."""
    connection = session().connection()
    if db.engine.dialect.name == "sqlite":
        steps = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
    else:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        steps = connection.exec_driver_sql("EXPLAIN " + statement, parameters)
    return "\n".join(str(step[-1]) for step in steps)


def _plan_of(asked: Callable[[], object], about: str) -> str:
    """Return the plan of the one question that speaks of something."""
    sent: list[tuple[str, Any]] = []
    with _heard(sent):
        asked()
    (question,) = [each for each in sent if about in each[0]]
    return _plan(*question)


def _spoken_about(cast: Cast) -> str:
    number = raise_something(cast)
    second_problem(cast.owner, number)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="我家门口也是")
    return number


@both
def test_what_is_asked_again_and_again_begins_with_an_index_of_its_own(app: Flask, cast: Cast) -> None:
    _spoken_about(cast)
    here = place_by_id(cast.community_id)
    wanted = Wanted(here.id, ended=False)
    # SQLite reads the entries of no problem in order from the index of problems as well.
    registers = "ix_journal_entry_(registers|problem)" if db.engine.dialect.name == "sqlite" else _REGISTERS
    asked = {
        registers: (lambda: session().execute(select(*HEAD)), "FROM journal_head"),
        "ix_message_problem": (spread_all, "FROM message"),
        "ix_problem_pinned": (lambda: problem_map(cast.resident, here, wanted, None, now()), "problem.longitude"),
        "ix_dossier_name_person": (lambda: count_problems(cast.owner, wanted, now()), "FROM dossier_name"),
    }
    with app.test_request_context():
        for index, (ask, about) in asked.items():
            plan = _plan_of(ask, about)
            assert re.search(rf"\b{index}\b", plan), (index, plan)


def test_what_is_counted_stands_in_an_index_and_the_rows_are_not_read(cast: Cast) -> None:
    _spoken_about(cast)
    here, wanted = place_by_id(cast.community_id), Wanted(cast.community_id, ended=False)
    everything = [
        _plan_of(lambda: count_problems(cast.owner, wanted, now()), "GROUP BY problem.stage"),
        _plan_of(lambda: figures(cast.owner, here, now()), "GROUP BY problem.community_id, problem.stage"),
    ]
    for plan in everything:
        assert "USING COVERING INDEX ix_problem_counted" in plan
        assert "FOR GROUP BY" not in plan


def test_who_wants_mail_at_once_is_asked_before_what_there_is_to_tell(cast: Cast) -> None:
    plan = _plan_of(plan_mails, "notification.needs")
    assert "mail_choice" in plan.splitlines()[0]
    assert "SCAN notification" not in plan


SCANNED = re.compile(r"^SCAN (\S+)(?! USING (?:COVERING )?INDEX ix_\w+_(?:waiting|open)\b)")


@pytest.mark.parametrize("who", ["neighbour", "owner", "moderator", "official", "street_office"])
def test_what_waits_for_somebody_begins_with_them_or_with_what_is_open(cast: Cast, who: str) -> None:
    _spoken_about(cast)
    by, sent = getattr(cast, who), list[tuple[str, Any]]()
    with _heard(sent):
        what_waits_in_threads(by)
        what_waits_after_meetings(by)
    assert sent
    read = {"summary_version", "amendment", "meeting_minutes", "meeting", "message", "solution", "problem"}
    for statement, parameters in sent:
        steps = [step.strip() for step in _plan(statement, parameters).splitlines()]
        whole = [step for step in steps if (scan := SCANNED.match(step)) and scan[1] in read]
        assert not whole, (statement, steps)


@both
def test_who_signed_an_opinion_is_read_no_further_than_the_names_that_are_shown(cast: Cast) -> None:
    sent: list[tuple[str, Any]] = []
    with _heard(sent):
        assert _first_signers({1: NAMED_SIGNERS, 2: 10_000, 3: 10_000}) == {}
    statement, parameters = sent[-1]
    plan = _plan(statement, parameters)
    assert statement.count("LIMIT") == 2
    assert plan.count("ix_minority_signer_opinion") == 3, plan
    assert not re.search("WindowAgg|row_number", statement + plan)


@both
def test_where_problems_stand_is_counted_in_one_go_and_adds_up(cast: Cast) -> None:
    _spoken_about(cast)
    _spoken_about(cast)
    shown = figures(cast.owner, place_by_id(cast.community_id), now())
    assert shown.by_stage == {Stage.RAISED: 2}
    assert sum(number for _, number in shown.waiting) == 2
    assert sum(area.open for area in shown.areas) == sum(area.raised for area in shown.areas) == 2
    choices = choices_of(cast.owner, cast.community_id)
    assert [name for _, name in choices.holders] == [name for name, _ in shown.waiting]


# The background ------------------------------------------------------------------------------------------------------


@both
def test_the_background_asks_little_when_there_is_nothing_to_do_however_much_there_was(
    cast: Cast, counted: Callable[[], AbstractContextManager[Any]]
) -> None:
    work_once()
    with counted() as few:
        assert work_once() == 0
    number = _spoken_about(cast)
    for n in range(8):
        post_message(cast.neighbour, number, kind=MessageKind.REASON, text=f"第 {n} 次说")
    assert work_once() >= 8
    with counted() as many:
        assert work_once() == 0
    assert len(many.statements) == len(few.statements) <= IDLE, many.statements


@both
def test_once_a_day_sqlite_learns_how_its_tables_are_filled(cast: Cast) -> None:
    _spoken_about(cast)
    sent: list[tuple[str, Any]] = []
    with _heard(sent):
        take_stock()
    looked = {words.removeprefix("ANALYZE ").strip('"') for words, _ in sent if words.startswith("ANALYZE")}
    if db.engine.dialect.name != "sqlite":
        assert sent == []
        return
    known = set(session().scalars(text("SELECT DISTINCT tbl FROM sqlite_stat1")))
    assert {"problem", "message", "place"} <= known
    assert "task" not in looked


def test_what_a_large_table_holds_is_looked_at_while_others_may_write(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    _spoken_about(cast)
    monkeypatch.setattr("cogov.ground.stock.LARGE", 2)
    sent: list[tuple[str, Any]] = []
    with _heard(sent):
        take_stock()
    steps = [words.split()[0] for words, _ in sent if words.startswith(("ANALYZE", "BEGIN IMMEDIATE"))]
    alone = re.findall("BEGIN ANALYZE (?=BEGIN)", " ".join(steps) + " BEGIN")
    assert len(alone) > 3


@both
def test_sealing_reads_the_journal_without_holding_up_who_writes(app: Flask, cast: Cast) -> None:
    _spoken_about(cast)
    held: list[bool] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM journal_entry" in statement:
            held.append(writing() or "FOR UPDATE" in statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert seal() is not None
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert held
    assert not any(held)


@both
def test_of_two_who_seal_at_once_neither_spoils_what_the_other_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _spoken_about(cast)
    others: list[str] = []

    def grow_slowly(peaks: Peaks, entry_hash: str) -> Peaks:
        if not others:
            others.append(number)
            post_message(cast.owner, number, kind=MessageKind.REASON, text="趁封存的时候说的")
            seal()
        return grow(peaks, entry_hash)

    monkeypatch.setattr("cogov.journal.sealing.grow", grow_slowly)
    seal()
    kept = session().scalars(select(JournalCheckpoint.number).order_by(JournalCheckpoint.number)).all()
    report = verify()
    assert kept
    assert kept[-1] == report.entries
    assert report.faults == ()
