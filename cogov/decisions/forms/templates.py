"""A ballot that a place keeps ready."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import (
    RadioField,
    StringField,
)
from wtforms.validators import ValidationError

from cogov.decisions.forms.ballots import BallotFields
from cogov.decisions.rules.templates import NAME_LONGEST as TEMPLATE_NAME_LONGEST
from cogov.decisions.rules.templates import REASON_LONGEST as TEMPLATE_REASON_LONGEST
from cogov.decisions.rules.templates import Written, why_not_template
from cogov.ground.pages import words
from cogov.ground.words import say
from cogov.threads.forms.speaking import OnceForm, Worded


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
