"""A ballot sealed by the page's own script: what is wrong is said before, and what was ranked is what is opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Page, expect

from cogov.decisions.queries.secrets import opened_ballots
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.methods import BallotForm, DecidingCount, Method
from cogov.decisions.rules.secrets.codes import plain_code
from cogov.ground.clock import now
from cogov.ground.db import db
from cogov.problems.rules.lanes import RuleCode
from tests.cast import Cast
from tests.decisions.conftest import Vote, deliberated
from tests.decisions.secrets import election

pytestmark = pytest.mark.browser

OPTIONS = tuple(Option(at, f"o{at}", label, "当一年") for at, label in enumerate(("甲", "乙", "丙"), start=1))
RANKED = BallotForm(Method.RANKED, decider=DecidingCount.SCHULZE)


def _rank(page: Page, *ranks: str) -> None:
    for at, rank in enumerate(ranks, start=1):
        page.locator(f"form[data-secret] select[name=mark-{at}]").select_option(rank)
    page.get_by_role("button", name="交票").click()


ALL_OF_IT = """(field, large) => {
    document.documentElement.dataset.type = large ? "large" : "";
    return field.scrollHeight <= field.clientHeight && field.scrollWidth <= field.clientWidth;
}"""


def test_the_code_that_is_shown_once_is_shown_whole_in_every_type(
    app: Flask, cast: Cast, page_of: Callable[..., Page]
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        vote = Vote(cast, clock, deliberated(cast, RuleCode.R5), RuleCode.R5, None)
        held = election(vote, Secrecy.SECRET)
        db.session.remove()
    with time_machine.travel(held.decision.opens_at + timedelta(minutes=1), tick=True):
        for script in (True, False):
            page = page_of("owner", java_script_enabled=script)
            page.goto(f"/decisions/{held.decision.id}")
            code = page.locator("form[data-secret] textarea[name=code]")
            assert plain_code(code.input_value())
            for width in (1280, 390, 320):
                page.set_viewport_size({"width": width, "height": 844})
                assert code.evaluate(ALL_OF_IT, False), width
                assert code.evaluate(ALL_OF_IT, True), width


def test_a_ranked_ballot_is_checked_sealed_and_changed_by_the_script(
    app: Flask, cast: Cast, page_of: Callable[..., Page]
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        vote = Vote(cast, clock, deliberated(cast, RuleCode.R5), RuleCode.R5, None)
        held = election(vote, Secrecy.CHECKABLE, options=OPTIONS, form=RANKED)
        closes_at = held.decision.closes_at
        db.session.remove()
    with time_machine.travel(held.decision.opens_at + timedelta(minutes=1), tick=True):
        page = page_of("owner")
        page.goto(f"/decisions/{held.decision.id}")
        said, receipt = page.locator("[data-said]"), page.locator("[data-tracker]")
        code = page.locator("form[data-secret] textarea[name=code]")
        _rank(page)
        expect(said).to_have_text("一项也没有选，这样的票不算数，请先选。")
        _rank(page, "1", "1", "2")
        expect(said).to_have_text("有一个名次给了两项，这样的票不算数，请改。")
        _rank(page, "1", "3", "")
        expect(said).to_have_text("名次要从第 1 接着排，中间不空，请改。")
        _rank(page, "1", "2", "")
        expect(receipt).to_be_visible()
        tracker, letters = receipt.text_content(), code.input_value()
        page.reload()
        code.fill(letters.lower())
        _rank(page, "2", "1", "3")
        expect(receipt).to_have_text(tracker or "")
    with time_machine.travel(closes_at + timedelta(minutes=1), tick=False):
        held.open()
        assert opened_ballots(held.decision.id) == [(tracker, "1:2 2:1 3:3")]
