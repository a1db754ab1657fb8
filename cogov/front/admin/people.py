"""People and roles: who holds what where, granting and ending it, keeping somebody from speaking for a while."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import and_, func, or_, select
from werkzeug.wrappers import Response as Answer
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Optional

from cogov.front.admin.parts import (
    NEEDED,
    PAGE,
    ZONE,
    KeepForm,
    areas,
    attempt,
    bp,
    button,
    check_contact,
    chips,
    cut,
    day,
    done,
    keepers,
    link,
    offer,
    pill,
    suspenders,
    text,
    two,
    within,
)
from cogov.front.admin.second import LookForm, look_card
from cogov.front.admin.sending import invite
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.pages import actor, id_arg, page, powerful, words
from cogov.ground.words import say
from cogov.people.commands import (
    Seen,
    agree_to_suspend,
    appoint,
    dismiss,
    lift_suspension,
    look_at_contact,
    register_person,
    suspend_person,
)
from cogov.people.models import Countersign, Identity, Organization, Person, RoleHeld, Suspension
from cogov.people.queries import place_names
from cogov.people.rules import MANDATE_KINDS, Role, kind_words, role_words
from cogov.people.rules.contacts import contact_from, masked
from cogov.people.rules.entering import pseudonym_from
from cogov.people.rules.keeping import SUSPENDERS
from cogov.people.rules.looking import masked_name
from cogov.people.rules.sheets import BY_ROLL, until_end_of
from cogov.people.rules.suspension import SuspensionReason, suspension_words

BY_HAND = tuple(role for role in Role if role not in BY_ROLL)


class PersonForm(KeepForm):
    """A person who is entered by somebody else."""

    contact = text(lazy_gettext("手机号或邮箱"), 254)
    name = text(lazy_gettext("姓名"), 80, description=lazy_gettext("只有职责需要的人看得到。"))
    pseudonym = text(
        lazy_gettext("公开的化名"), 20, needed=False, description=lazy_gettext("不填就先起一个，本人以后可以改。")
    )

    def validate_contact(self, field: Any) -> None:
        """Refuse what is neither a number nor an address."""
        check_contact(self, field)


class RoleForm(KeepForm):
    """A role, where, for whom, on which paper, from when until when."""

    role = SelectField(lazy_gettext("身份"), [InputRequired(NEEDED)])
    organization = SelectField(
        lazy_gettext("代表的单位"), [Optional()], description=lazy_gettext("个人的身份（居民、审计员、管理员）不选。")
    )
    scope = text(
        lazy_gettext("管到哪里"), 32, needed=False, description=lazy_gettext("地域代码；不填就是单位管辖的地方。")
    )
    public_name = text(
        lazy_gettext("公开的姓名"), 80, needed=False, description=lazy_gettext("代表单位办事时大家看到的名字。")
    )
    document = text(
        lazy_gettext("授权文件"),
        120,
        needed=False,
        description=lazy_gettext("文号或会议日期，例如：街办〔2026〕12 号。"),
    )
    since = DateField(lazy_gettext("从哪天起"), [Optional()], description=lazy_gettext("不填就是现在。"))
    until = DateField(
        lazy_gettext("到哪天为止"), [Optional()], description=lazy_gettext("这一天还算；不填就是收回为止。")
    )


class SuspensionForm(KeepForm):
    """For what reason, where and how long somebody may not speak."""

    reason = SelectField(lazy_gettext("原因"), [InputRequired(NEEDED)])
    scope = SelectField(lazy_gettext("在哪里"), [InputRequired(NEEDED)])
    since = DateField(lazy_gettext("从哪天起"), [Optional()], description=lazy_gettext("不填就是现在。"))
    until = DateField(lazy_gettext("到哪天为止"), [InputRequired(NEEDED)])


def _begin(value: Any) -> datetime | None:
    return datetime(value.year, value.month, value.day, tzinfo=ZONE) if value else None


# The list ----------------------------------------------------------------------------------------------------------


@bp.get("/people")
@keepers
def people() -> Response:
    """Search a person, or list who holds which role."""
    return _people(PersonForm(), 200)


def _people(form: PersonForm, status: int) -> Response:
    q = " ".join(request.args.get("q", "").split())[:80]
    return page(
        "front/admin/page.html",
        status,
        title=gettext("人和身份"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        search={"action": url_for("admin.people"), "label": gettext("手机号、邮箱、姓名或化名"), "value": q},
        filters=[] if q else [_role_chips()],
        tables=[_found(q)] if q else [_held()[0]],
        next_url="" if q else _held()[1],
        cards=[
            {
                "title": gettext("登记一个人"),
                "line": gettext("对方用这个手机号或邮箱，凭验证码第一次登录，自己设密码。"),
                "form": form.freshened(),
                "action": url_for("admin.register"),
                "submit": gettext("登记并邀请"),
            }
        ],
    )


def _role_chips() -> list[dict[str, Any]]:
    choices = [("", gettext("全部")), *((role.value, words(role_words(role))) for role in Role)]
    return chips("role", choices, lambda value: url_for("admin.people", role=value or None))


def _found(q: str) -> dict[str, Any]:
    """Return whoever a search finds: by contact anybody, by name or pseudonym those with a role in one's area."""
    contact = contact_from(q)
    if contact is not None:
        where = or_(Identity.phone == contact.value, Identity.email == contact.value)
    else:
        here = select(RoleHeld.person_id).where(within(RoleHeld.scope))
        named = or_(Identity.name.contains(q, autoescape=True), Person.pseudonym.contains(q, autoescape=True))
        where = and_(named, Person.id.in_(here))
    query = (
        select(Person, Identity.name, Identity.phone, Identity.email)
        .outerjoin(Identity, Identity.person_id == Person.id)
        .where(where)
        .order_by(Person.id)
        .limit(PAGE)
    )
    return {
        "caption": gettext("找到的人"),
        "head": [gettext("化名"), gettext("姓名"), gettext("联系方式")],
        "rows": [
            [
                link(url_for("admin.person", person_id=person.id), person.pseudonym),
                masked_name(name or ""),
                masked(phone or email or ""),
            ]
            for person, name, phone, email in session().execute(query)
        ],
        "empty": gettext("没有找到。姓名和化名只在您管的地方找；手机号和邮箱要写全。"),
    }


