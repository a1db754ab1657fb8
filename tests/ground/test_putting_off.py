"""Libraries, patterns and types of columns that a start puts off: whoever uses them finds them as they always were."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import pytest

from cogov.ground import loading


def test_a_library_that_is_put_off_is_loaded_by_whoever_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    told: dict[str, Any] = {}
    with loading.standing_in(("colorsys", "json")):
        exec("import colorsys, json", told)  # noqa: S102 - our own words
    assert "colorsys" not in sys.modules
    assert told["json"] is sys.modules["json"]  # it was there already
    assert told["colorsys"].rgb_to_hsv(1, 1, 1) == (0.0, 0.0, 1)
    assert isinstance(sys.modules["colorsys"].rgb_to_hsv, type(lambda: 0))


def test_a_library_used_while_it_is_put_off_is_loaded_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with loading.standing_in(("colorsys",)):
        assert sys.modules["colorsys"].rgb_to_hsv(1, 1, 1) == (0.0, 0.0, 1)
    assert type(sys.modules["colorsys"]) is type(sys)


@pytest.mark.parametrize(("name", "late"), [("of.this", True), ("of.another", False)])
def test_a_pattern_that_is_put_off_finds_what_it_always_found(name: str, late: bool) -> None:
    make, told = re.compile, {"__name__": name}
    with loading.patterns_put_off("of.this"):
        exec("import re\npattern = re.compile('(a+)b', re.I)", told)  # noqa: S102 - our own words
    pattern: Any = told["pattern"]
    assert isinstance(pattern, loading.PutOff if late else re.Pattern)
    found: Any = pattern.search("xAAb")
    assert found[1] == "AA"
    assert (pattern.match("b"), pattern.groups, pattern.pattern) == (None, 1, "(a+)b")
    assert re.compile is make


def test_types_are_read_as_python_reads_them() -> None:
    for _ in range(2):
        assert loading.read_type("list[one] | None", {"one": int}) == list[int] | None
        assert loading.read_type("list[one] | None", {"one": int}, {"one": str}) == list[str] | None
    with pytest.raises(NameError, match="nobody"):
        loading.read_type("nobody", {})
    with pytest.raises(SyntaxError):
        loading.read_type("list[", {})


STARTED = """
import hashlib, sys
import cogov
from cogov.ground.db import Base
from marshmallow import ValidationError, validate
columns = [(str(c), repr(c.type), c.nullable) for t in Base.metadata.sorted_tables for c in t.columns]
print(len(columns), hashlib.sha256(repr(columns).encode()).hexdigest())
print("wsproto" in sys.modules, "eval" in vars(sys.modules["sqlalchemy.util.typing"]))
check = validate.Email()
def allowed(address):
    try:
        return bool(check(address))
    except ValidationError:
        return False
print([allowed(each) for each in ("a@b.cn", "张@例子.中国", "a@b", "@b.cn", "a b@c.cn")])
print(type(validate.Email.DOMAIN_REGEX).__name__)
"""


def _started(short: str) -> list[str]:
    environment = {**os.environ, "COGOV_SHORT_WAYS": short}
    told = subprocess.run(
        [sys.executable, "-c", STARTED], env=environment, check=True, capture_output=True, text=True, timeout=120
    )
    return told.stdout.splitlines()


def test_a_start_puts_off_what_it_can_and_makes_the_same_tables() -> None:
    (tables, *rest, pattern), (tables_at_once, *rest_at_once, pattern_at_once) = _started("true"), _started("false")
    assert tables == tables_at_once
    assert int(tables.split()[0]) > 1000
    assert rest == rest_at_once == ["False False", "[True, True, False, False, False]"]
    assert (pattern, pattern_at_once) == ("PutOff", "Pattern")
