"""Administering by the command line: an installation without the demo, from an empty database to a first problem."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select, update

from cogov import create_app
from cogov.cli import main
from cogov.cli.checking import counters
from cogov.cli.counting import numbers, repaired, turnouts
from cogov.decisions.commands import cast_ballot
from cogov.decisions.models import Ballot, Decision, DecisionTurnout
from cogov.decisions.queries import frozen_options
from cogov.duties.models import ClockPause, RunningClock
from cogov.duties.queries import clocks_of
from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.journal.event import commit_to
from cogov.journal.models import JournalEntry
from cogov.people.commands import add_passkey
from cogov.people.models import Identity, Organization, RoleHeld
from cogov.people.queries import actor_of, has_factor, person_by_contact
from cogov.people.rules import CLOCK, Role
from cogov.places.commands import enter_owner, import_roll, verify_owner
from cogov.places.models import GridHolder, Place
from cogov.places.queries import setting
from cogov.places.rules import Setting
from cogov.problems.commands import next_number, raise_problem, triage_problem
from cogov.problems.models import NumberCounter, Problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.tasks.commands import claim_task, open_task
from cogov.tasks.models import Task
from tests.cast import HERE, STREET, Cast
from tests.databases import Databases, Postgres, both
from tests.decisions.conftest import START, Vote, deliberated

Run = Callable[..., Result]


def _runner(monkeypatch: pytest.MonkeyPatch, folder: str, url: str) -> Run:
    for name in list(os.environ):
        if name.startswith("COGOV_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COGOV_DATA_DIR", folder)
    monkeypatch.setenv("COGOV_DATABASE_URL", url)

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(main, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the command line over the database of the cast."""
    invoke = _runner(monkeypatch, str(app.config["DATA_DIR"]), str(app.config["DATABASE_URL"]))

    def fresh(*arguments: str) -> Result:
        session().rollback()
        result = invoke(*arguments)
        session().expire_all()
        return result

    return fresh


def said(result: Result) -> str:
    """Return what a command that went well has said."""
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(result: Result) -> str:
    """Return why a command was refused."""
    assert result.exit_code == 1, result.output
    return result.stderr


def login(actor: Any) -> str:
    identity = session().get_one(Identity, actor.person_id)
    return str(identity.phone)


def roles_of(login: str) -> list[Role]:
    session().rollback()
    person = person_by_contact(login)
    assert person is not None
    return [standing.role for standing in actor_of(person.id).standings]


# From nothing to a first problem -----------------------------------------------------------------------------------

FILES = {
    "places.csv": "代码,名称\n99,测试省\n9901,测试市\n990101,云溪区\n990101001,青川街道\n990101001001,梧桐里社区\n",
    "grids.csv": (
        "网格代码,网格名称,边界\n990101001001001,东一网格,"
        '"POLYGON ((121.51 31.21, 121.52 31.21, 121.52 31.22, 121.51 31.22, 121.51 31.21))"\n'
    ),
    "people.csv": (
        "单位,单位类别,单位地域代码,手机号或邮箱,姓名,化名,身份,身份地域代码,公开姓名,截止日期\n"
        "梧桐里居委会,居委会,990101001001,13800000001,王某,早起的人,居委会主持人,,王主任,2099-12-31\n"
        "梧桐里居委会,,990101001001,13800000001,,,议事会主席,,王主任,2099-12-31\n"
        "梧桐里居委会,,990101001001,13800000002,李某,骑车上班,网格员,,李网格员,2099-12-31\n"
        "梧桐里居委会,,990101001001,13800000003,赵某,爱种花,网格员,,赵网格员,2099-12-31\n"
        "青川街道办事处,街道,990101001,13800000004,孙某,常散步,街道办事处,,孙科员,2099-12-31\n"
        "青川街道指挥中心,指挥中心,990101001,13800000005,周某,看云的人,指挥中心派遣员,,周派遣员,2099-12-31\n"
        "云溪区监督中心,监督中心,990101,13800000006,吴某,听雨的人,监督中心核查员,,吴核查员,2099-12-31\n"
        "云溪区监督中心,,990101,13800000007,郑某,走夜路,监督中心结案员,,郑结案员,2099-12-31\n"
        "云溪区水务公司,部门,990101,13800000008,冯某,喝茶的人,经办人,,冯经办,2099-12-31\n"
        ",,,13800000009,陈某,养鸽子,审计员,990101,,\n"
        ",,,jia@example.org,甲,修自行车,,,,\n"
    ),
    "roll.csv": (
        "社区代码,楼栋编号,楼栋名称,单元,门牌,面积,业主编号,业主姓名,起始日期\n"
        "990101001001,3,3 号楼,1,101,89.50,Y-0017,甲,2018-05-01\n"
    ),
    "duties.csv": (
        "地域代码,清单编号,标准,类别,事项编码,责任单位,清单类别,时限,时限单位,依据,生效日期\n"
        "990101,Q-1,CJ/T 214,部件,0101,云溪区水务公司,基本履职,2,工作日,区清单第 1 项,2026-01-01\n"
    ),
}
COMMUNITY = "990101001001"


