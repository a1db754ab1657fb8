"""A shared matter travels the whole loop by pages: talked over, voted on, claimed, handed over, confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.sealing import verify
from cogov.loop import fall_due
from cogov.people.commands import join
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK
from cogov.places.commands import verify_owner
from cogov.places.models import Owner
from tests.browser.conftest import OpenPage, People
from tests.browser.person import Person
from tests.browser.steps import case_of, does, settled, to_the_body
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

QUESTION = "是否在东门空地建集中充电棚"
HIDDEN = "截止前谁也看不到同意还是反对"
TALLIES = ("户同意", "15 户", "93.7%", "1,353", "1 户不同意")


STORY = (
    "提出了问题",
    "改了分流：单位办，大家也商量",
    "租户也要充电",
    "要留出消防通道",
    "救护车回车会进不来",
    "东门建集中充电棚",
    "已测量，回车半径够 9 米。",
    QUESTION,
    "16 户参加",
    "采纳",
    "清理东门空地",
    "空地清好了，垃圾运走了。",
    "盖问题章",
    "盖指挥章",
    "盖责任章",
    "盖联动章",
    "盖反馈章",
    "结案",
    "修好了",
)


@contextmanager
def later(**span: float) -> Iterator[None]:
    """Let everybody, the server too, live at a later moment, when the clocks have been looked after."""
    with time_machine.travel(now() + timedelta(**span), tick=True):
        fall_due()
        session().rollback()
        yield


def _typed(moment: datetime) -> str:
    """Return a moment as a person types it into a field for date and time."""
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture(autouse=True)
def _everybody_on_the_roll_has_an_account(cast: Cast) -> None:
    """Verify an own person for every private owner, as the committee did before anything happened."""
    for owner in session().scalars(select(Owner).where(Owner.community_id == cast.community_id)):
        if owner.person_id is None and owner.reference.startswith("owner-"):
            person = join(CLOCK, pseudonym=f"业主{owner.id}", phone=f"137{owner.id:08d}")
            verify_owner(CLOCK, owner_id=owner.id, person_id=person.id)
            setattr(cast, owner.reference, actor_of(person.id))


def _raised_and_triaged(people: People) -> str:
    resident = people("resident").goes_to("/").follows("提出问题")
    resident.opens("换一类").picks("是哪类事", "电动车飞线充电")
    resident.writes("发生了什么", "二楼拉电线给电动车充电，想要一个集中充电的地方。")
    expect(resident.page.get_by_role("heading", name="我们建议这样办")).to_be_visible()
    resident.shows("look").reads("会先交给")
    resident.presses("提交")
    dossier = resident.page.url.split("?")[0].split("#")[0]
    people("neighbour").goes_to(dossier).presses("我也遇到")
    moderator = people("moderator").goes_to(dossier).follows("去分流")
    moderator.ticks("单位办，大家也商量").picks("因为", "业主共有的事")
    moderator.opens("单位、渠道、合并、公开").picks("交给哪个单位", "云溪区消防救援大队")
    moderator.writes("说明", "飞线由消防整治，充电棚占用共有部分，由业主决定。").presses("确认分流").shows("triaged")
    resident.goes_to(dossier)
    assert resident.steps["协商"] == "正在这一步"
    assert resident.steps["办理"] == "官方同时在办"
    return dossier


def _talked_over(people: People, dossier: str) -> None:
    tenant = (
        people("tenant")
        .goes_to(dossier)
        .follows("讨论", "nav.tabs")
        .writes("您想说的话", "租户也要充电，棚子建在东门最近。")
    )
    tenant.presses("发言").reads("租户也要充电").shows("talk")
    neighbour = people("neighbour").goes_to(dossier).follows("讨论", "nav.tabs").follows("回复")
    neighbour.writes("您想说的话", "东门也近，就是要留出消防通道。").presses("回复").reads("要留出消防通道").shows(
        "replied"
    )
    neighbour.goes_to(dossier).follows("顾虑", "nav.tabs").follows("我有顾虑").writes("会怎样", "救护车回车会进不来。")
    neighbour.writes("怎样才放心", "消防书面确认回车半径。").presses("提出顾虑").reads("救护车回车会进不来").shows(
        "concern"
    )
    volunteer = (
        people("volunteer").goes_to(dossier).follows("方案", "nav.tabs").follows("提出方案").shows("new-solution")
    )
    volunteer.reads("代表 绿苗环保社").writes("方案名称", "东门建集中充电棚").writes(
        "怎么做", "24 个桩，离楼 5 米以上。"
    )
    volunteer.writes("大约费用", "118000").presses("提出方案").reads("代表 绿苗环保社", "约 118,000 元").shows(
        "solution"
    )
    volunteer.follows("看各版").writes("怎么做", "24 个桩，离楼 6 米以上，留出 9 米回车。").shows("revise")
    volunteer.presses("交新版").reads("第 2 版", "留出 9 米回车")


def _moved(people: People, dossier: str) -> str:
    """Move and table; return the address of the motion. A notice is refused while a concern is open."""
    committee = people("owners_committee").goes_to(dossier).follows("表决", "nav.tabs").follows("提出动议")
    committee.writes("表决什么", QUESTION).ticks("改变共有部分的用途")
    committee.writes("选“同意”会怎样", "在东门空地建充电棚，费用从公共收益支出。")
    committee.writes("选“不同意”会怎样", "不建，飞线仍由消防依法整治。").picks(
        "按哪个方案", "方案 1.2：东门建集中充电棚"
    )
    committee.writes("任务", "清理东门空地", "details[open]").writes("做什么", "搬走旧自行车。", "details[open]")
    committee.writes("要几人", "2", "details[open]").writes("几天内", "10", "details[open]")
    committee.picks("通过后要哪个单位配合", "云溪区消防救援大队").writes("要它做什么", "出具选址消防意见")
    committee.shows("new-motion").presses("提出动议").reads(QUESTION).shows("motion-on-dossier")
    committee.follows(QUESTION).shows("motion")
    motion = committee.page.url
    committee.ticks("我核对过：这件事属于民法典第278条第一款第（八）项").presses("列入表决").reads(
        "已列入表决"
    ).goes_to(motion)
    committee.follows("发布表决公告").shows("notice-not-yet").reads("还不能发布公告，差 1 样")
    committee.reads("还有 1 条顾虑没有答复").finds_greyed("发布表决公告")
    return motion


def _answered(people: People, dossier: str) -> None:
    official = people("official").goes_to(dossier).follows("顾虑", "nav.tabs").follows("答复", "main")
    official.reads("代表 云溪区消防救援大队").writes("答复", "已测量，回车半径够 9 米。").shows("answer").presses(
        "答复"
    )
    official.reads("已测量，回车半径够 9 米。", "顾虑 1/1").shows("answered")


def _published(people: People, motion: str) -> str:
    committee = people("owners_committee").goes_to(motion).follows("发布表决公告")
    committee.writes("开始", _typed(now() + timedelta(days=16))).writes("截止", _typed(now() + timedelta(days=24)))
    committee.ticks("我核对过").ticks("都不涉及").shows("notice").presses("发布表决公告").shows("noticed").reads(
        QUESTION
    )
    return committee.page.url.split("?")[0]


def _votes(page: Page, decision: str, choice: str) -> None:
    """Cast one ballot, on the page that is open where none is named; the button repeats the choice."""
    if decision:
        page.goto(decision)
    page.locator("label.choice").filter(has_text=choice).first.click()
    with page.expect_navigation():
        page.get_by_role("button", name=f"交票：{choice}", exact=True).click()


def _voted(people: People, page_of: OpenPage, dossier: str, decision: str) -> None:
    """Vote as sixteen households; a tenant and a co-owner are told why they cannot, and nobody sees a tally."""
    owner, co_owner, neighbour, tenant = (people(name) for name in ("owner", "co_owner", "neighbour", "tenant"))
    tenant.goes_to(decision).shows("tenant").reads(
        "因为这次只由业主表决", "您是租户，请和房东商量，由房东投", "民法典第278条"
    )
    tenant.finds_no_button("先选一项，再交票")
    owner.goes_to("/").shows("home-ballot").goes_to(decision).shows("ballot").finds_greyed("先选一项，再交票")
    _votes(owner.page, decision, "不同意")
    owner.shows("cast").reads("已投", "回执码", "回执不显示您投了什么").does_not_read("您投了不同意")
    co_owner.goes_to(decision).shows("co-owner").reads("这一票已由同一户的另一位投出，只有投的人能改").finds_no_button(
        "交票"
    )
    owner.goes_to(decision).reads("已投，看回执").opens("改票")
    _votes(owner.page, "", "同意")
    owner.shows("changed").reads("已投")
    _votes(neighbour.page, decision, "不同意")
    for name in ("landlord", *(f"owner-{n}" for n in range(4, 17))):
        _votes(page_of(name), decision, "同意")
    for reader in (neighbour, tenant, people("owners_committee")):
        # Ten of sixteen ballots are out in the open, and of none of them the choice.
        reader.goes_to(decision).shows("running").reads("还差 4 户", HIDDEN)
        for path in (decision, dossier, f"{dossier}?tab=decisions", "/decisions", "/"):
            reader.goes_to(path).does_not_read(*TALLIES)


def _adopted(people: People, dossier: str, decision: str) -> None:
    """Answer the resolution for the body; with the vote passed, a task is open and the case goes on."""
    official = people("official").goes_to(decision).follows("答复决议", "main").shows("adopt")
    official.reads("出具选址消防意见").ticks("采纳").shows("adopt")
    official.writes("怎样落实，或者为什么不采纳", "同意，十日内出具意见。").presses("答复决议").shows("adopted")
    official.goes_to(decision).reads("采纳", "同意，十日内出具意见。")


def _claimed_and_verified(people: People, dossier: str) -> None:
    volunteer, neighbour, moderator = people("volunteer"), people("neighbour"), people("moderator")
    volunteer.goes_to(dossier).follows("任务", "nav.tabs").shows("tasks").follows("清理东门空地", "main").shows("task")
    task = volunteer.page.url
    volunteer.presses("认领一个名额").reads("代表 绿苗环保社").shows("claimed")
    neighbour.goes_to(task).presses("认领一个名额").shows("claimed")
    for person in (volunteer, neighbour):
        person.writes("做了什么", "空地清好了，垃圾运走了。").writes("用了多少分钟", "90").presses("交活").shows(
            "handed-in"
        )
        person.finds_no_button("核实通过")
    for _ in range(2):
        moderator.goes_to(task).shows("verify").presses("核实通过")
    moderator.goes_to(dossier).follows("任务", "nav.tabs").reads("已核实的用时共 180 分钟").shows("verified")


def _missing_from(reader: Person, dossier: str) -> list[str]:
    """Turn every page of the timeline and return what it does not tell."""
    reader.goes_to(dossier)
    older = reader.page.get_by_role("link", name="看更早的")
    while older.count():
        before = reader.page.locator(".timeline .entry").count()
        older.first.click()
        expect(reader.page.locator(".timeline .entry")).not_to_have_count(before)
    told = reader.page.locator("#subject").inner_text()
    return [piece for piece in STORY if piece not in told]


def test_a_shared_matter_is_talked_over_voted_on_done_and_confirmed_by_pages_alone(
    people: People, page_of: OpenPage, photo: Path
) -> None:
    dossier = _raised_and_triaged(people)
    _talked_over(people, dossier)
    motion = _moved(people, dossier)
    _answered(people, dossier)
    decision = _published(people, motion)
    with later(days=17):
        _voted(people, page_of, dossier, decision)
    with later(days=25):
        resident = (
            people("resident")
            .goes_to(decision)
            .shows("result")
            .reads("达到法定线：" + QUESTION, "16 户参加，15 户同意。", "1,353.00 / 1,436.00 m²")
        )
        resident.goes_to(dossier).shows("passed")
        assert [resident.steps[step] for step in ("表决", "认领", "办理")] == ["已完成", "正在这一步", "官方同时在办"]
        _adopted(people, dossier, decision)
        _claimed_and_verified(people, dossier)
        case = case_of(people("grid_worker"), dossier)
        to_the_body(people, case)
        does(people("dispatcher"), case, "不需要联动", "为什么不需要联动", "消防一家就能办好。")
        settled(people, case, "飞线已拆，选址意见已出。", photo=photo)
        resident.goes_to(dossier).presses("修好了").shows("ended")
        assert set(resident.steps.values()) == {"已完成"}
        assert set(resident.stamps.values()) == {"signed"}
        assert _missing_from(resident, dossier) == []
    assert verify().faults == ()
