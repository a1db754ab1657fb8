"""Lists are narrowed, ordered and counted as the address says, each order from an index, in as many queries as ever."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from cogov.duties.models import RunningClock
from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.people.rules import ANYONE
from cogov.problems.commands import second_problem
from cogov.problems.models import Problem
from cogov.problems.queries import count_problems, find_problems, just_done, key_of
from cogov.problems.rules.stages import Ending, Official, Stage
from cogov.problems.rules.wanted import Mark, Order, Wanted
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import raise_something

Counted = Callable[[], AbstractContextManager[Any]]


def _titles(cast: Cast, by: Any, **narrowed: Any) -> list[str]:
    order = narrowed.pop("order", Order.NEWEST)
    return [row.title for row in find_problems(by, Wanted(cast.community_id, **narrowed), now(), order=order)]


def _set(number: str, **values: object) -> None:
    problem = session().scalars(select(Problem).where(Problem.number == number)).one()
    for name, value in values.items():
        setattr(problem, name, value)
    session().commit()


def _three(cast: Cast) -> tuple[str, str, str]:
    return (
        raise_something(cast, text="东门路灯不亮"),
        raise_something(cast, by="neighbour", text="西门路灯不亮"),
        raise_something(cast, by="owner", text="南门路灯不亮"),
    )


@both
def test_the_newest_come_first_unless_asked_for_those_most_people_met(cast: Cast) -> None:
    first, second, third = _three(cast)
    _set(first, households=5)
    _set(second, households=9)
    _set(third, households=5)
    assert _titles(cast, cast.resident) == ["南门路灯不亮", "西门路灯不亮", "东门路灯不亮"]
    assert _titles(cast, cast.resident, order=Order.MET) == ["西门路灯不亮", "南门路灯不亮", "东门路灯不亮"]


@both
def test_by_due_date_each_problem_stands_once_at_its_next_clock(cast: Cast) -> None:
    first, second, third = _three(cast)
    clocks = session().scalars(select(RunningClock).order_by(RunningClock.problem_id)).all()
    assert len(clocks) == 3
    clocks[0].due_at = now() + timedelta(days=3)
    clocks[1].due_at = now() + timedelta(days=1)
    clocks[2].paused_at = now()
    session().add(_again(clocks[0], now() + timedelta(days=2)))
    session().commit()
    assert _titles(cast, cast.resident, order=Order.DUE) == ["西门路灯不亮", "东门路灯不亮"]
    assert [first, second, third] == sorted([first, second, third])


def _again(clock: RunningClock, due_at: Any) -> RunningClock:
    return RunningClock(
        purpose=clock.purpose,
        subject_id=clock.subject_id + 1000,
        place_id=clock.place_id,
        problem_id=clock.problem_id,
        started_at=clock.started_at,
        due_at=due_at,
    )


@both
@pytest.mark.parametrize("order", list(Order))
def test_page_after_page_shows_every_problem_once_in_every_order(cast: Cast, order: Order) -> None:
    numbers = [raise_something(cast, text=f"第 {n} 盏路灯不亮了") for n in range(7)]
    for index, number in enumerate(numbers):
        _set(number, households=index % 3)
    wanted, at = Wanted(cast.community_id), now()
    whole = find_problems(cast.resident, wanted, at, order=order, limit=99)
    seen, after = [], ""
    while rows := find_problems(cast.resident, wanted, at, order=order, after=after, limit=2):
        seen += rows
        after = key_of(rows[-1], order)
    assert [row.number for row in seen] == [row.number for row in whole]
    assert sorted(row.number for row in seen) == sorted(numbers)


@both
def test_each_way_to_narrow_keeps_only_what_it_says(cast: Cast) -> None:
    first, second, third = _three(cast)
    _set(first, stage=Stage.ENDED, ending=Ending.FIXED, ended_at=now())
    _set(second, stage=Stage.DECIDING)
    assert _titles(cast, ANYONE, ended=False) == ["南门路灯不亮", "西门路灯不亮"]
    assert _titles(cast, ANYONE, ended=True) == ["东门路灯不亮"]
    assert _titles(cast, ANYONE, stage=Stage.DECIDING) == ["西门路灯不亮"]
    assert _titles(cast, ANYONE, grid_id=cast.grid_ids[1]) == []
    assert _titles(cast, cast.owner, marks=frozenset({Mark.MINE})) == ["南门路灯不亮"]
    assert _titles(cast, ANYONE, marks=frozenset({Mark.MINE})) == []
    second_problem(cast.owner, second)
    assert _titles(cast, cast.owner, marks=frozenset({Mark.FOLLOWED})) == ["南门路灯不亮", "西门路灯不亮"]
    assert _titles(cast, ANYONE, marks=frozenset({Mark.LATE})) == []
    session().scalars(select(RunningClock).where(RunningClock.subject_id == _id(third))).one().due_at = now()
    session().commit()
    assert _titles(cast, ANYONE, marks=frozenset({Mark.LATE})) == ["南门路灯不亮"]
    assert _titles(cast, ANYONE, marks=frozenset({Mark.HANDS})) == []


def _id(number: str) -> int:
    return session().scalars(select(Problem.id).where(Problem.number == number)).one()


@both
def test_what_is_counted_is_what_the_list_then_shows(cast: Cast) -> None:
    first, second, _ = _three(cast)
    _set(first, stage=Stage.ENDED, ending=Ending.FIXED, ended_at=now())
    _set(second, stage=Stage.DECIDING)
    raise_something(cast, text="楼上那位总是往下扔东西", names_person=True)
    for by in (ANYONE, cast.owner, cast.resident):
        wanted = Wanted(cast.community_id, ended=False)
        counts = count_problems(by, wanted, now())
        assert counts.total == counts.open == len(_titles(cast, by, ended=False))
        assert counts.everything == len(_titles(cast, by))
        for stage in Stage:
            assert counts.stages.get(stage, 0) == len(_titles(cast, by, stage=stage)), stage
        for mark in Mark:
            assert counts.marks[mark] == len(_titles(cast, by, ended=False, marks=frozenset({mark}))), mark
        for grid in cast.grid_ids:
            assert counts.grids.get(grid, 0) == len(_titles(cast, by, ended=False, grid_id=grid)), grid


def test_no_list_sorts_what_an_index_could_have_kept_in_order(cast: Cast) -> None:
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for order in Order:
            for after in ("", "1-1"):
                find_problems(cast.resident, Wanted(cast.community_id), now(), order=order, after=after)
                find_problems(ANYONE, Wanted(cast.community_id, stage=Stage.DECIDING), now(), after=after)
        just_done(cast.resident, cast.community_id)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    sorted_lists = [statement for statement, _ in sent if "ORDER BY" in statement and "problem.title" in statement]
    assert len(sorted_lists) == 13
    for statement, parameters in sent:
        if statement not in sorted_lists:
            continue
        raw = session().connection().exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
        plan = [row[-1] for row in raw]
        assert not any("TEMP B-TREE" in step for step in plan), (statement, plan)


def test_what_was_just_done_says_who_was_asked_and_who_answered(cast: Cast) -> None:
    number = raise_something(cast)
    _set(number, stage=Stage.ENDED, ending=Ending.FIXED, ended_at=now(), official=Official.CLOSED)
    (done,) = just_done(ANYONE, cast.community_id)
    assert (done.number, done.by_body, done.asked, done.fixed) == (number, True, 1, 0)
    _set(number, hidden=True)
    assert just_done(ANYONE, cast.community_id) == []


def test_the_list_asks_as_often_for_many_problems_as_for_few(
    cast: Cast, client_of: Callable[[str], Any], counted: Counted
) -> None:
    client = client_of("moderator")
    raise_something(cast, text="垃圾桶满了没人收")
    client.get("/problems")
    with counted() as few:
        client.get("/problems?sort=due&stage=all")
    for n in range(12):
        raise_something(cast, text=f"第 {n} 盏路灯不亮")
    with counted() as many:
        client.get("/problems?sort=due&stage=all")
    assert len(many.statements) == len(few.statements)


def test_the_state_of_the_list_lives_in_each_way_on(cast: Cast, client_of: Callable[[str], Any]) -> None:
    for n in range(3):
        raise_something(cast, text=f"第 {n} 盏路灯不亮")
    page = client_of("resident").get(f"/problems?sort=met&grid={cast.grid_ids[0]}&mine=1").get_data(as_text=True)
    ways = [way for way in re.findall(r'href="(/problems\?[^"]+)"', page) if "stage=raised" in way]
    assert ways
    for way in ways:
        assert "sort=met" in way
        assert f"grid={cast.grid_ids[0]}" in way
        assert "mine=1" in way
    assert 'name="sort" value="met"' in page
    assert 'name="mine" value="1"' in page


def test_an_empty_list_says_what_to_do_next(cast: Cast, client_of: Callable[[str | None], Any]) -> None:
    assert "这里还没有人提出问题" in client_of(None).get("/problems").get_data(as_text=True)
    assert "没有符合这些条件的问题" in client_of(None).get("/problems?stage=deciding").get_data(as_text=True)


def test_the_schema_has_the_indexes_of_every_order(cast: Cast) -> None:
    names = {row[0] for row in session().execute(text("SELECT name FROM sqlite_master WHERE type = 'index'"))}
    assert {"ix_problem_community", "ix_problem_community_met", "ix_running_clock_next"} <= names
