"""Live pages of the neighbourhood: what they compare and take in is on them, and a running vote moves by batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cogov.decisions.commands import cast_ballot
from cogov.decisions.models import Ballot, DecisionOption, ElectorateHead, ElectorateVoter
from cogov.decisions.queries import turnout_counted
from cogov.ground.db import session
from cogov.people.queries import actor_of
from tests.browser.conftest import DESK
from tests.browser.neighbourhood import Neighbourhood, address, app, looked_at, opened, windows
from tests.feeds import feeding

__all__ = ["address", "app", "looked_at", "opened", "windows"]  # fixtures of the loaded demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def feed(app: Flask) -> Iterator[None]:
    with feeding(app):
        yield


def absent(decision_id: int) -> list[tuple[int, int]]:
    """Return the heads without a ballot, each with somebody who may cast it."""
    there = select(Ballot.head_id).where(Ballot.decision_id == decision_id)
    query = (
        select(ElectorateHead.id, ElectorateVoter.person_id)
        .join(ElectorateVoter, ElectorateVoter.head_id == ElectorateHead.id)
        .where(ElectorateHead.decision_id == decision_id, ElectorateHead.id.not_in(there))
        .order_by(ElectorateHead.id.desc())
    )
    return list({row[0]: row[1] for row in session().execute(query)}.items())


def test_gauges_move_when_ten_more_have_voted_and_not_before(
    demo: Neighbourhood, opened: Callable[..., Page], feed: None
) -> None:
    decision_id = demo.found["running"]
    page = opened("decision", DESK)
    page.wait_for_function("window.io")
    page.evaluate("window.same = true; Math.random = () => 0")  # no waiting so that not everybody asks at once
    page.wait_for_timeout(500)
    gauges = page.locator(".gauges")
    before, board = gauges.inner_text(), page.locator(".board-table").inner_text()
    option_id = session().scalars(select(DecisionOption.id).where(DecisionOption.decision_id == decision_id)).first()
    assert option_id is not None
    missing = 10 - turnout_counted(decision_id).heads % 10
    heads = absent(decision_id)[:missing]
    assert len(heads) == missing
    for head_id, person_id in heads[:-1]:
        cast_ballot(actor_of(person_id), decision_id, option_id=option_id, head_id=head_id)
    page.wait_for_timeout(700)
    assert gauges.inner_text() == before
    head_id, person_id = heads[-1]
    cast_ballot(actor_of(person_id), decision_id, option_id=option_id, head_id=head_id)
    expect(gauges).not_to_have_text(before, use_inner_text=True)
    expect(page.locator(".board-table")).not_to_have_text(board, use_inner_text=True)
    expect(page.locator("[data-live-said]")).to_contain_text("还差")
    assert page.evaluate("window.same"), "the page was loaded anew"
    expect(page.locator(".live a")).to_be_hidden()


LIVE = ["home", "desk", "work", "command", "tasks", "task", "case", "decision", "dossier", "replies", "minutes"]


@pytest.mark.parametrize("name", LIVE)
def test_what_a_live_page_compares_and_takes_in_is_on_it(name: str, looked_at: Callable[..., Page]) -> None:
    page = looked_at(name, DESK)
    told = page.locator("[data-live]").evaluate("bar => Object.assign({}, bar.dataset)")
    if "liveOn" in told:
        rows = page.locator(told["liveRows"])
        assert rows.count() > 0
        words = "(row, parts) => [...row.querySelectorAll(parts)].map(part => part.textContent.trim()).join('')"
        assert all(rows.nth(index).evaluate(words, told["liveText"]) for index in range(rows.count()))
    parts = [each for key in ("liveSwap", "liveMoves") for each in told.get(key, "").split(",") if each]
    assert parts
    assert page.locator(parts[0]).count() == 1
    for part in parts:
        nested = "parts => parts.some(one => parts.some(other => one !== other && one.contains(other)))"
        assert not page.locator(part).evaluate_all(nested)