def _held() -> tuple[dict[str, Any], str]:
    """Return who holds which role in one's area, by keyset, the latest granted first."""
    role, after = request.args.get("role", ""), id_arg("after")
    query = (
        select(RoleHeld, Person.pseudonym, Identity.phone, Identity.email, Organization.name)
        .join(Person, Person.id == RoleHeld.person_id)
        .outerjoin(Identity, Identity.person_id == Person.id)
        .outerjoin(Organization, Organization.id == RoleHeld.organization_id)
        .where(
            within(RoleHeld.scope),
            RoleHeld.ended_at.is_(None),
            or_(RoleHeld.until.is_(None), RoleHeld.until > now()),
        )
        .order_by(RoleHeld.id.desc())
        .limit(PAGE + 1)
    )
    if role in set(Role):
        query = query.where(RoleHeld.role == Role(role))
    if after is not None:
        query = query.where(RoleHeld.id < after)
    rows, more = cut(session().execute(query).all())
    names = place_names(held.scope for held, *_ in rows)
    told = {
        "caption": gettext("现在有效的身份和授权"),
        "head": [gettext("身份"), gettext("人"), gettext("单位"), gettext("在哪里"), gettext("到哪天")],
        "rows": [
            _held_row(held, pseudonym, phone or email or "", body, names)
            for held, pseudonym, phone, email, body in rows
        ],
        "empty": gettext("没有人有这种身份。"),
    }
    return told, url_for("admin.people", role=role or None, after=rows[-1][0].id) if more else ""


def _held_row(held: RoleHeld, pseudonym: str, contact: str, body: str | None, names: dict[str, str]) -> list[Any]:
    who = held.public_name or pseudonym
    return [
        words(role_words(held.role)),
        link(url_for("admin.person", person_id=held.person_id), who, masked(contact) if contact else ""),
        two(body or "", held.document),
        names.get(held.scope, held.scope),
        day(held.until, last=True),
    ]


@bp.post("/people")
@keepers
def register() -> Answer:
    """Enter a person and invite them."""
    form = PersonForm()
    if form.validate_on_submit():
        contact = found(contact_from(form.contact.data or ""))
        name, chosen = form.name.data or "", pseudonym_from(form.pseudonym.data or "")
        person = attempt(
            form,
            {"contact_taken": "contact"},
            "pseudonym",
            lambda: register_person(
                actor(), contact=contact, name=name, pseudonym=chosen or any_pseudonym(), once=form.token
            ),
        )
        if person is not None:
            invite(contact)
            flash(
                gettext("已登记。对方在登录页填 %(contact)s，选用验证码登录。", contact=masked(contact.value)), "done"
            )
            return done(url_for("admin.person", person_id=person.id))
    return _people(form, 422)


def any_pseudonym() -> str:
    """Return a pseudonym for somebody who has not chosen one yet."""
    return f"新成员{secrets.token_hex(4)}"


