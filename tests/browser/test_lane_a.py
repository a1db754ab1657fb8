"""Eleven people bring a duty of a public body to an end, by pages alone, and the raiser has the last word."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cogov.ground.clock import now
from cogov.journal.sealing import verify
from cogov.people.commands import grant_role
from cogov.people.rules import CLOCK, Role
from tests.browser.conftest import GPS, MAKER, People
from tests.browser.person import Person
from tests.browser.steps import case_of, does, settled, to_the_body
from tests.cast import DISTRICT, Cast

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DUTY = "拆除飞线是消防的职责，先办起来。"
ONE_PAIR_OF_EYES = "这一轮是您核查的，结案要由另一个人办"


@pytest.fixture(autouse=True)
def _the_inspector_holds_the_other_office_too(cast: Cast) -> None:
    """Let the inspector close cases as well, so that only having inspected this one stands in the way."""
    grant_role(
        CLOCK,
        person_id=cast.inspector.person_id or 0,
        role=Role.CLOSER,
        scope=DISTRICT,
        organization_id=cast.organizations["supervision"],
        public_name="经办inspector",
        until=now() + timedelta(days=365),
    )


def _raised(resident: Person, photo: Path) -> str:
    """Raise with a photo; return the address of the dossier."""
    resident.goes_to("/").follows("提出问题").shows("raise-empty")
    resident.adds("照片", photo).writes("发生了什么", "二楼从窗户拉电线下来给电动车充电。")
    resident.opens("改位置").picks("在哪里", "楼外面 · 第 1 网格").writes("具体在哪", "3 号楼南面的车棚旁")
    resident.opens("换一类").picks("是哪类事", "电动车飞线充电")
    resident.presses("提交").shows("raised")
    return resident.page.url.split("?")[0].split("#")[0]


def _what_the_photo_still_says(reader: Person, dossier: str) -> Image.Exif:
    """Open the photo as it is served to a neighbour and return what it says of its making."""
    with reader.page.expect_response(lambda answer: "/pictures/" in answer.url) as served:
        reader.goes_to(dossier)
        reader.page.locator("img.photo").first.scroll_into_view_if_needed()
    body = served.value.body()
    assert MAKER not in body
    return Image.open(BytesIO(body)).getexif()


def _triaged_by(moderator: Person, dossier: str) -> None:
    moderator.goes_to(dossier).follows("去分流").shows("triage").reads("规则建议")
    moderator.ticks("单位来办").picks("因为", "单位的职责")
    moderator.opens("单位、渠道、合并、公开").picks("交给哪个单位", "云溪区消防救援大队")
    moderator.writes("说明", DUTY).presses("确认分流").shows("triaged")
    moderator.reads(DUTY, "官方办理")


def test_a_duty_is_done_by_eleven_people_and_done_again_when_the_raiser_says_it_is_not(
    people: People, photo: Path
) -> None:
    resident, neighbour, dispatcher = people("resident"), people("neighbour"), people("dispatcher")
    dossier = _raised(resident, photo)
    assert resident.steps["提出"] == "正在这一步"
    assert resident.stamps == {}
    exif = _what_the_photo_still_says(neighbour, dossier)
    assert not dict(exif)
    assert not exif.get_ifd(GPS)
    neighbour.presses("我也遇到").reads("您也遇到了", "1 人附议", "2 户遇到").shows("seconded")

    _triaged_by(people("moderator"), dossier)
    resident.goes_to(dossier).shows("official")
    assert [resident.steps[step] for step in ("协商", "表决", "办理")] == ["不需要", "不需要", "正在这一步"]
    assert set(resident.stamps) == {"问题章", "指挥章", "责任章", "联动章", "反馈章"}
    assert resident.stamps["问题章"] == "awaited"
    resident.finds_no_button("核实属实")

    case = case_of(people("grid_worker"), dossier)
    to_the_body(people, case)
    resident.goes_to(dossier).shows("three-stamps").reads("云溪区消防救援大队")
    assert [resident.stamps[f"{stamp}章"] for stamp in ("问题", "指挥", "责任")] == ["signed"] * 3

    dispatcher.goes_to(case).follows("吹哨", "#act .chips").ticks("安和物业").writes(
        "请它们做什么", "配合清理楼道。", "#act"
    )
    dispatcher.shows("call").presses("吹哨", "#act").reads("已吹哨", "安和物业")
    called = people("called_official").goes_to("/desk").shows("desk-called").reads("您单位被吹哨", "配合清理楼道。")
    called.writes("您单位做了什么", "楼道杂物已经清走。").presses("答复").reads("已答复")

    settled(people, case, "三根飞线已经拆除。", photo=photo, refused=ONE_PAIR_OF_EYES)
    resident.goes_to("/").shows("home-asked").goes_to(dossier).shows("confirm").reads("修好了吗")
    assert set(resident.stamps.values()) == {"signed"}
    assert resident.steps["确认"] == "正在这一步"
    neighbour.goes_to(dossier).finds_no_button("修好了")
    resident.follows("没修好").shows("no").writes("想补充的话", "三楼还有一根线。").presses("提交：没修好")
    resident.shows("not-fixed").reads("第 2 轮", "三楼还有一根线。")
    assert resident.steps["办理"] == "正在这一步"
    assert [resident.stamps[f"{stamp}章"] for stamp in ("责任", "联动", "反馈")] != ["signed"] * 3

    does(people("official"), case, "签收").reads("责任章已盖")
    dispatcher.goes_to(case).follows("不需要联动", "#act .chips").writes(
        "为什么不需要联动", "消防一家就能办好。", "#act"
    )
    dispatcher.presses("不需要联动", "#act").reads("联动章已盖")
    settled(people, case, "第二天新拉的线也拆了。", photo=photo, refused=ONE_PAIR_OF_EYES)
    resident.goes_to(dossier).presses("修好了").shows("ended").reads("第 2 轮")
    assert resident.steps["确认"] == "已完成"
    resident.finds_no_button("修好了")
    assert verify().faults == ()
