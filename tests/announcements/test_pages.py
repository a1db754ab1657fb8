"""The pages of announcements: for everybody to read, for few to write, lasting addresses, few queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from cogov.announcements.commands import Text, publish_announcement, withdraw_announcement
from cogov.announcements.queries import PAGE, current
from cogov.announcements.rules import AnnouncementKind
from cogov.ground.clock import now
from cogov.problems.commands import raise_problem
from tests.cast import HERE, Cast

Clients = Callable[[str | None], Any]

GOOD = {
    "kind": "outage",
    "title": "周六上午停水",
    "text": "三号楼和四号楼，请提前存水",
    "meeting_at": "",
    "meeting_spot": "",
    "number": "",
    "pinned": "",
}


def _hang(
    cast: Cast, title: str = "电梯检修", kind: AnnouncementKind = AnnouncementKind.NOTICE, number: str = ""
) -> int:
    text = Text(title, "二号楼的电梯停半天", now() + timedelta(days=5), now() + timedelta(days=2), "活动室")
    return publish_announcement(cast.moderator, place_id=cast.community_id, kind=kind, text=text, number=number).id


def _day(days: int) -> str:
    return (now() + timedelta(days=days)).date().isoformat()


def test_everybody_reads_an_announcement_under_its_lasting_address(cast: Cast, client_of: Clients):
    made = _hang(cast)
    visitor = client_of(None)
    text = visitor.get(f"/announcements/{made}").get_data(as_text=True)
    for words in ("电梯检修", "经办moderator", "测试里居委会", f"/announcements/{made}"):
        assert words in text
    withdraw_announcement(cast.moderator, made, reason="日子改了")
    text = visitor.get(f"/announcements/{made}").get_data(as_text=True)
    assert "这条公告已经撤回" in text
    assert "日子改了" in text
    assert visitor.get("/announcements/987654321").status_code == 404


def test_the_list_shows_what_hangs_and_on_demand_what_hung(cast: Cast, client_of: Clients):
    _hang(cast, "电梯检修")
    _hang(cast, "周六开会", AnnouncementKind.MEETING)
    visitor = client_of(None)
    text = visitor.get(f"/announcements?place={HERE}").get_data(as_text=True)
    assert "电梯检修" in text
    assert "周六开会" in text
    assert "电梯检修" not in visitor.get(f"/announcements?place={HERE}&kind=meeting").get_data(as_text=True)
    assert "还没有过期的公告" in visitor.get(f"/announcements?place={HERE}&past=1").get_data(as_text=True)
    assert "电梯检修" not in visitor.get("/announcements?place=990101001002").get_data(as_text=True)
    with time_machine.travel(now() + timedelta(days=10)):
        assert "现在没有公告" in visitor.get(f"/announcements?place={HERE}").get_data(as_text=True)
        assert "电梯检修" in visitor.get(f"/announcements?place={HERE}&past=1").get_data(as_text=True)


def test_a_long_list_goes_on_by_key_and_costs_the_same(cast: Cast, client_of: Clients, counted: Callable[[], Any]):
    _hang(cast, "第 0 条")
    visitor = client_of(None)
    visitor.get("/announcements")
    with counted() as few:
        visitor.get("/announcements")
    for n in range(1, PAGE + 3):
        _hang(cast, f"第 {n} 条")
    with counted() as many:
        first = visitor.get("/announcements").get_data(as_text=True)
    assert len(many.statements) == len(few.statements)
    assert "第 0 条" not in first
    oldest = min(shown.id for shown in current([cast.community_id], PAGE))
    rest = visitor.get(f"/announcements?before={oldest}").get_data(as_text=True)
    assert "第 0 条" in rest
    assert f"第 {PAGE + 2} 条" not in rest


def test_a_moderator_announces_corrects_and_withdraws_by_plain_forms(cast: Cast, client_of: Clients):
    client = client_of("moderator")
    assert "贴给哪里" in client.get("/announcements/new").get_data(as_text=True)
    form = {**GOOD, "place": str(cast.community_id), "until": _day(3)}
    answer = client.post("/announcements", {**form, "once": client.once})
    assert answer.status_code == 303
    url = answer.location
    client.get(f"{url}/correction")
    changed = {**form, "title": "周日上午停水", "reason": "改了日子", "once": client.once}
    assert client.post(f"{url}/correction", changed).status_code == 303
    text = client.get(url).get_data(as_text=True)
    for words in ("周日上午停水", "周六上午停水", "改了日子", "第 2 版"):
        assert words in text
    assert client.post(f"{url}/withdrawal", {"reason": "不停了", "once": client.once}).status_code == 303
    assert "改这条公告" not in client.get(url).get_data(as_text=True)
    assert client.get(f"{url}/correction").status_code == 409


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "标题还没有写。"),
        ({"text": " "}, "公告内容还没有写。"),
        ({"until": ""}, "请写挂到哪一天。"),
        ({"place": "987654321"}, "请从列出的地方里选一个。"),
        ({"kind": "gossip"}, "请从列出的类别里选一个。"),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    cast: Cast, client_of: Clients, changes: dict[str, str], sentence: str
):
    client = client_of("moderator")
    client.get("/announcements/new")
    answer = client.post("/announcements", {**GOOD, "place": str(cast.community_id), "until": _day(3), **changes})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert sentence in text
    assert "title" in changes or "周六上午停水" in text


def test_a_meeting_without_a_time_is_refused_with_what_is_missing(cast: Cast, client_of: Clients):
    client = client_of("moderator")
    client.get("/announcements/new")
    form = {**GOOD, "kind": "meeting", "place": str(cast.community_id), "until": _day(3), "once": client.once}
    answer = client.post("/announcements", form)
    assert answer.status_code == 422
    assert "会议要写明几时开始。" in answer.get_data(as_text=True)
    local = (now() + timedelta(days=1)).strftime("%Y-%m-%dT09:30")
    made = client.post("/announcements", {**form, "meeting_at": local, "meeting_spot": "活动室"})
    assert made.status_code == 303
    assert "09:30，活动室" in client.get(made.location).get_data(as_text=True)


@pytest.mark.parametrize("who", ["resident", "grid_worker", "official"])
def test_who_may_not_announce_sees_no_button_and_no_form(cast: Cast, client_of: Clients, who: str):
    made = _hang(cast)
    client = client_of(who)
    assert "发公告" not in client.get("/announcements").get_data(as_text=True)
    assert client.get("/announcements/new").status_code == 403
    assert "改这条公告" not in client.get(f"/announcements/{made}").get_data(as_text=True)


def test_a_foreign_committee_changes_nothing_here(cast: Cast, client_of: Clients):
    made = _hang(cast)
    client = client_of("foreign_moderator")
    client.get("/announcements/new")
    answer = client.post(f"/announcements/{made}/withdrawal", {"reason": "不要了"})
    assert answer.status_code == 403
    form = {**GOOD, "place": str(cast.community_id), "until": _day(3)}
    assert client.post("/announcements", form).status_code == 422
    assert [shown.withdrawn_at for shown in current([cast.community_id])] == [None]


def test_what_an_announcement_is_about_is_linked_both_ways(cast: Cast, client_of: Clients):
    problem = raise_problem(
        cast.resident, community_id=cast.community_id, grid_id=cast.grid_ids[0], text="楼道里的灯坏了一个多月"
    ).problem
    made = _hang(cast, "路灯周五修好", number=problem.number)
    visitor = client_of(None)
    assert f"/problems/{problem.number}" in visitor.get(f"/announcements/{made}").get_data(as_text=True)
    assert "路灯周五修好" in visitor.get(f"/problems/{problem.number}").get_data(as_text=True)
