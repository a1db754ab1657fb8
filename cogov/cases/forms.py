"""What is filled in at each step of the official loop; the rules are asked again by the commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from cogov.cases.queries import Choices
from cogov.cases.rules import RefusalReason, StepKind
from cogov.cases.rules.phrases import REASON
from cogov.files.forms import PicturesField
from cogov.ground.pages import once_token, words

LONGEST = 2000
_TOO_LONG = lazy_gettext("写得太长了，请改短一些。")
_NEEDED = lazy_gettext("这一栏要写。")


class ActForm(FlaskForm):
    """What every step may carry: a remark, the basis it rests on, and the token that makes it count once."""

    once = HiddenField(default=once_token)
    template = HiddenField(default="")
    words = TextAreaField(lazy_gettext("说明"), [Optional(), Length(max=LONGEST, message=_TOO_LONG)])
    listed = SelectField(lazy_gettext("依据"), choices=[], default="", validate_choice=False)
    basis = StringField(
        lazy_gettext("依据"),
        [Optional(), Length(max=200, message=_TOO_LONG)],
        description=lazy_gettext("法规条款、清单编号或标准，会公开。"),
    )

    bases: tuple[str, ...] = ()

    def rest_on(self, bases: Sequence[str]) -> None:
        """Offer what the duty lists say for the matter, the likeliest first; a basis of one's own outranks it."""
        self.bases = tuple(bases)
        self.listed.choices = [(each, each) for each in bases]
        if not bases:
            return
        self.basis.label.text = gettext("写别的依据")
        if self.listed.data not in bases:
            self.listed.data = bases[0]

    @property
    def rests_on(self) -> str:
        """The basis given: one's own words, else the item chosen from the list."""
        listed = self.listed.data if self.listed.data in self.bases else ""
        return (self.basis.data or "").strip() or str(listed)


class CarriedForm(FlaskForm):
    """Which body is proposed for what a meeting carried."""

    once = HiddenField(default=once_token)
    body = SelectField(
        lazy_gettext("请哪个单位办"),
        validate_choice=True,
        description=lazy_gettext("这是建议；派给哪个单位，由指挥中心定。"),
    )

    def offer(self, bodies: Mapping[str, str]) -> None:
        """Offer the bodies of the place."""
        self.body.choices = [("", gettext("由指挥中心派")), *bodies.items()]

    @property
    def chosen(self) -> int | None:
        """The body that was chosen, if one was."""
        return int(self.body.data) if self.body.data else None


class PauseForm(FlaskForm):
    """Why a clock stands still; the reason is public."""

    once = HiddenField(default=once_token)
    words = StringField(
        lazy_gettext("为什么暂停"),
        [InputRequired(_NEEDED), Length(max=200, message=_TOO_LONG)],
        description=lazy_gettext("会公开写在时钟旁边；恢复以后，期限顺延。"),
    )


class WordsForm(ActForm):
    """A step that is worth nothing without words."""

    words = TextAreaField(lazy_gettext("说明"), [InputRequired(_NEEDED), Length(max=LONGEST, message=_TOO_LONG)])


class RefuseForm(WordsForm):
    """Why a case is not taken on: a reason from the list, and words for the raisers."""

    reason = RadioField(lazy_gettext("理由"), [InputRequired(lazy_gettext("请选一个理由。"))])

    def fill(self, choices: Choices) -> None:
        """Offer the reasons a person may give; that a body declined is said by the rules alone."""
        del choices
        given = [reason for reason in RefusalReason if reason is not RefusalReason.DECLINED]
        self.reason.choices = [(reason.value, words(REASON[reason])) for reason in given]


class DispatchForm(ActForm):
    """To whom a case goes, and which item of its duty list says so."""

    body = SelectField(lazy_gettext("承办单位"), [InputRequired(_NEEDED)], coerce=int)
    item = SelectField(
        lazy_gettext("清单事项"),
        coerce=int,
        description=lazy_gettext("单位的清单里有这件事，期限按清单算；没有的，请在说明里写为什么派给它。"),
    )

    def fill(self, choices: Choices) -> None:
        """Offer the bodies that can answer, and the items for this matter here and today."""
        self.body.choices = [(each.id, each.name) for each in choices.bodies]
        self.item.choices = [
            (0, lazy_gettext("不引用清单")),
            *((item.id, f"{item.number} · {item.basis}") for item in choices.items),
        ]


class CallForm(ActForm):
    """Which bodies are called, and what each is asked to do."""

    bodies = SelectMultipleField(
        lazy_gettext("请哪些单位来"),
        [InputRequired(lazy_gettext("请至少选一个单位。"))],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    words = TextAreaField(
        lazy_gettext("请它们做什么"), [InputRequired(_NEEDED), Length(max=LONGEST, message=_TOO_LONG)]
    )

    def fill(self, choices: Choices) -> None:
        """Offer the bodies that can answer and were not called yet."""
        self.bodies.choices = [(each.id, each.name) for each in choices.callable]


class HandleForm(WordsForm):
    """The result, and a picture of it, or the word that none is possible."""

    picture = PicturesField(lazy_gettext("处置后照片"))
    no_picture = BooleanField(lazy_gettext("没法拍照，原因写在结果里"))


FORMS: dict[StepKind, type[ActForm]] = {
    StepKind.REFUSE: RefuseForm,
    StepKind.DISPATCH: DispatchForm,
    StepKind.RETURN: WordsForm,
    StepKind.CALL: CallForm,
    StepKind.NO_CALL: WordsForm,
    StepKind.ANSWER_CALL: WordsForm,
    StepKind.HANDLE: HandleForm,
    StepKind.REWORK: WordsForm,
    StepKind.FEED_BACK: WordsForm,
}

LABELS: dict[StepKind, LazyString] = {
    StepKind.VERIFY: lazy_gettext("现场看到什么"),
    StepKind.REFUSE: lazy_gettext("写给提出问题的人"),
    StepKind.RETURN: lazy_gettext("异议：为什么不归您单位，应该归谁"),
    StepKind.CALL: lazy_gettext("请它们做什么"),
    StepKind.NO_CALL: lazy_gettext("为什么不需要联动"),
    StepKind.ANSWER_CALL: lazy_gettext("您单位做了什么"),
    StepKind.HANDLE: lazy_gettext("处置结果"),
    StepKind.PASS: lazy_gettext("现场核查的情况"),
    StepKind.REWORK: lazy_gettext("哪里没有处置好"),
    StepKind.FEED_BACK: lazy_gettext("告诉提出问题的人什么"),
}


def form_for(kind: StepKind, choices: Choices | None = None, *, bases: Sequence[str] = (), bound: bool = True) -> Any:
    """Return the form of a step, with its choices and what it may rest on."""
    cls = FORMS.get(kind, ActForm)
    form = cls() if bound else cls(formdata=None)
    if kind in LABELS:
        form.words.label.text = LABELS[kind]
    form.rest_on(bases)
    if choices is not None and hasattr(form, "fill"):
        form.fill(choices)
    return form
