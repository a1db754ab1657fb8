"""The desk: what it holds, in which order, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import time_machine
from sqlalchemy import select

from cogov.cases.commands import call_bodies, due_case, reopen_case
from cogov.cases.models import Step
from cogov.cases.queries import DeskFilter, case_view, counts, desk, details, needs, panel
from cogov.cases.rules import CaseState, StepKind
from cogov.ground.db import session
from cogov.people.rules import CLOCK
from tests.cases.scene import a_case, a_problem, walked
from tests.cast import Cast

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ClientOf = Callable[[str | None], Any]
Counted = Callable[[], AbstractContextManager[Any]]


def many(cast: Cast, number: int, state: CaseState = CaseState.REPORTED) -> None:
    for index in range(number):
        walked(cast, state, a_case(cast, a_problem(cast, f"2026-{index:04d}")))


def test_a_desk_is_ordered_by_deadline_and_read_page_by_page_without_gap(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        for index in range(7):
            a_case(cast, a_problem(cast, f"2026-{index:04d}"))
            if index % 2:
                traveller.shift(timedelta(hours=1))
        seen: list[int] = []
        after = None
        for _ in range(4):
            listed = desk(cast.inspector, DeskFilter.MINE, after, limit=2)
            seen += [row.clock_id for row in listed.rows]
            after = listed.after
        whole = desk(cast.inspector).rows
        assert after is None
        assert seen == [row.clock_id for row in whole]
        assert len(set(seen)) == 7
        assert list(whole) == sorted(whole, key=lambda row: (row.due_at, row.clock_id))


def test_the_parts_of_a_desk_and_their_counts_agree(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        walked(cast, CaseState.HANDLING, a_case(cast, a_problem(cast, "2026-0001")))
        walked(cast, CaseState.HANDLED, a_case(cast, a_problem(cast, "2026-0002")))
        case = walked(cast, CaseState.HANDLING, a_case(cast, a_problem(cast, "2026-0003", emergency=True)))
        call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="来")
        traveller.shift(timedelta(hours=15))  # one in the morning of Tuesday
        for name in ("official", "called_official", "inspector", "dispatcher"):
            by = getattr(cast, name)
            numbers = counts(by)
            for part in DeskFilter:
                assert len(desk(by, part).rows) == getattr(numbers, part.value), (name, part)
        assert vars(counts(cast.official)) == {"mine": 2, "today": 0, "late": 1, "others": 2}
        assert vars(counts(cast.called_official)) == {"mine": 1, "today": 0, "late": 1, "others": 1}
        assert vars(counts(cast.inspector)) == {"mine": 1, "today": 1, "late": 0, "others": 3}
        # One waits for the word whether others are needed; the one called in time-out waits for it as well.
        assert vars(counts(cast.dispatcher)) == {"mine": 2, "today": 0, "late": 0, "others": 2}
        assert str(desk(cast.dispatcher).rows[0].line) == "缺联动章，等您写明要不要联动"


def test_a_resident_and_an_official_without_cases_have_an_empty_desk(cast: Cast) -> None:
    many(cast, 2)
    assert desk(cast.resident).rows == ()
    assert desk(cast.official).rows == ()
    assert needs(cast.resident) == []


def test_needs_name_what_waits_and_a_grid_worker_is_told_of_reports_in_the_place(cast: Cast) -> None:
    many(cast, 1)
    assert [need.endpoint for need in needs(cast.grid_worker)] == ["cases.show"]
    assert [str(need.line) for need in needs(cast.inspector)] == ["待核实"]
    walked(cast, CaseState.HANDLING, a_case(cast, a_problem(cast, "2026-0009")))
    assert [str(need.line) for need in needs(cast.official)] == ["处置中"]
    assert len(needs(cast.grid_worker)) == 1


def test_a_desk_costs_the_same_with_few_cases_and_with_many(cast: Cast, counted: Counted) -> None:
    def cost() -> list[int]:
        found = []
        for part in DeskFilter:
            session().rollback()
            with counted() as number:
                desk(cast.inspector, part)
                counts(cast.inspector)
                needs(cast.inspector)
            found.append(int(number))
        return found

    many(cast, 3)
    few = cost()
    for index in range(57):
        a_case(cast, a_problem(cast, f"2026-{index + 100:04d}"))
    assert cost() == few
    assert max(few) <= 4  # with the statement that begins the transaction
    assert len(desk(cast.inspector).rows) == 30
    assert counts(cast.inspector).mine == 60


def test_a_case_costs_the_same_however_much_was_done_to_it(cast: Cast, counted: Counted) -> None:
    short = walked(cast, CaseState.HANDLING, a_case(cast, a_problem(cast, "2026-0001")))
    long = walked(cast, CaseState.CLOSED, a_case(cast, a_problem(cast, "2026-0002")))
    reopen_case(CLOCK, long.id)
    walked(cast, CaseState.HANDLING, long)
    call_bodies(cast.official, long.id, organization_ids=[cast.organizations["property"]], ask="来")
    numbers = []
    for case in (short, long):
        session().rollback()
        session().refresh(case)
        with counted() as number:
            assert case_view(cast.official, case).offers
        numbers.append(int(number))
    assert numbers[0] == numbers[1] <= 16


def test_a_panel_shows_the_latest_case_and_none_where_there_is_none(cast: Cast) -> None:
    problem = a_problem(cast)
    assert panel(cast.resident, problem).view is None
    case = walked(cast, CaseState.HANDLING, a_case(cast, problem))
    view = panel(cast.resident, problem).view
    assert view is not None
    assert view.case.id == case.id
    assert [face.state for face in view.stamps] == ["signed", "signed", "signed", "awaited", "ahead"]
    assert view.offers == ()


def test_details_give_an_entry_its_words_and_names_in_two_queries(cast: Cast, counted: Counted) -> None:
    case = walked(cast, CaseState.HANDLED)
    steps = {step.kind: step for step in session().scalars(select(Step).where(Step.case_id == case.id))}
    entries = [
        SimpleNamespace(number=1, kind="CaseHandled", facts={"case": case.id, "step": steps[StepKind.HANDLE].id}),
        SimpleNamespace(
            number=2,
            kind="CaseDispatched",
            facts={"case": case.id, "step": steps[StepKind.DISPATCH].id, "body": cast.organizations["fire"]},
        ),
    ]
    session().rollback()
    with counted() as number:
        found = details(entries)
    assert found[1]["words"] == "飞线已拆除"
    assert found[2]["body"] == "云溪区消防救援大队"
    assert int(number) <= 3


def test_a_street_office_sees_what_ran_out_in_its_area(cast: Cast, client_of: ClientOf) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = walked(cast, CaseState.HANDLING, a_case(cast, a_problem(cast, "2026-0001", emergency=True)))
        assert desk(cast.street_office).rows == ()
        traveller.shift(timedelta(hours=3))
        due_case(CLOCK, case.id)
        for part in (DeskFilter.MINE, DeskFilter.LATE):
            assert [row.case_id for row in desk(cast.street_office, part).rows] == [case.id]
        assert vars(counts(cast.street_office)) == {"mine": 1, "today": 0, "late": 1, "others": 0}
    assert client_of("street_office").get("/desk").status_code == 200
