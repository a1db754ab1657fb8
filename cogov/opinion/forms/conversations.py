"""What a person may type in a conversation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from cogov.ground.clock import now
from cogov.ground.moments import LocalMomentField
from cogov.ground.pages import once_token, words
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import Words, say
from cogov.opinion.rules.stages import QUESTION_LENGTH, STATEMENT_LENGTH
from cogov.opinion.rules.taking import MOST_SEEDS

USUAL = timedelta(days=14)
STATEMENT = say("观点")


class _Worded:
    """Refuse typed text for the reason that the rule gives."""

    def __init__(self, longest: int, what: Words) -> None:
        self.longest, self.what = longest, what
        self.field_flags = {"maxlength": longest}

    def __call__(self, _form: Form, field: Field) -> None:
        refusal = why_not_wording(tidy(field.data or ""), longest=self.longest, what=self.what)
        if refusal is not None:
            raise ValidationError(words(refusal.message))


class OnceForm(FlaskForm):
    """A form that has one effect however often it is sent."""

    once = HiddenField(default=once_token)


class StatementForm(OnceForm):
    """A statement for others to answer."""

    text = TextAreaField(
        lazy_gettext("您的观点"),
        [_Worded(STATEMENT_LENGTH, STATEMENT)],
        description=lazy_gettext("一条只说一个意思，让人能说同意或不同意。最多 140 字。"),
    )


class ConversationForm(OnceForm):
    """A question, when it is open, and statements to begin with."""

    question = StringField(
        lazy_gettext("问大家什么"),
        [_Worded(QUESTION_LENGTH, say("要问的话"))],
        description=lazy_gettext("一句问话，不带答案。最多 120 字。"),
    )
    statements = TextAreaField(
        lazy_gettext("先放几条观点"),
        [Optional()],
        description=lazy_gettext("一行一条，每条最多 140 字，最多 20 条；正反两面都放，大家才好开口。"),
    )
    opens_at = LocalMomentField(
        lazy_gettext("从什么时候开始"),
        [Optional()],
        format="%Y-%m-%dT%H:%M",
        description=lazy_gettext("空着就是现在。"),
    )
    closes_at = LocalMomentField(
        lazy_gettext("到什么时候结束"),
        [InputRequired(lazy_gettext("请写明什么时候结束。"))],
        format="%Y-%m-%dT%H:%M",
        default=cast("Any", lambda: now() + USUAL),  # its types know of times of the day alone
    )

    @property
    def until(self) -> datetime:
        """When it closes."""
        return cast("datetime", self.closes_at.data)

    @property
    def lines(self) -> list[str]:
        """The statements to begin with, one a line."""
        return [line.strip() for line in tidy(self.statements.data or "").split("\n") if line.strip()]

    def validate_statements(self, _field: Field) -> None:
        """Refuse more or longer lines than a conversation begins with."""
        if len(self.lines) > MOST_SEEDS:
            raise ValidationError(gettext("最多 %(n)s 条，现在有 %(m)s 条。", n=MOST_SEEDS, m=len(self.lines)))
        for line in self.lines:
            if (refusal := why_not_wording(line, longest=STATEMENT_LENGTH, what=STATEMENT)) is not None:
                raise ValidationError(words(refusal.message))
