"""A text's way: flagged, held, taken down, appealed, put back; what is sealed stands nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import Base, db, session
from cogov.ground.refusals import NotFound, Refused
from cogov.ground.search import SearchText
from cogov.journal.models import JournalEntry
from cogov.journal.sealing import verify
from cogov.loop import fall_due
from cogov.moderation.commands import (
    answer_removal_appeal,
    appeal_removal,
    decide_review,
    order_down,
    read_sealed,
)
from cogov.moderation.models import Flag, Review, SealedWords
from cogov.moderation.queries import SINCE, ledger, needs, orders, review_for
from cogov.moderation.rules import FlagReason, HoldReason, Mask, Order, ReviewState, ReviewVerdict
from cogov.people.rules import Actor
from cogov.places.queries import place_by_code
from cogov.tell.models import Notification
from cogov.tell.notices import spread_all
from cogov.threads.commands import flag_message, post_message, withdraw_message
from cogov.threads.models import Message
from cogov.threads.rules.messages import MessageKind, MessageState
from tests.cast import HERE, Cast
from tests.databases import both
from tests.storms import at_once

WORDS = "这个物业经理是骗子，谁都别信他。"


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.refusal.code == code
    db.session.rollback()


def count(model: type[Base]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def message_of(message_id: int) -> Message:
    session().expire_all()
    found = session().get(Message, message_id)
    assert found is not None
    return found


def said(cast: Cast, number: str, text: str = WORDS) -> int:
    return post_message(cast.tenant, number, kind=MessageKind.REASON, text=text).id


def flagged(cast: Cast, number: str, by: Actor | None = None, *, above: bool = False) -> tuple[int, int]:
    message_id = said(cast, number)
    review = flag_message(by or cast.owner, message_id, reason=FlagReason.INSULT, about_committee=above)
    return message_id, review.id


def removed(cast: Cast, number: str) -> tuple[int, int]:
    message_id, review_id = flagged(cast, number)
    decide_review(
        cast.moderator, review_id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT, words="请不要骂人。"
    )
    return message_id, review_id


def found_by_search(message_id: int) -> bool:
    query = select(SearchText.id).where(SearchText.kind == "message", SearchText.subject_id == message_id)
    return session().scalar(query) is not None


@both
def test_what_is_taken_down_is_sealed_and_stands_nowhere_else(cast: Cast, number: str) -> None:
    message_id, review_id = removed(cast, number)
    message = message_of(message_id)
    assert (message.text, message.state) == ("", MessageState.REMOVED)
    assert not found_by_search(message_id)
    sealed = session().get(SealedWords, review_id)
    assert sealed is not None
    assert sealed.text == WORDS
    assert all(WORDS not in facts for facts in session().scalars(select(JournalEntry.facts)))
    assert verify().faults == ()


@both
def test_a_granted_appeal_puts_the_words_back_and_unseals_them(cast: Cast, number: str) -> None:
    message_id, review_id = removed(cast, number)
    appeal_removal(cast.tenant, review_id, words="我说的是他的做法。")
    answer_removal_appeal(cast.street_office, review_id, granted=True, words="批评不违反规则。")
    message = message_of(message_id)
    assert (message.text, message.state) == (WORDS, MessageState.SHOWN)
    assert count(SealedWords) == 0
    assert found_by_search(message_id)
    counts = ledger(place_by_code(HERE), now() - SINCE)
    assert (counts.removed, counts.overturned, counts.answered, counts.open) == (1, 1, 1, 0)
    assert counts.reasons == {FlagReason.INSULT: 1}


def test_a_refused_appeal_leaves_them_down_and_cannot_be_repeated(cast: Cast, number: str) -> None:
    message_id, review_id = removed(cast, number)
    appeal_removal(cast.tenant, review_id, words="我说的是他的做法。")
    with refused("second_person"):
        answer_removal_appeal(cast.moderator, review_id, granted=True, words="算了。")
    answer_removal_appeal(cast.street_office, review_id, granted=False, words="“骗子”没有依据。")
    assert message_of(message_id).state is MessageState.REMOVED
    with refused("appealed_once"):
        appeal_removal(cast.tenant, review_id, words="再看看。")


@both
def test_flags_of_one_person_count_once_however_many_come_at_once(app, cast: Cast, number: str) -> None:
    message_id = said(cast, number)
    at_once(app, 20, lambda _: flag_message(cast.owner, message_id, reason=FlagReason.SPAM).id)
    session().expire_all()
    review = session().scalars(select(Review)).one()
    assert (review.flags, count(Flag)) == (1, 1)
    flag_message(cast.neighbour, message_id, reason=FlagReason.INSULT)
    assert session().scalars(select(Review.flags)).one() == 2


def test_what_is_kept_stays_and_can_be_flagged_anew(cast: Cast, number: str) -> None:
    message_id, review_id = flagged(cast, number)
    decide_review(cast.moderator, review_id, verdict=ReviewVerdict.KEEP)
    assert message_of(message_id).text == WORDS
    again = flag_message(cast.neighbour, message_id, reason=FlagReason.INSULT)
    assert again.id != review_id
    assert count(SealedWords) == 0


def test_criticism_of_the_committee_goes_to_the_level_above(cast: Cast, number: str) -> None:
    _, review_id = flagged(cast, number, above=True)
    assert [need.values for need in needs(cast.moderator)] == []
    assert [need.values for need in needs(cast.street_office)] == [{"review_id": review_id}]
    with refused("level_above"):
        decide_review(cast.moderator, review_id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    decide_review(cast.street_office, review_id, verdict=ReviewVerdict.KEEP)


def test_what_the_committee_flags_itself_goes_there_too(cast: Cast, number: str) -> None:
    message_id = said(cast, number, "居委会从来不管事。")
    review = flag_message(cast.chair, message_id, reason=FlagReason.MISLEADING)
    assert review.above
    assert needs(cast.moderator) == []


def test_a_review_exists_for_its_author_and_those_who_decide_alone(cast: Cast, number: str) -> None:
    _, review_id = removed(cast, number)
    for other in (cast.owner, cast.neighbour, cast.outsider, cast.foreign_moderator, cast.official):
        with pytest.raises(NotFound):
            review_for(other, review_id)
        with pytest.raises(NotFound):
            decide_review(other, review_id, verdict=ReviewVerdict.KEEP)
        db.session.rollback()
    mine = review_for(cast.tenant, review_id)
    assert mine.flags == ()  # who is complained of learns neither who complained nor in which words
    assert len(review_for(cast.moderator, review_id).flags) == 1


def test_each_look_at_sealed_words_is_written_down(cast: Cast, number: str) -> None:
    _, review_id = removed(cast, number)
    read_sealed(cast.moderator, review_id)
    read_sealed(cast.tenant, review_id)
    looks = session().scalars(select(JournalEntry.actor_id).where(JournalEntry.kind == "SealedWordsRead")).all()
    assert looks == [cast.moderator.person_id]


@both
def test_a_flood_waits_and_is_published_when_somebody_has_looked(cast: Cast, number: str) -> None:
    posted = [
        post_message(cast.tenant, number, kind=MessageKind.REASON, text=f"第 {turn} 句，各不相同。")
        for turn in range(11)
    ]
    assert [each.held for each in posted] == [None] * 10 + [HoldReason.FLOOD]
    last = posted[-1]
    assert message_of(last.id).text == ""
    assert not found_by_search(last.id)
    kinds = select(JournalEntry.kind).order_by(JournalEntry.number.desc()).limit(1)
    assert session().scalar(kinds) == "TextHeld"
    assert last.review_id is not None
    decide_review(cast.moderator, last.review_id, verdict=ReviewVerdict.KEEP)
    assert message_of(last.id).text == "第 10 句，各不相同。"
    assert session().scalar(kinds) == "MessagePosted"
    assert found_by_search(last.id)
    assert verify().faults == ()


def test_what_was_held_and_then_taken_down_was_never_public(cast: Cast, number: str) -> None:
    links = "http://a.example http://b.example http://c.example"
    held = post_message(cast.tenant, number, kind=MessageKind.REASON, text=links)
    assert held.held is HoldReason.LINKS
    assert held.review_id is not None
    decide_review(cast.moderator, held.review_id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.SPAM)
    assert message_of(held.id).state is MessageState.REMOVED
    appeal_removal(cast.tenant, held.review_id, words="是三份报价。")
    answer_removal_appeal(cast.street_office, held.review_id, granted=True, words="确实是报价。")
    assert message_of(held.id).text == links
    posted = session().scalars(select(JournalEntry.kind).where(JournalEntry.kind == "MessagePosted")).all()
    assert len(posted) == 1


def test_who_speaks_for_an_organization_is_never_held(cast: Cast, number: str) -> None:
    official = cast.official
    speaker = official.under(official.standings[0])
    for turn in range(12):
        assert post_message(speaker, number, kind=MessageKind.REASON, text=f"第 {turn} 条答复。").held is None


def test_what_identifies_somebody_never_reaches_the_database(cast: Cast, number: str) -> None:
    posted = post_message(cast.tenant, number, kind=MessageKind.EVIDENCE, text="打 13812345678 找他，501室")
    assert posted.masked == (Mask.PHONE, Mask.ROOM)
    assert message_of(posted.id).text == "打 【已遮住电话】 找他，【已遮住门牌】"


def test_an_order_names_organ_basis_and_day_in_the_public_ledger(cast: Cast, number: str) -> None:
    message_id, review_id = flagged(cast, number)
    order = Order("区网信办", "网络信息内容生态治理规定第六条", now().date())
    with refused("not_your_role"):
        order_down(cast.moderator, review_id, order=order)
    with refused("order_ahead"):
        order_down(cast.street_office, review_id, order=replace(order, dated=order.dated + timedelta(days=2)))
    order_down(cast.street_office, review_id, order=order)
    assert message_of(message_id).state is MessageState.ORDERED
    assert [(each.organ, each.basis) for each in orders(place_by_code(HERE))] == [(order.organ, order.basis)]
    with refused("ordered"):
        appeal_removal(cast.tenant, review_id, words="不同意。")


def test_an_author_takes_words_back_and_nothing_of_them_is_left(cast: Cast, number: str) -> None:
    message_id = said(cast, number)
    with refused("not_your_message"):
        withdraw_message(cast.owner, message_id)
    withdraw_message(cast.tenant, message_id)
    message = message_of(message_id)
    assert (message.text, message.salt, message.state) == ("", "", MessageState.WITHDRAWN)
    with refused("not_standing"):
        flag_message(cast.owner, message_id, reason=FlagReason.INSULT)


def test_taking_back_while_others_look_leaves_nothing_to_seal(cast: Cast, number: str) -> None:
    message_id, review_id = flagged(cast, number)
    withdraw_message(cast.tenant, message_id)
    decide_review(cast.moderator, review_id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    assert message_of(message_id).state is MessageState.WITHDRAWN
    assert count(SealedWords) == 0


def test_the_author_alone_is_told_of_a_removal(cast: Cast, number: str) -> None:
    removed(cast, number)
    spread_all()
    entry = select(JournalEntry.number).where(JournalEntry.kind == "TextRemoved")
    told = session().scalars(select(Notification.person_id).where(Notification.entry_number.in_(entry))).all()
    assert told == [cast.tenant.person_id]


def test_what_nobody_looks_at_in_time_is_told_to_the_level_above_once(cast: Cast, number: str) -> None:
    _, review_id = flagged(cast, number)
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        while fall_due():
            pass
        review = session().get(Review, review_id)
        assert review is not None
        assert review.overdue_at is not None
        assert review.state is ReviewState.OPEN
        overdue = select(func.count()).select_from(JournalEntry).where(JournalEntry.kind == "ReviewOverdue")
        assert session().scalar(overdue) == 1
