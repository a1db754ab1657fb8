"""Restraint: a topic that is slow, and people who may not write for a while, with their appeal to a second person."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.ground.refusals import NotFound
from cogov.moderation.commands import answer_block_appeal, appeal_block
from cogov.moderation.models import WritingBlock
from cogov.moderation.queries import SINCE, block_for, block_needs, blocked_until, blocks_counted
from cogov.moderation.rules import FlagReason
from cogov.moderation.rules.blocking import Wanted, why_not_block
from cogov.people.rules import Actor
from cogov.places.queries import place_by_code
from cogov.problems.queries import problem_for
from cogov.tell.models import Notification
from cogov.tell.notices import own_page_of, spread_all
from cogov.threads.commands import (
    block_author,
    edit_message,
    end_slow_mode,
    flag_message,
    post_message,
    propose_solution,
    raise_concern,
    set_slow_mode,
)
from cogov.threads.queries.slowing import slowed, times_slowed
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.slowing import why_not_so_soon
from tests.cast import HERE, Cast
from tests.databases import both
from tests.moderation.test_commands import refused


def said(cast: Cast, number: str, name: str = "tenant", text: str = "灯坏了一个月。") -> int:
    return post_message(getattr(cast, name), number, kind=MessageKind.REASON, text=text).id


def blocked(cast: Cast, number: str, by: Actor | None = None, *, whole_place: bool = False, days: int = 3) -> int:
    return block_author(
        by or cast.moderator,
        said(cast, number),
        whole_place=whole_place,
        days=days,
        reason=FlagReason.PRIVACY,
        words="三次写了邻居的电话。",
    ).id


# Slow mode -----------------------------------------------------------------------------------------------------------


@both
def test_in_a_slow_topic_a_person_writes_once_in_so_many_minutes(cast, number):
    set_slow_mode(cast.moderator, number, minutes=10, hours=2, reason="吵得太快。")
    with time_machine.travel(now(), tick=False) as clock:
        said(cast, number)
        with refused("slow_mode"):
            said(cast, number, text="再说一句。")
        said(cast, number, "owner")
        said(cast, number, "official")
        said(cast, number, "official", "单位再说一句。")
        clock.shift(timedelta(minutes=10))
        said(cast, number, text="再说一句。")
        clock.shift(timedelta(hours=2))
        said(cast, number, text="第三句。")
        db.session.remove()
        said(cast, number, text="间隔到期了。")


def test_slow_mode_is_ended_before_its_time_and_counted_in_the_ledger(cast, number):
    set_slow_mode(cast.chair, number, minutes=10, hours=2, reason="吵得太快。")
    problem = problem_for(cast.owner, number)
    found = slowed(problem.id)
    assert found is not None
    assert (found.minutes, found.reason) == (10, "吵得太快。")
    set_slow_mode(cast.street_office, number, minutes=5, hours=1, reason="松一点。")
    found = slowed(problem.id)
    assert found is not None
    assert found.minutes == 5
    end_slow_mode(cast.moderator, number)
    assert slowed(problem.id) is None
    with refused("not_slow"):
        end_slow_mode(cast.moderator, number)
    assert times_slowed(place_by_code(HERE), now() - SINCE) == 2


def test_a_telephone_number_in_a_reason_is_masked(cast, number):
    set_slow_mode(cast.moderator, number, minutes=10, hours=2, reason="13812345678 吵得太快。")
    found = slowed(problem_for(cast.owner, number).id)
    assert found is not None
    assert "吵得太快" in found.reason
    assert "13812345678" not in found.reason


def test_slow_mode_is_for_those_who_keep_order_and_has_bounds(cast, number):
    for name in ("owner", "official", "owners_committee", "foreign_moderator"):
        with refused("not_your_role"):
            set_slow_mode(getattr(cast, name), number, minutes=10, hours=2, reason="吵。")
    for minutes, hours, code in ((0, 1, "minutes_out_of_range"), (1441, 1, "minutes_out_of_range"),
                                 (5, 0, "hours_out_of_range"), (5, 169, "hours_out_of_range")):  # fmt: skip
        with refused(code):
            set_slow_mode(cast.moderator, number, minutes=minutes, hours=hours, reason="吵。")
    with refused("words_missing"):
        set_slow_mode(cast.moderator, number, minutes=5, hours=1, reason=" ")


def test_the_time_that_is_left_is_told_in_whole_minutes():
    at = now()
    assert why_not_so_soon(None, at, at) is None
    assert why_not_so_soon(5, None, at) is None
    assert why_not_so_soon(5, at - timedelta(minutes=5), at) is None
    refusal = why_not_so_soon(5, at - timedelta(minutes=4, seconds=30), at)
    assert refusal is not None
    assert "还要等 1 分钟" in str(refusal.message)


def test_a_message_costs_no_query_more_for_being_restrained(cast, number, counted):
    said(cast, number)
    with counted() as free:
        said(cast, number, text="第二句。")
    set_slow_mode(cast.moderator, number, minutes=1, hours=2, reason="吵得太快。")
    with time_machine.travel(now() + timedelta(minutes=2)), counted() as slow:
        said(cast, number, text="第三句。")
    assert len(slow.statements) == len(free.statements)


# Blocks --------------------------------------------------------------------------------------------------------------


@both
def test_who_is_blocked_writes_nothing_in_the_topic_until_the_day_and_is_told(cast, number):
    first = said(cast, number)
    with time_machine.travel(now(), tick=False) as clock:
        block = blocked(cast, number)
        with refused("writing_blocked"):
            said(cast, number, text="我还要说。")
        with refused("writing_blocked"):
            raise_concern(cast.tenant, number, harm="太亮。", remedy="小灯。")
        with refused("writing_blocked"):
            propose_solution(cast.tenant, number, title="小灯", text="装小灯。")
        with refused("writing_blocked"):
            edit_message(cast.tenant, first, text="改成骂人的话。")
        said(cast, number, "owner")
        spread_all()
        told = session().scalars(select(Notification).where(Notification.person_id == cast.tenant.person_id))
        pages = [own_page_of(each.entry_number) for each in told]
        assert ("moderation.show_block", {"block_id": block}) in pages
        clock.shift(timedelta(days=3))
        said(cast, number, text="三天过去了。")


@both
def test_an_appeal_is_answered_by_a_second_person_and_ends_the_block(cast, number):
    block = blocked(cast, number, whole_place=True)
    with refused("not_the_blocked"):
        appeal_block(cast.moderator, block, words="替他说。")
    appeal_block(cast.tenant, block, words="我没有写过电话。")
    with refused("appealed_once"):
        appeal_block(cast.tenant, block, words="再说一次。")
    assert block_needs(cast.moderator) == []
    assert [need.values for need in block_needs(cast.street_office)] == [{"block_id": block}]
    with refused("second_person"):
        answer_block_appeal(cast.moderator, block, granted=True, words="恢复。")
    answer_block_appeal(cast.street_office, block, granted=True, words="看过了，恢复。")
    said(cast, number, text="又能说了。")
    counted = blocks_counted(place_by_code(HERE), now() - SINCE)
    assert (counted.blocks, counted.appealed, counted.ended) == (1, 1, 1)


def test_a_block_of_one_place_says_nothing_about_another(cast, number):
    blocked(cast, number, whole_place=True)
    tenant, place = cast.tenant.person_id or 0, place_by_code(HERE).id
    assert blocked_until(tenant, place, None) is not None
    assert blocked_until(tenant, place + 1, None) is None
    assert blocked_until(tenant, place + 1, problem_for(cast.owner, number).id) is None


def test_others_find_no_block(cast, number):
    block = blocked(cast, number)
    assert block_for(cast.tenant, block).own
    assert not block_for(cast.street_office, block).own
    for name in ("owner", "official", "foreign_moderator", "chair"):
        with pytest.raises(NotFound):
            block_for(getattr(cast, name), block)


def test_a_block_is_for_those_who_decide_never_oneself_and_not_for_ever(cast, number):
    with refused("not_your_role"):
        blocked(cast, number, cast.chair)
    with refused("days_out_of_range"):
        blocked(cast, number, days=31)
    blocked(cast, number)
    tenant = cast.tenant.person_id or 0
    assert why_not_block(cast.moderator, Wanted(HERE, tenant, 3, already=True)).code == "blocked_already"  # type: ignore[union-attr]
    assert why_not_block(cast.moderator, Wanted(HERE, cast.moderator.person_id or 0, 3)).code == "own_matter"  # type: ignore[union-attr]
    assert why_not_block(cast.street_office, Wanted(HERE, tenant, 3, above=True)) is None


def test_the_committee_blocks_nobody_who_criticizes_it(cast, number):
    message = said(cast, number, text="居委会一直不管这件事。")
    flag_message(cast.owner, message, reason=FlagReason.INSULT, about_committee=True)
    with refused("level_above"):
        block_author(cast.moderator, message, whole_place=False, days=1, reason=FlagReason.INSULT, words="不许批评。")
    official = said(cast, number, "official", "我们会来看。")
    with refused("speaks_for_organization"):
        block_author(cast.street_office, official, whole_place=False, days=1, reason=FlagReason.SPAM, words="反复贴。")
    assert list(session().scalars(select(WritingBlock))) == []


def test_the_pages_lead_from_a_message_to_the_block_and_its_appeal(cast, number, client_of):
    message = said(cast, number)
    moderator, tenant = client_of("moderator"), client_of("tenant")
    assert "暂停一个人的发言" in moderator.get(f"/messages/{message}/block").get_data(as_text=True)
    assert client_of("owner").get(f"/messages/{message}/block").status_code == 403
    block = blocked(cast, number)
    assert "您的发言暂停了" in tenant.get(f"/blocks/{block}").get_data(as_text=True)
    assert client_of("owner").get(f"/blocks/{block}").status_code == 404
    assert "设发言间隔" in moderator.get(f"/problems/{number}?tab=discussion").get_data(as_text=True)