# One person --------------------------------------------------------------------------------------------------------


def _person_for(person_id: int) -> tuple[Person, Identity | None]:
    """Return a person; anybody registered may be given a role, so whoever keeps a register may open them."""
    person = found(session().get(Person, person_id))
    return person, session().get(Identity, person_id)


def _may_keep() -> bool:
    return any(held.role is Role.ADMINISTRATOR for held in actor().standings)


@bp.get("/people/<id:person_id>")
@suspenders
def person(person_id: int) -> Response:
    """Show the roles of a person in one's area, with the forms to grant one and to suspend."""
    return _person(person_id, 200)


def _person(
    person_id: int,
    status: int,
    *,
    role: RoleForm | None = None,
    suspension: SuspensionForm | None = None,
    look: LookForm | None = None,
    seen: Seen | None = None,
) -> Response:
    row, identity = _person_for(person_id)
    own, keeps = actor().person_id == person_id, _may_keep()
    cards = []
    if keeps and not own:
        cards.append(_role_card(person_id, role or RoleForm(formdata=None)))
    if not own:
        cards.append(_suspension_card(person_id, suspension or SuspensionForm(formdata=None)))
        cards.append(look_card(person_id, look or LookForm(formdata=None)))
    return page(
        "front/admin/page.html",
        status,
        title=row.pseudonym,
        back={
            "url": url_for("admin.people" if keeps else "admin.index"),
            "text": gettext("人和身份") if keeps else gettext("管理"),
        },
        lead=_reached(identity, seen, keeps=keeps),
        warnings=[gettext("这是您自己。登记自己的事，要由另一位管理员来办。")] if own else [],
        tables=[_roles_of(person_id, keeps=keeps), _suspensions_table(person_id)],
        cards=cards,
    )


def _reached(identity: Identity | None, seen: Seen | None, *, keeps: bool) -> str:
    """Return how a person is called and reached: whole for whoever has just said why, else so that one tells them."""
    if seen is not None:
        return " · ".join(each for each in (seen.name, seen.phone, seen.email) if each)
    if identity is None:
        return ""
    contacts = [masked(each) for each in (identity.phone, identity.email) if each]
    return " · ".join(each for each in (masked_name(identity.name) if keeps else "", *contacts) if each)


@bp.post("/people/<id:person_id>/look")
@suspenders
@powerful(say("看一个人的姓名和联系方式"))
def look(person_id: int) -> Answer:
    """Show name and contacts of a person, once, for a reason that the person can read."""
    form = LookForm()
    _person_for(person_id)
    token = form.token
    look_card(person_id, form)
    if not form.validate_on_submit():
        return _person(person_id, 422, look=form)
    seen = look_at_contact(actor(), person_id, reason=form.reason.data, once=token)
    return _person(person_id, 200, seen=seen)


def _roles_of(person_id: int, *, keeps: bool) -> dict[str, Any]:
    query = (
        select(RoleHeld, Organization.name)
        .outerjoin(Organization, Organization.id == RoleHeld.organization_id)
        .where(RoleHeld.person_id == person_id, within(RoleHeld.scope, Role.STREET_OFFICE))
        .order_by(RoleHeld.ended_at.is_not(None), RoleHeld.id.desc())
        .limit(PAGE)
    )
    rows = session().execute(query).all()
    names = place_names(held.scope for held, _ in rows)
    at = now()
    return {
        "caption": gettext("在您管的地方的身份"),
        "head": [gettext("身份"), gettext("单位和文件"), gettext("在哪里"), gettext("期限"), gettext("状态")],
        "rows": [
            [
                words(role_words(held.role)),
                two(" · ".join(part for part in (body, held.public_name) if part), held.document),
                names.get(held.scope, held.scope),
                f"{day(held.since)} – {day(held.until, last=True)}",
                _state(held, at, keeps=keeps),
            ]
            for held, body in rows
        ],
        "empty": gettext("还没有身份。"),
    }


def _state(held: RoleHeld, at: datetime, *, keeps: bool) -> Any:
    if held.ended_at is not None or (held.until is not None and held.until <= at):
        return gettext("已结束")
    if not keeps:
        return gettext("有效")
    return button(url_for("admin.dismiss_role", role_id=held.id), gettext("结束"))


def _role_card(person_id: int, form: RoleForm) -> dict[str, Any]:
    offer(form.role, ((role.value, words(role_words(role))) for role in BY_HAND), empty=gettext("请选择"))
    offer(form.organization, _organizations(), empty=gettext("请选择"))
    return {
        "title": gettext("授予身份"),
        "line": gettext("业主和租户按名册核对给出，不在这里授予。"),
        "form": form.freshened(),
        "action": url_for("admin.grant", person_id=person_id),
        "submit": gettext("授予"),
        "id": "role",
    }


