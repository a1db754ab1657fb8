"""Open rounds: everybody answers openly, voices are never added up, a block is a concern, and nothing is decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from cogov.decisions.commands import answer_round, close_round, open_round
from cogov.decisions.models import Decision, OpenRound, RoundAnswer
from cogov.decisions.queries import needs
from cogov.decisions.queries.rounds import rounds_of, shown_round
from cogov.decisions.rules.rounds import (
    CHOICE_WORDS,
    LONGEST,
    SHORTEST,
    Reason,
    RoundChoice,
    RoundKind,
    Standing,
    Voice,
    tally,
    voice_of,
    why_not_answer,
    why_not_ask,
)
from cogov.ground.db import session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.people.rules import Actor, Role
from cogov.people.rules import Standing as Held
from cogov.problems.commands import declare_leeway
from cogov.problems.rules.leeway import Room
from cogov.threads.models import Concern
from tests.cast import HERE
from tests.databases import both
from tests.decisions.conftest import Vote

AT = datetime(2027, 3, 1, tzinfo=UTC)
QUESTION = "东门的长椅先放在树下，大家赞成吗"


def _of(*roles: Role) -> Actor:
    return Actor(7, "甲", tuple(Held(n, role, HERE) for n, role in enumerate(roles, start=1)))


def _asked(vote: Vote, kind: RoundKind = RoundKind.HANDS, days: int = 3) -> OpenRound:
    until = datetime.now(UTC) + timedelta(days=days)
    return open_round(vote.cast.moderator, vote.number, kind=kind, question=QUESTION, closes_at=until)


def _refusal(*args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as refused:
        args[0](*args[1:], **kwargs)
    return refused.value.refusal.code


@pytest.mark.parametrize(
    ("roles", "voice"),
    [
        ((Role.OWNER, Role.TENANT), Voice.OWNER),
        ((Role.TENANT, Role.RESIDENT), Voice.TENANT),
        ((Role.RESIDENT,), Voice.RESIDENT),
        ((Role.OFFICIAL,), None),
    ],
)
def test_somebody_answers_with_one_voice(roles: tuple[Role, ...], voice: Voice | None):
    assert voice_of(_of(*roles), HERE) is voice


def test_the_voices_are_counted_apart_and_every_choice_has_its_figure():
    told = [(Voice.OWNER, RoundChoice.AGREE), (Voice.OWNER, RoundChoice.AGREE), (Voice.TENANT, RoundChoice.BLOCK)]
    counts = tally(RoundKind.CONSENT, told)
    assert set(counts) == set(Voice)
    assert all(set(each) == set(CHOICE_WORDS[RoundKind.CONSENT]) for each in counts.values())
    assert (counts[Voice.OWNER][RoundChoice.AGREE], counts[Voice.TENANT][RoundChoice.AGREE]) == (2, 0)
    assert (counts[Voice.TENANT][RoundChoice.BLOCK], sum(counts[Voice.RESIDENT].values())) == (1, 0)


@pytest.mark.parametrize(
    ("closes", "open_now", "code"),
    [
        (SHORTEST, 0, None),
        (SHORTEST - timedelta(seconds=1), 0, "round_time"),
        (LONGEST, 0, None),
        (LONGEST + timedelta(seconds=1), 0, "round_time"),
        (SHORTEST, 5, "too_many_rounds"),
    ],
)
def test_a_round_has_an_hour_to_close_and_there_are_few_at_once(closes: timedelta, open_now: int, code: str | None):
    refusal = why_not_ask(QUESTION, closes_at=AT + closes, at=AT, open_now=open_now)
    assert (refusal.code if refusal else None) == code


def test_an_answer_is_taken_until_the_instant_of_the_close():
    running = Standing(HERE, RoundKind.HANDS, AT, None)
    assert why_not_answer(_of(Role.OWNER), running, AT - timedelta(microseconds=1)) is None
    late = why_not_answer(_of(Role.OWNER), running, AT)
    assert late is not None
    assert late.code == "round_over"
    ended = Standing(HERE, RoundKind.HANDS, AT, AT - timedelta(hours=1))
    assert why_not_answer(_of(Role.OWNER), ended, AT - timedelta(minutes=1)) is not None


@both
def test_everybody_answers_openly_and_the_last_answer_stands(vote: Vote):
    asked = _asked(vote)
    cast = vote.cast
    answer_round(cast.owner, asked.id, choice=RoundChoice.AGAINST)
    answer_round(cast.owner, asked.id, choice=RoundChoice.AGREE)
    answer_round(cast.tenant, asked.id, choice=RoundChoice.ABSTAIN)
    shown = shown_round(cast.tenant, asked.id)
    assert [(each.voice, each.choice, each.mine) for each in shown.answers] == [
        (Voice.OWNER, RoundChoice.AGREE, False),
        (Voice.TENANT, RoundChoice.ABSTAIN, True),
    ]
    assert all("住户" in str(each.name) for each in shown.answers)
    assert _refusal(answer_round, cast.official, asked.id, choice=RoundChoice.AGREE) == "not_a_neighbour"
    assert _refusal(answer_round, cast.owner, asked.id, choice=RoundChoice.BLOCK) == "not_offered"
    assert session().scalar(select(func.count()).select_from(Decision)) == 0
    kinds = list(session().scalars(select(JournalEntry.kind).order_by(JournalEntry.number)))
    assert kinds[-4:] == ["RoundOpened", "RoundAnswered", "RoundAnswered", "RoundAnswered"]


@both
def test_a_block_gives_its_reason_as_a_concern_that_stays_when_the_answer_changes(vote: Vote):
    asked = _asked(vote, RoundKind.CONSENT)
    owner = vote.cast.owner
    assert _refusal(answer_round, owner, asked.id, choice=RoundChoice.BLOCK) == "words_missing"
    assert session().scalar(select(func.count()).select_from(RoundAnswer)) == 0
    reason = Reason("树下是消防通道，放了长椅车进不来。", "放到北墙边。")
    answer = answer_round(owner, asked.id, choice=RoundChoice.BLOCK, reason=reason)
    concern = session().get(Concern, answer.concern_id)
    assert concern is not None
    assert (concern.harm, concern.remedy) == (reason.harm, reason.remedy)
    assert shown_round(owner, asked.id).answers[0].concern == concern.number
    answer_round(owner, asked.id, choice=RoundChoice.AGREE)
    assert shown_round(owner, asked.id).answers[0].concern is None
    assert session().scalar(select(func.count()).select_from(Concern)) == 1


def test_who_reads_from_outside_learns_neither_the_minute_nor_who_owns(vote: Vote, client_of) -> None:
    asked = _asked(vote)
    answer_round(vote.cast.owner, asked.id, choice=RoundChoice.AGREE)
    inside, outside = shown_round(vote.cast.tenant, asked.id), shown_round(vote.cast.outsider, asked.id)
    assert (inside.exact, inside.answers[0].voice) == (True, Voice.OWNER)
    assert (outside.exact, outside.answers[0].voice) == (False, None)
    assert outside.tally == inside.tally
    minute = session().scalars(select(RoundAnswer.at)).one().strftime("%Y-%m-%dT%H")
    told = client_of(None).get(f"/api/v1/rounds/{asked.id}").get_json()["answers"]
    assert [(each["voice"], len(each["at"])) for each in told] == [(None, 10)]
    read = client_of("tenant").get(f"/rounds/{asked.id}").get_data(as_text=True)
    assert '<span class="part">业主</span>' in read
    read = client_of(None).get(f"/rounds/{asked.id}").get_data(as_text=True)
    assert '<span class="part">业主</span>' not in read
    assert minute not in read


def test_nobody_raises_any_number_of_concerns_by_blocking_again(vote: Vote):
    asked = _asked(vote, RoundKind.CONSENT)
    owner, reason = vote.cast.owner, Reason("树下是消防通道，放了长椅车进不来。", "放到北墙边。")
    for _ in range(3):
        answer_round(owner, asked.id, choice=RoundChoice.BLOCK, reason=reason)
        answer_round(owner, asked.id, choice=RoundChoice.AGREE)
    assert _refusal(answer_round, owner, asked.id, choice=RoundChoice.BLOCK, reason=reason) == "concerns_waiting"
    answer_round(owner, asked.id, choice=RoundChoice.AGAINST)
    assert session().scalar(select(func.count()).select_from(Concern)) == 3


def test_a_telephone_number_in_a_round_is_masked(vote: Vote):
    until = datetime.now(UTC) + timedelta(days=1)
    said = "长椅的事打13812345678问"
    asked = open_round(vote.cast.moderator, vote.number, kind=RoundKind.HANDS, question=said, closes_at=until)
    summed = close_round(vote.cast.moderator, asked.id, summary=said)
    assert all("13812345678" not in words for words in (summed.question, summed.summary))


def test_a_facilitator_asks_and_sums_up_and_nobody_else(vote: Vote):
    cast = vote.cast
    until = datetime.now(UTC) + timedelta(days=1)
    asking = {"kind": RoundKind.HANDS, "question": QUESTION, "closes_at": until}
    assert _refusal(open_round, cast.owner, vote.number, **asking) == "not_a_facilitator"
    asked = _asked(vote, days=1)
    answer_round(cast.neighbour, asked.id, choice=RoundChoice.AGREE)
    assert not [need for need in needs(cast.moderator) if need.kind == "round"]
    vote.clock.shift(timedelta(days=1))
    assert [need.title for need in needs(cast.moderator) if need.kind == "round"] == [QUESTION]
    assert not [need for need in needs(cast.owner) if need.kind == "round"]
    assert _refusal(answer_round, cast.owner, asked.id, choice=RoundChoice.AGREE) == "round_over"
    assert _refusal(close_round, cast.owner, asked.id, summary="大家赞成先放树下。") == "not_a_facilitator"
    close_round(cast.chair, asked.id, summary="大家赞成先放树下。")
    assert _refusal(close_round, cast.moderator, asked.id, summary="再写一次小结。") == "round_closed"
    (row,) = rounds_of(vote.problem.id)
    assert (row.answers, row.runs, row.summary) == (1, False, "大家赞成先放树下。")
    assert not [need for need in needs(cast.moderator) if need.kind == "round"]
    with pytest.raises(NotFound):
        shown_round(cast.owner, asked.id + 1)


def test_no_round_is_asked_about_what_was_declared_fixed(vote: Vote):
    declare_leeway(vote.cast.moderator, vote.number, room=Room.FIXED, reason="消防通道宽度由法律规定")
    assert _refusal(_asked, vote) == "topic_fixed"
    assert session().scalar(select(func.count()).select_from(OpenRound)) == 0


def test_a_round_is_asked_answered_and_ended_on_its_pages(vote: Vote, client_of) -> None:
    moderator, owner, anyone = client_of("moderator"), client_of("owner"), client_of(None)
    tab = f"/problems/{vote.number}?tab=decisions"
    assert f"/problems/{vote.number}/rounds/new" in moderator.get(tab).get_data(as_text=True)
    assert "rounds/new" not in owner.get(tab).get_data(as_text=True)
    assert "阻止的意思" in moderator.get(f"/problems/{vote.number}/rounds/new").get_data(as_text=True)
    until = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    asked = {"question": QUESTION, "kind": "consent", "closes_at": until}
    assert moderator.post(f"/problems/{vote.number}/rounds", data={**asked, "question": "问"}).status_code == 422
    sent = moderator.post(f"/problems/{vote.number}/rounds", data=asked)
    assert sent.status_code == 303
    url = sent.headers["Location"]
    assert QUESTION in anyone.get(tab).get_data(as_text=True)
    page = anyone.get(url).get_data(as_text=True)
    assert "没有法律效力" in page
    assert "公开回答" not in page
    assert owner.post(f"{url}/answers", data={"choice": "block"}).status_code == 422
    told = {"choice": "block", "harm": "树下是消防通道，车进不来。", "remedy": "放到北墙边。"}
    assert owner.post(f"{url}/answers", data=told).status_code == 303
    page = anyone.get(url).get_data(as_text=True)
    assert "顾虑 1" in page
    assert "合计" not in page
    assert moderator.post(f"{url}/closure", data={"summary": "有一户阻止，先答复顾虑。"}).status_code == 303
    assert "有一户阻止，先答复顾虑。" in anyone.get(url).get_data(as_text=True)
    assert "有一户阻止，先答复顾虑。" in anyone.get(tab).get_data(as_text=True)
