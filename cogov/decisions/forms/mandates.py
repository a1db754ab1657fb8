"""Proxies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from flask_babel import lazy_gettext, to_utc
from wtforms import (
    DateField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired

from cogov.files.forms import PicturesField
from cogov.ground.choosing import SelectChoice
from cogov.ground.words import say
from cogov.places.models import Building
from cogov.threads.forms.speaking import OnceForm, Worded

PSEUDONYM_LONGEST = 40


class MandateForm(OnceForm):
    """Whom somebody lets cast for them."""

    proxy = StringField(
        lazy_gettext("代理人的化名"),
        [Worded(PSEUDONYM_LONGEST, say("代理人的化名"))],
        description=lazy_gettext("对方在平台上用的化名，一个字也不能差。对方会看到您的委托，随时可以辞去。"),
    )


class PeriodMandateForm(MandateForm):
    """Whom somebody lets cast for them in all votes until a day."""

    until = DateField(
        lazy_gettext("委托到哪天为止（含当天）"),
        [InputRequired(lazy_gettext("请填到哪天为止。"))],
        description=lazy_gettext("最长一年。只管从现在起公告的表决；规则不许委托的，照样自己投。"),
    )

    @property
    def held_until(self) -> datetime:
        """Return the moment at which the last day is over where people live."""
        if self.until.data is None:
            raise ValueError("asked of a form that was not filled in")
        after: datetime = to_utc(datetime.combine(self.until.data + timedelta(days=1), time())).replace(tzinfo=UTC)
        return after


class PaperMandateForm(OnceForm):
    """A mandate on paper: whose head, who casts for it, and what it looks like."""

    building = SelectField(lazy_gettext("楼"), choices=[])
    staircase = StringField(lazy_gettext("单元"), [Worded(10, say("单元"), least=0)])
    door = StringField(lazy_gettext("房号"), [Worded(20, say("房号"))])
    proxy = StringField(
        lazy_gettext("代理人的手机号或者化名"),
        [Worded(PSEUDONYM_LONGEST, say("代理人"))],
        description=lazy_gettext("照委托书上写的；代理人要在平台上有账号。"),
    )
    picture = PicturesField(lazy_gettext("委托书的照片"))

    def about(self, buildings: Sequence[Building]) -> None:
        """Offer the buildings of the community."""
        self.building.choices = [SelectChoice(str(each.id), each.name) for each in buildings]
