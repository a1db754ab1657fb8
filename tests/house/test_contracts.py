"""The contracts of the build notice a breach: each is broken once in a copy of the house."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

BREACHES = {
    "a lower room imports an upper one": (
        "places/queries/tree.py",
        "from cogov.cases.models import Case as Upward",
        "Imports run downwards",
    ),
    "rooms of one floor know each other": (
        "files/queries.py",
        "from cogov.people.models import Person as Neighbour",
        "Imports run downwards",
    ),
    "a model imports a command of its room": (
        "tasks/models.py",
        "from cogov.tasks.commands import claim_task as backwards",
        "Inside a room",
    ),
    "a rule knows the database": (
        "threads/rules/messages.py",
        "from sqlalchemy import select as impure",
        "Rules are pure",
    ),
    "a rule reads the clock": ("tasks/rules.py", "from cogov.ground.clock import now as impure", "Rules are pure"),
    "a command knows a page": (
        "tasks/commands/claiming.py",
        "from flask import request as page",
        "Commands know no page",
    ),
    "the client knows the house": (
        "client/connection.py",
        "from cogov.ground.clock import now as server_time",
        "Imports run downwards",
    ),
    "a room imports the assembly": (
        "front/rows.py",
        "from cogov import create_app as assembly",
        "Only the command line",
    ),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "cogov", copy / "cogov", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def _lint(house: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(house), "NO_COLOR": "1", "COLUMNS": "200"}
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=False)


def test_the_house_keeps_its_contracts(house: Path) -> None:
    done = _lint(house)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "5 kept, 0 broken" in done.stdout


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_noticed(house: Path, breach: str) -> None:
    file, line, contract = BREACHES[breach]
    path = house / "cogov" / file
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{line}\n", encoding="utf-8")
    try:
        done = _lint(house)
    finally:
        path.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    broken = [row for row in done.stdout.splitlines() if "BROKEN" in row]
    assert any(row.startswith(contract) for row in broken), done.stdout[-2000:]
