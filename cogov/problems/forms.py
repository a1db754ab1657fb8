"""What a person may type about a problem."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from cogov.files.forms import PicturesField
from cogov.ground.pages import once_token, words
from cogov.people.rules.contacts import contact_from
from cogov.problems.rules.acts import SPOT_MAX, TEXT_MAX, TEXT_MIN, WORDS_MAX
from cogov.problems.rules.names import LANES, REASONS
from cogov.problems.rules.stages import AppealOutcome, ConfirmationAnswer

MICRO = 1_000_000
_MICRO = re.compile(r"-?[0-9]{6,9}")

_NOWHERE = lazy_gettext("请选一个地方。")
_TOO_LONG = lazy_gettext("写得太长了，请改短一些。")


def degrees(text: str | None) -> int | None:
    """Return degrees as a person or a map tells them in millionths, None when nothing is told.

    A map tells whole millionths: no degrees have six figures before the point.
    """
    told = (text or "").strip()
    if not told:
        return None
    if _MICRO.fullmatch(told):
        value = Decimal(told) / MICRO
    else:
        try:
            value = Decimal(told)
        except InvalidOperation as error:
            raise ValueError(text) from error
    if not value.is_finite() or abs(value) > 180:
        raise ValueError(text)
    return round(value * MICRO)


class _Once(FlaskForm):
    """A form that has one effect however often it is sent."""

    once = HiddenField(default=once_token)


class RaiseForm(_Once):
    """One photo, one sentence, a place; the rest is optional."""

    picture = PicturesField()
    text = TextAreaField(
        lazy_gettext("发生了什么？一句话就好"),
        [
            InputRequired(lazy_gettext("请写一句话，说清是什么事。")),
            Length(min=TEXT_MIN, message=lazy_gettext("请至少写 5 个字，说清是什么事。")),
            Length(max=TEXT_MAX, message=_TOO_LONG),
        ],
        description=lazy_gettext("不用写是谁家。写清哪里、什么时候；第一句会当标题。"),
        render_kw={"maxlength": TEXT_MAX},
    )
    burning = BooleanField(
        lazy_gettext("现在就有危险"),
        description=lazy_gettext("打完电话再勾。提交后马上交办，不等商量。"),
    )
    where = SelectField(lazy_gettext("在哪里"), [InputRequired(_NOWHERE)], validate_choice=False)
    spot = StringField(
        lazy_gettext("具体在哪"),
        [Optional(), Length(max=SPOT_MAX, message=_TOO_LONG)],
        description=lazy_gettext("例如：3 号楼南面的车棚旁。"),
        render_kw={"maxlength": SPOT_MAX},
    )
    latitude = StringField(lazy_gettext("纬度"), [Optional()], render_kw={"inputmode": "decimal"})
    longitude = StringField(lazy_gettext("经度"), [Optional()], render_kw={"inputmode": "decimal"})
    matter = SelectField(
        lazy_gettext("是哪类事"),
        [Optional()],
        validate_choice=False,
        description=lazy_gettext("不选也行，我们按您写的话来认。"),
    )
    names_person = BooleanField(
        lazy_gettext("这件事说到了具体的人"),
        description=lazy_gettext("勾选后不公开，只有您、居委会、街道和负责的单位看得到。"),
    )
    phone = StringField(
        lazy_gettext("代来访居民登记：对方的手机号"),
        [Optional()],
        description=lazy_gettext("填了就记在对方名下，由对方确认修好了没有；您记为代录人。"),
        render_kw={"inputmode": "tel", "autocomplete": "off", "maxlength": 20},
    )

    def offer(
        self,
        grids: Sequence[tuple[int, str]],
        buildings: Sequence[tuple[int, str, int]],
        matters: Sequence[tuple[int, str]],
    ) -> None:
        """Fill the choices: a building stands for its grid, and a grid for whatever lies outside of buildings."""
        self.places: dict[str, tuple[int, int | None]] = {f"b{each}": (grid, each) for each, _, grid in buildings}
        self.places |= {f"g{each}": (each, None) for each, _ in grids}
        self.matters = {str(each): each for each, _ in matters}
        names = dict(grids)
        indoors = [(f"b{each}", f"{name} · {names[grid]}") for each, name, grid in buildings]
        outdoors = [(f"g{each}", gettext("楼外面 · %(grid)s", grid=name)) for each, name in grids]
        self.place_names = dict(indoors + outdoors)
        groups = ((gettext("楼"), indoors), (gettext("楼外"), outdoors))
        self.where.choices = {name: choices for name, choices in groups if choices}
        self.matter.choices = [("", gettext("不确定")), *((str(each), name) for each, name in matters)]

    def spot_chosen(self) -> tuple[int | None, int | None]:
        """Return the grid and the building that were chosen; nothing for what was not offered."""
        return self.places.get(self.where.data or "", (None, None))

    def matter_chosen(self) -> int | None:
        """Return the matter that was chosen, if any."""
        return self.matters.get(self.matter.data or "")

    def validate_where(self, field: SelectField) -> None:
        """Refuse a place that was not offered."""
        if field.data not in self.places:
            raise ValidationError(_NOWHERE)

    def validate_matter(self, field: SelectField) -> None:
        """Refuse a matter that was not offered."""
        if field.data not in self.matters:
            raise ValidationError(lazy_gettext("请从列表里选。"))

    def validate_latitude(self, field: StringField) -> None:
        """Refuse what is no latitude, and half a pin."""
        self._whole_pin(field, self.longitude)

    def validate_longitude(self, field: StringField) -> None:
        """Refuse what is no longitude, and half a pin."""
        self._whole_pin(field, self.latitude)

    def _whole_pin(self, field: StringField, other: StringField) -> None:
        try:
            here = degrees(field.data)
        except ValueError as error:
            raise ValidationError(lazy_gettext("请写成小数，例如 31.200500。")) from error
        if here is not None and not (other.data or "").strip():
            raise ValidationError(lazy_gettext("经度和纬度要一起写。"))

    def validate_phone(self, field: StringField) -> None:
        """Refuse what is no mobile number."""
        contact = contact_from(field.data or "")
        if contact is None or contact.phone is None:
            raise ValidationError(lazy_gettext("请写 11 位手机号。"))


class _WordsForm(_Once):
    """Words that others will live by."""

    words = TextAreaField(
        lazy_gettext("理由"),
        [InputRequired(lazy_gettext("请写明理由。")), Length(max=WORDS_MAX, message=_TOO_LONG)],
        render_kw={"maxlength": WORDS_MAX},
    )


class TriageForm(_Once):
    """What somebody makes of the proposal; as it opens, it says what the rules say."""

    lane = RadioField(lazy_gettext("走哪条路"), [InputRequired(lazy_gettext("请选一条路。"))])
    reason = SelectField(lazy_gettext("因为"), [InputRequired(lazy_gettext("请选一个理由。"))])
    body = SelectField(
        lazy_gettext("交给哪个单位"),
        [Optional()],
        description=lazy_gettext("单位来办时要有单位；不选就按建议，建议里没有的交街道。"),
    )
    channel = StringField(
        lazy_gettext("转到哪里"),
        [Optional(), Length(max=120, message=_TOO_LONG)],
        description=lazy_gettext("转到别的渠道时写明是哪里、怎么找；因为内容要遮住的不用写。"),
        render_kw={"maxlength": 120},
    )
    same_as = StringField(
        lazy_gettext("并入哪一件"),
        [Optional(), Length(max=16, message=_TOO_LONG)],
        description=lazy_gettext("和别的是同一件时，写那一件的编号，例如 2026-0147。"),
        render_kw={"maxlength": 16, "autocomplete": "off"},
    )
    visibility = SelectField(lazy_gettext("公开吗"), default="")
    words = TextAreaField(
        lazy_gettext("说明"),
        [Optional(), Length(max=WORDS_MAX, message=_TOO_LONG)],
        description=lazy_gettext("和建议不一样时要写明原因，提出人看得到。"),
        render_kw={"maxlength": WORDS_MAX},
    )

    def offer(self, bodies: Sequence[tuple[int, str]]) -> None:
        """Fill the choices."""
        self.lane.choices = [(lane.value, words(name)) for lane, name in LANES.items()]
        self.reason.choices = [(reason.value, words(name)) for reason, name in REASONS.items()]
        self.body.choices = [("", gettext("按建议")), *((str(each), name) for each, name in bodies)]
        self.visibility.choices = [
            ("", gettext("不变（请人调解的不公开）")),
            ("public", gettext("公开")),
            ("hidden", gettext("不公开")),
        ]

    @property
    def hidden(self) -> bool | None:
        """Whether it is to be hidden; None leaves it as it is."""
        return {"public": False, "hidden": True}.get(self.visibility.data or "")


class AppealForm(_WordsForm):
    """Why a raiser thinks that the triage is wrong."""


class AppealAnswerForm(_WordsForm):
    """What the street office says to an appeal."""

    outcome = RadioField(
        lazy_gettext("怎么答复"),
        [InputRequired(lazy_gettext("请选一个答复。"))],
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.outcome.choices = [
            (AppealOutcome.GRANTED.value, gettext("重新分流")),
            (AppealOutcome.UPHELD.value, gettext("维持原分流")),
        ]


class MediationForm(_WordsForm):
    """What came of a mediation."""

    agreed = RadioField(
        lazy_gettext("谈成了吗"),
        [InputRequired(lazy_gettext("请选一个结果。"))],
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.agreed.choices = [("yes", gettext("双方达成一致")), ("no", gettext("没有达成一致"))]


class ConclusionForm(_WordsForm):
    """What people agreed on without a vote."""


class ConfirmationForm(_Once):
    """Whether it is fixed."""

    answer = RadioField(
        lazy_gettext("修好了吗"),
        [InputRequired(lazy_gettext("请选一个回答。"))],
    )
    words = TextAreaField(
        lazy_gettext("想补充的话"),
        [Optional(), Length(max=WORDS_MAX, message=_TOO_LONG)],
        render_kw={"maxlength": WORDS_MAX},
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.answer.choices = [
            (ConfirmationAnswer.FIXED.value, gettext("修好了")),
            (ConfirmationAnswer.NOT_FIXED.value, gettext("没修好")),
        ]
