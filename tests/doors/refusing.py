"""Which refusals a verb can answer with, read from the source: every `Refusal` on the way from its command."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

Place = tuple[str, str]
"""A module and a name in it."""


@cache
def _module(name: str) -> ast.Module | None:
    base = ROOT.joinpath(*name.split("."))
    paths = (base.with_suffix(".py"), base / "__init__.py")
    path = next((each for each in paths if each.is_file()), None)
    return ast.parse(path.read_text(encoding="utf-8")) if path else None


@cache
def _names(module: str) -> dict[str, Place | ast.stmt]:
    """Return what each name of a module is: something it defines, or something it imports."""
    tree, found = _module(module), dict[str, Place | ast.stmt]()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
    for each in tree.body if tree else ():
        if isinstance(each, (ast.FunctionDef, ast.ClassDef)):
            found[each.name] = each
        elif isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            found[each.targets[0].id] = each
    return found


def _defined(place: Place) -> tuple[str, ast.stmt] | None:
    """Follow imports to where something is written."""
    for _ in range(6):
        found = _names(place[0]).get(place[1])
        if found is None:
            return None
        if isinstance(found, ast.stmt):
            return place[0], found
        place = found
    return None


def _used(module: str, node: ast.stmt) -> Iterator[Place]:
    """Return what a piece of source names: by itself, or in a module that was imported whole."""
    names = _names(module)
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id in names:
            yield module, each.id
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            held = names.get(each.value.id)
            if isinstance(held, tuple):
                yield f"{held[0]}.{held[1]}", each.attr


def _codes(node: ast.stmt) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "Refusal":
            given = [*each.args[:1], *(word.value for word in each.keywords if word.arg == "code")]
            yield from (str(arg.value) for arg in given if isinstance(arg, ast.Constant))


def refusals_of(module: str, name: str) -> set[str]:
    """Return the codes of every refusal that can come of a verb: its own, and those of what it calls."""
    waiting, seen, codes = [(module, name)], set[Place](), set[str]()
    while waiting:
        if (place := waiting.pop()) in seen:
            continue
        seen.add(place)
        if (found := _defined(place)) is not None:
            where, node = found
            for part in _inside(node):
                codes |= set(_codes(part))
                waiting += [] if ".queries" in where else list(_used(where, part))
    return codes - {"already_received"}  # that is said to forms that are sent twice


def _inside(node: ast.stmt) -> list[ast.stmt]:
    """Return a function without what decorates it."""
    return node.body if isinstance(node, ast.FunctionDef) else [node]
