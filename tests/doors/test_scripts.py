"""What people write is shown as words: nothing of it becomes an element, an attribute or an address that acts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from sqlalchemy import Enum, String, Table, select, update

from cogov.ground.db import db, session
from tests.cast import HERE
from tests.doors.house import House
from tests.doors.places import address
from tests.doors.registers import READY

# Every way out of a text, an attribute, a comment, a text area, a title, a script, an address, and of Markdown.
CORPUS = (
    "<script>kanari()</script><img src=x onerror=kanari()><svg/onload=kanari()><kanari-el></kanari-el>"
    "\"' onfocus=kanari() autofocus kanari=\"x' kanari='y"
    "</textarea></title></style></script><iframe src=javascript:kanari()></iframe>"
    "--><style>kanari</style><math href=javascript:kanari()><form action=//kanari.example><base href=//kanari.example>"
    "<a href=javascript:kanari()>k</a><input onfocus=kanari() autofocus><meta http-equiv=refresh content=0;url=//k>"
    "[k](javascript:kanari()) [k](JaVaScRiPt:kanari()) [k](data:text/html,kanari) ![k](//kanari.example/a.png)"
    " <javascript:kanari()> [k]: javascript:kanari() [k](vbscript:kanari) \"[k](x' onclick=kanari())"
    " &lt;script&gt;kanari()&lt;/script&gt; &#60;img src=x onerror=kanari()&#62; \\x3cscript\\x3ekanari()"
    " {{ 7919*7907 }}{% raw %}${7919*7907} %(number)s {number} \u202e\u2028]]>"
)
EXECUTED = "62616"  # how 7919 × 7907 begins; no page has it by itself
SEEN = re.compile(r"kn(\w+?)kn")
OWN_REFRESH = {"http-equiv": "refresh", "content": "5"}
"""As the wall of a meeting is drawn anew without a script: the same page, and no other."""

URLS = {"href", "src", "action", "formaction", "poster", "data", "srcset", "xlink:href", "ping", "cite", "background"}


class Page(HTMLParser):
    """A page as a browser takes it apart; notes whatever of the corpus came to life."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.alive: list[str] = []
        self.shown: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        if "kanari" in tag or tag in ("iframe", "base", "object", "embed", "math", "style"):
            self.alive.append(f"<{tag}>")
        for name, value in attrs:
            text = value or ""
            self.shown.append(text)
            if name.startswith("on") or "kanari" in name or name == "srcdoc":
                self.alive.append(f"<{tag} {name}>")
            if name in URLS and re.match(r"\s*(?:javascript|vbscript|data:text)", text, re.IGNORECASE):
                self.alive.append(f"<{tag} {name}={text[:40]}>")
            if (tag, name) == ("meta", "http-equiv") and dict(attrs) != OWN_REFRESH:
                self.alive.append("<meta http-equiv>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        self.shown.append(data)
        if self.inside in ("script", "style") and "kanari" in data:
            self.alive.append(f"words inside <{self.inside}>")

    def handle_comment(self, data: str) -> None:
        if "kanari" in data:
            self.alive.append("a comment")


def read(html: str) -> Page:
    """Take a page apart."""
    page = Page()
    page.feed(html)
    page.close()
    return page


def _worded() -> Iterator[tuple[Table, str]]:
    """Yield each column in which something written in Chinese lies; enums and codes do not count."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String) and not isinstance(column.type, Enum):
                rows = session().scalars(select(column).where(column.is_not(None))).all()
                # What begins like JSON is written and read by the program and is no person's word.
                words = [value for value in map(str, rows) if not value.startswith(("{", "["))]
                if any(re.search("[\u4e00-\u9fff]", value) for value in words):
                    yield table, column.name


def _poison() -> set[str]:
    """Write the corpus in front of all words there are, each with the name of its column; return the names."""
    names = set()
    for table, name in list(_worded()):
        column = table.c[name]
        mark = f"kn{table.name}_{name}kn"
        names.add(f"{table.name}_{name}")
        session().execute(update(table).where(column.is_not(None)).values({name: mark + CORPUS + column}))
    session().commit()
    session().remove()
    return names


NOT_SHOWN = {
    "duty_item_basis",
    "matter_basis",
    "resolution_text",
    "search_text_tokens",
    "sign_up_pseudonym",
    "stamp_words",
}
"""Columns whose words no page of this world shows."""


def _urls(house: House) -> Iterator[str]:
    for rule in house.app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and rule.endpoint != "static" and "picture" not in rule.endpoint:
            yield address(house, rule, "GET")
    for name in ("gathering", "closed", "hidden", "case_handled", "appealed", "mediated", "ended"):
        number = house.world.numbers[name]
        for tab in ("", "discussion", "concerns", "solutions", "decisions", "tasks", "case"):
            yield f"/problems/{number}?tab={tab}"
    for key, value in house.world.ids.items():
        kind = key.partition(":")[0]
        if kind in ("case", "task", "decision", "motion"):
            yield f"/{kind}s/{value}"
    yield from (
        f"/?place={HERE}",
        f"/problems?place={HERE}",
        "/tasks?show=verify",
        "/tasks?show=mine",
        "/me",
        "/notifications",
    )


READERS = ("resident", "official", "street_office", "inspector", "dispatcher")


@pytest.fixture
def poisoned(house: House) -> set[str]:
    with house.app.app_context():
        house.app.extensions["kept"].forget()  # no command writes this, so no entry says that pages have changed
        return _poison()


def test_nothing_that_was_written_comes_to_life_on_any_page(house: House, poisoned: set[str]) -> None:
    shown: set[str] = set()
    alive = []
    for name, url in _readings(house):
        answer = house.get(name, url)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            body = answer.get_data(as_text=True)
            page = read(body)
            alive += [f"{url}: {what}" for what in page.alive]
            assert EXECUTED not in body, url
            shown |= {found for text in page.shown for found in SEEN.findall(text)}
        answer.close()
    assert sorted(set(alive)) == []
    assert poisoned - shown <= NOT_SHOWN
    assert len(shown) > 40


def _readings(house: House) -> Iterator[tuple[str, str]]:
    """Yield who reads what: the moderator every page, another every third, and some what only they are shown."""
    for place, url in enumerate(sorted(set(_urls(house)))):
        yield "moderator", url
        if url.startswith("/admin"):
            yield "administrator", url
        if place % 3 == 0:
            yield READERS[place // 3 % len(READERS)], url
    yield "administrator", f"/admin/communities/{READY}/calendar"
    yield "street_office", f"/decision-rules/authority?place={HERE}"
    yield "owner", f"/decisions/{house.world.ids['decision:voting']}"
    yield "street_office", f"/moderation/{house.world.ids['review:talked:appealed']}"
    yield "resident", f"/moderation/{house.world.ids['review:talked:removed']}"
    yield "moderator", f"/decisions/{house.world.ids['decision:closed']}/reasons"
    yield "dispatcher", f"/cases/{house.world.ids['case:filed']}?act=dispatch"
    ids, numbers = house.world.ids, house.world.numbers
    yield "chair", f"/motions/{ids['motion:neighbouring']}/interests"
    yield "street_office", f"/blocks/{ids['block:appealed']}"
    yield "neighbour", f"/blocks/{ids['block:appealed']}"
    yield "moderator", f"/problems/{numbers['restrained']}/slow-mode"
    yield "resident", f"/problems/{numbers['restrained']}?tab=discussion"
    for taken in ("asked", "agreed"):
        yield "administrator", f"/conversations/{ids[f'taken:gathering:{taken}']}/rows"
        yield "auditor", f"/conversations/{ids[f'taken:gathering:{taken}']}/rows"
    for key in ("debate", "hands"):
        yield "resident", f"/meetings/{ids[f'meeting:{key}']}"


def test_a_refusal_shows_what_was_typed_as_words(house: House) -> None:
    told = {"text": CORPUS, "harm": CORPUS, "kind": CORPUS, "acting": CORPUS, "then": CORPUS, "contact": CORPUS}
    number = house.world.numbers["talked"]
    for name, url in (
        ("resident", f"/problems/{number}/messages"),
        ("resident", f"/problems/{number}/concerns"),
        ("visitor", "/sign-in"),
        ("visitor", "/sign-up"),
    ):
        answer = house.send(name, url, told)
        assert answer.status_code in (403, 422)
        assert "kanari" in answer.get_data(as_text=True)
        assert read(answer.get_data(as_text=True)).alive == [], url


@pytest.mark.parametrize(
    "planted",
    [
        "<p><img src=x onerror=kanari()></p>",
        "<kanari-el>",
        '<a href=" JavaScript:kanari()">',
        "<a href='&#106;avascript:kanari()'>",
        "<script>let x = 'kanari'</script>",
        '<input value="" kanari="">',
        "<!-- kanari -->",
    ],
)
def test_something_alive_would_be_noticed(planted: str) -> None:
    assert read(planted).alive != []


def test_every_page_forbids_scripts_of_its_own(house: House) -> None:
    for url in ("/", "/sign-in", "/me", f"/problems/{house.world.numbers['gathering']}", "/problems/0", "/desk"):
        answer = house.get("official", url)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "<style" not in answer.get_data(as_text=True)
        assert re.search(r"<script(?![^>]*\bsrc=)", answer.get_data(as_text=True)) is None, url
