"""The rules of a place, and its authority."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time
from fractions import Fraction
from typing import Any

from flask_babel import gettext, lazy_gettext, to_utc
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from cogov.decisions.rules.co_owning import CO_OWNER_WORDS
from cogov.decisions.rules.law import Body, CoOwners, DecisionRule, Parking, Secrecy
from cogov.decisions.rules.methods import (
    METHOD_WORDS,
    Method,
)
from cogov.decisions.rules.ruling import (
    NAME_LONGEST,
    PARKING_WORDS,
    REASON_LEAST,
    SECRECY_WORDS,
    SOURCE_LONGEST,
    STATUTORY,
    Edit,
    edit_of,
    why_not_share,
)
from cogov.decisions.rules.ruling import REASON_LONGEST as RULE_REASON_LONGEST
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.thresholds import Base, Threshold
from cogov.files.forms import PicturesField
from cogov.ground.choosing import SelectChoice
from cogov.ground.pages import words
from cogov.ground.wording import tidy
from cogov.ground.words import Words, say
from cogov.threads.forms.speaking import OnceForm, Worded


class ShareField(StringField):
    """A share as people write it: 2/3, or 20%."""

    data: Any  # a Fraction, or None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a share; nothing written is None."""
        text = (valuelist[0] if valuelist else "").strip().replace("％", "%")
        self.data = None
        if text:
            found = _SHARE.fullmatch(text)
            if found is None or not int(found["of"] or 100):
                raise ValueError(gettext("写成几分之几，例如 2/3 或者 20%。"))
            self.data = Fraction(int(found["part"]), int(found["of"] or 100))

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return str(self.data) if self.data is not None else ""


_SHARE = re.compile(r"(?P<part>\d{1,4})\s*(?:/\s*(?P<of>\d{1,4})|%)", re.ASCII)
_REACHED = [SelectChoice("1", lazy_gettext("达到就算（含本数）")), SelectChoice("", lazy_gettext("要超过（不含本数）"))]


