"""What stands above a street is known by its code, and only that."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.people.rules import CLOCK
from cogov.places.commands import enter_place, import_places
from cogov.places.models import Place
from cogov.places.queries import chain
from cogov.places.rules import PlaceKind


def test_a_street_brings_the_district_city_and_province_above_it(app: Flask) -> None:
    imported = import_places(CLOCK, "code,name\n330102001,清波街道\n330102003,湖滨街道\n".encode())
    assert not imported.refused
    assert [place.name for place in chain("330102001")] == ["浙江省", "杭州市", "上城区", "清波街道"]
    assert session().scalar(select(func.count()).where(Place.code == "330102")) == 1


def test_a_district_that_nobody_knows_still_has_to_be_entered(app: Flask) -> None:
    with pytest.raises(Refused, match="place_above_missing"):
        enter_place(CLOCK, kind=PlaceKind.STREET, code="888888001", name="无中生有街道")


def test_a_place_entered_by_hand_is_not_renamed_by_the_list(app: Flask) -> None:
    enter_place(CLOCK, kind=PlaceKind.PROVINCE, code="33", name="浙江（本地叫法）")
    enter_place(CLOCK, kind=PlaceKind.STREET, code="330102001", name="清波街道")
    assert chain("330102001")[0].name == "浙江（本地叫法）"
