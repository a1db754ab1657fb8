"""How a ballot is put: the method and the options, for a motion and for what a place keeps ready."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, ValidationError

from cogov.decisions.rules.ballots import Choice, Option
from cogov.decisions.rules.methods import (
    CHECKING,
    DECIDER_WORDS,
    DECIDERS,
    HIGHEST_SCORE,
    MOST_OPTIONS,
    PROMPT_LONGEST,
    RANKING,
    SEATED,
    SINGLE_CHOICE,
    BallotForm,
    DecidingCount,
    Method,
    ReasonAsked,
)
from cogov.decisions.rules.motions import (
    ABSTAINING,
    CONSEQUENCE_LONGEST,
    LABEL_LONGEST,
    consent_options,
    options_of,
)
from cogov.ground.choosing import SelectChoice
from cogov.ground.pages import words
from cogov.ground.wording import tidy
from cogov.ground.words import say
from cogov.threads.forms.speaking import Worded

YES_NO = "yes_no"
"""The ballot that asks for agreement; every other one is called by its method."""

TEMPLATES = {
    YES_NO: say("同意、不同意、弃权"),
    Method.SINGLE: say("几选一"),
    Method.APPROVAL: say("可以多选"),
    Method.SCORE: say("打分"),
    Method.RANKED: say("排序"),
    Method.STV: say("选几个人（STV）"),
    Method.CONSENT: say("共识：同意、弃权、不同意、阻止"),
    Method.BUDGET: say("参与式预算"),
    Method.COMMITTEE: say("委员会比例"),
}
AGREED = frozenset({YES_NO, Method.CONSENT.value})
MEANT = {
    YES_NO: say("一件事做不做。"),
    Method.SINGLE: say("几个做法里选一个。"),
    Method.APPROVAL: say("赞成的都勾上，赞成最多的当选。"),
    Method.SCORE: say("每一项打分，总分最高的当选。"),
    Method.RANKED: say("按要紧排名次，一对一比。"),
    Method.STV: say("选几个人，各有各的支持者。"),
    Method.CONSENT: say("边谈边定，有人阻止就停下来。"),
    Method.BUDGET: say("一笔钱做哪几件事。"),
    Method.COMMITTEE: say("选几个人，小群体也有人代表。"),
}
FIRST_ROWS, MORE_ROWS = 4, 5
_YUAN = re.compile(r"(\d{1,10})(?:\.(\d{1,2}))?")


def fen_of(text: str | None) -> int | None:
    """Return an amount in yuan, as people type it, in fen; None where it is none."""
    found = _YUAN.fullmatch((text or "").replace(",", "").replace("，", "").strip())
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None


def _yuan_of(fen: int) -> str:
    return "" if not fen else f"{fen // 100}.{fen % 100:02d}" if fen % 100 else str(fen // 100)


class OnlyFor:
    """Ask for a field only where the ballot that was chosen has it."""

    def __init__(self, templates: Collection[str], inner: Worded) -> None:
        self.templates, self.inner = templates, inner
        self.field_flags = {"maxlength": inner.field_flags["maxlength"]}

    def __call__(self, form: Form, field: Field) -> None:
        if form["template"].data in self.templates:
            self.inner(form, field)


class Amount:
    """Refuse what is no amount of money."""

    field_flags: ClassVar[dict[str, bool]] = {}

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data and fen_of(field.data) is None:
            raise ValidationError(gettext("请写多少元，比如 12000 或者 98.50。"))


def number_of(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


OPTION_FIELDS = ("label", "follows", "cost")


class BallotFields:
    """How the ballot is put: a template that the community fills in, with options of its own."""

    data: Any
    __getitem__: Any  # of the form that these are fields of

    template = RadioField(
        lazy_gettext("怎么投"),
        choices=[SelectChoice(str(value), lazy_gettext(label.msgid)) for value, label in TEMPLATES.items()],
        default=YES_NO,
    )
    decider = SelectField(lazy_gettext("哪一种计法作数"), choices=[], validate_choice=False)
    seats = IntegerField(lazy_gettext("选几个"), [Optional(), NumberRange(1, MOST_OPTIONS)], default=1)
    budget = StringField(lazy_gettext("一共多少元"), [Amount()])
    most = IntegerField(
        lazy_gettext("最多选几项"),
        [Optional(), NumberRange(1, MOST_OPTIONS)],
        description=lazy_gettext("不填就是不限。"),
    )
    top = IntegerField(lazy_gettext("最高几分"), [Optional(), NumberRange(1, HIGHEST_SCORE)], default=SINGLE_CHOICE.top)
    ties = BooleanField(lazy_gettext("几项可以排在同一名次"))
    blank = BooleanField(lazy_gettext("可以交空白票"), description=lazy_gettext("算参加，不选哪一项。"))
    blocked = IntegerField(
        lazy_gettext("超过百分之几的户阻止，才停下来"),
        [Optional(), NumberRange(0, 99)],
        default=0,
        description=lazy_gettext("0 是有一户阻止就停。"),
    )
    hidden = BooleanField(
        lazy_gettext("先投才看得到别人的"),
        description=lazy_gettext("没有投的人，截止以前看不到各有多少、写了什么理由，免得跟着别人选。"),
    )
    reason = SelectField(
        lazy_gettext("要不要写理由"),
        choices=[
            SelectChoice(ReasonAsked.NO.value, lazy_gettext("不收理由")),
            SelectChoice(ReasonAsked.OPTIONAL.value, lazy_gettext("可写可不写")),
            SelectChoice(ReasonAsked.REQUIRED.value, lazy_gettext("一定要写")),
        ],
        default=ReasonAsked.NO.value,
    )
    prompt = StringField(lazy_gettext("怎么问理由"), [Worded(PROMPT_LONGEST, say("问理由的话"), least=0)])
    rows = HiddenField(default=str(FIRST_ROWS))

    agree = TextAreaField(
        lazy_gettext("选“同意”会怎样"), [OnlyFor(AGREED, Worded(CONSEQUENCE_LONGEST, say("“同意”的后果")))]
    )
    disagree = TextAreaField(
        lazy_gettext("选“不同意”会怎样"), [OnlyFor(AGREED, Worded(CONSEQUENCE_LONGEST, say("“不同意”的后果")))]
    )
    abstain = StringField(
        lazy_gettext("选“弃权”会怎样"),
        [OnlyFor(AGREED, Worded(CONSEQUENCE_LONGEST, say("“弃权”的后果")))],
        default=str(ABSTAINING),
    )

    def _method(self) -> Method:
        chosen = self.template.data
        return Method(chosen) if chosen in set(Method) else Method.SINGLE

    @property
    def parts(self) -> frozenset[str]:
        """Return which fields the ballot has that is chosen now."""
        method, chosen = self._method(), self.template.data
        asked = {
            "agree": chosen in AGREED,
            "options": chosen not in AGREED,
            "decider": method in DECIDERS,
            "seats": method in SEATED,
            "budget": method is Method.BUDGET,
            "most": method in CHECKING | RANKING,
            "top": method is Method.SCORE,
            "ties": method in RANKING,
            "blank": method not in (Method.SINGLE, Method.CONSENT),
            "blocked": method is Method.CONSENT,
            "hidden": method is Method.CONSENT,
        }
        return frozenset(name for name, shown in asked.items() if shown)

    @property
    def meant(self) -> dict[str, str]:
        """Return what each ballot is good for."""
        return {str(value): words(sentence) for value, sentence in MEANT.items()}

    @property
    def option_rows(self) -> list[tuple[Any, ...]]:
        """Return the fields of each option that is shown: what it is called, what follows, what it costs."""
        shown = min(MOST_OPTIONS, max(FIRST_ROWS, number_of(self.rows.data) or 0))
        filled = [n for n in range(1, MOST_OPTIONS + 1) if self[f"option_{n}_label"].data]
        last = max([shown, *filled])
        return [tuple(self[f"option_{n}_{name}"] for name in OPTION_FIELDS) for n in range(1, last + 1)]

    def offer_deciders(self) -> None:
        """Offer the counts of the ballot that is chosen now."""
        self.decider.choices = [
            SelectChoice(decider.value, words(DECIDER_WORDS[decider])) for decider in DECIDERS.get(self._method(), ())
        ]

    def grow(self) -> None:
        """Show more rows for options; what was written stays."""
        self.rows.data = str(min(MOST_OPTIONS, len(self.option_rows) + MORE_ROWS))

    def begin_with(self, form: BallotForm, options: Sequence[Option]) -> None:
        """Fill in a ballot that is there already."""
        keys = [option.key for option in options]
        self.template.data = YES_NO if keys == list(Choice) else form.method.value
        if form.decider is not None:
            self.decider.data = form.decider.value
        self.seats.data, self.most.data, self.top.data = form.seats, form.most or None, form.top
        self.budget.data = _yuan_of(form.budget)
        self.ties.data, self.blank.data, self.hidden.data = form.ties, form.blank, form.hidden
        self.blocked.data = int(form.blocked_above * 100)
        self.reason.data, self.prompt.data = form.reason.value, form.prompt
        if self.template.data in AGREED:
            told = {option.key: option.consequence for option in options}
            self.agree.data, self.disagree.data = told[Choice.AGREE], told[Choice.DISAGREE]
            self.abstain.data = told[Choice.ABSTAIN]
            return
        self.rows.data = str(max(FIRST_ROWS, len(options)))
        for option in options:
            for name, value in zip(
                OPTION_FIELDS, (option.label, option.consequence, _yuan_of(option.cost)), strict=True
            ):
                self[f"option_{option.position}_{name}"].data = value

    def ballot_form(self) -> BallotForm:
        """Return how the ballot is put, as it was filled in; fields that the ballot does not have say nothing."""
        parts, method = self.parts, self._method()
        chosen = self.decider.data if "decider" in parts else None
        return BallotForm(
            method=method,
            decider=DecidingCount(chosen) if chosen in set(DecidingCount) else None,
            seats=(self.seats.data or 0) if "seats" in parts else 1,
            budget=(fen_of(self.budget.data) or 0) if "budget" in parts else 0,
            most=(self.most.data or 0) if "most" in parts else 0,
            top=(self.top.data or 0) if "top" in parts else SINGLE_CHOICE.top,
            ties=bool(self.ties.data) and "ties" in parts,
            blank=bool(self.blank.data) and "blank" in parts,
            blocked_above=Fraction(self.blocked.data or 0, 100) if "blocked" in parts else Fraction(0),
            hidden=bool(self.hidden.data) and "hidden" in parts,
            reason=ReasonAsked(self.reason.data),
            prompt=tidy(self.prompt.data or "") if self.reason.data != ReasonAsked.NO else "",
        )

    def _options(self) -> tuple[Option, ...]:
        if "options" not in self.parts:
            told = (self.agree.data or "", self.disagree.data or "", self.abstain.data or "")
            return consent_options(self.ballot_form(), *told) if "blocked" in self.parts else options_of(*told)
        rows = [(label.data, follows.data, cost.data) for label, follows, cost in self.option_rows if label.data]
        return tuple(
            Option(position, f"o{position}", label, follows or "", (fen_of(cost) or 0) if "budget" in self.parts else 0)
            for position, (label, follows, cost) in enumerate(rows, start=1)
        )


def _add_option_fields() -> None:
    for n in range(1, MOST_OPTIONS + 1):
        label = StringField(lazy_gettext("选项"), [Worded(LABEL_LONGEST, say("选项"), least=0)])
        follows = StringField(lazy_gettext("选了会怎样"), [Worded(CONSEQUENCE_LONGEST, say("选了会怎样"), least=0)])
        cost = StringField(lazy_gettext("要多少元"), [Amount()])
        for name, field in zip(OPTION_FIELDS, (label, follows, cost), strict=True):
            setattr(BallotFields, f"option_{n}_{name}", field)


_add_option_fields()
