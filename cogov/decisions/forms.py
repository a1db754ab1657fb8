"""What a person may type about a motion, a notice and an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask_babel import format_datetime, gettext, lazy_gettext, to_user_timezone, to_utc
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.law import DecisionRule, force_sentence, rule_for_item
from cogov.decisions.rules.matters import DECLARED, Bar, Matter, why_not_use
from cogov.decisions.rules.motions import (
    ABSTAINING,
    ACT_LONGEST,
    CONSEQUENCE_LONGEST,
    MOST_DAYS,
    MOST_SLOTS,
    MOST_TASKS,
    QUESTION_LEAST,
    QUESTION_LONGEST,
    REASON_LONGEST,
    TASK_LONGEST,
    TEXT_LONGEST,
    TaskPlan,
    options_of,
)
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.sums import ANSWERS, ITEM_NUMERALS, ITEMS
from cogov.ground.pages import words
from cogov.ground.words import Words, say
from cogov.people.models import Organization
from cogov.places.models import Building
from cogov.problems.rules.lanes import RuleCode
from cogov.threads.forms import OnceForm, SpokenForm, Worded
from cogov.threads.queries import SolutionText


class MotionForm(SpokenForm):
    """A motion; choosing the matter chooses the rule."""

    question = StringField(
        lazy_gettext("表决什么"),
        [Worded(QUESTION_LONGEST, say("表决的问题（至少 5 个字）"), least=QUESTION_LEAST)],
        description=lazy_gettext("一句话，能用同意、不同意回答。"),
    )
    way = RadioField(lazy_gettext("这是什么事"), [InputRequired(lazy_gettext("请选一项。"))], choices=[])
    agree = TextAreaField(lazy_gettext("选“同意”会怎样"), [Worded(CONSEQUENCE_LONGEST, say("“同意”的后果"))])
    disagree = TextAreaField(lazy_gettext("选“不同意”会怎样"), [Worded(CONSEQUENCE_LONGEST, say("“不同意”的后果"))])
    abstain = StringField(
        lazy_gettext("选“弃权”会怎样"), [Worded(CONSEQUENCE_LONGEST, say("“弃权”的后果"))], default=str(ABSTAINING)
    )
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

    def _options(self) -> tuple[Option, ...]:
        return options_of(self.agree.data or "", self.disagree.data or "", self.abstain.data or "")

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
