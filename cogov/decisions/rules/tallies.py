"""What was counted, as it is kept: which option has to pass, and the tests with their integers as JSON."""

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction

from cogov.decisions.rules.ballots import Choice
from cogov.decisions.rules.outcome import Count, Test, TestName


def agreeing_among(keys: Sequence[str], counts: Sequence[Count]) -> int:
    """Return the position of the option that has to pass: 同意, or the one most heads chose among others.

    A share above one half can be met by one option only, so the leading one stands for all of them.
    """
    if Choice.AGREE in keys:
        return counts[keys.index(Choice.AGREE)].position
    return max(counts, key=lambda count: (count.heads, count.area, -count.position)).position


def tests_to_text(tests: Iterable[Test]) -> str:
    """Write tests as JSON of whole numbers, shares as "2/3"."""
    return json.dumps(
        [
            {
                "name": test.name,
                "part": test.part,
                "base": test.base,
                "threshold": f"{test.threshold.numerator}/{test.threshold.denominator}",
                "inclusive": test.inclusive,
                "met": test.met,
                "need": test.need,
                "missing": test.missing,
            }
            for test in tests
        ],
        sort_keys=True,
    )


def tests_from_text(text: str) -> tuple[Test, ...]:
    """Read what `tests_to_text` wrote."""
    return tuple(
        Test(
            name=TestName(kept["name"]),
            part=kept["part"],
            base=kept["base"],
            threshold=Fraction(kept["threshold"]),
            inclusive=kept["inclusive"],
            met=kept["met"],
            need=kept["need"],
            missing=kept["missing"],
        )
        for kept in json.loads(text)
    )
