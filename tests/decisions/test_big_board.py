"""The board of an estate with many buildings: every figure once, on a page that stays small."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Flask

from cogov.decisions.queries.running import BuildingRow
from cogov.decisions.rules.outcome import Missing
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.shortage import Row, Sight
from cogov.decisions.rules.thresholds import Turnout
from cogov.decisions.views.running import MOST_ROWS, board_table, facades

OWNERS = next(code for code, rule in RULES.items() if rule.participation.heads is not None)


def _running(buildings: int) -> Any:
    rows = tuple(BuildingRow(f"{n} 号楼", 25, Row(n, None, 50, Sight.FIGURE, n % 51)) for n in range(1, buildings + 1))
    running = SimpleNamespace(rows=rows, turnout=Turnout(7, 700), missing=Missing(100, 10_000))
    return SimpleNamespace(running=running, rule=RULES[OWNERS], totals=Turnout(50 * buildings, 5_000 * buildings))


def test_many_buildings_say_under_their_windows_what_they_lack_and_the_table_only_what_decides(app: Flask) -> None:
    few, many = _running(MOST_ROWS), _running(120)
    with app.test_request_context():
        assert len((board_table(few) or {})["rows"]) == MOST_ROWS
        assert not any(each["lacks"] for each in facades(few))
        table = board_table(many) or {}
        assert table["rows"] == []
        assert table["sum"][1].startswith("7 / 6,000 户")
        drawn = facades(many)
        heads = RULES[OWNERS].participation.heads
        assert heads is not None
        need = heads.need(50)
        assert drawn[0]["lacks"].endswith(f"还差 {need - 1} 套")
        assert drawn[need - 1]["lacks"].startswith("已到")
        macros: Any = app.jinja_env.get_template("_macros/decision.html").module
        html = str(macros.shortage_board(drawn))
        assert html.count('href="#house') == 119
        assert html.count("<g id=") == 1
        assert all(f"<b>{each['name']}</b>" in html and each["lacks"] in html for each in drawn)
        assert len(html.encode()) < 38 * 1024
