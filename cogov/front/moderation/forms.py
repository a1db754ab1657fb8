"""What a person may type about a text that should perhaps not stand."""

from __future__ import annotations

from typing import Any, cast

from flask_babel import lazy_gettext
from wtforms import BooleanField, DateField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from cogov.ground.choosing import SelectChoice
from cogov.ground.pages import words
from cogov.ground.words import say
from cogov.moderation.commands import BASIS_LENGTH, ORGAN_LENGTH
from cogov.moderation.rules import APPEAL_LENGTH, POLICY, WORDS_LENGTH, FlagReason, ReviewVerdict, reason_words
from cogov.moderation.rules.blocking import MOST_DAYS
from cogov.threads.forms.speaking import OnceForm, Worded
from cogov.threads.rules.slowing import MOST_HOURS, MOST_MINUTES, SLOW_REASON_LENGTH

KEEP = ReviewVerdict.KEEP.value


def _clauses() -> dict[str, str]:
    return {each.value: words(reason_words(each)) for each in POLICY}


class DecisionForm(OnceForm):
    """Leave it, or take it down under a clause; one choice says both."""

    choice = RadioField(lazy_gettext("怎么定"), [InputRequired(lazy_gettext("请选一项。"))])
    words = TextAreaField(lazy_gettext("给写的人的话"), [Worded(WORDS_LENGTH, say("给写的人的话"), least=0)])

    def offer(self) -> None:
        """Offer to leave it, and each clause of the policy."""
        keep = words(say("保留：不违反发言规则"))
        self.choice.choices = cast("Any", {KEEP: keep, **_clauses()})

    @property
    def reason(self) -> FlagReason | None:
        """The clause, None where the text is left."""
        return None if self.choice.data == KEEP else FlagReason(self.choice.data)


def decision_form() -> DecisionForm:
    """Return an empty form to decide, with its choices."""
    form: Any = DecisionForm
    made: DecisionForm = form(formdata=None)
    made.offer()
    return made


class OrderForm(OnceForm):
    """An order to take a text down."""

    organ = StringField(lazy_gettext("哪个机关"), [Worded(ORGAN_LENGTH, say("机关"))])
    basis = StringField(lazy_gettext("法律依据、文号"), [Worded(BASIS_LENGTH, say("依据"))])
    dated = DateField(lazy_gettext("命令的日期"), [InputRequired(lazy_gettext("请填日期。"))])


class AppealForm(OnceForm):
    """The author's appeal."""

    words = TextAreaField(lazy_gettext("为什么应该恢复"), [Worded(APPEAL_LENGTH, say("申诉的理由"))])


class AnswerForm(OnceForm):
    """What a second person answers."""

    granted = RadioField(
        lazy_gettext("怎么答复"),
        [InputRequired(lazy_gettext("请选一项。"))],
        choices=[SelectChoice("yes", lazy_gettext("恢复这段话")), SelectChoice("no", lazy_gettext("维持移除"))],
    )
    words = TextAreaField(lazy_gettext("理由"), [Worded(APPEAL_LENGTH, say("答复"))])


class BlockAnswerForm(AnswerForm):
    """What a second person answers to who may not write."""

    granted = RadioField(
        lazy_gettext("怎么答复"),
        [InputRequired(lazy_gettext("请选一项。"))],
        choices=[SelectChoice("yes", lazy_gettext("恢复发言")), SelectChoice("no", lazy_gettext("维持到期"))],
    )


def answer_form(kind: type[AnswerForm] = AnswerForm) -> AnswerForm:
    """Return an empty form to answer an appeal."""
    form: Any = kind
    made: AnswerForm = form(formdata=None)
    return made


class FlagForm(OnceForm):
    """Why somebody flags a text."""

    reason = RadioField(lazy_gettext("违反了哪一条"), [InputRequired(lazy_gettext("请选一项。"))])
    words = TextAreaField(lazy_gettext("想补充的话"), [Worded(WORDS_LENGTH, say("说明"), least=0)])
    about_committee = BooleanField(
        lazy_gettext("这段话说的是居委会、主持人"),
        description=lazy_gettext("勾上就由街道来看，社区不能自己处理对自己的批评。"),
    )

    def offer(self) -> None:
        """Offer the clauses of the policy."""
        self.reason.choices = cast("Any", _clauses())


class SlowModeForm(OnceForm):
    """One message in so many minutes, for so many hours, and why."""

    minutes = IntegerField(
        lazy_gettext("每人隔几分钟发一条"),
        [InputRequired(lazy_gettext("请填数字。")), NumberRange(1, MOST_MINUTES, lazy_gettext("1 到 1440 分钟。"))],
        default=10,
    )
    hours = IntegerField(
        lazy_gettext("持续几小时"),
        [InputRequired(lazy_gettext("请填数字。")), NumberRange(1, MOST_HOURS, lazy_gettext("1 到 168 小时。"))],
        default=24,
    )
    reason = TextAreaField(lazy_gettext("理由"), [Worded(SLOW_REASON_LENGTH, say("理由"))])


class BlockForm(OnceForm):
    """Where, for how long, under which clause and why somebody may not write."""

    where = RadioField(
        lazy_gettext("在哪里暂停"),
        [InputRequired(lazy_gettext("请选一项。"))],
        choices=[
            SelectChoice("topic", lazy_gettext("只在这件问题里")),
            SelectChoice("place", lazy_gettext("在整个社区")),
        ],
    )
    days = IntegerField(
        lazy_gettext("几天"),
        [InputRequired(lazy_gettext("请填数字。")), NumberRange(1, MOST_DAYS, lazy_gettext("1 到 30 天。"))],
        default=3,
    )
    reason = RadioField(lazy_gettext("违反了哪一条"), [InputRequired(lazy_gettext("请选一项。"))])
    words = TextAreaField(lazy_gettext("给本人的理由"), [Worded(WORDS_LENGTH, say("理由"))])

    def offer(self) -> None:
        """Offer the clauses of the policy."""
        self.reason.choices = cast("Any", _clauses())
