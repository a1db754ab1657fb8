"""How limits are asked for and shown."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from cogov.duties.rules.clock import LONGEST, Limit, LimitUnit
from cogov.front.admin.parts import NEEDED
from cogov.ground.pages import words

UNIT_WORDS = {
    LimitUnit.WORKING_DAYS: lazy_gettext("工作日"),
    LimitUnit.WORKING_HOURS: lazy_gettext("工作时"),
    LimitUnit.EMERGENCY_HOURS: lazy_gettext("小时（昼夜都算）"),
    LimitUnit.CALENDAR_DAYS: lazy_gettext("日"),
}


def amount_field(*, needed: bool) -> IntegerField:
    """Return the field for how long a limit is; its unit is chosen beside it."""
    first = InputRequired(NEEDED) if needed else Optional()
    return IntegerField(
        lazy_gettext("时限"), [first, NumberRange(1, LONGEST, lazy_gettext("时限应是 1 到 3650 的整数。"))]
    )


def limit_words(amount: int | None, unit: LimitUnit | None) -> str:
    """Return a limit as people read it, and nothing where there is none."""
    return words(Limit(amount, unit).in_words()) if amount and unit else ""
