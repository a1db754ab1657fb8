"""Every main page on a phone, at a desk and in large type: nothing is cut, nothing complains, everybody can read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Page
from sqlalchemy import select

from cogov.cases.models import Case
from cogov.cases.rules import CaseState
from cogov.decisions.models import Decision
from cogov.decisions.rules.stages import DecisionState
from cogov.demo.accounts import accounts
from cogov.demo.loading import load
from cogov.ground.db import db, session
from cogov.people.queries import actor_of, identity_by_contact
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.stages import Stage
from cogov.tasks.models import Task
from cogov.tell.notices import spread_all
from tests.browser.conftest import DESK, PHONE, let_in
from tests.browser.person import Album
from tests.databases import new_app

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

END = datetime(2026, 11, 18, 3, 32, tzinfo=UTC)
LARGE = "large"
# A ballot's button names what is missing, and a phone offers to say where it is; without scripts neither is there.
SAID_BY_SCRIPTS = {"", "先选一项，再交票", "用我现在的位置"}
RESIDENT, OFFICIAL, MODERATOR, TENANT = "周桂兰", "何建平", "林晓东", "赵小雨"

DOSSIER = "/problems/{wires}"
PAGES: dict[str, tuple[str, str | None]] = {
    "home-visitor": ("/", None),
    "home": ("/", RESIDENT),
    "home-moderator": ("/", MODERATOR),
    "list": ("/problems", None),
    "raise": ("/problems/new", RESIDENT),
    "dossier": (DOSSIER, RESIDENT),
    "dossier-discussion": (DOSSIER + "?tab=discussion", RESIDENT),
    "dossier-concerns": (DOSSIER + "?tab=concerns", RESIDENT),
    "dossier-solutions": (DOSSIER + "?tab=solutions", RESIDENT),
    "dossier-decisions": (DOSSIER + "?tab=decisions", RESIDENT),
    "dossier-tasks": (DOSSIER + "?tab=tasks", MODERATOR),
    "dossier-case": (DOSSIER + "?tab=case", OFFICIAL),
    "concern-form": (DOSSIER + "/concerns", RESIDENT),
    "motion-form": ("/problems/{gathering}/motions/new", "徐志远"),
    "triage-form": ("/problems/{untriaged}/triage", MODERATOR),
    "decisions": ("/decisions", None),
    "decision": ("/decisions/{running}", RESIDENT),
    "decision-tenant": ("/decisions/{running}", TENANT),
    "result": ("/decisions/{closed}", None),
    "desk": ("/desk", OFFICIAL),
    "case": ("/cases/{case}", "谭静"),
    "tasks": ("/tasks", "许敏"),
    "task": ("/tasks/{task}", "许敏"),
    "notifications": ("/notifications", RESIDENT),
    "me": ("/me", "许敏"),
    "figures": ("/places/990101001001", None),
    "help": ("/help", None),
    "help-resident": ("/help/resident", None),
    "journal": ("/journal", None),
    "modes": ("/modes", None),
    "privacy": ("/privacy", None),
    "sign-in": ("/sign-in", None),
    "sign-up": ("/sign-up", None),
    "refusal": ("/desk", RESIDENT),
    "not-found": ("/problems/2026-9999", None),
}

STATUS = {"refusal": 403, "not-found": 404}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, dict[str, Any]]]:
    """Load the demo once: forty days of a neighbourhood, with sentences as long as people write them."""
    app = new_app(tmp_path_factory.mktemp("demo"))
    with app.app_context():
        upgrade()
        load(end=END, quiet=True)
        with time_machine.travel(END, tick=True):
            spread_all()
        wires = session().scalars(select(Problem).where(Problem.title.startswith("楼道飞线充电"))).one()
        here = Problem.community_id == wires.community_id
        found = {
            "wires": wires.number,
            "untriaged": _first(Problem.number, here, Problem.stage == Stage.RAISED),
            "gathering": _first(Problem.number, here, Problem.stage == Stage.GATHERING, Problem.lane == Lane.B),
            "running": _first(Decision.id, Decision.state == DecisionState.OPEN),
            "closed": _first(Decision.id, Decision.state == DecisionState.CLOSED),
            "case": _first(Case.id, Case.state == CaseState.HANDLED),
            "task": _first(Task.id),
        }
        db.session.remove()
        db.engine.dispose()
    yield app, found
    with app.app_context():
        db.engine.dispose()


def _first(column: Any, *conditions: Any) -> Any:
    found = session().scalars(select(column).where(*conditions).order_by(column)).first()
    assert found is not None, f"the demo has no {column} with {conditions}"
    return found


@pytest.fixture
def app(demo: tuple[Flask, dict[str, Any]]) -> Iterator[Flask]:
    """Serve the demo on the day it ends."""
    with demo[0].app_context(), time_machine.travel(END, tick=True):
        yield demo[0]
        db.session.remove()


@pytest.fixture
def opened(demo: tuple[Flask, dict[str, Any]], open_window: Callable[..., Page], address: str) -> Callable[..., Page]:
    """Return a function that opens one of the pages as the person who reads it."""
    contacts = {account["name"]: account["login"] for account in accounts()}

    def open_page(name: str, size: dict[str, int], **options: Any) -> Page:
        path, who = PAGES[name]
        page = open_window(size, **options)
        if who is not None and "storage_state" not in options:
            identity = identity_by_contact(contacts[who])
            assert identity is not None
            let_in(demo[0], page, address, actor_of(identity.person_id))
        answer = page.goto(path.format(**demo[1]))
        assert answer is not None
        assert answer.status == STATUS.get(name, 200), page.locator("main").inner_text()
        return page

    return open_page


def _too_wide(page: Page) -> list[str]:
    """Return what sticks out of the screen, and how far the page can be pushed sideways."""
    found: list[str] = page.evaluate(
        """() => {
          const wide = document.documentElement.scrollWidth, screen = document.documentElement.clientWidth;
          if (wide <= screen) return [];
          const out = [...document.querySelectorAll("main *, header *, footer *, nav *")]
            .filter(e => e.getBoundingClientRect().right > screen + 1 && !e.closest("details:not([open])"));
          return [`${wide} > ${screen}`, ...out.slice(0, 5).map(e => e.outerHTML.slice(0, 160))];
        }"""
    )
    return found


def _barriers(page: Page) -> list[str]:
    """Return what axe holds to be serious or critical, with one place each."""
    report = Axe().run(page).response
    return [
        f"{found['id']} ({found['impact']}, {len(found['nodes'])}): {found['nodes'][0]['html'][:200]}"
        f" {found['nodes'][0]['failureSummary'][:300]}"
        for found in report["violations"]
        if found["impact"] in ("serious", "critical")
    ]


def _lines(page: Page) -> set[str]:
    return {line.strip() for line in page.locator("main").inner_text().split("\n")} - SAID_BY_SCRIPTS


def _closed_to_plain_posts(page: Page) -> list[str]:
    """Return the forms that could not be sent without a script."""
    found: list[str] = page.evaluate(
        """() => [...document.forms].filter(f => f.method === "post" ? !f.elements.csrf_token : f.method !== "get")
            .map(f => f.outerHTML.slice(0, 200))"""
    )
    return found


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_has_no_barrier_and_is_read_without_scripts(
    name: str, opened: Callable[..., Page], address: str, album: Album
) -> None:
    faults = {}
    page = opened(name, PHONE)
    album.keep(page, f"{name}-phone")
    read = _lines(page)
    faults["phone"] = _too_wide(page) + _barriers(page)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    album.keep(page, f"{name}-desk")
    faults["desk"] = _too_wide(page) + _barriers(page)

    plain = opened(name, PHONE, java_script_enabled=False, storage_state=page.context.storage_state())
    assert plain.locator("h1").count() == 1
    faults["without scripts"] = sorted(read - _lines(plain)) + _closed_to_plain_posts(plain)

    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.context.add_cookies([{"name": "type", "value": LARGE, "url": address}])
    page.reload()
    album.keep(page, f"{name}-large")
    assert page.evaluate("document.documentElement.dataset.type") == LARGE
    faults["large"] = _too_wide(page)
    assert not any(faults.values()), faults
