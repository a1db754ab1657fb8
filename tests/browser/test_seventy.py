"""Somebody of seventy, on a phone in large type, does what stands on the screen: seconds, votes, says it is fixed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Page, expect

from cogov.decisions.models import Ballot
from cogov.ground.db import session
from cogov.problems.commands import triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.problems.rules.stages import Ending, Stage
from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import _too_wide
from tests.cast import Cast
from tests.decisions.conftest import START, Vote, deliberated
from tests.journeys.walking import case_id_of, look, raise_something, settle, to_the_body

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
def clock(app: Flask) -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def large(page_of: OpenPage) -> Any:
    """Return a function that opens a page of somebody whose phone shows large type."""

    def open_page(name: str, path: str = "/") -> Page:
        page = page_of(name)
        page.goto(path)
        page.context.add_cookies([{"name": "type", "value": "large", "url": page.url}])
        page.reload()
        assert page.locator("html").get_attribute("data-type") == "large"
        return page

    return open_page


def _settled(cast: Cast, by: str) -> str:
    """Return a problem that the office says is done, so that its raiser is asked."""
    number = raise_something(cast, by, text="二楼从窗户拉电线下来给电动车充电。", matter_id=cast.matters["C103"])
    triage_problem(
        cast.moderator,
        number,
        lane=Lane.A,
        reason=ReasonCode.DUTY,
        body_id=cast.organizations["fire"],
        duty_item_id=cast.duty_items["C103"],
        words="拆除飞线是消防的职责，先办起来。",
    )
    case = case_id_of(cast, number)
    to_the_body(cast, case, "fire", "C103")
    settle(cast, case)
    return number


def test_a_ballot_is_cast_from_what_home_says_first(cast: Cast, clock: Any, large: Any) -> None:
    decision = Vote(cast, clock, deliberated(cast, RuleCode.R2)).opened()
    page = large("owner")
    need = page.locator(".need", has_text="是否在东门空地建集中充电棚").first
    expect(need).to_be_visible()
    need.get_by_role("link").last.click()
    assert _too_wide(page) == []
    page.get_by_text("同意", exact=True).first.click()
    page.get_by_role("button", name="交票：同意").click()
    expect(page.locator("main")).to_contain_text("已投")
    assert _too_wide(page) == []
    session().rollback()
    assert session().query(Ballot).filter_by(decision_id=decision.id, person_id=cast.owner.person_id).count() == 1


def test_a_neighbours_problem_is_seconded_from_the_list(cast: Cast, clock: Any, large: Any) -> None:
    number = raise_something(cast, "neighbour", text="3 号楼东侧的井盖翘起来了，晚上差点绊倒。")
    page = large("owner")
    page.locator(".rows").get_by_role("link", name="井盖翘起来了").click()
    assert _too_wide(page) == []
    page.get_by_role("button", name="我也遇到").first.click()
    expect(page.locator("main")).to_contain_text("您也遇到了")
    assert _too_wide(page) == []
    assert look(cast, number, "owner").seconds == 1


def test_it_is_fixed_is_one_tap_on_home(cast: Cast, clock: Any, large: Any) -> None:
    number = _settled(cast, "owner")
    page = large("owner")
    expect(page.locator("main")).to_contain_text("请您确认")
    page.get_by_role("button", name="修好了").first.click()
    expect(page.locator(".flashes")).not_to_be_empty()
    assert _too_wide(page) == []
    problem = look(cast, number, "owner")
    assert (problem.stage, problem.ending) == (Stage.ENDED, Ending.FIXED)
