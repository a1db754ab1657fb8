"""Every page in every look: nothing is cut, nothing complains, everybody can read it and reach it by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

import cogov
from cogov.ground import paths
from tests.browser.conftest import DESK, PHONE
from tests.browser.neighbourhood import PAGES, Windows, address, app, looked_at, windows
from tests.browser.person import Album

__all__ = [
    "address",
    "app",
    "looked_at",
    "windows",
]  # fixtures: the loaded demo stands where a database with the cast stands elsewhere

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CSS = Path(cogov.__file__).parent / "static" / "css"
MACROS = "".join(file.read_text(encoding="utf-8") for file in (paths.templates() / "_macros").glob("*.html"))
PARTS = [CSS / f"{name}.css" for name in sorted(set(re.findall(r'sheet\("(\w+)"\)', MACROS)))]
"""The sheets that macros ask for where they are used."""

# The looks of a page beside the plain one on a phone: the screen, what the reader chose, the language of the browser.
LOOKS: dict[str, tuple[dict[str, int], dict[str, str]]] = {
    "dark desk": (DESK, {"theme": "dark"}),
    "high contrast": (PHONE, {"contrast": "more"}),
    "large type": (PHONE, {"type": "large"}),
    "English desk": (DESK, {"lang": "en"}),
}
NARROWEST = {"width": 320, "height": 640}
# A ballot's button names what is missing, a phone says where it is, keeps a key and prints; not without scripts.
SAID_BY_SCRIPTS = {"", "先选一项，再交票", "用我现在的位置", "用通行密钥登录", "打印"}
# Laid out in every look as the server draws it; each other page in the plain one, in large type and in one more.
# Barriers are looked for once on a page (twice on these), in turn in the plain look and in another, so that every look
# gets its share of the pages: it takes longer than all the rest, and what a page lacks it lacks in every look.
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


@cache
def _axe() -> str:
    return str(Axe().axe_script)


def _barriers(page: Page) -> list[str]:
    """Return what axe finds, with one place each."""
    page.evaluate(_axe())
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
    # A map that moves gathers its pins anew, so it counts other numbers than the drawing; both stand in its list.
    live = {line for text in page.locator(".map-live").all_inner_texts() for line in text.split("\n")}
    return {line.strip() for line in page.locator("main").inner_text().split("\n")} - SAID_BY_SCRIPTS - live


def _closed_to_plain_posts(page: Page) -> list[str]:
    """Return the forms that could not be sent without a script."""
    found: list[str] = page.evaluate(
        """() => [...document.forms].filter(f => f.method === "post" ? !f.elements.csrf_token : f.method !== "get")
            .map(f => f.outerHTML.slice(0, 200))"""
    )
    return found


def _enlarged(page: Page) -> list[str]:
    """Return what sticks out in large type, also on the narrowest phone; type is an attribute, so nothing is loaded."""
    page.evaluate("() => { const d = document.documentElement; d.dataset.type = 'large'; d.classList.remove('roomy') }")
    found = _too_wide(page)
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    return found + _too_wide(page)


def _put_on(page: Page, address: str, look: str) -> list[str]:
    """Give the page another look, and return what sticks out of it then."""
    size, chosen = LOOKS[look]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.context.clear_cookies(name=re.compile("^(theme|contrast|type|lang)$"))
    page.context.add_cookies([{"name": name, "value": value, "url": address} for name, value in chosen.items()])
    page.reload()
    for name, value in chosen.items():
        worn = "document.documentElement.lang" if name == "lang" else f"document.documentElement.dataset.{name}"
        assert page.evaluate(worn) == value
    return _too_wide(page)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_has_no_barrier_and_is_read_without_scripts(
    name: str, looked_at: Callable[..., Page], windows: Windows, address: str, album: Album
) -> None:
    faults = {}
    page = looked_at(name, PHONE)
    album.keep(page, f"{name}-phone")
    read = _lines(page)
    turn = list(PAGES).index(name)
    one_more = list(LOOKS)[turn % len(LOOKS)]
    plainly = name in MAIN or turn // len(LOOKS) % 2 == 0
    faults["phone"] = _too_wide(page) + (_barriers(page) if plainly else [])
    faults["thumb"] = _too_small(page)
    faults["sheets"] = _unstyled(page)
    faults["enlarged"] = _enlarged(page)

    plain = windows.get(PHONE, scripts=False)
    plain.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    assert plain.goto(page.url)
    assert plain.locator("h1").count() == 1
    faults["without scripts"] = sorted(read - _lines(plain)) + _closed_to_plain_posts(plain)

    for look in LOOKS if name in MAIN else [one_more]:
        searched = look == one_more and (name in MAIN or not plainly)
        faults[look] = _put_on(page, address, look) + (_barriers(page) if searched else [])
        album.keep(page, f"{name}-{look.replace(' ', '-')}")
        if look == "large type":
            page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
            faults["large type on the narrowest phone"] = _too_wide(page)
    assert not any(faults.values()), faults


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "dossier",
        "decision",
        "desk",
        "raise",
        "conversation",
        "round",
        "amendment",
        "meeting-now",
        "meeting-desk",
    ],
)
def test_whoever_walks_a_page_by_keyboard_sees_where_they_are(name: str, looked_at: Callable[..., Page]) -> None:
    page = looked_at(name, PHONE)
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
