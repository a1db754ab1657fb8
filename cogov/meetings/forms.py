"""What a person may type to call, hold and write down a meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from flask_babel import get_timezone, lazy_gettext
from wtforms import DateTimeLocalField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from cogov.announcements.rules import SPOT_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from cogov.ground.pages import words
from cogov.ground.words import say
from cogov.meetings.rules.calling import QUORUM_MOST
from cogov.meetings.rules.kinds import (
    CATEGORY_WORDS,
    ENTERED,
    ITEM_LENGTH,
    LABEL_LENGTH,
    MINUTES_LENGTH,
    MOTION_LENGTH,
    NOTE_LENGTH,
    NOTE_WORDS,
    REASON_LENGTH,
    TURN_SECONDS,
    NoteKind,
)
from cogov.places.models import Place
from cogov.threads.forms.speaking import OnceForm, SpokenForm, Worded, offer

"""As what the desk enters somebody without a phone: who speaks for an organization has one."""


def offered(field: SelectField, choices: Mapping[str, str]) -> None:
    """Offer what a field may hold."""
    offer(field, choices)


def _one_of(form: object, field: SelectField) -> None:
    if field.data not in cast("Any", field.choices):
        raise ValidationError(lazy_gettext("请从列出的里面选一个。"))


class MeetingForm(OnceForm):
    """A new meeting."""

    place = SelectField(lazy_gettext("哪里的会"), [_one_of], validate_choice=False)
    title = StringField(
        lazy_gettext("会议名称"),
        [Worded(TITLE_LENGTH, say("标题"))],
        description=lazy_gettext("例如：3 号楼加装电梯议事会。最多 60 字。"),
    )
    begins = DateTimeLocalField(
        lazy_gettext("几时开会"), [InputRequired(lazy_gettext("请写几时开会。"))], format="%Y-%m-%dT%H:%M"
    )
    spot = StringField(lazy_gettext("在哪里开"), [Worded(SPOT_LENGTH, say("开会地点"))])
    text = TextAreaField(
        lazy_gettext("说明"),
        [Worded(TEXT_LENGTH, say("公告内容"))],
        description=lazy_gettext("为什么开、请谁来、要带什么、线上怎么参加。"),
    )
    quorum = IntegerField(
        lazy_gettext("几位居民、业主在会才能举手"),
        [Optional(), NumberRange(0, QUORUM_MOST, lazy_gettext("请写 0 到 10000 之间的整数。"))],
        default=0,
        description=lazy_gettext("人数不够时可以讨论，不能举手。0 表示来多少算多少；居民会议须过半数出席。"),
        render_kw={"inputmode": "numeric", "min": 0, "max": QUORUM_MOST},
    )
    turn_seconds = SelectField(lazy_gettext("每次发言多久"), [_one_of], validate_choice=False)

    def offer(self, places: Sequence[Place]) -> None:
        """Offer the places one may call a meeting for, and lengths of a turn."""
        offered(self.place, {str(place.id): place.name for place in places})
        offered(self.turn_seconds, {str(each): words(say("{n} 分钟", n=each // 60)) for each in TURN_SECONDS})
        if not self.turn_seconds.raw_data:
            self.turn_seconds.data = "180"

    @property
    def moment(self) -> datetime:
        """The time as the reader's clock shows it, in UTC."""
        assert self.begins.data is not None
        zone = get_timezone()
        typed: datetime = self.begins.data
        return (zone.localize(typed) if zone is not None else typed.replace(tzinfo=UTC)).astimezone(UTC)


class ItemForm(OnceForm):
    """An item for the agenda."""

    number = StringField(
        lazy_gettext("问题编号"),
        [Optional()],
        description=lazy_gettext("填问题的编号，例如 2026-0147，会议和纪要会出现在它的卷宗里。"),
        render_kw={"maxlength": 20, "placeholder": "2026-0147"},
    )
    title = StringField(
        lazy_gettext("或者写一个事项"),
        [Worded(ITEM_LENGTH, say("事项"), least=0)],
        description=lazy_gettext("没有立项的事写在这里。有编号时可以不写。"),
    )


class CheckInForm(SpokenForm):
    """Coming in: the code from the wall."""

    code = StringField(
        lazy_gettext("签到码"),
        [Optional()],
        description=lazy_gettext("会场大屏上的 6 位数字。"),
        render_kw={"maxlength": 6, "inputmode": "numeric", "autocomplete": "off"},
    )


class EntryForm(OnceForm):
    """Somebody in the room without a phone."""

    label = StringField(
        lazy_gettext("怎么称呼"),
        [Worded(LABEL_LENGTH, say("称呼"))],
        description=lazy_gettext("写几号楼哪一户，或者化名；不要写身份证号和电话。只有掌握会议的人看得到。"),
    )
    category = RadioField(lazy_gettext("以什么身份"), validate_choice=True)

    def offer(self) -> None:
        """Offer the categories."""
        self.category.choices = [(each.value, words(CATEGORY_WORDS[each])) for each in ENTERED]


class MotionForm(OnceForm):
    """A motion, an amendment, or a motion to take a settled one up again."""

    text = TextAreaField(
        lazy_gettext("动议"),
        [Worded(MOTION_LENGTH, say("动议"))],
        description=lazy_gettext("写成一句可以表示赞成或反对的话：谁、做什么、几时、钱从哪里来。"),
    )
    amends = HiddenField()
    reconsiders = HiddenField()
    ordinal = HiddenField()


class NoteForm(OnceForm):
    """A note of the desk."""

    kind = SelectField(lazy_gettext("记什么"), [_one_of], validate_choice=False)
    text = StringField(lazy_gettext("要记的话"), [Worded(NOTE_LENGTH, say("要记的话"))])

    def offer(self) -> None:
        """Offer the kinds."""
        offered(self.kind, {kind.value: words(NOTE_WORDS[kind]) for kind in NoteKind})


class MinutesForm(OnceForm):
    """The words of the minutes."""

    text = TextAreaField(
        lazy_gettext("纪要"),
        [Worded(MINUTES_LENGTH, say("纪要"))],
        description=lazy_gettext("草稿按会上的签到、动议、举手和记录写成；举手的数字不能在这里改，定稿时另附一张表。"),
    )


class SignatureForm(OnceForm):
    """Whether the minutes are right."""

    answer = RadioField(lazy_gettext("纪要写得对吗"), validate_choice=True)
    reason = StringField(
        lazy_gettext("哪里不对"),
        [Worded(REASON_LENGTH, say("理由"), least=0)],
        description=lazy_gettext("不同意时请写明，会原样附在纪要后面。"),
    )

    def offer(self) -> None:
        """Offer the two answers."""
        self.answer.choices = [("endorse", lazy_gettext("签认：写得对")), ("object", lazy_gettext("不同意，理由如下"))]
