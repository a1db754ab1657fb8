"""What a person may type about a motion, a notice and an answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from typing import Any, ClassVar

from flask_babel import format_datetime, gettext, lazy_gettext, to_user_timezone, to_utc
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from cogov.decisions.queries.secrets import PossibleHolder
from cogov.decisions.rules.ballots import Choice, Option
from cogov.decisions.rules.channels import CHANNEL_WORDS, Channel
from cogov.decisions.rules.co_owning import CO_OWNER_WORDS
from cogov.decisions.rules.course import (
    ANNULLERS,
    DOCUMENT_LONGEST,
    OBJECTION_LONGEST,
    STATEMENT_LONGEST,
    CourseKind,
)
from cogov.decisions.rules.course import REASON_LONGEST as COURSE_REASON_LONGEST
from cogov.decisions.rules.law import (
    RULES,
    Annuller,
    Body,
    CoOwners,
    DecisionRule,
    Parking,
    Secrecy,
    force_sentence,
    rule_for_item,
)
from cogov.decisions.rules.matters import DECLARED, Bar, Matter, why_not_use
from cogov.decisions.rules.methods import (
    CHECKING,
    DECIDER_WORDS,
    DECIDERS,
    HIGHEST_SCORE,
    METHOD_WORDS,
    MOST_OPTIONS,
    PROMPT_LONGEST,
    RANKING,
    SEATED,
    SINGLE_CHOICE,
    BallotForm,
    DecidingCount,
    Method,
    ReasonAsked,
    why_not_form,
)
from cogov.decisions.rules.motions import (
    ABSTAINING,
    ACT_LONGEST,
    CONSEQUENCE_LONGEST,
    LABEL_LONGEST,
    MOST_DAYS,
    MOST_SLOTS,
    MOST_TASKS,
    QUESTION_LEAST,
    QUESTION_LONGEST,
    REASON_LONGEST,
    TASK_LONGEST,
    TEXT_LONGEST,
    TaskPlan,
    consent_options,
    options_of,
    why_not_written_options,
)
from cogov.decisions.rules.paper import FAULT_WORDS, READ_FAULTS
from cogov.decisions.rules.ruling import (
    NAME_LONGEST,
    PARKING_WORDS,
    REASON_LEAST,
    SECRECY_WORDS,
    SOURCE_LONGEST,
    STATUTORY,
    Edit,
    edit_of,
    why_not_share,
)
from cogov.decisions.rules.ruling import REASON_LONGEST as RULE_REASON_LONGEST
from cogov.decisions.rules.secrets.box import KEPT_WORDS
from cogov.decisions.rules.service import BY_HAND, MEANS_WORDS, OUTCOME_WORDS, ServiceMeans
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.sums import ANSWERS, ITEM_NUMERALS, ITEMS
from cogov.decisions.rules.templates import NAME_LONGEST as TEMPLATE_NAME_LONGEST
from cogov.decisions.rules.templates import REASON_LONGEST as TEMPLATE_REASON_LONGEST
from cogov.decisions.rules.templates import Written, why_not_template
from cogov.decisions.rules.thresholds import Base, Threshold
from cogov.files.forms import PicturesField
from cogov.ground.pages import words
from cogov.ground.wording import tidy
from cogov.ground.words import Words, say
from cogov.people.models import Organization
from cogov.places.models import Building
from cogov.problems.rules.lanes import RuleCode
from cogov.threads.forms import OnceForm, SpokenForm, Worded
from cogov.threads.queries import SolutionText

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
        }
        return frozenset(name for name, shown in asked.items() if shown)

    @property
    def meant(self) -> dict[str, str]:
        """Return what each ballot is good for."""
        return {str(value): words(sentence) for value, sentence in MEANT.items()}

    @property
    def option_rows(self) -> list[tuple[Any, ...]]:
        """Return the fields of each option that is shown: what it is called, what follows, what it costs."""
        shown = min(MOST_OPTIONS, max(FIRST_ROWS, _number(self.rows.data) or 0))
        filled = [n for n in range(1, MOST_OPTIONS + 1) if self[f"option_{n}_label"].data]
        last = max([shown, *filled])
        return [tuple(self[f"option_{n}_{name}"] for name in _OPTION_FIELDS) for n in range(1, last + 1)]

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
        self.ties.data, self.blank.data = form.ties, form.blank
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
                _OPTION_FIELDS, (option.label, option.consequence, _yuan_of(option.cost)), strict=True
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


class MotionForm(BallotFields, SpokenForm):
    """A motion; choosing the matter chooses the rule."""

    question = StringField(
        lazy_gettext("表决什么"),
        [Worded(QUESTION_LONGEST, say("表决的问题（至少 5 个字）"), least=QUESTION_LEAST)],
        description=lazy_gettext("一句话，能用同意、不同意回答。"),
    )
    way = RadioField(lazy_gettext("这是什么事"), [InputRequired(lazy_gettext("请选一项。"))], choices=[])
    text = TextAreaField(lazy_gettext("说明"), [Worded(TEXT_LONGEST, say("说明"), least=0)])
    solution = SelectField(lazy_gettext("按哪个方案"), choices=[])
    scope = SelectField(
        lazy_gettext("谁来表决"),
        choices=[
            SelectChoice(Scope.COMMUNITY.value, lazy_gettext("全社区")),
            SelectChoice(Scope.BUILDING.value, lazy_gettext("一栋楼")),
            SelectChoice(Scope.STAIRCASE.value, lazy_gettext("一个单元")),
        ],
    )
    building = SelectField(lazy_gettext("哪一栋"), choices=[])
    staircase = StringField(lazy_gettext("哪个单元"), [Worded(10, say("单元"), least=0)])
    body = SelectField(lazy_gettext("通过后要哪个单位配合"), choices=[])
    act = StringField(lazy_gettext("要它做什么"), [Worded(ACT_LONGEST, say("要单位做的事"), least=0)])

    def offer(
        self,
        rules: Sequence[DecisionRule],
        triaged: frozenset[RuleCode],
        solutions: Sequence[SolutionText],
        buildings: Sequence[Building],
        bodies: Sequence[Organization],
    ) -> None:
        """Offer the matters that may be voted on here, and what the dossier and the place have to choose from."""
        self.ways = _ways(rules, triaged)
        self.way.choices = [SelectChoice(value, words(label)) for value, (label, _) in self.ways.items()]
        none = [SelectChoice("", gettext("没有"))]
        self.solution.choices = none + [
            SelectChoice(
                str(s.version_id), gettext("方案 %(n)s：%(title)s", n=f"{s.number}.{s.version}", title=s.title)
            )
            for s in solutions
        ]
        self.building.choices = [SelectChoice("", gettext("不限"))] + [
            SelectChoice(str(b.id), b.name) for b in buildings
        ]
        self.body.choices = none + [SelectChoice(str(b.id), b.name) for b in bodies]
        self.offer_deciders()

    def validate_template(self, field: RadioField) -> None:
        """Refuse a ballot that the rule of the matter does not allow, or that is not filled in."""
        options, form = self._options(), self.ballot_form()
        rule = self.ways[self.way.data][1] if self.way.data in self.ways else None
        refusal = why_not_written_options(options) if "options" in self.parts else None
        if refusal is None and rule is not None:
            refusal = why_not_form(form, [option.cost for option in options], rule.methods)
        if refusal is not None:
            raise ValidationError(" · ".join(words(each) for each in (refusal.message, refusal.what_next) if each))

    @property
    def consequences(self) -> dict[str, str]:
        """Return what each matter means: by which rule it is decided, and where that stands."""
        return {value: f"{words(Words(rule.name))} · {rule.article}" for value, (_, rule) in self.ways.items()}

    @property
    def forces(self) -> list[str]:
        """Return what a result is worth in this place, once for all matters of the same force."""
        forces = dict.fromkeys((rule.force, rule.body) for _, rule in self.ways.values())
        return [words(force_sentence(*each)) for each in forces]

    @property
    def plans(self) -> list[tuple[Any, ...]]:
        """Return the fields of each planned task: title, what it is, places, days."""
        return [tuple(self[f"task_{n}_{name}"] for name in _TASK_FIELDS) for n in range(1, MOST_TASKS + 1)]

    def told(self) -> dict[str, Any]:
        """Return what was filled in, as the command takes it."""
        item = _number(self.way.data)
        return {
            "question": self.question.data or "",
            "text": self.text.data or "",
            "options": self._options(),
            "form": self.ballot_form(),
            "rule": RuleCode(self.way.data) if item is None else rule_for_item(item).code,
            "item": item,
            "solution_version_id": _number(self.solution.data),
            "scope": Scope(self.scope.data),
            "building_id": _number(self.building.data),
            "staircase": self.staircase.data or "",
            "tasks": self._tasks(),
            "public_body_id": _number(self.body.data),
            "public_act": self.act.data or "",
            "once": self.once.data,
        }

    def _tasks(self) -> list[TaskPlan]:
        plans = [tuple(field.data for field in fields) for fields in self.plans]
        return [TaskPlan(title, text or "", slots or 1, days or 14) for title, text, slots, days in plans if title]


_TASK_FIELDS = ("title", "text", "slots", "days")


def _add_task_fields() -> None:
    # Flat fields: a form inside a form would name its errors in a way that the summary on top cannot link to.
    for n in range(1, MOST_TASKS + 1):
        title = StringField(lazy_gettext("任务"), [Worded(TASK_LONGEST, say("任务名称"), least=0)])
        text = StringField(lazy_gettext("做什么"), [Worded(TEXT_LONGEST, say("任务说明"), least=0)])
        slots = IntegerField(lazy_gettext("要几人"), [Optional(), NumberRange(1, MOST_SLOTS)], default=1)
        days = IntegerField(lazy_gettext("几天内"), [Optional(), NumberRange(1, MOST_DAYS)], default=14)
        for name, field in zip(_TASK_FIELDS, (title, text, slots, days), strict=True):
            setattr(MotionForm, f"task_{n}_{name}", field)


_add_task_fields()

_OPTION_FIELDS = ("label", "follows", "cost")


def _add_option_fields() -> None:
    for n in range(1, MOST_OPTIONS + 1):
        label = StringField(lazy_gettext("选项"), [Worded(LABEL_LONGEST, say("选项"), least=0)])
        follows = StringField(lazy_gettext("选了会怎样"), [Worded(CONSEQUENCE_LONGEST, say("选了会怎样"), least=0)])
        cost = StringField(lazy_gettext("要多少元"), [Amount()])
        for name, field in zip(_OPTION_FIELDS, (label, follows, cost), strict=True):
            setattr(BallotFields, f"option_{n}_{name}", field)


_add_option_fields()


def _ways(rules: Sequence[DecisionRule], triaged: frozenset[RuleCode]) -> dict[str, tuple[Words, DecisionRule]]:
    ways: dict[str, tuple[Words, DecisionRule]] = {}
    for rule in rules:
        items: tuple[int | None, ...] = rule.items or (None,)
        for item in items:
            if why_not_use(rule.code, Matter(item, triaged), rule) is None:
                ways[rule.code.value if item is None else str(item)] = (_label(rule, item), rule)
    return dict(sorted(ways.items(), key=lambda way: _number(way[0]) or len(ITEMS)))


def _label(rule: DecisionRule, item: int | None) -> Words:
    if item is None and rule.code is not RuleCode.R5:
        return Words(rule.name)
    return ITEMS[item]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


NONE_OF_THEM = "none"
"""The answer that a matter touches none of the bars."""


class LocalMomentField(DateTimeLocalField):
    """A moment in the reader's zone, kept in UTC."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the local time that was typed and put it into UTC."""
        super().process_formdata(valuelist)
        if self.data is not None:
            try:
                self.data = to_utc(self.data).replace(tzinfo=UTC)
            except OverflowError as error:  # the first hours of the year 1 lie before all of UTC
                self.data = None
                raise ValueError(gettext("没有这样的时间，请重新填写")) from error

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return to_user_timezone(self.data).strftime("%Y-%m-%dT%H:%M") if self.data else ""


