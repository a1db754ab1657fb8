"""Co-owners by shares: each casts for a part of the area, and the head counts where more than half of it goes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cogov.cli.counting import turnouts
from cogov.decisions.commands import cast_ballot, give_mandate, support_motion
from cogov.decisions.models import Ballot, Closing, Decision, ElectorateHead
from cogov.decisions.queries import frozen_options, needs, shown_decision, simulations
from cogov.decisions.queries.bulletin import bundle_text
from cogov.decisions.rules.co_owning import co_owner_sentence
from cogov.decisions.rules.electorate import Electorate, RollOwner, RollUnit, owners_of
from cogov.decisions.rules.freezing import fingerprint, freeze, thaw
from cogov.decisions.rules.law import CoOwners
from cogov.decisions.rules.parts import FINEST, count_parts, cut_up, misfits, most_of, part_key, weights
from cogov.decisions.rules.ruling import edit_of, edited, why_not_rule
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.sums import square_metres
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.db import found, session
from cogov.people.rules import CLOCK
from cogov.places.commands import set_shares
from cogov.places.rules import OwnerKind
from cogov.problems.rules.lanes import RuleCode
from tests.databases import both
from tests.decisions.conftest import YES_NO, Vote, option, turnout
from tests.decisions.test_course_pages import page
from tests.decisions.test_mandates import ballots, refused
from tools.recount import recount

HALF, THIRD, WHOLE = Fraction(1, 2), Fraction(1, 3), Fraction(1)
OWNERS = [RollOwner(n, OwnerKind.PERSON, (100 + n,)) for n in range(1, 6)]


def unit(number: int, area: int | None, **shares: Fraction) -> RollUnit:
    """A unit of owners `o<number>`, with the share of each."""
    held = tuple((int(name[1:]), share) for name, share in shares.items())
    return RollUnit(number, 1, "1", area, tuple(owner for owner, _ in held), shares=tuple(h for h in held if h[1]))


def cut(*units: RollUnit) -> Electorate:
    return cut_up(owners_of(units, OWNERS), units, OWNERS)


# Rules ----------------------------------------------------------------------------------------------------------------


def test_each_share_is_a_voice_with_whole_hundredths_and_all_of_a_unit_are_one_head() -> None:
    electorate = cut(
        unit(1, 8_945, o1=HALF, o2=HALF), unit(2, 7_000, o3=THIRD, o4=THIRD, o5=THIRD), unit(3, 100, o1=Fraction(1))
    )
    assert electorate.totals == Turnout(3, 8_945 + 7_000 + 100)
    assert {head.key: (head.area, head.person_ids) for head in electorate.heads} == {
        "o1": (100, (101,)),
        "o1-2/1/1": (4_473, (101,)),
        "o1-2/2/1": (4_472, (102,)),
        "o3-4-5/3/1": (2_334, (103,)),
        "o3-4-5/4/1": (2_333, (104,)),
        "o3-4-5/5/1": (2_333, (105,)),
    }
    assert [head.key for head in electorate.heads_of(101)] == ["o1", "o1-2/1/1"]


def test_what_is_missing_of_the_whole_stays_in_the_area_and_belongs_to_nobody() -> None:
    electorate = cut(unit(1, 9_000, o1=HALF, o2=THIRD))
    assert [(head.key, head.area, head.person_ids) for head in electorate.heads] == [
        ("o1-2/0/1", 1_500, ()),
        ("o1-2/1/3", 4_500, (101,)),
        ("o1-2/2/2", 3_000, (102,)),
    ]
    assert electorate.totals == Turnout(1, 9_000)
    assert electorate.heads_without_verified_person == ()


def test_where_a_share_is_not_registered_the_head_is_not_cut_and_all_mark_it_alike() -> None:
    electorate = cut(unit(1, 9_000, o1=HALF, o2=Fraction(0)), unit(2, None, o3=HALF, o4=HALF))
    assert [head.key for head in electorate.heads] == ["o1-2", "o3-4/3/1", "o3-4/4/1"]
    assert [head.area for head in electorate.heads] == [9_000, 0, 0]
    assert electorate.total_heads == 2


def test_several_units_of_the_same_co_owners_are_one_head_with_the_mean_of_the_shares() -> None:
    electorate = cut(unit(1, 6_000, o1=HALF, o2=HALF), unit(2, 6_000, o1=THIRD, o2=2 * THIRD))
    assert [(head.key, head.area) for head in electorate.heads] == [
        ("o1-2/1/5", 5_000),
        ("o1-2/2/7", 7_000),
    ]


def test_shares_that_no_sum_can_hold_leave_their_heads_whole_and_are_named() -> None:
    electorate = cut(unit(1, 9_000, o1=HALF, o2=2 * THIRD), unit(2, 7_000, o3=HALF, o4=HALF))
    assert [head.key for head in electorate.heads] == ["o1-2", "o3-4/3/1", "o3-4/4/1"]
    assert electorate.totals == Turnout(2, 16_000)
    [misfit] = misfits(electorate)
    assert (misfit.refusal.code, misfit.unit_ids) == ("shares_above_one", (1,))
    primes = (9_973, 9_967, 9_949, 9_941, 9_931, 9_929, 9_923)
    units = [unit(n, 1, o1=Fraction(1, prime), o2=Fraction(1, 2)) for n, prime in enumerate(primes)]
    electorate = cut(*units)  # seven flats of the same two: the weight would not fit its column
    assert [head.key for head in electorate.heads] == ["o1-2"]
    [misfit] = misfits(electorate)
    assert (misfit.refusal.code, misfit.unit_ids) == ("shares_too_fine", tuple(range(7)))
    assert misfits(cut(unit(1, 9_000, o1=HALF, o2=THIRD))) == ()


def test_flats_with_ordinary_shares_of_large_denominators_make_no_vote_impossible() -> None:
    told = ((1, 3_852, 9_133), (2, 4_021, 8_999), (3, 1_307, 7_919))
    electorate = cut(*(unit(n, 8_945, o1=Fraction(a, b), o2=1 - Fraction(a, b), o3=Fraction(0)) for n, a, b in told))
    assert electorate.totals == Turnout(1, 3 * 8_945)
    apart = cut(*(unit(n, 8_945, **{f"o{n}": Fraction(a, b), f"o{n + 1}": 1 - Fraction(a, b)}) for n, a, b in told))
    assert apart.totals == Turnout(3, 3 * 8_945)


def test_a_sum_of_areas_has_no_fraction_that_tells_whose_shares_are_in_it() -> None:
    electorate = cut(unit(1, 8_945, o1=HALF, o2=HALF), unit(2, 7_000, o3=THIRD, o4=2 * THIRD))
    assert square_metres(sum(head.area for head in electorate.heads[::2])) == "68.06"
    assert electorate.total_area == 15_945


@pytest.mark.parametrize(
    ("marked", "took_part", "agreed"),
    [
        ({"a": "1:1"}, Turnout(0, 30), Turnout(0, 30)),  # half is not more than half
        ({"a": "1:1", "b": "1:1"}, Turnout(1, 50), Turnout(1, 50)),
        ({"a": "1:1", "b": "2:1"}, Turnout(1, 50), Turnout(0, 30)),  # took part, agreed to nothing
        ({"a": "1:1", "b": "2:1", "c": "1:1"}, Turnout(1, 60), Turnout(1, 40)),
        ({"a": "1:1", "x": "1:1"}, Turnout(1, 37), Turnout(1, 37)),
        ({}, Turnout(0, 0), Turnout(0, 0)),
    ],
)
def test_a_head_counts_where_more_than_half_of_it_goes(
    marked: dict[str, str], took_part: Turnout, agreed: Turnout
) -> None:
    keys = {"a": "o1-2-3/1/3", "b": "o1-2-3/2/2", "c": "o1-2-3/3/1", "x": "o9"}
    roll = {"o1-2-3/1/3": 30, "o1-2-3/2/2": 20, "o1-2-3/3/1": 10, "o9": 7}
    all_of_it, by_marks = count_parts(roll.items(), [(keys[name], marks) for name, marks in marked.items()])
    assert (all_of_it, by_marks.get("1:1", Turnout(0, 0))) == (took_part, agreed)


@given(
    some.lists(
        some.tuples(some.integers(1, 20_000), some.lists(some.integers(1, 4), min_size=2, max_size=3)),
        min_size=1,
        max_size=6,
    )
)
def test_parts_add_up_to_the_whole_and_no_two_choices_have_most_of_one_head(told: list[tuple[int, list[int]]]) -> None:
    units = [
        unit(n, area, **{f"o{i + 1}": Fraction(w, sum(weighed)) for i, w in enumerate(weighed)})
        for n, (area, weighed) in enumerate(told)
    ]
    electorate = cut(*units)
    assert electorate.total_area == sum(area for area, _ in told)
    keys = [head.key for head in electorate.heads]
    whole = weights(keys)
    assert min(head.area for head in electorate.heads) >= 0
    one, other = most_of(keys[::2], whole), most_of(keys[1::2], whole)
    assert one.isdisjoint(other)


def test_a_key_of_very_many_co_owners_stays_within_its_column() -> None:
    assert len(part_key("o" + "-".join(map(str, range(10**8, 10**8 + 9)))[:79], 2**63, FINEST)) <= 80


def test_a_place_may_have_shares_but_not_where_all_must_agree_and_the_card_says_how() -> None:
    def by_shares(code: RuleCode) -> Any:
        return edited(RULES[code], replace(edit_of(RULES[code]), co_owners=CoOwners.SHARES), 9)

    assert why_not_rule(by_shares(RuleCode.R1)) is None
    assert why_not_rule(by_shares(RuleCode.R2)) is None
    assert found(why_not_rule(by_shares(RuleCode.R3))).code == "shares_outvote"
    assert found(why_not_rule(by_shares(RuleCode.R5))).code == "co_owners_unfit"
    assert thaw(freeze(by_shares(RuleCode.R1))).co_owners is CoOwners.SHARES
    assert "过半的份额" in str(co_owner_sentence(by_shares(RuleCode.R1)))
    assert "不按份额拆票" in str(co_owner_sentence(RULES[RuleCode.R1]))


def test_a_share_that_changes_changes_the_fingerprint() -> None:
    one, other = cut(unit(1, 900, o1=HALF, o2=HALF)), cut(unit(1, 900, o1=THIRD, o2=2 * THIRD))
    assert fingerprint(RULES[RuleCode.R1], YES_NO, one) != fingerprint(RULES[RuleCode.R1], YES_NO, other)


# A vote ---------------------------------------------------------------------------------------------------------------


def said(text: str) -> tuple[int, list[str]]:
    lines: list[str] = []
    return recount(text.encode(), tell=lines.append), lines


@both
def test_co_owners_cast_for_their_shares_and_the_bundle_is_recounted(shares: Vote) -> None:
    cast = shares.cast
    motion = shares.move("owner")
    assert refused(support_motion, cast.co_owner, motion.id) == "head_supported"  # one head supports once
    [simulated] = simulations(motion)
    assert (simulated.heads, simulated.split_heads, simulated.shares_uncast) == (20, 1, 0)
    decision = shares.opened(question="再问一次：建不建")
    agree, disagree = option(decision, 1), option(decision, 2)
    assert (decision.heads_total, decision.area_total % 100) == (20, 0)
    [mine] = shown_decision(cast.owner, decision.id).mine
    assert (mine.share, mine.area) == (THIRD, 2_667)

    cast_ballot(cast.owner, decision.id, option_id=agree)
    assert turnout(decision) == (1, 2_667)
    cast_ballot(cast.owner, decision.id, option_id=disagree)  # one's own share alone is replaced
    cast_ballot(cast.co_owner, decision.id, option_id=agree)
    cast_ballot(cast.neighbour, decision.id, option_id=agree)
    assert [(each.person_id, each.marks) for each in ballots(decision)] == [
        (cast.owner.person_id, "2:1"),
        (cast.co_owner.person_id, "1:1"),
        (cast.neighbour.person_id, "1:1"),
    ]
    assert list(turnouts()) == []

    closing = shares.closed(decision)
    session().refresh(decision)
    neighbour = 8_300
    assert [(o.heads, o.area) for o in frozen_options(decision.id)] == [
        (2, 5_333 + neighbour),
        (0, 2_667),
        (0, 0),
    ]
    shown = shown_decision(cast.owner, decision.id)
    assert found(shown.result).turnout == Turnout(2, 8_000 + neighbour)
    assert "163.00 m²" in closing.outcome
    for full in (False, True):
        text = bundle_text(decision, full=full)
        assert said(text)[0] == 0, said(text)[1]


def test_where_no_choice_has_most_of_a_head_it_takes_part_and_agrees_to_nothing(shares: Vote, client_of: Any) -> None:
    cast = shares.cast
    set_shares(CLOCK, unit_id=cast.unit_ids[0], shares={"owner": HALF, "co_owner": HALF})
    decision = shares.opened()
    told = page(client_of("owner"), f"/decisions/{decision.id}")
    assert "您的份额 1/2，40.00 m²" in told
    cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
    cast_ballot(cast.co_owner, decision.id, option_id=option(decision, 2))
    shares.closed(decision)
    assert [o.heads for o in frozen_options(decision.id)] == [0, 0, 0]
    closing = session().query(Closing).filter_by(decision_id=decision.id).one()
    assert "另有 1 户，共有人选的没有一项过半" in closing.outcome
    shown = page(client_of(None), f"/decisions/{decision.id}")
    assert "共有人没有过半一致" in shown
    session().refresh(decision)
    assert said(bundle_text(decision, full=True))[0] == 0
    assert said(bundle_text(decision, full=False))[0] == 0


def test_a_changed_share_is_found_by_the_one_file_verifier(shares: Vote) -> None:
    decision = shares.opened()
    cast_ballot(shares.cast.co_owner, decision.id, option_id=option(decision, 1))
    shares.closed(decision)
    session().refresh(decision)
    text = bundle_text(decision, full=True)
    key = session().query(ElectorateHead.key).filter(ElectorateHead.key.endswith("/2")).scalar()
    assert key is not None
    assert key in text
    assert said(text.replace(key, key[:-1] + "1"))[0] == 1


def test_a_proxy_casts_for_the_share_of_who_sent_them_and_no_other(shares: Vote) -> None:
    cast, decision = shares.cast, shares.opened()
    give_mandate(cast.owner, decision.id, proxy="化名tenant")
    cast_ballot(cast.tenant, decision.id, option_id=option(decision, 1))
    [ballot] = ballots(decision)
    key = session().query(ElectorateHead.key).filter_by(id=ballot.head_id).scalar()
    assert key.endswith("/1")
    assert turnout(decision) == (1, 2_667)
    assert [need.kind for need in needs(cast.co_owner)] == ["vote"]  # the other share still waits


def test_without_registered_shares_all_co_owners_mark_one_ballot_alike(shares: Vote) -> None:
    cast = shares.cast
    set_shares(CLOCK, unit_id=cast.unit_ids[0], shares={"owner": Fraction(0), "co_owner": Fraction(0)})
    [simulated] = simulations(shares.move())
    assert (simulated.split_heads, simulated.joint_heads) == (0, 1)
    decision: Decision = shares.opened(question="再问一次：建不建")
    cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
    assert session().query(Ballot).filter_by(decision_id=decision.id).count() == 0
    cast_ballot(cast.co_owner, decision.id, option_id=option(decision, 1))
    assert turnout(decision) == (1, 8_000)
