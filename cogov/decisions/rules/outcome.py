"""The result: every test with its whole numbers, so that anyone can do the sum again."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from cogov.decisions.rules.law import Body, CoOwners, DecisionRule
from cogov.decisions.rules.stages import Verdict
from cogov.decisions.rules.thresholds import Base, Threshold, Thresholds, Turnout
from cogov.ground.words import Words, say


class TestName(StrEnum):
    """The four questions of Civil Code 278(2)."""

    __test__ = False  # no test of pytest's

    PARTICIPATION_HEADS = "participation_heads"
    PARTICIPATION_AREA = "participation_area"
    PASSING_HEADS = "passing_heads"
    PASSING_AREA = "passing_area"


PARTICIPATION = (TestName.PARTICIPATION_HEADS, TestName.PARTICIPATION_AREA)
PASSING = (TestName.PASSING_HEADS, TestName.PASSING_AREA)


@dataclass(frozen=True)
class Test:
    """One question of the rule: `part` of `base` against a share; heads in heads, area in 0.01 m².

    `need` is the smallest whole number that meets it, `missing` what the part lacks of that.
    """

    __test__ = False  # no test of pytest's

    name: TestName
    part: int
    base: int
    threshold: Fraction
    inclusive: bool
    met: bool
    need: int
    missing: int


@dataclass(frozen=True)
class Count:
    """What one option got: heads, and their area in 0.01 m²."""

    position: int
    heads: int
    area: int


@dataclass(frozen=True)
class Outcome:
    """The verdict with all its tests, participation first; without a quorum nothing is decided, for or against."""

    verdict: Verdict
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class Missing:
    """What a quorum still lacks: heads, and area in 0.01 m²."""

    heads: int
    area: int
    of_organizations: bool = False

    @property
    def square_metres(self) -> int:
        """Return the missing area in whole m², rounded up: a rounded figure must never be too small."""
        return -(-self.area // 100)

    @property
    def words(self) -> Words:
        """Say what is missing."""
        if not self.heads and not self.area:
            return say("已经够数")
        if self.of_organizations:
            return say("还差 {heads} 家单位才够数", heads=f"{self.heads:,}")
        if not self.area:
            return say("还差 {heads} 户才够数", heads=f"{self.heads:,}")
        if not self.heads:
            return say("还差 {area} m² 才够数", area=f"{self.square_metres:,}")
        return say("还差 {heads} 户、{area} m² 才够数", heads=f"{self.heads:,}", area=f"{self.square_metres:,}")

    @property
    def heading(self) -> Words:
        """Say what is missing where there is room to say that both have to be made up."""
        if not (self.heads and self.area):
            return self.words
        return say(
            "还差 {heads} 户、{area} m²，两样都补齐才算数", heads=f"{self.heads:,}", area=f"{self.square_metres:,}"
        )


def outcome(rule: DecisionRule, totals: Turnout, turnout: Turnout, counts: Iterable[Count], agreeing: int) -> Outcome:
    """Return what a vote came to.

    `totals` is the frozen electorate, `turnout` those who took part (abstaining is taking part), `agreeing` the
    position of the option that has to pass. ValueError when the figures contradict each other: a broken count never
    becomes a verdict.
    """
    counts = tuple(counts)
    check_sums(totals, turnout, counts, by_shares=rule.co_owners is CoOwners.SHARES)
    agreed = next((Turnout(count.heads, count.area) for count in counts if count.position == agreeing), Turnout(0, 0))
    quorum = participation_tests(rule, totals, turnout)
    passing = run(PASSING, rule.passing, agreed, totals, turnout)
    if not all(test.met for test in quorum):
        verdict = Verdict.NO_QUORUM
    elif passing and all(test.met for test in passing):
        verdict = Verdict.PASSED
    else:
        verdict = Verdict.FAILED
    return Outcome(verdict, quorum + passing)


def verdict_of_method(tests: tuple[Test, ...], *, winners: bool) -> Verdict:
    """Return what a count by a method came to: enough took part, and somebody or something was chosen."""
    if not all(test.met for test in tests):
        return Verdict.NO_QUORUM
    return Verdict.PASSED if winners else Verdict.FAILED


def participation_tests(rule: DecisionRule, totals: Turnout, turnout: Turnout) -> tuple[Test, ...]:
    """Ask whether enough took part; no tests where the rule has no quorum."""
    return run(PARTICIPATION, rule.participation, turnout, totals, turnout)


def still_missing(rule: DecisionRule, totals: Turnout, turnout: Turnout) -> Missing:
    """Return what the gauges show as missing for a quorum; zeros where there is enough or the rule asks for none."""
    missing = {test.name: test.missing for test in participation_tests(rule, totals, turnout)}
    return Missing(
        missing.get(TestName.PARTICIPATION_HEADS, 0),
        missing.get(TestName.PARTICIPATION_AREA, 0),
        of_organizations=rule.body is Body.ORGANIZATIONS,
    )


def run(
    names: tuple[TestName, TestName], thresholds: Thresholds, part: Turnout, totals: Turnout, turnout: Turnout
) -> tuple[Test, ...]:
    """Put a pair of thresholds to heads and area, each against its own base."""
    heads, area = names
    tests = []
    if thresholds.heads:
        base = totals.heads if thresholds.heads.base is Base.ELECTORATE else turnout.heads
        tests.append(ask(heads, thresholds.heads, part.heads, base))
    if thresholds.area:
        base = totals.area if thresholds.area.base is Base.ELECTORATE else turnout.area
        tests.append(ask(area, thresholds.area, part.area, base))
    return tuple(tests)


def ask(name: TestName, threshold: Threshold, part: int, base: int) -> Test:
    """Put one threshold to whole numbers."""
    need = threshold.need(base)
    return Test(
        name=name,
        part=part,
        base=base,
        threshold=threshold.share,
        inclusive=threshold.inclusive,
        met=threshold.met(part, base),
        need=need,
        missing=max(0, need - part),
    )


def check_sums(totals: Turnout, turnout: Turnout, counts: tuple[Count, ...], *, by_shares: bool = False) -> None:
    """Raise ValueError unless the options add up to the turnout and the turnout lies within the electorate.

    A head whose co-owners by shares do not agree takes part and counts for no option.
    """
    if len({count.position for count in counts}) != len(counts):
        raise ValueError("an option was counted twice")
    if any(number < 0 for count in counts for number in (count.heads, count.area)):
        raise ValueError("a count is negative")
    heads, area = sum(count.heads for count in counts), sum(count.area for count in counts)
    if area != turnout.area or not (heads == turnout.heads or (by_shares and heads < turnout.heads)):
        raise ValueError("the options do not add up to the turnout")
    if turnout.heads > totals.heads or turnout.area > totals.area:
        raise ValueError("more took part than there are")
