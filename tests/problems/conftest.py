"""What the tests of problems begin with: a raised problem of each kind."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from cogov.people.rules import Actor
from cogov.problems.commands import Raised, raise_problem
from tests.cast import Cast

COMMON = "楼道里堆满了纸箱，大家出门都要侧着走，希望商量个办法"


@pytest.fixture
def raise_as(cast: Cast) -> Callable[..., Raised]:
    """Raise a problem in the first grid, as the resident unless somebody else is given."""

    def raising(text: str = COMMON, by: Actor | None = None, **told: Any) -> Raised:
        place = {"grid_id": cast.grid_ids[0]} if "longitude" not in told else {}
        return raise_problem(by or cast.resident, community_id=cast.community_id, text=text, **place | told)

    return raising


@pytest.fixture
def photo() -> Callable[..., bytes]:
    """Return the bytes of a picture as a phone would send it."""

    def shoot(width: int = 64, height: int = 32, kind: str = "JPEG", **options: Any) -> bytes:
        out = io.BytesIO()
        Image.new("RGB", (width, height), "red").save(out, kind, **options)
        return out.getvalue()

    return shoot
