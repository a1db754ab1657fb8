"""What is shown alike to everybody, kept in this process for as long as nothing has happened.

The version is the hash of the journal's last entry, asked of the database once a request: whatever a command does
stands there in the same transaction, so a page is never older than what its reader could have asked for. What speaks
of one problem alone is as old as the last entry of that problem, or the last one of no problem (places, people, bodies,
duties); what speaks of those registers alone, as the latter. What only the time changes (days left, what is coming) is
at most a minute old. Pages are kept for anonymous readers alone, and only those without a token, a message or a cookie;
values may hold nothing that depends on who reads.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, has_request_context, request
from flask import session as cookie
from flask_babel import get_locale
from markupsafe import Markup
from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, object_session

from cogov.ground.clock import now
from cogov.ground.db import Id, Model, connection, writing
from cogov.ground.pages import LOOKS, sheet, sheets
from cogov.ground.tokens import for_many
from cogov.journal.models import JournalEntry, JournalHead
from cogov.journal.transaction import after_commit

PAGES_BYTES = 16 * 2**20
ANSWERS_BYTES = 8 * 2**20
VALUES = 4_000
LONGEST_ADDRESS = 300
SECONDS = 60

KEPT_UNDER = "cogov.kept_under"
"""Where a request notes that its answer is the same for anyone who asks alike: in which version, and of which page."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
View = TypeVar("View", bound=Callable[..., Any])
Version = tuple[str | int, ...]


class Of(Enum):
    """Of what a value speaks, where it is not of one problem or of a few."""

    EVERYTHING = "everything"
    REGISTERS = "registers"


Subject = Of | int | tuple[int, ...]
"""Of what a value speaks: the ids of its problems, the registers, or whatever there is."""


