"""Organizations: entered, corrected, ended; who acts for them, and for which matters they answer."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, or_, select
from werkzeug.wrappers import Response as Answer
from wtforms import SelectField
from wtforms.validators import InputRequired

from cogov.duties.models import DutyItem, Matter
from cogov.front.admin.parts import (
    NEEDED,
    PAGE,
    KeepForm,
    areas,
    attempt,
    bp,
    chips,
    cut,
    day,
    done,
    form_status,
    keepers,
    link,
    offer,
    text,
    within,
)
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.pages import actor, id_arg, page, powerful, words
from cogov.ground.refusals import insist
from cogov.ground.words import say
from cogov.people.commands import close_organization, correct_organization, enter_organization
from cogov.people.models import Organization, Person, RoleHeld
from cogov.people.queries import members, place_names
from cogov.people.rules import OrganizationKind, kind_words, role_words
from cogov.people.rules.keeping import why_not_keep


class NamesForm(KeepForm):
    """How an organization is called and reached."""

    name = text(lazy_gettext("单位名称"), 80)
    short_name = text(lazy_gettext("简称"), 20, needed=False)
    contact = text(lazy_gettext("公开的联系方式"), 120, needed=False)


class OrganizationForm(KeepForm):
    """A new organization."""

    kind = SelectField(lazy_gettext("类别"), [InputRequired(NEEDED)], description=lazy_gettext("以后不能更改。"))
    name = text(lazy_gettext("单位名称"), 80)
    scope = text(lazy_gettext("管到哪里"), 32, description=lazy_gettext("地域代码；管到它下面的全部地方。"))
    short_name = text(lazy_gettext("简称"), 20, needed=False)
    contact = text(lazy_gettext("公开的联系方式"), 120, needed=False)

    def offer(self) -> None:
        """Set the kinds to choose from."""
        offer(self.kind, ((kind.value, words(kind_words(kind))) for kind in OrganizationKind), empty=gettext("请选择"))


@bp.route("/organizations", methods=["GET", "POST"])
@keepers
def organizations() -> Answer:
    """List the organizations of one's area, and enter one."""
    form = OrganizationForm()
    form.offer()
    token = form.token
    if form.validate_on_submit():
        row = attempt(
            form,
            {"organization_exists": "name", "not_who_keeps": "scope"},
            "scope",
            lambda: enter_organization(
                actor(),
                kind=OrganizationKind(form.kind.data),
                name=form.name.data or "",
                scope=form.scope.data or "",
                short_name=form.short_name.data or "",
                contact=form.contact.data or "",
                once=token,
            ),
        )
        if row is not None:
            flash(gettext("已登记%(name)s。", name=row.name), "done")
            return done(url_for("admin.organization", organization_id=row.id))
    return _organizations(form, form_status())


