"""Taking a conversation over from elsewhere, and asking for its rows."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, MultipleFileField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from cogov.ground.pages import once_token, words
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.opinion.rules.rows import REASON_LENGTH
from cogov.opinion.rules.stages import QUESTION_LENGTH


class _Once(FlaskForm):
    once = HiddenField()

    def freshened(self) -> _Once:
        """Give a form that is shown a token that was not sent yet."""
        self.once.data = once_token()
        return self


class ImportForm(_Once):
    """The problem that it is about, what was asked, and the sheets."""

    number = StringField(
        lazy_gettext("问题编号"), [InputRequired(lazy_gettext("请填问题编号。"))], render_kw={"maxlength": 40}
    )
    question = StringField(
        lazy_gettext("问的是什么"),
        description=lazy_gettext("空着的话，用 summary.csv 里的标题"),
        render_kw={"maxlength": QUESTION_LENGTH},
    )
    sheet = MultipleFileField(lazy_gettext("文件"), render_kw={"accept": ".csv,text/csv"})
    votes = TextAreaField(lazy_gettext("或者把 votes.csv 贴在这里"))
    comments = TextAreaField(lazy_gettext("和 comments.csv"))

    def sheets(self) -> dict[str, bytes]:
        """Return what was sent, by the names of the files; what was pasted stands beside what was chosen."""
        sent = {str(file.filename): file.read() for file in self.sheet.data or () if file and file.filename}
        pasted = {"votes": self.votes.data or "", "comments": self.comments.data or ""}
        return sent | {name: text.encode() for name, text in pasted.items() if text.strip()}


class ReasonForm(_Once):
    """Why an auditor needs the rows."""

    reason = TextAreaField(lazy_gettext("要来做什么"), render_kw={"maxlength": REASON_LENGTH})

    def validate_reason(self, field: Field) -> None:
        """Refuse what says nothing, as the rule does."""
        refusal = why_not_wording(tidy(field.data or ""), longest=REASON_LENGTH, least=5, what=say("理由"))
        if refusal is not None:
            raise ValidationError(words(refusal.message))