class Memory:
    """Things under a key and a version, the longest unused given up first."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._held: OrderedDict[Hashable, tuple[Version, int, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, version: Version) -> Any:
        """Return what is held under a key in this version, or None."""
        with self._lock:
            held = self._held.get(key)
            if held is None or held[0] != version:
                return None
            self._held.move_to_end(key)
            return held[2]

    def __contains__(self, key: Hashable) -> bool:
        """Say whether anything is held under a key, of whichever version."""
        return key in self._held

    def put(self, key: Hashable, version: Version, value: Any, weight: int = 1) -> None:
        """Hold a value; it takes the place of the one before it."""
        with self._lock:
            if (before := self._held.pop(key, None)) is not None:
                self._used -= before[1]
            if weight > self._room:
                return
            self._held[key] = (version, weight, value)
            self._used += weight
            while self._used > self._room:
                self._used -= self._held.popitem(last=False)[1][1]

    def forget(self) -> None:
        """Give up everything."""
        with self._lock:
            self._held.clear()
            self._used = 0


@dataclass(frozen=True)
class Kept:
    """What one application keeps."""

    pages: Memory
    values: Memory
    answers: Memory

    def forget(self) -> None:
        """Give up everything, as when another database has been put in place."""
        for each in (self.pages, self.values, self.answers):
            each.forget()


def init_kept(app: Flask) -> None:
    """Give an application its memory."""
    app.extensions["kept"] = Kept(Memory(PAGES_BYTES), Memory(VALUES), Memory(ANSWERS_BYTES))
    after_commit(_ask_again)


def _ask_again() -> None:
    if has_request_context():
        g.pop("versions", None)
        g.pop("reading", None)


_G: Any = g
_APP: Any = current_app


def _here() -> Any:
    """Return what ``g`` stands for: each look through it takes longer than what is looked for."""
    return _G._get_current_object()


def shown_in() -> str:
    """Return the language spoken now; Flask-Babel empties ``babel_locale`` when another one is chosen."""
    return str(getattr(_here().get("_flask_babel"), "babel_locale", None) or get_locale())


def _kept() -> Kept:
    held: Kept = _APP._get_current_object().extensions["kept"]
    return held


def last_entry(problem_id: ColumnElement[int] | InstrumentedAttribute[int] | int | None) -> ScalarSelect[str]:
    """Return, as a column, the hash of the last entry of a problem, or of no problem; see ``note_entries``."""
    entry = aliased(JournalEntry)
    return (
        select(entry.hash)
        .where(entry.problem_id.is_(None) if problem_id is None else entry.problem_id == problem_id)
        .order_by(entry.number.desc())
        .limit(1)
        .scalar_subquery()
    )


@dataclass
class _Versions:
    """What a request knows of how old everything is: the hashes of the last entries, and the versions made of them."""

    last: dict[Of | int, str]
    minute: int
    made: dict[Subject, Version]


def note_head(head: str | None, registers: str | None) -> None:
    """Note what was read together with something else (``HEAD``), so that nobody asks for it again."""
    if _reading() is not None and "versions" not in g:
        _note(head, registers)


def _note(head: str | None, registers: str | None) -> _Versions:
    last: dict[Of | int, str] = {Of.EVERYTHING: head or "", Of.REGISTERS: registers or ""}
    noted: _Versions = _here().setdefault("versions", _Versions(last, this_minute(), {}))
    return noted


def note_entries(problem_id: int, last: str | None, head: str | None, registers: str | None) -> None:
    """Note what was read together with a problem itself (``last_entry``, ``HEAD``)."""
    if _reading() is not None:
        note_head(head, registers)
        _versions().last[problem_id] = last or ""


def _versions() -> _Versions:
    """Return what the database says of itself, asked before anything is read that is kept under it."""
    known: _Versions | None = _here().get("versions")
    return known or _note(*connection().execute(_HEAD).one())


@functools.lru_cache(maxsize=100)
def _last_entries(number: int) -> Select[Any]:
    """Return the query of the last entries of so many problems, put together once."""
    entries: list[Any] = [last_entry(bindparam(f"problem_{index}", type_=Id)) for index in range(number)]
    return select(*entries)


HEAD = (select(JournalHead.hash).scalar_subquery(), last_entry(None))
"""As columns: the hash of the last entry of all, and of the last one of no problem."""

_HEAD = select(*HEAD)


def this_minute() -> int:
    """Return the minute it is, as part of every version."""
    return int(now().timestamp()) // SECONDS


def _version(of: Subject) -> Version:
    known = _versions()
    return known.made.get(of) or _made(known, of)


def _made(known: _Versions, of: Subject) -> Version:
    if isinstance(of, Of):
        version: Version = (known.last[of], known.minute)
    else:
        ids = of if isinstance(of, tuple) else (of,)
        if missing := [problem_id for problem_id in ids if problem_id not in known.last]:
            which = {f"problem_{index}": problem_id for index, problem_id in enumerate(missing)}
            asked = connection().execute(_last_entries(len(missing)), which).one()
            known.last.update(zip(missing, (last or "" for last in asked), strict=True))
        version = (*(known.last[problem_id] for problem_id in ids), known.last[Of.REGISTERS], known.minute)
    known.made[of] = version
    return version


def kept(key: Hashable, make: Callable[[], Value], *, of: Subject = Of.EVERYTHING) -> Value:
    """Return a value that is the same for every reader, made anew when anything has happened to what it speaks of.

    Commands always get a fresh one: what they decide on may be changed by themselves.
    """
    if (values := _reading()) is None:
        return make()
    version = _version(of)
    held = values.get(key, version)
    if held is None:
        held = (let_go(make()),)
        values.put(key, version, held, _weight(held[0]))
    value: Value = held[0]
    return value


def _weight(value: object) -> int:
    """Return how much room a value takes: a long list, like the lines of a timeline, as much as all that is in it."""
    return max(1, len(value)) if isinstance(value, (list, tuple)) else 1


def kept_each(
    kind: str,
    keys: Iterable[Key],
    make: Callable[[Collection[Key]], Mapping[Key, Value]],
    *,
    of: Subject = Of.EVERYTHING,
) -> dict[Key, Value]:
    """Return values by key as ``kept`` does, and ask only for those that are not there, all at once."""
    wanted = set(keys)
    if not wanted or (values := _reading()) is None:
        return dict(make(wanted)) if wanted else {}
    version = _version(of)
    held = {key: values.get((kind, key), version) for key in wanted}
    if missing := [key for key in wanted if held[key] is None]:
        made = let_go(make(missing))
        for key in missing:
            held[key] = (made.get(key),)
            values.put((kind, key), version, held[key], _weight(held[key][0]))
    return {key: value for key, (value,) in held.items() if value is not None}


@dataclass(frozen=True)
class _Part:
    html: Markup
    sheets: tuple[str, ...]


def part(
    key: Hashable | None, template: str, make: Callable[[], Mapping[str, Any]], *, of: Subject = Of.EVERYTHING
) -> Markup:
    """Return a part of a page that is the same for every reader of a language, and note the sheets it names.

    It is rendered without the frame, so that it cannot know who reads: what decides what it shows is in the key. What
    has no key is not kept.
    """
    made = _kept_part(key, template, make, of)
    for name in made.sheets:
        sheet(name)
    return made.html


def _kept_part(key: Hashable | None, template: str, make: Callable[[], Mapping[str, Any]], of: Subject) -> _Part:
    if key is None or _reading() is None:
        return _rendered(template, make)
    pages, version = _kept().pages, _version(of)
    whole_key = ("part", template, request.script_root, shown_in(), key)
    held: _Part | None = pages.get(whole_key, version)
    if held is None:
        held = _rendered(template, make)
        pages.put(whole_key, version, held, 2 * len(held.html))
    return held


def drawn(
    template: str, key: tuple[Hashable, ...], make: Callable[[], Mapping[str, Any]], cut: Callable[[str], Any] = str
) -> Any:
    """Return a part of the frame that nothing can happen to: all that decides what it shows is in the key.

    What is put into it at each request is put between its pieces, into which it is cut once.
    """
    pages = _kept().pages
    whole_key = ("drawn", template, request.script_root, shown_in(), key)
    held = pages.get(whole_key, ())
    if held is None:
        with for_many():
            text = current_app.jinja_env.get_template(template).render(make())
        held = cut(text)
        pages.put(whole_key, (), held, 2 * len(text))
    return held


def _rendered(template: str, make: Callable[[], Mapping[str, Any]]) -> _Part:
    before = g.pop("sheets", {})
    try:
        with for_many():
            text = current_app.jinja_env.get_template(template).render(make())
        return _Part(Markup(text), tuple(sheets()))  # noqa: S704 - rendered with escaping
    finally:
        g.sheets = before


def _reading() -> Memory | None:
    """Return what is kept, or None where everything has to be as it is now."""
    if writing() or not has_request_context():
        return None
    found: Memory | None = _here().get("reading")
    if found is None and request.method == "GET":
        found = g.reading = _kept().values
    return found


def let_go(value: Value) -> Value:
    """Return a value whose rows belong to no session any more, so that any thread may read them at any time."""
    if isinstance(value, Model):
        if (holder := object_session(value)) is not None:
            holder.expunge(value)
    elif isinstance(value, Mapping):
        let_go(tuple(value.values()))
    elif isinstance(value, (list, tuple)):
        for part in value:
            let_go(part)
    elif is_dataclass(value):
        let_go([getattr(value, part.name) for part in fields(value)])
    return value


# Whole pages ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Page:
    body: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str


def kept_for_anyone(view: View) -> View:
    """Answer readers who are nobody in particular with the same page until something happens."""

    @functools.wraps(view)
    def shown(*args: Any, **kwargs: Any) -> Any:
        if not _is_anyone():
            return view(*args, **kwargs)
        pages, version, key = _kept().pages, _version(Of.EVERYTHING), _key()
        held = pages.get(key, version)
        if held is None:
            response = view(*args, **kwargs)
            if not _is_for_anyone(response):
                return response
            held = _page(response)
            pages.put(key, version, held, len(held.body))
        request.environ[KEPT_UNDER] = version, request.endpoint or "", str(request.url_rule)
        return _answer(held)

    return cast("View", shown)


def _is_anyone() -> bool:
    return (
        request.method == "GET"
        and g.actor.person_id is None
        and _says_nothing()
        and len(request.full_path) < LONGEST_ADDRESS
    )


def _says_nothing() -> bool:
    """Say whether the reader's cookie holds no more than the token of a form they once saw: no message, no sign-in."""
    return set(cookie) <= {"csrf_token"}


def _is_for_anyone(response: Any) -> bool:
    return (
        isinstance(response, Response)
        and response.status_code == 200
        and response.headers.get("Cache-Control") == "no-cache"
        and "Set-Cookie" not in response.headers
        and _says_nothing()
        and "csrf_token" not in g
        and "once_token" not in g
    )


def _key() -> Hashable:
    looks = tuple(request.cookies.get(name, "")[:8] for name in LOOKS)
    return request.root_url, request.path, request.query_string, str(get_locale()), looks


def _page(response: Response) -> _Page:
    body = response.get_data()
    return _Page(body, tuple(response.headers.items()), hashlib.sha256(body).hexdigest()[:32])


def _answer(held: _Page) -> Response:
    response = Response(held.body, 200, list(held.headers))
    response.set_etag(held.etag)
    return cast("Response", response.make_conditional(request))
