"""Many at once on one thread: every form has one effect, every number is given once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.sealing import verify
from cogov.threads.commands import agree_overruling, answer_concern, post_message, propose_overruling, raise_concern
from cogov.threads.models import Concern, ConcernAnswer, Message
from cogov.threads.rules.messages import MessageKind
from tests.databases import both
from tests.storms import at_once

pytestmark = pytest.mark.storm


def codes(results: Sequence[object]) -> list[str]:
    return [result.refusal.code for result in results if isinstance(result, Refused)]


@both
def test_the_same_message_sent_fifty_times_at_once_is_posted_once(app, cast, number):
    results = at_once(
        app,
        50,
        lambda _: post_message(cast.owner, number, kind=MessageKind.REASON, text="太暗了。", once="同一张表").id,
    )
    assert len([result for result in results if isinstance(result, int)]) == 1
    assert codes(results) == ["already_received"] * 49
    assert session().scalar(select(func.count()).select_from(Message)) == 1
    assert verify().faults == ()


@both
def test_concerns_raised_at_once_get_a_number_each(app, cast, number):
    actors = [cast.owner, cast.tenant, cast.neighbour, cast.landlord]
    results = at_once(app, 16, lambda i: raise_concern(actors[i % 4], number, harm=f"坏处 {i}", remedy="改。").number)
    assert set(results) == set(range(1, 17))
    assert verify().faults == ()


@both
def test_an_answer_and_an_overruling_at_once_settle_a_concern_once(app, cast, number):
    concern = raise_concern(cast.tenant, number, harm="整夜闪。", remedy="常亮。").id
    propose_overruling(cast.chair, concern, reason="试过，不闪。")
    calls = [
        lambda: answer_concern(cast.moderator, concern, text="会改。"),
        lambda: answer_concern(cast.owners_committee, concern, text="会改。"),
        lambda: agree_overruling(cast.street_office, concern),
        lambda: agree_overruling(cast.moderator, concern),
    ]
    results = at_once(app, 16, lambda i: bool(calls[i % 4]()))
    assert results.count(True) == 1
    assert codes(results) == ["concern_settled"] * 15
    session().rollback()
    settled = session().scalars(select(Concern)).one()
    answers = session().scalars(select(ConcernAnswer)).all()
    assert str(settled.state) == ("answered" if len(answers) == 2 else "overruled")