def item_question(item: int) -> str:
    """Return what whoever tables or publishes confirms about the item of Civil Code 278(1)."""
    return gettext(
        "我核对过：这件事属于民法典第278条第一款第（%(item)s）项“%(name)s”",
        item=ITEM_NUMERALS[item - 1],
        name=words(ITEMS[item]),
    )


class NoticeForm(OnceForm):
    """When a vote opens and closes."""

    opens_at = LocalMomentField(
        lazy_gettext("开始"), [InputRequired(lazy_gettext("请填开始时间。"))], format="%Y-%m-%dT%H:%M"
    )
    closes_at = LocalMomentField(
        lazy_gettext("截止"), [InputRequired(lazy_gettext("请填截止时间。"))], format="%Y-%m-%dT%H:%M"
    )

    item_confirmed = BooleanField(validators=[InputRequired(lazy_gettext("请先核对，再勾选。"))])
    touches = SelectMultipleField(
        lazy_gettext("这次表决会不会"),
        [InputRequired(lazy_gettext("请回答；都没有，请选“都不涉及”。"))],
        choices=[
            *(SelectChoice(bar.value, lazy_gettext(label.msgid)) for bar, label in DECLARED.items()),
            SelectChoice(NONE_OF_THEM, lazy_gettext("都不涉及")),
        ],
        description=lazy_gettext("有一项涉及，就不能付表决。您的回答会和公告一起存下。"),
    )
    secrecy = RadioField(lazy_gettext("怎样投票"), choices=[], validate_choice=False, default=Secrecy.NAMED.value)
    holders = SelectMultipleField(
        lazy_gettext("监票人（无记名才要）"),
        choices=[],
        validate_choice=False,
        description=lazy_gettext("选三位，不能都来自同一个单位，也不能是您自己。截止后任意两位一起才能开箱。"),
    )

    def keep(self, secrecies: Sequence[Secrecy], holders: Sequence[PossibleHolder]) -> None:
        """Offer how ballots can be kept; where names are asked for anyway, nothing is asked."""
        if not set(secrecies) - {Secrecy.NAMED}:
            del self.secrecy, self.holders
            return
        self.secrecy.choices = [SelectChoice(each.value, words(KEPT_WORDS[each])) for each in secrecies]
        self.holders.choices = [
            SelectChoice(str(holder.standing_id), f"{holder.name}，{holder.organization}") for holder in holders
        ]

    @property
    def kept(self) -> dict[str, Any]:
        """Return how ballots are to be kept, and by whom the box is held."""
        if "secrecy" not in self:
            return {}
        said = self.secrecy.data
        secrecy = Secrecy(said) if said in set(Secrecy) else Secrecy.NAMED
        if secrecy is Secrecy.NAMED:
            return {"secrecy": secrecy}
        numbers = [each for each in self.holders.data or () if each.isascii() and each.isdigit() and len(each) < 19]
        return {"secrecy": secrecy, "holders": [int(each) for each in numbers]}

    def about(self, item: int | None) -> None:
        """Ask about the item that the motion was moved under; advice hangs on none."""
        if item is None:
            del self.item_confirmed
            return
        self.item_confirmed.label.text = item_question(item)

    def validate_touches(self, field: SelectMultipleField) -> None:
        """Refuse an answer that says both."""
        if NONE_OF_THEM in (field.data or ()) and len(field.data or ()) > 1:
            raise ValidationError(gettext("选了“都不涉及”，就不能再选别的。"))

    @property
    def declared(self) -> frozenset[Bar]:
        """Return the bars that were declared."""
        return frozenset(Bar(value) for value in self.touches.data or () if value != NONE_OF_THEM)

    def advise(self, notice_days: int, opens_at: datetime) -> None:
        """Say how long the notice has to stand, and which hour would do."""
        at = format_datetime(opens_at, gettext("M月d日 HH:mm"))
        self.opens_at.description = gettext("公示要满 %(days)s 天，建议 %(at)s。", days=notice_days, at=at)


