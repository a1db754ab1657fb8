"""The dossier in a browser: tabs change where one reads, words are kept until they are sent, all without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cogov.problems.commands import triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.threads.commands import post_message, raise_concern
from cogov.threads.rules.messages import MessageKind
from tests.browser.conftest import DESK, PHONE
from tests.cast import Cast
from tests.journeys.walking import raise_something

OpenPage = Callable[..., Page]
SCROLL = "window.scrollY"


@pytest.fixture
def number(cast: Cast) -> str:
    number = raise_something(cast)
    triage_problem(cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="一起商量")
    for n in range(25):
        post_message(cast.tenant, number, kind=MessageKind.REASON, text=f"第 {n} 句话")
    raise_concern(cast.tenant, number, harm="救护车进不来", remedy="留四米通道")
    return number


def drafts(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('draft:'))")
    return found


def test_a_tab_changes_where_one_reads_and_its_heading_has_the_focus(page_of: OpenPage, number: str) -> None:
    page = page_of("neighbour", PHONE)
    page.goto(f"/problems/{number}")
    page.evaluate("window.stayed = true")
    page.locator("#tab").scroll_into_view_if_needed()
    before = page.evaluate(SCROLL)
    page.locator("#tab").get_by_role("link", name="顾虑").click()
    expect(page.locator("#subject h2")).to_be_focused()
    expect(page.locator("#tab [aria-current=page]")).to_contain_text("顾虑")
    expect(page.get_by_text("救护车进不来")).to_be_visible()
    assert page.evaluate("window.stayed") is True  # the page was not loaded anew
    assert abs(page.evaluate(SCROLL) - before) < 5
    assert page.url.endswith(f"/problems/{number}?tab=concerns")
    # The sheet that only this tab needs has come with it.
    assert page.evaluate("getComputedStyle(document.querySelector('.table')).borderCollapse") == "collapse"
    page.go_back()
    expect(page.locator("#tab [aria-current=page]")).to_contain_text("经过")


def test_earlier_entries_come_below_the_ones_read(page_of: OpenPage, number: str) -> None:
    page = page_of("neighbour", DESK)
    page.goto(f"/problems/{number}")
    first = page.locator(".entry").first.get_attribute("id")
    assert page.locator(".entry").count() == 20
    page.get_by_role("link", name="看更早的").click()
    expect(page.locator(".entry").nth(20)).to_be_visible()
    assert page.locator(".entry").first.get_attribute("id") == first
    ids = page.locator(".entry").evaluate_all("all => all.map(each => each.id)")
    assert len(ids) == len(set(ids))


def test_without_script_tabs_filters_and_earlier_entries_are_links(page_of: OpenPage, number: str) -> None:
    page = page_of("neighbour", PHONE, java_script_enabled=False)
    page.goto(f"/problems/{number}")
    page.get_by_role("link", name="看更早的").click()
    assert page.url.endswith("#tab")
    page.get_by_role("link", name="居民", exact=True).click()
    expect(page.locator(".entry").first).to_be_visible()
    page.locator("#tab").get_by_role("link", name="讨论").click()
    page.get_by_label("您想说的话").fill("没有脚本也能说")
    page.get_by_role("button", name="发言").click()
    expect(page.get_by_text("没有脚本也能说")).to_be_visible()


def test_what_is_written_stays_until_it_is_sent(page_of: OpenPage, number: str) -> None:
    page = page_of("neighbour", PHONE)
    address = f"/problems/{number}?tab=discussion"
    page.goto(address)
    page.get_by_label("您想说的话").fill("我写到一半")
    page.goto("/")
    page.goto(address)
    expect(page.get_by_label("您想说的话")).to_have_value("我写到一半")
    expect(page.get_by_text("您上次写的还在")).to_be_visible()
    page.get_by_role("button", name="发言").click()
    page.wait_for_url("**#message-*")
    assert drafts(page) == []
    page.goto(address)
    expect(page.get_by_label("您想说的话")).to_have_value("")


def test_without_a_network_nothing_is_lost_and_nothing_is_sent(page_of: OpenPage, number: str) -> None:
    page = page_of("neighbour", PHONE)
    page.goto(f"/problems/{number}?tab=discussion")
    page.get_by_label("您想说的话").fill("电梯里没有信号")
    page.context.set_offline(True)
    page.get_by_role("button", name="发言").click()
    expect(page.get_by_text("网断了，您写的还在")).to_be_visible()
    expect(page.get_by_label("您想说的话")).to_have_value("电梯里没有信号")
    page.context.set_offline(False)
    page.get_by_role("button", name="发言").click()
    page.wait_for_url("**#message-*")
    expect(page.get_by_text("电梯里没有信号")).to_be_visible()


def test_signing_out_leaves_no_words_on_the_device(page_of: OpenPage, number: str) -> None:
    page = page_of("neighbour", DESK)
    page.goto(f"/problems/{number}?tab=discussion")
    page.get_by_label("您想说的话").fill("不给下一个人看")
    assert len(drafts(page)) == 1
    page.locator("details.act-as summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_load_state()
    assert drafts(page) == []


def test_a_password_and_a_ballot_are_never_kept(page_of: OpenPage, cast: Cast) -> None:
    page = page_of(None, PHONE)
    page.goto("/sign-in")
    page.get_by_label("密码").fill("secret-words")
    stored: Any = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert "secret-words" not in stored
