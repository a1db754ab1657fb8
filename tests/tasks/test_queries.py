"""What is read of tasks: lists that cost the same at any length, needs, sentences."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.journal.reading import plain
from cogov.journal.transaction import transaction
from cogov.people.rules import ANYONE
from cogov.problems.queries import problem_for
from cogov.tasks.commands import cancel_task, claim_task, hand_in_task, open_task, send_back_task, verify_task
from cogov.tasks.models import Task
from cogov.tasks.queries import claims_of, details, listed, needs, panel, task_for
from cogov.tasks.rules import Filter
from tests.cast import Cast


def fill(cast: Cast, number: str, many: int) -> None:
    problem = problem_for(cast.owner, number)
    with transaction():
        for i in range(many):
            session().add(
                Task(
                    problem_id=problem.id,
                    community_id=problem.community_id,
                    title=f"任务 {i}",
                    salt="0" * 32,
                    slots=2,
                    days=7,
                    organization_id=cast.organizations["committee"],
                    opened_at=now(),
                )
            )


def handed_in(cast: Cast, number: str) -> int:
    task = open_task(cast.moderator, number, title="装夜灯", slots=2, days=7).id
    claim = claim_task(cast.owner, task).id
    hand_in_task(cast.owner, claim, words="装好了三盏。", minutes=90)
    return claim


@pytest.mark.parametrize("which", list(Filter))
def test_a_list_of_many_costs_as_many_queries_as_one_of_two(cast, number, counted, which):
    handed_in(cast, number)
    fill(cast, number, 2)
    session().expire_all()
    with counted() as small:
        listed(cast.moderator, cast.community_id, which)
    fill(cast, number, 300)
    session().expire_all()
    with counted() as large:
        listed(cast.moderator, cast.community_id, which)
    assert len(large.statements) == len(small.statements)


def test_a_dossier_with_many_tasks_costs_the_same(cast, number, counted):
    problem = problem_for(cast.owner, number)
    sizes = []
    for many in (2, 100):
        fill(cast, number, many)
        session().expire_all()
        with counted() as n:
            shown = panel(cast.owner, problem)
        sizes.append(len(n.statements))
    assert sizes[0] == sizes[1]
    assert shown.open == 102


def test_the_lists_hold_what_they_say(cast, number):
    claim = handed_in(cast, number)
    task = session().scalars(select(Task.id)).one()
    free = open_task(cast.moderator, number, title="买灯", slots=1, days=7).id

    def ids(by: object, which: Filter, community: int | None = None) -> list[int]:
        return [t.id for t in listed(by, community or cast.community_id, which).items]  # type: ignore[arg-type]

    assert ids(ANYONE, Filter.OPEN) == [task, free]
    assert ids(ANYONE, Filter.OPEN, cast.elsewhere_id) == []
    assert ids(cast.owner, Filter.MINE) == [task]
    assert ids(cast.tenant, Filter.MINE) == []
    for name in ("moderator", "owners_committee", "grid_worker"):
        assert ids(getattr(cast, name), Filter.VERIFY) == [task], name
    for name in ("owner", "official", "foreign_moderator", "outsider"):
        assert ids(getattr(cast, name), Filter.VERIFY) == [], name
    verify_task(cast.moderator, claim)
    assert ids(cast.grid_worker, Filter.VERIFY) == []


def test_a_claim_waits_for_who_made_it_then_for_who_verifies(cast, number):
    task = open_task(cast.moderator, number, title="装夜灯", slots=2, days=7).id
    claim = claim_task(cast.owner, task)
    (need,) = needs(cast.owner)
    assert (need.kind, need.due_at, dict(need.values)) == ("claim", claim.due_at, {"task_id": task})
    assert needs(cast.moderator) == []
    hand_in_task(cast.owner, claim.id, words="装好了。", minutes=30)
    assert needs(cast.owner) == []
    assert [need.kind for need in needs(cast.grid_worker)] == ["verification"]
    for name in ("tenant", "official", "foreign_moderator"):
        assert needs(getattr(cast, name)) == [], name
    send_back_task(cast.moderator, claim.id, words="还差一盏。")
    assert [str(need.line) for need in needs(cast.owner)] == ["退回补充，请补上再交"]


def test_what_one_may_do_stands_beside_each_claim(cast, number):
    handed_in(cast, number)
    task, _ = task_for(cast.owner, session().scalars(select(Task.id)).one())
    code = "990101001001001"
    (own,) = claims_of(cast.owner, task, code).items
    assert (own.own, own.why_not_verify is None, own.why_not_hand_in is None) == (True, False, False)
    (others,) = claims_of(cast.grid_worker, task, code).items
    assert (others.own, others.why_not_verify) == (False, None)
    assert str(others.byline.name) == "住户 2"


def test_every_entry_finds_its_own_words(cast, number, counted):
    claim = handed_in(cast, number)
    send_back_task(cast.moderator, claim, words="五楼不亮。")
    hand_in_task(cast.owner, claim, words="五楼换了灯泡。", minutes=15)
    verify_task(cast.grid_worker, claim)
    cancel_task(cast.moderator, session().scalars(select(Task.id)).one(), reason="剩下的物业做。")
    entries = [plain(row) for row in session().scalars(select(JournalEntry).order_by(JournalEntry.number))]
    with counted() as n:
        told = details(entries)
    words = [(e.kind, told[e.number].get("words")) for e in entries if e.number in told]
    assert [w for w in words if w[0] in {"TaskHandedIn", "TaskSentBack", "TaskCancelled"}] == [
        ("TaskHandedIn", "装好了三盏。"),
        ("TaskSentBack", "五楼不亮。"),
        ("TaskHandedIn", "五楼换了灯泡。"),
        ("TaskCancelled", "剩下的物业做。"),
    ]
    assert len(n.statements) <= 2
