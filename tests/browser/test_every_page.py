"""Every page in every look: nothing is cut, nothing complains, everybody can read it and reach it by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Page
from sqlalchemy import select

import cogov
from cogov.cases.models import Case
from cogov.cases.rules import CaseState
from cogov.decisions.models import Decision, Motion
from cogov.decisions.rules.stages import DecisionState
from cogov.demo.accounts import accounts
from cogov.demo.loading import load
from cogov.ground import paths
from cogov.ground.db import db, session
from cogov.people.queries import actor_of, identity_by_contact
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.stages import Stage
from cogov.tasks.models import Task
from cogov.tell.notices import spread_all
from cogov.threads.models import Concern, Message, Solution
from cogov.threads.rules import ConcernState
from tests.browser.conftest import DESK, PHONE, let_in
from tests.browser.person import Album
from tests.databases import new_app

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CSS = Path(cogov.__file__).parent / "static" / "css"
MACROS = "".join(file.read_text(encoding="utf-8") for file in (paths.templates() / "_macros").glob("*.html"))
PARTS = [CSS / f"{name}.css" for name in sorted(set(re.findall(r'sheet\("(\w+)"\)', MACROS)))]
"""The sheets that macros ask for where they are used."""

END = datetime(2026, 11, 18, 3, 32, tzinfo=UTC)

# The looks of a page beside the plain one on a phone: the screen, what the reader chose, the language of the browser.
LOOKS: dict[str, tuple[dict[str, int], dict[str, str]]] = {
    "dark desk": (DESK, {"theme": "dark"}),
    "high contrast": (PHONE, {"contrast": "more"}),
    "large type": (PHONE, {"type": "large"}),
    "English desk": (DESK, {"lang": "en"}),
}
NARROWEST = {"width": 320, "height": 640}
# A ballot's button names what is missing, a phone says where it is, a map comes nearer; without scripts none is there.
SAID_BY_SCRIPTS = {"", "先选一项，再交票", "用我现在的位置", "标在中间", "+", "−"}
RESIDENT, OFFICIAL, MODERATOR, TENANT = "周桂兰", "何建平", "林晓东", "赵小雨"
DISPATCHER, ADMINISTRATOR = "高翔", "邓工"

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
    "desk-case": ("/desk?case={handling}", OFFICIAL),
    "desk-concern": ("/desk?concern={concern}", OFFICIAL),
    "work": ("/work", MODERATOR),
    "work-triage": ("/work?item=triage.{untriaged}", MODERATOR),
    "command": ("/command", DISPATCHER),
    "case": ("/cases/{case}", "谭静"),
    "tasks": ("/tasks", "许敏"),
    "task": ("/tasks/{task}", "许敏"),
    "notifications": ("/notifications", RESIDENT),
    "me": ("/me", "许敏"),
    "figures": ("/places/990101001001", None),
    "help": ("/help", None),
    "help-resident": ("/help/resident", None),
    "journal": ("/journal", None),
    "admin": ("/admin/", ADMINISTRATOR),
    "admin-people": ("/admin/people", ADMINISTRATOR),
    "admin-person": ("/admin/people/3", ADMINISTRATOR),
    "admin-place": ("/admin/places?under=990101001001", ADMINISTRATOR),
    "admin-matters": ("/admin/matters", ADMINISTRATOR),
    "admin-duties": ("/admin/duties", ADMINISTRATOR),
    "admin-calendar": ("/admin/calendar?month=2026-10", ADMINISTRATOR),
    "admin-settings": ("/admin/settings", ADMINISTRATOR),
    "admin-coverage": ("/admin/coverage?place=990101001001", ADMINISTRATOR),
    "admin-import": ("/admin/imports/grids", ADMINISTRATOR),
    "modes": ("/modes", None),
    "privacy": ("/privacy", None),
    "sign-in": ("/sign-in", None),
    "sign-up": ("/sign-up", None),
    "refusal": ("/desk", RESIDENT),
    "not-found": ("/problems/2026-9999", None),
    "design": ("/design", RESIDENT),
    "search": ("/search?q=充电", None),
    "rules": ("/rules", None),
    "terms": ("/terms", None),
    "accessibility": ("/accessibility", None),
    "recovery": ("/recovery", None),
    "announcements": ("/announcements", None),
    "announcement-form": ("/announcements/new", MODERATOR),
    "my-data": ("/me/data", RESIDENT),
    "my-devices": ("/me/devices", RESIDENT),
    "my-part": ("/me/involved", RESIDENT),
    "my-notices": ("/me/notices", RESIDENT),
    "task-form": ("/problems/{gathering}/tasks", MODERATOR),
    "message-form": (DOSSIER + "/messages", RESIDENT),
    "solution-form": (DOSSIER + "/solutions", RESIDENT),
    "solution-versions": ("/solutions/{solution}/versions", None),
    "replies": ("/messages/{message}/replies", None),
    "motion": ("/motions/{motion}", RESIDENT),
    "admin-places": ("/admin/places", ADMINISTRATOR),
    "admin-organizations": ("/admin/organizations", ADMINISTRATOR),
    "admin-log": ("/admin/log", ADMINISTRATOR),
    "admin-residences": ("/admin/residences", ADMINISTRATOR),
    "admin-suspensions": ("/admin/suspensions", ADMINISTRATOR),
    "admin-community": ("/admin/communities/new", ADMINISTRATOR),
}

# Read in every look; each other page in the plain one and in one more, all looks in turn.
MAIN = {
    "home",
    "list",
    "raise",
    "dossier",
    "dossier-concerns",
    "decision",
    "result",
    "desk",
    "tasks",
    "me",
    "sign-in",
    "design",
}
OTHERS = [name for name in PAGES if name not in MAIN]

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
            "handling": _first(Case.id, Case.state == CaseState.HANDLING, Case.problem_id == wires.id),
            "concern": _first(Concern.id, Concern.problem_id == wires.id, Concern.state == ConcernState.OPEN),
            "task": _first(Task.id),
            "solution": _first(Solution.id),
            "message": _first(Message.id),
            "motion": _first(Motion.id),
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
    """Return what axe finds, with one place each."""
    page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(
        """() => axe.run({resultTypes: ["violations"]}).then(report => report.violations.map(found =>
          `${found.id} (${found.impact}, ${found.nodes.length}): ${found.nodes[0].html.slice(0, 200)} ` +
          found.nodes[0].failureSummary.slice(0, 300)))"""
    )
    return found


def _too_small(page: Page) -> list[str]:
    """Return what a thumb would miss: 44 px are promised for all that is no link within a sentence."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(
            "button, .button, .chip, summary, select, input, .row-link, .tabs a, .tabbar a, label.choice")]
          .filter(e => {
            const box = (e.matches("[type=checkbox], [type=radio]") && e.closest("label") || e).getBoundingClientRect();
            return box.width > 0 && box.height > 0 && box.height < 43.5 && !e.closest(".vh, .link");
          })
          .map(e => `${Math.round(e.getBoundingClientRect().height)} px: ${e.outerHTML.slice(0, 160)}`)"""
    )
    return found


def _unstyled(page: Page) -> list[str]:
    """Return the classes that have a look in the sheet of some part, but in none that the page asks for."""
    linked: list[str] = page.evaluate("() => [...document.styleSheets].map(sheet => new URL(sheet.href).pathname)")
    names = {Path(path).name for path in linked}
    worn: set[str] = set(
        page.evaluate("() => [...new Set([...document.querySelectorAll('[class]')].flatMap(e => [...e.classList]))]")
    )
    looks = {name: _classes(CSS / name) for name in names}
    return sorted((worn & set().union(*map(_classes, PARTS))) - set().union(*looks.values()))


def _classes(sheet: Path) -> set[str]:
    return set(re.findall(r"\.([a-z][a-z0-9-]*)", sheet.read_text(encoding="utf-8")))


def _lines(page: Page) -> set[str]:
    return {line.strip() for line in page.locator("main").inner_text().split("\n")} - SAID_BY_SCRIPTS


def _closed_to_plain_posts(page: Page) -> list[str]:
    """Return the forms that could not be sent without a script."""
    found: list[str] = page.evaluate(
        """() => [...document.forms].filter(f => f.method === "post" ? !f.elements.csrf_token : f.method !== "get")
            .map(f => f.outerHTML.slice(0, 200))"""
    )
    return found


def _put_on(page: Page, address: str, look: str) -> list[str]:
    """Give the page another look, and return what is wrong with it then."""
    size, chosen = LOOKS[look]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.context.clear_cookies(name=re.compile("^(theme|contrast|type|lang)$"))
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in chosen.items()])
    page.reload()
    for name, value in chosen.items():
        worn = "document.documentElement.lang" if name == "lang" else f"document.documentElement.dataset.{name}"
        assert page.evaluate(worn) == value
    return _too_wide(page) + _barriers(page)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_has_no_barrier_and_is_read_without_scripts(
    name: str, opened: Callable[..., Page], address: str, album: Album
) -> None:
    faults = {}
    page = opened(name, PHONE)
    album.keep(page, f"{name}-phone")
    read = _lines(page)
    faults["phone"] = _too_wide(page) + _barriers(page)
    faults["thumb"] = _too_small(page)
    faults["sheets"] = _unstyled(page)

    plain = opened(name, PHONE, java_script_enabled=False, storage_state=page.context.storage_state())
    assert plain.locator("h1").count() == 1
    faults["without scripts"] = sorted(read - _lines(plain)) + _closed_to_plain_posts(plain)

    looks = list(LOOKS) if name in MAIN else [list(LOOKS)[OTHERS.index(name) % len(LOOKS)]]
    for look in looks:
        faults[look] = _put_on(page, address, look)
        album.keep(page, f"{name}-{look.replace(' ', '-')}")
        if look == "large type":
            page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
            faults["large type on the narrowest phone"] = _too_wide(page)
    assert not any(faults.values()), faults


@pytest.mark.parametrize("name", ["home", "dossier", "decision", "desk", "raise"])
def test_whoever_walks_a_page_by_keyboard_sees_where_they_are(name: str, opened: Callable[..., Page]) -> None:
    page = opened(name, PHONE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    lost = []
    for _step in range(60):
        page.keyboard.press("Tab")
        where: dict[str, Any] | None = page.evaluate(
            """() => {
              const e = document.activeElement;
              if (e === document.body) return null;
              const ring = getComputedStyle(e.matches(".mode input") ? e.nextElementSibling : e);
              const bar = document.querySelector(".tabbar, .bottom-bar"), box = e.getBoundingClientRect();
              const under = bar && !bar.contains(e) && box.top > bar.getBoundingClientRect().top - 4;
              return {what: e.outerHTML.slice(0, 120), under,
                      ring: ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2,
                      out: box.bottom < 0 || box.top > innerHeight};
            }"""
        )
        if where is None:
            break
        if where["under"] or where["out"] or not where["ring"]:
            lost.append(where)
    assert lost == []
