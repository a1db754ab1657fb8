"""What a start loads, and how: whoever has just been killed should serve again at once.

Libraries that few requests need are loaded when something of theirs is first asked for (``later``). And whatever is
loaded at the start stays, so that looking through it for garbage again and again, as Python does, finds none: the
collector rests from the import of this module, the first of all, until ``over`` is called after the last one.
"""

from __future__ import annotations

import gc
import importlib
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


gc.disable()
