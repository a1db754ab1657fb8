"""`make audit` tells apart that nothing is known, that something is, and that nobody could be asked."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tools.audit import KNOWN, NO_ANSWER, NOTHING, audit, auditor

CLEAN = {"dependencies": [{"name": "flask", "version": "3.1", "vulns": []}]}
WEAK = {"dependencies": [{"name": "flask", "version": "0.1", "vulns": [{"id": "X-1", "fix_versions": ["3.1"]}]}]}


def _pretender(folder: Path, said: str, code: int) -> list[str]:
    """Return a command that writes down how it was called, says something and ends."""
    script = folder / "pretender.py"
    script.write_text(
        "import sys, pathlib\n"
        f"pathlib.Path({str(folder / 'called')!r}).write_text(' '.join(sys.argv[1:]))\n"
        f"print({said!r})\nprint('could not reach anybody', file=sys.stderr)\nsys.exit({code})\n",
        encoding="utf-8",
    )
    return [sys.executable, str(script)]


@pytest.mark.parametrize(
    ("said", "code", "ends", "told"),
    [
        (json.dumps(CLEAN), 0, NOTHING, "1 packages asked about, 0 known weaknesses"),
        (json.dumps(WEAK), 1, KNOWN, "flask 0.1: X-1 (3.1)"),
        ("", 1, NO_ANSWER, "not audited: could not reach anybody"),
        (json.dumps(CLEAN), 1, NO_ANSWER, "not audited: could not reach anybody"),
        ("[]", 0, NO_ANSWER, "not audited"),
    ],
)
def test_how_it_ends_says_what_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str, code: int, ends: int, told: str
) -> None:
    assert audit(_pretender(tmp_path, said, code)) == ends
    printed = capsys.readouterr()
    assert told in printed.out + printed.err
    called = (tmp_path / "called").read_text(encoding="utf-8")
    assert called.startswith("--strict ")
    assert called.endswith("requirements.txt")


def test_who_has_no_auditor_is_told_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert audit([str(tmp_path / "nothing")]) == NO_ANSWER
    assert auditor(lambda name: f"/bin/{name}" if name == "uvx" else None) == ["/bin/uvx", "pip-audit"]
    assert auditor(lambda _name: None) is None
