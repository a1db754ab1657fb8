"""Home: greets by the reader's clock, looks around by what the address says, and is light."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import current_app
from sqlalchemy import select

from cogov.announcements.commands import Text, publish_announcement
from cogov.announcements.rules import AnnouncementKind
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.moderation.rules import FlagReason
from cogov.problems.models import Problem
from cogov.problems.rules.stages import Ending, Official, Stage
from cogov.threads.commands import flag_message, post_message, raise_concern
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.journeys.walking import raise_something


def _home(client: Any, query: str = "") -> str:
    answer = client.get(f"/{query}")
    assert answer.status_code == 200
    text: str = answer.get_data(as_text=True)
    return text


@pytest.mark.parametrize(
    ("hour", "hello"), [(22, "早上好"), (2, "早上好"), (4, "下午好"), (9, "下午好"), (10, "晚上好"), (18, "晚上好")]
)
def test_it_greets_by_the_clock_where_the_reader_is(cast: Cast, client: Any, hour: int, hello: str) -> None:
    with time_machine.travel(datetime(2026, 11, 18, hour, 30, tzinfo=UTC)):
        text = _home(client)
    assert f">{hello}<" in text
    assert ("11 月 19 日 星期四" if hour >= 16 else "11 月 18 日 星期三") in text


def test_the_chips_say_how_many_and_the_address_says_which(cast: Cast, client_of: Callable[[str], Any]) -> None:
    east, north = cast.inside
    raise_something(cast, by="neighbour", text="东门路灯不亮了")
    raise_something(cast, text="西门路灯不亮了", longitude=east + 1000, latitude=north)
    client = client_of("resident")
    text = _home(client)
    chips = re.findall(r'href="[^"]*near=(\w+)"[^>]*>([^<]+) <span class="num">(\d+)', text)
    assert [(key, int(number)) for key, _, number in chips] == [("grid", 1), ("all", 2), ("followed", 1)]
    for near, shown, hidden in (("grid", "东门", "西门"), ("followed", "西门", "东门")):
        narrowed = _home(client, f"?near={near}")
        assert shown in narrowed
        assert hidden not in narrowed
    assert "看全部 2 件" in _home(client, "?near=nonsense")


def test_only_what_is_not_done_stands_in_the_list_and_what_was_fixed_says_how(
    cast: Cast, client_of: Callable[[str | None], Any]
) -> None:
    number = raise_something(cast, text="东门路灯不亮了")
    problem = session().scalars(select(Problem).where(Problem.number == number)).one()
    problem.stage, problem.ending, problem.ended_at = Stage.ENDED, Ending.FIXED, now()
    problem.official = Official.CLOSED
    session().commit()
    text = _home(client_of(None))
    assert "刚刚办成" in text
    assert "当天办完。提出人说修好了。" in text
    assert "反馈章" in text
    assert "这里现在没有没办完的问题" in text
    problem = session().scalars(select(Problem).where(Problem.number == number)).one()
    problem.official = Official.NONE
    session().commit()
    current_app.extensions["kept"].forget()  # no command did this, so no entry says that the page has changed
    assert "反馈章" not in _home(client_of(None))  # nobody stamped what neighbours did themselves


def test_a_meeting_that_was_announced_stands_on_home_until_it_is_over(
    cast: Cast, client_of: Callable[[str | None], Any]
) -> None:
    with time_machine.travel(datetime(2026, 11, 18, 2, tzinfo=UTC), tick=False):
        words = Text(
            "居民议事会",
            "充电棚选址答疑。",
            datetime(2026, 11, 21, 13, tzinfo=UTC),
            meeting_at=datetime(2026, 11, 21, 11, tzinfo=UTC),
            meeting_spot="社区活动室二楼",
        )
        publish_announcement(
            cast.moderator, place_id=cast.community_id, kind=AnnouncementKind.MEETING, text=words, number=""
        )
        text = _home(client_of(None))
        assert "11 月 21 日（周六）19:00 居民议事会" in text
        assert "社区活动室二楼" in text
    with time_machine.travel(datetime(2026, 11, 22, 2, tzinfo=UTC), tick=False):
        assert "居民议事会" not in _home(client_of(None))


def test_a_need_that_takes_one_click_is_a_form_with_its_own_token(cast: Cast, client_of: Callable[[str], Any]) -> None:
    number = raise_something(cast)
    session().scalars(select(Problem).where(Problem.number == number)).one().stage = Stage.CONFIRMING
    session().commit()
    text = _home(client_of("resident"))
    form = text[text.index(f'action="/problems/{number}/confirmation"') :]
    form = form[: form.index("</form>")]
    assert 'name="answer" value="fixed"' in form
    assert 'name="once"' in form
    assert 'name="csrf_token"' in form
    assert f'href="/problems/{number}/confirmation"' in text  # not fixed: first say what is missing


def test_home_stays_light_however_much_goes_on(cast: Cast, client_of: Callable[[str | None], Any]) -> None:
    east, north = cast.inside
    for n in range(70):
        raise_something(
            cast, text=f"第 {n} 件：三号楼东侧路灯夜里不亮", longitude=east + n % 9 * 50, latitude=north + n % 7 * 60
        )
    for who in (None, "resident", "moderator"):
        assert len(_home(client_of(who)).encode()) < 60_000


def test_what_is_flagged_or_held_stands_on_the_home_of_those_who_decide(
    cast: Cast, client_of: Callable[[str | None], Any]
) -> None:
    number = raise_something(cast)
    message = post_message(cast.tenant, number, kind=MessageKind.REASON, text="灯太暗了，晚上看不见路。")
    review = flag_message(cast.owner, message.id, reason=FlagReason.INSULT)
    shown = {name for name in ("moderator", "resident", "tenant", "owner", "street_office", "foreign_moderator")
             if f"/moderation/{review.id}" in _home(client_of(name))}  # fmt: skip
    assert shown == {"moderator"}
    assert "今天没有事需要您" not in _home(client_of("moderator"))


def test_whoever_has_much_to_do_is_shown_all_of_it_when_they_ask(
    cast: Cast, client_of: Callable[[str | None], Any]
) -> None:
    for n in range(9):
        number = raise_something(cast, text=f"第 {n} 件：三号楼东侧路灯夜里不亮")
        raise_concern(cast.tenant, number, harm="整夜闪。", remedy="常亮。")
    client = client_of("moderator")
    short = _home(client)
    assert "件排在后面" in short
    way = re.search(r'href="([^"]*waiting=all[^"]*)"', short)
    assert way is not None
    whole = client.get(way.group(1).replace("&amp;", "&")).get_data(as_text=True)
    assert "件排在后面" not in whole
    assert whole.count("顾虑 1 等答复") == 9 > short.count("顾虑 1 等答复")
