"""Where setting up begins: the first administrator with the first community, and each community after it."""

from __future__ import annotations

import re
from typing import Any

from flask import current_app, flash, g, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length, ValidationError

from cogov.front.admin.code import fits, forget
from cogov.front.admin.parts import TOO_LONG, KeepForm, attempt, bp, check_contact, done, form_status, keepers, text
from cogov.front.admin.people.entering import any_pseudonym
from cogov.ground.db import found
from cogov.ground.pages import actor, open_to_all, page, words
from cogov.ground.refusals import insist
from cogov.journal.transaction import transaction
from cogov.people.commands import administered, found_first_administrator, note_password_try, why_not_first
from cogov.people.queries import actor_of, password_tries
from cogov.people.rules import ANYONE, Actor
from cogov.people.rules.contacts import contact_from
from cogov.people.rules.entering import why_not_try_password
from cogov.people.rules.passwords import LONGEST, hash_password, why_not_password
from cogov.people.views.current import begin, from_here
from cogov.places.commands import Named, begin_set_up
from cogov.places.rules.divisions import districts, division


class CommunityForm(KeepForm):
    """Where a community lies and what it is called."""

    district = text(
        lazy_gettext("区县"), 60, description=lazy_gettext("写名称或 6 位代码，例如：杭州市上城区，或 330102。")
    )
    street = text(lazy_gettext("街道或乡镇"), 80, description=lazy_gettext("写全称，例如：清波街道。"))
    community = text(lazy_gettext("社区"), 80, description=lazy_gettext("写全称，例如：柳浪社区。"))
    street_code = text(
        lazy_gettext("街道代码的后三位"),
        3,
        needed=False,
        description=lazy_gettext("统计用区划代码；不知道就不填，先用 001。"),
    )
    community_code = text(
        lazy_gettext("社区代码的后三位"),
        3,
        needed=False,
        description=lazy_gettext("不知道就不填，先用 001。登记后不能改。"),
    )
    above = text(
        lazy_gettext("省、市、区县的名称"),
        120,
        needed=False,
        description=lazy_gettext("只有自带的表里没有这个代码时才写，用顿号隔开。"),
    )

    def validate_street_code(self, field: Any) -> None:
        """Refuse what is not three digits."""
        _three(field)

    def validate_community_code(self, field: Any) -> None:
        """Refuse what is not three digits."""
        _three(field)

    @property
    def places(self) -> tuple[Named, ...] | None:
        """The places from the widest to the community, or None with a sentence at the field."""
        above = self._above()
        if above is None:
            return None
        code = above[-1].code
        street = Named(code + (self.street_code.data or "001"), self.street.data or "")
        community = Named(street.code + (self.community_code.data or "001"), self.community.data or "")
        return (*above, street, community)

    def _above(self) -> tuple[Named, ...] | None:
        wanted = re.sub(r"\s", "", self.district.data or "")
        known = districts(wanted)
        if len(known) == 1:
            code = known[0][0]
            return tuple(Named(code[:end], (division(code[:end]) or (None, ""))[1]) for end in (2, 4, 6))
        if known:
            listed = "、".join(f"{name} {code}" for code, name in known[:8])
            self.complain("district", gettext("有几个地方都叫这个名字，请写代码：%(listed)s", listed=listed))
            return None
        names = [part for part in re.split(r"[、，,\s]+", self.above.data or "") if part]
        if re.fullmatch("[0-9]{6}", wanted) and len(names) == 3:
            return tuple(Named(wanted[:end], name) for end, name in zip((2, 4, 6), names, strict=True))
        told = gettext("自带的表里没有这个区县。请核对；新设的区县写 6 位代码，再在最后一格写省、市、区县的名称。")
        self.complain("district", told)
        return None


def _three(field: Any) -> None:
    if field.data and not re.fullmatch("[0-9]{3}", field.data):
        raise ValidationError(gettext("应是 3 位数字。"))


class FirstForm(CommunityForm):
    """The code, who the first administrator is, and their first community."""

    code = text(
        lazy_gettext("设置码"), 20, description=lazy_gettext("启动服务的屏幕上写着；也可以运行 cogov setup-code。")
    )
    name = text(lazy_gettext("您的姓名"), 80, description=lazy_gettext("只有职责需要的人看得到。"))
    contact = text(lazy_gettext("您的手机号或邮箱"), 254, description=lazy_gettext("以后用它登录。"))
    password = PasswordField(
        lazy_gettext("密码"),
        [InputRequired(lazy_gettext("请写密码。")), Length(max=LONGEST * 2, message=TOO_LONG)],
        description=lazy_gettext("至少 8 个字符。"),
        render_kw={"autocomplete": "new-password", "maxlength": LONGEST * 2},
    )

    def validate_contact(self, field: Any) -> None:
        """Refuse what is neither a number nor an address."""
        check_contact(self, field)

    def validate_password(self, field: Any) -> None:
        """Ask the rule about the password."""
        refusal = why_not_password(field.data or "", self.contact.data or "")
        if refusal is not None:
            raise ValidationError(words(refusal.message))


@bp.route("/first", methods=["GET", "POST"])
@open_to_all
def first() -> Answer:
    """Let whoever has the set-up code make the first administrator and the first community."""
    insist(why_not_first(somebody=administered()))
    form = FirstForm()
    if form.validate_on_submit():
        key = from_here("setup")
        note_password_try(g.actor, key)
        insist(why_not_try_password(password_tries(key)))
        if not fits(current_app, form.code.data or ""):
            form.complain("code", gettext("设置码不对。请核对启动服务的屏幕，字母不分大小写。"))
        else:
            places = form.places
            if places is not None and _founded(form, places):
                return done(url_for("admin.set_up", code=places[-1].code))
    return page("front/admin/first.html", form_status(), form=form)


def _founded(form: FirstForm, places: tuple[Named, ...]) -> bool:
    """Make the first administrator and the community together, and sign them in here."""
    contact, kept = found(contact_from(form.contact.data or "")), hash_password(form.password.data or "")

    def act() -> int:
        with transaction():
            person = found_first_administrator(
                ANYONE,
                contact=contact,
                name=form.name.data or "",
                pseudonym=any_pseudonym(),
                password_hash=kept,
                scope=places[0].code,
            )
            begin_set_up(actor_of(person.id), places)
            return person.id

    person_id = attempt(form, {"contact_taken": "contact", "place_exists": "community_code"}, "community", act)
    if person_id is None:
        return False
    forget(current_app)
    begin(Actor(person_id))
    flash(gettext("您现在是管理员。接下来五步，随时可以停下，回来接着做。"), "done")
    return True


@bp.route("/communities/new", methods=["GET", "POST"])
@keepers
def new_community() -> Answer:
    """Begin to set up one more community."""
    form = CommunityForm()
    token = form.token
    if form.validate_on_submit() and (places := form.places) is not None:
        fields = {"place_exists": "community_code", "not_who_keeps": "district"}
        row = attempt(form, fields, "community", lambda: begin_set_up(actor(), places, once=token))
        if row is not None:
            return done(url_for("admin.set_up", code=row.code))
    return page(
        "front/admin/page.html",
        form_status(),
        title=gettext("新设一个社区"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        layout="narrow",
        lead=gettext("登记以后分五步设好，再开通。开通以前居民看不到它。"),
        below=[
            {
                "title": gettext("在哪里"),
                "form": form.freshened(),
                "action": url_for("admin.new_community"),
                "submit": gettext("开始设置"),
            }
        ],
    )
