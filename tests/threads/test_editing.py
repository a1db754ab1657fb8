"""Editing a message: every version stays, what identifies somebody is masked, and moderators see what was flagged."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cogov.front.moderation.reading import sheet_of
from cogov.ground.db import db, session
from cogov.ground.search import SearchText, tokens
from cogov.journal.models import JournalEntry
from cogov.moderation.commands import answer_removal_appeal, appeal_removal, decide_review
from cogov.moderation.rules import FlagReason, HoldReason, Mask, ReviewVerdict
from cogov.people.rules import ANYONE, CLOCK
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from cogov.places.rules.settings import DEFAULTS
from cogov.problems.queries import problem_for
from cogov.threads.commands import edit_message, flag_message, post_message, withdraw_message
from cogov.threads.models import Message, MessageVersion
from cogov.threads.queries import changes_in, message_for, texts_of
from cogov.threads.rules.editing import MOST_VERSIONS, Written, why_not_edit
from cogov.threads.rules.messages import MessageKind, MessageState
from cogov.threads.rules.speaking import Dossier
from tests.cast import HERE, Cast
from tests.databases import both
from tests.threads.test_commands import kinds, last_entry, refused


@pytest.fixture
def _floods_wait(cast: Cast) -> None:
    change_setting(CLOCK, code=HERE, name=Setting.FLOOD_MESSAGES, value=DEFAULTS[Setting.FLOOD_MESSAGES])


FIRST = "楼道的灯坏了一个月。"


def said(cast: Cast, number: str, text: str = FIRST) -> int:
    return post_message(cast.tenant, number, kind=MessageKind.REASON, text=text).id


def message_of(message_id: int) -> Message:
    session().expire_all()
    found = session().get(Message, message_id)
    assert found is not None
    return found


def versions_in(message_id: int) -> list[tuple[int, str]]:
    query = select(MessageVersion.version, MessageVersion.text).where(MessageVersion.message_id == message_id)
    return [(version, text) for version, text in session().execute(query.order_by(MessageVersion.version))]


@both
def test_an_edited_message_says_the_new_words_and_keeps_the_old(cast, number):
    message_id = said(cast, number)
    edited = edit_message(cast.tenant, message_id, text="楼道的灯坏了两个月。")
    message = message_of(message_id)
    assert (edited.version, message.version, message.text) == (2, 2, "楼道的灯坏了两个月。")
    assert versions_in(message_id) == [(1, FIRST)]
    assert kinds()[-1] == "MessageEdited"
    assert "灯坏" not in last_entry().facts
    found = session().scalar(select(SearchText.tokens).where(SearchText.kind == "message"))
    assert found == tokens("楼道的灯坏了两个月。")
    _, pieces = changes_in(texts_of(message), None)
    changed = [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"]
    assert changed == [
        ("removed", "一"),
        ("added", "两"),
    ]


def test_what_identifies_somebody_is_masked_in_an_edit_too(cast, number):
    edited = edit_message(cast.tenant, said(cast, number), text="问 13800138000 就知道了。")
    assert edited.masked == (Mask.PHONE,)
    assert "138" not in edited.text


@pytest.mark.usefixtures("_floods_wait")
def test_an_edit_with_many_links_waits_and_is_published_when_somebody_has_looked(cast, number):
    message_id = said(cast, number)
    edited = edit_message(cast.tenant, message_id, text="看 http://a.cn http://b.cn http://c.cn 三处。")
    message = message_of(message_id)
    assert (edited.held, message.state, message.text) == (HoldReason.LINKS, MessageState.HELD, "")
    assert texts_of(message) == []
    assert "MessageEdited" not in kinds()
    decide_review(cast.moderator, message.review_id or 0, verdict=ReviewVerdict.KEEP)
    message = message_of(message_id)
    assert (message.state, message.text[:2]) == (MessageState.SHOWN, "看 ")
    assert kinds()[-1] == "MessageEdited"
    assert kinds().count("MessagePosted") == 1


def test_an_edit_is_no_flood_and_what_was_looked_past_is_not_looked_at_again(cast, number):
    change_setting(CLOCK, code=HERE, name=Setting.FLOOD_MESSAGES, value=5)
    message_id = said(cast, number)
    for each in "一二三四":
        said(cast, number, f"第{each}层的灯也坏了，请来看看。")
    for each in "六七八":
        assert edit_message(cast.tenant, message_id, text=f"第{each}层的灯也坏了，请来看看。").held is None
    edited = edit_message(cast.tenant, message_id, text="看 http://a.cn http://b.cn http://c.cn 三处。")
    decide_review(cast.moderator, message_of(edited.id).review_id or 0, verdict=ReviewVerdict.KEEP)
    again = edit_message(cast.tenant, message_id, text="请看 http://a.cn http://b.cn http://c.cn 三处，写得很清楚。")
    assert again.held is None


@pytest.mark.usefixtures("_floods_wait")
def test_a_flagged_message_is_not_edited_into_what_has_to_wait(cast, number):
    message_id = said(cast, number)
    flag_message(cast.owner, message_id, reason=FlagReason.INSULT)
    with refused("looked_at"):
        edit_message(cast.tenant, message_id, text="看 http://a.cn http://b.cn http://c.cn 三处。")
    assert message_of(message_id).text == FIRST


def test_who_decides_reads_what_was_flagged_and_what_it_says_now(cast, number):
    message_id = said(cast, number, "经理是个骗子，谁都别信。")
    review = flag_message(cast.owner, message_id, reason=FlagReason.INSULT).id
    edit_message(cast.tenant, message_id, text="经理没有按合同办。")
    sheet = sheet_of(cast.moderator, review)
    assert (sheet.text, sheet.flagged) == ("经理没有按合同办。", "经理是个骗子，谁都别信。")
    decide_review(cast.moderator, review, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    assert texts_of(message_of(message_id)) == []
    sheet = sheet_of(cast.street_office, review)
    assert (sheet.text, sheet.flagged, sheet.sealed) == ("", "", True)


def test_a_message_put_back_after_an_appeal_says_what_it_said_last_and_is_not_posted_again(cast, number):
    message_id = said(cast, number)
    edit_message(cast.tenant, message_id, text="楼道的灯坏了两个月。")
    review = flag_message(cast.owner, message_id, reason=FlagReason.SPAM).id
    decide_review(cast.moderator, review, verdict=ReviewVerdict.REMOVE, reason=FlagReason.SPAM)
    appeal_removal(cast.tenant, review, words="这不是广告。")
    before = len(kinds())
    answer_removal_appeal(cast.street_office, review, granted=True, words="恢复。")
    assert message_of(message_id).text == "楼道的灯坏了两个月。"
    assert kinds()[before:] == ["RemovalAnswered"]


def test_whoever_takes_a_message_back_takes_its_versions_back(cast, number):
    message_id = said(cast, number)
    edit_message(cast.tenant, message_id, text="楼道的灯坏了两个月。")
    withdraw_message(cast.tenant, message_id)
    session().expire_all()
    assert versions_in(message_id) == [(1, "")]
    assert texts_of(message_of(message_id)) == []


def test_only_its_author_edits_a_message_and_only_into_something_else(cast, number):
    message_id = said(cast, number)
    with refused("not_your_message"):
        edit_message(cast.moderator, message_id, text="别的话。")
    with refused("nothing_changed"):
        edit_message(cast.tenant, message_id, text=f" {FIRST} ")
    with refused("words_missing"):
        edit_message(cast.tenant, message_id, text="  ")
    assert (versions_in(message_id), message_of(message_id).version) == ([], 1)


def test_an_edit_that_is_sent_twice_has_one_effect(cast, number):
    message_id = said(cast, number)
    edit_message(cast.tenant, message_id, text="第二版的话。", once="a" * 20)
    with refused("already_received"):
        edit_message(cast.tenant, message_id, text="第三版的话。", once="a" * 20)
    assert message_of(message_id).version == 2


def test_what_may_not_be_edited_says_why(cast):
    shown = Written(cast.tenant.person_id or 0, None, MessageState.SHOWN, 1)
    talked = Dossier(HERE, ended=False, hidden=False)
    cases = [
        (ANYONE, talked, shown, "sign_in_first"),
        (cast.tenant, Dossier(HERE, ended=True, hidden=False), shown, "problem_ended"),
        (cast.tenant, talked, Written(shown.author_id, None, MessageState.REMOVED, 1), "not_standing"),
        (cast.tenant, talked, Written(shown.author_id, None, MessageState.SHOWN, MOST_VERSIONS), "too_many_versions"),
        (cast.tenant, talked, Written(shown.author_id, cast.organizations["fire"], shown.state, 1), "not_your_message"),
    ]
    for by, dossier, message, code in cases:
        refusal = why_not_edit(by, dossier, message)
        assert refusal is not None
        assert refusal.code == code
    assert why_not_edit(cast.tenant, talked, shown) is None


def test_the_page_of_versions_marks_what_changed_and_only_its_author_finds_the_form(cast, number, client_of):
    message_id = said(cast, number)
    edit_message(cast.tenant, message_id, text="楼道的灯坏了两个月。")
    mine = client_of("tenant").get(f"/messages/{message_id}/versions").get_data(as_text=True)
    others = client_of("owner").get(f"/messages/{message_id}/versions").get_data(as_text=True)
    assert "<del>" in mine
    assert "修改这条发言" in mine
    assert "修改这条发言" not in others
    dossier = client_of("owner").get(f"/problems/{number}?tab=discussion").get_data(as_text=True)
    assert "已修改" in dossier


def test_a_permanent_link_leads_to_the_page_on_which_a_message_stands(cast, number, client_of):
    first = said(cast, number)
    reply = post_message(cast.owner, number, kind=MessageKind.REASON, text="我也看见了。", reply_to=first).id
    found = client_of("owner").get(f"/messages/{first}")
    assert found.headers["Location"].endswith(f"#message-{first}")
    assert f"/messages/{first}/replies" in client_of("owner").get(f"/messages/{reply}").headers["Location"]
    assert message_for(cast.owner, reply)[1].number == problem_for(cast.owner, number).number
    assert session().scalar(select(JournalEntry.number).limit(1))
    db.session.remove()
