"""People are told once of what concerns them, never of what they did, and nobody else is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.journal.transaction import transaction
from cogov.people.rules import Actor
from cogov.problems.commands import (
    ask_raisers,
    follow_problem,
    quieten_problem,
    second_problem,
    triage_problem,
    unfollow_problem,
)
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.tell import notices
from cogov.tell.audience.finding import is_important
from cogov.tell.models import Notification
from cogov.tell.notices import groups, mark_read, spread, spread_all, unread
from cogov.threads.commands import (
    answer_concern,
    post_message,
    propose_amendment,
    propose_solution,
    raise_concern,
    reject_amendment,
    withdraw_amendment,
)
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.solutions import Content
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import raise_something
from tests.storms import at_once


def _talk(cast: Cast) -> str:
    number = raise_something(cast)
    triage_problem(cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="一起商量")
    second_problem(cast.neighbour, number)
    spread_all()
    return number


def test_a_message_tells_the_people_of_the_dossier_but_not_its_writer(cast: Cast) -> None:
    number = _talk(cast)
    before = {name: unread(getattr(cast, name)) for name in ("resident", "neighbour", "tenant", "outsider")}
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="我家门口也是")
    spread_all()
    after = {name: unread(getattr(cast, name)) for name in before}
    assert after == {**before, "resident": before["resident"] + 1}


def test_what_is_hidden_is_told_to_its_raiser_and_those_who_answer_only(cast: Cast) -> None:
    raise_something(cast, text="楼上那位总是往下扔东西", names_person=True)
    spread_all()
    told = set(session().scalars(select(Notification.person_id)))
    assert cast.moderator.person_id in told
    assert cast.grid_worker.person_id not in told
    assert cast.complained_of.person_id not in told
    assert cast.neighbour.person_id not in told


@both
def test_spreading_many_times_at_once_tells_each_person_once(app: Flask, cast: Cast) -> None:
    number = _talk(cast)
    for n in range(5):
        post_message(cast.neighbour, number, kind=MessageKind.REASON, text=f"第 {n} 句")
    before = unread(cast.resident)
    outcomes = at_once(app, 8, lambda _index: spread())
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    spread_all()
    assert unread(cast.resident) == before + 5
    assert session().scalar(select(func.count()).where(JournalEntry.told_at.is_(None))) == 0


def test_much_is_told_in_as_many_questions_as_little(cast: Cast, counted: Callable[[], Any]) -> None:
    number, told = _talk(cast), []
    for messages in (1, 12):
        for n in range(messages):
            post_message(cast.neighbour, number, kind=MessageKind.REASON, text=f"第 {n} 句")
        with counted() as count:
            assert spread() == messages
        told.append(int(count))
    assert told[0] == told[1]


def test_an_entry_that_cannot_be_told_holds_up_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    number = _talk(cast)
    said = [post_message(cast.neighbour, number, kind=MessageKind.REASON, text=f"第 {n} 句").id for n in range(3)]
    before = unread(cast.resident)

    def weigh(entry: JournalEntry) -> bool:
        if entry.subject_id == said[1]:
            raise ValueError
        return is_important(entry)

    monkeypatch.setattr(notices, "is_important", weigh)
    assert spread() == 3
    assert unread(cast.resident) == before + 2


def test_an_entry_during_which_the_connection_was_lost_is_told_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _talk(cast)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="我家门口也是")
    before = unread(cast.resident)

    def lose(entry: JournalEntry) -> bool:
        raise DBAPIError("SELECT", None, OSError(), connection_invalidated=True)

    with monkeypatch.context() as during:
        during.setattr(notices, "is_important", lose)
        with pytest.raises(DBAPIError):
            spread()
    session().rollback()
    assert spread() == 1
    assert unread(cast.resident) == before + 1


def test_reading_marks_only_ones_own(cast: Cast) -> None:
    number = _talk(cast)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="一")
    post_message(cast.resident, number, kind=MessageKind.REASON, text="二")
    spread_all()
    newest = groups(cast.resident)[0].last_id
    others = unread(cast.neighbour)
    mark_read(cast.resident, newest + 100)
    assert unread(cast.resident) == 0
    assert unread(cast.neighbour) == others


def test_the_page_of_notifications_names_the_dossier(cast: Cast, client_of: Callable[[str], Any]) -> None:
    number = _talk(cast)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="一")
    spread_all()
    client = client_of("resident")
    text = client.get("/notifications").get_data(as_text=True)
    assert number in text
    assert client.post("/notifications/reading", {"up_to": "999999"}).status_code == 303
    assert unread(cast.resident) == 0


def test_what_is_hidden_later_disappears_from_notifications_too(cast: Cast) -> None:
    number = _talk(cast)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="一")
    post_message(cast.resident, number, kind=MessageKind.REASON, text="二")
    spread_all()
    assert unread(cast.neighbour) > 0
    with transaction():
        session().execute(update(Problem).where(Problem.number == number).values(hidden=True))
    spread_all()
    assert unread(cast.neighbour) == 0
    assert groups(cast.neighbour) == []
    assert unread(cast.resident) > 0


def _says_something(cast: Cast, number: str) -> None:
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="我家门口也是")
    spread_all()


def test_who_follows_is_told_without_being_on_the_dossier(cast: Cast) -> None:
    number = _talk(cast)
    follow_problem(cast.tenant, number)
    _says_something(cast, number)
    assert unread(cast.tenant) == 1
    unfollow_problem(cast.tenant, number)
    _says_something(cast, number)
    assert unread(cast.tenant) == 1


@pytest.mark.parametrize("hear_less", [quieten_problem, unfollow_problem])
def test_who_hears_less_is_told_only_what_waits_for_them(cast: Cast, hear_less: Callable[..., Any]) -> None:
    number = _talk(cast)
    hear_less(cast.resident, number)
    before = unread(cast.resident)
    _says_something(cast, number)
    assert unread(cast.resident) == before
    problem = session().scalars(select(Problem).where(Problem.number == number)).one()
    ask_raisers(cast.moderator, problem.id)
    spread_all()
    assert unread(cast.resident) == before + 1


def test_an_office_hears_what_is_handed_to_it_however_little_it_follows(cast: Cast) -> None:
    number = raise_something(cast)
    unfollow_problem(cast.moderator, number)
    spread_all()
    assert unread(cast.moderator) > 0


def test_following_a_hidden_problem_tells_nobody_new(cast: Cast) -> None:
    number = _talk(cast)
    follow_problem(cast.tenant, number)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="我家门口也是")
    with transaction():
        session().execute(update(Problem).where(Problem.number == number).values(hidden=True))
    spread_all()
    told = set(session().scalars(select(Notification.person_id).where(Notification.problem_id.is_not(None))))
    assert cast.tenant.person_id not in told


def _pressing(by: Actor) -> bool:
    """Say whether anything asks a person to act."""
    return any(group.pressing for group in groups(by))


@both
def test_what_asked_for_an_answer_asks_no_longer_once_anybody_has_given_it(cast: Cast, backend: str) -> None:
    number = _talk(cast)
    solution = propose_solution(cast.tenant, number, title="装感应灯", text="每层一盏。", cost=120000).id
    change = Content("装感应灯", "每层两盏。", 150000, False, "各户", "业主")
    first, second = (propose_amendment(cast.neighbour, solution, content=change, why="一盏不够。").id for _ in range(2))
    spread_all()
    assert _pressing(cast.tenant)
    reject_amendment(cast.moderator, first, words="先装一盏。")
    spread_all()
    assert _pressing(cast.tenant)  # the second still waits
    fresh = unread(cast.tenant)
    withdraw_amendment(cast.neighbour, second)
    spread_all()
    assert not _pressing(cast.tenant)
    assert unread(cast.tenant) >= fresh  # it stays news
    mark_read(cast.moderator, 2**40)
    concern = raise_concern(cast.tenant, number, harm="太亮。", remedy="换灯。").id
    spread_all()
    assert _pressing(cast.moderator)
    answer_concern(cast.owners_committee, concern, text="装灯罩。")
    spread_all()
    assert not _pressing(cast.moderator)