def _organizations() -> Iterable[tuple[str, str]]:
    query = select(Organization).where(Organization.ended_at.is_(None), within(Organization.scope))
    rows: Sequence[Organization] = (
        session().scalars(query.order_by(Organization.kind, Organization.id).limit(500)).all()
    )
    return [(str(row.id), f"{row.name}（{words(kind_words(row.kind))}）") for row in rows]


@bp.post("/people/<id:person_id>/roles")
@keepers
@powerful(say("授予身份"))
def grant(person_id: int) -> Answer:
    """Give somebody a role."""
    form = RoleForm()
    _role_card(person_id, form)
    token = request.form.get("once", "")[:64] or None
    if form.validate_on_submit():
        role, body = Role(form.role.data), _chosen(form.organization.data)
        if role in MANDATE_KINDS and body is None:
            form.complain("organization", gettext("“%(role)s”代表单位办事，要选单位。", role=words(role_words(role))))
            return _person(person_id, 422, role=form)
        scope = form.scope.data or (body.scope if body else "")
        if not scope:
            form.complain("scope", gettext("个人的身份要写管到哪里。"))
            return _person(person_id, 422, role=form)
        granted = attempt(
            form,
            {
                "name_needed": "public_name",
                "role_held": "role",
                "role_is_personal": "organization",
                "wrong_organization": "organization",
                "until_past": "until",
                "until_before_since": "until",
                "beyond_organization": "scope",
                "not_who_keeps": "scope",
            },
            "scope",
            lambda: appoint(
                actor(),
                person_id=person_id,
                role=role,
                scope=scope,
                organization_id=body.id if body else None,
                public_name=form.public_name.data or "",
                since=_begin(form.since.data),
                until=until_end_of(form.until.data),
                document=form.document.data or "",
                once=token,
            ),
        )
        if isinstance(granted, Countersign):
            flash(gettext("已提出，等另一位管理员确认后生效。"), "done")
            return done(url_for("admin.person", person_id=person_id))
        if granted is not None:
            flash(gettext("已授予%(role)s，对方下一次操作起生效。", role=words(role_words(role))), "done")
            return done(url_for("admin.person", person_id=person_id))
    return _person(person_id, 422, role=form)


def _chosen(value: str | None) -> Organization | None:
    return session().get(Organization, int(value)) if value else None


@bp.post("/roles/<id:role_id>/end")
@keepers
@powerful(say("结束一个人的身份"))
def dismiss_role(role_id: int) -> Answer:
    """End a role."""
    row = dismiss(actor(), role_id, once=request.form.get("once"))
    if isinstance(row, Countersign):
        flash(gettext("已提出，等另一位管理员确认后生效。"), "done")
        return done(url_for("admin.person", person_id=row.person_id))
    flash(gettext("已结束%(role)s，对方下一次操作起生效。", role=words(role_words(row.role))), "done")
    return done(url_for("admin.person", person_id=row.person_id))


# Suspension --------------------------------------------------------------------------------------------------------


def _suspension_card(person_id: int, form: SuspensionForm) -> dict[str, Any]:
    reasons = ((reason.value, words(suspension_words(reason))) for reason in SuspensionReason)
    offer(form.reason, reasons, empty=gettext("请选择"))
    codes = areas(*SUSPENDERS)
    names = place_names(codes)
    below = _communities_of(person_id)
    offered = {**below, **{code: names.get(code, code) for code in codes}}
    offer(form.scope, offered.items())
    return {
        "title": gettext("停用发言"),
        "line": gettext(
            "停用期间不能提出、附议、发言和认领，照样能看、能投票。"
            "超过 30 天要由另一个人同意。到期自动恢复，本人看得到原因和申诉的去处。"
        ),
        "form": form.freshened(),
        "action": url_for("admin.suspend", person_id=person_id),
        "submit": gettext("停用"),
        "danger": True,
        "id": "suspension",
    }


def _communities_of(person_id: int) -> dict[str, str]:
    """Return the communities in one's area where a person has a role."""
    query = select(RoleHeld.scope).where(
        RoleHeld.person_id == person_id,
        RoleHeld.ended_at.is_(None),
        within(RoleHeld.scope, *SUSPENDERS),
        func.length(RoleHeld.scope) >= 12,
    )
    codes = sorted({code[:12] for code in session().scalars(query)})
    names = place_names(codes)
    return {code: names.get(code, code) for code in codes}