class CourseForm(OnceForm):
    """Another hour to close, or annulment, with the reason that everybody reads."""

    closes_at = LocalMomentField(
        lazy_gettext("新的截止时间"), [InputRequired(lazy_gettext("请填截止时间。"))], format="%Y-%m-%dT%H:%M"
    )
    annuller = RadioField(lazy_gettext("谁撤销"), [InputRequired(lazy_gettext("请选一项。"))], choices=[])
    document = StringField(lazy_gettext("文书名称或者文号"), [Worded(DOCUMENT_LONGEST, say("文书"))])
    dated = DateField(lazy_gettext("文书日期"), [InputRequired(lazy_gettext("请填日期。"))])
    reason = TextAreaField(lazy_gettext("理由"), [Worded(COURSE_REASON_LONGEST, say("理由"))])

    def about(self, kind: CourseKind, annullers: Sequence[Annuller]) -> None:
        """Ask only for what this course needs; who may annul a result is said by its rule."""
        if kind is CourseKind.ANNUL:
            del self.closes_at
        if kind is not CourseKind.ANNUL or not annullers:
            del self.annuller, self.document, self.dated
            return
        self.annuller.choices = [SelectChoice(each.value, words(ANNULLERS[each])) for each in annullers]

    def told(self) -> dict[str, Any]:
        """Return what was filled in, by the names of the command."""
        told: dict[str, Any] = {"reason": self.reason.data or "", "once": self.once.data}
        if "closes_at" in self:
            told["closes_at"] = self.closes_at.data
        if "annuller" in self:
            told |= {
                "annuller": Annuller(self.annuller.data),
                "document": self.document.data or "",
                "dated": self.dated.data,
            }
        return told


