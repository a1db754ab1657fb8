"""Having met it too: one second a person, a household once, and counters that cannot drift."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from cogov.ground.db import session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.people.rules import ANYONE
from cogov.problems.commands import name_on_dossier, recount, second_problem, unsecond_problem
from cogov.problems.models import DossierName, Problem, Second
from cogov.problems.queries import Held, counted_seconds, miscounts, problem_for
from tests.databases import both
from tests.storms import at_once


def refused(code, call):
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.refusal.code == code
    return caught.value.refusal


def counts(cast, number):
    session().expire_all()
    problem = problem_for(cast.moderator, number)
    return problem.seconds, problem.households


def test_one_household_is_counted_once_and_each_person_too(cast, raise_as):
    number = raise_as(by=cast.resident).number
    assert counts(cast, number) == (0, 1)
    second_problem(cast.owner, number)  # lives in the same flat
    assert counts(cast, number) == (1, 1)
    second_problem(cast.tenant, number)
    second_problem(cast.landlord, number)  # owns the tenant's flat: the same household of the roll
    assert counts(cast, number) == (3, 2)
    second_problem(cast.neighbour, number)
    assert counts(cast, number) == (4, 3)


def test_who_has_no_flat_on_the_roll_is_a_person_and_no_household(cast, raise_as):
    number = raise_as().number
    second_problem(cast.complained_of, number)
    assert counts(cast, number) == (1, 1)


def test_a_grid_worker_on_the_round_brings_no_household(cast, raise_as):
    assert counts(cast, raise_as(by=cast.grid_worker).number) == (0, 0)


def test_a_second_is_taken_back_and_may_be_given_again(cast, raise_as):
    number = raise_as().number
    second_problem(cast.tenant, number)
    unsecond_problem(cast.tenant, number)
    assert counts(cast, number) == (0, 1)
    refused("not_seconded", lambda: unsecond_problem(cast.tenant, number))
    second_problem(cast.tenant, number)
    assert counts(cast, number) == (1, 2)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("outsider", "not_a_neighbour"),
        ("moderator", "not_a_neighbour"),
        ("official", "not_a_neighbour"),
        ("resident", "own_problem"),
    ],
)
def test_who_may_not_second_is_told_why(cast, raise_as, who, code):
    number = raise_as().number
    refused(code, lambda: second_problem(getattr(cast, who), number))
    assert counts(cast, number) == (0, 1)


def test_a_visitor_is_asked_to_sign_in(raise_as):
    number = raise_as().number
    refused("sign_in_first", lambda: second_problem(ANYONE, number))


def test_nobody_seconds_twice(cast, raise_as):
    number = raise_as().number
    second_problem(cast.tenant, number)
    refused("already_seconded", lambda: second_problem(cast.tenant, number))
    assert counts(cast, number) == (1, 2)


def test_a_second_is_not_told_in_public_and_names_nobody(cast, raise_as):
    raised = raise_as()
    second_problem(cast.tenant, raised.number)
    entry = session().scalars(select(JournalEntry).where(JournalEntry.kind == "ProblemSeconded")).one()
    assert entry.facts == f'{{"second":{session().scalar(select(Second.id))}}}'


def test_an_unknown_number_is_not_found(cast):
    with pytest.raises(NotFound):
        second_problem(cast.tenant, "2026-9999")


@both
@pytest.mark.storm
def test_fifty_identical_seconds_at_once_are_one(app, cast, raise_as):
    raised = raise_as()
    session().rollback()
    results = at_once(app, 50, lambda _: second_problem(cast.tenant, raised.number))
    assert sum(isinstance(each, Held) for each in results) == 1
    errors = [each for each in results if isinstance(each, Exception)]
    assert {each.refusal.code if isinstance(each, Refused) else each for each in errors} == {"already_seconded"}
    assert counts(cast, raised.number) == (1, 2) == counted_seconds(raised.id)
    assert (
        session().scalar(select(func.count()).select_from(JournalEntry).where(JournalEntry.kind == "ProblemSeconded"))
        == 1
    )


@both
@pytest.mark.storm
def test_many_people_at_once_are_all_counted(app, cast, raise_as):
    raised = raise_as()
    session().rollback()
    people = [cast.owner, cast.co_owner, cast.landlord, cast.tenant, cast.neighbour, cast.complained_of]
    results = at_once(app, len(people), lambda i: second_problem(people[i], raised.number))
    assert all(isinstance(each, Held) for each in results), results
    assert counts(cast, raised.number) == (6, 3) == counted_seconds(raised.id)
    seconded = session().scalars(select(Second.person_id).where(Second.problem_id == raised.id))
    assert set(seconded) == {person.person_id for person in people}


@both
@pytest.mark.storm
def test_names_on_a_dossier_have_no_gap_and_no_double(app, cast, raise_as):
    raised = raise_as()
    session().rollback()
    people = [cast.owner, cast.tenant, cast.neighbour, cast.moderator, cast.official] * 4
    ordinals = at_once(app, len(people), lambda i: name_on_dossier(raised.id, people[i].person_id))
    assert set(ordinals) == {2, 3, 4, 5, 6}
    assert session().scalar(select(func.count()).select_from(DossierName)) == 6


def test_the_check_finds_a_wrong_counter_and_sets_it_right(cast, raise_as):
    one, other = raise_as(), raise_as("电梯门关不上已经三天了")
    second_problem(cast.tenant, one.number)
    assert miscounts() == []
    session().execute(update(Problem).where(Problem.id == one.id).values(seconds=7, households=0))
    session().commit()
    assert miscounts() == [(one.id, one.number, (7, 0), (1, 2))]
    assert recount() == [one.number]
    assert counts(cast, one.number) == (1, 2)
    assert counts(cast, other.number) == (0, 1)
    assert miscounts() == []
