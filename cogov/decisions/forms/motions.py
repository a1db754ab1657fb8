"""Moving a motion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from cogov.decisions.forms.ballots import BallotFields, number_of
from cogov.decisions.rules.law import DecisionRule, force_sentence
from cogov.decisions.rules.matters import Matter, why_not_use
from cogov.decisions.rules.methods import (
    why_not_form,
)
from cogov.decisions.rules.motions import (
    ACT_LONGEST,
    MOST_DAYS,
    MOST_SLOTS,
    MOST_TASKS,
    QUESTION_LEAST,
    QUESTION_LONGEST,
    TASK_LONGEST,
    TEXT_LONGEST,
    TaskPlan,
    why_not_written_options,
)
from cogov.decisions.rules.shipped import rule_for_item
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.sums import ITEMS
from cogov.ground.choosing import SelectChoice
from cogov.ground.pages import words
from cogov.ground.words import Words, say
from cogov.people.models import Organization
from cogov.places.models import Building
from cogov.problems.rules.lanes import RuleCode
from cogov.threads.forms.speaking import SpokenForm, Worded
from cogov.threads.queries import SolutionText


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
        item = number_of(self.way.data)
        return {
            "question": self.question.data or "",
            "text": self.text.data or "",
            "options": self._options(),
            "form": self.ballot_form(),
            "rule": RuleCode(self.way.data) if item is None else rule_for_item(item).code,
            "item": item,
            "solution_version_id": number_of(self.solution.data),
            "scope": Scope(self.scope.data),
            "building_id": number_of(self.building.data),
            "staircase": self.staircase.data or "",
            "tasks": self._tasks(),
            "public_body_id": number_of(self.body.data),
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


def _ways(rules: Sequence[DecisionRule], triaged: frozenset[RuleCode]) -> dict[str, tuple[Words, DecisionRule]]:
    ways: dict[str, tuple[Words, DecisionRule]] = {}
    for rule in rules:
        items: tuple[int | None, ...] = rule.items or (None,)
        for item in items:
            if why_not_use(rule.code, Matter(item, triaged), rule) is None:
                ways[rule.code.value if item is None else str(item)] = (_label(rule, item), rule)
    return dict(sorted(ways.items(), key=lambda way: number_of(way[0]) or len(ITEMS)))


def _label(rule: DecisionRule, item: int | None) -> Words:
    if item is None and rule.code is not RuleCode.R5:
        return Words(rule.name)
    return ITEMS[item]
