"""The result at the boundaries of the law, in whole numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov.decisions.rules.outcome import Count, TestName, outcome, participation_tests, still_missing
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import Verdict
from cogov.decisions.rules.thresholds import Base, Threshold, Turnout
from cogov.problems.rules.lanes import RuleCode

ORDINARY, MAJOR, ADVISORY = (RULES[code] for code in (RuleCode.R1, RuleCode.R2, RuleCode.R5))
UNANIMITY, MEETING, COMMITTEE = (RULES[code] for code in (RuleCode.R3, RuleCode.R4, RuleCode.R12))
FLAT = 10_000
AREA = 306 * FLAT


def vote(rule, agree, disagree=(0, 0), abstain=(0, 0), totals=(306, AREA)):
    """Count a yes/no motion; each argument is (heads, area)."""
    counts = [Count(position, *each) for position, each in enumerate((agree, disagree, abstain), start=1)]
    turnout = Turnout(sum(count.heads for count in counts), sum(count.area for count in counts))
    return outcome(rule, Turnout(*totals), turnout, counts, agreeing=1)


def flats(n):
    return n, n * FLAT


def named(result, name):
    return next(test for test in result.tests if test.name is name)


def test_exactly_two_thirds_of_heads_and_area_are_a_quorum():
    result = vote(ORDINARY, flats(204))
    assert result.verdict is Verdict.PASSED
    heads = named(result, TestName.PARTICIPATION_HEADS)
    assert (heads.part, heads.base, heads.need, heads.missing, heads.met) == (204, 306, 204, 0, True)
    assert heads.threshold == Fraction(2, 3)
    assert heads.inclusive


def test_one_head_short_of_two_thirds_is_no_quorum_even_when_everybody_agrees():
    result = vote(ORDINARY, (203, 204 * FLAT))
    assert result.verdict is Verdict.NO_QUORUM
    assert [test.name for test in result.tests if not test.met] == [TestName.PARTICIPATION_HEADS]
    assert named(result, TestName.PARTICIPATION_HEADS).missing == 1


def test_one_hundredth_of_a_square_metre_short_is_no_quorum():
    result = vote(ORDINARY, (204, 204 * FLAT - 1))
    assert result.verdict is Verdict.NO_QUORUM
    area = named(result, TestName.PARTICIPATION_AREA)
    assert (area.met, area.missing) == (False, 1)


def test_where_two_thirds_are_no_whole_number_the_next_one_is_needed():
    assert vote(ORDINARY, flats(204), totals=(307, AREA)).verdict is Verdict.NO_QUORUM
    assert vote(ORDINARY, flats(205), totals=(307, AREA)).verdict is Verdict.PASSED


def test_exactly_half_of_the_participants_is_no_majority():
    assert vote(ORDINARY, flats(102), flats(102)).verdict is Verdict.FAILED


def test_half_the_heads_with_most_of_the_area_fails_and_so_does_half_the_area_with_most_of_the_heads():
    assert vote(ORDINARY, (103, 150 * FLAT), (103, 60 * FLAT)).verdict is Verdict.FAILED
    assert vote(ORDINARY, (150, 102 * FLAT), (54, 102 * FLAT)).verdict is Verdict.FAILED
    assert vote(ORDINARY, (103, 102 * FLAT + 1), (102, 102 * FLAT)).verdict is Verdict.PASSED


def test_exactly_three_quarters_of_the_participants_pass():
    assert vote(MAJOR, flats(153), flats(51)).verdict is Verdict.PASSED
    assert vote(MAJOR, (153, 153 * FLAT - 1), (51, 51 * FLAT + 1)).verdict is Verdict.FAILED
    assert vote(MAJOR, (152, 153 * FLAT), (52, 51 * FLAT)).verdict is Verdict.FAILED


def test_a_majority_short_of_three_quarters_hires_a_firm_and_builds_no_lift():
    assert vote(ORDINARY, flats(150), flats(54)).verdict is Verdict.PASSED
    assert vote(MAJOR, flats(150), flats(54)).verdict is Verdict.FAILED


def test_abstaining_makes_the_quorum_and_agrees_to_nothing():
    result = vote(ORDINARY, flats(102), abstain=flats(102))
    assert result.verdict is Verdict.FAILED
    assert all(test.met for test in result.tests[:2])


def test_when_all_abstain_nothing_passes():
    assert vote(ORDINARY, (0, 0), abstain=flats(306)).verdict is Verdict.FAILED
    assert vote(ADVISORY, (0, 0), abstain=(20, 0), totals=(40, 0)).verdict is Verdict.FAILED


def test_a_boycott_by_more_than_a_third_leaves_nothing_decided():
    assert vote(ORDINARY, flats(306 - 103)).verdict is Verdict.NO_QUORUM
    assert vote(ORDINARY, flats(306 - 102)).verdict is Verdict.PASSED


def test_one_large_owner_who_stays_away_breaks_the_area_quorum_alone():
    assert vote(ORDINARY, (10, 6_600), totals=(11, 10_000)).verdict is Verdict.NO_QUORUM


def test_an_electorate_of_one_head_decides_by_that_head():
    assert vote(MAJOR, flats(1), totals=flats(1)).verdict is Verdict.PASSED
    assert vote(MAJOR, (0, 0), flats(1), totals=flats(1)).verdict is Verdict.FAILED
    assert vote(MAJOR, (0, 0), totals=flats(1)).verdict is Verdict.NO_QUORUM


def test_of_three_heads_two_are_enough_to_meet_and_both_have_to_agree():
    assert vote(ORDINARY, flats(2), totals=flats(3)).verdict is Verdict.PASSED
    assert vote(ORDINARY, flats(1), flats(1), totals=flats(3)).verdict is Verdict.FAILED


def test_without_any_known_area_there_is_no_quorum_of_area():
    assert vote(ORDINARY, (306, 0), totals=(306, 0)).verdict is Verdict.NO_QUORUM


def test_advice_needs_no_quorum_but_more_than_half_of_the_households_that_answered():
    assert vote(ADVISORY, (2, 0), (1, 0), totals=(300, 0)).verdict is Verdict.PASSED
    assert vote(ADVISORY, (2, 0), (2, 0), totals=(300, 0)).verdict is Verdict.FAILED
    assert vote(ADVISORY, (0, 0), totals=(300, 0)).verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("agree", "disagree", "abstain", "verdict"),
    [
        (flats(24), flats(0), flats(0), Verdict.PASSED),
        (flats(23), flats(1), flats(0), Verdict.FAILED),  # one against
        (flats(23), flats(0), flats(1), Verdict.FAILED),  # one abstains
        (flats(23), flats(0), flats(0), Verdict.FAILED),  # one is silent, or nobody knows the owner
        ((23, 24 * FLAT), (1, 0), flats(0), Verdict.FAILED),  # one without any area
        (flats(0), flats(0), flats(0), Verdict.FAILED),
    ],
)
def test_unanimity_is_of_all_of_the_building_and_silence_is_no_consent(agree, disagree, abstain, verdict):
    assert vote(UNANIMITY, agree, disagree, abstain, totals=(24, 24 * FLAT)).verdict is verdict


@pytest.mark.parametrize(
    ("agree", "disagree", "verdict"),
    [
        (26, 25, Verdict.PASSED),  # 51 of 100 are there
        (25, 25, Verdict.NO_QUORUM),  # exactly half is not more than half
        (26, 26, Verdict.FAILED),  # nor is it of those who are there
        (50, 0, Verdict.NO_QUORUM),
        (51, 0, Verdict.PASSED),
        (0, 0, Verdict.NO_QUORUM),
    ],
)
def test_a_residents_meeting_takes_more_than_half_and_more_than_half_of_those(agree, disagree, verdict):
    assert vote(MEETING, (agree, 0), (disagree, 0), totals=(100, 0)).verdict is verdict


@pytest.mark.parametrize(
    ("agree", "disagree", "verdict"),
    [
        (4, 1, Verdict.PASSED),
        (3, 1, Verdict.FAILED),  # more than half of those who came, but not of all seven
        (4, 0, Verdict.PASSED),
        (3, 0, Verdict.NO_QUORUM),
    ],
)
def test_a_committee_decides_by_more_than_half_of_all_its_members(agree, disagree, verdict):
    assert vote(COMMITTEE, (agree, 0), (disagree, 0), totals=(7, 0)).verdict is verdict


def test_the_gauges_say_what_is_missing_and_round_area_up():
    missing = still_missing(ORDINARY, Turnout(306, AREA), Turnout(192, 204 * FLAT - 84_201))
    assert (missing.heads, missing.area, missing.square_metres) == (12, 84_201, 843)
    assert str(missing.words) == "还差 12 户、843 m² 才够数"
    one_short = still_missing(ORDINARY, Turnout(306, AREA), Turnout(300, 204 * FLAT - 1))
    assert str(one_short.words) == "还差 1 m² 才够数"
    assert str(still_missing(ORDINARY, Turnout(306, AREA), Turnout(203, AREA)).words) == "还差 1 户才够数"
    assert str(still_missing(ORDINARY, Turnout(306, AREA), Turnout(*flats(204))).words) == "已经够数"
    assert still_missing(ADVISORY, Turnout(300, 0), Turnout(0, 0)).heads == 0


@pytest.mark.parametrize(
    ("turnout", "counts", "complaint"),
    [
        ((3, 30), [(1, 2, 30)], "add up"),
        ((3, 30), [(1, 3, 29)], "add up"),
        ((3, 30), [(1, 4, 30), (2, -1, 0)], "negative"),
        ((3, 30), [(1, 2, 20), (1, 1, 10)], "twice"),
        ((11, 30), [(1, 11, 30)], "more took part"),
        ((3, 101), [(1, 3, 101)], "more took part"),
    ],
)
def test_a_broken_count_never_becomes_a_verdict(turnout, counts, complaint):
    with pytest.raises(ValueError, match=complaint):
        outcome(ORDINARY, Turnout(10, 100), Turnout(*turnout), [Count(*count) for count in counts], agreeing=1)


SHARES = st.fractions(min_value=0, max_value=1, max_denominator=12).filter(lambda share: share > 0)
THRESHOLDS = st.builds(Threshold, SHARES.filter(lambda share: share < 1), st.booleans(), st.sampled_from(Base))


@given(THRESHOLDS, st.integers(1, 10**9))
def test_what_is_needed_is_the_smallest_number_that_meets_the_share(threshold, base):
    need = threshold.need(base)
    assert threshold.met(need, base)
    assert not threshold.met(need - 1, base)
    if threshold.inclusive:
        assert Fraction(need - 1, base) < threshold.share <= Fraction(need, base)
    else:
        assert Fraction(need - 1, base) <= threshold.share < Fraction(need, base)


@given(THRESHOLDS, st.integers(0, 100))
def test_of_nothing_no_part_meets_a_share(threshold, part):
    assert not threshold.met(part, 0)


@st.composite
def votes(draw):
    """An electorate with room for one more head, and a yes/no count in it."""
    cells = [(draw(st.integers(0, 60)), draw(st.integers(0, 10**6))) for _ in range(3)]
    spare_heads, spare_area = draw(st.integers(1, 60)), draw(st.integers(0, 10**6))
    totals = (sum(heads for heads, _ in cells) + spare_heads, sum(area for _, area in cells) + spare_area)
    return cells, totals, draw(st.integers(0, spare_area))


@given(st.sampled_from([ORDINARY, MAJOR, ADVISORY]), votes())
def test_one_more_who_agrees_never_undoes_what_has_passed(rule, drawn):
    (agree, disagree, abstain), totals, area = drawn
    before = vote(rule, agree, disagree, abstain, totals)
    after = vote(rule, (agree[0] + 1, agree[1] + area), disagree, abstain, totals)
    for old, new in zip(before.tests, after.tests, strict=True):
        assert new.met or not old.met
    if before.verdict is Verdict.PASSED:
        assert after.verdict is Verdict.PASSED


@given(st.sampled_from([ORDINARY, MAJOR]), votes())
def test_the_verdict_follows_the_fractions_of_the_law(rule, drawn):
    (agree, disagree, abstain), totals, _ = drawn
    taking_part = [agree[i] + disagree[i] + abstain[i] for i in (0, 1)]
    quorum = all(totals[i] and Fraction(taking_part[i], totals[i]) >= Fraction(2, 3) for i in (0, 1))
    enough = all(
        taking_part[i]
        and (
            Fraction(agree[i], taking_part[i]) >= Fraction(3, 4)
            if rule is MAJOR
            else Fraction(agree[i], taking_part[i]) > Fraction(1, 2)
        )
        for i in (0, 1)
    )
    expected = Verdict.NO_QUORUM if not quorum else Verdict.PASSED if enough else Verdict.FAILED
    assert vote(rule, agree, disagree, abstain, totals).verdict is expected


@given(st.sampled_from([ORDINARY, MAJOR]), votes())
def test_what_the_gauges_call_missing_is_exactly_enough(rule, drawn):
    (agree, _, _), totals, _ = drawn
    base, now = Turnout(*totals), Turnout(*agree)
    missing = still_missing(rule, base, now)
    filled = Turnout(now.heads + missing.heads, now.area + missing.area)
    assert all(test.met for test in participation_tests(rule, base, filled) if test.base)
    assert missing.square_metres * 100 >= missing.area > (missing.square_metres - 1) * 100
