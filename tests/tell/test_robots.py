"""Robots: told once of what concerns them and may be told, kept by their own, and stopped when nobody listens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from cogov.announcements.commands import publish_announcement
from cogov.announcements.rules import AnnouncementKind, Text
from cogov.cases.models import Case
from cogov.cases.rules import CaseState
from cogov.duties.models import RunningClock
from cogov.ground.clock import now
from cogov.ground.db import session, writer
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.journal.transaction import transaction
from cogov.people.models import Person
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.robots.commands import add_robot, pause_robot, remove_robot, resume_robot, try_robot
from cogov.robots.models import Robot
from cogov.robots.queries import communities_for, organizations_for, robot_for, robots_of
from cogov.robots.rules import Fault, RobotKind, RobotState, RobotTopic
from cogov.robots.rules.posts import Ear, Post, PostType
from cogov.tell.hearings import RobotHearing, RobotPost
from cogov.tell.models import Sending
from cogov.tell.outbox import send_due
from cogov.tell.robots import GATHER, hear_all
from tests.cases.scene import a_case, a_problem, walked
from tests.cast import Cast
from tests.databases import both
from tests.listeners import Listener, listening
from tests.storms import at_once

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def listener(app: Flask) -> Iterator[Listener]:
    app.config.update(CALL_LOOPBACK=True, PUBLIC_URL="https://gongzhi.example")
    with listening() as made:
        yield made
    app.config.update(CALL_LOOPBACK=False, PUBLIC_URL="")


def _add(
    by: Actor,
    listener: Listener,
    *,
    organization: int | None = None,
    community: int | None = None,
    kind: RobotKind = RobotKind.WEBHOOK,
    hears: RobotTopic = RobotTopic.DESK,
    name: str = "值班群",
) -> int:
    path = {RobotKind.WEBHOOK: "/hook", RobotKind.WECOM: "/send?key=abcd", RobotKind.DINGTALK: "/send?access_token=ab"}
    secret = {RobotKind.WEBHOOK: SECRET, RobotKind.DINGTALK: "SEC1"}.get(kind, "")
    return add_robot(
        by,
        kind=kind,
        hears=hears,
        name=name,
        ear=Ear(listener.url + path[kind], secret),
        organization_id=organization,
        community_id=community,
    ).id


def _tell() -> None:
    hear_all()
    send_due()


def _said(listener: Listener) -> list[dict[str, Any]]:
    return [json.loads(heard.body) for heard in listener.heard]


def _robot(robot_id: int) -> Robot:
    session().expire_all()
    return session().get_one(Robot, robot_id)


def _deadline(cast: Cast, body: str) -> RunningClock:
    mine = RunningClock.organization_id == cast.organizations[body]
    return session().scalars(select(RunningClock).where(RunningClock.stopped_at.is_(None), mine)).one()


def _announce(cast: Cast, by: str = "moderator", place: int = 0) -> None:
    said = Text("周六上午停水", "请提前存水", now() + timedelta(days=3), now() + timedelta(days=1), "活动室")
    publish_announcement(
        getattr(cast, by), place_id=place or cast.community_id, kind=AnnouncementKind.MEETING, text=said
    )


# What is told --------------------------------------------------------------------------------------------------------


def test_a_body_hears_of_its_case_with_number_title_deadline_and_link(cast: Cast, listener: Listener):
    _add(cast.official, listener, organization=cast.organizations["fire"])
    case = walked(cast, CaseState.DISPATCHED)
    _tell()
    (told,) = _said(listener)
    number = session().scalars(select(Problem.number).where(Problem.id == case.problem_id)).one()
    due_at = _deadline(cast, "fire").due_at
    assert told["number"] == number
    assert told["url"] == f"https://gongzhi.example/problems/{number}"
    assert "楼道飞线充电" in told["words"]
    local = due_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"本单位办理的期限：{local.month}月{local.day}日 {local:%H:%M}" in told["words"]
    (heard,) = listener.heard
    signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode() + heard.body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert heard.headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(heard.headers["webhook-timestamp"]) - now().timestamp()) < 60


def test_nobody_hears_of_what_comes_to_somebody_else(cast: Cast, listener: Listener):
    _add(cast.called_official, listener, organization=cast.organizations["property"])
    walked(cast, CaseState.DISPATCHED)
    _tell()
    assert listener.heard == []


def test_no_name_and_no_word_of_a_person_goes_out(cast: Cast, listener: Listener):
    _add(cast.official, listener, organization=cast.organizations["fire"])
    _add(cast.closer, listener, organization=cast.organizations["supervision"])
    _add(cast.moderator, listener, community=cast.community_id, hears=RobotTopic.ANNOUNCEMENTS)
    walked(cast, CaseState.CLOSED)
    _announce(cast)
    with time_machine.travel(now() + timedelta(minutes=10), tick=False):
        _tell()
    everything = "".join(told["words"] for told in _said(listener))
    assert everything
    names = session().scalars(select(Person.pseudonym)).all()
    assert [name for name in names if name in everything] == []
    assert "三号楼楼道里有人拉线充电" not in everything
    assert "139" not in everything


def test_what_is_hidden_is_not_told_and_neither_is_what_was_hidden_meanwhile(cast: Cast, listener: Listener):
    _add(cast.official, listener, organization=cast.organizations["fire"])
    before, meanwhile = (
        walked(cast, CaseState.DISPATCHED, a_case(cast, a_problem(cast, n))) for n in ("2026-1", "2026-2")
    )
    _hide(before)
    hear_all()
    assert session().scalars(select(RobotPost.problem_id)).all() == [meanwhile.problem_id]
    _hide(meanwhile)
    send_due()
    assert listener.heard == []
    assert session().scalars(select(Sending.error)).all() == ["not_public"]


def _hide(case: Case) -> None:
    with transaction():
        session().execute(update(Problem).where(Problem.id == case.problem_id).values(hidden=True))


def test_an_announcement_reaches_the_robots_of_its_place_and_of_places_round_it(cast: Cast, listener: Listener):
    topic = RobotTopic.ANNOUNCEMENTS
    _add(cast.moderator, listener, community=cast.community_id, hears=topic)
    _add(cast.street_office, listener, organization=cast.organizations["street"], hears=topic)
    _add(cast.foreign_moderator, listener, community=cast.elsewhere_id, hears=topic)
    _announce(cast)
    _tell()
    assert len(listener.heard) == 2
    told = _said(listener)[0]
    assert (told["type"], told["number"]) == ("announcement", "")
    assert "时间：" in told["words"]
    assert "活动室" in told["words"]
    assert told["url"].startswith("https://gongzhi.example/announcements/")


# Once ----------------------------------------------------------------------------------------------------------------


@both
def test_each_robot_hears_each_entry_once_however_often_one_looks(cast: Cast, listener: Listener, backend: str):
    _add(cast.official, listener, organization=cast.organizations["fire"])
    walked(cast, CaseState.DISPATCHED)
    for _ in range(3):
        _tell()
    assert len(listener.heard) == 1
    row = session().scalars(select(RobotHearing)).first()
    assert row is not None
    session().add(RobotHearing(robot_id=row.robot_id, post_id=row.post_id, entry_number=row.entry_number))
    with pytest.raises(IntegrityError):
        session().flush()
    session().rollback()


@both
@pytest.mark.storm
def test_workers_that_look_at_the_same_time_tell_each_entry_once(
    app: Flask, cast: Cast, listener: Listener, backend: str
):
    _add(cast.official, listener, organization=cast.organizations["fire"])
    for n in range(3):
        walked(cast, CaseState.DISPATCHED, a_case(cast, a_problem(cast, f"2026-93{n:02}")))
    results = at_once(app, 6, lambda _: hear_all())
    assert [result for result in results if isinstance(result, BaseException)] == []
    at_once(app, 4, lambda _: send_due())
    assert sorted(told["number"] for told in _said(listener)) == ["2026-9300", "2026-9301", "2026-9302"]


@both
@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE robot SET community_id = 1 WHERE organization_id IS NOT NULL",
        "UPDATE robot SET organization_id = NULL",
        "UPDATE robot SET ear = ''",
        "UPDATE robot SET state = 'removed'",
    ],
)
def test_the_schema_keeps_robots_in_order(cast: Cast, listener: Listener, backend: str, broken: str):
    _add(cast.official, listener, organization=cast.organizations["fire"])
    with writer(), pytest.raises(IntegrityError), session().begin_nested():
        session().execute(text(broken))


def test_a_delivery_repeated_five_times_is_one_to_the_receiver(cast: Cast, listener: Listener):
    _add(cast.official, listener, organization=cast.organizations["fire"])
    walked(cast, CaseState.DISPATCHED)
    hear_all()
    for _ in range(5):  # the worker dies each time between sending and marking
        send_due()
        with transaction():
            session().execute(update(Sending).values(sent_at=None))
    effects = {heard.headers["webhook-id"]: heard.body for heard in listener.heard}
    assert len(listener.heard) == 5
    assert len(effects) == 1
    assert len({heard.body for heard in listener.heard}) == 1


def test_what_follows_within_minutes_comes_in_one_message(cast: Cast, listener: Listener):
    _add(cast.closer, listener, organization=cast.organizations["supervision"])
    case = a_case(cast)
    with time_machine.travel(now(), tick=False) as clock:
        _tell()
        assert len(listener.heard) == 1
        walked(cast, CaseState.HANDLED, case)
        _tell()
        assert len(listener.heard) == 1
        clock.shift(GATHER + timedelta(seconds=1))
        _tell()
    first, second = _said(listener)
    assert first["number"] == second["number"]
    assert first["id"] != second["id"]
    assert session().scalar(select(func.count()).select_from(RobotPost)) == 2


def test_a_deadline_is_told_of_once_when_it_is_near(cast: Cast, listener: Listener):
    _add(cast.official, listener, organization=cast.organizations["fire"])
    walked(cast, CaseState.DISPATCHED)
    _tell()
    clock = _deadline(cast, "fire")
    assert clock.due_at - clock.started_at > timedelta(hours=8)
    with time_machine.travel(clock.due_at - timedelta(hours=3), tick=False):
        for _ in range(3):
            _tell()
    assert len(listener.heard) == 2
    assert "本单位办理的期限：" in _said(listener)[1]["words"]


# How it goes ---------------------------------------------------------------------------------------------------------


def test_a_product_that_is_asked_too_often_is_asked_again_later(cast: Cast, listener: Listener):
    robot_id = _add(cast.official, listener, organization=cast.organizations["fire"], kind=RobotKind.WECOM)
    listener.body = b'{"errcode":45009,"errmsg":"api freq out of limit"}'
    walked(cast, CaseState.DISPATCHED)
    _tell()
    robot, sending = _robot(robot_id), session().scalars(select(Sending)).one()
    assert (robot.fault, robot.state, robot.failures) == (Fault.BUSY, RobotState.ON, 0)
    assert (sending.error, sending.gave_up_at) == ("busy", None)
    listener.body = b'{"errcode":0,"errmsg":"ok"}'
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        _tell()
    assert len(listener.heard) == 2
    assert (_robot(robot_id).fault, session().scalars(select(Sending.sent_at)).one() is None) == (None, False)


def test_a_robot_that_is_refused_again_and_again_is_stopped_until_somebody_looks(cast: Cast, listener: Listener):
    robot_id = _add(cast.official, listener, organization=cast.organizations["fire"], kind=RobotKind.DINGTALK)
    listener.body = b'{"errcode":310000,"errmsg":"sign not match"}'
    for n in range(6):
        walked(cast, CaseState.DISPATCHED, a_case(cast, a_problem(cast, f"2026-91{n:02}")))
        _tell()
    robot = _robot(robot_id)
    assert (robot.state, robot.fault, len(listener.heard)) == (RobotState.STOPPED, Fault.SIGNATURE, 5)
    assert session().scalars(select(JournalEntry).where(JournalEntry.kind == "RobotStopped")).one().actor_id is None
    listener.body = b'{"errcode":0,"errmsg":"ok"}'
    resume_robot(cast.official, robot_id)
    _tell()
    assert len(listener.heard) == 5  # what happened meanwhile is not told late
    walked(cast, CaseState.DISPATCHED, a_case(cast, a_problem(cast, "2026-9200")))
    _tell()
    assert (len(listener.heard), _robot(robot_id).failures) == (6, 0)


def test_whoever_is_paused_or_removed_is_told_nothing_and_what_is_removed_is_gone(cast: Cast, listener: Listener):
    robot_id = _add(cast.official, listener, organization=cast.organizations["fire"])
    walked(cast, CaseState.DISPATCHED)
    hear_all()
    pause_robot(cast.official, robot_id)
    send_due()
    assert listener.heard == []
    remove_robot(cast.official, robot_id)
    assert (_robot(robot_id).ear, _robot(robot_id).state) == ("", RobotState.REMOVED)
    with pytest.raises(NotFound):
        robot_for(cast.official, robot_id)


def test_where_a_robot_listens_is_not_in_the_database_and_is_lost_with_the_secret(
    app: Flask, cast: Cast, listener: Listener
):
    robot_id = _add(cast.official, listener, organization=cast.organizations["fire"])
    robot = _robot(robot_id)
    assert (listener.url in robot.ear, SECRET in robot.ear, robot.tail) == (False, False, "hook")
    told = Post("test-1", PostType.TEST, now(), "试发", ("一行",), "", "")
    assert try_robot(cast.official, robot_id, told).arrived
    secret = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "another"
    try:
        assert try_robot(cast.official, robot_id, told).fault is Fault.LOCKED
    finally:
        app.config["SECRET_KEY"] = secret
    assert len(listener.heard) == 1


# Who keeps them ------------------------------------------------------------------------------------------------------

EVERYBODY = (
    *("resident", "grid_worker", "volunteer", "moderator", "chair", "dispatcher", "official", "called_official"),
    *("inspector", "closer", "street_office", "auditor", "administrator", "outsider", "foreign_moderator"),
)
KEEPERS = {"fire": {"official"}, "committee": {"moderator", "chair"}, "supervision": {"inspector", "closer"}}
NEIGHBOURS = {"moderator", "street_office", "administrator"}


def test_an_organizations_robots_are_kept_by_those_who_speak_for_it(cast: Cast, listener: Listener):
    for body, keepers in KEEPERS.items():
        robot_id = _add(cast.administrator, listener, organization=cast.organizations[body])
        assert {name for name in EVERYBODY if _keeps(cast, name, robot_id)} == keepers | {"administrator"}
        assert {
            name for name in EVERYBODY if cast.organizations[body] in dict(organizations_for(getattr(cast, name)))
        } == keepers | {"administrator"}
        for name in set(EVERYBODY) - keepers - {"administrator"}:
            with pytest.raises(Refused) as refused:
                _add(getattr(cast, name), listener, organization=cast.organizations[body], name="另一个")
            assert refused.value.refusal.status == 403


def test_a_communitys_robots_are_kept_by_its_committee_and_its_street_office(cast: Cast, listener: Listener):
    robot_id = _add(cast.moderator, listener, community=cast.community_id, hears=RobotTopic.ANNOUNCEMENTS)
    assert {name for name in EVERYBODY if _keeps(cast, name, robot_id)} == NEIGHBOURS
    assert {name for name in EVERYBODY if cast.community_id in dict(communities_for(getattr(cast, name)))} == NEIGHBOURS


def _keeps(cast: Cast, name: str, robot_id: int) -> bool:
    by = getattr(cast, name)
    listed = robot_id in [robot.id for robot, _ in robots_of(by, None, 50)]
    try:
        robot_for(by, robot_id)
    except NotFound:
        for act in (pause_robot, resume_robot, remove_robot):
            with pytest.raises(NotFound):
                act(by, robot_id)
        assert not listed
        return False
    assert listed
    return True


def test_two_robots_of_one_owner_have_two_names_and_there_are_not_too_many(cast: Cast, listener: Listener):
    fire = cast.organizations["fire"]
    _add(cast.official, listener, organization=fire)
    with pytest.raises(Refused, match="robot_name_taken"):
        _add(cast.official, listener, organization=fire)
    for n in range(9):
        _add(cast.official, listener, organization=fire, name=f"群 {n}")
    with pytest.raises(Refused, match="robots_enough"):
        _add(cast.official, listener, organization=fire, name="又一个")


# The page ------------------------------------------------------------------------------------------------------------


def test_a_robot_is_added_tried_paused_and_removed_on_the_page(
    cast: Cast, listener: Listener, client_of: Callable[[str], Any]
):
    client = client_of("official")
    page = client.get("/admin/robots")
    assert page.status_code == 200
    form = {"whose": f"o{cast.organizations['fire']}", "hears": "desk", "kind": "webhook", "name": "值班群"}
    form |= {"url": f"{listener.url}/hook-with-a-long-key", "secret": "", "keyword": "", "once": client.once}
    wrong = client.post("/admin/robots", {**form, "url": "http://10.0.0.1/hook"})
    text_ = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert "网址要以 https:// 开头。" in text_
    assert 'value="值班群"' in text_
    added = client.post("/admin/robots", form)
    robot_id = session().scalars(select(Robot.id)).one()
    assert added.location == f"/admin/robots/{robot_id}"
    listed = client.get("/admin/robots").get_data(as_text=True)
    assert "whsec_" in listed
    assert "还没有发过" in listed
    again = client.get(f"/admin/robots/{robot_id}").get_data(as_text=True)
    assert "whsec_" not in again
    assert "hook-with-a-long-key" not in again
    assert "……-key，其余不再显示" in again
    client.post(f"/admin/robots/{robot_id}/test", {"once": client.once})
    assert "发到了，请到群里看一看。" in client.get(f"/admin/robots/{robot_id}").get_data(as_text=True)
    assert _said(listener)[0]["type"] == "test"
    listener.status = 410
    client.post(f"/admin/robots/{robot_id}/test")
    assert "对方说没有这个机器人" in client.get(f"/admin/robots/{robot_id}").get_data(as_text=True)
    client.post(f"/admin/robots/{robot_id}/pause")
    assert _robot(robot_id).state is RobotState.PAUSED
    client.post(f"/admin/robots/{robot_id}/resume")
    assert _robot(robot_id).state is RobotState.ON
    assert client_of("called_official").get(f"/admin/robots/{robot_id}").status_code == 404
    assert client_of("called_official").post(f"/admin/robots/{robot_id}/remove").status_code == 404
    client.post(f"/admin/robots/{robot_id}/remove")
    assert client.get(f"/admin/robots/{robot_id}").status_code == 404
    log = client_of("administrator").get("/admin/log").get_data(as_text=True)
    assert "添加了群机器人 值班群" in log
    assert "移除了群机器人 值班群" in log
