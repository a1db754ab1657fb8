"""Who has an interest: what an owner elsewhere says, and why it was enough or not."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from cogov.decisions.rules.interest import REASON_LEAST, REASON_LONGEST, TEXT_LEAST, TEXT_LONGEST
from cogov.ground.choosing import SelectChoice
from cogov.ground.words import say
from cogov.threads.forms.speaking import OnceForm, Worded

ADMIT, DECLINE = "admit", "decline"


class InterestForm(OnceForm):
    """Which unit of one's own is touched, and how."""

    unit = SelectField(lazy_gettext("您的哪一套受影响"), coerce=int, choices=[])
    text = TextAreaField(
        lazy_gettext("怎样受影响"),
        [Worded(TEXT_LONGEST, say("受到的影响"), least=TEXT_LEAST)],
        description=lazy_gettext("写清房屋价值或者生活质量受到、可能受到什么影响，有什么能证明。只有决定的人看得到。"),
    )

    def about(self, units: Iterable[tuple[int, str]]) -> None:
        """Offer the applicant's own units in other buildings."""
        self.unit.choices = [SelectChoice(unit_id, door) for unit_id, door in units]


class SettleInterestForm(OnceForm):
    """Whether an applicant is admitted, and why."""

    outcome = RadioField(
        lazy_gettext("决定"),
        [InputRequired(lazy_gettext("请选一项。"))],
        choices=[
            SelectChoice(ADMIT, lazy_gettext("列入名册")),
            SelectChoice(DECLINE, lazy_gettext("不列入")),
        ],
    )
    reason = TextAreaField(
        lazy_gettext("理由"),
        [Worded(REASON_LONGEST, say("理由"), least=REASON_LEAST)],
        description=lazy_gettext("申请的人会看到。"),
    )

    def on(self, claim_id: int) -> SettleInterestForm:
        """Return the form as it stands under one of several applications of a page."""
        for field in (self.outcome, self.reason):
            field.id = f"{field.short_name}-{claim_id}"
        return self
