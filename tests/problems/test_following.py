"""Following a dossier: who is on it hears everything, may hear less, and nobody else learns of it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.people.rules import ANYONE
from cogov.problems.commands import follow_problem, quieten_problem, second_problem, unfollow_problem
from cogov.problems.models import Following, Problem
from cogov.problems.queries import followed, level_of, levels_of
from cogov.problems.rules.following import FollowLevel
from tests.databases import both
from tests.storms import at_once


def numbers(by):
    return [row.number for row in followed(by)]


def level(by, number):
    return level_of(by, session().scalars(select(Problem.id).where(Problem.number == number)).one())


def test_who_raised_or_met_a_problem_follows_it_without_saying_so(cast, raise_as):
    number = raise_as().number
    second_problem(cast.neighbour, number)
    assert numbers(cast.resident) == numbers(cast.neighbour) == [number]
    assert level(cast.resident, number) is level(cast.neighbour, number) is FollowLevel.ALL
    assert numbers(cast.tenant) == []
    assert level(cast.tenant, number) is FollowLevel.NONE


@both
def test_anybody_who_sees_it_follows_hears_less_and_follows_no_longer(app, cast, raise_as):
    number = raise_as().number
    follow_problem(cast.outsider, number)
    assert [(row.number, row.level) for row in followed(cast.outsider)] == [(number, FollowLevel.ALL)]
    quieten_problem(cast.outsider, number)
    assert [(row.number, row.level) for row in followed(cast.outsider)] == [(number, FollowLevel.NEEDS)]
    unfollow_problem(cast.outsider, number)
    assert followed(cast.outsider) == []
    assert level(cast.outsider, number) is FollowLevel.NONE


def test_a_raiser_may_stop_following_and_begin_again(cast, raise_as):
    number = raise_as().number
    unfollow_problem(cast.resident, number)
    assert numbers(cast.resident) == []
    follow_problem(cast.resident, number)
    assert numbers(cast.resident) == [number]
    assert session().scalar(select(func.count()).select_from(Following)) == 1


def test_whom_one_follows_stays_out_of_the_journal(cast, raise_as):
    number = raise_as().number
    before = session().scalar(select(func.count()).select_from(JournalEntry))
    follow_problem(cast.neighbour, number)
    quieten_problem(cast.neighbour, number)
    unfollow_problem(cast.neighbour, number)
    assert session().scalar(select(func.count()).select_from(JournalEntry)) == before


def test_what_one_may_not_see_cannot_be_followed(cast, raise_as):
    number = raise_as(text="楼上那位总是往下扔东西", names_person=True).number
    with pytest.raises(NotFound):
        follow_problem(cast.neighbour, number)
    with pytest.raises(NotFound):
        follow_problem(ANYONE, number)


def test_a_visitor_signs_in_first(cast, raise_as):
    with pytest.raises(Refused) as caught:
        follow_problem(ANYONE, raise_as().number)
    assert caught.value.refusal.code == "sign_in_first"


def test_the_list_leaves_out_what_was_hidden_meanwhile(cast, raise_as):
    number = raise_as().number
    follow_problem(cast.neighbour, number)
    session().scalars(select(Problem).where(Problem.number == number)).one().hidden = True
    session().commit()
    assert numbers(cast.neighbour) == []
    assert numbers(cast.resident) == [number]


@both
def test_many_taps_at_once_leave_one_row(app, cast, raise_as):
    number = raise_as().number
    outcomes = at_once(app, 8, lambda _index: follow_problem(cast.neighbour, number))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert session().scalar(select(func.count()).select_from(Following)) == 1


def test_the_levels_of_many_dossiers_cost_one_query(cast, raise_as, counted):
    ids = [raise_as(text=f"第 {n} 盏路灯不亮了").id for n in range(5)]
    unfollow_problem(cast.resident, found(session().get(Problem, ids[0])).number)
    with counted() as count:
        levels = levels_of(cast.resident, ids)
    assert count == 1
    assert levels == {ids[0]: FollowLevel.NONE} | dict.fromkeys(ids[1:], FollowLevel.ALL)


def test_the_button_sets_the_level_and_refuses_others(cast, raise_as, client_of):
    number = raise_as().number
    client = client_of("neighbour")
    for chosen in FollowLevel:
        assert client.post(f"/problems/{number}/following", {"level": chosen.value}).status_code == 303
        assert level(cast.neighbour, number) is chosen
    assert client.post(f"/problems/{number}/following", {"level": "everything"}).status_code == 400
    assert client.post(f"/problems/{number}/following").status_code == 400
    assert level(cast.neighbour, number) is FollowLevel.NONE
