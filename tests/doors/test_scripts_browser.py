"""What people write stays words in a real browser, also where no policy would stop it: pages come without theirs."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.cast import HERE
from tests.doors.house import House
from tests.doors.test_scripts import poisoned

__all__ = ["poisoned"]

pytestmark = pytest.mark.browser

SITE = "http://localhost"
ALIVE = """() => [...document.querySelectorAll('*')].filter(node =>
    node.localName.includes('kanari') || ['iframe', 'base', 'object', 'embed', 'math', 'style'].includes(node.localName)
    || [...node.attributes].some(each => each.name.startsWith('on') || each.name.includes('kanari')
        || /^\\s*(javascript|vbscript|data:text)/i.test(each.value) && ['href', 'src', 'action'].includes(each.name))
).map(node => node.outerHTML.slice(0, 120)).concat(window.ran || [])"""
PLANTED = "<p>words</p><img src=x onerror=kanari()><kanari-el></kanari-el><a href=' javascript:kanari()'>k</a>"
CALLED = "window.ran = []; window.kanari = () => window.ran.push('a script of the corpus ran')"


def _serve(house: House, name: str, page: Page) -> None:
    """Answer the browser from the application itself, without the policy that would stop scripts."""

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.hostname != "localhost" or parts.path.startswith("/socket.io"):
            route.abort()
            return
        sent = house.get(name, parts.path + (f"?{parts.query}" if parts.query else ""))
        kept, body = {key: value for key, value in sent.headers.items() if key == "Content-Type"}, sent.get_data()
        sent.close()  # now: who leaves the page meanwhile never comes back here
        route.fulfill(status=sent.status_code, headers=kept, body=body)

    page.route("**/*", answer)


def _pages(house: House) -> list[tuple[str, str]]:
    number, ids = house.world.numbers["gathering"], house.world.ids
    tabs = ("discussion", "concerns", "solutions", "decisions", "tasks")
    return [
        ("resident", "/"),
        ("resident", f"/problems?place={HERE}"),
        *(("resident", f"/problems/{number}?tab={tab}") for tab in tabs),
        ("owner", f"/decisions/{ids['decision:voting']}"),
        ("official", f"/cases/{ids['case:handling']}"),
        ("resident", "/me"),
        ("resident", "/notifications"),
        ("administrator", "/admin/people"),
        ("administrator", "/admin/organizations"),
        ("moderator", f"/problems/{house.world.numbers['raised']}/triage"),
    ]


def test_nothing_written_comes_to_life_in_a_browser_that_nothing_holds_back(
    house: House, poisoned: set[str], browser: Browser
) -> None:
    assert poisoned
    alive, shown = [], 0
    for name in dict.fromkeys(name for name, _ in _pages(house)):
        context = browser.new_context()
        page = context.new_page()
        page.add_init_script(CALLED)
        page.on("dialog", lambda dialog: dialog.dismiss())
        _serve(house, name, page)
        for url in (url for who, url in _pages(house) if who == name):
            page.goto(SITE + url, wait_until="load")
            shown += "kanari()" in page.content()
            alive += [f"{url}: {what}" for what in page.evaluate(ALIVE)]
        page.unroute_all(behavior="ignoreErrors")  # what the page still asks for is answered to nobody
        context.close()
    assert alive == []
    assert shown > 8


def test_a_live_one_would_be_seen(browser: Browser) -> None:
    page = browser.new_page()
    page.add_init_script(CALLED)
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=PLANTED))
    page.goto(SITE)
    page.wait_for_function("window.ran.length > 0")
    found = page.evaluate(ALIVE)
    page.unroute_all(behavior="ignoreErrors")
    page.close()
    assert len(found) == 4
    assert "a script of the corpus ran" in found
