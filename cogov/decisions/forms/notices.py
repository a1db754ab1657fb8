"""Publishing the notice of a vote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import format_datetime, gettext, lazy_gettext
from wtforms import (
    BooleanField,
    RadioField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, ValidationError

from cogov.decisions.queries.secrets import PossibleHolder
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.matters import DECLARED, Bar
from cogov.decisions.rules.secrets.box import KEPT_WORDS
from cogov.decisions.rules.sums import ITEM_NUMERALS, ITEMS
from cogov.ground.choosing import SelectChoice
from cogov.ground.moments import LocalMomentField
from cogov.ground.pages import words
from cogov.threads.forms.speaking import OnceForm

NONE_OF_THEM = "none"
"""The answer that a matter touches none of the bars."""


def item_question(item: int) -> str:
    """Return what whoever tables or publishes confirms about the item of Civil Code 278(1)."""
    return gettext(
        "我核对过：这件事属于民法典第278条第一款第（%(item)s）项“%(name)s”",
        item=ITEM_NUMERALS[item - 1],
        name=words(ITEMS[item]),
    )


class NoticeForm(OnceForm):
    """When a vote opens and closes."""

    opens_at = LocalMomentField(
        lazy_gettext("开始"), [InputRequired(lazy_gettext("请填开始时间。"))], format="%Y-%m-%dT%H:%M"
    )
    closes_at = LocalMomentField(
        lazy_gettext("截止"), [InputRequired(lazy_gettext("请填截止时间。"))], format="%Y-%m-%dT%H:%M"
    )

    item_confirmed = BooleanField(validators=[InputRequired(lazy_gettext("请先核对，再勾选。"))])
    touches = SelectMultipleField(
        lazy_gettext("这次表决会不会"),
        [InputRequired(lazy_gettext("请回答；都没有，请选“都不涉及”。"))],
        choices=[
            *(SelectChoice(bar.value, lazy_gettext(label.msgid)) for bar, label in DECLARED.items()),
            SelectChoice(NONE_OF_THEM, lazy_gettext("都不涉及")),
        ],
        description=lazy_gettext("有一项涉及，就不能付表决。您的回答会和公告一起存下。"),
    )
    secrecy = RadioField(lazy_gettext("怎样投票"), choices=[], validate_choice=False, default=Secrecy.NAMED.value)
    holders = SelectMultipleField(
        lazy_gettext("监票人（无记名才要）"),
        choices=[],
        validate_choice=False,
        description=lazy_gettext("选三位，不能都来自同一个单位，也不能是您自己。截止后任意两位一起才能开箱。"),
    )

    def keep(self, secrecies: Sequence[Secrecy], holders: Sequence[PossibleHolder]) -> None:
        """Offer how ballots can be kept; where names are asked for anyway, nothing is asked."""
        if not set(secrecies) - {Secrecy.NAMED}:
            del self.secrecy, self.holders
            return
        self.secrecy.choices = [SelectChoice(each.value, words(KEPT_WORDS[each])) for each in secrecies]
        self.holders.choices = [
            SelectChoice(str(holder.standing_id), f"{holder.name}，{holder.organization}") for holder in holders
        ]

    @property
    def kept(self) -> dict[str, Any]:
        """Return how ballots are to be kept, and by whom the box is held."""
        if "secrecy" not in self:
            return {}
        said = self.secrecy.data
        secrecy = Secrecy(said) if said in set(Secrecy) else Secrecy.NAMED
        if secrecy is Secrecy.NAMED:
            return {"secrecy": secrecy}
        numbers = [each for each in self.holders.data or () if each.isascii() and each.isdigit() and len(each) < 19]
        return {"secrecy": secrecy, "holders": [int(each) for each in numbers]}

    def about(self, item: int | None) -> None:
        """Ask about the item that the motion was moved under; advice hangs on none."""
        if item is None:
            del self.item_confirmed
            return
        self.item_confirmed.label.text = item_question(item)

    def validate_touches(self, field: SelectMultipleField) -> None:
        """Refuse an answer that says both."""
        if NONE_OF_THEM in (field.data or ()) and len(field.data or ()) > 1:
            raise ValidationError(gettext("选了“都不涉及”，就不能再选别的。"))

    @property
    def declared(self) -> frozenset[Bar]:
        """Return the bars that were declared."""
        return frozenset(Bar(value) for value in self.touches.data or () if value != NONE_OF_THEM)

    def advise(self, notice_days: int, opens_at: datetime) -> None:
        """Say how long the notice has to stand, and which hour would do."""
        at = format_datetime(opens_at, gettext("M月d日 HH:mm"))
        self.opens_at.description = gettext("公示要满 %(days)s 天，建议 %(at)s。", days=notice_days, at=at)
