"""The versions of minutes: who wrote each, what changed, and that what was taken down is gone from all of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.meetings import commands
from cogov.meetings.models import Minutes, MinutesVersion
from cogov.meetings.queries.records import minutes_of
from cogov.meetings.rules.covering import Hidden, unveiled, veiled
from cogov.moderation.rules import SubjectKind
from cogov.problems.models import Problem
from tests.cast import Cast
from tests.databases import both
from tests.meetings.test_flagging import RUDE, about_a_problem, over, removed
from tests.meetings.test_walk import opened
from tests.programs import Program

Clients = Callable[[str | None], Any]


def written(cast: Cast) -> int:
    """Hold a meeting and write two more versions of its minutes; return it."""
    made, _ = opened(cast)
    commands.close_meeting(cast.moderator, made)
    commands.write_minutes(cast.moderator, made, text="大家同意装电梯。\n散会。")
    commands.write_minutes(cast.moderator, made, text="大家同意先问三家公司。\n散会。")
    return made


@both
def test_each_version_says_who_wrote_it_and_what_changed(cast: Cast, client_of: Clients, program: Program) -> None:
    made = written(cast)
    reader, path = client_of("resident"), f"/meetings/{made}/minutes/versions"
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
    listed = program("resident", "GET", path)[1]
    assert [(each["version"], bool(each["by"]), each["current"]) for each in listed["items"]] == [
        (3, True, True),
        (2, True, False),
        (1, False, False),
    ]
    one = program("resident", "GET", f"{path}/3?against=2")[1]
    assert one["text"] == "大家同意先问三家公司。\n散会。"
    assert {"removed", "added", "same"} == {each["kind"] for each in one["difference"]}
    assert program("resident", "GET", f"{path}/1")[1]["against"] is None
    assert program("resident", "GET", f"{path}/9")[0] == 404


def test_there_are_no_versions_before_a_meeting_is_over(cast: Cast, client_of: Clients) -> None:
    made, _ = opened(cast)
    assert client_of(None).get(f"/meetings/{made}/minutes/versions").status_code == 409
    assert client_of(None).get(f"/api/v1/meetings/{made}/minutes/versions").status_code == 409


def test_what_was_taken_down_is_gone_from_every_version(cast: Cast, client_of: Clients, program: Program) -> None:
    made, motion = over(cast)
    text = client_of(None).get(f"/api/v1/meetings/{made}/minutes").json["text"]
    commands.write_minutes(cast.moderator, made, text=text + "\n散会。")
    commands.write_minutes(cast.moderator, made, text="大家都同意。")
    path = f"/meetings/{made}/minutes/versions"
    commands.put_out_minutes(cast.moderator, made)
    assert RUDE in client_of("resident").get(f"{path}?version=1").text
    removed(cast, SubjectKind.MOTION, motion)
    for asked in ("version=1", "version=2", "version=3", "version=3&with=1"):
        shown = client_of("resident").get(f"{path}?{asked}").text
        assert RUDE not in shown, asked
        assert f"【已移除：{motion}】" in shown, asked
    for version in (1, 2, 3):
        assert RUDE not in program("resident", "GET", f"{path}/{version}")[1]["text"]


def test_many_versions_are_read_page_by_page_for_as_many_queries(
    cast: Cast, client_of: Clients, program: Program, counted: Any
) -> None:
    made = written(cast)
    reader, path = client_of("resident"), f"/meetings/{made}/minutes/versions"
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
        part = program("resident", "GET", f"{path}?after={mark}" if mark else path)[1]
        heard += [each["version"] for each in part["items"]]
        mark = part["next"]
        if not mark:
            break
    assert heard == list(range(70, 0, -1))
    assert 'rel="next"' in reader.get(path).text
    assert "第 40 版" in reader.get(f"{path}?before=41").text


@both
def test_what_was_edited_out_of_a_draft_is_read_by_who_was_there_and_who_keeps_the_minutes(
    cast: Cast, client_of: Clients, program: Program
) -> None:
    made = written(cast)
    path = f"/meetings/{made}/minutes/versions"
    for who in (None, "tenant", "outsider"):
        reader = client_of(who)
        now_ = reader.get(path)
        assert "先问三家公司" in now_.text, who
        assert "大家同意装电梯" not in now_.text  # neither by itself nor as what was struck out
        assert "请大家签认以前的草稿" in now_.text
        for asked in ("version=2", "version=3&with=2", "version=1&with=3"):
            assert reader.get(f"{path}?{asked}").status_code == 403, (who, asked)
        assert [each["version"] for each in program(who, "GET", path)[1]["items"]] == [3]
        status, refused = program(who, "GET", f"{path}/2")
        assert (status, refused["code"]) == (403, "minutes_were_draft")
        assert program(who, "GET", f"{path}/3?against=1")[0] == 403
        assert program(who, "GET", f"{path}/3")[1]["difference"] == []
    for who in ("resident", "moderator"):
        assert "大家同意装电梯" in client_of(who).get(f"{path}?version=2").text
        assert program(who, "GET", f"{path}/2")[1]["text"].startswith("大家同意装电梯")
        assert "请大家签认以前的草稿" not in client_of(who).get(path).text
    # What people were asked to sign is public, and so is whatever came after it.
    commands.put_out_minutes(cast.moderator, made)
    commands.write_minutes(cast.moderator, made, text="大家同意先问四家公司。")
    stranger = client_of(None)
    assert [each["version"] for each in stranger.get(f"/api/v1{path}").json["items"]] == [4, 3]
    assert "和第 3 版比" in stranger.get(path).text
    assert stranger.get(f"{path}?version=2").status_code == 403


@both
def test_a_number_that_identifies_somebody_is_masked_in_minutes(cast: Cast) -> None:
    made = written(cast)
    commands.write_minutes(cast.moderator, made, text="电话 13800138000，车牌沪A12345，证件 11010519491231002X。")
    text = found(minutes_of(made)).text
    assert text == "电话 【已遮住电话】，车牌【已遮住车牌】，证件 【已遮住证件号】。"


@both
def test_a_problem_that_was_hidden_since_is_in_no_minutes_until_it_is_shown_again(
    cast: Cast, client_of: Clients, program: Program
) -> None:
    made, problem = about_a_problem(cast)
    commands.put_out_minutes(cast.moderator, made)
    commands.write_minutes(cast.moderator, made, text=found(minutes_of(made)).text + "\n散会。")
    title, number, whole = problem.title, problem.number, found(minutes_of(made)).text
    session().get_one(Problem, problem.id).hidden = True
    session().commit()
    pages = [f"/meetings/{made}/minutes{rest}" for rest in ("", "/versions", "/versions?version=2")]
    doors = [f"/meetings/{made}/minutes{rest}" for rest in ("", "/versions/3", "/versions/3?against=2")]
    for who, first in ((None, []), ("tenant", []), ("owner", [f"/meetings/{made}/minutes/versions?version=1"])):
        told = [(path, client_of(who).get(path).text) for path in (*pages, *first)]
        told += [(path, program(who, "GET", path)[1]["text"]) for path in doors]
        for path, said in told:
            assert "【现在不公开：第 1 项" in said, (who, path)
            assert title not in said, (who, path)
            assert number not in said, (who, path)
    veiled_ = found(minutes_of(made)).text
    assert "【现在不公开：第 1 项的标题】" in veiled_
    first_version = program("owner", "GET", f"/meetings/{made}/minutes/versions/1")[1]["text"]
    assert "1. 【现在不公开：第 1 项】" in first_version
    assert "有人念了" not in first_version  # nothing of what was said about it
    assert title in client_of("moderator").get(f"/meetings/{made}/minutes").text
    session().get_one(Problem, problem.id).hidden = False
    session().commit()
    assert found(minutes_of(made)).text == whole
    assert title in client_of(None).get(f"/meetings/{made}/minutes").text


def test_who_edits_minutes_takes_out_nothing_that_they_may_not_see() -> None:
    minutes = "二、议事经过\n\n1. 楼上漏水（2026-0007）\n发言 2 人次。\n\n2. 换灯\n没有议到。\n还是楼上漏水的事。"
    hidden = [Hidden(1, "2026-0007", "楼上漏水")]
    shown = veiled(minutes, hidden)
    assert shown == (
        "二、议事经过\n\n1. 【现在不公开：第 1 项】\n\n2. 换灯\n没有议到。\n还是【现在不公开：第 1 项的标题】的事。"
    )
    assert unveiled(shown, hidden, minutes) == minutes
    assert unveiled(shown + "\n散会。", hidden, minutes) == minutes + "\n散会。"
