"""The choice halves of paper ballots in a secret vote: torn off, mixed, read after the close, and put into the box.

A paper of a secret vote has two halves. The *slip* names the household and is signed; two people enter it, and it marks
the roll as a token would. The *sheet* holds choices and nothing else, and comes in a closed envelope without a word on
it. Once the slip counts, the envelope goes into a sealed case; that of a slip that does not count stays closed, so that
there are never more sheets than slips. After the close all sheets are mixed and read at once, by two people on
their own. What both found goes into the box under tokens of its own, sealed as every ballot is; from then on nobody can
tell a sheet from a ballot of the web.
"""

from __future__ import annotations

import hmac
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.methods import BallotForm, Method, why_not_marks, write_marks
from cogov.decisions.rules.secrets.box import is_secret
from cogov.ground.refusals import Refusal
from cogov.ground.words import say

FEW = 10
"""Convention: of fewer sheets than these, those who read them may guess whose is which; it is said beforehand."""

MOST_SHEETS = 5000
BY_COUNT = frozenset({Method.SINGLE})
"""Methods whose sheets are entered as one number for each option, not sheet by sheet."""

_SPLIT = re.compile(r"[\s,，、;；]+")
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")
_SCORED = re.compile(r"([1-9][0-9]?)[:：]([0-9]{1,3})")


@dataclass(frozen=True)
class Sheets:
    """What somebody found on all sheets together: the marks of each, in no order, and how many were no ballots."""

    marks: tuple[str, ...]
    spoiled: int

    @property
    def total(self) -> int:
        """How many sheets there were."""
        return len(self.marks) + self.spoiled

    def digest(self, decision_id: int, key: bytes) -> str:
        """Return what two findings are compared by, under a key: without it few sheets could be guessed from it."""
        told = [f"cogov sheets 1 {decision_id} {self.spoiled}", *sorted(self.marks)]
        return hmac.digest(key, "\n".join(told).encode(), "sha256").hex()


NO_BALLOT = "-"
"""What is sealed for a sheet that is none: no form takes it, so the opening counts it as spoiled."""


def sheets_counted(counts: Sequence[int], spoiled: int) -> Sheets:
    """Return sheets that were told by how many bore each option, in the order of the options."""
    marks = [f"{position}:1" for position, count in enumerate(counts, start=1) for _ in range(count)]
    return Sheets(tuple(sorted(marks)), spoiled)


def sheets_written(text: str, spoiled: int, form: BallotForm, options: int) -> Sheets | Refusal:
    """Return sheets that were written down a line each.

    A line holds the numbers of the options: those that were marked, or the most wanted first where they are ranked;
    ``number:score`` where they are scored; 0 alone is a blank one. An empty line is no sheet.
    """
    found: list[str] = []
    for at, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        marks = _line(line, form)
        if marks is None or why_not_marks(form, options, marks) is not None:
            return unreadable_line(at)
        found.append(marks)
        if len(found) > MOST_SHEETS:
            return too_many(MOST_SHEETS)
    return Sheets(tuple(sorted(found)), spoiled)


def _line(line: str, form: BallotForm) -> str | None:
    parts = [part for part in _SPLIT.split(line.strip()) if part]
    if parts == ["0"]:
        return ""
    if form.method is Method.SCORE:
        scored = [_SCORED.fullmatch(part) for part in parts]
        pairs = [(int(each[1]), int(each[2])) for each in scored if each is not None]
        return write_marks(dict(pairs)) if len(pairs) == len(parts) == len(dict(pairs)) else None
    if any(_NUMBER.fullmatch(part) is None for part in parts):
        return None
    numbers = [int(part) for part in parts]
    if len(set(numbers)) != len(numbers):
        return None
    ranked = form.method in (Method.RANKED, Method.STV)
    return write_marks({number: (place if ranked else 1) for place, number in enumerate(numbers, start=1)})


def alike(digests: Sequence[str]) -> str | None:
    """Return the finding that two people share."""
    return next((digest for digest, times in Counter(digests).items() if times > 1), None)


# Refusals -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Emptying:
    """What stands when somebody wants to enter the sheets of a vote."""

    now: datetime
    closes_at: datetime
    open_until: datetime
    opened: bool
    done: bool
    slips: int
    """Households whose slip counts."""

    waiting: int
    """Slips that came in before the close and still wait for a second reading."""


def why_not_empty(emptying: Emptying) -> Refusal | None:
    """Say why the sheets of a vote cannot be entered now."""
    if emptying.now < emptying.closes_at:
        return Refusal(
            "case_is_sealed",
            say("投票到 {time} 才截止，之前选票联留在封好的箱里", time=emptying.closes_at),
            what_next=say("截止以后，两个人各自清点、录入"),
        )
    if emptying.opened or emptying.done or emptying.now >= emptying.open_until:
        return Refusal("sheets_done", say("选票联已经录完，或者票箱已经打开"), what_next=say("结果写在决定页上"))
    if emptying.waiting:
        return Refusal(
            "papers_waiting",
            say("还有 {n} 张截止前登记的纸票等第二个人录入", n=emptying.waiting),
            what_next=say("先录完签名联，再录选票联"),
        )
    if not emptying.slips:
        return Refusal("no_sheets", say("这次表决没有收到算数的纸票"), what_next=say("监票人可以直接开箱"))
    return None


def why_not_this_half(rule: DecisionRule, marks: str, reason: str) -> Refusal | None:
    """Refuse a choice beside a household's name in a secret vote: the slip alone is entered, the sheet is torn off."""
    if not is_secret(rule) or not (marks or reason):
        return None
    return Refusal(
        "choice_beside_name",
        say("无记名表决的签名联上没有选择，不能录选择"),
        what_next=say("选票联装在没有字的信封里，签名联算数以后投进封好的箱，截止后一起录"),
        status=422,
    )


def why_not_these(sheets: Sheets, slips: int) -> Refusal | None:
    """Refuse more sheets than slips: there are papers in the case that nobody signed for."""
    if sheets.total <= slips:
        return None
    return Refusal(
        "more_sheets_than_slips",
        say("选票联有 {n} 张，算数的签名联只有 {m} 张，不能录", n=sheets.total, m=slips),
        what_next=say("请再清点一遍；多出来的，请保留现场，请街道来看"),
        status=422,
    )


def why_not_open_yet(*, slips: int, done: bool) -> Refusal | None:
    """Refuse to open the box while the sheets are not in it."""
    if done or not slips:
        return None
    return Refusal(
        "sheets_missing",
        say("还有 {n} 户交的是纸票，选票联还没有录进票箱", n=slips),
        what_next=say("请两个人各自录入选票联，一样以后再开箱"),
    )


def unreadable_line(line: int) -> Refusal:
    """Refuse a line that is no ballot, and say which."""
    return Refusal(
        "sheet_unreadable",
        say("第 {n} 行读不懂，或者选得不合规则", n=line),
        what_next=say("每张一行，写选项的编号；不算的记在“废票”里"),
        status=422,
    )


def too_many(most: int) -> Refusal:
    """Refuse more lines than any vote has papers."""
    return Refusal("too_many_sheets", say("一次最多录 {n} 张", n=most), status=422)
