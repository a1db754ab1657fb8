"""The versions of minutes: who wrote each, what changed, and that what was taken down is gone from all of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.meetings import commands
from cogov.meetings.models import Minutes, MinutesVersion
from cogov.moderation.rules import SubjectKind
from tests.cast import Cast
from tests.databases import both
from tests.meetings.test_flagging import RUDE, over, removed
from tests.meetings.test_walk import opened

Clients = Callable[[str | None], Any]


def written(cast: Cast) -> int:
    """Hold a meeting and write two more versions of its minutes; return it."""
    made, _ = opened(cast)
    commands.close_meeting(cast.moderator, made)
    commands.write_minutes(cast.moderator, made, text="大家同意装电梯。\n散会。")
    commands.write_minutes(cast.moderator, made, text="大家同意先问三家公司。\n散会。")
    return made


@both
def test_each_version_says_who_wrote_it_and_what_changed(cast: Cast, client_of: Clients) -> None:
    made = written(cast)
    reader, path = client_of(None), f"/meetings/{made}/minutes/versions"
    assert path in reader.get(f"/meetings/{made}/minutes").text
    latest = reader.get(path).text
    assert re.search(r"<del>.*装电梯", latest, re.DOTALL)
    assert re.search(r"<ins>.*先问三家公司", latest, re.DOTALL)
    assert "和第 2 版比" in latest
    assert latest.count("测试里居委会 ") >= 3  # the chosen one, and both in the list
    assert "按会议经过自动起草" in latest
    first = reader.get(f"{path}?version=1").text
    assert "<del>" not in first
    assert "一、到会" in first
    far = reader.get(f"{path}?version=3&with=1").text
    assert "和第 1 版比" in far
    assert re.search(r"<del>.*到会", far, re.DOTALL)
    assert reader.get(f"{path}?version=1&with=3").text.count("和第 1 版比") == 1  # the later is always the new one
    assert reader.get(f"{path}?version=9").status_code == 404
    listed = reader.get(f"/api/v1{path}").json
    assert [(each["version"], bool(each["by"]), each["current"]) for each in listed["items"]] == [
        (3, True, True),
        (2, True, False),
        (1, False, False),
    ]
    one = reader.get(f"/api/v1{path}/3?against=2").json
    assert one["text"] == "大家同意先问三家公司。\n散会。"
    assert {"removed", "added", "same"} == {each["kind"] for each in one["difference"]}
    assert reader.get(f"/api/v1{path}/1").json["against"] is None
    assert reader.get(f"/api/v1{path}/9").status_code == 404


def test_there_are_no_versions_before_a_meeting_is_over(cast: Cast, client_of: Clients) -> None:
    made, _ = opened(cast)
    assert client_of(None).get(f"/meetings/{made}/minutes/versions").status_code == 409
    assert client_of(None).get(f"/api/v1/meetings/{made}/minutes/versions").status_code == 409


def test_what_was_taken_down_is_gone_from_every_version(cast: Cast, client_of: Clients) -> None:
    made, motion = over(cast)
    text = client_of(None).get(f"/api/v1/meetings/{made}/minutes").json["text"]
    commands.write_minutes(cast.moderator, made, text=text + "\n散会。")
    commands.write_minutes(cast.moderator, made, text="大家都同意。")
    path = f"/meetings/{made}/minutes/versions"
    assert RUDE in client_of(None).get(f"{path}?version=1").text
    removed(cast, SubjectKind.MOTION, motion)
    for asked in ("version=1", "version=2", "version=3", "version=3&with=1"):
        shown = client_of(None).get(f"{path}?{asked}").text
        assert RUDE not in shown, asked
        assert f"【已移除：{motion}】" in shown, asked
    for version in (1, 2, 3):
        assert RUDE not in client_of(None).get(f"/api/v1{path}/{version}").text


def test_many_versions_are_read_page_by_page_for_as_many_queries(cast: Cast, client_of: Clients, counted: Any) -> None:
    made = written(cast)
    reader, path = client_of(None), f"/meetings/{made}/minutes/versions"
    reader.get(path)
    with counted() as few:
        reader.get(path)
    for n in range(4, 71):
        said = {"text": f"第 {n} 次写：先问三家公司。", "salt": "s", "at": now(), "person_id": cast.moderator.person_id}
        session().add(MinutesVersion(meeting_id=made, version=n, **said))
    session().get_one(Minutes, made).version = 70
    session().commit()
    reader.get(path)
    with counted() as many:
        reader.get(path)
    assert len(many.statements) <= len(few.statements)
    heard, mark = [], ""
    while True:
        part = reader.get(f"/api/v1{path}", query_string={"after": mark} if mark else {}).json
        heard += [each["version"] for each in part["items"]]
        mark = part["next"]
        if not mark:
            break
    assert heard == list(range(70, 0, -1))
    assert 'rel="next"' in reader.get(path).text
    assert "第 40 版" in reader.get(f"{path}?before=41").text
