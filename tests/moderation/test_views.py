"""The pages of moderation: a neighbour flags, a moderator decides at the desk, the author reads why and appeals."""

from __future__ import annotations

from sqlalchemy import select
from werkzeug.test import TestResponse

from cogov.ground.db import session
from cogov.moderation.models import Review, ReviewAppeal
from cogov.moderation.rules import FlagReason, ReviewState, ReviewVerdict
from cogov.tell.notices import spread_all
from cogov.threads.commands import flag_message, post_message
from cogov.threads.models import Message
from cogov.threads.rules.messages import MessageKind, MessageState
from tests.cast import HERE

WORDS = "这个经理是骗子，谁都别信他。"


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_a_message_goes_from_flag_to_removal_to_appeal_and_back(cast, number, client_of):
    message = post_message(cast.tenant, number, kind=MessageKind.REASON, text=WORDS)
    neighbour = client_of("neighbour")
    assert "批评单位和做法" in text_of(neighbour.get(f"/messages/{message.id}/flags"))
    answer = neighbour.post(
        f"/messages/{message.id}/flags", {"reason": "insult", "words": "骂人了", "once": neighbour.once}
    )
    assert answer.status_code == 303
    review_id = session().scalars(select(Review.id)).one()
    dossier = client_of(None).get(f"/problems/{number}")
    assert dossier.status_code == 200
    assert "看一段发言" not in text_of(dossier)  # that somebody flagged something is nobody's business there

    moderator = client_of("moderator")
    desk = text_of(moderator.get("/work?part=reviews"))
    assert WORDS in desk
    assert "骂人了" in desk
    chosen = {"choice": "insult", "words": "请不要骂人。", "once": moderator.once}
    assert moderator.post(f"/moderation/{review_id}/decision?then=/work", chosen).location == "/work"

    page = text_of(client_of("owner").get(f"/problems/{number}?tab=discussion"))
    assert WORDS not in page
    assert "骂人、威胁、欺负人（发言规则第 1 条）" in page

    spread_all()
    author = client_of("tenant")
    news = text_of(author.get("/notifications"))
    assert "移除了一条发言" in news
    mine = text_of(author.get(f"/moderation/{review_id}"))
    assert WORDS in mine
    assert "请不要骂人。" in mine
    assert "骂人了" not in mine  # what the complaint said could tell who complained
    assert author.post(f"/moderation/{review_id}/appeal", {"words": "", "once": author.once}).status_code == 422
    author.post(f"/moderation/{review_id}/appeal", {"words": "我说的是做法。", "once": author.once})

    street = client_of("street_office")
    assert "我说的是做法。" in text_of(street.get(f"/moderation/{review_id}"))
    street.post(
        f"/moderation/{review_id}/appeal/answer", {"granted": "yes", "words": "批评不算骂人。", "once": street.once}
    )
    session().expire_all()
    assert session().get_one(Message, message.id).state is MessageState.SHOWN
    assert session().get_one(ReviewAppeal, review_id).granted is True
    assert WORDS in text_of(client_of("owner").get(f"/problems/{number}?tab=discussion"))


def test_a_removed_text_opens_only_by_a_look_that_is_asked_for(cast, number, client_of):
    message = post_message(cast.tenant, number, kind=MessageKind.REASON, text=WORDS)
    review = flag_message(cast.owner, message.id, reason=FlagReason.INSULT)
    moderator = client_of("moderator")
    moderator.get(f"/moderation/{review.id}")
    moderator.post(f"/moderation/{review.id}/decision", {"choice": "insult", "once": moderator.once})
    assert WORDS not in text_of(moderator.get(f"/moderation/{review.id}"))
    assert WORDS in text_of(moderator.post(f"/moderation/{review.id}/look", {}))
    assert client_of("owner").get(f"/moderation/{review.id}").status_code == 404


def test_the_author_is_not_told_that_it_went_to_the_level_above(cast, number, client_of):
    """It would hint at who flagged: somebody of the committee."""
    message = post_message(cast.tenant, number, kind=MessageKind.REASON, text=WORDS)
    review = flag_message(cast.chair, message.id, reason=FlagReason.INSULT)
    assert "由街道来定" in text_of(client_of("street_office").get(f"/moderation/{review.id}"))
    assert "由街道来定" not in text_of(client_of("tenant").get(f"/moderation/{review.id}"))


def test_who_wrote_it_is_offered_to_take_it_back(cast, number, client_of):
    message = post_message(cast.tenant, number, kind=MessageKind.REASON, text=WORDS)
    author = client_of("tenant")
    page = text_of(author.get(f"/messages/{message.id}/flags"))
    assert "撤下这条发言" in page
    assert author.post(f"/messages/{message.id}/withdrawal", {"once": author.once}).status_code == 303
    assert "写的人撤下了这条发言" in text_of(author.get(f"/problems/{number}?tab=discussion"))


def test_the_author_is_told_what_was_masked(cast, number, client_of):
    client = client_of("tenant")
    client.get(f"/problems/{number}?tab=discussion")
    form = {"kind": "reason", "text": "打 13812345678 找我", "once": client.once}
    client.post(f"/problems/{number}/messages", form)
    page = text_of(client.get(f"/problems/{number}?tab=discussion"))
    assert "遮住了里面的电话" in page
    assert "13812345678" not in page


def test_the_policy_and_the_ledger_are_for_everybody(cast, number, client_of):
    message = post_message(cast.tenant, number, kind=MessageKind.REASON, text=WORDS)
    review = flag_message(cast.owner, message.id, reason=FlagReason.SPAM)
    page = text_of(client_of(None).get(f"/moderation?place={HERE}"))
    assert "第 8 条 申诉" in page
    assert review.state is ReviewState.OPEN
    assert ReviewVerdict.KEEP.value not in page