@pytest.fixture
def empty(databases: Databases, backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Return the command line over a database without a single table."""
    folder = str(tmp_path / "var")
    if backend == "sqlite":
        yield _runner(monkeypatch, folder, "")
        return
    postgres = databases.get("postgres")
    assert isinstance(postgres, Postgres)
    with postgres.fresh() as app:
        url = str(app.config["DATABASE_URL"])
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        yield _runner(monkeypatch, folder, url)


def _set_up(run: Run, folder: Path) -> None:
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    said(run("db", "upgrade"))
    for sheet in ("places", "grids", "people"):
        said(run("import", sheet, str(folder / f"{sheet}.csv")))
    said(run("import", "matters", "--default"))
    for sheet in ("duties", "roll"):
        said(run("import", sheet, str(folder / f"{sheet}.csv")))
    said(run("import", "calendar", "--default", "2026"))
    said(run("grid", "hand-over", "990101001001001", "13800000002", "--contact", "居委会 8:30–17:30"))
    said(run("grid", "hand-over", "990101001001001", "13800000003", "--contact", "居委会 8:30–17:30", "--deputy"))
    said(run("owner", "verify", "Y-0017", "jia@example.org", "--community", COMMUNITY))
    home = ("--community", COMMUNITY, "--building", "3", "--staircase", "1", "--door", "101")
    said(run("residence", "verify", "jia@example.org", *home, "--as", "业主"))
    said(run("setting", "set", COMMUNITY, "confirmation_days", "10"))


def _sign_in(app: Flask, folder: Path, login: str) -> Any:
    http = app.test_client()
    _post(http, "/sign-in", login=login, way="code")
    sent = [json.loads(line) for line in (folder / "var" / "outbox.jsonl").read_text(encoding="utf-8").splitlines()]
    code = next(line["code"] for line in reversed(sent) if line["to"] == login)
    _post(http, "/sign-in/code", code=code)
    return http


def _post(http: Any, url: str, **data: str) -> Any:
    page = http.get(url).get_data(as_text=True)
    for name in ("csrf_token", "once", "then"):
        if found := re.search(rf'name="{name}"[^>]*value="([^"]*)"', page):
            data[name] = found.group(1)
    names = set(re.findall(r'name="([^"]+)"', page))
    if "login" in data and "login" not in names:
        data["contact"] = data.pop("login")
    answer = http.post(url, data=data)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    return answer


@both
def test_an_empty_installation_comes_to_its_first_problem_by_the_command_line(empty: Run, tmp_path: Path) -> None:
    _set_up(empty, tmp_path)
    assert said(empty("check")) == "计数、网格、责任人与时钟都没有问题。\n"
    app = create_app({"TESTING": True})
    with app.app_context():
        owner = person_by_contact("jia@example.org")
        assert owner is not None
        assert {Role.OWNER, Role.RESIDENT} == {held.role for held in actor_of(owner.id).standings}
        http = _sign_in(app, tmp_path, "jia@example.org")
        assert session().get_one(Identity, owner.id).confirmed_at is not None
        session().rollback()
        grid = session().scalars(select(Place.id).where(Place.code == "990101001001001")).one()
        community = session().scalars(select(Place.id).where(Place.code == COMMUNITY)).one()
        raised = raise_problem(
            actor_of(owner.id), community_id=community, grid_id=grid, text="3 号楼东侧的井盖没了，晚上差点掉下去。"
        )
        number = raised.problem.number
        assert http.get(f"/problems/{number}").status_code == 200
        session().remove()
        db.engine.dispose()  # a connection left to the collector would warn in some later test
    said(empty("worker", "--once"))
    assert "到 " in said(empty("clock", "list", number))
    assert said(empty("check")) == "计数、网格、责任人与时钟都没有问题。\n"
    said(empty("journal", "verify"))


@both
def test_importing_people_again_changes_nothing_and_corrections_replace_mandates(empty: Run, tmp_path: Path) -> None:
    _set_up(empty, tmp_path)
    file = tmp_path / "people.csv"
    assert "没有改动" in said(empty("import", "people", str(file)))
    file.write_text(
        FILES["people.csv"].replace("冯经办,2099-12-31", "冯科长,2098-12-31").replace("冯某", "冯甲"), "utf-8"
    )
    assert "更正 1 行" in said(empty("import", "people", str(file)))
    listed = said(empty("role", "list", "--organization", "云溪区水务公司"))
    assert "冯科长" in listed
    assert "到 2098-12-31" in listed
    assert "冯经办" not in listed
    said(empty("journal", "verify"))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("不知道的单位,,990101001001,,,,,,,", "没有名为“不知道的单位”的单位"),
        (f"某某社,社会组织,{'77'},,,,,,,", "地域 77 还没有登记"),
        (",,,13911111111,张三,新来的,经办人,990101001001,张三,", "要写明单位"),
        (",,,13911111111,张三,新来的,业主,990101001001,,", "不能直接授予"),
        (",,,13911111111,张三,,居民,990101001001,,", "要写化名"),
        (",,,13911111111,张三,居委会主任,居民,990101001001,,", "化名不能像单位"),
        (",,,12345,张三,新来的,居民,990101001001,,", "不是手机号"),
        (",,,13911111111,张三,新来的,居民,990101001001,,2020-01-01", "已经过去"),
        ("测试里居委会,,990101001001,13911111111,张三,新来的,居委会主持人,990101001002,张三,", "只管 990101001001"),
        ("测试里居委会,,990101001001,13911111111,张三,新来的,经办人,,张三,", "不能授予这个身份"),
        ("测试里居委会,,990101001001,13911111111,张三,新来的,居委会主持人,,,", "公开的姓名"),
        ("测试里居委会,物业,990101001001,,,,,,,", "类别不能更改"),
        ("测试里居委会,,990101001001,13911111111,张三,新来的,,,,", "却没有写身份"),
        (",,,,张三,,,,,", "没有手机号或邮箱"),
    ],
)
def test_a_line_about_people_that_cannot_be_is_refused_whole(
    run: Run, cast: Cast, tmp_path: Path, line: str, why: str
) -> None:
    header = "单位,单位类别,单位地域代码,手机号或邮箱,姓名,化名,身份,身份地域代码,公开姓名,截止日期"
    file = tmp_path / "people.csv"
    file.write_text(f"{header}\n{line}\n", encoding="utf-8")
    before = session().scalar(select(func.count()).select_from(JournalEntry))
    result = run("import", "people", str(file))
    assert (result.exit_code, why in result.stdout) == (1, True), result.stdout
    assert person_by_contact("13911111111") is None
    assert session().scalar(select(func.count()).select_from(JournalEntry)) == before


# Organizations, persons, roles -------------------------------------------------------------------------------------


@both
def test_who_lost_every_second_factor_is_let_in_again_and_it_is_recorded(run: Run, cast: Cast) -> None:
    add_passkey(cast.resident, credential="c", public_key="k", sign_count=0, name="手机", code_hashes=["a"])
    assert has_factor(cast.resident.person_id or 0)
    assert run("person", "forget-factors", "13700009876").exit_code != 0
    done = run("person", "forget-factors", "13900000000")
    assert done.exit_code == 0, done.output
    assert "13900000000" not in done.output
    assert not has_factor(cast.resident.person_id or 0)
    kinds = session().scalars(select(JournalEntry.kind).order_by(JournalEntry.number.desc()).limit(3))
    assert set(kinds) == {"FactorRemoved"}


def test_an_organization_is_founded_listed_and_ended_with_its_mandates(run: Run, cast: Cast) -> None:
    assert "已登记单位" in said(run("organization", "found", "青川消防站", "--kind", "部门", "--scope", STREET))
    assert "已经有同名的单位" in refused(
        run("organization", "found", "青川消防站", "--kind", "部门", "--scope", STREET)
    )
    given = ("--organization", "青川消防站", "--public-name", "刘站长", "--until", "2099-06-30")
    said(run("role", "grant", login(cast.complained_of), "经办人", *given))
    assert "青川消防站（1 人）" in said(run("organization", "list", "--at", HERE))
    assert Role.OFFICIAL in roles_of(login(cast.complained_of))
    assert "已终止" in said(run("organization", "end", "青川消防站"))
    assert Role.OFFICIAL not in roles_of(login(cast.complained_of))
    assert (
        session().scalar(select(RoleHeld.id).where(RoleHeld.public_name == "刘站长", RoleHeld.ended_at.is_(None)))
        is None
    )
    ended = session().scalars(select(Organization.id).where(Organization.name == "青川消防站")).one()
    assert "已经终止" in refused(run("organization", "end", str(ended)))
    kinds = list(session().scalars(select(JournalEntry.kind).order_by(JournalEntry.number.desc()).limit(2)))
    assert kinds == ["OrganizationEnded", "RoleEnded"]


def test_an_organization_that_still_answers_for_something_is_ended_only_when_meant(run: Run, cast: Cast) -> None:
    _raise(cast)
    assert "1 件问题" in refused(run("organization", "end", "测试里居委会"))
    assert "cogov check" in said(run("organization", "end", "测试里居委会", "--anyway"))
    assert any("测试里居委会”已经终止" in line for line in run("check").stdout.splitlines())


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("某某社", "--kind", "公司", "--scope", HERE), "没有“公司”这一种"),
        (("某某社", "--kind", "社会组织", "--scope", "77"), "地域 77 还没有登记"),
        (("社" * 81, "--kind", "社会组织", "--scope", HERE), "超过 80 个字"),
    ],
)
def test_founding_what_cannot_be_is_a_sentence(run: Run, cast: Cast, arguments: tuple[str, ...], why: str) -> None:
    assert why in refused(run("organization", "found", *arguments))


@both
def test_an_invited_person_is_told_and_signs_in_by_a_code(run: Run, app: Flask, cast: Cast) -> None:
    outbox = Path(str(app.config["DATA_DIR"])) / "outbox.jsonl"
    outbox.unlink(missing_ok=True)
    given = ("--name", "钱某", "--pseudonym", "看书的人", "--by", login(cast.administrator))
    assert "已登记" in said(run("person", "invite", "139 1111 2222", *given))
    sent = [json.loads(line) for line in outbox.read_text(encoding="utf-8").splitlines()]
    assert [(line["to"], line["purpose"], line["code"]) for line in sent] == [("13911112222", "invitation", None)]
    entry = session().scalars(select(JournalEntry).order_by(JournalEntry.number.desc()).limit(1)).one()
    assert (entry.kind, entry.actor_id) == ("PersonJoined", cast.administrator.person_id)
    identity = session().scalars(select(Identity).where(Identity.phone == "13911112222")).one()
    assert (identity.name, identity.confirmed_at) == ("钱某", None)
    assert "已经注册过" in refused(run("person", "invite", "13911112222", "--pseudonym", "另一个人"))
    assert "已经有人用了" in refused(run("person", "invite", "13911113333", "--pseudonym", "看书的人"))
    assert "不是手机号" in refused(run("person", "invite", "12", "--pseudonym", "另一个人"))
    assert "没有人用" in refused(run("person", "invite", "13911114444", "--pseudonym", "丙丁", "--by", "13999999999"))


@both
def test_a_role_is_granted_listed_and_ended_with_effect_at_once(run: Run, cast: Cast) -> None:
    who = login(cast.outsider)
    assert "不能授予这个身份" in refused(run("role", "grant", who, "moderator", "--organization", "绿苗环保社"))
    said(run("role", "grant", who, "审计员", "--scope", HERE, "--by", login(cast.administrator)))
    assert "已经有这个身份" in refused(run("role", "grant", who, "审计员", "--scope", HERE))
    (line,) = said(run("role", "list", "--person", who, "--role", "审计员")).splitlines()
    assert who not in line  # a list on a screen shows no whole number
    number = line.split()[0]
    assert Role.AUDITOR in roles_of(who)
    said(run("role", "end", number))
    assert Role.AUDITOR not in roles_of(who)
    assert "已经结束" in refused(run("role", "end", number))
    assert run("role", "list").exit_code == 2
    assert "要找的内容没有登记" in refused(run("role", "end", str(2**62)))


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("业主", "--scope", HERE), "cogov owner verify"),
        (("审计员",), "要写 --scope"),
        (("网格员",), "要写 --organization"),
        (("网格员", "--scope", HERE), "这类单位不能授予"),
        (("网格员", "--organization", "测试里居委会"), "公开的姓名"),
        (("网格员", "--organization", "没有的单位"), "没有名为"),
        (("网格员", "--organization", "测试里居委会", "--public-name", "甲", "--until", "2020-01-01"), "已经过去"),
        (("网格员", "--organization", "测试里居委会", "--public-name", "甲", "--until", "明天"), "不是日期"),
        (("网格员", "--organization", "测试里居委会", "--public-name", "甲", "--scope", STREET), f"只管 {HERE}"),
        (("皇帝", "--scope", HERE), "没有“皇帝”这一种"),
    ],
)
def test_a_role_that_cannot_be_is_refused_with_a_reason(
    run: Run, cast: Cast, arguments: tuple[str, ...], why: str
) -> None:
    assert why in refused(run("role", "grant", login(cast.outsider), *arguments))


@both
def test_a_mandate_that_has_run_out_can_be_given_again(run: Run, cast: Cast) -> None:
    mandate = RoleHeld.person_id == cast.moderator.person_id
    session().execute(update(RoleHeld).where(mandate).values(until=now() - timedelta(days=1)))
    session().commit()
    assert Role.MODERATOR not in roles_of(login(cast.moderator))
    given = ("--organization", "测试里居委会", "--public-name", "王主任", "--until", "2099-12-31")
    said(run("role", "grant", login(cast.moderator), "居委会主持人", *given))
    assert Role.MODERATOR in roles_of(login(cast.moderator))
    old = session().scalars(select(RoleHeld).where(mandate).order_by(RoleHeld.id)).first()
    assert old is not None
    assert old.ended_at == old.until


# Owners, residents, grids, settings --------------------------------------------------------------------------------


@both
def test_an_owner_and_a_resident_are_verified_by_what_the_roll_says(run: Run, cast: Cast) -> None:
    who, here = login(cast.complained_of), ("--community", HERE)
    assert "名册上没有业主编号" in refused(run("owner", "verify", "Y-404", who, *here))
    assert "不是社区" in refused(run("owner", "verify", "owner-5", who, "--community", STREET))
    assert "化名complained_of" in said(run("owner", "verify", "owner-5", who, *here))
    assert "已经核对过" in refused(run("owner", "verify", "owner-5", who, *here))
    assert Role.OWNER in roles_of(who)
    home = (*here, "--building", "1", "--staircase", "1", "--door", "302")
    assert "没有“房客”这一种" in refused(run("residence", "verify", who, *home, "--as", "房客"))
    said(run("residence", "verify", who, *home, "--as", "租户"))
    assert Role.TENANT in roles_of(who)
    assert "已经登记住在这里" in refused(run("residence", "verify", who, *home, "--as", "租户"))
    assert "没有这一户" in refused(
        run("residence", "verify", who, *here, "--building", "9", "--door", "1", "--as", "家人")
    )


@both
def test_the_owner_s_role_ends_with_the_last_unit_and_comes_back_with_a_new_one(app: Flask, cast: Cast) -> None:
    person, since = cast.landlord.person_id or 0, date(2020, 1, 1)
    assert Role.OWNER in [held.role for held in actor_of(person).standings]
    _sell(cast, "102", "landlord")
    assert Role.OWNER in [held.role for held in actor_of(person).standings]  # one unit is left
    second = enter_owner(CLOCK, unit_id=cast.unit_ids[9], reference="landlord-2", since=since)
    verify_owner(CLOCK, owner_id=second.id, person_id=person)
    _sell(cast, "201", "landlord")
    assert Role.OWNER in [held.role for held in actor_of(person).standings]  # under another reference
    _sell(cast, "502", "landlord-2")
    assert Role.OWNER not in [held.role for held in actor_of(person).standings]
    ended = session().scalars(select(JournalEntry).where(JournalEntry.kind == "RoleEnded")).all()
    assert [json.loads(entry.facts) for entry in ended] == [{"organization": None, "person": person, "role": "owner"}]
    enter_owner(CLOCK, unit_id=cast.unit_ids[10], reference="landlord", since=since)
    assert Role.OWNER in [held.role for held in actor_of(person).standings]


def _sell(cast: Cast, door: str, reference: str) -> None:
    header = "社区代码,楼栋编号,单元,门牌,面积,业主编号,起始日期,终止日期"
    number = (int(door[0]) - 1) * 2 + int(door[2]) - 1
    sheet = f"{header}\n{HERE},1,1,{door},{80 + number}.00,{reference},2020-01-01,2026-01-31\n"
    imported = import_roll(CLOCK, sheet.encode())
    assert (imported.refused, imported.corrected) == ([], 1)


@both
def test_a_grid_is_handed_over_only_to_one_of_its_grid_workers(run: Run, cast: Cast) -> None:
    code, who = f"{HERE}001", login(cast.neighbour)
    assert "不是第 1 网格的网格员" in refused(run("grid", "hand-over", code, who, "--contact", "居委会"))
    assert "不是网格" in refused(run("grid", "hand-over", HERE, who, "--contact", "居委会"))
    given = ("--organization", "测试里居委会", "--public-name", "何网格员")
    said(run("role", "grant", who, "网格员", *given))
    said(run("grid", "hand-over", code, who, "--contact", "居委会 8:30–17:30"))
    holders = (
        select(GridHolder).where(GridHolder.grid_id == cast.grid_ids[0], ~GridHolder.deputy).order_by(GridHolder.id)
    )
    old, new = session().scalars(holders)
    assert (old.until is not None, new.person_id, new.until) == (True, cast.neighbour.person_id, None)
    assert "联系方式要写" in refused(run("grid", "hand-over", code, who, "--contact", " "))


@both
def test_a_setting_is_listed_with_its_meaning_and_changed_within_its_bounds(run: Run, cast: Cast) -> None:
    assert said(run("setting", "list")).count("（默认）") == len(Setting)
    said(run("setting", "set", STREET, "vote_days", "9", "--by", login(cast.administrator)))
    assert "9（青川街道定，默认 7）" in said(run("setting", "list", HERE))
    assert setting(HERE, Setting.VOTE_DAYS) == 9
    assert "1 到 3650 之间" in refused(run("setting", "set", HERE, "case_days", "0"))
    assert "1 到 100 之间" in refused(run("setting", "set", HERE, "owners_share_percent", "101"))
    assert "没有“days”这一项" in refused(run("setting", "set", HERE, "days", "1"))
    assert run("setting", "set", HERE, "case_days", "x").exit_code == 2


# Clocks ------------------------------------------------------------------------------------------------------------


def _raise(cast: Cast) -> str:
    longitude, latitude = cast.inside
    return raise_problem(
        cast.resident, community_id=cast.community_id, text="楼道里的灯坏了。", longitude=longitude, latitude=latitude
    ).problem.number


@both
def test_a_pause_stands_in_the_timeline_with_its_reason_and_moves_the_deadline(
    run: Run, cast: Cast, client_of: Callable[[str | None], Any]
) -> None:
    number = _raise(cast)
    reason = "等供电公司勘测 <b>"
    street = ("--by", login(cast.street_office))
    assert "没有在走的办理时钟" in refused(run("clock", "pause", number, "办理", "--reason", reason))
    assert "已暂停" in said(run("clock", "pause", number, "分流", "--reason", reason, *street))
    assert "时钟已经暂停" in refused(run("clock", "pause", number, "triage", "--reason", reason))
    assert "已暂停" in said(run("clock", "list", number))
    page = client_of(None).get(f"/problems/{number}").get_data(as_text=True)
    assert "等供电公司勘测 &lt;b&gt;" in page
    entry = session().scalars(select(JournalEntry).where(JournalEntry.kind == "ClockPaused")).one()
    pause = session().scalars(select(ClockPause)).one()
    assert json.loads(entry.facts)["reason"] == commit_to(pause.salt, reason)
    assert reason not in entry.facts
    assert (entry.actor_id, entry.organization_id) == (cast.street_office.person_id, cast.organizations["street"])
    before = session().scalars(select(RunningClock.due_at)).one()
    assert "接着走" in said(run("clock", "resume", number, "分流"))
    assert session().scalars(select(RunningClock.due_at)).one() > before
    assert "没有暂停" in refused(run("clock", "resume", number, "分流"))
    assert "没有编号为 2026-9999" in refused(run("clock", "list", "2026-9999"))
    assert "原因要写" in refused(run("clock", "pause", number, "分流", "--reason", "长" * 201))


def test_of_several_clocks_of_one_purpose_one_is_named(run: Run, cast: Cast) -> None:
    number = _raise(cast)
    clock = clocks_of(session().scalars(select(Problem.id).where(Problem.number == number)).one())[0]
    values = {"purpose": clock.purpose, "place_id": clock.place_id, "problem_id": clock.problem_id}
    values |= {
        "limit_amount": 24,
        "limit_unit": clock.limit_unit,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
    }
    session().add(RunningClock(subject_id=clock.subject_id + 1000, organization_id=clock.organization_id, **values))
    session().commit()
    assert "请用 --clock 写编号" in refused(run("clock", "pause", number, "分流", "--reason", "等人"))
    said(run("clock", "pause", number, "分流", "--reason", "等人", "--clock", str(clock.id)))


# Checking ----------------------------------------------------------------------------------------------------------


def _plant(model: Any, **values: Any) -> None:
    """Write into the database past every command."""
    session().execute(update(model).values(**values))
    session().commit()


def _fresh() -> None:
    session().rollback()
    session().expire_all()


@both
def test_planted_faults_of_tasks_and_numbers_are_found_and_set_right(run: Run, cast: Cast) -> None:
    number = _raise(cast)
    triage_problem(
        cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="大家一起商量。"
    )
    task = open_task(cast.moderator, number, title="换灯", text="换三盏灯", slots=3, days=7)
    claim_task(cast.resident, task.id)
    assert (list(counters()), list(numbers())) == ([], [])
    _plant(Task, taken=3, done=2)
    _plant(NumberCounter, last=0)
    _plant(Problem, seconds=7)
    found = [*counters(), *numbers()]
    assert f"任务 {task.id}：记着认领 3，重数是 1。" in found
    assert f"任务 {task.id}：记着完成 2，重数是 0。" in found
    year = number[:4]
    assert f"问题编号 {year} 年已经用到 1，只记到 0，下一个会重复。" in found
    assert any(f"问题 {number}：记着附议 7 人" in words for words in found)
    result = run("check")
    assert (result.exit_code, all(words in result.stdout for words in found)) == (1, True)
    repairing = run("check", "--repair")
    assert f"任务 {task.id} 的认领和完成已重数。" in repairing.stdout
    assert f"问题编号 {year} 年已接着 1 往下编。" in repairing.stdout
    _fresh()
    assert (list(counters()), list(numbers()), repaired()) == ([], [], [])
    assert next_number("problem", int(year)) == f"{year}-0002"
    session().execute(NumberCounter.__table__.delete())  # type: ignore[attr-defined]
    session().commit()
    assert [words for words in numbers() if "没有记" in words] != []
    repaired()
    assert next_number("problem", int(year)) == f"{year}-0002"


@both
def test_a_task_with_more_claims_than_slots_is_left_for_people(run: Run, cast: Cast) -> None:
    number = _raise(cast)
    triage_problem(
        cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="大家一起商量。"
    )
    task = open_task(cast.moderator, number, title="换灯", text="换三盏灯", slots=2, days=7)
    claim_task(cast.resident, task.id)
    claim_task(cast.neighbour, task.id)
    _plant(Task, taken=1, slots=1)
    result = run("check", "--repair")
    assert (result.exit_code, f"任务 {task.id}：记着认领 1，重数是 2。" in result.stdout) == (1, True)
    assert "任务的认领" not in result.stdout


@pytest.fixture
def vote(app: Flask, cast: Cast) -> Iterator[Vote]:
    """Return a problem that the owners are to decide, under a clock that the test moves."""
    with time_machine.travel(START, tick=False) as clock:
        yield Vote(cast, clock, deliberated(cast, RuleCode.R1))


@pytest.fixture
def ballots(vote: Vote) -> Decision:
    """Return a running vote with two ballots."""
    decision: Decision = vote.opened()
    agree = frozen_options(decision.id)[0]
    for name in ("owner", "neighbour"):
        cast_ballot(getattr(vote.cast, name), decision.id, option_id=agree.id)
    return decision


@both
def test_a_planted_turnout_is_found_and_set_to_the_ballots(ballots: Decision, vote: Vote) -> None:
    assert list(turnouts()) == []
    stored = session().execute(select(DecisionTurnout.heads, DecisionTurnout.area)).one()
    _plant(DecisionTurnout, heads=5, area=1)
    (words,) = turnouts()
    assert words.startswith(f"表决 {ballots.id}：记着 5 票 0.01 平方米参加，重数选票是 2 票 ")
    assert repaired() == [f"表决 {ballots.id} 的参加人数已重数。"]
    assert session().execute(select(DecisionTurnout.heads, DecisionTurnout.area)).one() == stored
    _plant(DecisionTurnout, heads=1)
    assert any("下一张会编重" in words for words in turnouts())
    assert repaired() != []
    cast_ballot(vote.cast.landlord, ballots.id, option_id=frozen_options(ballots.id)[0].id)
    assert list(turnouts()) == []


@both
def test_a_turnout_whose_ballots_bear_later_numbers_and_a_changed_roll_are_left_for_people(ballots: Decision) -> None:
    last = select(func.max(Ballot.id)).scalar_subquery()
    session().execute(update(Ballot).where(Ballot.id == last).values(ordinal=9))
    session().commit()
    _plant(DecisionTurnout, heads=1)
    assert len(list(turnouts())) == 2
    assert repaired() == []
    heads = ballots.heads_total
    _plant(Decision, heads_total=heads + 1)
    assert any(f"记着全体 {heads + 1} 票" in words for words in turnouts())
    assert repaired() == []
    session().execute(DecisionTurnout.__table__.delete())  # type: ignore[attr-defined]
    session().commit()
    assert list(turnouts()) == [f"表决 {ballots.id} 没有参加人数的记录，没有人能投票。"]


# Suspension and set-up --------------------------------------------------------------------------------------------


def test_a_person_is_suspended_and_the_suspension_lifted(run: Run, cast: Cast) -> None:
    who = login(cast.neighbour)
    given = ("--at", HERE, "--reason", "flooding", "--until", "2999-01-01")
    assert "一次最多 365 天" in refused(run("person", "suspend", who, *given))
    last = f"{now() + timedelta(days=3):%Y-%m-%d}"
    told = said(run("person", "suspend", who, *given[:4], "--until", last))
    number = re.search(r"已登记停用 (\d+)", told)
    assert number is not None
    assert actor_of(cast.neighbour.person_id or 0).suspended
    own = refused(run("person", "lift", number.group(1), "--by", who))
    assert "您的身份管不到这里" in own
    said(run("person", "lift", number.group(1)))
    assert not actor_of(cast.neighbour.person_id or 0).suspended


def test_the_set_up_code_is_shown_to_nobody_once_there_is_an_administrator(run: Run) -> None:
    assert "这里已经有系统管理员" in refused(run("setup-code"))
