"""A witness of all tests: no row of a problem or of the registers changes without an entry that says whose it is.

What pages keep of one problem is thrown away by an entry of that problem, and by one of no problem, such as those of
the registers (``cogov.journal.kept``). A command that changed a problem's row and recorded nothing of it would leave
an old page standing; so each commit of a command is watched, whatever test makes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Column, Connection, Select, Table, bindparam, event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session

from cogov.ground.db import Base, session, writing
from cogov.ground.prepared import Prepared
from cogov.journal.transaction import transaction

REGISTERS = frozenset(
    {
        "place",
        "place_setting",
        "set_up",
        "grid_shape",
        "grid_holder",
        "building",
        "unit",
        "owner",
        "ownership",
        "residence",
        "matter",
        "duty_item",
        "calendar_day",
        "organization",
        "role_held",
    }
)
"""What is of no problem and yet shown with them: a change needs an entry of no problem."""

SILENT = {
    "journal_entry": "the entries themselves; only whether one was told is ever changed",
    "search_text": "searches are never kept under a problem",
    "following": "asked anew of each reader, as it leaves no trace",
    "reading_mark": "asked anew of each reader; nobody is told how far anybody has read",
    "notification": "one person's own",
    "reminded": "what was sent to one person",
    "robot_hearing": "what robots still have to be told",
    "robot_post": "what robots were told",
    "roll_mark": "asked anew of each reader; an entry would say when somebody came, and join the roll to the box",
    "service": "asked anew for each page; an entry would say who reads what, and nobody is watched",
    "box_ballot": "shown to nobody before the box is open; an entry would join the box to the roll",
    "stance": "asked anew of each reader; an entry would say who answers when",
    "participant": "as their stances",
    "chart": "asked anew for each page, as the answers it is drawn from",
    "drawing": "shown to nobody",
}
"""What hangs on a problem and is kept nowhere under it, and why."""

PARTS = frozenset(
    {
        "keep_document",
        "keep_picture",
        "name_on_dossier",
        "note_accountable",
        "note_acting",
        "note_case_closed",
        "note_case_open",
        "note_deciding",
        "note_gathering",
        "note_outcome",
        "note_rework",
    }
)
"""Parts of commands, which say for them what was done; some tests do them alone."""

REPAIRS = dict.fromkeys(
    ("recount", "repair_turnouts", "repair_tasks"),
    "counters that were wrong are seen right within the minute that anything is kept at most",
) | {
    "issue_token": "the turnout of a secret vote: an entry would say who came when, and it is shown in tens",
    "answer_statement": "how a statement is answered is asked anew for each page; an entry would say who answers when",
    "withdraw_answer": "likewise",
}
"""What changes rows and says nothing, and why that may be."""

_TRANSACTION = transaction.__wrapped__.__code__  # type: ignore[attr-defined]

breaches: list[str] = []
"""What commands changed without a word; the test during which it happened fails."""


@dataclass
class _Seen:
    """What one transaction has changed and said, by problem; None is the registers."""

    changed: list[tuple[int | None, str, object]] = field(default_factory=list)
    said: set[int | None] = field(default_factory=set)


def watch() -> None:
    """Watch every session from now on."""
    event.listen(Session, "after_flush", _flushed)
    event.listen(Session, "do_orm_execute", _executed)
    event.listen(Session, "after_commit", _committed)
    event.listen(Session, "after_soft_rollback", _rolled_back)
    run, run_many, run_last = Prepared._run, Prepared.run_many, Prepared.run_last

    def one(prepared: Prepared[Any], values: Mapping[str, Any], on: Connection | None = None) -> Any:
        _prepared(prepared.statement, values)
        return run(prepared, values, on)

    def many(prepared: Prepared[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        for values in rows if len(rows) > 1 else ():
            _prepared(prepared.statement, values)
        run_many(prepared, rows)

    def last(prepared: Prepared[Any], values: Mapping[str, Any]) -> bool:
        _prepared(prepared.statement, values)
        return run_last(prepared, values)

    Prepared._run, Prepared.run_many, Prepared.run_last = one, many, last  # type: ignore[method-assign,assignment]


def _prepared(statement: Any, values: Mapping[str, Any]) -> None:
    """Note what a statement that goes past the session is about to write."""
    if statement.is_select or not _may_write(getattr(statement, "table", None)):
        return
    if statement.is_insert:
        _inserted(session()(), statement.table, values)
    elif _is_watched(statement.table.name):
        wanted = select(_told_by(statement.table)).where(*statement._where_criteria)
        for row in _looked(session().connection(), wanted, values):
            _note(session()(), statement.table, row)


def _may_write(what: object) -> bool:
    """Say whether a command runs; a request that writes outside of any could not take it back on PostgreSQL."""
    if not writing() and has_request_context():
        breaches.append(f"{request.method} {request.path} writes {what} outside a command")
    return writing()


def _seen(session: Session) -> _Seen:
    found: _Seen = session.info.setdefault("witness", _Seen())
    return found


def _flushed(session: Session, _context: object) -> None:
    if not _may_write("rows"):
        return
    dirty = session.dirty  # put together anew whenever it is asked for
    for row in (*session.new, *dirty, *session.deleted):
        state = inspect(row)
        table = state.mapper.local_table
        if _is_watched(table.name) and (row not in dirty or session.is_modified(row)):
            column = _told_by(table)
            _note(session, table, {column.name: state.dict.get(state.mapper.get_property_by_column(column).key)})


def _executed(state: ORMExecuteState) -> None:
    """Note what a statement over many rows is about to change."""
    if not (state.is_update or state.is_delete or state.is_insert):
        return
    statement: Any = state.statement
    table = statement.table
    if not _may_write(table):
        return
    if state.is_insert:
        given: Any = state.parameters
        rows = given if isinstance(given, list) else [given] if given else [_given(statement)]
        for values in rows:
            _inserted(state.session, table, values)
        return
    if not _is_watched(table.name):
        return
    # Before it runs, as a row may no longer answer to the condition afterwards.
    wanted = select(_told_by(table)).where(*statement._where_criteria)
    for row in _looked(state.session.connection(), wanted, state.parameters):
        _note(state.session, table, row)


def _inserted(session: Session, table: Table, values: Mapping[str, Any]) -> None:
    if table.name == "journal_entry":
        _seen(session).said.add(values["problem_id"])
    elif _is_watched(table.name):
        _note(session, table, values)


def _given(statement: Any) -> dict[str, Any]:
    return {column.name: getattr(value, "value", value) for column, value in (statement._values or {}).items()}


def _is_watched(name: str) -> bool:
    return name in REGISTERS or (name not in SILENT and _way(name) is not None)


def _note(session: Session, table: Table, values: Mapping[str, Any]) -> None:
    if table.name in REGISTERS:
        _seen(session).changed.append((None, table.name, session.get_nested_transaction()))
        return
    problem_id = _problem_of(session.connection(), table, values)
    if problem_id is not None:
        _seen(session).changed.append((problem_id, table.name, session.get_nested_transaction()))


@cache
def _way(name: str) -> Column[Any] | None:
    """Return the column that leads from a table to its problem, at once or by the row it is a part of."""
    table = Base.metadata.tables[name]
    if name == "problem":
        return table.c.id
    if "problem_id" in table.c:
        return table.c.problem_id
    for column in table.c:
        for key in column.foreign_keys if not column.nullable else ():
            above = key.column.table.name
            if above not in (*REGISTERS, name) and _way(above) is not None:
                return column
    return None


def _told_by(table: Table) -> Column[Any]:
    """Return the column of a watched table by which a row says whose it is; that of the registers says it is there."""
    way = _way(table.name)
    return next(iter(table.primary_key)) if way is None else way


@cache
def _above(name: str) -> tuple[Table, Select[Any]]:
    """Return the table whose part a table is, and the question for whose its row is."""
    way = _way(name)
    assert way is not None
    above = next(iter(way.foreign_keys)).column.table
    return above, select(_told_by(above)).where(above.c.id == bindparam("of"))


def _problem_of(connection: Connection, table: Table, values: Mapping[str, Any]) -> int | None:
    way = _way(table.name)
    value: int | None = values.get(way.name) if way is not None else None
    if way is None or value is None or way.name in ("id", "problem_id"):
        return value
    above, whose = _above(table.name)
    for row in _looked(connection, whose, {"of": value}):
        return _problem_of(connection, above, row)
    return None


def _looked(connection: Connection, query: Any, parameters: Any = None) -> Iterator[dict[str, Any]]:
    # Marked, so that no test counts what the witness asks.
    rows = connection.execute(query, parameters or {}, execution_options={"witness": True})
    yield from [dict(row) for row in rows.mappings()]


def _committed(session: Session) -> None:
    if session.get_nested_transaction() is not None:
        return
    seen: _Seen = session.info.pop("witness", _Seen())
    unsaid = {(name, of) for of, name, _ in seen.changed if not {of, None} & seen.said}
    if unsaid and not _is_excused():
        breaches.extend(f"{name} of {'the registers' if of is None else f'problem {of}'}" for name, of in unsaid)


def _is_excused() -> bool:
    """Say whether this is a repair, or a test prepares what no command does, or does a part of one alone."""
    frame = sys._getframe()
    while frame.f_code is not _TRANSACTION:
        assert frame.f_back is not None
        frame = frame.f_back
    opened = frame.f_back and frame.f_back.f_back  # beyond contextlib
    if opened is None or _in_tests(opened):
        return True
    verb = getattr(opened.f_locals.get("function"), "__name__", "")
    called = opened.f_back
    return verb in REPAIRS or (verb in PARTS and called is not None and _in_tests(called))


def _in_tests(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(str(Path(__file__).parent))


def _rolled_back(session: Session, previous: Any) -> None:
    seen = session.info.get("witness")
    if seen is None:
        return
    if previous.nested:
        seen.changed = [each for each in seen.changed if each[2] is not previous]
    else:
        session.info.pop("witness")
