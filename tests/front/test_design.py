"""The page of all parts: it leaves out none, and only a demo has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from jinja2 import nodes

from cogov.ground import paths
from tests.cast import Cast

MACROS = sorted((paths.templates() / "_macros").glob("*.html"))
# Parts of parts, which never stand alone on a page.
WITHIN = {
    *("acts", "avatar", "cell", "chip", "facade", "field_error", "filter_field", "hidden", "share", "needs_you"),
    *("post_button", "step_word", "tenths", "tiles", "windows"),
}
STATES = (
    *("step-done", "step-now", "step-parallel", "step-ahead", "step-skipped"),
    *("stamp-signed", "stamp-awaited", "stamp-ahead"),
    *("clock-calm", "clock-soon", "clock-late", "day-used", "day-paused", "day-left"),
    *("entry-ours", "entry-theirs", "entry-stamp"),
    *("pill-ours", "pill-body", "pill-time", "pill-late", "pill-sign", "pill-plain", "pill-room"),
    *("shift-taken", "shift-mine", "shift-open", "check-met", "check-missing", "receipt-sample"),
    *("gauge-missing", "gauge-met", "gauge-area", "need-bare", "notice-new", "opinion-fill", "field-error"),
    *("avatar-person", "avatar-organization", "avatar-body", "note-danger", "card-amber", "button-danger"),
)


@pytest.fixture
def design(app: Flask, cast: Cast, client_of: Any) -> Iterator[str]:
    assert cast.community_id
    app.config["DEMO"] = True
    yield client_of("resident").get("/design").get_data(as_text=True)
    app.config["DEMO"] = False


def test_a_place_that_people_live_in_has_no_page_of_parts(client: Any, cast: Cast):
    assert cast.community_id
    assert client.get("/design").status_code == 404


def test_every_part_is_shown(app: Flask, design: str):
    shown = (paths.templates() / "front" / "design.html").read_text(encoding="utf-8")
    names = {
        macro.name
        for file in MACROS
        for macro in app.jinja_env.parse(file.read_text(encoding="utf-8")).find_all(nodes.Macro)
    }
    assert "Traceback" not in design
    assert [name for name in sorted(names - WITHIN) if not re.search(rf"\b{name}\(", shown)] == []
    assert names >= WITHIN


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_shown(state: str, design: str):
    assert re.search(rf'class="(?:[^"]* )?{state}[ "]', design)


def test_a_facade_has_each_window_once_and_lights_them_from_below(app: Flask) -> None:
    macros: Any = app.jinja_env.get_template("_macros/decision.html").module
    for across in (1, 2, 5):
        for first in range(3 * across + 1):
            for end in range(first + 1, 3 * across + 2):
                drawn = str(macros.windows(first, end, across, 100))
                blocks = [[int(number) for number in re.findall(r"\d+", block)] for block in drawn.split("z")[:-1]]
                tiles = [
                    ((97 - bottom) // 13 + up) * across + (left - 4) // 14 + along
                    for left, bottom, wide, tall, _ in blocks
                    for up in range(tall // 13)
                    for along in range(wide // 14)
                ]
                assert sorted(tiles) == list(range(first, end)), (across, first, end, drawn)
