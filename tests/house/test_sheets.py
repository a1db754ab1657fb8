"""What the sheets promise: small enough for a slow line, readable by an old WebView, and every colour a token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

import cogov
from cogov.problems.rules.lanes import RuleCode
from tests.cast import Cast
from tests.decisions.conftest import START, Vote, deliberated

STATIC = Path(cogov.__file__).parent / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
BUDGET = 30 * 1024

# What WebViews of cheap phones do not understand: a rule they cannot read is a rule they leave out.
TOO_NEW = {
    "gap in a flex row": r"(?<![-\w])(?:column-|row-)?gap\s*:",
    "aspect-ratio": r"aspect-ratio",
    "inset": r"(?<![-\w])inset(?:-\w+)*\s*:",
    "selector": r":(?:is|has|where|focus-visible)\b",
    "function": r"(?<![-\w])(?:clamp|min|max|oklch|oklab|lch|lab|color-mix|light-dark)\(",
    "layer": r"@(?:layer|container|scope|property)\b",
    "nesting": r"\{[^{}@]*&",
}
COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}\b")
RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Return the selectors and declarations of each rule; those within @media come without it."""
    for selector, declarations in RULE.findall(_bare(css)):
        yield selector.strip(), declarations.strip()


def _bare(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def _declared(declarations: str) -> list[tuple[str, str]]:
    pairs = [one.partition(":") for one in declarations.split(";") if one.strip()]
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _tokens() -> dict[str, str]:
    """Return the tokens of the light page, which an old WebView gets as plain colours."""
    css = (STATIC / "css" / "cogov.css").read_text(encoding="utf-8")
    found = [dict(_declared(declarations)) for selector, declarations in _rules(css) if selector == ":root"]
    return {name: _long(value) for name, value in found[0].items() if COLOUR.fullmatch(value)}


def _long(colour: str) -> str:
    digits = colour.lstrip("#").upper()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


def _is_a_list_of_tokens(selector: str) -> bool:
    return all(re.match(r":root|\[data-(?:theme|contrast)=", one.strip()) for one in selector.split(","))


def _stray_colours(css: str) -> list[str]:
    """Return the colours that are neither a token's own value nor the plain form of the token that follows."""
    tokens, stray = _tokens(), []
    for selector, declarations in _rules(css):
        if _is_a_list_of_tokens(selector):
            continue
        declared = _declared(declarations)
        for index, (name, value) in enumerate(declared):
            follows = declared[index + 1] if index + 1 < len(declared) else ("", "")
            for colour in COLOUR.findall(value):
                token = re.search(r"var\((--[\w-]+)\)", follows[1])
                if follows[0] not in (name, f"{name}-color") or token is None or tokens.get(token[1]) != _long(colour):
                    stray.append(f"{selector}: {name}: {value}")
    return stray


def _too_new(css: str) -> list[str]:
    return [what for what, pattern in TOO_NEW.items() if re.search(pattern, _bare(css))]


each_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.name for sheet in SHEETS])


@each_sheet
def test_a_sheet_is_read_by_an_old_web_view(sheet: Path):
    assert _too_new(sheet.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "css",
    [".a{display:flex;gap:1rem}", ".a{aspect-ratio:4/3}", ".a{inset:0}", ".a:is(b){top:0}", ".a:has(b){top:0}",
     ".a:focus-visible{top:0}", ".a{width:clamp(1rem,2vw,3rem)}", ".a{color:oklch(50% 0 0)}",
     ".a{color:color-mix(in srgb,red,blue)}", "@layer a{.a{top:0}}", ".a{& b{top:0}}"],
)  # fmt: skip
def test_what_is_too_new_would_be_found(css: str):
    assert _too_new(css)


@each_sheet
def test_every_colour_is_a_token(sheet: Path):
    if sheet.name != "print.css":  # paper has no themes
        assert _stray_colours(sheet.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("css", [".a{color:#123456}", ".a{color:#123456;color:var(--ink)}", ".a{background:#FFF}"])
def test_a_stray_colour_would_be_found(css: str):
    assert _stray_colours(css)


@pytest.mark.parametrize("selector", ["body", ".card", ".button", ".button-main", ".top", ".tabbar", ".note", ".pill"])
def test_words_and_surfaces_have_a_plain_colour_too(selector: str):
    css = (STATIC / "css" / "cogov.css").read_text(encoding="utf-8")
    plain = [
        value
        for selectors, declarations in _rules(css)
        if selector in [one.strip() for one in selectors.split(",")]
        for name, value in _declared(declarations)
        if name in ("background", "color") and COLOUR.fullmatch(value)
    ]
    assert plain


# Weight --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def vote(app: Flask, cast: Cast) -> Iterator[Vote]:
    with time_machine.travel(START, tick=False) as clock:
        yield Vote(cast, clock, deliberated(cast, RuleCode.R1))


def _linked(page: str) -> list[Path]:
    """Return the sheets that a page asks for, those for paper left out."""
    links = [link for link in re.findall(r"<link\b[^>]*>", page) if 'rel="stylesheet"' in link]
    shown = [link for link in links if 'media="print"' not in link]
    names = [re.search(r'href="/static/([^"?]+)', link) for link in shown]
    assert all(names), links
    return [STATIC / name[1] for name in names if name]


@pytest.mark.parametrize("name", [None, "resident", "owner", "moderator", "official"])
def test_home_and_dossier_ask_for_thirty_kib_of_sheets_at_most(name: str | None, vote: Vote, client_of: Any):
    vote.opened()
    tabs = ("", "discussion", "concerns", "solutions", "decisions", "tasks", "case")
    for url in ("/", *(f"/problems/{vote.number}?tab={tab}" for tab in tabs)):
        sheets = _linked(client_of(name).get(url).get_data(as_text=True))
        weights = {sheet.name: len(sheet.read_bytes()) for sheet in sheets}
        assert "cogov.css" in weights
        assert len(weights) == len(sheets), f"{url} asks twice"
        assert sum(weights.values()) <= BUDGET, (url, weights)
