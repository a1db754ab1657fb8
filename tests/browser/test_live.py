"""Two open pages of one dossier: what one person writes, the other is told of; nothing moves until they ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import expect

from cogov.tell.live import Feed
from cogov.threads.commands import post_message
from cogov.threads.rules import MessageKind
from tests.browser.conftest import DESK, OpenPage
from tests.cast import Cast
from tests.journeys.walking import raise_something

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def feed(app: Flask) -> Iterator[None]:
    stop = Feed(app).start()
    yield
    stop()


def test_an_open_dossier_says_how_much_is_new_and_shows_it_when_asked(
    cast: Cast, page_of: OpenPage, feed: None
) -> None:
    number = raise_something(cast, text="二楼从窗户拉电线下来给电动车充电。")
    phone, desk = page_of("neighbour"), page_of("moderator", DESK)
    for page in (phone, desk):
        with page.expect_websocket():
            page.goto(f"/problems/{number}")
        page.wait_for_timeout(500)
    before = phone.locator("#subject").bounding_box()
    post_message(cast.resident, number, kind=MessageKind.REASON, text="租户也要充电。")
    post_message(cast.resident, number, kind=MessageKind.REASON, text="晚上最危险。")
    for page in (phone, desk):
        expect(page.get_by_role("link", name="2 条新内容")).to_be_visible(timeout=10_000)
    assert phone.locator("#subject").bounding_box() == before
    assert "晚上最危险" not in phone.locator("main").inner_text()
    phone.get_by_role("link", name="2 条新内容").click()
    expect(phone.locator("#subject")).to_contain_text("晚上最危险")


def test_a_page_that_was_away_is_told_what_it_missed(cast: Cast, page_of: OpenPage, feed: None) -> None:
    number = raise_something(cast, text="二楼从窗户拉电线下来给电动车充电。")
    page = page_of("neighbour")
    with page.expect_websocket():
        page.goto(f"/problems/{number}")
    page.wait_for_timeout(500)
    page.context.set_offline(True)
    page.wait_for_timeout(200)
    post_message(cast.resident, number, kind=MessageKind.REASON, text="租户也要充电。")
    page.context.set_offline(False)
    expect(page.get_by_role("link", name="1 条新内容")).to_be_visible(timeout=60_000)
