"""Sums in words: areas, shares and the outcome, exact to the last digit and made of whole numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from cogov.decisions.rules.law import Body, Force, heads_unit
from cogov.decisions.rules.outcome import Outcome, Test, TestName
from cogov.decisions.rules.stages import AdoptAnswer, Verdict
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.words import Words, say


@dataclass(frozen=True)
class Counted:
    """What an option was called and what it got: heads, and area in 0.01 m²."""

    label: str
    heads: int
    area: int


VERDICTS: Mapping[Verdict, Words] = {
    Verdict.PASSED: say("通过"),
    Verdict.FAILED: say("未通过"),
    Verdict.ANNULLED: say("已撤销"),
    Verdict.NO_QUORUM: say("没有够数，不成立"),
    Verdict.NOT_OPENED: say("票箱没有打开，要重新表决"),
}
_CONSULTED: Mapping[Verdict, Words] = {
    Verdict.PASSED: say("意向征询：达到法定线"),
    Verdict.FAILED: say("意向征询：没有达到法定线"),
    Verdict.ANNULLED: say("已撤销"),
    Verdict.NO_QUORUM: say("意向征询：参加的没有够数"),
    Verdict.NOT_OPENED: say("票箱没有打开，要重新表决"),
}


_ADVISED: Mapping[Verdict, Words] = {
    Verdict.PASSED: say("意向达到"),
    Verdict.FAILED: say("意向未达到"),
    Verdict.ANNULLED: say("已撤销"),
    Verdict.NO_QUORUM: say("意向征询：参加的没有够数"),
    Verdict.NOT_OPENED: say("票箱没有打开，要重新表决"),
}


_CALLED: Mapping[Force, Mapping[Verdict, Words]] = {
    Force.BINDING: VERDICTS,
    Force.INTERNAL: VERDICTS,
    Force.CONSULTATION: _CONSULTED,
    Force.ADVISORY: _ADVISED,
}


def verdict_words(verdict: Verdict, force: Force) -> Words:
    """Say a verdict as what it is worth: beside the statutory vote, and as advice, nothing was passed."""
    return _CALLED[force][verdict]


ITEMS: Mapping[int | None, Words] = {
    None: say("先问问大家的意思（意向征询）"),
    1: say("制定和修改业主大会议事规则"),
    2: say("制定和修改管理规约"),
    3: say("选举业主委员会或者更换业主委员会成员"),
    4: say("选聘和解聘物业服务企业或者其他管理人"),
    5: say("使用维修资金"),
    6: say("筹集维修资金"),
    7: say("改建、重建建筑物及其附属设施"),
    8: say("改变共有部分的用途，或者利用共有部分从事经营活动"),
    9: say("有关共有和共同管理权利的其他重大事项"),
}
"""What Civil Code 278(1) has owners decide together, by the number of the item; None: nothing of it."""

ITEM_NUMERALS = "一二三四五六七八九"

ANSWERS: Mapping[AdoptAnswer, Words] = {
    AdoptAnswer.ADOPTED: say("采纳"),
    AdoptAnswer.PARTLY: say("部分采纳"),
    AdoptAnswer.DECLINED: say("不采纳"),
}


def square_metres(area: int) -> str:
    """Write an area of 0.01 m² exactly: 2748640 is 27,486.40."""
    return f"{area // 100:,}.{area % 100:02d}"


def whole_metres(area: int) -> str:
    """Write what an area of 0.01 m² reaches in full square metres, never more."""
    return f"{area // 100:,}"


def missing_metres(area: int) -> str:
    """Write a missing area of 0.01 m² in full square metres, never less."""
    return f"{-(-area // 100):,}"


def number(count: int) -> str:
    """Write a count with its thousands apart."""
    return f"{count:,}"


def percent(part: int, base: int) -> str:
    """Write a share to a tenth of a percent, cut and not rounded: a share that was missed never looks reached."""
    tenths = part * 1000 // base if base else 0
    return f"{tenths // 10}.{tenths % 10}%"


def share(fraction: Fraction) -> str:
    """Write a threshold as people say it."""
    return f"{fraction.numerator}/{fraction.denominator}"


HOUSEHOLDS = heads_unit(Body.HOUSEHOLDS)


def outcome_text(
    question: str,
    result: Outcome,
    totals: Turnout,
    turnout: Turnout,
    counts: Iterable[Counted],
    *,
    counts_area: bool,
    force: Force,
    unit: Words = HOUSEHOLDS,
) -> str:
    """Compose the outcome with exact sums; it is kept as it was composed."""
    counts = list(counts)
    lines = [
        say(
            "{label} {amount}。",
            label=count.label,
            amount=_amount(Turnout(count.heads, count.area), counts_area, unit),
        )
        for count in counts
    ]
    if split := turnout.heads - sum(count.heads for count in counts):
        lines.append(split_words(split))
    verdict = verdict_words(result.verdict, force)
    return told_text(question, verdict, result, totals, turnout, lines, counts_area=counts_area, unit=unit)


def split_words(heads: int) -> Words:
    """Say of how many heads the co-owners by shares have no choice in common."""
    return say("另有 {n} 户，共有人选的没有一项过半：算参加，不算给哪一项；面积按各人的份额计。", n=number(heads))


def told_text(
    question: str,
    verdict: Words,
    result: Outcome,
    totals: Turnout,
    turnout: Turnout,
    said: Iterable[Words],
    *,
    counts_area: bool,
    unit: Words = HOUSEHOLDS,
) -> str:
    """Compose the outcome of which a count has said the middle; it is kept as it was composed."""
    absent = Turnout(totals.heads - turnout.heads, totals.area - turnout.area)
    lines = [
        say("{question}：{verdict}。", question=question, verdict=str(verdict)),
        say(
            "应参加 {total}，参加 {part}。",
            total=_amount(totals, counts_area, unit),
            part=_amount(turnout, counts_area, unit),
        ),
        *said,
        *(sentence_of(test, unit) for test in result.tests),
        say("没参加的 {amount} 不算反对，也不算同意。", amount=_amount(absent, counts_area, unit)),
    ]
    return "\n".join(str(line) for line in lines)


def _amount(turnout: Turnout, counts_area: bool, unit: Words) -> str:
    if counts_area:
        return str(say("{heads} 户、{area} m²", heads=number(turnout.heads), area=square_metres(turnout.area)))
    return str(say("{n} {unit}", n=number(turnout.heads), unit=unit))


_ASKED: Mapping[TestName, Words] = {
    TestName.PARTICIPATION_HEADS: say("参加人数"),
    TestName.PARTICIPATION_AREA: say("参加面积"),
    TestName.PASSING_HEADS: say("同意人数"),
    TestName.PASSING_AREA: say("同意面积"),
}
AREA_TESTS = frozenset({TestName.PARTICIPATION_AREA, TestName.PASSING_AREA})


def sentence_of(test: Test, heads: Words = HOUSEHOLDS) -> Words:
    """Say one test with its whole numbers."""
    unit = "m²" if test.name in AREA_TESTS else heads
    amount = square_metres if test.name in AREA_TESTS else number
    return say(
        "{what}：{part} / {base} {unit}，{bound} {share} 要 {need} {unit}，{verdict}。",
        what=_ASKED[test.name],
        part=amount(test.part),
        base=amount(test.base),
        bound=say("达到") if test.inclusive else say("超过"),
        share=share(test.threshold),
        need=amount(test.need),
        unit=unit,
        verdict=say("够") if test.met else say("不够"),
    )


def product_of(test: Test) -> str:
    """Write the comparison that settled a test as two products of whole numbers, so that anybody can do it again."""
    amount = square_metres if test.name in AREA_TESTS else number
    left, right = test.part * test.threshold.denominator, test.base * test.threshold.numerator
    sign = "=" if left == right else ">" if left > right else "<"
    return (
        f"{amount(test.part)} × {test.threshold.denominator} = {amount(left)} {sign} "
        f"{amount(right)} = {amount(test.base)} × {test.threshold.numerator}"
    )


def resolution_text(question: str, explained: str, outcome: str) -> str:
    """Compose a resolution: what was asked, what was explained, what came of it."""
    return "\n\n".join(part for part in (question, explained, outcome) if part)
