"""What a person may type to enter, and about themselves."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, cast

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from cogov.ground.pages import once_token, words
from cogov.ground.refusals import Refusal
from cogov.people.queries import pseudonym_taken
from cogov.people.rules.consents import VERSIONS, ConsentKind
from cogov.people.rules.contacts import Contact, contact_from
from cogov.people.rules.entering import pseudonym_from, why_not_pseudonym
from cogov.people.rules.passwords import LONGEST, why_not_password
from cogov.people.rules.tokens import NAME as TOKEN_NAME
from cogov.people.rules.tokens import SCOPES

_TOO_LONG = lazy_gettext("写得太长了，请改短一些。")


def _check(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise ValidationError(words(refusal.message))


class ContactForm(FlaskForm):
    """A phone number or an e-mail address."""

    contact = StringField(
        lazy_gettext("手机号或邮箱"),
        [InputRequired(lazy_gettext("请写手机号或邮箱。")), Length(max=254, message=_TOO_LONG)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": 254},
    )

    def validate_contact(self, field: StringField) -> None:
        """Refuse what is neither a mainland mobile number nor an address."""
        if self.given is None:
            raise ValidationError(lazy_gettext("请写 11 位手机号，或完整的邮箱地址。"))

    @property
    def given(self) -> Contact | None:
        """The contact in its one form."""
        return contact_from(self.contact.data or "")


class SignInForm(ContactForm):
    """A contact and a password; a code can be asked for instead."""

    then = HiddenField()
    password = PasswordField(
        lazy_gettext("密码"),
        [Length(max=LONGEST * 2, message=_TOO_LONG)],
        render_kw={"autocomplete": "current-password", "maxlength": LONGEST * 2},
    )


class SignUpForm(ContactForm):
    """Who somebody wants to be here, where they live, and that they have read what is done with it."""

    then = HiddenField()
    pseudonym = StringField(
        lazy_gettext("公开的化名"),
        [InputRequired(lazy_gettext("请给自己起一个化名。")), Length(max=80, message=_TOO_LONG)],
        description=lazy_gettext("邻居看到的是化名，不是姓名和手机号。2 到 20 个字。"),
        render_kw={"autocomplete": "nickname", "maxlength": 40},
    )
    community = SelectField(
        lazy_gettext("您住的社区"), [InputRequired(lazy_gettext("请选您住的社区。"))], validate_choice=False
    )
    password = PasswordField(
        lazy_gettext("密码"),
        description=lazy_gettext("至少 8 个字符，不用别人容易猜到的。可以不填，以后每次用验证码登录。"),
        render_kw={"autocomplete": "new-password", "maxlength": LONGEST * 2},
    )
    consent = BooleanField(
        lazy_gettext("我看过并同意隐私说明"),
        [InputRequired(lazy_gettext("同意隐私说明后才能注册。"))],
    )
    terms = BooleanField(
        lazy_gettext("我满 14 周岁，看过并同意使用约定"),
        [InputRequired(lazy_gettext("同意使用约定后才能注册；不满 14 周岁，请监护人到居委会办理。"))],
    )
    home = BooleanField(lazy_gettext("我单独同意：核对住址和产权时，处理我的房号和面积（可以不选）"))

    @property
    def versions(self) -> dict[ConsentKind, str]:
        """What was ticked, in the versions that the page shows."""
        ticked = {ConsentKind.PRIVACY: self.consent, ConsentKind.TERMS: self.terms, ConsentKind.HOME: self.home}
        return {kind: VERSIONS[kind] for kind, box in ticked.items() if box.data}

    def offer(self, communities: Sequence[tuple[str, str]]) -> None:
        """Set the communities to choose from; where there is only one, nobody has to choose."""
        choices = dict(communities) if len(communities) == 1 else {"": gettext("请选择"), **dict(communities)}
        # A plain {value: label}, which the types of WTForms do not know yet.
        self.community.choices = cast("Any", choices)

    def validate_community(self, field: SelectField) -> None:
        """Refuse a community that was not offered."""
        if field.data not in cast("Any", field.choices):
            raise ValidationError(lazy_gettext("请从列出的社区里选一个。"))

    def validate_pseudonym(self, field: StringField) -> None:
        """Ask the rule about the pseudonym."""
        pseudonym = pseudonym_from(field.data or "")
        _check(why_not_pseudonym(pseudonym))
        if pseudonym_taken(pseudonym):
            raise ValidationError(lazy_gettext("这个化名已经有人用了，请换一个。"))

    def validate_password(self, field: PasswordField) -> None:
        """Ask the rule about the password, when there is one."""
        if field.data:
            contact = self.given.value if self.given else ""
            _check(why_not_password(field.data, contact, self.pseudonym.data or ""))


class AgreeForm(FlaskForm):
    """What is asked at the door: each text by itself, in the version that the page shows."""

    then = HiddenField()
    privacy_version = HiddenField()
    terms_version = HiddenField()
    privacy = BooleanField(lazy_gettext("我看过并同意隐私说明"))
    terms = BooleanField(lazy_gettext("我满 14 周岁，看过并同意使用约定"))

    def ask(self, missing: Sequence[ConsentKind]) -> None:
        """Keep the boxes of what is missing, and note the versions shown."""
        for kind in (ConsentKind.PRIVACY, ConsentKind.TERMS):
            if kind not in missing:
                del self[kind.value], self[f"{kind.value}_version"]
            elif not self[f"{kind.value}_version"].raw_data:
                self[f"{kind.value}_version"].data = VERSIONS[kind]

    def seen(self, kind: ConsentKind) -> str:
        """The version of a text that was shown."""
        return self[f"{kind.value}_version"].data or ""

    def validate_privacy(self, field: BooleanField) -> None:
        """Going on without agreeing is not possible."""
        _check_ticked(field)

    def validate_terms(self, field: BooleanField) -> None:
        """Going on without agreeing is not possible."""
        _check_ticked(field)


def _check_ticked(field: BooleanField) -> None:
    if not field.data:
        raise ValidationError(lazy_gettext("同意后才能继续；不同意，可以在下面退出登录。"))


class PseudonymForm(FlaskForm):
    """Another public name."""

    pseudonym = StringField(
        lazy_gettext("新的化名"),
        [InputRequired(lazy_gettext("请给自己起一个化名。")), Length(max=80, message=_TOO_LONG)],
        description=lazy_gettext("2 到 20 个字，30 天改一次。卷宗里您仍是“住户 1”这样的称呼，不会跟着变。"),
        render_kw={"autocomplete": "nickname", "maxlength": 40},
    )

    def validate_pseudonym(self, field: StringField) -> None:
        """Ask the rule about the pseudonym."""
        _check(why_not_pseudonym(pseudonym_from(field.data or "")))


class CodeForm(FlaskForm):
    """A one-time code in one field."""

    code = StringField(
        lazy_gettext("验证码"),
        [InputRequired(lazy_gettext("请填收到的 6 位数字。")), Length(max=20, message=_TOO_LONG)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20},
    )

    @property
    def digits(self) -> str:
        """The digits alone; people paste codes with spaces."""
        return "".join(c for c in unicodedata.normalize("NFKC", self.code.data or "") if c.isdecimal())


class RecoveryCodeForm(CodeForm):
    """The code together with the new password."""

    password = PasswordField(
        lazy_gettext("新密码"),
        [InputRequired(lazy_gettext("请写新密码。"))],
        description=lazy_gettext("至少 8 个字符，不能是常见的密码，也不能和手机号、化名一样。"),
        render_kw={"autocomplete": "new-password", "maxlength": LONGEST * 2},
    )

    def validate_password(self, field: PasswordField) -> None:
        """Ask the rule about the password."""
        _check(why_not_password(field.data or ""))


class PasswordForm(FlaskForm):
    """The password used so far and the one from now on."""

    old = PasswordField(
        lazy_gettext("现在的密码"),
        [InputRequired(lazy_gettext("请写现在的密码。")), Length(max=LONGEST * 2, message=_TOO_LONG)],
        render_kw={"autocomplete": "current-password", "maxlength": LONGEST * 2},
    )
    new = PasswordField(
        lazy_gettext("新密码"),
        [InputRequired(lazy_gettext("请写新密码。"))],
        description=lazy_gettext("至少 8 个字符，不能是常见的密码。改好后，其他设备上的登录都会退出。"),
        render_kw={"autocomplete": "new-password", "maxlength": LONGEST * 2},
    )

    def validate_new(self, field: PasswordField) -> None:
        """Ask the rule about the password."""
        _check(why_not_password(field.data or ""))


class TokenForm(FlaskForm):
    """What a token for a program may do, and until when."""

    name = StringField(
        lazy_gettext("给哪个程序用"),
        [
            InputRequired(lazy_gettext("请给令牌起个名字。")),
            Length(max=TOKEN_NAME, message=lazy_gettext("名字太长了。")),
        ],
        description=lazy_gettext("例如：居委会的报表程序。"),
        render_kw={"maxlength": TOKEN_NAME, "autocomplete": "off"},
    )
    scopes = SelectMultipleField(
        lazy_gettext("能做什么"),
        [InputRequired(lazy_gettext("请至少选一项权限。"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = SelectField(lazy_gettext("用多久"), coerce=int, choices=[], default=90)
    once = HiddenField(default=once_token)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.scopes.choices = [(scope.value, words(said)) for scope, said in SCOPES.items()]
        self.days.choices = [(n, gettext("%(n)s 天", n=n)) for n in (30, 90, 180, 365)]


class ProofForm(FlaskForm):
    """What shows once more who somebody is; stands beside the form of a powerful act."""

    proof = PasswordField(
        lazy_gettext("密码"),
        [Length(max=LONGEST * 2, message=_TOO_LONG)],
        render_kw={"autocomplete": "current-password", "maxlength": LONGEST * 2},
    )
    proof_code = StringField(
        lazy_gettext("验证码"), render_kw={"autocomplete": "one-time-code", "maxlength": 40, "autocapitalize": "none"}
    )


class SecondForm(FlaskForm):
    """The second step of signing in: six digits of an app, or a code on paper."""

    code = StringField(
        lazy_gettext("动态验证码或备用码"),
        [InputRequired(lazy_gettext("请填应用里的 6 位数字，或一个备用码。")), Length(max=40, message=_TOO_LONG)],
        render_kw={"autocomplete": "one-time-code", "maxlength": 40, "autocapitalize": "none"},
    )


class AppForm(FlaskForm):
    """The first code of an app."""

    code = StringField(
        lazy_gettext("应用里的 6 位数字"),
        [InputRequired(lazy_gettext("请填应用里的 6 位数字。")), Length(max=20, message=_TOO_LONG)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20},
    )


class PasskeyForm(FlaskForm):
    """A key that the device made, and how its owner calls it."""

    credential = HiddenField(render_kw={"data-credential": ""})
    name = StringField(
        lazy_gettext("给它起个名字"),
        [InputRequired(lazy_gettext("请给它起个名字。")), Length(max=60, message=_TOO_LONG)],
        description=lazy_gettext("以后认得出是哪台设备。"),
        render_kw={"maxlength": 60, "autocomplete": "off"},
    )