class ObjectionForm(OnceForm):
    """An objection to a result."""

    text = TextAreaField(lazy_gettext("您的异议"), [Worded(OBJECTION_LONGEST, say("异议"))])


class ObjectionAnswerForm(OnceForm):
    """The answer to an objection."""

    answer = TextAreaField(lazy_gettext("答复"), [Worded(OBJECTION_LONGEST, say("答复"))])


class OutcomeForm(OnceForm):
    """What became of a decision, and when it is looked at again."""

    statement = TextAreaField(lazy_gettext("后来怎样"), [Worded(STATEMENT_LONGEST, say("后续情况"))])
    review_on = DateField(
        lazy_gettext("复议日期"), [Optional()], description=lazy_gettext("到那一天提醒大家回头看；不填就不提醒。")
    )


class AdoptForm(OnceForm):
    """The answer of a body to a resolution."""

    answer = RadioField(
        lazy_gettext("答复"),
        [InputRequired(lazy_gettext("请选一项。"))],
        choices=[SelectChoice(answer.value, lazy_gettext(label.msgid)) for answer, label in ANSWERS.items()],
    )
    reason = TextAreaField(
        lazy_gettext("怎样落实，或者为什么不采纳"),
        [Worded(REASON_LONGEST, say("理由"))],
        description=lazy_gettext("会公开写在卷宗里。"),
    )


