"""One thread on two phones and a desk: what one person does to it, the others take in without leaving their page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from cogov.moderation.rules import FlagReason
from cogov.threads.commands import edit_message, flag_message, post_message, write_summary
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.summaries import SummaryKind
from tests.browser.conftest import DESK, OpenPage
from tests.browser.test_live import number, watching
from tests.cast import Cast
from tests.feeds import feeding

__all__ = ["number"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PATIENCE = 60_000
COVER, BETTER = "沙坑要有盖子。", "沙坑要有盖子，每天傍晚盖上。"


@pytest.fixture
def feed(app: Flask) -> Iterator[None]:
    with feeding(app):
        yield


def taken_in(page: Page) -> Locator:
    """Press what says how much is new, and return the thread when it is put in the place of the old one."""
    fresh = page.get_by_role("link", name="条新内容")
    fresh.click(timeout=PATIENCE)
    expect(fresh).to_be_hidden(timeout=PATIENCE)
    return page.locator("#subject")


def test_a_thread_is_the_same_for_two_phones_and_a_desk(cast: Cast, number: str, page_of: OpenPage, feed: None) -> None:
    thread = f"/problems/{number}?tab=discussion"
    one, other = (watching(page_of(name), thread) for name in ("neighbour", "tenant"))
    desk = watching(page_of("moderator", DESK), thread)
    one.locator("#composer textarea").fill(COVER)
    with one.expect_navigation(timeout=PATIENCE):
        one.locator("#composer form button[type=submit]").last.click()
    message_id = int(one.url.rsplit("-", 1)[1])
    for page in (other, desk):
        expect(taken_in(page)).to_contain_text(COVER, timeout=PATIENCE)

    edit_message(cast.neighbour, message_id, text=BETTER)
    write_summary(cast.moderator, number, kind=SummaryKind.SUMMARY, text="大家同意加盖子。", base=0)
    for page in (other, desk):
        seen = taken_in(page)
        expect(seen).to_contain_text("每天傍晚盖上", timeout=PATIENCE)
        expect(seen.locator(f"#message-{message_id}")).to_contain_text("已修改")
        expect(seen.locator("#summary")).to_contain_text("大家同意加盖子。")
    with other.expect_navigation(timeout=PATIENCE):
        other.locator(f"#message-{message_id}").get_by_role("link", name="已修改").click()
    expect(other.locator("main ins")).to_contain_text("每天傍晚盖上", timeout=PATIENCE)
    other.go_back()
    watching(other, thread)

    # A phone that was away is told of each thing once; who decides at the desk needs a number and Enter.
    other.context.set_offline(True)
    post_message(cast.resident, number, kind=MessageKind.REASON, text="不在的时候说的。")
    flag_message(cast.resident, message_id, reason=FlagReason.OFF_TOPIC)
    desk.goto("/work?part=reviews")
    expect(desk.locator("#item")).to_contain_text("每天傍晚盖上", timeout=PATIENCE)
    desk.keyboard.press("6")
    with desk.expect_navigation(timeout=PATIENCE):
        desk.keyboard.press("Enter")
    other.context.set_offline(False)
    expect(other.get_by_role("link", name="条新内容")).to_be_visible(timeout=PATIENCE)
    seen = taken_in(other)
    expect(seen.locator(f"#message-{message_id}")).to_contain_text("和这件事无关", timeout=PATIENCE)
    expect(seen.get_by_text("不在的时候说的。")).to_have_count(1)
