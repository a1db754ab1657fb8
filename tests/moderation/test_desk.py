"""The desk of moderation: every kind of text and every appeal in one queue by promised time, for a second person."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy import select

from cogov.front.desks.waiting import escalated, queue
from cogov.front.home import needs_of
from cogov.front.moderation.naming import STAND_IN
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.loop import fall_due
from cogov.moderation.commands import appeal_block, appeal_removal
from cogov.moderation.models import Review, ReviewAppeal, WritingBlock
from cogov.moderation.rules import FlagReason, ReviewState, SubjectKind
from cogov.people.commands import grant_role
from cogov.people.rules import CLOCK, Actor, Role
from cogov.problems.commands import flag_problem
from cogov.problems.models import Problem
from cogov.threads.commands import flag_words, raise_concern
from tests.cast import HERE, Cast
from tests.moderation.test_restraint import blocked
from tests.moderation.test_texts import HARM, MAKE, author_of, concern, pledge, taken_down
from tests.moderation.test_views import text_of


def second_moderator(cast: Cast) -> Actor:
    """Return somebody else who moderates for the same committee."""
    grant_role(
        CLOCK,
        person_id=cast.inspector.person_id or 0,
        role=Role.MODERATOR,
        scope=HERE,
        organization_id=cast.organizations["committee"],
        public_name="经办二",
        until=now() + timedelta(days=90),
    )
    return cast.refresh("inspector")


def kinds(by: Actor) -> list[str]:
    """Return what of moderation waits for somebody; the concern itself waits as well."""
    return [each.need.kind for each in queue(by) if each.need.kind in ("review", "block")]


def test_a_flagged_concern_is_taken_down_at_the_desk_and_readers_are_told_why(cast, number, client_of):
    subject_id = concern(cast, number)
    neighbour = client_of("neighbour")
    assert HARM in text_of(neighbour.get(f"/texts/concern/{subject_id}/flags"))
    sent = {"reason": "insult", "words": "骂人了", "once": neighbour.once}
    answer = neighbour.post(f"/texts/concern/{subject_id}/flags", sent)
    assert (answer.status_code, answer.location) == (303, f"/problems/{number}?tab=concerns#concern-1")
    review_id = session().scalars(select(Review.id)).one()
    moderator = client_of("moderator")
    desk = text_of(moderator.get("/work?part=reviews"))
    assert HARM in desk
    assert "骂人了" in desk
    # Two keys: the choice, and to send.
    assert 'name="choice" value="insult" data-key="2"' in " ".join(desk.split())
    chosen = {"choice": "insult", "words": "请不要骂人。", "once": moderator.once}
    assert moderator.post(f"/moderation/{review_id}/decision?then=/work", chosen).location == "/work"
    for name in (None, "owner"):
        page = text_of(client_of(name).get(f"/problems/{number}?tab=concerns"))
        assert HARM not in page
        assert "【已移除】" in page
        assert "骂人、威胁、欺负人（发言规则第 1 条）" in page
        assert f"/texts/concern/{subject_id}/flags" not in page
    assert "一条顾虑的处理" in text_of(client_of("tenant").get(f"/moderation/{review_id}"))
    assert client_of("owner").get("/texts/nothing/1/flags").status_code == 404


def test_an_appeal_against_a_block_stands_in_the_queue_for_a_second_moderator(cast, number, client_of):
    second_moderator(cast)
    with time_machine.travel(now(), tick=False) as clock:
        block = blocked(cast, number)
        appeal_block(cast.tenant, block, words="我没有写过电话。")
        clock.shift(timedelta(minutes=5))
        flag_words(cast.owner, SubjectKind.CONCERN, other_concern(cast, number), reason=FlagReason.INSULT)
        assert kinds(cast.inspector) == ["block", "review"]  # what was promised first, first
        assert kinds(cast.moderator) == ["review"]  # who set it does not answer
        second = client_of("inspector")
        desk = " ".join(text_of(second.get(f"/work?item=block.{block}")).split())
        assert "我没有写过电话。" in desk
        assert 'name="granted" value="yes" data-key="1"' in desk
        sent = {"granted": "yes", "words": "看过了，恢复。", "once": second.once}
        assert second.post(f"/blocks/{block}/appeal/answer?then=/work", sent).location == "/work"
        found = session().get(WritingBlock, block, populate_existing=True)
        assert found is not None
        assert found.granted
        assert kinds(cast.inspector) == ["review"]


def other_concern(cast: Cast, number: str) -> int:
    return raise_concern(cast.neighbour, number, harm="太暗，骗子。", remedy="多装一盏。").id


def test_an_appeal_that_nobody_answers_in_time_is_told_to_the_level_above_once(cast, number):
    with time_machine.travel(now(), tick=False) as clock:
        appeal_block(cast.tenant, blocked(cast, number, days=30), words="我没有写过电话。")
        clock.shift(timedelta(days=4))
        fall_due()
        fall_due()
        late = select(JournalEntry.facts).where(JournalEntry.kind == "BlockAppealOverdue")
        assert len(list(session().scalars(late))) == 1
        assert [need.kind for need in escalated(cast.street_office)] == ["block"]


def test_an_appeal_against_a_removal_is_answered_at_the_desk_by_a_second_person(cast, number, client_of):
    second_moderator(cast)
    review, _ = taken_down(cast, SubjectKind.CONCERN, concern(cast, number))
    appeal_removal(cast.tenant, review.id, words="说的是事实。")
    assert kinds(cast.moderator) == []
    second = client_of("inspector")
    desk = text_of(second.get(f"/work?item=review.{review.id}"))
    assert "说的是事实。" in desk
    assert HARM in desk
    sent = {"granted": "no", "words": "没有依据。", "once": second.once}
    assert second.post(f"/moderation/{review.id}/appeal/answer?then=/work", sent).location == "/work"
    assert session().scalars(select(ReviewAppeal.granted)).one() is False
    session().expire_all()
    assert session().scalars(select(Review.state)).one() is ReviewState.REMOVED


def test_what_is_about_the_committee_waits_on_the_view_of_the_street_office(cast, number):
    flag_words(cast.owner, SubjectKind.CONCERN, concern(cast, number), reason=FlagReason.INSULT, about_committee=True)
    assert kinds(cast.moderator) == []
    assert [need.kind for need in escalated(cast.street_office)] == ["review"]


def test_the_street_office_sees_only_what_came_up_to_it(cast, number):
    """Not what the committee still has time for: what is late, and appeals that nobody there is left to answer."""
    with time_machine.travel(now(), tick=False) as clock:
        flag_words(cast.owner, SubjectKind.CONCERN, other_concern(cast, number), reason=FlagReason.INSULT)
        assert kinds(cast.moderator) == ["review"]
        assert escalated(cast.street_office) == []
        assert [need for need in needs_of(cast.street_office) if need.kind == "review"] == []
        review, _ = taken_down(cast, SubjectKind.CONCERN, concern(cast, number))
        appeal_removal(cast.tenant, review.id, words="说的是事实。")
        assert [need.values for need in escalated(cast.street_office)] == [{"review_id": review.id}]
        second_moderator(cast)
        assert escalated(cast.street_office) == []
        clock.shift(timedelta(days=9))
        fall_due()
        assert {need.kind for need in escalated(cast.street_office)} >= {"review"}
        assert len([need for need in escalated(cast.street_office) if need.kind == "review"]) == 2


def test_an_appeal_against_a_block_comes_up_where_nobody_else_is_there(cast, number):
    appeal_block(cast.tenant, blocked(cast, number), words="我没有写过电话。")
    assert [need.kind for need in escalated(cast.street_office)] == ["block"]
    second_moderator(cast)
    assert escalated(cast.street_office) == []


def test_a_line_of_the_queue_says_what_is_flagged_and_where(cast, number, client_of):
    """Of every kind: its name, its first words, also sealed ones that wait for a second person, and the problem."""
    for kind, make in MAKE.items():
        subject_id = make(cast, number)
        by = cast.owner if author_of(kind, cast) is cast.tenant else cast.tenant
        flag_words(by, kind, subject_id, reason=FlagReason.INSULT)
    flag_problem(cast.owner, session().scalars(select(Problem.id)).one(), reason=FlagReason.SPAM)
    page = " ".join(text_of(client_of("moderator").get("/work?part=reviews")).split())
    for title in (
        "一条顾虑：“灯太亮，会照进卧室，张三这个骗子不管。",
        "一条承诺：“梯子，骗子别借。”",
        "一个问题：“楼道里的灯坏了一个多月",
    ):
        assert title in page, title
    assert f"问题 {number}：有 1 位邻居举报" in page
    review, _ = taken_down(cast, SubjectKind.PLEDGE, pledge(cast, number))
    appeal_removal(cast.tenant, review.id, words="没有骂人。")
    above = text_of(client_of("street_office").get("/work?part=reviews"))
    assert "一条承诺：“梯子，骗子别借。”" in above or "一条承诺：“梯子，骗子别借。”" in text_of(
        client_of("street_office").get("/command")
    )


def test_every_kind_has_first_words():
    assert set(STAND_IN) == set(SubjectKind)


def test_many_flagged_texts_cost_the_queue_as_many_queries_as_one(cast, number, client_of, counted):
    client = client_of("moderator")
    asked = []
    for more in (1, 6):
        for _ in range(more):
            flag_words(cast.owner, SubjectKind.CONCERN, concern(cast, number), reason=FlagReason.INSULT)
        client.get("/work?part=reviews")
        with counted() as count:
            client.get("/work?part=reviews")
        asked.append(len(count.statements))
    assert asked[0] == asked[1]