# The rules of a place -----------------------------------------------------------------------------------------------


class ShareField(StringField):
    """A share as people write it: 2/3, or 20%."""

    data: Any  # a Fraction, or None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a share; nothing written is None."""
        text = (valuelist[0] if valuelist else "").strip().replace("％", "%")
        self.data = None
        if text:
            found = _SHARE.fullmatch(text)
            if found is None or not int(found["of"] or 100):
                raise ValueError(gettext("写成几分之几，例如 2/3 或者 20%。"))
            self.data = Fraction(int(found["part"]), int(found["of"] or 100))

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return str(self.data) if self.data is not None else ""


_SHARE = re.compile(r"(?P<part>\d{1,4})\s*(?:/\s*(?P<of>\d{1,4})|%)", re.ASCII)
_REACHED = [SelectChoice("1", lazy_gettext("达到就算（含本数）")), SelectChoice("", lazy_gettext("要超过（不含本数）"))]


class RuleForm(OnceForm):
    """What a place writes into its own version of a rule; what the law has fixed is not asked."""

    name = StringField(lazy_gettext("规则的名称"), [Worded(NAME_LONGEST, say("规则的名称"))])
    participation = ShareField(
        lazy_gettext("先够数：参加的要占总数的"), description=lazy_gettext("例如 1/2；不填就是不设参与门槛。")
    )
    participation_inclusive = SelectField(lazy_gettext("参加的比例"), choices=_REACHED, validate_choice=False)
    passing = ShareField(
        lazy_gettext("再够票：同意的要占"), description=lazy_gettext("例如 1/2；不填就是不设通过线，只公布各有多少。")
    )
    passing_inclusive = SelectField(lazy_gettext("同意的比例"), choices=_REACHED, validate_choice=False)
    passing_base = SelectField(
        lazy_gettext("占谁的"),
        choices=[
            SelectChoice(Base.PARTICIPANTS.value, lazy_gettext("参加的人")),
            SelectChoice(Base.ELECTORATE.value, lazy_gettext("全体（没参加的不算同意）")),
        ],
    )
    seconders = ShareField(lazy_gettext("联署：占有表决权的"), [InputRequired(lazy_gettext("请填几分之几。"))])
    notice_days = IntegerField(lazy_gettext("公示几天"), [InputRequired(lazy_gettext("请填天数。"))])
    publication_days = IntegerField(lazy_gettext("几天内公布结果"), [InputRequired(lazy_gettext("请填天数。"))])
    methods = SelectMultipleField(lazy_gettext("可以用的投票方法"), choices=[])
    secrecies = SelectMultipleField(lazy_gettext("可以用的保密方式"), choices=[])
    parking = SelectField(lazy_gettext("车位、储藏室算不算"), choices=[])
    co_owners = SelectField(
        lazy_gettext("共有的一套谁来投"),
        choices=[],
        description=lazy_gettext("一套房只算一人（解释第9条），所以不能按份额拆票。"),
    )
    proxy_heads = IntegerField(
        lazy_gettext("一位代理人最多替几户投"),
        [Optional()],
        description=lazy_gettext("0 是不能委托。"),
    )
    proxy_periods = BooleanField(lazy_gettext("可以委托一段时间"))
    source = StringField(
        lazy_gettext("出处"),
        [Worded(SOURCE_LONGEST, say("出处"), least=0)],
        description=lazy_gettext("比例和天数按哪个文件、哪次会议定的。"),
    )
    reason = TextAreaField(lazy_gettext("为什么改"), [Worded(RULE_REASON_LONGEST, say("改的理由"), least=REASON_LEAST)])
    not_before = DateField(
        lazy_gettext("从哪天起用"), [Optional()], description=lazy_gettext("不填就是第二个人确认时起用。")
    )

    def about(self, rule: DecisionRule) -> None:
        """Ask what is left to a place of this rule, beginning from what holds now."""
        shipped = RULES[rule.code]
        self.rule = rule
        self.methods.choices = [SelectChoice(each.value, words(METHOD_WORDS[each])) for each in shipped.methods]
        self.secrecies.choices = [SelectChoice(each.value, words(SECRECY_WORDS[each])) for each in shipped.secrecies]
        self.co_owners.choices = [SelectChoice(each.value, words(label)) for each, label in CO_OWNER_WORDS.items()]
        self.parking.choices = [SelectChoice(each.value, words(label)) for each, label in PARKING_WORDS.items()]
        asks = {
            **dict.fromkeys(_LINES, rule.code not in STATUTORY),
            "methods": len(shipped.methods) > 1,
            "secrecies": len(shipped.secrecies) > 1,
            "parking": rule.body is Body.OWNERS,
            "co_owners": rule.body is Body.OWNERS,
            "proxy_heads": rule.body is not Body.MEMBERS,
            "proxy_periods": rule.body is not Body.MEMBERS,
        }
        if not self.name.raw_data:
            self._begin(rule)
        for name, asked in asks.items():
            if not asked:
                delattr(self, name)

    def _begin(self, rule: DecisionRule) -> None:
        edit = edit_of(rule)
        for name, heads in (("participation", edit.participation), ("passing", edit.passing)):
            self[name].data = heads.share if heads else None
            self[f"{name}_inclusive"].data = "1" if heads and heads.inclusive else ""
        self.passing_base.data = edit.passing.base.value if edit.passing else Base.PARTICIPANTS.value
        self.name.data, self.seconders.data, self.source.data = words(Words(edit.name)), edit.seconders, edit.source
        self.notice_days.data, self.publication_days.data = edit.notice_days, edit.publication_days
        self.methods.data = [each.value for each in edit.methods]
        self.secrecies.data = [each.value for each in edit.secrecies]
        self.parking.data, self.co_owners.data = edit.parking.value, edit.co_owners.value
        self.proxy_heads.data, self.proxy_periods.data = edit.proxy_heads, edit.proxy_periods

    def edit(self) -> Edit:
        """Return what was filled in."""
        now_held = edit_of(self.rule)
        given: dict[str, Any] = {
            "name": tidy(self.name.data or ""),
            "seconders": self.seconders.data,
            "notice_days": self.notice_days.data,
            "publication_days": self.publication_days.data,
            "source": tidy(self.source.data or ""),
        }
        # Unchanged, a shipped name stays the one that is translated.
        if given["name"] == words(Words(now_held.name)):
            given["name"] = now_held.name
        if "participation" in self:
            given["participation"] = _line(self.participation.data, self.participation_inclusive.data, Base.ELECTORATE)
            given["passing"] = _line(self.passing.data, self.passing_inclusive.data, Base(self.passing_base.data))
        if "methods" in self:
            given["methods"] = tuple(Method(each) for each in self.methods.data or ())
        if "secrecies" in self:
            given["secrecies"] = tuple(Secrecy(each) for each in self.secrecies.data or ())
        if "parking" in self:
            given["parking"] = Parking(self.parking.data)
        if "co_owners" in self and self.co_owners.data:
            given["co_owners"] = CoOwners(self.co_owners.data)
        if "proxy_heads" in self and self.proxy_heads.data is not None:
            given["proxy_heads"], given["proxy_periods"] = self.proxy_heads.data, bool(self.proxy_periods.data)
        return replace(now_held, **given)

    @property
    def held_from(self) -> datetime | None:
        """Return from which moment it may hold: the first of that day where people live."""
        if self.not_before.data is None:
            return None
        first: datetime = to_utc(datetime.combine(self.not_before.data, time())).replace(tzinfo=UTC)
        return first

    def validate_participation(self, field: ShareField) -> None:
        """Refuse a share that nothing can meet."""
        _check_line(field, self.participation_inclusive.data)

    def validate_passing(self, field: ShareField) -> None:
        """Refuse a share that nothing can meet."""
        _check_line(field, self.passing_inclusive.data)

    def validate_seconders(self, field: ShareField) -> None:
        """Refuse a share that nothing can meet."""
        _check_line(field, "1")


