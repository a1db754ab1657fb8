"""How a question is put on a ballot: the method, its frozen form, and the marks in the one writing all ballots share.

Marks are "position:value" ascending by position, joined by one space: ``"2:1"`` chooses the second option, and
``"1:2 3:1"`` ranks the third first. The same text stands in named and secret ballots, paper batches, bundles and the
recount.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say


class Method(StrEnum):
    """How a ballot is marked, and with it how it is counted."""

    SINGLE = "single"
    APPROVAL = "approval"
    SCORE = "score"
    RANKED = "ranked"
    STV = "stv"
    CONSENT = "consent"
    BUDGET = "budget"
    COMMITTEE = "committee"


class DecidingCount(StrEnum):
    """Which count decides where one kind of ballot can be counted in several ways; it is named before voting."""

    SCHULZE = "schulze"
    RANKED_PAIRS = "ranked_pairs"
    IRV = "irv"
    BORDA = "borda"
    EQUAL_SHARES = "equal-shares"
    GREEDY = "greedy"
    PAV = "pav"
    PHRAGMEN = "phragmen"


class ReasonAsked(StrEnum):
    """Whether a voter is asked for a reason; who blocks a consent always gives one."""

    NO = "no"
    OPTIONAL = "optional"
    REQUIRED = "required"


METHOD_WORDS: Mapping[Method, Words] = {
    Method.SINGLE: say("选一项"),
    Method.APPROVAL: say("可以多选"),
    Method.SCORE: say("打分"),
    Method.RANKED: say("排序"),
    Method.STV: say("选几个人（STV）"),
    Method.CONSENT: say("共识"),
    Method.BUDGET: say("参与式预算"),
    Method.COMMITTEE: say("委员会比例"),
}
DECIDERS: Mapping[Method, tuple[DecidingCount, ...]] = {
    Method.RANKED: (DecidingCount.SCHULZE, DecidingCount.RANKED_PAIRS, DecidingCount.IRV, DecidingCount.BORDA),
    Method.BUDGET: (DecidingCount.EQUAL_SHARES, DecidingCount.GREEDY),
    Method.COMMITTEE: (DecidingCount.PAV, DecidingCount.PHRAGMEN),
}
"""The counts that may decide a method, the usual one first; a method not named here is counted in one way."""

DECIDER_WORDS: Mapping[DecidingCount, Words] = {
    DecidingCount.SCHULZE: say("舒尔茨法"),
    DecidingCount.RANKED_PAIRS: say("排序对法"),
    DecidingCount.IRV: say("逐轮淘汰（IRV）"),
    DecidingCount.BORDA: say("波达计数"),
    DecidingCount.EQUAL_SHARES: say("平均份额法"),
    DecidingCount.GREEDY: say("按票数从高到低"),
    DecidingCount.PAV: say("按比例赞成（序贯 PAV）"),
    DecidingCount.PHRAGMEN: say("弗拉格门法"),
}
RANKING = frozenset({Method.RANKED, Method.STV})
CHECKING = frozenset({Method.APPROVAL, Method.BUDGET, Method.COMMITTEE})
SEATED = frozenset({Method.STV, Method.COMMITTEE})

MOST_OPTIONS = 30
HIGHEST_SCORE = 20
LARGEST_BUDGET = 10**12
"""In fen: ten thousand million yuan, with which the sums of a hundred thousand voters are still exact."""

LONGEST_MARKS = 240
PROMPT_LONGEST = 80
REASON_LONGEST = 500
BLOCK = "block"
"""The key of the option that stops a consent."""

CONSENT_KEYS = ["agree", "disagree", "abstain", BLOCK]


@dataclass(frozen=True)
class BallotForm:
    """What one decision uses, frozen with its notice; whatever has its default is left out of the canonical text.

    `seats` are filled (STV, committee); `budget` is given out, in fen; `most` options may be marked (0: any number);
    `top` is the best score of a scale from 0; `ties`: one rank may be given to several; `blank`: a ballot without marks
    is taken, as taking part and choosing nothing. `blocked_above`: a consent fails when blocks are more than this share
    of those who took part; 0 is a veto of each. `prompt` is the question after the reason. `hidden`: of an open round
    the answers and reasons of the others are shown to those who have voted, and to all after the close.
    """

    method: Method = Method.SINGLE
    decider: DecidingCount | None = None
    seats: int = 1
    budget: int = 0
    most: int = 0
    top: int = 5
    ties: bool = False
    blank: bool = False
    blocked_above: Fraction = Fraction(0)
    reason: ReasonAsked = ReasonAsked.NO
    prompt: str = ""
    hidden: bool = False

    @property
    def is_open(self) -> bool:
        """Say whether choices show while the vote runs: a consent is a round of speaking, all others are hidden."""
        return self.method is Method.CONSENT

    @property
    def counted_apart(self) -> bool:
        """Say whether the count is one of methods, not the sum of heads and area of each option."""
        return self.method not in (Method.SINGLE, Method.CONSENT)


SINGLE_CHOICE = BallotForm()


# The form as text ---------------------------------------------------------------------------------------------------


def write_form(form: BallotForm) -> str:
    """Write a form as canonical JSON without its defaults; a single choice, as it always was, is the empty text."""
    said = {each.name: getattr(form, each.name) for each in fields(form) if getattr(form, each.name) != each.default}
    if not said:
        return ""
    if isinstance(said.get("blocked_above"), Fraction):
        said["blocked_above"] = str(said["blocked_above"])
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=256)
def read_form(text: str) -> BallotForm:
    """Read what `write_form` wrote; ValueError on anything that it would have written differently."""
    if not text:
        return SINGLE_CHOICE
    try:
        form = _form_of(json.loads(text))
    except (KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise ValueError("this is no form of a ballot") from error
    if write_form(form) != text:
        raise ValueError("this form is not in its canonical writing")
    return form


def _form_of(data: dict[str, Any]) -> BallotForm:
    read: dict[str, Any] = {
        "method": Method,
        "decider": DecidingCount,
        "blocked_above": Fraction,
        "reason": ReasonAsked,
    }
    return BallotForm(**{name: read[name](value) if name in read else value for name, value in data.items()})


# Marks as text ------------------------------------------------------------------------------------------------------

_MARKS = re.compile(r"[1-9][0-9]{0,2}:(?:0|[1-9][0-9]{0,2})(?: [1-9][0-9]{0,2}:(?:0|[1-9][0-9]{0,2}))*")

Marks = Mapping[int, int]


def write_marks(marks: Marks) -> str:
    """Write marks, a value for each position that is marked, in their one form."""
    return " ".join(f"{position}:{marks[position]}" for position in sorted(marks))


def parse_marks(text: str) -> dict[int, int]:
    """Read marks; ValueError on anything that `write_marks` would have written differently."""
    if not text:
        return {}
    if _MARKS.fullmatch(text) is None:
        raise ValueError("marks are position:value, joined by one space")
    pairs = [(int(position), int(value)) for position, value in (mark.split(":") for mark in text.split(" "))]
    if any(later <= earlier for (earlier, _), (later, _) in pairwise(pairs)):
        raise ValueError("positions ascend, each once")
    return dict(pairs)


def why_not_marks(form: BallotForm, options_count: int, text: str) -> Refusal | None:
    """Say what is wrong with the marks of a ballot."""
    try:
        marks = parse_marks(text)
    except ValueError:
        return wrong_marks("marks_unreadable", say("选票上的标记读不出来"))
    if any(position > options_count for position in marks):
        return wrong_marks("option_unknown", say("选票上没有这一项"))
    if not marks:
        return None if form.blank else _nothing_marked(form)
    if form.method in RANKING:
        return _why_not_ranks(form, marks)
    if form.method is Method.SCORE:
        return _why_not_scores(form, marks)
    return _why_not_chosen(form, marks)


def why_not_intended(marks: Marks, *, blank: bool) -> Refusal | None:
    """Ask whoever sends an empty ballot from a page to say that it is meant to be empty, and nothing else."""
    if blank and marks:
        return wrong_marks("blank_and_marked", say("选了“交空白票”，就不要再选别的"))
    return None if blank or marks else wrong_marks("option_unknown", say("请先选，再交票；一项也不选，请勾“交空白票”"))


def wrong_marks(code: str, message: Words) -> Refusal:
    """Refuse a ballot for what is marked on it; nothing has been taken."""
    return Refusal(code, message, what_next=say("请改好再交票，这一张还没有投进去"), status=422)


def _nothing_marked(form: BallotForm) -> Refusal:
    message = {
        Method.SINGLE: say("请先选一项，再交票"),
        Method.CONSENT: say("请先选一项，再交票"),
        Method.SCORE: say("请先给一项打分，再交票"),
        Method.RANKED: say("请先排出第 1 名，再交票"),
        Method.STV: say("请先排出第 1 名，再交票"),
    }.get(form.method, say("请先勾选，再交票"))
    return wrong_marks("option_unknown", message)


def _why_not_ranks(form: BallotForm, marks: Marks) -> Refusal | None:
    ranks = sorted(marks.values())
    if not form.ties:
        for rank, next_rank in pairwise(ranks):
            if rank == next_rank:
                return wrong_marks("rank_twice", say("第 {n} 名给了两项，一个名次只给一项", n=rank))
    for expected, rank in enumerate(dict.fromkeys(ranks), start=1):
        if rank != expected:
            return wrong_marks("rank_missing", say("第 {n} 名空着，请从第 1 名接着往下排", n=expected))
    return _why_not_so_many(form, marks)


def _why_not_scores(form: BallotForm, marks: Marks) -> Refusal | None:
    if max(marks.values()) > form.top:
        return wrong_marks("score_too_high", say("分数在 0 到 {n} 之间", n=form.top))
    return None


def _why_not_chosen(form: BallotForm, marks: Marks) -> Refusal | None:
    if set(marks.values()) != {1}:
        return wrong_marks("marks_unreadable", say("选票上的标记读不出来"))
    if form.method in (Method.SINGLE, Method.CONSENT) and len(marks) > 1:
        return wrong_marks("too_many_marked", say("只能选一项，您选了 {n} 项", n=len(marks)))
    return _why_not_so_many(form, marks)


def _why_not_so_many(form: BallotForm, marks: Marks) -> Refusal | None:
    if form.most and len(marks) > form.most:
        return wrong_marks("too_many_marked", say("最多选 {most} 项，您选了 {n} 项", most=form.most, n=len(marks)))
    return None


def marks_words(form: BallotForm, labels: Mapping[int, str], text: str) -> str:
    """Return a ballot in the words that were on it, for the one whose ballot it is."""
    marks = parse_marks(text)
    if form.method in RANKING:
        order = sorted(marks, key=lambda position: (marks[position], position))
        return "、".join(f"{marks[position]} {labels[position]}" for position in order)
    if form.method is Method.SCORE:
        return "、".join(f"{labels[position]} {points}" for position, points in marks.items())
    return "、".join(labels[position] for position in marks)


# What a form may be --------------------------------------------------------------------------------------------------


def why_not_form(form: BallotForm, costs: Sequence[int], allowed: Sequence[Method]) -> Refusal | None:
    """Say what is wrong with a form for options of these costs (in fen, 0: none), under a rule that allows so much."""
    checks = (
        _why_not_method(form, allowed),
        _why_not_decider(form),
        _why_not_seats(form, len(costs)),
        _why_not_most(form, len(costs)),
        _why_not_scale(form),
        _why_not_budget(form, costs),
        _why_not_blocks(form),
        _why_not_hidden(form),
        _why_not_prompt(form),
    )
    return next((refusal for refusal in checks if refusal is not None), None)


def _unfit(code: str, message: Words, what_next: Words | None = None) -> Refusal:
    return Refusal(code, message, what_next=what_next, status=422)


def _why_not_method(form: BallotForm, allowed: Sequence[Method]) -> Refusal | None:
    if form.method in allowed:
        return None
    return _unfit(
        "method_not_allowed",
        say("这条规则不能用“{method}”", method=METHOD_WORDS[form.method]),
        say("可以用的是：{methods}", methods="、".join(str(METHOD_WORDS[method]) for method in allowed)),
    )


def _why_not_decider(form: BallotForm) -> Refusal | None:
    deciders = DECIDERS.get(form.method, ())
    if form.decider in deciders or (form.decider is None and not deciders):
        return None
    return _unfit("decider_missing", say("请先定好哪一种计法作数"), say("几种计法会并排公布，作数的只有一种"))


def _why_not_seats(form: BallotForm, options: int) -> Refusal | None:
    if form.method not in SEATED:
        return None if form.seats == 1 else _unfit("seats_do_not_fit", say("这种选票没有席位"))
    if 1 <= form.seats < options:
        return None
    return _unfit("seats_do_not_fit", say("席位至少 1 个，并且比候选项少"))


def _why_not_most(form: BallotForm, options: int) -> Refusal | None:
    fits = 0 <= form.most <= options if form.method in CHECKING | RANKING else form.most == 0
    return None if fits else _unfit("most_does_not_fit", say("最多选几项，要在 1 到选项数之间"))


def _why_not_scale(form: BallotForm) -> Refusal | None:
    if 1 <= form.top <= HIGHEST_SCORE and (form.method is Method.SCORE or form.top == SINGLE_CHOICE.top):
        return None
    return _unfit("scale_does_not_fit", say("最高分在 1 到 {n} 之间", n=HIGHEST_SCORE))


def _why_not_budget(form: BallotForm, costs: Sequence[int]) -> Refusal | None:
    if form.method is not Method.BUDGET:
        if form.budget or any(costs):
            return _unfit("budget_does_not_fit", say("只有参与式预算的选项有费用"))
        return None
    if not 1 <= form.budget <= LARGEST_BUDGET:
        return _unfit("budget_missing", say("请写明一共有多少钱"))
    if not all(1 <= cost <= LARGEST_BUDGET for cost in costs):
        return _unfit("cost_missing", say("每个项目都要写明要多少钱"))
    if sum(costs) <= form.budget:
        return _unfit("budget_enough", say("这些项目加起来不超过预算，不用表决就都能做"))
    return None


def _why_not_blocks(form: BallotForm) -> Refusal | None:
    if 0 <= form.blocked_above < 1 and (form.method is Method.CONSENT or not form.blocked_above):
        return None
    return _unfit("blocks_do_not_fit", say("阻止的比例在百分之 0 到百分之 99 之间"))


def _why_not_hidden(form: BallotForm) -> Refusal | None:
    if form.is_open or not form.hidden:
        return None
    return _unfit("hidden_already", say("只有共识可以选“先投才看得到”：别的表决截止以前，谁都看不到选择"))


def _why_not_prompt(form: BallotForm) -> Refusal | None:
    if len(form.prompt) <= PROMPT_LONGEST:
        return None
    return _unfit("prompt_too_long", say("问理由的话最多 {n} 个字", n=PROMPT_LONGEST))


def why_not_reason(form: BallotForm, blocks: bool, reason: str) -> Refusal | None:
    """Ask for a reason where the form does, and of whoever blocks."""
    if len(reason) > REASON_LONGEST:
        return wrong_marks("reason_too_long", say("理由最多 {n} 个字", n=REASON_LONGEST))
    if not reason and blocks:
        return wrong_marks("reason_missing", say("选“阻止”要写明理由，别人才能回应"))
    if not reason and form.reason is ReasonAsked.REQUIRED:
        return wrong_marks("reason_missing", say("这次表决要写理由"))
    if reason and form.reason is ReasonAsked.NO and not form.is_open:
        return wrong_marks("reason_not_asked", say("这次表决不收理由"))
    return None


def block_meaning(form: BallotForm) -> Words:
    """Say before and after the vote what a block does."""
    if not form.blocked_above:
        return say("有一户阻止，方案就停下来，回到协商；阻止要写明理由。")
    return say(
        "阻止的超过参加的 {share}，方案就停下来，回到协商；阻止要写明理由。",
        share=f"{form.blocked_above.numerator}/{form.blocked_above.denominator}",
    )


def why_not_keys(form: BallotForm, keys: Sequence[str]) -> Refusal | None:
    """Ask that a consent has its four answers, and that no other ballot has the one that stops everything."""
    if form.method is Method.CONSENT:
        fits = list(keys) == CONSENT_KEYS
    else:
        fits = BLOCK not in keys and not (form.counted_apart and set(keys) & set(CONSENT_KEYS))
    return None if fits else _unfit("options_do_not_fit", say("这些选项和选票的样式对不上"), say("请重新选“怎么投”"))
