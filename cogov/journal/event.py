"""What can be said to have happened: the base of every event, and the register of their kinds."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import ClassVar, NewType, Protocol

Code = NewType("Code", str)
"""A public number or code such as ``2026-0147`` or ``C103``: never words, never a name."""

Commitment = NewType("Commitment", str)
"""A salted SHA-256 over words that lie in a room; whoever holds words and salt can prove them."""

KINDS: dict[str, type[Event]] = {}


@dataclass(frozen=True)
class Event:
    """Something that happened; its fields are ids, codes and commitments."""

    told: ClassVar[bool] = True
    """Whether people of the dossier are told of it."""

    public: ClassVar[bool] = True
    """Whether it stands in the timeline that everybody may read."""

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        KINDS[cls.__name__] = cls

    def facts(self) -> dict[str, object]:
        """Return the fields as JSON values."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


class Doer(Protocol):
    """Who acts, as far as the journal needs to know."""

    @property
    def person_id(self) -> int | None:
        """The person, or None when the clock acts."""

    @property
    def organization_id(self) -> int | None:
        """The organization acted for."""


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def canonical(value: object) -> str:
    """Return JSON that is the same to the byte for equal values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def salt() -> str:
    """Return a fresh salt for a commitment."""
    return secrets.token_hex(16)


def commit_to(salt: str, *words: str) -> Commitment:
    """Return a commitment to words; the salt stays with the words and dies with them."""
    return Commitment(hashlib.sha256("\x1f".join((salt, *words)).encode()).hexdigest())
