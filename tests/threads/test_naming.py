"""Quotes and mentions: words stay where they were said, and whoever is mentioned is told once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cogov.ground.db import session
from cogov.journal.transaction import transaction
from cogov.problems.queries import names_on, problem_for
from cogov.tell.levels import Why
from cogov.tell.models import Notification
from cogov.tell.notices import spread_all
from cogov.threads.commands import (
    answer_minutes,
    edit_message,
    mark_read,
    post_message,
    propose_summary,
    withdraw_message,
    write_summary,
)
from cogov.threads.commands.leaving import ERASED, forget_person
from cogov.threads.commands.naming import Quote
from cogov.threads.models import Message, ReadingMark
from cogov.threads.queries import messages
from cogov.threads.queries.messages import MessageShown
from cogov.threads.rules.mentions import MOST_MENTIONS, mentions_somebody, named_in, numbers_in, why_not_mention
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.quoting import Quoted, found_in, why_not_quote
from cogov.threads.rules.summaries import SummaryKind
from tests.cast import Cast
from tests.databases import both
from tests.threads.test_commands import count, refused

FIRST = "楼道的灯坏了一个月。物业说没有备件。"


def said(cast: Cast, number: str, text: str, name: str = "tenant", quote: Quote | None = None) -> int:
    return post_message(getattr(cast, name), number, kind=MessageKind.REASON, text=text, quote=quote).id


def shown(cast: Cast, number: str, message_id: int) -> MessageShown:
    session().expire_all()
    return next(each for each in messages(problem_for(cast.owner, number).id).items if each.id == message_id)


# Quotes --------------------------------------------------------------------------------------------------------------


@both
def test_a_quote_shows_the_words_of_the_version_that_was_quoted(cast, number):
    first = said(cast, number, FIRST)
    answer = said(cast, number, "备件我有。", "owner", Quote(first, "物业说没有备件。"))
    quote = shown(cast, number, answer).quote
    assert quote is not None
    assert (quote.text, quote.edited, str(quote.byline.name)) == ("物业说没有备件。", False, "住户 2")
    edit_message(cast.tenant, first, text="楼道的灯坏了一个月。物业说下周修。")
    quote = shown(cast, number, answer).quote
    assert quote is not None
    assert (quote.text, quote.version, quote.edited) == ("物业说没有备件。", 1, True)
    late = said(cast, number, "我抄的是原来那句。", "landlord", Quote(first, "没有备件"))
    quote = shown(cast, number, late).quote
    assert quote is not None
    assert (quote.text, quote.version) == ("没有备件", 1)


def test_a_quote_goes_with_the_words_it_quotes(cast, number):
    first = said(cast, number, FIRST)
    answer = said(cast, number, "备件我有。", "owner", Quote(first))
    withdraw_message(cast.tenant, first)
    quote = shown(cast, number, answer).quote
    assert quote is not None
    assert quote.text == ""


def test_who_closes_their_account_takes_what_was_quoted_and_objected_along(cast, number):
    first = said(cast, number, FIRST)
    answer = said(cast, number, "备件我有。", "owner", Quote(first, "没有备件"))
    minutes = write_summary(cast.moderator, number, kind=SummaryKind.MINUTES, text="没有备件。", base=0)
    objection = answer_minutes(cast.tenant, minutes.id, endorses=False, reason="我没有这样说。")
    proposal = propose_summary(cast.tenant, number, text="都由物业出钱。", base=1)
    mark_read(cast.tenant, number)
    with transaction():
        forget_person(cast.tenant.person_id, words=True)
    quote = shown(cast, number, answer).quote
    assert quote is not None
    assert quote.text == ""
    assert (objection.reason, proposal.text) == (ERASED, ERASED)
    assert minutes.text == "没有备件。"
    assert count(ReadingMark) == 0


def test_a_quote_of_a_quote_holds_no_more_than_one_persons_words(cast, number):
    first = said(cast, number, FIRST)
    second = said(cast, number, "备件我有。", "owner", Quote(first))
    third = said(cast, number, "太好了。", "landlord", Quote(second))
    quote = shown(cast, number, third).quote
    assert quote is not None
    assert quote.text == "备件我有。"


def test_what_is_quoted_was_said_here_word_for_word(cast, number):
    first = said(cast, number, FIRST)
    with refused("quote_differs"):
        said(cast, number, "不对。", "owner", Quote(first, "物业说有备件"))
    with refused("quoted_unknown"):
        said(cast, number, "不对。", "owner", Quote(987654, "物业"))
    long = said(cast, number, "很长的话。" * 200)
    with refused("quote_too_long"):
        said(cast, number, "太长。", "owner", Quote(long))
    withdraw_message(cast.tenant, first)
    with refused("quoted_unknown"):
        said(cast, number, "不对。", "owner", Quote(first, "灯"))
    assert count(Message) == 2


def test_quotes_cost_a_page_two_queries_however_many_there_are(cast, number, counted):
    first = said(cast, number, FIRST)
    problem = problem_for(cast.owner, number).id
    said(cast, number, "第一次引用。", "owner", Quote(first))
    session().expire_all()
    with counted() as few:
        messages(problem)
    for n in range(8):
        said(cast, number, f"再引用 {n}。", "owner", Quote(first))
    session().expire_all()
    with counted() as many:
        messages(problem)
    assert len(many.statements) == len(few.statements)


def test_a_part_is_found_in_the_latest_version_that_has_it():
    versions = [(2, "灯修好了。"), (1, "灯坏了。")]
    assert found_in(7, versions, "坏") == Quoted(7, 1, 1, 2)
    assert found_in(7, versions, "") == Quoted(7, 2, 0, 5)
    assert found_in(7, versions, "门") is None
    assert found_in(7, [(1, "")], "") is None
    assert why_not_quote(Quoted(7, 1, 0, 500), stands=True) is None


# Mentions ------------------------------------------------------------------------------------------------------------


@both
def test_whoever_is_mentioned_is_told_once_whatever_they_wanted_to_hear(cast, number):
    said(cast, number, FIRST)
    ordinals = names_on(problem_for(cast.owner, number).id)
    number_of = ordinals[cast.tenant.person_id]
    spread_all()
    said(cast, number, f"@住户{number_of} 您看行不行？@住户 {number_of} 请回话。", "owner")
    spread_all()
    spread_all()
    query = select(Notification.why).where(Notification.person_id == cast.tenant.person_id)
    assert [why for why in session().scalars(query) if why == Why.MENTIONED] == [Why.MENTIONED]
    others = select(Notification).where(Notification.why == Why.MENTIONED.value)
    assert len(list(session().scalars(others))) == 1


def test_an_edit_tells_those_whom_it_mentions_first_and_nobody_twice(cast, number):
    said(cast, number, FIRST)
    said(cast, number, "我也看到了。", "neighbour")
    names = names_on(problem_for(cast.owner, number).id)
    tenant, neighbour = (names[each.person_id or 0] for each in (cast.tenant, cast.neighbour))
    message = said(cast, number, f"@住户{tenant} 您看行不行？", "owner")
    edit_message(cast.owner, message, text=f"@住户{tenant} 和 @住户{neighbour} 您看行不行？")
    edit_message(cast.owner, message, text=f"@住户{neighbour} 和 @住户{tenant} 您二位看行不行？")
    spread_all()
    told = select(Notification.person_id).where(Notification.why == Why.MENTIONED.value)
    assert sorted(session().scalars(told)) == sorted([cast.tenant.person_id, cast.neighbour.person_id])
    with refused("mention_unknown"):
        edit_message(cast.owner, message, text="@住户 99 您怎么看？")


def test_who_spoke_for_an_organization_is_mentioned_by_name(cast, number):
    said(cast, number, "我们来看过。", "official")
    said(cast, number, "@经办official 什么时候修？", "owner")
    spread_all()
    query = select(Notification.person_id).where(Notification.why == Why.MENTIONED.value)
    assert list(session().scalars(query)) == [cast.official.person_id]


def test_nobody_is_mentioned_who_does_not_take_part(cast, number):
    with refused("mention_unknown"):
        said(cast, number, "@住户 99 您怎么看？")
    said(cast, number, "@陌生人 您怎么看？写信到 a@b.cn 也行。")
    spread_all()
    assert list(session().scalars(select(Notification.id).where(Notification.why == Why.MENTIONED.value))) == []


def test_five_thousand_mentions_are_refused_with_a_sentence(cast, number):
    with refused("words_too_long"):
        said(cast, number, "@住户1 " * 5000)
    with refused("too_many_mentions"):
        said(cast, number, "@a" + " @a" * MOST_MENTIONS)
    assert count(Message) == 0


def test_a_message_that_mentions_nobody_asks_nothing_more(cast, number, counted):
    said(cast, number, FIRST)
    with counted() as plain:
        said(cast, number, "没有提到谁的话。")
    assert not any("mention" in statement.lower() for statement in plain.statements)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("@住户 3 和 @住户12", {3, 12}),
        ("＠住戶3、@Resident 4", {3, 4}),
        ("a@住户3", set()),
        ("@住户 1234567890", set()),
        ("住户 3", set()),
    ],
)
def test_numbers_are_read_from_a_text(text, numbers):
    assert numbers_in(text) == numbers


def test_of_names_that_begin_alike_the_longest_counts():
    assert named_in("@许敏华 请看 @许敏", {"许敏": 1, "许敏华": 2, "": 3}) == {1, 2}
    assert named_in("@许敏华", {"许敏": 1, "许敏华": 2}) == {2}
    assert not mentions_somebody("a@b.cn 和 @ 空")
    assert why_not_mention("@住户 2", {2}) is None
