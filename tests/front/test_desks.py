"""The committee's desk and the command view: what lies on them, for whom, in which order, at what cost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cogov.cases.commands import call_bodies, return_case
from cogov.cases.models import Case
from cogov.cases.queries.area import AreaFilter, area, area_counts, loads, proposals, scopes_of
from cogov.cases.rules import CaseState
from cogov.front.desks.waiting import counts, key_of, page_of, part_of, queue
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.transaction import transaction
from cogov.people.rules import COMMAND_ROLES, COMMITTEE_ROLES, Actor
from cogov.problems.commands import raise_problem, triage_problem
from cogov.problems.models import Problem
from cogov.problems.queries.stalled import stalled
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.stages import Stage
from cogov.threads.commands import propose_overruling, raise_concern
from tests.cases.scene import a_case, a_problem, walked
from tests.cast import Cast

ClientOf = Callable[[str | None], Any]
Counted = Callable[[], AbstractContextManager[Any]]
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def raised(cast: Cast, text: str, by: str = "resident") -> str:
    return raise_problem(
        getattr(cast, by), community_id=cast.community_id, grid_id=cast.grid_ids[0], text=text, spot="三号楼"
    ).problem.number


def gathering(cast: Cast, text: str = "北门车位夜里总被外来车占，回来没地方停。") -> str:
    number = raised(cast, text)
    triage_problem(cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, words="大家商量")
    return number


def scopes(by: Actor) -> frozenset[str]:
    return scopes_of(by, COMMAND_ROLES)


# Who has which desk ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "roles"),
    [
        ("/work", {"moderator", "chair", "owners_committee", "grid_worker", "foreign_moderator"}),
        ("/command", {"dispatcher", "street_office", "inspector", "closer"}),
        ("/desk", {"official", "called_official", "dispatcher", "street_office", "inspector", "closer"}),
    ],
)
def test_each_desk_opens_for_those_whose_work_it_holds_and_for_nobody_else(
    url: str, roles: set[str], cast: Cast, client_of: ClientOf
) -> None:
    everybody = {
        "resident", "tenant", "landlord", "volunteer", "party_member", "auditor", "administrator", "moderator", "chair",
        "owners_committee", "grid_worker", "dispatcher", "official", "called_official", "inspector", "closer",
        "street_office", "foreign_moderator",
    }  # fmt: skip
    opened = {name for name in everybody if client_of(name).get(url).status_code == 200}
    assert opened == roles
    assert client_of("resident").get(url).status_code == 403
    assert client_of(None).get(url).location == f"/sign-in?then={url}"


def test_the_way_to_a_desk_stands_in_the_frame_of_those_who_have_one(cast: Cast, client_of: ClientOf) -> None:
    def ways(name: str) -> set[str]:
        text = client_of(name).get("/help").get_data(as_text=True)
        return {url for url in ("/desk", "/work", "/command") if f'href="{url}"' in text}

    assert ways("resident") == set()
    assert ways("moderator") == {"/work"}
    assert ways("grid_worker") == {"/work"}
    assert ways("official") == {"/desk"}
    assert ways("dispatcher") == {"/desk", "/command"}


# The committee's desk -------------------------------------------------------------------------------------------------


def test_the_queue_takes_from_every_room_and_is_sorted_by_what_was_promised(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False):
        number = gathering(cast)
        raise_concern(cast.neighbour, number, harm="老人回来没有车位", remedy="留两个临时车位")
        raised(cast, "中心花坛边想加两张长椅，放哪里大家看看。")
        waiting = queue(cast.moderator)
        assert {each.need.kind for each in waiting} == {"concern", "triage"}
        assert [each.order for each in waiting] == sorted(each.order for each in waiting)
        assert counts(waiting, now())["concerns"] == counts(waiting, now())["triage"] == 1
        assert [each.need.kind for each in part_of(waiting, "concerns", now())] == ["concern"]
        assert queue(cast.foreign_moderator) == queue(cast.resident) == []


def test_what_ran_out_is_counted_and_shown_as_late(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        raised(cast, "中心花坛边想加两张长椅，放哪里大家看看。")
        assert counts(queue(cast.moderator), now())["late"] == 0
        traveller.shift(timedelta(days=3))
        waiting = queue(cast.moderator)
        assert counts(waiting, now())["late"] == 1
        assert part_of(waiting, "late", now()) == waiting


def test_the_queue_is_read_page_by_page_without_gap(cast: Cast) -> None:
    for index in range(35):
        raised(cast, f"中心花坛边想加两张长椅，放哪里大家看看，第 {index} 处。")
    waiting = queue(cast.moderator)
    first, following = page_of(waiting, "")
    second, end = page_of(waiting, following)
    assert (len(first), len(second), end) == (30, 5, "")
    assert [*first, *second] == waiting
    assert len({each.key for each in waiting}) == 35


def test_a_triage_is_confirmed_from_the_queue_by_one_click_and_the_next_one_opens(
    cast: Cast, client_of: ClientOf
) -> None:
    number = raised(cast, "中心花坛边想加两张长椅，放哪里大家看看。")
    client = client_of("moderator")
    text = client.get("/work").get_data(as_text=True)
    assert "规则建议" in text
    action = f"/problems/{number}/triage?then=/work"
    assert f'action="{action}"' in text
    fields = {"lane": "B", "reason": _field(text, "reason"), "same_as": "", "once": client.once}
    answer = client.post(action, fields)
    assert (answer.status_code, answer.location) == (303, "/work")
    session().rollback()
    problem = session().scalars(select(Problem).where(Problem.number == number)).one()
    assert problem.stage is Stage.GATHERING
    assert "现在没有等您办的事" in client.get("/work").get_data(as_text=True)


def _field(text: str, name: str) -> str:
    return text.split(f'name="{name}" value="')[1].split('"')[0]


def test_a_concern_with_a_proposal_to_overrule_can_be_answered_or_agreed_beside_the_list(
    cast: Cast, client_of: ClientOf
) -> None:
    number = gathering(cast)
    concern = raise_concern(cast.neighbour, number, harm="老人回来没有车位", remedy="留两个临时车位")
    propose_overruling(cast.chair, concern.id, reason="已经有两个临时车位")
    text = client_of("moderator").get("/work?part=concerns").get_data(as_text=True)
    assert "老人回来没有车位" in text
    assert "已经有两个临时车位" in text
    assert f'action="/concerns/{concern.id}/answer?then=/work?part%3Dconcerns"' in text
    assert f'action="/concerns/{concern.id}/overruling/agreement?then=/work?part%3Dconcerns"' in text


def test_a_grid_worker_verifies_a_report_from_the_queue_and_comes_back_to_it(cast: Cast, client_of: ClientOf) -> None:
    case = a_case(cast, a_problem(cast))
    client = client_of("grid_worker")
    assert "核实属实" in client.get("/work").get_data(as_text=True)
    answer = client.post(f"/cases/{case.id}/verification?then=/work", {"words": "看过了", "once": client.once})
    assert (answer.status_code, answer.location) == (303, "/work")


@pytest.mark.parametrize("query", ["part=nonsense", "item=x", "item=triage.2026-9999", "after=x", "item=concern.1"])
def test_a_queue_with_an_odd_address_still_opens(query: str, cast: Cast, client_of: ClientOf) -> None:
    gathering(cast)
    assert client_of("moderator").get(f"/work?{query}").status_code == 200


def test_a_form_may_not_send_anybody_to_another_site(cast: Cast, client_of: ClientOf) -> None:
    case = a_case(cast, a_problem(cast))
    client = client_of("grid_worker")
    client.get("/work")
    answer = client.post(
        f"/cases/{case.id}/verification?then=https://evil.example/", {"words": "看过了", "once": client.once}
    )
    assert answer.location == f"/cases/{case.id}"


def test_raisers_who_have_not_answered_and_deliberations_that_run_out_are_called_to_mind(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        number = gathering(cast)
        assert stalled(cast.moderator) == []
        traveller.shift(timedelta(days=29))
        assert [(need.kind, need.values["number"]) for need in stalled(cast.moderator)] == [("stalled", number)]
        assert stalled(cast.grid_worker) == stalled(cast.resident) == []


def test_the_key_of_a_need_names_its_concern(cast: Cast) -> None:
    number = gathering(cast)
    raise_concern(cast.neighbour, number, harm="老人回来没有车位", remedy="留两个临时车位")
    raise_concern(cast.tenant, number, harm="夜里开门太吵", remedy="换轻的门")
    keys = [key_of(each.need) for each in queue(cast.moderator)]
    assert keys == [f"concern.{number}.1", f"concern.{number}.2"]


def test_the_committees_desk_costs_the_same_however_much_waits(
    cast: Cast, client_of: ClientOf, counted: Counted
) -> None:
    client = client_of("moderator")

    def cost() -> int:
        session().rollback()
        with counted() as number:
            assert client.get("/work?part=triage").status_code == 200
        return int(number)

    raised(cast, "中心花坛边想加两张长椅，放哪里大家看看。")
    cost()
    few = cost()
    for index in range(12):
        raised(cast, f"中心花坛边想加两张长椅，放哪里大家看看，第 {index} 处。")
    assert cost() == few <= 50


# The command view -----------------------------------------------------------------------------------------------------


def test_the_parts_of_an_area_and_their_counts_agree(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        for index, state in enumerate((CaseState.VERIFIED, CaseState.FILED, CaseState.HANDLING)):
            case = walked(cast, state, a_case(cast, a_problem(cast, f"2026-{index:04d}", emergency=index == 2)))
        call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="来")
        traveller.shift(timedelta(hours=3))
        numbers = area_counts(scopes(cast.dispatcher))
        for part in AreaFilter:
            assert len(area(scopes(cast.dispatcher), part).rows) == numbers[part], part
        assert {part.value: number for part, number in numbers.items()} == {
            "all": 4, "intake": 1, "dispatch": 1, "calls": 1, "again": 0, "late": 2,
        }  # fmt: skip
        rows = area(scopes(cast.dispatcher)).rows
        assert [row.due_at for row in rows] == sorted(row.due_at for row in rows)
        assert area(scopes(cast.resident)).rows == ()


def test_the_load_of_each_body_counts_its_cases_and_calls(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = walked(cast, CaseState.HANDLING, a_case(cast, a_problem(cast, "2026-0001", emergency=True)))
        walked(cast, CaseState.DISPATCHED, a_case(cast, a_problem(cast, "2026-0002")))
        call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="来")
        traveller.shift(timedelta(hours=3))
        found = {load.name: (load.open, load.late) for load in loads(scopes(cast.street_office))}
        assert found == {"云溪区消防救援大队": (2, 1), "安和物业": (1, 1)}


def test_a_case_that_came_back_is_proposed_to_whoever_else_the_lists_name(cast: Cast) -> None:
    problem = a_problem(cast)
    with transaction():
        session().merge(problem).matter_id = cast.matters["C103"]
    case = walked(cast, CaseState.FILED, a_case(cast, problem))
    proposed = proposals([case.id])[case.id]
    assert (proposed.body, proposed.number) == ("云溪区消防救援大队", "T-C103")
    walked(cast, CaseState.DISPATCHED, case)
    return_case(cast.official, case.id, words="不归我们")
    assert proposals([case.id]) == {}
    assert proposals([]) == {}


def test_a_case_is_dispatched_from_the_command_view_by_one_click_to_the_body_of_the_list(
    cast: Cast, client_of: ClientOf
) -> None:
    problem = a_problem(cast)
    with transaction():
        session().merge(problem).matter_id = cast.matters["C103"]
    case = walked(cast, CaseState.FILED, a_case(cast, problem))
    client = client_of("dispatcher")
    text = client.get("/command?part=dispatch").get_data(as_text=True)
    assert "建议派给云溪区消防救援大队，因为权责清单 T-C103" in text
    fields = {"body": _field(text, "body"), "item": _field(text, "item"), "once": client.once}
    answer = client.post(f"/cases/{case.id}/dispatch?then=/command?part%3Ddispatch", fields)
    assert (answer.status_code, answer.location) == (303, "/command?part=dispatch")
    session().rollback()
    row = session().get(Case, case.id)
    assert row is not None
    assert (row.state, row.body_id) == (CaseState.DISPATCHED, cast.organizations["fire"])
    # Whoever does not dispatch is offered no click that would be refused.
    assert "派给它" not in client_of("closer").get("/command").get_data(as_text=True)


def test_a_street_office_reads_what_came_up_to_it_and_each_body_can_be_looked_at_alone(
    cast: Cast, client_of: ClientOf
) -> None:
    walked(cast, CaseState.DISPATCHED, a_case(cast, a_problem(cast, "2026-0001", title="派给消防的")))
    walked(cast, CaseState.VERIFIED, a_case(cast, a_problem(cast, "2026-0002", title="还没有立案的")))
    client = client_of("street_office")
    text = client.get("/command").get_data(as_text=True)
    assert "派给消防的" in text
    assert "还没有立案的" in text
    alone = client.get(f"/command?body={cast.organizations['fire']}").get_data(as_text=True)
    assert "派给消防的" in alone
    assert "还没有立案的" not in alone.split("<aside")[0]
    empty = client.get("/command?part=late").get_data(as_text=True)
    assert "没有逾期的案件" in empty


def test_the_command_view_costs_the_same_however_much_runs(cast: Cast, client_of: ClientOf, counted: Counted) -> None:
    client = client_of("dispatcher")

    def cost() -> int:
        session().rollback()
        with counted() as number:
            assert client.get("/command").status_code == 200
        return int(number)

    walked(cast, CaseState.FILED, a_case(cast, a_problem(cast, "2026-0001")))
    cost()
    few = cost()
    for index in range(20):
        walked(cast, CaseState.FILED, a_case(cast, a_problem(cast, f"2026-{index + 100:04d}")))
    assert cost() == few <= 40


def test_roles_have_their_desk_under_one_name() -> None:
    assert not COMMAND_ROLES & COMMITTEE_ROLES
