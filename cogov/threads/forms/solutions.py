"""What a person may type as a solution."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, TypeVar

from flask_babel import lazy_gettext
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import ValidationError

from cogov.ground.pages import words
from cogov.ground.words import say
from cogov.threads.forms.speaking import OnceForm, SpokenForm, Worded
from cogov.threads.rules.concerns import REASON_LENGTH
from cogov.threads.rules.messages import MESSAGE_LENGTH
from cogov.threads.rules.solutions import SIDE_LENGTH, TITLE_LENGTH, Content, why_not_cost

Filled = TypeVar("Filled", bound="SolutionForm")

_YUAN = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?")


def fen_of(typed: str | None) -> int | None:
    """Return the fen that somebody typed in yuan, None where it cannot be read."""
    match = _YUAN.fullmatch(unicodedata.normalize("NFKC", typed or "").replace(",", "").strip())
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None


def yuan_of(fen: int | None) -> str:
    """Return fen as somebody types them."""
    return f"{fen // 100}.{fen % 100:02d}" if fen is not None else ""


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
    benefits = StringField(
        lazy_gettext("谁受益"),
        [Worded(SIDE_LENGTH, say("谁受益"), least=0)],
        description=lazy_gettext("例如：3 号楼没有车位的住户。"),
    )
    bears = StringField(
        lazy_gettext("谁承担"),
        [Worded(SIDE_LENGTH, say("谁承担"), least=0)],
        description=lazy_gettext("谁出钱、谁受影响。"),
    )

    @property
    def said(self) -> dict[str, Any]:
        """What the version would say."""
        return {
            "title": self.title.data or "",
            "text": self.text.data or "",
            "cost": self.fen,
            "needs_permit": bool(self.needs_permit.data),
            "benefits": self.benefits.data or "",
            "bears": self.bears.data or "",
        }

    @property
    def fen(self) -> int | None:
        """The cost in fen, None where none was given or it cannot be read."""
        return fen_of(self.cost.data)

    def validate_cost(self, field: StringField) -> None:
        """Refuse what is no amount of money."""
        if (field.data or "").strip() and self.fen is None:
            raise ValidationError(lazy_gettext("请写数字，例如 1200 或 1200.50。"))
        if (refusal := why_not_cost(self.fen)) is not None:
            raise ValidationError(words(refusal.message))


class AmendmentForm(SolutionForm):
    """A change to a solution: the whole of it as it would read, and why."""

    why = TextAreaField(
        lazy_gettext("为什么这样改"),
        [Worded(REASON_LENGTH, say("为什么这样改"))],
        description=lazy_gettext("直接在上面的文字里改，改动会标出来给大家看。"),
    )

    @property
    def content(self) -> Content:
        """The version as it would read."""
        return Content(**self.said)


class AmendmentAnswerForm(OnceForm):
    """What is said to who proposed a change."""

    words = TextAreaField(
        lazy_gettext("答复"),
        [Worded(REASON_LENGTH, say("答复"), least=0)],
        description=lazy_gettext("不采用的，要写明理由；采用的可以不写。"),
    )


class PromotionForm(OnceForm):
    """Under which name a change becomes a solution of its own."""

    title = StringField(lazy_gettext("新方案的名称"), [Worded(TITLE_LENGTH, say("方案名称"))])


def filled(kind: type[Filled], content: Content) -> Filled:
    """Return a form that holds what a version says."""
    return kind(
        title=content.title,
        text=content.text,
        cost=yuan_of(content.cost),
        needs_permit=content.needs_permit,
        benefits=content.benefits,
        bears=content.bears,
    )
