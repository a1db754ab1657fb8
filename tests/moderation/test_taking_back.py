"""Taking back: what a problem says stays once a body acts on it, and what is being looked at is sealed, not erased."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cogov.cases.models import Case
from cogov.ground.db import session
from cogov.problems.commands import triage_problem, withdraw_problem_words
from cogov.problems.rules.lanes import Lane, ReasonCode
from tests.cast import Cast
from tests.databases import both
from tests.moderation.test_commands import refused
from tests.moderation.test_problem import FOUL, again, foul


@both
def test_nobody_wipes_the_words_that_an_official_case_runs_on(cast: Cast, client_of: Any):
    problem = foul(cast)
    triage_problem(cast.moderator, problem.number)
    case = session().scalars(select(Case)).one()
    with refused("case_stands_on_it"):
        withdraw_problem_words(cast.resident, problem.id)
    address = f"/texts/problem/{problem.id}/withdrawal"
    answer = client_of("resident").post(address)
    assert (answer.status_code, "是办理的依据" in answer.get_data(as_text=True)) == (409, True)
    assert "请告诉社区主持人" in answer.get_data(as_text=True)
    assert again(problem.id).title == FOUL
    assert FOUL in client_of("official").get(f"/cases/{case.id}").get_data(as_text=True)


@both
def test_who_raised_what_was_merged_into_it_stands_behind_it_too(cast: Cast):
    problem, again_raised = foul(cast), foul(cast, cast.neighbour)
    triage_problem(
        cast.moderator, again_raised.number, lane=Lane.X, reason=ReasonCode.DUP, same_as=problem.number, words="同一处"
    )
    with refused("others_stand_behind"):
        withdraw_problem_words(cast.resident, problem.id)
    assert again(problem.id).title == FOUL
