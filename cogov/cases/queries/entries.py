"""What the templates of journal entries need beside the facts: the words that lie in the steps, and names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from sqlalchemy import select

from cogov.cases.models import Step
from cogov.cases.rules.phrases import REASON
from cogov.ground.db import session
from cogov.people.queries import organization_names

_ORGANIZATIONS = ("body", "to")


class Entry(Protocol):
    """A journal entry as it is shown."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def kind(self) -> str:
        """The name of its event."""

    @property
    def facts(self) -> Mapping[str, object]:
        """The fields of its event."""


def details(entries: Iterable[Entry]) -> dict[int, dict[str, object]]:
    """Return, for each entry, its facts with names put in for organizations and the words of its step."""
    wanted = list(entries)
    ids = [_id(entry, "step") for entry in wanted]
    steps = (
        {step.id: step for step in session().scalars(select(Step).where(Step.id.in_([each for each in ids if each])))}
        if any(ids)
        else {}
    )
    names = organization_names(_id(entry, field) for entry in wanted for field in _ORGANIZATIONS)
    return {entry.number: _detail(entry, steps, {key: row.name for key, row in names.items()}) for entry in wanted}


def _id(entry: Entry, field: str) -> int | None:
    value = entry.facts.get(field)
    return value if isinstance(value, int) else None


def _detail(entry: Entry, steps: Mapping[int, Step], names: Mapping[int, str]) -> dict[str, object]:
    detail: dict[str, object] = dict(entry.facts)
    detail.update({field: names.get(_id(entry, field) or 0, "") for field in _ORGANIZATIONS if field in entry.facts})
    step = steps.get(_id(entry, "step") or 0)
    detail["words"] = step.words if step else ""
    detail["basis"] = step.basis if step else ""
    detail["reason"] = REASON[step.reason] if step and step.reason else None
    return detail