_LINES = ("participation", "participation_inclusive", "passing", "passing_inclusive", "passing_base")


def _line(share: Fraction | None, inclusive: str | None, base: Base) -> Threshold | None:
    return None if share is None else Threshold(share, bool(inclusive), base)


def _check_line(field: ShareField, inclusive: str | None) -> None:
    refusal = why_not_share(field.data, inclusive=bool(inclusive))
    if refusal is not None:
        raise ValidationError(words(refusal.message))


class AuthorityForm(OnceForm):
    """The paper by which a place may take statutory votes."""

    title = StringField(lazy_gettext("文件名称和文号"), [Worded(120, say("文件名称和文号"))])
    issuer = StringField(lazy_gettext("发文的单位"), [Worded(80, say("发文的单位"))])
    dated = DateField(lazy_gettext("发文日期"), [InputRequired(lazy_gettext("请填发文日期。"))])
    picture = PicturesField(lazy_gettext("文件的照片或者扫描件"))


# Proxies ------------------------------------------------------------------------------------------------------------

PSEUDONYM_LONGEST = 40


class MandateForm(OnceForm):
    """Whom somebody lets cast for them."""

    proxy = StringField(
        lazy_gettext("代理人的化名"),
        [Worded(PSEUDONYM_LONGEST, say("代理人的化名"))],
        description=lazy_gettext("对方在平台上用的化名，一个字也不能差。对方会看到您的委托，随时可以辞去。"),
    )


