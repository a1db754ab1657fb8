"""What a person may type as a solution."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import lazy_gettext
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import ValidationError

from cogov.ground.pages import words
from cogov.ground.words import say
from cogov.threads.forms.speaking import SpokenForm, Worded
from cogov.threads.rules.messages import MESSAGE_LENGTH
from cogov.threads.rules.solutions import TITLE_LENGTH, why_not_cost

_YUAN = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?")


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
