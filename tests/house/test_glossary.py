"""The glossary names what the code has, and every role, stage, state and code of the field stands in it."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import cogov
from cogov.cases.rules import phrases
from cogov.ground.words import Words
from cogov.people.rules import Role, role_words
from cogov.problems.rules import names, ribbon

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"

# How a page or a list is looked at, how a test or a line is drawn: nothing that is said about the neighbourhood.
OF_PAGES_ONLY = {"Act", "CellState", "Filter", "Mark", "Order", "Sight", "StepState", "TestName", "ThreadTab"}


def _rows() -> list[tuple[str, str]]:
    """Return the rows whose last column is one identifier, as (中文, identifier)."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    found = (re.fullmatch(r"\| (.+?) \| .+ \| `([\w.]+)` \|", line) for line in lines)
    return [(match.group(1), match.group(2)) for match in found if match]


ROWS = _rows()


@cache
def _named() -> dict[str, list[Any]]:
    """Return what the modules of cogov define, by its name."""
    found: dict[str, list[Any]] = {}
    for module in _modules():
        for name, value in vars(module).items():
            if not name.startswith("__"):
                found.setdefault(name, []).append(value)
    return found


def _modules() -> Iterator[Any]:
    for info in pkgutil.walk_packages(cogov.__path__, "cogov."):
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def _exists(identifier: str) -> bool:
    name, _, part = identifier.partition(".")
    return any(not part or hasattr(value, part) for value in _named().get(name, []))


@cache
def _codes() -> dict[str, type[StrEnum]]:
    """Return the enums that rules speak in."""
    return {
        name: value
        for name, values in _named().items()
        for value in values
        if isinstance(value, type) and issubclass(value, StrEnum) and _is_of_the_field(value)
    }


def _is_of_the_field(enum: type[StrEnum]) -> bool:
    return enum.__module__.startswith("cogov.") and ".rules" in enum.__module__ and enum.__name__ not in OF_PAGES_ONLY


def test_every_identifier_of_the_glossary_exists_in_the_code():
    assert [identifier for _, identifier in ROWS if not _exists(identifier)] == []


def test_an_identifier_that_does_not_exist_would_be_found():
    assert len(ROWS) > 200
    assert not _exists("Role.MAYOR")
    assert not _exists("Mayor")


def test_every_role_stage_state_and_code_stands_in_the_glossary():
    named = {identifier for _, identifier in ROWS}
    members = {f"{name}.{member.name}" for name, enum in _codes().items() for member in enum}
    assert len(members) > 150
    assert sorted(members - named) == []


def test_nothing_in_the_glossary_has_two_names():
    for column in zip(*ROWS, strict=True):
        assert [name for name, times in Counter(column).items() if times > 1] == []


# What pages say of a role, a stage, a lane … where they name it and not what somebody did.
SPOKEN: dict[str, Mapping[Any, Words]] = {
    "roles": {role: role_words(role) for role in Role},
    "stages": ribbon.STAGE_WORDS,
    "endings": ribbon.ENDING_WORDS,
    "lanes": names.LANES,
    "reasons": names.REASONS,
    "rules": names.RULES,
    "deciders": names.DECIDERS,
    "states of a case": phrases.STATE,
}


@pytest.mark.parametrize("what", SPOKEN)
def test_pages_call_things_as_the_glossary_does(what: str):
    # What stands in brackets only tells apart two identifiers whose things have one name.
    called = {identifier: re.sub("（.*）", "", chinese) for chinese, identifier in ROWS}
    spoken = {f"{type(code).__name__}.{code.name}": str(words) for code, words in SPOKEN[what].items()}
    assert spoken == {identifier: called[identifier] for identifier in spoken}
