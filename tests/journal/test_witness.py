"""The witness of all tests sees each change that its journal does not speak of; here are some, made on purpose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import bindparam, delete, insert, select, update

from cogov.duties.models import ClockPause, RunningClock
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.prepared import Adding, Prepared
from cogov.ground.refusals import NotFound
from cogov.journal.batches import savepoint
from cogov.journal.transaction import record, transaction, verb
from cogov.people.models import Organization
from cogov.people.rules import CLOCK
from cogov.places.events import RulesConfirmed
from cogov.places.models import PlaceSetting
from cogov.problems.models import Following, Problem, Raiser, Second
from cogov.problems.rules.following import FollowLevel
from tests.cast import Cast
from tests.journeys.walking import look, raise_something
from tests.witness import breaches

Change = Callable[[Cast, int], object]


def _pause(_cast: Cast, problem_id: int) -> None:
    clock_id = session().scalar(select(RunningClock.id).where(RunningClock.problem_id == problem_id).limit(1))
    session().add(ClockPause(clock_id=clock_id, began_at=now(), reason="等材料", salt=""))


def _meet(cast: Cast, problem_id: int) -> None:
    rows = [{"problem_id": problem_id, "person_id": cast.neighbour.person_id, "at": now()}]
    session().execute(insert(Second), rows)


def _meet_past_the_session(cast: Cast, problem_id: int) -> None:
    Adding(Second).run(problem_id=problem_id, person_id=cast.neighbour.person_id, at=now())


def _move_past_the_session(_cast: Cast, problem_id: int) -> None:
    chosen = update(Problem).where(Problem.id == bindparam("problem"))
    Prepared(chosen, int, columns=["spot"]).run({"problem": problem_id, "spot": "别处"})


def _follow(cast: Cast, problem_id: int) -> None:
    level = FollowLevel.NEEDS
    session().add(Following(problem_id=problem_id, person_id=cast.neighbour.person_id, level=level, since=now()))


CHANGES: dict[str, Change] = {
    "problem": lambda _, problem_id: setattr(found(session().get(Problem, problem_id)), "title", "另一个"),
    "clock_pause": _pause,
    "second": _meet,
    "raiser": lambda _, problem_id: session().execute(delete(Raiser).where(Raiser.problem_id == problem_id)),
    "running_clock": lambda _, problem_id: session().execute(
        update(RunningClock).where(RunningClock.problem_id == problem_id).values(due_at=now())
    ),
    "organization": lambda cast, _: session().execute(
        update(Organization).where(Organization.id == cast.organizations["committee"]).values(name="换了名字")
    ),
    "place_setting": lambda cast, _: session().add(PlaceSetting(place_id=cast.community_id, name="x", value=1)),
}
"""Changes by the table that they change."""


@verb
def _change(change: Change, cast: Cast, problem_id: int, *said: int | None) -> None:
    change(cast, problem_id)
    for of in said:
        record(RulesConfirmed(cast.community_id), CLOCK, place_id=cast.community_id, problem_id=of)


def _taken() -> set[str]:
    taken, breaches[:] = set(breaches), []
    return taken


@pytest.mark.parametrize(("table", "change"), [("second", _meet_past_the_session), ("problem", _move_past_the_session)])
def test_what_is_written_past_the_session_is_seen_too(cast: Cast, table: str, change: Change) -> None:
    problem_id = look(cast, raise_something(cast)).id
    _change(change, cast, problem_id)
    assert _taken() == {f"{table} of problem {problem_id}"}
    _change(change, cast, look(cast, raise_something(cast)).id, None)
    assert _taken() == set()


@pytest.mark.parametrize("table", CHANGES)
def test_a_change_without_its_entry_is_seen_and_with_it_passes(cast: Cast, table: str) -> None:
    mine, other = (look(cast, raise_something(cast)).id for _ in range(2))
    registered = table in {"organization", "place_setting"}
    _change(CHANGES[table], cast, mine, other, *([mine] if registered else []))
    assert _taken() == {f"{table} of {'the registers' if registered else f'problem {mine}'}"}
    with transaction():
        session().execute(delete(PlaceSetting))
        session().execute(delete(Second))
    session().expire_all()
    _change(CHANGES[table], cast, other, None if registered else other)
    assert not _taken()


def test_an_entry_of_no_problem_speaks_for_all(cast: Cast) -> None:
    mine = look(cast, raise_something(cast)).id
    _change(CHANGES["problem"], cast, mine, None)
    assert not _taken()


def test_what_is_asked_anew_each_time_and_what_was_undone_need_no_entry(cast: Cast) -> None:
    mine = look(cast, raise_something(cast)).id
    _change(_follow, cast, mine)

    def refused(cast: Cast, problem_id: int) -> None:
        with savepoint():
            _meet(cast, problem_id)
            CHANGES["problem"](cast, problem_id)
            session().flush()
            raise NotFound

    def undone(cast: Cast, problem_id: int) -> None:
        with pytest.raises(NotFound):
            refused(cast, problem_id)

    _change(undone, cast, mine)
    assert not _taken()


def test_what_a_test_prepares_by_itself_is_its_own_affair(cast: Cast) -> None:
    mine = look(cast, raise_something(cast)).id
    with transaction():
        CHANGES["problem"](cast, mine)
    assert not _taken()


def test_a_request_that_writes_outside_a_command_is_seen(app: Flask, cast: Cast) -> None:
    problem_id = look(cast, raise_something(cast)).id
    with app.test_request_context("/problems"):
        Adding(Second).run(problem_id=problem_id, person_id=cast.neighbour.person_id, at=now())
        session().rollback()
    assert [each for each in breaches if "outside a command" in each] == breaches
    assert len(breaches) == 1
    breaches.clear()
