"""Taking back: what a problem says stays once a body acts on it, and what is being looked at is sealed, not erased."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cogov.cases.models import Case
from cogov.decisions.commands import flag_motion, withdraw_motion_words
from cogov.decisions.models import Motion
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.moderation.commands import decide_review, order_down
from cogov.moderation.models import Review, SealedWords
from cogov.moderation.queries import SINCE, ledger, needs
from cogov.moderation.rules import FlagReason, ReviewVerdict
from cogov.places.queries import place_by_code
from cogov.problems.commands import flag_problem, triage_problem, withdraw_problem_words
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import Lane, ReasonCode
from tests.cast import HERE, Cast
from tests.databases import both
from tests.decisions.conftest import Vote, clock, vote
from tests.moderation.test_commands import count, refused
from tests.moderation.test_pictures import ORDER, folder, pictured, statuses
from tests.moderation.test_problem import FOUL, again, foul

__all__ = ["clock", "folder", "pictured", "vote"]


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


@both
def test_what_is_under_review_is_sealed_when_its_author_takes_it_back_and_the_review_ends(
    cast: Cast, pictured: Problem, client_of: Any
):
    review = flag_problem(cast.owner, pictured.id, reason=FlagReason.UNLAWFUL)
    assert [need.values["review_id"] for need in needs(cast.moderator)] == [review.id]
    withdraw_problem_words(cast.resident, pictured.id)
    down = again(pictured.id)
    assert (down.title, down.text) == ("【作者已撤下】",) * 2
    assert needs(cast.moderator) == []
    with refused("taken_back"):
        decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    with refused("taken_back"):
        order_down(cast.street_office, review.id, order=ORDER)
    shown = client_of(None).get(f"/problems/{pictured.number}").get_data(as_text=True)
    assert ("【作者已撤下】" in shown, "已移除" in shown, FOUL in shown) == (True, False, False)
    assert statuses(client_of, None, pictured) == {404}
    # Whoever decides may open the seal; the look is written down, and shows what was flagged.
    page, moderator = f"/moderation/{review.id}", client_of("moderator")
    before = moderator.get(page).get_data(as_text=True)
    assert ("作者已撤下" in before, FOUL in before) == (True, False)
    assert FOUL in moderator.post(f"{page}/look").get_data(as_text=True)
    assert statuses(client_of, "moderator", pictured) == {200}
    assert client_of("neighbour").get(page).status_code == 404
    counted = ledger(place_by_code(HERE), now() - SINCE)
    assert (counted.reviews, counted.open, counted.kept, counted.removed) == (1, 0, 0, 0)


@both
def test_what_nobody_looks_at_is_erased(cast: Cast, pictured: Problem, client_of: Any):
    withdraw_problem_words(cast.resident, pictured.id)
    assert (count(SealedWords), count(Review)) == (0, 0)
    assert statuses(client_of, None, pictured) == {404}


@both
def test_a_motion_under_review_is_sealed_too(vote: Vote):
    motion = vote.move(question="要不要买甩卖来的充电棚")
    review = flag_motion(vote.cast.tenant, motion.id, reason=FlagReason.SPAM)
    withdraw_motion_words(vote.cast.owner, motion.id)
    session().expire_all()
    assert session().get_one(Motion, motion.id).question == "【作者已撤下】"
    assert "甩卖" in session().get_one(SealedWords, review.id).text
    with refused("taken_back"):
        decide_review(vote.cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.SPAM)


def test_the_author_is_told_that_it_is_sealed(cast: Cast, pictured: Problem, client_of: Any):
    flag_problem(cast.owner, pictured.id, reason=FlagReason.UNLAWFUL)
    resident, address = client_of("resident"), f"/texts/problem/{pictured.id}"
    assert "有人正在看这段话" in resident.get(f"{address}/flags").get_data(as_text=True)
    told = resident.post(f"{address}/withdrawal", follow_redirects=True).get_data(as_text=True)
    assert ("封存着" in told, "删去了" in told) == (True, False)
