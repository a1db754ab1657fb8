"""What a person may type in a thread."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from cogov.ground.pages import once_token, words
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import Words, say
from cogov.threads.queries import SolutionText
from cogov.threads.queries.panels import Voices
from cogov.threads.rules import MESSAGE_LENGTH, REASON_LENGTH, TITLE_LENGTH, MessageKind, why_not_cost

KIND_LABELS = {
    MessageKind.PROBLEM: lazy_gettext("题：问题是什么"),
    MessageKind.REASON: lazy_gettext("理：为什么"),
    MessageKind.EVIDENCE: lazy_gettext("据：事实和数据"),
    MessageKind.SUGGESTION: lazy_gettext("案：怎么办"),
    MessageKind.QUESTION: lazy_gettext("问：想弄清楚"),
}

_YUAN = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?")


def _offer(field: SelectField, choices: Mapping[str, str]) -> None:
    # A plain {value: label}, which the types of WTForms do not know yet.
    field.choices = cast("Any", dict(choices))


class Worded:
    """Refuse typed text for the reason that the rule gives."""

    def __init__(self, longest: int, what: Words, *, least: int = 1) -> None:
        self.longest, self.what, self.least = longest, what, least
        self.field_flags = {"maxlength": longest * 2} if least else {"maxlength": longest * 2, "optional": True}

    def __call__(self, _form: Form, field: Field) -> None:
        refusal = why_not_wording(tidy(field.data or ""), longest=self.longest, least=self.least, what=self.what)
        if refusal is not None:
            raise ValidationError(words(refusal.message))


class OnceForm(FlaskForm):
    """A form that has one effect however often it is sent."""

    once = HiddenField(default=once_token)


class SpokenForm(OnceForm):
    """A form that says for whom one speaks."""

    # Whom one may act for is asked when the choice is used (chosen_actor), not here.
    acting = SelectField(lazy_gettext("代表"), validate_choice=False)
    offered: Mapping[str, str] = MappingProxyType({})

    def speak_as(self, voices: Voices) -> None:
        """Offer oneself where one lives or owns, and the organizations one may speak for here."""
        oneself = {"": gettext("我自己")} if voices.oneself else {}
        mandates = {str(held.id): f"{held.organization_name}（{held.public_name}）" for held in voices.standings}
        self.offered = {**oneself, **mandates}
        _offer(self.acting, self.offered)
        if not self.acting.raw_data:
            self.acting.data = str(voices.current or "")

    @property
    def asks_for_whom(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.offered) > 1


class MessageForm(SpokenForm):
    """A message or a reply."""

    kind = SelectField(lazy_gettext("这是"), default="reason")
    text = TextAreaField(lazy_gettext("您想说的话"), [Worded(MESSAGE_LENGTH, say("发言"))])

    def speak_as(self, voices: Voices) -> None:
        """Offer for whom one may speak, and what a message may be meant as."""
        super().speak_as(voices)
        _offer(self.kind, {str(kind): str(label) for kind, label in KIND_LABELS.items()})


class ConcernForm(SpokenForm):
    """A serious concern."""

    harm = TextAreaField(
        lazy_gettext("会怎样"),
        [Worded(REASON_LENGTH, say("会怎样"))],
        description=lazy_gettext("写明会有什么坏处、对谁、什么时候。"),
    )
    remedy = TextAreaField(
        lazy_gettext("怎样才放心"),
        [Worded(REASON_LENGTH, say("怎样才放心"))],
        description=lazy_gettext("写明做到什么，您就不再担心。"),
    )


class AnswerForm(SpokenForm):
    """An answer to a concern; it may name the version of a solution that solves it."""

    text = TextAreaField(lazy_gettext("答复"), [Worded(REASON_LENGTH, say("答复"))])
    version = SelectField(lazy_gettext("用哪个方案解决"), default="")

    def offer(self, solutions: list[SolutionText]) -> None:
        """Offer the latest version of each solution."""
        versions = {
            str(s.version_id): gettext("方案 %(n)s 第 %(v)s 版：%(title)s", n=s.number, v=s.version, title=s.title)
            for s in solutions
        }
        _offer(self.version, {"": gettext("不指明方案"), **versions})


class OverrulingForm(OnceForm):
    """The chair's reason to overrule a concern."""

    reason = TextAreaField(
        lazy_gettext("不采纳的理由"),
        [Worded(REASON_LENGTH, say("不采纳的理由"))],
        description=lazy_gettext("理由会公开；还要街道办、业委会或居委会的第二个人同意。"),
    )


class SolutionForm(SpokenForm):
    """A solution, or a new version of one."""

    title = StringField(lazy_gettext("方案名称"), [Worded(TITLE_LENGTH, say("方案名称"))])
    text = TextAreaField(lazy_gettext("怎么做"), [Worded(MESSAGE_LENGTH, say("方案内容"))])
    cost = StringField(
        lazy_gettext("大约费用（元）"),
        description=lazy_gettext("不知道就先不填。"),
        render_kw={"inputmode": "decimal", "maxlength": 24},
    )
    needs_permit = BooleanField(lazy_gettext("需要有关单位批准"))

    @property
    def fen(self) -> int | None:
        """The cost in fen, None where none was given or it cannot be read."""
        typed = unicodedata.normalize("NFKC", self.cost.data or "").replace(",", "").strip()
        match = _YUAN.fullmatch(typed)
        return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None

    def validate_cost(self, field: StringField) -> None:
        """Refuse what is no amount of money."""
        if (field.data or "").strip() and self.fen is None:
            raise ValidationError(lazy_gettext("请写数字，例如 1200 或 1200.50。"))
        if (refusal := why_not_cost(self.fen)) is not None:
            raise ValidationError(words(refusal.message))
