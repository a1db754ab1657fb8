"""Open pages side by side: what one person does, the others are told of; nothing moves until they ask for it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from cogov.cases.rules import CaseState
from cogov.tell.notices import spread_all
from cogov.threads.commands import post_message
from cogov.threads.rules.messages import MessageKind
from tests.browser.conftest import DESK, OpenPage
from tests.browser.person import Album
from tests.browser.test_desks import ready
from tests.cases.scene import a_case, a_problem, walked
from tests.cast import Cast
from tests.feeds import feeding
from tests.journeys.walking import raise_something

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def feed(app: Flask) -> Iterator[None]:
    with feeding(app):
        yield


@pytest.fixture
def number(cast: Cast) -> str:
    return raise_something(cast, text="二楼从窗户拉电线下来给电动车充电。")


WATCHING = """
  window.heard = 0;
  // What the page hears when it is let in: only then is it sure to hear of the next thing.
  const Plain = window.WebSocket;
  window.WebSocket = function (...told) {
    const wire = new Plain(...told);
    wire.addEventListener("message", (said) => { if (String(said.data).startsWith("43")) window.heard += 1; });
    return wire;
  };
  Object.assign(window.WebSocket, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 });
"""


def watching(page: Page, path: str, answers: int = 2) -> Page:
    """Open a page and wait until it is told so many times (its bell, and what it shows) that it is let in."""
    page.add_init_script(WATCHING)
    page.goto(path)
    page.wait_for_function("wanted => window.heard >= wanted", arg=answers)
    return page


def says(cast: Cast, number: str, *texts: str) -> None:
    for text in texts:
        post_message(cast.resident, number, kind=MessageKind.REASON, text=text)


def place_of(page: Page, selector: str) -> Any:
    return page.locator(selector).bounding_box()


def test_an_open_dossier_says_how_much_is_new_and_shows_it_when_asked(
    cast: Cast, number: str, page_of: OpenPage, feed: None
) -> None:
    phone = watching(page_of("neighbour"), f"/problems/{number}?tab=discussion")
    desk = watching(page_of(None, DESK), f"/problems/{number}", answers=1)
    phone.locator("#composer textarea").first.fill("我还没写完")
    before = place_of(phone, "#subject")
    says(cast, number, "租户也要充电。", "晚上最危险。")
    for page in (phone, desk):
        expect(page.get_by_role("link", name="2 条新内容")).to_be_visible()
    assert place_of(phone, "#subject") == before
    assert "晚上最危险" not in phone.locator("main").inner_text()
    phone.evaluate("window.same = true")
    phone.get_by_role("link", name="2 条新内容").click()
    expect(phone.locator("#subject")).to_contain_text("晚上最危险")
    expect(phone.locator("#composer textarea").first).to_have_value("我还没写完")
    assert phone.evaluate("window.same"), "the page was loaded anew"
    expect(phone.locator(".live a")).to_be_hidden()
    says(cast, number, "还有一条。")
    expect(phone.get_by_role("link", name="1 条新内容")).to_be_visible()


def test_a_reader_who_drops_out_again_and_again_misses_nothing_and_counts_nothing_twice(
    cast: Cast, number: str, page_of: OpenPage, feed: None
) -> None:
    page = watching(page_of("neighbour"), f"/problems/{number}")
    chance = random.Random(8)
    for turn in range(200):
        says(cast, number, f"第 {turn} 条。")
        if chance.random() < 0.06:
            page.context.set_offline(True)
            page.wait_for_timeout(5)
        elif chance.random() < 0.2:
            page.context.set_offline(False)
    page.context.set_offline(False)
    expect(page.get_by_role("link", name="200 条新内容")).to_be_visible(timeout=40_000)


def test_who_missed_more_than_can_be_counted_reads_the_tab_anew(
    cast: Cast, number: str, page_of: OpenPage, feed: None
) -> None:
    page = watching(page_of("neighbour"), f"/problems/{number}")
    page.context.set_offline(True)
    says(cast, number, *(f"第 {turn} 条。" for turn in range(201)))
    page.context.set_offline(False)
    expect(page.locator("#subject")).to_contain_text("第 200 条。", timeout=40_000)
    expect(page.get_by_text("新内容超过 200 条，已重新读取这一栏")).to_be_visible()
    expect(page.locator(".live a")).to_be_hidden()


def test_a_desk_takes_in_what_is_new_beside_what_is_being_written(cast: Cast, page_of: OpenPage, feed: None) -> None:
    first = ready(cast, "2026-9001", "第一件，正在写")
    page = watching(page_of("official", DESK), "/desk")
    page.get_by_label("处置结果").fill("还没写完")
    before = place_of(page, "#item")
    walked(cast, CaseState.DISPATCHED, a_case(cast, a_problem(cast, "2026-9002", title="第二件，刚派来")))
    expect(page.get_by_role("link", name="有 1 件变化")).to_be_visible()
    assert place_of(page, "#item") == before
    assert "第二件" not in page.locator(".desk-list").inner_text()
    page.get_by_role("link", name="有 1 件变化").click()
    expect(page.locator(".desk-list .row-link")).to_have_count(2)
    expect(page.get_by_label("处置结果")).to_have_value("还没写完")
    expect(page.locator(".desk-list [aria-current]")).to_contain_text("第一件")
    assert place_of(page, "#item") == before
    # The rows that came are opened beside the list as the others are.
    page.locator(".desk-list").get_by_text("第二件，刚派来").click()
    expect(page.locator("#item h2.item-title")).to_have_text("第二件，刚派来")
    assert first.id


def test_two_phones_and_a_desk_live_in_one_dossier(
    cast: Cast, number: str, page_of: OpenPage, feed: None, album: Album
) -> None:
    one = watching(page_of("neighbour"), f"/problems/{number}?tab=discussion")
    other = watching(page_of("tenant"), f"/problems/{number}?tab=discussion")
    desk = watching(page_of("moderator", DESK), "/work")
    one.locator("#composer textarea").first.fill("三号楼一样，半夜充电睡不着。")
    with one.expect_navigation():
        one.locator("#composer form button[type=submit]").last.click()
    other.get_by_role("link", name="条新内容").click()
    expect(other.locator("#subject")).to_contain_text("半夜充电睡不着")
    raise_something(cast, text="中心花坛边想加两张长椅，放哪里大家看看。")
    desk.get_by_role("link", name="有 1 件变化").click()
    expect(desk.locator(".desk-list")).to_contain_text("长椅")
    for name, page in (("one", one), ("other", other), ("desk", desk)):
        album.keep(page, name)


def test_the_bell_rings_on_a_page_without_anything_live(cast: Cast, number: str, page_of: OpenPage, feed: None) -> None:
    page = watching(page_of("resident"), "/help", answers=1)
    expect(page.locator(".tool-bell .dot")).to_have_count(0)
    post_message(cast.neighbour, number, kind=MessageKind.QUESTION, text="什么时候的事？")
    spread_all()
    expect(page.locator(".tool-bell .dot")).to_have_text("1")
    expect(page.get_by_role("link", name="通知，1 条未读")).to_be_visible()


def test_a_page_that_nobody_looks_at_holds_no_wire(cast: Cast, number: str, page_of: OpenPage, feed: None) -> None:
    page = page_of("neighbour")
    page.clock.install()
    with page.expect_websocket() as opened:
        watching(page, f"/problems/{number}")
    hide = "state => { Object.defineProperty(document, 'visibilityState', {value: state, configurable: true}); }"
    turned = "() => document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(hide, "hidden")
    page.evaluate(turned)
    with opened.value.expect_event("close"):
        page.clock.fast_forward("03:01")
    says(cast, number, "没人看的时候。")
    page.evaluate(hide, "visible")
    page.evaluate(turned)
    expect(page.get_by_role("link", name="1 条新内容")).to_be_visible()
