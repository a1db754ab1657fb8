"""The pages of taking part: one statement at a time, plain forms, and nothing of what others answered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from marshmallow import ValidationError
from sqlalchemy import insert, select

from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.moderation.models import Review
from cogov.opinion.api.conversations import QuestionBody
from cogov.opinion.commands import answer_statement, close_conversation, write_statement
from cogov.opinion.models import Participant, Stance, Statement
from cogov.opinion.queries.showing import taking
from cogov.opinion.rules.stages import StanceValue
from cogov.opinion.rules.taking import MOST_SEEDS
from cogov.people.queries import actor_of
from tests.databases import both

NASTY = "<img src=x onerror=alert(1)> [点我](javascript:alert(1))"


def _asked(page: str) -> int:
    named = re.search(r'name="statement" value="(\d+)"', page)
    assert named is not None
    return int(named.group(1))


def test_a_neighbour_answers_one_statement_after_the_other(cast, conversation_id, client_of):
    client = client_of("tenant")
    address = f"/conversations/{conversation_id}"
    seen = []
    for _ in range(3):
        page = client.get(address).get_data(as_text=True)
        seen.append(_asked(page))
        answer = client.post(f"{address}/answers", {"statement": seen[-1], "answer": "agree"})
        assert answer.status_code == 303
    assert sorted(seen) == [1, 2, 3]
    page = client.get(answer.location).get_data(as_text=True)
    assert "您答完了全部 3 条" in page
    assert f"观点 S{seen[-1]} 记下了" in page
    page = client.get(f"{address}?statement=2").get_data(as_text=True)
    assert 'aria-pressed="true"' in page
    client.post(f"{address}/answers", {"statement": 2, "answer": "disagree"})
    page = client.get(f"{address}/answers").get_data(as_text=True)
    assert "您：不同意" in page
    assert client.post(f"{address}/answers", {"statement": 2, "answer": "none"}).status_code == 303
    row = session().scalars(select(Statement).where(Statement.number == 2)).one()
    assert row.answered == 0


def test_what_is_no_answer_is_not_found(cast, conversation_id, client_of):
    client = client_of("tenant")
    client.get(f"/conversations/{conversation_id}")
    for told in ({"statement": 1, "answer": "maybe"}, {"statement": "x", "answer": "agree"}, {"answer": "agree"}):
        assert client.post(f"/conversations/{conversation_id}/answers", told).status_code == 404


def test_a_statement_is_written_shown_and_never_live(cast, conversation_id, client_of):
    client = client_of("tenant")
    client.get(f"/conversations/{conversation_id}")
    sent = {"text": NASTY, "once": client.once}
    assert client.post(f"/conversations/{conversation_id}/statements", sent).status_code == 303
    page = client.get(f"/conversations/{conversation_id}").get_data(as_text=True)
    assert "我写的观点" in page
    assert "还没有人看到它" in page
    assert "<img src=x" not in page
    long = client.post(f"/conversations/{conversation_id}/statements", {"text": "长" * 141})
    assert long.status_code == 422
    assert "长" * 141 in long.get_data(as_text=True)
    again = client.post(f"/conversations/{conversation_id}/statements", {"text": "路灯应该整夜亮着"})
    assert again.status_code == 409
    assert "路灯应该整夜亮着。" in again.get_data(as_text=True)


def test_counts_are_shown_after_the_answer_and_to_everybody_at_the_end(cast, conversation_id, statement, client_of):
    answer_statement(cast.owner, statement(1), StanceValue.AGREE)
    listed = f"/conversations/{conversation_id}/statements"
    assert "1 人同意" not in client_of("tenant").get(listed).get_data(as_text=True)
    assert "1 人同意" in client_of("owner").get(listed).get_data(as_text=True)
    close_conversation(cast.moderator, conversation_id)
    assert "1 人同意" in client_of(None).get(listed).get_data(as_text=True)


def test_who_may_not_answer_reads_why(cast, conversation_id, client_of):
    address = f"/conversations/{conversation_id}"
    assert "登录以后才能参加" in client_of(None).get(address).get_data(as_text=True)
    assert "每人代表自己" in client_of("official").get(address).get_data(as_text=True)
    client = client_of("official")
    client.get(address)
    assert client.post(f"{address}/answers", {"statement": 1, "answer": "agree"}).status_code == 403


def test_the_dossier_asks_and_a_moderator_opens_and_closes(cast, number, client_of):
    client = client_of("moderator")
    client.get(f"/problems/{number}/conversations")
    sent = {
        "question": "灯怎么修？",
        "statements": "整夜亮。\n后半夜暗一半。",
        "closes_at": (now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M"),
        "once": client.once,
    }
    answer = client.post(f"/problems/{number}/conversations", {**sent, "closes_at": "2000-01-01T12:00"})
    assert answer.status_code == 422
    answer = client.post(f"/problems/{number}/conversations", sent)
    assert answer.status_code == 303
    page = client_of("tenant").get(f"/problems/{number}?tab=opinion").get_data(as_text=True)
    assert "灯怎么修？" in page
    assert "整夜亮。" in page or "后半夜暗一半。" in page
    assert client.post(f"{answer.location}/closure", {"once": ""}).status_code == 303
    assert "已经结束" in client.get(answer.location).get_data(as_text=True)


def test_a_statement_is_flagged_and_its_writer_takes_it_back(cast, conversation_id, client_of):
    written = write_statement(cast.tenant, conversation_id, text="某某是骗子。").statement
    client = client_of("owner")
    page = client.get(f"/statements/{written.id}/flags").get_data(as_text=True)
    assert "某某是骗子。" in page
    assert client.post(f"/statements/{written.id}/flags", {"reason": "insult", "once": client.once}).status_code == 303
    review = session().scalars(select(Review)).one()
    looked_at = client_of("moderator").get(f"/moderation/{review.id}").get_data(as_text=True)
    assert "某某是骗子。" in looked_at
    assert "tab=opinion" in looked_at
    writer = client_of("tenant")
    assert "撤下以后" in writer.get(f"/statements/{written.id}/flags").get_data(as_text=True)
    assert writer.post(f"/statements/{written.id}/withdrawal", {"once": writer.once}).status_code == 303
    assert session().get_one(Statement, written.id).text == ""


@both
def test_three_hundred_statements_and_thousands_of_people_cost_no_more_queries(
    app, cast, conversation_id, statement, counted
):
    tenant = actor_of(cast.tenant.person_id)
    with counted() as few:
        taking(tenant, conversation_id)
    one = session().get(Statement, statement(1))
    row = {column.name: getattr(one, column.name) for column in Statement.__table__.columns}
    numbers = range(1_000, 1_300)
    db.session.execute(insert(Statement), [{**row, "id": n, "number": n, "text": f"第 {n} 条"} for n in numbers])
    people = [{"id": n, "conversation_id": conversation_id, "imported": n, "answered": 3} for n in range(1, 2_001)]
    db.session.execute(insert(Participant), people)
    answers = [
        {"participant_id": who["id"], "statement_id": 1_000 + (who["id"] * 7 + turn) % 300, "value": 1}
        for who in people
        for turn in range(3)
    ]
    db.session.execute(insert(Stance), answers)
    db.session.commit()
    db.session.remove()
    with counted() as many:
        shown = taking(tenant, conversation_id)
    assert (shown.people, shown.statements) == (2_000, 303)
    assert int(many) <= int(few) + 1  # from ten people on there may be a map


def test_a_program_begins_a_question_with_few_statements(app):
    told = {"question": "问什么？", "closes_at": "2030-01-01T00:00:00Z", "statements": ["一"] * (MOST_SEEDS + 1)}
    with app.test_request_context(), pytest.raises(ValidationError) as caught:
        QuestionBody().load(told)
    assert list(caught.value.normalized_messages()) == ["statements"]