class RuleForm(OnceForm):
    """What a place writes into its own version of a rule; what the law has fixed is not asked."""

    name = StringField(lazy_gettext("规则的名称"), [Worded(NAME_LONGEST, say("规则的名称"))])
    participation = ShareField(
        lazy_gettext("先够数：参加的要占总数的"), description=lazy_gettext("例如 1/2；不填就是不设参与门槛。")
    )
    participation_inclusive = SelectField(lazy_gettext("参加的比例"), choices=_REACHED, validate_choice=False)
    passing = ShareField(
        lazy_gettext("再够票：同意的要占"), description=lazy_gettext("例如 1/2；不填就是不设通过线，只公布各有多少。")
    )
    passing_inclusive = SelectField(lazy_gettext("同意的比例"), choices=_REACHED, validate_choice=False)
    passing_base = SelectField(
        lazy_gettext("占谁的"),
        choices=[
            SelectChoice(Base.PARTICIPANTS.value, lazy_gettext("参加的人")),
            SelectChoice(Base.ELECTORATE.value, lazy_gettext("全体（没参加的不算同意）")),
        ],
    )
    seconders = ShareField(lazy_gettext("联署：占有表决权的"), [InputRequired(lazy_gettext("请填几分之几。"))])
    notice_days = IntegerField(lazy_gettext("公示几天"), [InputRequired(lazy_gettext("请填天数。"))])
    publication_days = IntegerField(lazy_gettext("几天内公布结果"), [InputRequired(lazy_gettext("请填天数。"))])
    methods = SelectMultipleField(lazy_gettext("可以用的投票方法"), choices=[])
    secrecies = SelectMultipleField(lazy_gettext("可以用的保密方式"), choices=[])
    parking = SelectField(lazy_gettext("车位、储藏室算不算"), choices=[])
    co_owners = SelectField(
        lazy_gettext("共有的一套谁来投"),
        choices=[],
        description=lazy_gettext("一套房只算一人（解释第9条），所以不能按份额拆票。"),
    )
    proxy_heads = IntegerField(
        lazy_gettext("一位代理人最多替几户投"),
        [Optional()],
        description=lazy_gettext("0 是不能委托。"),
    )
    proxy_periods = BooleanField(lazy_gettext("可以委托一段时间"))
    source = StringField(
        lazy_gettext("出处"),
        [Worded(SOURCE_LONGEST, say("出处"), least=0)],
        description=lazy_gettext("比例和天数按哪个文件、哪次会议定的。"),
    )
    reason = TextAreaField(lazy_gettext("为什么改"), [Worded(RULE_REASON_LONGEST, say("改的理由"), least=REASON_LEAST)])
    not_before = DateField(
        lazy_gettext("从哪天起用"), [Optional()], description=lazy_gettext("不填就是第二个人确认时起用。")
    )

    def about(self, rule: DecisionRule) -> None:
        """Ask what is left to a place of this rule, beginning from what holds now."""
        shipped = RULES[rule.code]
        self.rule = rule
        self.methods.choices = [SelectChoice(each.value, words(METHOD_WORDS[each])) for each in shipped.methods]
        self.secrecies.choices = [SelectChoice(each.value, words(SECRECY_WORDS[each])) for each in shipped.secrecies]
        self.co_owners.choices = [SelectChoice(each.value, words(label)) for each, label in CO_OWNER_WORDS.items()]
        self.parking.choices = [SelectChoice(each.value, words(label)) for each, label in PARKING_WORDS.items()]
        asks = {
            **dict.fromkeys(_LINES, rule.code not in STATUTORY),
            "methods": len(shipped.methods) > 1,
            "secrecies": len(shipped.secrecies) > 1,
            "parking": rule.body is Body.OWNERS,
            "co_owners": rule.body is Body.OWNERS,
            "proxy_heads": rule.body not in (Body.MEMBERS, Body.ORGANIZATIONS),
            "proxy_periods": rule.body not in (Body.MEMBERS, Body.ORGANIZATIONS),
        }
        if not self.name.raw_data:
            self._begin(rule)
        for name, asked in asks.items():
            if not asked:
                delattr(self, name)

    def _begin(self, rule: DecisionRule) -> None:
        edit = edit_of(rule)
        for name, heads in (("participation", edit.participation), ("passing", edit.passing)):
            self[name].data = heads.share if heads else None
            self[f"{name}_inclusive"].data = "1" if heads and heads.inclusive else ""
        self.passing_base.data = edit.passing.base.value if edit.passing else Base.PARTICIPANTS.value
        self.name.data, self.seconders.data, self.source.data = words(Words(edit.name)), edit.seconders, edit.source
        self.notice_days.data, self.publication_days.data = edit.notice_days, edit.publication_days
        self.methods.data = [each.value for each in edit.methods]
        self.secrecies.data = [each.value for each in edit.secrecies]
        self.parking.data, self.co_owners.data = edit.parking.value, edit.co_owners.value
        self.proxy_heads.data, self.proxy_periods.data = edit.proxy_heads, edit.proxy_periods

    def edit(self) -> Edit:
        """Return what was filled in."""
        now_held = edit_of(self.rule)
        given: dict[str, Any] = {
            "name": tidy(self.name.data or ""),
            "seconders": self.seconders.data,
            "notice_days": self.notice_days.data,
            "publication_days": self.publication_days.data,
            "source": tidy(self.source.data or ""),
        }
        # Unchanged, a shipped name stays the one that is translated.
        if given["name"] == words(Words(now_held.name)):
            given["name"] = now_held.name
        if "participation" in self:
            given["participation"] = _line(self.participation.data, self.participation_inclusive.data, Base.ELECTORATE)
            given["passing"] = _line(self.passing.data, self.passing_inclusive.data, Base(self.passing_base.data))
        if "methods" in self:
            given["methods"] = tuple(Method(each) for each in self.methods.data or ())
        if "secrecies" in self:
            given["secrecies"] = tuple(Secrecy(each) for each in self.secrecies.data or ())
        if "parking" in self:
            given["parking"] = Parking(self.parking.data)
        if "co_owners" in self and self.co_owners.data:
            given["co_owners"] = CoOwners(self.co_owners.data)
        if "proxy_heads" in self and self.proxy_heads.data is not None:
            given["proxy_heads"], given["proxy_periods"] = self.proxy_heads.data, bool(self.proxy_periods.data)
        return replace(now_held, **given)

    @property
    def held_from(self) -> datetime | None:
        """Return from which moment it may hold: the first of that day where people live."""
        if self.not_before.data is None:
            return None
        first: datetime = to_utc(datetime.combine(self.not_before.data, time())).replace(tzinfo=UTC)
        return first

    def validate_participation(self, field: ShareField) -> None:
        """Refuse a share that nothing can meet."""
        _check_line(field, self.participation_inclusive.data)

    def validate_passing(self, field: ShareField) -> None:
        """Refuse a share that nothing can meet."""
        _check_line(field, self.passing_inclusive.data)

    def validate_seconders(self, field: ShareField) -> None:
        """Refuse a share that nothing can meet."""
        _check_line(field, "1")


_LINES = ("participation", "participation_inclusive", "passing", "passing_inclusive", "passing_base")


def _line(share: Fraction | None, inclusive: str | None, base: Base) -> Threshold | None:
    return None if share is None else Threshold(share, bool(inclusive), base)


def _check_line(field: ShareField, inclusive: str | None) -> None:
    refusal = why_not_share(field.data, inclusive=bool(inclusive))
    if refusal is not None:
        raise ValidationError(words(refusal.message))


class AuthorityForm(OnceForm):
    """The paper by which a place may take statutory votes."""

    title = StringField(lazy_gettext("文件名称和文号"), [Worded(120, say("文件名称和文号"))])
    issuer = StringField(lazy_gettext("发文的单位"), [Worded(80, say("发文的单位"))])
    dated = DateField(lazy_gettext("发文日期"), [InputRequired(lazy_gettext("请填发文日期。"))])
    picture = PicturesField(lazy_gettext("文件的照片或者扫描件"))
