"""Sentences for people as plain values, so that rules can speak without knowing Flask or a language."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Words:
    """A sentence in the source language (zh_Hans) with its parameters; translated where it is shown."""

    msgid: str
    params: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return fill(self.msgid, self.params)


def say(msgid: str, **params: object) -> Words:
    """Return a sentence to be shown; ``{name}`` marks the places of the parameters."""
    return Words(msgid, tuple(sorted(params.items())))


def fill(text: str, params: tuple[tuple[str, object], ...]) -> str:
    """Put parameters into a (translated) sentence without interpreting anything else in it."""
    # All at once: what a person wrote may itself hold the name of another place.
    values = dict(params)
    return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), text)
