"""What every form of a thread has: that it has one effect, and for whom one speaks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, SelectField
from wtforms.validators import ValidationError

from cogov.ground.pages import once_token, words
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import Words
from cogov.threads.queries.panels import Voices


def offer(field: SelectField, choices: Mapping[str, str]) -> None:
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
        offer(self.acting, self.offered)
        if not self.acting.raw_data:
            self.acting.data = str(voices.current or "")

    @property
    def asks_for_whom(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.offered) > 1
