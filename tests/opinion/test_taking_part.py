"""Opening, writing, answering, drawing, closing and quoting: what each does, and to whom it is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.moderation.commands import decide_review
from cogov.moderation.models import Review, SealedWords
from cogov.moderation.rules import FlagReason, Mask, ReviewVerdict
from cogov.opinion.commands import (
    answer_statement,
    close_conversation,
    close_conversations,
    draw_charts,
    drawing,
    flag_statement,
    open_conversation,
    withdraw_answer,
    withdraw_statement,
    write_statement,
)
from cogov.opinion.models import Chart, Conversation, Participant, Quote, Stance, Statement
from cogov.opinion.queries import drawing_due, people_in
from cogov.opinion.queries.drawing import PAUSE, answers_of
from cogov.opinion.queries.loading import statement_called, statement_id_of
from cogov.opinion.queries.reading import map_shown
from cogov.opinion.queries.showing import statements_of
from cogov.opinion.rules.stages import StanceValue, StatementState
from cogov.people.commands import ask_closing, close_due
from cogov.people.rules import ANYONE, CLOCK
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from cogov.tell.models import Notification
from cogov.tell.notices import spread_all
from cogov.threads.commands import block_author, post_message
from cogov.threads.rules.messages import MessageKind
from tests.cast import HERE
from tests.databases import both
from tests.opinion.conftest import QUESTION, SEEDS
from tests.storms import at_once

AGREE, PASS, DISAGREE = StanceValue.AGREE, StanceValue.PASS, StanceValue.DISAGREE


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.refusal.code == code


def kinds() -> list[str]:
    return list(session().scalars(select(JournalEntry.kind).order_by(JournalEntry.number)))


@both
def test_a_conversation_opens_with_a_question_and_statements(app, cast, number, conversation_id):
    conversation = session().get_one(Conversation, conversation_id)
    assert (conversation.number, conversation.question) == (1, QUESTION)
    assert [row.text for row in session().scalars(select(Statement).order_by(Statement.number))] == list(SEEDS)
    assert kinds()[-4:] == ["ConversationOpened"] + ["StatementWritten"] * 3
    facts = session().scalars(select(JournalEntry.facts)).all()
    assert not any("路灯" in fact for fact in facts)


def test_one_question_at_a_time_is_put_by_those_who_may(app, cast, number):
    later = now() + timedelta(days=3)
    with refused("not_an_opener"):
        open_conversation(cast.resident, number, question="问什么？", closes_at=later)
    with refused("too_short"):
        open_conversation(cast.official, number, question="问什么？", closes_at=now() + timedelta(minutes=5))
    with refused("too_long"):
        open_conversation(cast.official, number, question="问什么？", closes_at=now() + timedelta(days=181))
    open_conversation(cast.official, number, question="问什么？", closes_at=later)
    with refused("conversation_running"):
        open_conversation(cast.moderator, number, question="再问？", closes_at=later)


def test_people_of_the_place_write_statements_and_numbers_go_on(app, cast, number, conversation_id):
    written = write_statement(cast.tenant, conversation_id, text="灯杆上的\n电线要包好，电话 13812345678")
    assert written.statement.number == 4
    assert written.statement.text == "灯杆上的 电线要包好，电话 【已遮住电话】"
    assert written.masked == (Mask.PHONE,)
    with refused("not_of_this_place"):
        write_statement(cast.outsider, conversation_id, text="我也说一句。")
    with refused("sign_in_first"):
        write_statement(ANYONE, conversation_id, text="我也说一句。")
    with refused("words_too_long"):
        write_statement(cast.tenant, conversation_id, text="字" * 141)


def test_what_stands_already_is_shown_and_not_written_again(app, cast, conversation_id):
    with pytest.raises(Refused) as caught:
        write_statement(cast.tenant, conversation_id, text="路灯 应该整夜亮着！")
    assert caught.value.refusal.code == "already_written"
    assert SEEDS[0] in str(caught.value.refusal.message)


@both
def test_answers_are_counted_changed_and_taken_back_without_a_trace(app, cast, conversation_id, statement):
    before = len(kinds())
    answer_statement(cast.tenant, statement(1), AGREE)
    answer_statement(cast.owner, statement(1), DISAGREE)
    answer_statement(cast.tenant, statement(1), PASS)
    row = session().get_one(Statement, statement(1))
    assert (row.agree, row.disagree, row.passed, row.changes) == (0, 1, 1, 3)
    answer_statement(cast.tenant, statement(1), PASS)
    assert row.changes == 3
    withdraw_answer(cast.tenant, statement(1))
    withdraw_answer(cast.tenant, statement(1))
    assert (row.agree, row.disagree, row.passed, row.changes) == (0, 1, 0, 4)
    assert people_in(conversation_id) == 1
    assert len(kinds()) == before
    assert {column.name for column in Stance.__table__.columns} == {"participant_id", "statement_id", "value"}


def test_only_who_lives_or_owns_here_answers_and_nobody_their_own(app, cast, conversation_id, statement):
    own = write_statement(cast.tenant, conversation_id, text="多装一个插座。").statement
    with refused("own_statement"):
        answer_statement(cast.tenant, own.id, AGREE)
    with refused("answers_for_oneself"):
        answer_statement(cast.official, own.id, AGREE)
    with refused("answers_for_oneself"):
        answer_statement(cast.outsider, own.id, AGREE)
    with refused("sign_in_first"):
        answer_statement(ANYONE, own.id, AGREE)
    with pytest.raises(NotFound):
        answer_statement(cast.tenant, 10**9, AGREE)


@both
def test_fifty_answers_at_once_leave_one_stance(app, cast, conversation_id, statement):
    wanted = statement(1)
    values = (AGREE, DISAGREE, PASS)
    results = at_once(app, 20, lambda turn: answer_statement(cast.owner, wanted, values[turn % 3]).id)
    assert {result.refusal.code for result in results if isinstance(result, Refused)} <= {"answered_meanwhile"}
    assert all(isinstance(result, int | Refused) for result in results)
    session().rollback()
    db.session.remove()
    row = session().get_one(Statement, wanted)
    assert session().scalar(select(func.count()).select_from(Stance)) == 1
    assert session().scalar(select(func.count()).select_from(Participant)) == 1
    assert (row.agree, row.disagree, row.passed) in {(1, 0, 0), (0, 1, 0), (0, 0, 1)}
    assert session().scalar(select(Participant.answered)) == 1


@both
def test_it_closes_by_hand_or_at_its_time_and_then_nothing_is_added(app, cast, number, conversation_id, statement):
    answer_statement(cast.tenant, statement(1), AGREE)
    with refused("not_an_opener"):
        close_conversation(cast.tenant, conversation_id)
    with time_machine.travel(now() + timedelta(days=7, seconds=1), tick=False):
        with refused("conversation_closed"):
            answer_statement(cast.owner, statement(1), AGREE)
        assert close_conversations() == 1
        assert close_conversations() == 0
        with refused("conversation_closed"):
            close_conversation(cast.moderator, conversation_id)
        with refused("conversation_closed"):
            write_statement(cast.owner, conversation_id, text="晚了一步。")
    entry = session().scalars(select(JournalEntry).order_by(JournalEntry.number.desc())).first()
    assert entry is not None
    assert entry.kind == "ConversationClosed"
    assert json.loads(entry.facts) == {"conversation": conversation_id, "number": 1, "people": 1, "statements": 3}


def test_what_is_flagged_and_removed_is_sealed_and_put_back(app, cast, conversation_id):
    written = write_statement(cast.tenant, conversation_id, text="某某是骗子。").statement
    review = flag_statement(cast.owner, written.id, reason=FlagReason.INSULT)
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    db.session.remove()
    row = session().get_one(Statement, written.id)
    assert (row.text, row.state) == ("", StatementState.REMOVED)
    assert session().get_one(SealedWords, review.id).text == "某某是骗子。"
    spread_all()
    assert cast.tenant.person_id in set(session().scalars(select(Notification.person_id)))


def test_a_flood_is_held_and_its_writer_told_when_it_is_published(app, cast, conversation_id):
    change_setting(CLOCK, code=HERE, name=Setting.FLOOD_MESSAGES, value=2)
    for turn in range(2):
        assert write_statement(cast.tenant, conversation_id, text=f"第 {turn} 条看法。").held is None
    held = write_statement(cast.tenant, conversation_id, text="第三条看法。")
    assert (held.held, held.statement.text) == ("flood", "")
    review = session().scalars(select(Review)).one()
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.KEEP)
    db.session.remove()
    row = session().get_one(Statement, held.statement.id)
    assert (row.text, row.state) == ("第三条看法。", StatementState.SHOWN)
    assert kinds()[-2:] == ["StatementWritten", "StatementPublished"]


def test_a_writer_takes_a_statement_back(app, cast, conversation_id):
    written = write_statement(cast.tenant, conversation_id, text="我想想。").statement
    with refused("not_your_statement"):
        withdraw_statement(cast.owner, written.id)
    withdraw_statement(cast.tenant, written.id)
    assert (written.text, written.state) == ("", StatementState.WITHDRAWN)
    with refused("not_standing"):
        answer_statement(cast.owner, written.id, AGREE)


def _answers(residents, statement, people=12):
    for turn, person in enumerate(residents[:people]):
        answer_statement(person, statement(1), AGREE)
        answer_statement(person, statement(2), AGREE if turn % 2 else DISAGREE)


@both
def test_a_map_is_drawn_from_ten_people_on_in_another_process(app, cast, conversation_id, statement, residents):
    _answers(residents, statement, 9)
    assert draw_charts() == 0
    _answers(residents, statement)
    at = now()
    assert drawing_due(at, at)
    assert draw_charts() == 1
    chart = session().get_one(Chart, conversation_id)
    assert (chart.people, chart.statements, chart.answers, chart.final) == (12, 2, 24, False)
    told = json.loads(chart.told)
    assert set(told["participants"]) == {str(each) for each in session().scalars(select(Participant.id))}
    answer_statement(residents[0], statement(3), PASS)
    assert draw_charts() == 0
    close_conversation(cast.moderator, conversation_id)
    with time_machine.travel(now() + PAUSE, tick=False):
        assert draw_charts() == 1
    with time_machine.travel(now() + 2 * PAUSE, tick=False):
        assert draw_charts() == 0
    assert kinds()[-1] == "ChartDrawn"


def _drawn_later(pauses: int) -> int:
    with time_machine.travel(now() + pauses * PAUSE, tick=False):
        return draw_charts()


@both
def test_what_is_published_stands_until_ten_more_answer_and_falls_with_the_tenth(
    app, cast, conversation_id, statement, residents
):
    _answers(residents, statement, 10)
    assert draw_charts() == 1
    public = session().get_one(Chart, conversation_id).public
    _answers(residents, statement)
    assert _drawn_later(1) == 1
    chart = session().get_one(Chart, conversation_id)
    assert (chart.people, chart.public, chart.changes) == (10, public, 24)
    assert len(json.loads(chart.told)["participants"]) == 12
    for person in residents[:2]:
        withdraw_answer(person, statement(1))
        withdraw_answer(person, statement(2))
    withdraw_answer(residents[2], statement(1))
    assert map_shown(ANYONE, conversation_id).public["statements"]
    withdraw_answer(residents[2], statement(2))
    assert map_shown(ANYONE, conversation_id).public == {}
    shown = map_shown(residents[3], conversation_id)
    assert [each.counted is not None for each in shown.plain] == [True, True, False]
    assert {each.counted for each in map_shown(ANYONE, conversation_id).plain} == {None}
    _answers(residents[2:], statement, 1)
    assert _drawn_later(2) == 1
    # Shown again is what was shown before: one person more or less is no new map.
    assert session().get_one(Chart, conversation_id).public == public
    assert map_shown(ANYONE, conversation_id).public["statements"]
    ask_closing(residents[9], days=7, words=False)
    with time_machine.travel(now() + timedelta(days=7, minutes=1), tick=False):
        close_conversations()
        assert close_due() == 1
        assert map_shown(ANYONE, conversation_id).public == {}
        assert json.loads(session().get_one(Chart, conversation_id, populate_existing=True).told)["groups"] == {}


@both
def test_no_two_published_maps_lie_one_person_apart_not_at_the_close_and_not_after_an_erasure(
    app, cast, conversation_id, statement, residents
):
    _answers(residents, statement, 11)
    assert draw_charts() == 1
    chart = session().get_one(Chart, conversation_id)
    public, told = chart.public, chart.told
    answer_statement(residents[11], statement(1), AGREE)  # one more, and then it closes
    close_conversation(cast.moderator, conversation_id)
    assert _drawn_later(1) == 1
    chart = session().get_one(Chart, conversation_id, populate_existing=True)
    assert (chart.final, chart.public, chart.behind) == (True, public, 1)
    assert chart.told != told  # what nobody reads is drawn of all
    assert map_shown(ANYONE, conversation_id).behind == 1
    left = session().scalars(select(Participant).where(Participant.person_id == residents[0].person_id)).one().id
    assert str(left) in json.loads(chart.counted)
    ask_closing(residents[0], days=7, words=False)
    with time_machine.travel(now() + timedelta(days=7, minutes=1), tick=False):
        assert close_due() == 1
        assert str(left) not in session().get_one(Chart, conversation_id, populate_existing=True).counted
        assert draw_charts() == 1
        chart = session().get_one(Chart, conversation_id, populate_existing=True)
        assert (chart.final, chart.public, chart.behind) == (True, public, 2)
        assert str(left) not in json.loads(chart.told)["participants"]


def test_a_drawing_that_fails_is_put_off_and_an_old_one_replaces_no_newer(
    app, cast, conversation_id, statement, residents, monkeypatch
):
    _answers(residents, statement, 10)
    monkeypatch.setattr(drawing, "_ALONE", "nothing.py")
    assert draw_charts() == 0
    monkeypatch.undo()
    assert _drawn_later(2) == 0
    old = answers_of(conversation_id)
    with time_machine.travel(now() + drawing.PUT_OFF, tick=False):
        assert draw_charts() == 1
    chart = session().get_one(Chart, conversation_id)
    told, chart.changes = chart.told, chart.changes + 1
    session().commit()
    drawing._keep(conversation_id, old, json.dumps(json.loads(told) | {"participants": []}))
    assert session().get_one(Chart, conversation_id, populate_existing=True).told == told


def test_an_official_quotes_a_statement_and_its_writer_is_told(app, cast, number, conversation_id):
    written = write_statement(cast.tenant, conversation_id, text="灯要双路供电。").statement
    text = f"【观点 S{written.number}】“灯要双路供电。”我们照这个做。"
    said: dict[str, Any] = {"kind": MessageKind.REASON, "text": text}
    post_message(cast.neighbour, number, **said)
    assert session().scalar(select(func.count()).select_from(Quote)) == 0
    official = cast.official.under(cast.official.standings[0])
    post_message(official, number, **said)
    quote = session().scalars(select(Quote)).one()
    assert (quote.statement_id, quote.organization_id) == (written.id, official.organization_id)
    spread_all()
    told = select(JournalEntry.kind).join(Notification, Notification.entry_number == JournalEntry.number)
    mine = set(session().scalars(told.where(Notification.person_id == cast.tenant.person_id)))
    assert "StatementQuoted" in mine


@both
def test_whoever_leaves_takes_their_answers_along(app, cast, conversation_id, statement, residents):
    written = write_statement(cast.tenant, conversation_id, text="我要搬走了。").statement
    answer_statement(cast.tenant, statement(1), AGREE)
    ask_closing(cast.tenant, days=7, words=True)
    with time_machine.travel(now() + timedelta(days=7, minutes=1), tick=False):
        assert close_due() == 1
    db.session.remove()
    row = session().get_one(Statement, statement(1))
    assert (row.agree, row.changes) == (0, 2)
    assert session().scalar(select(func.count()).select_from(Stance)) == 0
    assert "搬走" not in session().get_one(Statement, written.id).text


def test_who_is_blocked_in_a_topic_writes_no_statement_there(cast, number, conversation_id):
    message = post_message(cast.tenant, number, kind=MessageKind.REASON, text="三次写了邻居的电话。").id
    why: dict[str, Any] = {"days": 3, "reason": FlagReason.PRIVACY, "words": "三次写了邻居的电话。"}
    block_author(cast.moderator, message, whole_place=False, **why)
    with refused("writing_blocked"):
        write_statement(cast.tenant, conversation_id, text="换个地方接着说。")
    assert write_statement(cast.owner, conversation_id, text="楼道的灯也要换。").statement.person_id


@both
def test_a_number_that_is_larger_than_any_finds_nothing(app, cast, number, conversation_id):
    assert statements_of(cast.tenant, conversation_id, after=9_999_999_999)[1:] == ([], None)
    for search in (
        lambda: statement_called(cast.tenant, number, 9_999_999_999),
        lambda: statement_id_of(conversation_id, 9_999_999_999),
    ):
        with pytest.raises(NotFound):
            search()
