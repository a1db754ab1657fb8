"""What a start puts off, and that nobody notices: methods of dataclasses are written when they are called."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from dataclasses import FrozenInstanceError, dataclass, field
from typing import Any

import pytest

from cogov.ground import loading

if not hasattr(dataclasses, "_create_fn"):  # later versions of Python write all methods of a class at once
    pytest.skip("nothing is put off", allow_module_level=True)

NAMES = ("__init__", "__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__")


def _ordinary() -> type[Any]:
    @dataclass(frozen=True)
    class Flat:
        """A flat of a house."""

        door: int
        floor: int = 3
        people: tuple[str, ...] = field(default_factory=tuple)

        def __post_init__(self) -> None:
            if self.door < 0:
                raise ValueError("no such door")

    return Flat


@pytest.fixture
def put_off(monkeypatch: pytest.MonkeyPatch) -> type[Any]:
    with monkeypatch.context() as during:
        during.setattr(dataclasses, "_create_fn", loading.write_when_called)
        return _ordinary()


@pytest.fixture(params=["put off", "at once"])
def flat(request: pytest.FixtureRequest, put_off: type[Any]) -> type[Any]:
    return put_off if request.param == "put off" else _ordinary()


def test_they_do_what_those_of_python_do(flat: type[Any]) -> None:
    kept = flat(7, people=("a",))
    assert (kept.door, kept.floor, kept.people) == (7, 3, ("a",))
    assert kept == flat(7, 3, ("a",))
    assert kept != flat(8, 3, ("a",))
    assert (kept == 7) is False
    assert len({kept, flat(7, people=("a",)), flat(8)}) == 2
    assert repr(kept).endswith("Flat(door=7, floor=3, people=('a',))")
    assert dataclasses.replace(kept, floor=4) == flat(7, 4, ("a",))


def test_they_refuse_what_those_of_python_refuse(flat: type[Any]) -> None:
    kept = flat(7)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'door'"):
        kept.door = 8
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'door'"):
        del kept.door
    with pytest.raises(TypeError, match=r"missing 1 required positional argument: 'door'"):
        flat()
    with pytest.raises(ValueError, match="no such door"):
        flat(-1)


def test_who_inherits_one_gets_it_and_leaves_it_to_others(put_off: type[Any]) -> None:
    heir = type("Heir", (put_off,), {})
    assert heir(1).door == 1
    assert put_off(2).door == 2
    assert "__init__" not in vars(heir)


def test_once_called_it_stands_where_python_would_have_put_it(put_off: type[Any]) -> None:
    before = {name: vars(put_off)[name] for name in NAMES}
    for _ in range(2):
        kept = put_off(1)
        assert hash(kept) == hash(put_off(1))
        assert kept == put_off(1)
        with pytest.raises(FrozenInstanceError):
            kept.door = 2
        with pytest.raises(FrozenInstanceError):
            del kept.door
    ordinary = _ordinary()
    for name in NAMES:
        if name != "__repr__":  # it stands in what watches for one that holds itself
            assert vars(put_off)[name] is not before[name]
            assert vars(put_off)[name].__code__ == vars(ordinary)[name].__code__
        assert vars(put_off)[name].__qualname__ == vars(ordinary)[name].__qualname__


def test_after_the_start_they_are_written_at_once() -> None:
    assert vars(_ordinary())["__eq__"].__code__.co_filename == "<string>"


@pytest.mark.parametrize(("said", "writes"), [("true", "write_when_called"), ("False", "_create_fn")])
def test_who_runs_it_may_have_all_written_at_once(said: str, writes: str) -> None:
    asked = f"import dataclasses, runpy\nrunpy.run_path({loading.__file__!r})\nprint(dataclasses._create_fn.__name__)"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "COGOV_SHORT_WAYS": said},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.split() == [writes]
