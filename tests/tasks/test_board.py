"""The board of tasks: four columns that hold each task once, counts, filters in the address, promises kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cogov.ground.db import session
from cogov.people.rules import ANYONE, Role
from cogov.problems.models import Problem
from cogov.tasks.commands import cancel_task, claim_task, hand_in_task, open_task, return_claim, verify_task
from cogov.tasks.queries import Narrowed, board, column, promises_kept
from cogov.tasks.rules import PER_COLUMN, BoardColumn
from tests.cast import HERE
from tests.databases import both

ALL = Narrowed()


def opened(cast, number: str, title: str = "装夜灯", slots: int = 1, **more) -> int:
    return open_task(cast.moderator, number, title=title, slots=slots, days=7, **more).id


def stands(cast, task_id: int) -> list[BoardColumn]:
    """Return every column that the task stands in."""
    shown = board(cast.owner, cast.community_id, ALL)
    return [each for each in BoardColumn if task_id in [task.id for task in shown.columns[each]]]


@both
def test_a_task_walks_through_the_columns_and_stands_in_one_at_a_time(cast, number) -> None:
    task_id = opened(cast, number, slots=2)
    assert stands(cast, task_id) == [BoardColumn.OPEN]
    first, second = claim_task(cast.owner, task_id), claim_task(cast.tenant, task_id)
    assert stands(cast, task_id) == [BoardColumn.DOING]
    hand_in_task(cast.owner, first.id, words="装好一盏", minutes=30)
    assert stands(cast, task_id) == [BoardColumn.CHECKING]
    return_claim(cast.tenant, second.id)
    assert stands(cast, task_id) == [BoardColumn.OPEN]  # a slot is free again
    third = claim_task(cast.tenant, task_id)
    hand_in_task(cast.tenant, third.id, words="装好两盏", minutes=30)
    verify_task(cast.grid_worker, first.id)
    verify_task(cast.grid_worker, third.id)
    assert stands(cast, task_id) == [BoardColumn.DONE]


@both
def test_counts_are_of_all_and_a_column_shows_the_newest(cast, number) -> None:
    ids = [opened(cast, number, f"任务 {n}") for n in range(PER_COLUMN + 3)]
    cancel_task(cast.moderator, ids[0], reason="不需要了")
    shown = board(ANYONE, cast.community_id, ALL)
    assert shown.counts[BoardColumn.OPEN] == PER_COLUMN + 2
    assert [task.id for task in shown.columns[BoardColumn.OPEN]] == ids[: -PER_COLUMN - 1 : -1]
    assert shown.counts[BoardColumn.DONE] == 0
    rest = column(ANYONE, cast.community_id, BoardColumn.OPEN, ALL, before=ids[3])
    assert [task.id for task in rest.items] == ids[1:3]


@both
def test_a_board_is_narrowed_to_a_grid_and_to_what_begins_within_a_week(cast, number) -> None:
    problem = session().query(Problem).filter_by(number=number).one()
    soon = opened(cast, number, "周日送餐", starts_at=datetime.now(UTC) + timedelta(days=2))
    late = opened(cast, number, "下月清理", starts_at=datetime.now(UTC) + timedelta(days=9))
    anytime = opened(cast, number)
    here = Narrowed(grid_id=problem.grid_id)
    elsewhere = Narrowed(grid_id=next(grid for grid in cast.grid_ids if grid != problem.grid_id))
    ids = {task.id for task in board(ANYONE, cast.community_id, here).columns[BoardColumn.OPEN]}
    assert ids == {soon, late, anytime}
    assert board(ANYONE, cast.community_id, elsewhere).counts[BoardColumn.OPEN] == 0
    week = board(ANYONE, cast.community_id, Narrowed(this_week=True))
    assert [task.id for task in week.columns[BoardColumn.OPEN]] == [soon]


@both
def test_promises_of_organizations_are_counted_and_those_of_persons_are_not(cast, number) -> None:
    volunteer = cast.volunteer.under(next(s for s in cast.volunteer.standings if s.role is Role.SOCIAL_MEMBER))
    done, given_back, own = (opened(cast, number, title) for title in ("送餐", "清扫", "装灯"))
    claim = claim_task(volunteer, done)
    hand_in_task(volunteer, claim.id, words="送到了", minutes=50)
    assert promises_kept(cast.community_id) == []  # neither kept nor broken yet
    verify_task(cast.grid_worker, claim.id)
    return_claim(volunteer, claim_task(volunteer, given_back).id)
    personal = claim_task(cast.owner, own)
    hand_in_task(cast.owner, personal.id, words="装好了", minutes=500)
    verify_task(cast.grid_worker, personal.id)

    (kept,) = promises_kept(cast.community_id)

    assert (kept.done, kept.settled, kept.returned, kept.minutes) == (1, 2, 1, 50)


def test_a_full_task_is_never_called_open(cast, number, client_of) -> None:
    task_id = opened(cast, number)
    claim_task(cast.tenant, task_id)
    text = client_of("owner").get("/tasks?show=doing").get_data(as_text=True)
    assert "名额已满，在做" in text
    assert "#i-heart-handshake" not in text
    open_ones = client_of("owner").get("/tasks?show=open").get_data(as_text=True)
    assert "装夜灯" not in open_ones


def test_the_button_names_the_organization_that_is_bound(cast, number, client_of) -> None:
    opened(cast, number)
    client = client_of("volunteer")
    standing = cast.volunteer.standings[0]
    text = client.get("/tasks").get_data(as_text=True)
    assert "以谁的名义认领" in text
    client.post("/me/acting", {"standing": standing.id})
    text = client.get("/tasks").get_data(as_text=True)
    assert f"为{standing.organization_name}认领" in text
    assert f'name="acting" value="{standing.id}"' in " ".join(text.split())


def test_a_visitor_reads_the_board_without_a_token_or_a_button(cast, number, client) -> None:
    opened(cast, number)
    text = client.get("/tasks").get_data(as_text=True)
    assert "装夜灯" in text
    assert "csrf_token" not in text
    assert "不是认领人：居委会、业委会或网格员" in text


def test_a_task_can_be_claimed_from_the_board(cast, number, client_of) -> None:
    task_id = opened(cast, number)
    owner = client_of("owner")
    owner.get("/tasks")
    assert owner.post(f"/tasks/{task_id}/claims", {"once": owner.once, "acting": ""}).status_code == 303
    assert stands(cast, task_id) == [BoardColumn.DOING]


@pytest.mark.parametrize("show", ["open", "doing", "checking", "done", "mine", "verify", "nonsense", ""])
def test_every_part_of_the_board_has_an_address(cast, number, client_of, show: str) -> None:
    opened(cast, number)
    for name in ("owner", "grid_worker", None):
        assert client_of(name).get(f"/tasks?show={show}&place={HERE}&grid=1&when=week").status_code == 200


def test_the_board_asks_as_often_for_many_tasks_as_for_few(cast, number, client_of, counted) -> None:
    opened(cast, number)
    client = client_of("owner")
    client.get("/tasks")
    with counted() as few:
        client.get("/tasks")
    for n in range(6):
        opened(cast, number, f"任务 {n}", slots=2)
    with counted() as many:
        client.get("/tasks")
    assert len(many.statements) == len(few.statements), many.statements