def _organizations(form: OrganizationForm, status: int) -> Response:
    kind, after = request.args.get("kind", ""), id_arg("after")
    query = select(Organization).where(within(Organization.scope)).order_by(Organization.id).limit(PAGE + 1)
    if kind in set(OrganizationKind):
        query = query.where(Organization.kind == OrganizationKind(kind))
    if after is not None:
        query = query.where(Organization.id > after)
    rows, more = cut(session().scalars(query).all())
    names, staffed = place_names(row.scope for row in rows), members(row.id for row in rows)
    matters = _matter_counts([row.id for row in rows])
    choices = [("", gettext("全部")), *((each.value, words(kind_words(each))) for each in OrganizationKind)]
    if not form.scope.data and len(areas()) == 1:
        form.scope.data = areas()[0]
    return page(
        "front/admin/page.html",
        status,
        title=gettext("单位"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        filters=[chips("kind", choices, lambda value: url_for("admin.organizations", kind=value or None))],
        tables=[
            {
                "caption": gettext("您管的地方的单位"),
                "head": [
                    gettext("单位"),
                    gettext("类别"),
                    gettext("管到哪里"),
                    {"label": gettext("经办人"), "number": True},
                    {"label": gettext("负责的事项"), "number": True},
                ],
                "rows": [
                    [
                        link(
                            url_for("admin.organization", organization_id=row.id),
                            row.name,
                            gettext("已终止") if row.ended_at else "",
                        ),
                        words(kind_words(row.kind)),
                        names.get(row.scope, row.scope),
                        len(staffed.get(row.id, [])),
                        matters.get(row.id, 0),
                    ]
                    for row in rows
                ],
                "empty": gettext("还没有这类单位。"),
            }
        ],
        next_url=url_for("admin.organizations", kind=kind or None, after=rows[-1].id) if more else "",
        cards=[
            {
                "title": gettext("登记单位"),
                "form": form.freshened(),
                "action": url_for("admin.organizations"),
                "submit": gettext("登记单位"),
            }
        ],
    )


def _matter_counts(ids: list[int]) -> dict[int, int]:
    query = (
        select(DutyItem.organization_id, func.count(DutyItem.matter_id.distinct()))
        .where(DutyItem.organization_id.in_(ids), or_(DutyItem.valid_to.is_(None), DutyItem.valid_to >= now().date()))
        .group_by(DutyItem.organization_id)
    )
    return dict(session().execute(query).all())


@bp.route("/organizations/<id:organization_id>", methods=["GET", "POST"])
@keepers
def organization(organization_id: int) -> Answer:
    """Show an organization with who acts for it and its matters, and correct it."""
    row = found(session().get(Organization, organization_id))
    insist(why_not_keep(actor(), row.scope))
    form = NamesForm(obj=row if request.method == "GET" else None)
    token = form.token
    if form.validate_on_submit():
        corrected = attempt(
            form,
            {},
            "name",
            lambda: correct_organization(
                actor(),
                organization_id,
                name=form.name.data or "",
                short_name=form.short_name.data or "",
                contact=form.contact.data or "",
                once=token,
            ),
        )
        if corrected is not None:
            flash(gettext("已更正。"), "done")
            return done(url_for("admin.organization", organization_id=organization_id))
    return _organization(row, form, form_status())


def _organization(row: Organization, form: NamesForm, status: int) -> Response:
    name = place_names([row.scope]).get(row.scope, row.scope)
    cards = []
    if row.ended_at is None:
        url = url_for("admin.organization", organization_id=row.id)
        cards = [
            {"title": gettext("更正"), "form": form.freshened(), "action": url, "submit": gettext("保存")},
            {
                "title": gettext("终止"),
                "line": gettext("终止以后，全部授权同时结束；办过的事还记着它的名字。没办完的事会出现在“还缺什么”里。"),
                "form": KeepForm(formdata=None).freshened(),
                "action": url_for("admin.end_organization", organization_id=row.id),
                "submit": gettext("终止单位"),
                "danger": True,
            },
        ]
    return page(
        "front/admin/page.html",
        status,
        title=row.name,
        back={"url": url_for("admin.organizations"), "text": gettext("单位")},
        lead=" · ".join(part for part in (words(kind_words(row.kind)), name, row.contact) if part),
        warnings=[gettext("已于 %(day)s 终止。", day=day(row.ended_at))] if row.ended_at else [],
        tables=[_people_of(row.id), _matters_of(row.id)],
        cards=cards,
    )


def _people_of(organization_id: int) -> dict[str, Any]:
    query = (
        select(RoleHeld, Person.pseudonym)
        .join(Person, Person.id == RoleHeld.person_id)
        .where(
            RoleHeld.organization_id == organization_id,
            RoleHeld.ended_at.is_(None),
            or_(RoleHeld.until.is_(None), RoleHeld.until > now()),
        )
        .order_by(RoleHeld.id)
        .limit(PAGE)
    )
    return {
        "caption": gettext("谁代表它"),
        "head": [gettext("公开的姓名"), gettext("身份"), gettext("授权文件"), gettext("到哪天")],
        "rows": [
            [
                link(url_for("admin.person", person_id=held.person_id), held.public_name or pseudonym),
                words(role_words(held.role)),
                held.document,
                day(held.until, last=True),
            ]
            for held, pseudonym in session().execute(query)
        ],
        "empty": gettext("还没有人代表它办事。在“人和身份”里找到人，授予身份。"),
    }


def _matters_of(organization_id: int) -> dict[str, Any]:
    query = (
        select(DutyItem, Matter.name)
        .join(Matter, Matter.id == DutyItem.matter_id)
        .where(DutyItem.organization_id == organization_id)
        .order_by(DutyItem.id.desc())
        .limit(PAGE)
    )
    return {
        "caption": gettext("清单上由它负责的事项"),
        "head": [gettext("事项"), gettext("清单编号"), gettext("在哪里"), gettext("失效")],
        "rows": [
            [link(url_for("admin.duty", item_id=item.id), name), item.number, item.scope, day(item.valid_to)]
            for item, name in session().execute(query)
        ],
        "empty": gettext("清单上还没有它的事项。"),
    }


@bp.post("/organizations/<id:organization_id>/end")
@keepers
@powerful(say("终止一个单位"))
def end_organization(organization_id: int) -> Answer:
    """End an organization."""
    row = close_organization(actor(), organization_id, once=request.form.get("once"))
    flash(gettext("已终止%(name)s。", name=row.name), "done")
    return done(url_for("admin.organizations"))