class PeriodMandateForm(MandateForm):
    """Whom somebody lets cast for them in all votes until a day."""

    until = DateField(
        lazy_gettext("委托到哪天为止（含当天）"),
        [InputRequired(lazy_gettext("请填到哪天为止。"))],
        description=lazy_gettext("最长一年。只管从现在起公告的表决；规则不许委托的，照样自己投。"),
    )

    @property
    def held_until(self) -> datetime:
        """Return the moment at which the last day is over where people live."""
        if self.until.data is None:
            raise ValueError("asked of a form that was not filled in")
        after: datetime = to_utc(datetime.combine(self.until.data + timedelta(days=1), time())).replace(tzinfo=UTC)
        return after


class PaperMandateForm(OnceForm):
    """A mandate on paper: whose head, who casts for it, and what it looks like."""

    building = SelectField(lazy_gettext("楼"), choices=[])
    staircase = StringField(lazy_gettext("单元"), [Worded(10, say("单元"), least=0)])
    door = StringField(lazy_gettext("房号"), [Worded(20, say("房号"))])
    proxy = StringField(
        lazy_gettext("代理人的手机号或者化名"),
        [Worded(PSEUDONYM_LONGEST, say("代理人"))],
        description=lazy_gettext("照委托书上写的；代理人要在平台上有账号。"),
    )
    picture = PicturesField(lazy_gettext("委托书的照片"))

    def about(self, buildings: Sequence[Building]) -> None:
        """Offer the buildings of the community."""
        self.building.choices = [SelectChoice(str(each.id), each.name) for each in buildings]


# Channels: paper, help, service -------------------------------------------------------------------------------------


PAPERS = (Channel.PAPER, Channel.DOOR)


class PrintForm(OnceForm):
    """For whom paper ballots are made."""

    building = SelectField(lazy_gettext("印哪里的"), choices=[], validate_choice=True)
    staircase = StringField(lazy_gettext("单元"), [Worded(10, say("单元"), least=0)])
    door = StringField(
        lazy_gettext("房号"),
        [Worded(20, say("房号"), least=0)],
        description=lazy_gettext("只印一户的，选楼、填房号。"),
    )

    def about(self, buildings: Sequence[Building]) -> None:
        """Offer all, and each building that votes."""
        every = SelectChoice("", lazy_gettext("所有有表决权的住户"))
        self.building.choices = [every, *(SelectChoice(str(each.id), each.name) for each in buildings)]

    @property
    def building_id(self) -> int | None:
        """Return the building that was chosen."""
        return int(self.building.data) if self.building.data else None


