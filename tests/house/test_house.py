"""What the house promises about all of its rooms at once."""

from __future__ import annotations

import ast
import re
import subprocess
import typing
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any

import pytest
from flask import Flask
from jinja2 import nodes

import cogov
import cogov.cli  # the top of the house: whatever it does not import, no process knows
from cogov.ground import paths
from cogov.journal.event import KINDS, Code, Commitment, Event
from cogov.journal.reading import Entry, sentence
from tests.databases import new_app

ROOT = Path(__file__).resolve().parents[2]
CODE = Path(cogov.__file__).parent
MOMENT = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


def _events() -> list[type[Event]]:
    """Return the events of every room; bases begin with an underscore, and tests may define events of their own."""
    return [event for event in _subclasses(Event) if event.__module__.startswith("cogov.") and event.__name__[0] != "_"]


def _subclasses(kind: type[Event]) -> Iterator[type[Event]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


EVENTS = sorted(_events(), key=lambda event: event.__name__)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return an application without tables: a sentence asks no database."""
    return new_app(tmp_path_factory.mktemp("pages"))


each_event = pytest.mark.parametrize("event", EVENTS, ids=[event.__name__ for event in EVENTS])


# Events ------------------------------------------------------------------------------------------------------------


def test_the_assembly_knows_every_event_that_a_room_has():
    written = {
        name for file in _sources() if "events" in file.parts or file.name == "events.py" for name in _classes(file)
    }
    assert len(written) > 60
    assert {event.__name__ for event in EVENTS} == written


def test_no_two_events_share_a_name():
    names = [event.__name__ for event in EVENTS]
    assert len(set(names)) == len(names)
    assert {name: KINDS[name] for name in names} == {event.__name__: event for event in EVENTS}


@each_event
def test_an_event_has_a_sentence_even_where_facts_and_words_are_missing(event: type[Event], pages: Flask):
    with pages.test_request_context():
        assert sentence(_entry(event, {}), {}).strip()


@each_event
def test_an_event_has_a_sentence_for_all_its_facts(event: type[Event], pages: Flask):
    with pages.test_request_context():
        for facts in _possible_facts(event):
            assert _says_something(sentence(_entry(event, facts), {})), facts


@each_event
def test_an_event_is_explained_in_one_sentence(event: type[Event]):
    # A dataclass without a docstring of its own is given its signature as one.
    first = (event.__doc__ or "").strip().splitlines()[0]
    assert first.endswith(".")
    assert not first.startswith(f"{event.__name__}(")


@each_event
def test_an_event_has_no_field_for_words_or_names(event: type[Event]):
    for name, hint in _fields(event).items():
        for part in _parts(hint):
            assert _is_bare(part), f"{event.__name__}.{name}: {part}"


def test_no_template_speaks_of_an_event_that_is_gone():
    kept = {file.stem for file in (paths.templates() / "entries").glob("*.html") if not file.stem.startswith("_")}
    assert kept - {event.__name__ for event in EVENTS} == set()


def _classes(file: Path) -> Iterator[str]:
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.bases and not node.name.startswith("_"):
            yield node.name


def _entry(event: type[Event], facts: dict[str, Any]) -> Entry:
    return Entry(1, event.__name__, None, None, None, facts, MOMENT)


def _fields(event: type[Event]) -> dict[str, Any]:
    hints = typing.get_type_hints(event)
    return {name: hint for name, hint in hints.items() if typing.get_origin(hint) is not typing.ClassVar}


def _parts(hint: Any) -> Iterator[Any]:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, UnionType, tuple):
        for part in typing.get_args(hint):
            if part is not Ellipsis:
                yield from _parts(part)
    else:
        yield hint


def _is_bare(part: Any) -> bool:
    if part in (int, bool, NoneType, datetime, date, Code, Commitment):
        return True
    return isinstance(part, type) and issubclass(part, StrEnum)


def _possible_facts(event: type[Event]) -> Iterator[dict[str, Any]]:
    """Yield facts as the journal stores them, so that each value of an enum or flag occurs at least once."""
    values = {name: _values(hint) for name, hint in _fields(event).items()}
    for turn in range(max((len(some) for some in values.values()), default=1)):
        yield {name: some[turn % len(some)] for name, some in values.items()}


def _values(hint: Any) -> list[Any]:
    found: list[Any] = []
    for part in _parts(hint):
        found += _values_of(part)
    return found


def _values_of(part: Any) -> list[Any]:
    if isinstance(part, type) and issubclass(part, StrEnum):
        return [str(member) for member in part]
    samples: dict[Any, list[Any]] = {
        int: [7],
        bool: [True, False],
        NoneType: [None],
        datetime: [MOMENT.isoformat()],
        date: ["2026-11-18"],
        Commitment: ["0" * 64],
    }
    return samples.get(part, ["C103"])


def _says_something(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


# Code --------------------------------------------------------------------------------------------------------------


def _sources() -> list[Path]:
    return sorted(CODE.rglob("*.py"))


def _calls(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def _commits(file: Path) -> Iterator[int]:
    for call in _calls(file):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit":
            owner = call.func.value
            if not (isinstance(owner, ast.Name) and owner.id == "nested"):
                yield call.lineno


def test_only_the_journal_commits():
    committing = {file.relative_to(CODE).as_posix() for file in _sources() if any(_commits(file))}
    assert committing == {"journal/transaction.py"}


def test_a_commit_elsewhere_would_be_found(tmp_path: Path):
    planted = tmp_path / "planted.py"
    planted.write_text("def sneak(session, nested):\n    nested.commit()\n    session().commit()\n", encoding="utf-8")
    assert list(_commits(planted)) == [3]


def test_parts_of_a_transaction_are_begun_by_the_one_that_tells_the_database():
    """What goes past the session is else written outside of the part."""
    calls = {
        file.relative_to(CODE).as_posix()
        for file in _sources()
        if any(isinstance(call.func, ast.Attribute) and call.func.attr == "begin_nested" for call in _calls(file))
    }
    assert calls == {"ground/db.py"}


# Addresses ---------------------------------------------------------------------------------------------------------


class Link(typing.NamedTuple):
    """A call of ``url_for`` whose endpoint is written out; ``given`` is None where values are passed by ``**``."""

    where: str
    endpoint: str
    given: frozenset[str] | None


def _links_in_templates(app: Flask) -> Iterator[Link]:
    for file in sorted(paths.templates().rglob("*.html")):
        tree = app.jinja_env.parse(file.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if not (isinstance(call.node, nodes.Name) and call.node.name == "url_for" and call.args):
                continue
            if isinstance(call.args[0], nodes.Const):
                given = None if call.dyn_kwargs else frozenset(pair.key for pair in call.kwargs)
                yield Link(f"{file.relative_to(paths.templates())}:{call.lineno}", call.args[0].value, given)


def _links_in_code() -> Iterator[Link]:
    for file in _sources():
        for call in _calls(file):
            endpoint = _endpoint(call)
            if endpoint is not None:
                given = {keyword.arg for keyword in call.keywords if keyword.arg}
                complete = _is_url_for(call) and len(given) == len(call.keywords)
                yield Link(f"{file.name}:{call.lineno}", endpoint, frozenset(given) if complete else None)


def _is_url_for(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "url_for"


def _endpoint(call: ast.Call) -> str | None:
    """Return the endpoint of ``url_for("…")`` or of anything that takes ``endpoint="…"``, such as a need."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "endpoint"]
    found = call.args[:1] if _is_url_for(call) else named
    if found and isinstance(found[0], ast.Constant) and isinstance(found[0].value, str):
        return found[0].value
    return None


def test_every_address_that_pages_and_code_name_exists(pages: Flask):
    links = [*_links_in_templates(pages), *_links_in_code()]
    assert len(links) > 20
    faults = [fault for link in links if (fault := _why_broken(pages, link))]
    assert faults == []


def _why_broken(app: Flask, link: Link) -> str:
    if link.endpoint not in app.view_functions:
        return f"{link.where}: nothing is called {link.endpoint}"
    if link.given is None:
        return ""
    rules = app.url_map.iter_rules(link.endpoint)
    needed = [rule.arguments - set(rule.defaults or ()) for rule in rules]
    return "" if any(some <= link.given for some in needed) else f"{link.where}: {link.endpoint} needs {needed}"


# Words -------------------------------------------------------------------------------------------------------------


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


# Written in two parts, so that this file does not find itself.
FORBIDDEN = {
    "a folder of one machine": re.compile(r"(?<![\w.\-/])/" + r"work/|/" + r"root/|/" + r"home/\w"),
    "a host of packages": re.compile(
        r"(?i)py" + r"pi\.org|python" + r"hosted\.org|npm" + r"js\.(?:org|com)|" + r"deb\.debian" + r"\.org"
    ),
    "a name of no neighbour": re.compile(
        r"(?i)\bclau" + r"de\b|\banthro" + r"pic\b|\bchat" + r"gpt\b|\bopen" + r"ai\b|\bcopi" + r"lot\b"
    ),
    "work that is left": re.compile(r"\bTO" + r"DO\b|\bFIX" + r"ME\b|\bX" + r"XX\b"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_text_of_the_project_names(what: str):
    found = []
    for name in _tracked():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for match in FORBIDDEN[what].finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{name}:{line}: {match.group()}")
    assert found == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a folder of one machine", "see /wo" + "rk/notes"),
        ("a host of packages", "https://py" + "pi.org/simple"),
        ("a name of no neighbour", "as Chat" + "GPT said"),
        ("work that is left", "# TO" + "DO: later"),
    ],
)
def test_such_a_name_would_be_found(what: str, text: str):
    assert FORBIDDEN[what].search(text)


def test_links_between_documents_lead_somewhere():
    documents = [ROOT / name for name in _tracked() if name.endswith(".md")]
    links = [
        (document, link)
        for document in documents
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
    ]
    assert len(links) > 5
    assert [f"{document.name}: {link}" for document, link in links if not (document.parent / link).exists()] == []
