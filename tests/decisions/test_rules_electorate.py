"""From the roll to heads: Civil Code 278(2) with Supreme Court interpretation 8 and 9, and what they leave open."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov.decisions.rules.electorate import (
    Reach,
    RollHousehold,
    RollOwner,
    RollUnit,
    households_of,
    members_of,
    owners_of,
)
from cogov.decisions.rules.law import Parking
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.simulation import simulate
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.refusals import Refused
from cogov.places.rules import OwnerKind, UnitUse
from cogov.problems.rules.lanes import RuleCode


def flat(number, *owners, area: int | None = 8_000, building=1, staircase="1", **more):
    return RollUnit(number, building, staircase, area, owners, **more)


def person(number, *person_ids):
    return RollOwner(number, OwnerKind.PERSON, person_ids)


DEVELOPER = RollOwner(90, OwnerKind.DEVELOPER, (900,))


def keys(electorate):
    return {head.key: head.unit_ids for head in electorate.heads}


def test_one_owner_of_five_flats_is_one_head_with_the_area_of_five():
    electorate = owners_of(
        [flat(n, 1, area=7_000 + n) for n in range(1, 6)] + [flat(6, 2)], [person(1, 11), person(2, 12)]
    )
    assert keys(electorate) == {"o1": (1, 2, 3, 4, 5), "o2": (6,)}
    assert electorate.heads[0].area == 35_015
    assert electorate.totals == Turnout(2, 43_015)
    assert electorate.units == 6


def test_a_developer_with_forty_unsold_flats_and_one_kept_is_one_head():
    unsold = [flat(n, 90, unsold=True) for n in range(1, 41)]
    electorate = owners_of([*unsold, flat(41, 90), flat(42, 1)], [person(1, 11), DEVELOPER])
    assert {key: len(units) for key, units in keys(electorate).items()} == {"d90": 41, "o1": 1}
    assert electorate.heads_of(900)[0].area == 41 * 8_000


def test_a_flat_sold_but_not_handed_over_is_the_developers_and_its_buyer_no_voter_yet():
    electorate = owners_of(
        [flat(1, 1, unsold=True), flat(2, unsold=True), flat(3, 90, unsold=True)], [person(1, 11), DEVELOPER]
    )
    assert keys(electorate) == {"d90": (1, 2, 3)}
    assert electorate.heads_of(11) == ()
    assert electorate.units_without_owner == ()


def test_unsold_flats_of_an_unnamed_developer_are_one_head_without_a_voter():
    electorate = owners_of([flat(1, unsold=True), flat(2, unsold=True), flat(3, 1)], [person(1, 11)])
    assert keys(electorate) == {"d": (1, 2), "o1": (3,)}
    assert electorate.heads_without_verified_person == ("d",)


def test_two_developers_are_two_heads_and_what_neither_claims_is_a_third():
    units = [flat(1, 90, unsold=True), flat(2, 91, unsold=True), flat(3, unsold=True)]
    assert keys(owners_of(units, [DEVELOPER, replace(DEVELOPER, owner_id=91)])) == {"d90": (1,), "d91": (2,), "d": (3,)}


def test_co_owners_of_a_flat_are_one_head_and_each_of_them_may_cast():
    electorate = owners_of([flat(1, 2, 1)], [person(1, 11), person(2, 12, 11)])
    assert [(head.key, head.owner_ids, head.person_ids) for head in electorate.heads] == [("o1-2", (1, 2), (11, 12))]


def test_the_same_couple_with_two_flats_is_one_buyer_in_whatever_order_they_are_written():
    assert keys(owners_of([flat(1, 1, 2), flat(2, 2, 1)], [person(1), person(2)])) == {"o1-2": (1, 2)}


def test_owners_that_overlap_but_differ_are_different_heads_and_the_one_in_both_is_a_voter_of_both():
    electorate = owners_of([flat(1, 1), flat(2, 1, 2)], [person(1, 11), person(2, 12)])
    assert keys(electorate) == {"o1": (1,), "o1-2": (2,)}
    assert [head.key for head in electorate.heads_of(11)] == ["o1", "o1-2"]
    assert [head.key for head in electorate.heads_of(12)] == ["o1-2"]


def test_a_flat_without_area_is_a_head_adds_nothing_and_is_reported():
    electorate = owners_of([flat(1, 1, area=None), flat(2, 2)], [person(1, 11), person(2, 12)])
    assert electorate.totals == Turnout(2, 8_000)
    assert electorate.units_without_area == (1,)


def test_a_flat_whose_owner_is_unknown_stays_in_both_denominators():
    electorate = owners_of([flat(1), flat(2), flat(3, 3)], [person(3)])
    assert keys(electorate) == {"u1": (1,), "u2": (2,), "o3": (3,)}
    assert electorate.totals == Turnout(3, 24_000)
    assert electorate.units_without_owner == (1, 2)
    assert electorate.heads_without_verified_person == ("o3", "u1", "u2")


def test_a_parking_space_without_area_is_no_unit_and_one_with_area_joins_its_buyer():
    units = [
        flat(1, 1),
        flat(2, 1, area=1_250, use=UnitUse.PARKING),
        flat(3, 2, area=None, use=UnitUse.PARKING),
        flat(4, 2, area=None, use=UnitUse.STORAGE),
        flat(5, 3, area=1_300, use=UnitUse.PARKING),
        flat(6, 4, area=None, use=UnitUse.SHOP),
    ]
    electorate = owners_of(units, [person(n) for n in range(1, 5)])
    assert keys(electorate) == {"o1": (1, 2), "o3": (5,), "o4": (6,)}
    assert electorate.total_area == 8_000 + 1_250 + 1_300
    assert (electorate.units, electorate.units_left_out, electorate.units_without_area) == (4, (3, 4), (6,))
    without = owners_of(units, [person(n) for n in range(1, 5)], parking=Parking.LEFT_OUT)
    assert keys(without) == {"o1": (1,), "o4": (6,)}  # who owns nothing but parking is no voter then
    assert (without.total_area, without.units_left_out) == (8_000, (2, 3, 4, 5))


def test_those_who_sit_in_a_body_are_one_head_each_in_whatever_order_and_however_often_they_are_named():
    electorate = members_of([12, 7, 12])
    assert keys(electorate) == {"m12": (), "m7": ()}
    assert electorate.totals == Turnout(2, 0)
    assert electorate.heads_of(7)[0].person_ids == (7,)
    assert electorate.heads_of(1) == ()
    assert members_of([7, 12]) == electorate


def test_a_simulation_says_what_the_notice_would_freeze_and_what_the_rule_would_ask():
    units = [*(flat(n, n) for n in range(1, 10)), flat(10, 1), flat(11), flat(12, 2, area=None)]
    people = [person(n, *((n + 100,) if n < 4 else ())) for n in range(1, 10)]
    told = simulate(RULES[RuleCode.R2], owners_of(units, people))
    assert (told.heads, told.units, told.area) == (10, 12, 11 * 8_000)
    assert (told.heads_without_verified_person, told.units_without_area, told.units_without_owner) == (7, 1, 1)
    assert told.quorum == Turnout(7, 58_667)  # two thirds of 10 and of 88,000
    assert told.fewest == Turnout(6, 44_001)  # three quarters of just that
    assert told.most == Turnout(8, 66_000)
    advice = simulate(RULES[RuleCode.R5], members_of([1, 2, 3]))
    assert (advice.quorum, advice.fewest, advice.most) == (None, None, Turnout(2, 0))
    unanimous = simulate(RULES[RuleCode.R3], owners_of(units, people, Reach(1)))
    assert unanimous.most == Turnout(10, 0)


def test_a_staircase_decides_for_itself_and_counts_its_own_flats_only():
    units = [flat(1, 1), flat(2, 1, staircase="2"), flat(3, 2, staircase="2"), flat(4, 1, building=2, staircase="2")]
    owners = [person(1, 11), person(2, 12)]
    assert keys(owners_of(units, owners, Reach(1, "2"))) == {"o1": (2,), "o2": (3,)}
    assert keys(owners_of(units, owners, Reach(1))) == {"o1": (1, 2), "o2": (3,)}
    assert keys(owners_of(units, owners)) == {"o1": (1, 2, 4), "o2": (3,)}
    with pytest.raises(ValueError, match="building"):
        Reach(staircase="2")


def test_a_motion_names_its_reach_by_scope_building_and_staircase():
    assert Reach.of(Scope.COMMUNITY, None, "") == Reach()
    assert Reach.of(Scope.BUILDING, 1, "") == Reach(1)
    assert Reach.of(Scope.STAIRCASE, 1, "2") == Reach(1, "2")
    for scope, building in ((Scope.COMMUNITY, 1), (Scope.BUILDING, None), (Scope.STAIRCASE, None)):
        with pytest.raises(ValueError, match="building"):
            Reach.of(scope, building, "2")


def test_very_many_co_owners_are_one_head_whose_key_stays_short_and_its_own():
    owners = [person(n) for n in range(100_000, 100_040)]
    ids = [owner.owner_id for owner in owners]
    keys_ = [head.key for head in owners_of([flat(1, *ids), flat(2, *ids[1:]), flat(3, *ids)], owners).heads]
    assert len(keys_) == 2
    assert all(len(key) <= 80 for key in keys_)


@pytest.mark.parametrize(
    ("units", "owners", "code"),
    [
        ([flat(1, 1), flat(1, 2)], [person(1), person(2)], "unit_twice"),
        ([flat(1, 1)], [person(1), person(1)], "owner_twice"),
        ([flat(1, 1, area=-1)], [person(1)], "area_not_positive"),
        ([flat(1, 1, area=0)], [person(1)], "area_not_positive"),
        ([flat(1, 1, 7)], [person(1)], "owner_unknown"),
    ],
)
def test_a_roll_that_contradicts_itself_is_not_counted(units, owners, code):
    with pytest.raises(Refused) as refused:
        owners_of(units, owners)
    assert refused.value.refusal.code == code


def test_a_household_is_a_flat_with_a_verified_resident_whoever_owns_it():
    dwellings = [
        RollHousehold(1, 1, "1", (11, 12)),
        RollHousehold(2, 1, "1", ()),
        RollHousehold(3, 1, "2", (13,)),
        RollHousehold(4, 2, "1", (11,)),
    ]
    assert [(head.key, head.person_ids) for head in households_of(dwellings).heads] == [
        ("h1", (11, 12)),
        ("h3", (13,)),
        ("h4", (11,)),
    ]
    assert households_of(dwellings, Reach(1)).totals == Turnout(2, 0)
    assert households_of(dwellings, Reach(1)).units == 2


OWNERS = [person(n, 100 + n) for n in range(1, 5)] + [DEVELOPER]
ROLLS = st.lists(
    st.tuples(
        st.lists(st.sampled_from([1, 2, 3, 4, 90]), max_size=3).map(tuple),
        st.one_of(st.none(), st.integers(1, 20_000)),
        st.booleans(),
        st.sampled_from(UnitUse),
    ),
    max_size=14,
)


@given(ROLLS)
def test_every_unit_belongs_to_exactly_one_head_and_no_area_is_lost(rows):
    units = [flat(n, *owners, area=area, unsold=unsold, use=use) for n, (owners, area, unsold, use) in enumerate(rows)]
    electorate = owners_of(units, OWNERS)
    held = [unit for head in electorate.heads for unit in head.unit_ids]
    assert sorted([*held, *electorate.units_left_out]) == [unit.unit_id for unit in units]
    assert electorate.units == len(held)
    assert electorate.total_area == sum(unit.area or 0 for unit in units)
    assert len({head.key for head in electorate.heads}) == electorate.total_heads
    assert sum(head.key.startswith("d") for head in electorate.heads) <= 1


@given(ROLLS, st.randoms(use_true_random=False))
def test_the_order_of_the_roll_does_not_matter(rows, dice):
    units = [flat(n, *owners, area=area, unsold=unsold, use=use) for n, (owners, area, unsold, use) in enumerate(rows)]
    shuffled = dice.sample(units, len(units))
    assert owners_of(shuffled, reversed(OWNERS)) == owners_of(units, OWNERS)