class PaperForm(OnceForm):
    """What somebody reads on a paper ballot, besides its marks."""

    channel = RadioField(
        lazy_gettext("怎么来的"),
        choices=[SelectChoice(each.value, lazy_gettext(CHANNEL_WORDS[each].msgid)) for each in PAPERS],
        default=Channel.PAPER.value,
    )
    signed_on = DateField(lazy_gettext("纸票上写的日期"), [Optional()])
    signer = SelectField(lazy_gettext("谁签的名"), choices=[])
    fault = SelectField(
        lazy_gettext("这张票算不算"),
        choices=[
            SelectChoice("", lazy_gettext("算，选的照下面录")),
            *(SelectChoice(each.value, lazy_gettext(FAULT_WORDS[each].msgid)) for each in READ_FAULTS),
        ],
    )
    picture = PicturesField(lazy_gettext("这张纸票的照片"))

    def about(self, voters: Sequence[tuple[int, str]], *, first: bool) -> None:
        """Offer who may have signed; the first to read also says how it came, with a picture."""
        nobody = SelectChoice("", lazy_gettext("在平台上没有账号的本人"))
        self.signer.choices = [nobody, *(SelectChoice(str(person), name) for person, name in voters)]
        if not first:
            del self.channel, self.picture


class HelpForm(OnceForm):
    """At which door somebody is helped, and who of it."""

    building = SelectField(lazy_gettext("楼"), choices=[])
    staircase = StringField(lazy_gettext("单元"), [Worded(10, say("单元"), least=0)])
    door = StringField(lazy_gettext("房号"), [Worded(20, say("房号"))])
    voter = SelectField(lazy_gettext("来的是哪一位"), choices=[], validate_choice=False)

    def about(self, buildings: Sequence[Building], voters: Sequence[tuple[int, str]] = ()) -> None:
        """Offer the buildings that vote and, once the door is known, who votes for it."""
        self.building.choices = [SelectChoice(str(each.id), each.name) for each in buildings]
        self.voter.choices = [SelectChoice(str(person), name) for person, name in voters]
        if not voters:
            self.voter.choices = [SelectChoice("", lazy_gettext("这一户投票的那一位"))]

    @property
    def voter_id(self) -> int | None:
        """Return who was chosen."""
        written = self.voter.data or ""
        return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None


class ServiceForm(OnceForm):
    """An attempt to bring the notice of a vote to a household."""

    head = SelectField(lazy_gettext("哪一户"), choices=[])
    means = RadioField(
        lazy_gettext("怎么送"),
        choices=[SelectChoice(each.value, lazy_gettext(MEANS_WORDS[each].msgid)) for each in BY_HAND],
        default=ServiceMeans.DOOR.value,
    )
    outcome = RadioField(
        lazy_gettext("送到了吗"),
        [InputRequired(lazy_gettext("请选一项。"))],
        choices=[SelectChoice(each.value, lazy_gettext(label.msgid)) for each, label in OUTCOME_WORDS.items()],
    )
    on = DateField(lazy_gettext("哪一天"), [InputRequired(lazy_gettext("请填日期。"))])

    def about(self, households: Sequence[tuple[int, str]]) -> None:
        """Offer the households of the building."""
        self.head.choices = [SelectChoice(str(head), doors) for head, doors in households]


class TemplateForm(BallotFields, OnceForm):
    """A ballot that a place keeps ready."""

    name = StringField(
        lazy_gettext("这张选票叫什么"),
        [Worded(TEMPLATE_NAME_LONGEST, say("名称"))],
        description=lazy_gettext("比如：楼长推选、几选一问意思。"),
    )
    why = StringField(lazy_gettext("为什么改"), [Worded(TEMPLATE_REASON_LONGEST, say("为什么改"), least=0)])

    def written(self) -> Written:
        """Return what was filled in."""
        return Written(self.name.data or "", self.ballot_form(), self._options())

    def validate_template(self, field: RadioField) -> None:
        """Refuse a ballot that is not filled in."""
        refusal = why_not_template(self.written())
        if refusal is not None:
            raise ValidationError(" · ".join(words(each) for each in (refusal.message, refusal.what_next) if each))
