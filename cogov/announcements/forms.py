"""What a person may type to announce something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast

from flask_babel import get_timezone, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    Form,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from cogov.announcements.rules import (
    KIND_WORDS,
    REASON_LENGTH,
    SPOT_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    AnnouncementKind,
    Text,
)
from cogov.ground.clock import now
from cogov.ground.pages import once_token, words
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import Words, say
from cogov.places.models import Place

HANGS = timedelta(days=14)


class _Worded:
    """Refuse typed text for the reason that the rule gives."""

    def __init__(self, longest: int, what: Words, *, least: int = 1) -> None:
        self.longest, self.what, self.least = longest, what, least
        self.field_flags = {"maxlength": longest * 2} if least else {"maxlength": longest * 2, "optional": True}

    def __call__(self, _form: Form, field: Field) -> None:
        refusal = why_not_wording(tidy(field.data or ""), longest=self.longest, least=self.least, what=self.what)
        if refusal is not None:
            raise ValidationError(words(refusal.message))


def _aware(typed: datetime) -> datetime:
    """Return a time as the reader's clock shows it, in UTC."""
    zone = get_timezone()
    local = zone.localize(typed) if zone is not None else typed.replace(tzinfo=UTC)
    return local.astimezone(UTC)


def _local(at: datetime) -> datetime:
    zone = get_timezone()
    return at.astimezone(zone).replace(tzinfo=None) if zone is not None else at.replace(tzinfo=None)


class OnceForm(FlaskForm):
    """A form that has one effect however often it is sent."""

    once = HiddenField(default=once_token)


class WordsForm(OnceForm):
    """What an announcement says, and until when it hangs."""

    title = StringField(
        lazy_gettext("标题"),
        [_Worded(TITLE_LENGTH, say("标题"))],
        description=lazy_gettext("一句话说清什么事、哪一天。最多 60 字。"),
    )
    text = TextAreaField(
        lazy_gettext("内容"),
        [_Worded(TEXT_LENGTH, say("公告内容"))],
        description=lazy_gettext("写明谁、哪里、几时、要居民做什么、找谁问。不要写居民的姓名和门牌。"),
    )
    meeting_at = DateTimeLocalField(lazy_gettext("几时开会"), [Optional()], format="%Y-%m-%dT%H:%M")
    meeting_spot = StringField(lazy_gettext("在哪里开"), [_Worded(SPOT_LENGTH, say("开会地点"), least=0)])
    until = DateField(
        lazy_gettext("挂到哪一天"),
        [InputRequired(lazy_gettext("请写挂到哪一天。"))],
        description=lazy_gettext("过了这一天，移到“以前的公告”，地址不变。"),
    )

    @property
    def said(self) -> Text:
        """What was written, its days and times as moments."""
        assert self.until.data is not None
        meeting_at = _aware(self.meeting_at.data) if self.meeting_at.data else None
        # It hangs through the whole of its last day.
        until = _aware(datetime.combine(self.until.data, time(23, 59)))
        return Text(self.title.data or "", self.text.data or "", until, meeting_at, self.meeting_spot.data or "")


class AnnouncementForm(WordsForm):
    """A new announcement."""

    place = SelectField(lazy_gettext("贴给哪里"), validate_choice=False)
    kind = SelectField(lazy_gettext("哪一类"), default="notice", validate_choice=False)
    pinned = BooleanField(lazy_gettext("置顶：排在最前面，一个地方最多 3 条"))
    number = StringField(
        lazy_gettext("关于哪个问题"),
        [Optional()],
        description=lazy_gettext("填问题的编号，例如 2026-0147，公告会出现在它的卷宗里。"),
        render_kw={"maxlength": 20, "placeholder": "2026-0147"},
    )

    def offer(self, places: Sequence[Place]) -> None:
        """Offer the places one may announce at, and the kinds."""
        _offer(self.place, {str(place.id): place.name for place in places})
        _offer(self.kind, {kind.value: words(name) for kind, name in KIND_WORDS.items()})
        if not self.until.raw_data and self.until.data is None:
            self.until.data = _local(now() + HANGS).date()

    def validate_place(self, field: SelectField) -> None:
        """Refuse a place that was not offered."""
        if field.data not in cast("Any", field.choices):
            raise ValidationError(lazy_gettext("请从列出的地方里选一个。"))

    def validate_kind(self, field: SelectField) -> None:
        """Refuse a kind that there is none of."""
        if field.data not in {kind.value for kind in AnnouncementKind}:
            raise ValidationError(lazy_gettext("请从列出的类别里选一个。"))


class CorrectionForm(WordsForm):
    """A new version of an announcement."""

    reason = StringField(
        lazy_gettext("更正的原因"),
        [_Worded(REASON_LENGTH, say("更正的原因"))],
        description=lazy_gettext("会公开写在公告下面，原来的版本也留着。"),
    )


class WithdrawalForm(OnceForm):
    """Why an announcement is withdrawn."""

    reason = StringField(
        lazy_gettext("撤回的原因"),
        [_Worded(REASON_LENGTH, say("撤回的原因"))],
        description=lazy_gettext("公告会标明已撤回和原因，地址还能打开。"),
    )


def _offer(field: SelectField, choices: Mapping[str, str]) -> None:
    # A plain {value: label}, which the types of WTForms do not know yet.
    field.choices = cast("Any", dict(choices))


def correction_of(title: str, text: str, until: datetime, meeting_at: datetime | None, spot: str) -> CorrectionForm:
    """Return the form filled with the words that hold now."""
    form: CorrectionForm = cast("Any", CorrectionForm)(
        title=title,
        text=text,
        until=_local(until).date(),
        meeting_at=_local(meeting_at) if meeting_at else None,
        meeting_spot=spot,
    )
    return form


__all__ = ["AnnouncementForm", "CorrectionForm", "OnceForm", "WithdrawalForm", "correction_of"]