@bp.post("/people/<id:person_id>/suspensions")
@suspenders
@powerful(say("停用一个人发言"))
def suspend(person_id: int) -> Answer:
    """Keep somebody from speaking for a while."""
    form = SuspensionForm()
    _person_for(person_id)
    token = request.form.get("once", "")[:64] or None
    _suspension_card(person_id, form)
    if form.validate_on_submit():
        until = until_end_of(form.until.data) or now() + timedelta(days=1)
        row = attempt(
            form,
            {"suspended_already": "until"},
            "until",
            lambda: suspend_person(
                actor(),
                person_id=person_id,
                scope=form.scope.data,
                reason=SuspensionReason(form.reason.data),
                since=_begin(form.since.data),
                until=until,
                once=token,
            ),
        )
        if row is not None:
            waits = row.agreed_at is None
            flash(gettext("已登记，等另一个人同意后生效。") if waits else gettext("已停用，到期自动恢复。"), "done")
            return done(url_for("admin.person", person_id=person_id))
    return _person(person_id, 422, suspension=form)


def _suspensions_table(person_id: int) -> dict[str, Any]:
    query = select(Suspension).where(Suspension.person_id == person_id, within(Suspension.scope, *SUSPENDERS))
    rows = session().scalars(query.order_by(Suspension.id.desc()).limit(PAGE)).all()
    names = place_names(row.scope for row in rows)
    return {
        "caption": gettext("停用发言的记录"),
        "head": [gettext("原因"), gettext("在哪里"), gettext("期限"), gettext("状态")],
        "rows": [_suspension_row(row, names) for row in rows],
        "empty": gettext("没有停用过。"),
    }


def _suspension_row(row: Suspension, names: dict[str, str]) -> list[Any]:
    return [
        words(suspension_words(row.reason)),
        names.get(row.scope, row.scope),
        f"{day(row.since)} – {day(row.until, last=True)}",
        _suspension_state(row),
    ]


def _suspension_state(row: Suspension) -> Any:
    lift = button(url_for("admin.lift", suspension_id=row.id), gettext("撤回"))
    if row.lifted_at is not None:
        return gettext("%(day)s 撤回", day=day(row.lifted_at))
    if row.until <= now():
        return gettext("到期恢复")
    if row.agreed_at is not None:
        return pill("late", "ban", gettext("停用中")) + lift
    agree = button(url_for("admin.agree", suspension_id=row.id), gettext("同意停用"))
    own = row.asked_by == actor().person_id
    return pill("time", "hourglass", gettext("等另一个人同意")) + (lift if own else agree + lift)


@bp.get("/suspensions")
@suspenders
def suspensions() -> Response:
    """List who is kept from speaking, and what waits for a second person."""
    after = id_arg("after")
    query = (
        select(Suspension, Person.pseudonym)
        .join(Person, Person.id == Suspension.person_id)
        .where(within(Suspension.scope, *SUSPENDERS), Suspension.lifted_at.is_(None), Suspension.until > now())
        .order_by(Suspension.id.desc())
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(Suspension.id < after)
    rows, more = cut(session().execute(query).all())
    names = place_names(row.scope for row, _ in rows)
    head = [gettext("人"), gettext("原因"), gettext("在哪里"), gettext("期限"), gettext("状态")]
    return page(
        "front/admin/page.html",
        title=gettext("停用发言"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        lead=gettext("要停用一个人，先在“人和身份”里找到他。停用从不影响看和投票。"),
        tables=[
            {
                "caption": gettext("停用中和等人同意的"),
                "head": head,
                "rows": [
                    [link(url_for("admin.person", person_id=row.person_id), name), *_suspension_row(row, names)]
                    for row, name in rows
                ],
                "empty": gettext("现在没有人被停用。"),
            }
        ],
        next_url=url_for("admin.suspensions", after=rows[-1][0].id) if more else "",
    )


@bp.post("/suspensions/<id:suspension_id>/agreement")
@suspenders
@powerful(say("同意停用一个人发言"))
def agree(suspension_id: int) -> Answer:
    """Agree as a second person to a long suspension."""
    row = agree_to_suspend(actor(), suspension_id, once=request.form.get("once"))
    flash(gettext("已同意，从现在起停用，到期自动恢复。"), "done")
    return done(url_for("admin.person", person_id=row.person_id))


@bp.post("/suspensions/<id:suspension_id>/lifting")
@suspenders
@powerful(say("撤回一条停用"))
def lift(suspension_id: int) -> Answer:
    """Take a suspension back."""
    row = lift_suspension(actor(), suspension_id, once=request.form.get("once"))
    flash(gettext("已撤回。"), "done")
    return done(url_for("admin.person", person_id=row.person_id))
