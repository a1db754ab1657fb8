"""The official's desk with hands: four clicks to a sent answer, the keyboard, templates, drafts, and no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cogov.cases.commands import no_call_needed
from cogov.cases.models import Case, Step
from cogov.cases.rules import CaseState, StepKind
from cogov.duties.models import Matter
from cogov.ground.db import found, session
from cogov.journal.transaction import transaction
from cogov.moderation.rules import FlagReason
from cogov.problems.commands import flag_problem, raise_problem
from cogov.threads.commands import raise_concern
from tests.browser.conftest import DESK, PHONE
from tests.cases.scene import a_case, a_problem, walked
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

OpenPage = Callable[..., Page]

STANDARDS = {"C103": "cogov", "0101": "CJ/T 214"}

COUNTING = """
  // Presses of the hand: the browser itself passes a click on a label on to its box, and that is not another one.
  addEventListener("pointerdown", (event) => {
    if (event.isTrusted) sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1;
  }, true);
"""


def ready(cast: Cast, number: str, title: str, *, code: str = "C103", joint: bool = True) -> Case:
    """Return a case that only waits for its result, about a matter that has templates and stands in a duty list."""
    problem = a_problem(cast, number, title=title)
    with transaction():
        session().merge(problem).matter_id = cast.matters[code]
        found(session().get(Matter, cast.matters[code])).standard = STANDARDS[code]
    case = walked(cast, CaseState.DISPATCHED, a_case(cast, problem))
    walked(cast, CaseState.HANDLING, case)
    if joint:
        no_call_needed(cast.dispatcher, case.id, words="一家可以办完")
    return case


def clicks(page: Page) -> int:
    return int(page.evaluate("Number(sessionStorage.clicks || 0)"))


def steps_of(case: Case) -> list[Step]:
    session().rollback()
    session().expire_all()
    query = select(Step).where(Step.case_id == case.id, Step.kind == StepKind.HANDLE)
    return list(session().scalars(query))


def test_an_answer_is_sent_with_four_clicks_from_the_opened_desk(cast: Cast, page_of: OpenPage, photo: Path) -> None:
    ready(cast, "2026-9001", "第一件，期限在前")
    second = ready(cast, "2026-9002", "第二件，要答复的", code="0101")
    page = page_of("official", DESK)
    page.add_init_script(COUNTING)
    page.goto("/desk")
    assert clicks(page) == 0

    page.locator(".desk-list").get_by_text("第二件，要答复的").click()
    expect(page.locator("#item h2.item-title")).to_have_text("第二件，要答复的")
    page.locator("#act").get_by_role("link", name="井盖已补齐").click()
    expect(page.get_by_label("处置结果")).to_have_value(re.compile("补齐井盖"))
    send = page.locator("#act").get_by_role("button", name="报处置结果")
    expect(send).to_be_disabled()
    page.locator("#act label").filter(has_text="没法拍照").click()
    expect(send).to_be_enabled()
    with page.expect_navigation():
        send.click()

    assert "处置结果已报，等监督中心核查。" in page.locator(".flashes").inner_text()
    assert clicks(page) == 4
    (step,) = steps_of(second)
    assert (step.template, step.reworded) == ("0101-1", False)
    assert step.basis.startswith("T-0101")
    # What waits next is open already.
    expect(page.locator("#item h2.item-title")).to_have_text("第一件，期限在前")


def test_what_is_missing_is_named_and_vanishes_as_it_is_brought(cast: Cast, page_of: OpenPage, photo: Path) -> None:
    case = ready(cast, "2026-9001", "拍得到的事", code="0101")
    page = page_of("official", DESK)
    page.goto(f"/desk?case={case.id}")
    missing = page.locator("#act-missing")
    expect(missing).to_contain_text("处置后照片")
    expect(missing).to_contain_text("处置结果")
    page.get_by_label("处置结果").fill("飞线已经拆除。")
    expect(missing.locator("[data-code=words_needed]")).to_be_hidden()
    page.locator("#act input[type=file]").first.set_input_files(str(photo))
    expect(missing).to_be_hidden()
    with page.expect_navigation():
        page.locator("#act").get_by_role("button", name="报处置结果").click()
    (step,) = steps_of(case)
    assert step.picture_id is not None
    assert (step.template, step.words) == ("", "飞线已经拆除。")


def test_a_reworded_template_says_so_in_the_record(cast: Cast, page_of: OpenPage) -> None:
    case = ready(cast, "2026-9001", "改过字的")
    page = page_of("official", DESK)
    page.goto(f"/desk?case={case.id}")
    page.locator("#act").get_by_role("link", name="劝阻并查处").click()
    page.get_by_label("处置结果").press("End")
    page.get_by_label("处置结果").type("又去看了一次。")
    page.locator("#act label").filter(has_text="没法拍照").click()
    with page.expect_navigation():
        page.locator("#act").get_by_role("button", name="报处置结果").click()
    page.goto(f"/cases/{case.id}")
    expect(page.locator(".timeline")).to_contain_text("模板 C103-2，改过字")


def test_a_missing_stamp_keeps_the_button_grey_and_says_how_to_get_it(cast: Cast, page_of: OpenPage) -> None:
    case = ready(cast, "2026-9001", "缺联动章的", joint=False)
    page = page_of("official", DESK)
    page.goto(f"/desk?case={case.id}")
    page.get_by_label("处置结果").fill("飞线已经拆除。")
    page.locator("#act label").filter(has_text="没法拍照").click()
    expect(page.locator("#act").get_by_role("button", name="报处置结果")).to_be_disabled()
    page.locator("#act-missing").get_by_role("link", name="去吹哨").click()
    expect(page.get_by_text("请哪些单位来")).to_be_visible()
    # What was written waits on the device.
    page.goto(f"/desk?case={case.id}")
    expect(page.get_by_label("处置结果")).to_have_value("飞线已经拆除。")


def test_a_desk_is_walked_with_the_keyboard_and_never_while_typing(cast: Cast, page_of: OpenPage) -> None:
    for index in range(3):
        ready(cast, f"2026-900{index}", f"第 {index} 件")
    page = page_of("official", DESK)
    page.goto("/desk")
    page.keyboard.press("j")
    expect(page.locator(".desk-list .row-link").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#item h2.item-title")).to_have_text("第 1 件")
    expect(page.locator(".desk-list [aria-current]")).to_contain_text("第 1 件")
    assert page.url.endswith("case=2")
    expect(page.locator("[data-desk-said]")).to_contain_text("第 1 件")
    page.keyboard.press("k")
    expect(page.locator(".desk-list .row-link").nth(0)).to_be_focused()
    page.keyboard.press("m")
    expect(page.get_by_label("处置结果")).to_have_value(re.compile("拆除外挂电线"))
    page.keyboard.press("e")
    expect(page.get_by_label("处置结果")).to_be_focused()
    page.keyboard.type("jk?1")
    expect(page.get_by_label("处置结果")).to_have_value(re.compile(r"jk\?1$"))
    page.go_back()
    expect(page.locator("#item h2.item-title")).to_have_text("第 0 件")


def test_shortcuts_are_listed_and_can_be_switched_off_for_good(cast: Cast, page_of: OpenPage) -> None:
    for index in range(2):
        ready(cast, f"2026-900{index}", f"第 {index} 件")
    page = page_of("official", DESK)
    page.goto("/desk")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("下一件、上一件")
    assert not Axe().run(page).response["violations"]
    page.get_by_role("button", name="关掉快捷键").click()
    expect(page.locator("[data-keys]")).to_be_hidden()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(".desk-list .row-link").nth(1)).not_to_be_focused()
    expect(page.locator("[data-keys]")).to_be_hidden()


def test_the_list_keeps_its_place_while_items_are_opened(cast: Cast, page_of: OpenPage) -> None:
    for index in range(14):
        ready(cast, f"2026-90{index:02d}", f"第 {index:02d} 件")
    page = page_of("official", DESK)
    page.goto("/desk")
    page.evaluate("document.querySelector('.desk-list').scrollTop = 500")
    before = page.evaluate("document.querySelector('.desk-list').scrollTop")
    assert before > 100
    page.locator(".desk-list").get_by_text("第 10 件").click()
    expect(page.locator("#item h2.item-title")).to_have_text("第 10 件")
    assert page.evaluate("document.querySelector('.desk-list').scrollTop") == before


def test_on_a_phone_the_list_and_the_item_are_two_pages(cast: Cast, page_of: OpenPage) -> None:
    ready(cast, "2026-9001", "手机上办的")
    page = page_of("official", PHONE)
    page.goto("/desk")
    expect(page.locator("#item")).to_be_hidden()
    with page.expect_navigation():
        page.locator(".desk-list").get_by_text("手机上办的").click()
    expect(page.locator(".desk-list")).to_be_hidden()
    expect(page.locator("#item h2.item-title")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="回到列表").click()
    expect(page.locator(".desk-list")).to_be_visible()


def test_without_scripts_a_template_is_a_link_and_the_answer_a_plain_form(cast: Cast, page_of: OpenPage) -> None:
    case = ready(cast, "2026-9001", "没有脚本的")
    page = page_of("official", DESK, java_script_enabled=False)
    page.goto("/desk")
    page.locator("#act").get_by_role("link", name="飞线已拆除，楼道已清").click()
    assert "拆除外挂电线" in page.get_by_label("处置结果").input_value()
    assert "模板 C103-1，可改字，改动留痕" in page.locator("#act").inner_text()
    page.locator("#act label").filter(has_text="没法拍照").click()
    page.locator("#act").get_by_role("button", name="报处置结果").click()
    (step,) = steps_of(case)
    assert (step.template, step.reworded) == ("C103-1", False)


def test_a_triage_is_confirmed_from_the_committees_desk_and_the_queue_goes_on(cast: Cast, page_of: OpenPage) -> None:
    for index in range(2):
        raise_problem(
            cast.resident,
            community_id=cast.community_id,
            grid_id=cast.grid_ids[0],
            text=f"中心花坛边想加两张长椅，放哪里大家看看，第 {index} 处。",
        )
    page = page_of("moderator", DESK)
    page.goto("/work")
    assert not Axe().run(page).response["violations"]
    expect(page.locator(".desk-list .row-link")).to_have_count(2)
    with page.expect_navigation():
        page.get_by_role("button", name="按建议确认").click()
    assert "分流已确认" in page.locator(".flashes").inner_text()
    expect(page.locator(".desk-list .row-link")).to_have_count(1)


def test_a_flagged_concern_is_taken_down_with_two_keys(cast: Cast, page_of: OpenPage) -> None:
    number = a_problem(cast).number
    concern = raise_concern(cast.tenant, number, harm="灯太亮，他就是个骗子。", remedy="换小灯。")
    phone = page_of("owner", PHONE)
    phone.goto(f"/texts/concern/{concern.id}/flags")
    assert not Axe().run(phone).response["violations"]
    phone.get_by_text("骂人、威胁、欺负人").first.click()
    with phone.expect_navigation():
        phone.get_by_role("button", name="举报").click()
    page = page_of("moderator", DESK)
    page.goto("/work?part=reviews")
    expect(page.locator(".desk-list .row-link")).to_have_count(1)
    assert "他就是个骗子" in page.locator(".item-said").inner_text()
    assert not Axe().run(page).response["violations"]
    page.keyboard.press("2")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "写的人已经知道" in page.locator(".flashes").inner_text()
    page.goto(f"/problems/{number}?tab=concerns")
    assert "【已移除】" in page.locator(".ledger").inner_text()
    assert not Axe().run(page).response["violations"]


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_flagged_problem_is_taken_down_by_keys_alone_and_never_unseen(
    cast: Cast, page_of: OpenPage, size: dict[str, int]
) -> None:
    problem = a_problem(cast, title="门口甩卖灯具")
    flag_problem(cast.owner, problem.id, reason=FlagReason.SPAM)
    page = page_of("moderator", size)
    page.goto("/work?part=reviews")
    assert "一个问题：“门口甩卖灯具”" in page.locator(".desk-row-title").inner_text()
    if size == PHONE:
        page.keyboard.press("4")  # the item is not there to be seen yet
        page.keyboard.press("Control+Enter")
        expect(page.locator(".desk-list .row-link")).to_have_count(1)
        page.keyboard.press("j")
        expect(page.locator(".desk-list .row-link").first).to_be_focused()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.keyboard.press("4")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "写的人已经知道" in page.locator(".flashes").inner_text()
    page.goto(f"/problems/{problem.number}")
    assert "【已移除】" in page.locator("h1").inner_text()
    assert not Axe().run(page).response["violations"]
