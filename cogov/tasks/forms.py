"""What a person may type about tasks."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import get_timezone, lazy_gettext
from wtforms import DateTimeLocalField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from cogov.files.forms import PicturesField
from cogov.ground.words import say
from cogov.tasks.rules import MOST_MINUTES, MOST_SLOTS, REPORT_LENGTH, SPOT_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from cogov.threads.forms.speaking import OnceForm, SpokenForm, Worded

_NUMBER = lazy_gettext("请写一个整数。")


class TaskForm(OnceForm):
    """A task to be claimed."""

    title = StringField(lazy_gettext("任务名称"), [Worded(TITLE_LENGTH, say("任务名称"))])
    text = TextAreaField(lazy_gettext("做什么，要带什么"), [Worded(TEXT_LENGTH, say("任务说明"), least=0)])
    meeting_point = StringField(lazy_gettext("集合地点"), [Worded(SPOT_LENGTH, say("集合地点"), least=0)])
    starts_at = DateTimeLocalField(lazy_gettext("几时开始"), [Optional()], format="%Y-%m-%dT%H:%M")
    slots = IntegerField(
        lazy_gettext("要几个人"),
        [InputRequired(_NUMBER), NumberRange(1, MOST_SLOTS, lazy_gettext("要在 1 到 500 之间。"))],
        default=1,
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST_SLOTS},
    )
    days = IntegerField(
        lazy_gettext("认领后几天内交"),
        [InputRequired(_NUMBER), NumberRange(1, 3650, lazy_gettext("至少 1 天。"))],
        default=7,
        render_kw={"inputmode": "numeric", "min": 1},
    )

    @property
    def starts(self) -> datetime | None:
        """When it starts, in UTC; the typed time is that of the reader's zone."""
        typed = self.starts_at.data
        if typed is None:
            return None
        zone = get_timezone()
        local = zone.localize(typed) if zone is not None else typed.replace(tzinfo=UTC)
        return local.astimezone(UTC)


class ClaimForm(SpokenForm):
    """A claim, and for whom."""


class HandInForm(OnceForm):
    """What was done on a claim."""

    report = TextAreaField(lazy_gettext("做了什么"), [Worded(REPORT_LENGTH, say("做了什么"))])
    minutes = IntegerField(
        lazy_gettext("用了多少分钟"),
        [InputRequired(_NUMBER), NumberRange(1, MOST_MINUTES, lazy_gettext("要在 1 到 14400 之间。"))],
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST_MINUTES},
    )
    picture = PicturesField(lazy_gettext("做完后的照片"))


class SendBackForm(OnceForm):
    """What is missing."""

    missing = TextAreaField(lazy_gettext("还缺什么"), [Worded(REPORT_LENGTH, say("还缺什么"))])


class CancelForm(OnceForm):
    """Why a task is called off."""

    reason = TextAreaField(lazy_gettext("取消的原因"), [Worded(REPORT_LENGTH, say("取消的原因"))])
