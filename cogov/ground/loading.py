"""What a start loads, and how: whoever has just been killed should serve again at once.

Libraries that few requests need are loaded when something of theirs is first asked for (``later``). Others take in, if
it is there, what they need only for things that nobody does here; they are loaded as if it were not (``without``).
Whatever is loaded at the start stays, so that looking through it for garbage again and again, as Python does, finds
none. Patterns that take long to make and types that stand at hundreds of columns are made when they are first used, and
once. And Python writes and compiles six methods for each of some seven hundred dataclasses, a quarter of all that a
start did, of which a day calls few: each is written when it is first called. The collector rests, and methods are put
off, from the import of this module, the first of all, until ``over`` is called after the last one. docs/adr/0027 says
why, and what becomes of it with later versions of Python.
"""

from __future__ import annotations

import dataclasses
import gc
import importlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from types import ModuleType
from typing import Any

SHORT_WAYS = os.environ.get("COGOV_SHORT_WAYS", "true").strip().lower() not in {"false", "0", "no", "off"}
"""Whether we go past what libraries keep to themselves (docs/adr/0027, 0028); asked before there are settings."""


class Later(ModuleType):
    """Stands for a module until it is needed; threads that need it at once wait for each other."""

    def __getattr__(self, name: str) -> Any:
        """Load the module and return what is asked of it."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def later(name: str) -> Any:
    """Return a library that is loaded when it is first used."""
    return Later(name)


def over() -> None:
    """Collect garbage and write methods from now on; what was loaded so far is never looked at again."""
    _write_methods_with(_write_at_once)
    _read_types_with(None)
    _understood.cache_clear()
    gc.freeze()
    gc.enable()


def _write_methods_with(write: Callable[..., Any] | None) -> None:
    """Say who writes the methods of dataclasses; where Python has another way to write them, it keeps to that."""
    if write is not None:
        vars(dataclasses)["_create_fn"] = write


def write_when_called(name: str, *told: Any, **more: Any) -> Callable[..., Any]:
    """Return what stands for a method of a dataclass until it is called, writes it then and puts it in its place."""
    written: list[Callable[..., Any]] = []

    def first(self: object, /, *given: Any, **named: Any) -> Any:
        if not written:
            method = _write_at_once(name, *told, **more)
            method.__qualname__ = first.__qualname__
            written.append(method)
        for kind in type(self).__mro__:
            if vars(kind).get(name) is first:
                setattr(kind, name, written[0])
        return written[0](self, *given, **named)

    first.__name__ = name
    return first


@contextmanager
def without(names: Sequence[str]) -> Iterator[None]:
    """Hide libraries from whoever would load them; where they are there already, they stay."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is how Python is told so
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextmanager
def standing_in(names: Sequence[str]) -> Iterator[None]:
    """Give whoever would load libraries what loads them when they are used; where they are there already, they stay."""
    given = {name: Later(name) for name in names if name not in sys.modules}
    sys.modules.update(given)
    try:
        yield
    finally:
        for name, stand_in in given.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


class PutOff:
    """Stands for a pattern until something is looked for with it."""

    def __init__(self, *told: Any) -> None:
        self._told = told

    def __getattr__(self, name: str) -> Any:
        """Make the pattern, of which Python keeps what it has made, and return what is asked of it."""
        return getattr(re.compile(*self._told), name)


@contextmanager
def patterns_put_off(of: str) -> Iterator[None]:
    """Put off the patterns of a module that is loaded meanwhile; those of all others are made at once."""
    make = re.compile

    def compile_later(*told: Any, **more: Any) -> Any:
        late = not more and sys._getframe(1).f_globals.get("__name__") == of
        return PutOff(*told) if late else make(*told, **more)

    vars(re)["compile"] = compile_later if SHORT_WAYS else make
    try:
        yield
    finally:
        vars(re)["compile"] = make


def _read_types_with(read: Callable[..., Any] | None) -> None:
    """Say who reads the types of columns, which stand as words in the tables: SQLAlchemy's way is Python's ``eval``."""
    with suppress(ImportError):  # a SQLAlchemy that reads them elsewhere does so in its own way
        here = vars(importlib.import_module("sqlalchemy.util.typing"))
        here.pop("eval", None)
        if read is not None:
            here["eval"] = read


_understood = cache(compile)


def read_type(words: str, /, *names: Any) -> Any:
    """Return what words stand for; the same few types stand at hundreds of columns, and are understood once."""
    return eval(_understood(words, "<string>", "eval"), *names)  # noqa: S307 - our own tables


SPARED = {
    "structlog": ("rich", "better_exceptions"),
    "huey": ("redis", "psycopg"),
    "flask_smorest": ("yaml",),
    "socketio": ("redis", "valkey", "requests", "websocket", "aiohttp", "kombu", "kafka", "zmq"),
}
"""What is not loaded with a library: pictures of tracebacks, other queues and forms than ours, and clients."""

PATTERNS_OF = "marshmallow.validate"
"""Its pattern for addresses of mail in all scripts takes 20 ms to make, and nobody here asks for it."""

SOCKETS = "engineio.async_drivers._websocket_wsgi"
"""What speaks over sockets is needed by the first who opens one."""

_write_at_once: Any = vars(dataclasses).get("_create_fn") if SHORT_WAYS else None

gc.disable()
_write_methods_with(_write_at_once and write_when_called)
for library, spared in SPARED.items():
    with without(spared), patterns_put_off(PATTERNS_OF):
        importlib.import_module(library)
with standing_in(("simple_websocket",)):
    importlib.import_module(SOCKETS)
if SHORT_WAYS:
    _read_types_with(read_type)
