"""Closing an account: what leads to the person is gone from every column, what others build on stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.ground.refusals import Refused
from cogov.journal.sealing import verify
from cogov.people.commands import ask_closing, close_due, open_sign_in, take_back_closing
from cogov.people.models import Identity, Person
from cogov.people.queries import actor_of, actor_signed_in, closing_of
from cogov.people.rules.closing import left_name
from cogov.places.models import Owner, Residence
from cogov.problems.commands import second_problem
from cogov.problems.models import Problem
from cogov.tell.notices import spread_all
from cogov.threads.commands import post_message
from cogov.threads.models import Message
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.clients import Client
from tests.databases import both
from tests.journeys.walking import raise_something

DAYS = 7


def _cells() -> Iterator[tuple[str, str, str]]:
    """Every text that the database holds, with its table and column."""
    for table in db.metadata.sorted_tables:
        for row in session().execute(select(table)).mappings():
            for name, value in row.items():
                if isinstance(value, str):
                    yield table.name, str(name), value


def _close(cast: Cast, *, words: bool) -> None:
    ask_closing(cast.neighbour, days=DAYS, words=words)
    with time_machine.travel(now() + timedelta(days=DAYS, minutes=1), tick=True):
        assert close_due() == 1


@both
def test_nothing_leads_to_a_person_who_left(cast: Cast, backend: str) -> None:
    person_id = cast.neighbour.person_id or 0
    number = raise_something(cast)
    second_problem(cast.neighbour, number)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="我家老人上下楼不方便。")
    spread_all()
    token = open_sign_in(cast.neighbour, agent="某人的手机").token
    identity = session().get_one(Identity, person_id)
    leads = [text for text in (identity.phone, identity.email, identity.name, cast.neighbour.pseudonym) if text]
    leads += ["某人的手机"]
    before = session().scalars(select(Problem.seconds).where(Problem.number == number)).one()
    assert {lead for lead in leads for _, _, value in _cells() if lead in value} == set(leads)
    _close(cast, words=False)
    assert [(table, name) for lead in leads for table, name, value in _cells() if lead in value] == []
    assert actor_signed_in(token) is None
    assert session().get_one(Person, person_id).pseudonym == left_name(person_id)
    for row in (Residence, Owner):
        assert session().scalar(select(func.count()).where(row.person_id == person_id)) == 0
    # The record of the others stays whole: the count, the words that were answered, the journal's chain.
    assert session().scalars(select(Problem.seconds).where(Problem.number == number)).one() == before
    assert session().scalars(select(Message.text).where(Message.person_id == person_id)).all() == [
        "我家老人上下楼不方便。"
    ]
    assert verify().faults == ()


def test_who_wishes_it_takes_their_words_along(cast: Cast) -> None:
    number = raise_something(cast)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="我家老人上下楼不方便。")
    post_message(cast.resident, number, kind=MessageKind.REASON, text="我也想要电梯。")
    _close(cast, words=True)
    texts = session().scalars(select(Message.text).order_by(Message.id)).all()
    assert "我也想要电梯。" in texts
    assert not any("老人" in value for _, _, value in _cells())


def test_who_thinks_again_keeps_everything(cast: Cast) -> None:
    ask_closing(cast.neighbour, days=DAYS, words=True)
    with pytest.raises(Refused, match="closing_asked"):
        ask_closing(cast.neighbour, days=DAYS, words=True)
    take_back_closing(cast.neighbour)
    with time_machine.travel(now() + timedelta(days=DAYS + 1), tick=True):
        assert close_due() == 0
    assert session().get(Identity, cast.neighbour.person_id) is not None
    with pytest.raises(Refused, match="closing_missing"):
        take_back_closing(cast.neighbour)


def test_home_reminds_them_until_they_think_again(cast: Cast, client_of: Callable[[str], Client]) -> None:
    theirs, other = client_of("neighbour"), client_of("resident")
    assert "您申请了注销账号" not in theirs.get("/").text
    row = ask_closing(cast.neighbour, days=DAYS, words=False)
    home = theirs.get("/").text
    day = row.due_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"您申请了注销账号，{day.month}月{day.day}日 {day:%H:%M} 生效" in home
    assert 'href="/me/data#closing"' in home
    assert "您申请了注销账号" not in other.get("/").text
    take_back_closing(cast.neighbour)
    assert "您申请了注销账号" not in theirs.get("/").text


def test_nobody_leaves_a_post_empty(cast: Cast) -> None:
    with pytest.raises(Refused, match="still_in_office"):
        ask_closing(cast.moderator, days=DAYS, words=False)


def test_an_account_that_took_on_an_office_meanwhile_waits(cast: Cast) -> None:
    ask_closing(cast.neighbour, days=DAYS, words=False)
    held = actor_of(cast.moderator.person_id or 0).standings[0]
    session().execute(
        db.text("UPDATE role_held SET person_id = :person WHERE id = :id"),
        {"person": cast.neighbour.person_id, "id": held.id},
    )
    session().commit()
    with time_machine.travel(now() + timedelta(days=DAYS + 1), tick=True):
        assert close_due() == 0
    assert closing_of(cast.neighbour.person_id or 0) is not None
