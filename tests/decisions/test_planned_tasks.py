"""Tasks that a vote has opened: covered with the words of the vote wherever they show, and shown again with them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cogov.decisions.commands import cast_ballot
from cogov.ground.db import session
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import record, verb
from cogov.moderation.events import RemovalAnswered
from cogov.moderation.models import Review
from cogov.moderation.rules import ReviewState
from cogov.people.rules import CLOCK
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from cogov.tasks.commands import claim_task, open_task
from cogov.tasks.models import Task
from cogov.tell.notices import spread_all
from tests.cast import HERE
from tests.databases import both
from tests.decisions.conftest import Vote, option
from tests.decisions.test_flagging import FOUL, ordered

MARK = "【按命令移除】"


@pytest.fixture
def passed(poll: Vote) -> Any:
    """Return a vote that has passed and opened the task it planned."""
    change_setting(CLOCK, code=HERE, name=Setting.MOTION_SUPPORTS, value=2)
    decision = poll.opened(**FOUL)
    for name in ("owner", "tenant", "neighbour"):
        cast_ballot(getattr(poll.cast, name), decision.id, option_id=option(decision, 1))
    poll.closed(decision)
    assert tasks() == [("取甩卖的货", "去甩卖摊。")]
    return decision


def tasks() -> list[tuple[str, str]]:
    session().expire_all()
    return [(task.title, task.text) for task in session().scalars(select(Task).order_by(Task.id))]


@both
def test_the_tasks_of_a_vote_are_covered_with_it_and_stand_again(poll: Vote, passed: Any) -> None:
    ordered(poll, passed)
    assert tasks() == [(MARK, MARK)]
    lift(session().scalars(select(Review)).one().id)
    assert tasks() == [("取甩卖的货", "去甩卖摊。")]


@verb
def lift(review_id: int) -> None:
    """Put back what a review covers, as an appeal does that was granted."""
    review = session().get_one(Review, review_id)
    review.state = ReviewState.RESTORED
    record(
        RemovalAnswered(review.id, review.subject, review.subject_id, granted=True, words=commit_to(salt(), "恢复。")),
        CLOCK,
        place_id=review.place_id,
        problem_id=review.problem_id,
        subject=("review", review.id),
    )


@both
def test_what_a_vote_opens_after_the_order_is_covered_from_the_first(poll: Vote) -> None:
    change_setting(CLOCK, code=HERE, name=Setting.MOTION_SUPPORTS, value=2)
    decision = ordered(poll, poll.opened(**FOUL))
    for name in ("owner", "tenant", "neighbour"):
        cast_ballot(getattr(poll.cast, name), decision.id, option_id=option(decision, 1))
    poll.closed(decision)
    assert tasks() == [(MARK, MARK)]
    lift(session().scalars(select(Review)).one().id)
    assert tasks() == [("取甩卖的货", "去甩卖摊。")]


def test_other_tasks_keep_their_words(poll: Vote, passed: Any) -> None:
    open_task(poll.cast.moderator, poll.number, title="夜间巡查", text="每晚两人")
    ordered(poll, passed)
    assert tasks() == [(MARK, MARK), ("夜间巡查", "每晚两人")]


def test_no_page_says_what_was_to_be_done(poll: Vote, passed: Any, client_of: Any) -> None:
    task = session().scalars(select(Task)).one()
    claim = claim_task(poll.cast.tenant, task.id)
    spread_all()
    paths = (
        "/",
        "/mine",
        "/tasks",
        "/notifications",
        "/work",
        "/journal",
        f"/tasks/{task.id}",
        f"/claims/{claim.id}",
        f"/problems/{poll.number}",
        f"/problems/{poll.number}?tab=timeline",
        f"/problems/{poll.number}?print=1",
        f"/problems/{poll.number}/calendar.ics",
        f"/problems/{poll.number}/feed.xml",
        f"/decisions/{passed.id}",
        "/api/v1/tasks",
        f"/api/v1/tasks/{task.id}",
        f"/api/v1/problems/{poll.number}/tasks",
    )

    def said() -> list[tuple[str | None, str]]:
        return [
            (who, path)
            for who in (None, "tenant", "outsider", "moderator")
            for path in paths
            if "取甩卖的货" in client_of(who).get(path, follow_redirects=True).get_data(as_text=True)
        ]

    before = {path for _, path in said()}
    assert {"/", "/tasks", f"/tasks/{task.id}", f"/claims/{claim.id}", f"/api/v1/tasks/{task.id}"} <= before
    ordered(poll, passed)
    assert said() == []
    assert MARK in client_of("tenant").get(f"/tasks/{task.id}").get_data(as_text=True)
