"""Who took part, by class: what a result may say of it, and what nobody can work out by laying its tables together."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from cogov.decisions.rules.classes import (
    ClassCell,
    Classes,
    Tenure,
    TenureRow,
    apart,
    classes_of,
    read_classes,
    row_words,
    write_classes,
)
from cogov.decisions.rules.shortage import Sight

OWNER, TENANT = Tenure.OWNER, Tenure.TENANT


def told(*cells, ballots=60):
    return classes_of([ClassCell(*cell) for cell in cells], ballots)


def test_owners_and_tenants_are_told_apart_where_they_live_among_each_other():
    classes = told((1, "1", OWNER, 20, 9), (1, "1", TENANT, 8, 3), (2, "1", OWNER, 30, 12), (2, "1", TENANT, 9, 3))
    assert classes.tenures == (TenureRow(OWNER, 50, 21), TenureRow(TENANT, 17, 6))
    assert [(row.building_id, row.units, row.voted) for row in classes.rows] == [(1, 28, 12), (2, 39, 15)]


def test_tenants_who_are_nearly_one_building_are_not_told_apart():
    """Building 2 less its tenants is one flat: two figures would say whether it voted."""
    assert told((1, "1", OWNER, 30, 9), (2, "1", OWNER, 1, 1), (2, "1", TENANT, 19, 8)).tenures == ()


def test_few_tenants_and_tenants_of_whom_all_or_none_took_part_are_not_told_apart():
    others = (1, "1", OWNER, 30, 9), (2, "1", OWNER, 30, 9)
    for units, voted in ((9, 4), (12, 0), (12, 1), (12, 11), (12, 12)):
        assert told(*others, (1, "1", TENANT, units, voted)).tenures == ()
    assert told(*others, (1, "1", TENANT, 12, 5)).tenures != ()


def test_of_fewer_than_ten_nothing_is_said():
    assert told((1, "1", OWNER, 5, 2), (1, "1", TENANT, 4, 2)) == Classes(60)


def test_owners_decisions_know_no_tenants():
    classes = told((1, "1", None, 30, 9), (2, "1", None, 30, 12))
    assert (classes.tenures, len(classes.rows)) == ((), 2)


def test_what_is_kept_is_read_again():
    classes = told((1, "1", OWNER, 20, 9), (1, "2", TENANT, 18, 3), (1, "2", OWNER, 22, 9), (2, "", OWNER, 3, 3))
    assert read_classes(write_classes(classes)) == classes
    assert read_classes("") is None
    assert {str(row_words(row)) for row in classes.rows if row.voted is None} == {"户数少，合在一起算，不单独显示"}


SHAPES = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from("12"), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each[:2],
)


@settings(max_examples=300, deadline=None)
@given(SHAPES)
def test_no_union_of_published_cells_comes_within_ten_units_of_owners_or_tenants(shape):
    """The attack: take one figure from the other, and what is left is a handful of doors."""
    cells = []
    for building, staircase, owners, tenants, voted in shape:
        cells.append(ClassCell(building, staircase, OWNER, owners, min(owners, voted)))
        cells.append(ClassCell(building, staircase, TENANT, tenants, min(tenants, voted // 2)))
    classes = classes_of(cells, 0)
    if not classes.tenures:
        return
    doors = {(c.building_id, c.staircase, c.tenure, n) for c in cells for n in range(c.units)}
    rented = {door for door in doors if door[2] is TENANT}
    shown = [row for row in classes.rows if row.sight is Sight.FIGURE]
    published = [{d for d in doors if d[0] == row.building_id and row.staircase in (None, d[1])} for row in shown]
    # Whatever sums and differences of nested figures there are, they are unions of the innermost of them.
    atoms = _atoms([doors, *published])
    unions = [set().union(*some) for size in range(len(atoms) + 1) for some in combinations(atoms, size)]
    assert min(len(union ^ rented) for union in unions) >= 10
    assert apart(cells, classes.rows) == min(len(union ^ rented) for union in unions)


def _atoms(sets):
    atoms = [sets[0]]
    for each in sets[1:]:
        atoms = [part for atom in atoms for part in (atom & each, atom - each) if part]
    return atoms
