"""What a start loads, and how: whoever has just been killed should serve again at once.

Libraries that few requests need are loaded when something of theirs is first asked for (``later``). Others take in, if
it is there, what they need only for things that nobody does here; they are loaded as if it were not (``without``). And
whatever is loaded at the start stays, so that looking through it for garbage again and again, as Python does, finds
none: the collector rests from the import of this module, the first of all, until ``over`` is called after the last one.
"""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any


class Later(ModuleType):
    """Stands for a module until it is needed; threads that need it at once wait for each other."""

    def __getattr__(self, name: str) -> Any:
        """Load the module and return what is asked of it."""
        return getattr(importlib.import_module(self.__name__), name)


def later(name: str) -> Any:
    """Return a library that is loaded when it is first used."""
    return Later(name)


def over() -> None:
    """Collect garbage from now on, without ever looking at what was loaded so far."""
    gc.freeze()
    gc.enable()


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


SPARED = {
    "structlog": ("rich", "better_exceptions"),
    "huey": ("redis", "psycopg"),
    "flask_smorest": ("yaml",),
    "socketio": ("redis", "valkey", "requests", "websocket", "aiohttp", "kombu", "kafka", "zmq"),
}
"""What is not loaded with a library: pictures of tracebacks, other queues and forms than ours, and clients."""

gc.disable()
for library, spared in SPARED.items():
    with without(spared):
        importlib.import_module(library)
