"""Who took part, by class known from the roll: nothing of fewer than ten, and nothing that gives anybody away."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogov.opinion.rules.classing import (
    Answers,
    Class,
    ClassRow,
    Floor,
    Home,
    Tenure,
    class_answers,
    class_tables,
    classes_of,
    floor_of,
    tenths_words,
    took_words,
)
from cogov.opinion.rules.sight import LEAST

HOMES = {
    number: Home(str(number // 60 + 1), floor_of(f"{number % 60 // 6 + 1}0{number % 6 + 1}"), Tenure.OWNED)
    for number in range(180)
}


def lived(**houses):
    """Return who lives where: so many people of each house, one in a home."""
    first = {"a": 0, "b": 60, "c": 120}
    return {f"{house}{n}": first[house] + n for house, people in houses.items() for n in range(people)}


def told(kept, kind):
    return next(table for table in kept if table["by"] == kind)


@pytest.mark.parametrize(
    ("door", "floor"),
    [("101", Floor.LOW), ("202", Floor.LOW), ("301", Floor.MIDDLE), ("602室", Floor.MIDDLE), ("701", Floor.HIGH),
     ("1504", Floor.HIGH), ("3-1201", Floor.UNKNOWN), ("商铺", Floor.UNKNOWN), ("12", Floor.UNKNOWN),
     ("", Floor.UNKNOWN)],
)  # fmt: skip
def test_the_floor_is_read_from_the_door(door, floor):
    assert floor_of(door) is floor


def test_a_building_with_too_few_is_named_without_a_figure_and_another_keeps_it_company():
    living = (
        {f"a{n}": n for n in range(30)} | {f"b{n}": 60 + n for n in range(20)} | {f"c{n}": 120 + n for n in range(3)}
    )
    kept = classes_of(HOMES, living, {})
    assert told(kept, "building")["rows"] == [["1", 60, 30], ["2", 60, None], ["3", 60, None]]
    rows = class_tables(kept, {"1": "1 号楼", "3": "3 号楼"})[0].rows
    assert [str(took_words(row)) for _, row in rows][:2] == ["30 / 60 户，50%", "不公布：不到 10 户，或者能看出是谁"]
    assert class_tables(kept, {"1": "1 号楼"})[0].quietest == ("2", "3")


def test_where_all_or_all_but_one_took_part_no_figure_says_so():
    living = (
        {f"a{n}": n for n in range(59)} | {f"b{n}": 60 + n for n in range(30)} | {f"c{n}": 120 + n for n in range(20)}
    )
    kept = classes_of(HOMES, living, {})
    assert told(kept, "building")["rows"] == [["1", 60, None], ["2", 60, 30], ["3", 60, 20]]


def test_two_in_one_home_are_one_household_and_two_voices():
    living = {f"a{n}": n // 2 for n in range(40)}
    answers = {who: {"7": 1} for who in living}
    kept = classes_of(HOMES, living, answers)
    assert told(kept, "building")["rows"][0] == ["1", 60, 20]
    assert told(kept, "building")["answers"]["7"][0] == [9, 40]


def test_a_table_that_is_nearly_another_one_is_left_out():
    homes = {n: Home(str(n // 60 + 1), Floor.LOW, Tenure.RENTED if n < 57 else Tenure.OWNED) for n in range(120)}
    living = {str(n): n for n in range(120) if n % 60 < 40 or n in (57, 58, 59)}
    kept = classes_of(homes, living, {})
    assert told(kept, "building")["rows"]
    # Who rents differs from who lives in the first building by three households.
    assert told(kept, "tenure")["rows"] == []
    assert class_tables(kept, {})[2].rows == ()


def test_agreement_is_told_in_tenths_with_open_ends():
    living = lived(a=40)
    answers = {f"a{n}": {"1": 1, "2": -1, "3": 1 if n < 25 else 0, "4": 1} for n in range(40)}
    answers["a39"].pop("4")
    kept = classes_of(HOMES, living, answers)
    cells = told(kept, "building")["answers"]
    assert [cells[name][0] for name in "1234"] == [[9, 40], [0, 40], [6, 40], [9, 40]]
    words = [str(tenths_words(Answers(*cells[name][0]))) for name in "123"]
    assert words == ["九成以上同意（约 40 人）", "不到一成同意（约 40 人）", "6 成多同意（约 40 人）"]
    assert str(tenths_words(Answers(None, 0))) == "不公布"
    assert class_answers(kept, "1")[Class.BUILDING][1] == Answers(None, 0)
    assert class_answers(kept, "unknown") == {}


def test_of_fewer_than_ten_there_is_no_table_at_all():
    kept = classes_of(HOMES, lived(a=9), {f"a{n}": {"1": 1} for n in range(9)})
    assert [(table["rows"], table["answers"]) for table in kept] == [([], {})] * 3


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.integers(0, 200))
def test_whoever_takes_part_no_class_shows_fewer_than_ten_households(seed, people):
    lot = Random(seed)
    living = {str(who): lot.randrange(200) for who in range(people)}
    kept = classes_of(HOMES, living, {who: {"1": lot.choice((1, 0, -1))} for who in living})
    homes = {home for home in living.values() if home in HOMES}
    for table in kept:
        rows = [ClassRow(*row) for row in table["rows"]]
        figures = [row.took_part for row in rows if row.took_part is not None]
        assert all(LEAST <= row.took_part < row.homes - 1 for row in rows if row.took_part is not None)
        rest = len(homes) - sum(figures)
        assert not figures or rest == 0 or rest >= LEAST
        assert all(cell is None or cell[1] >= LEAST for cells in table["answers"].values() for cell in cells)
