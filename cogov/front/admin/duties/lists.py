"""Duty lists: which body answers for which matter where, in which version."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import or_, select
from werkzeug.wrappers import Response as Answer
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Optional

from cogov.duties.commands import end_duty, list_duty
from cogov.duties.models import DutyItem, Matter
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import ListKind
from cogov.front.admin.duties.limits import UNIT_WORDS, amount_field, limit_words
from cogov.front.admin.parts import (
    NEEDED,
    PAGE,
    KeepForm,
    areas,
    attempt,
    bp,
    cut,
    day,
    done,
    form_status,
    keepers,
    link,
    offer,
    text,
    today,
    two,
    within,
)
from cogov.ground.db import found, session
from cogov.ground.pages import actor, id_arg, page
from cogov.ground.refusals import insist
from cogov.people.models import Organization
from cogov.people.rules.keeping import why_not_keep

LIST_WORDS = {
    ListKind.BASIC: lazy_gettext("基本履职"),
    ListKind.ASSIST: lazy_gettext("配合履职"),
    ListKind.RECALLED: lazy_gettext("上级收回"),
}


class DutyForm(KeepForm):
    """An item of a duty list."""

    matter = SelectField(lazy_gettext("事项"), [InputRequired(NEEDED)])
    organization = SelectField(lazy_gettext("责任单位"), [InputRequired(NEEDED)])
    scope = text(lazy_gettext("在哪里"), 32, description=lazy_gettext("地域代码；对它下面的全部地方有效。"))
    number = text(lazy_gettext("清单编号"), 24, description=lazy_gettext("编号已经有的，就是新的一版。"))
    list_kind = SelectField(lazy_gettext("清单类别"), [InputRequired(NEEDED)])
    limit = amount_field(needed=True)
    unit = SelectField(lazy_gettext("时限单位"), [InputRequired(NEEDED)])
    basis = text(lazy_gettext("依据"), 200)
    valid_from = DateField(lazy_gettext("生效日期"), [InputRequired(NEEDED)])
    valid_to = DateField(lazy_gettext("失效日期"), [Optional()], description=lazy_gettext("这一天还算。"))


class EndForm(KeepForm):
    """The last day of an item."""

    valid_to = DateField(lazy_gettext("最后一天"), [InputRequired(NEEDED)])


@bp.route("/duties", methods=["GET", "POST"])
@keepers
def duties() -> Answer:
    """List the items of duty lists in one's area by keyset, and enter one."""
    form = _duty_form()
    token = form.token
    if form.validate_on_submit():
        row = attempt(
            form,
            {"not_who_keeps": "scope", "organization_elsewhere": "organization", "valid_backwards": "valid_to"},
            "number",
            lambda: list_duty(
                actor(),
                scope=form.scope.data or "",
                number=form.number.data or "",
                matter_id=int(form.matter.data),
                organization_id=int(form.organization.data),
                list_kind=ListKind(form.list_kind.data),
                limit=Limit(form.limit.data or 1, LimitUnit(form.unit.data)),
                basis=form.basis.data or "",
                valid_from=form.valid_from.data or today(),
                valid_to=form.valid_to.data,
                once=token,
            ),
        )
        if row is not None:
            flash(gettext("已登记第 %(n)s 版。", n=row.version), "done")
            return done(url_for("admin.duty", item_id=row.id))
    return _duties(form, form_status())


def _duty_form() -> DutyForm:
    form = DutyForm()
    wanted = id_arg("matter")
    query = select(Matter.id, Matter.name, Matter.code).where(Matter.retired_at.is_(None))
    rows = session().execute(query.order_by(Matter.kind, Matter.code).limit(600))
    offer(form.matter, ((str(key), f"{name} {code}") for key, name, code in rows), empty=gettext("请选择"))
    bodies = select(Organization.id, Organization.name).where(
        Organization.ended_at.is_(None), within(Organization.scope)
    )
    named = session().execute(bodies.order_by(Organization.id).limit(500))
    offer(form.organization, ((str(key), name) for key, name in named), empty=gettext("请选择"))
    offer(form.list_kind, LIST_WORDS.items())
    offer(form.unit, UNIT_WORDS.items())
    if request.method == "GET":
        form.matter.data = str(wanted or "")
        form.valid_from.data = today()
        form.scope.data = areas()[0] if len(areas()) == 1 else ""
    return form


def _duties(form: DutyForm, status: int) -> Response:
    after, q = id_arg("after"), request.args.get("q", "")[:40].strip()
    query = (
        select(DutyItem, Matter.name, Organization.name)
        .join(Matter, Matter.id == DutyItem.matter_id)
        .join(Organization, Organization.id == DutyItem.organization_id)
        .where(within(DutyItem.scope))
        .order_by(DutyItem.id.desc())
        .limit(PAGE + 1)
    )
    if q:
        names = or_(Matter.name.contains(q, autoescape=True), Organization.name.contains(q, autoescape=True))
        query = query.where(names)
    if after is not None:
        query = query.where(DutyItem.id < after)
    rows, more = cut(session().execute(query).all())
    return page(
        "front/admin/page.html",
        status,
        title=gettext("权责清单"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        search={"action": url_for("admin.duties"), "label": gettext("事项或单位"), "value": q},
        tables=[
            {
                "caption": gettext("清单事项"),
                "head": [gettext("事项"), gettext("责任单位"), gettext("在哪里"), gettext("时限"), gettext("有效")],
                "rows": [
                    [
                        link(
                            url_for("admin.duty", item_id=item.id),
                            name,
                            gettext("%(number)s 第 %(n)s 版", number=item.number, n=item.version),
                        ),
                        two(body, str(LIST_WORDS[item.list_kind])),
                        item.scope,
                        limit_words(item.limit_amount, item.limit_unit),
                        f"{day(item.valid_from)} – {day(item.valid_to)}",
                    ]
                    for item, name, body in rows
                ],
                "empty": gettext("清单上还没有这样的事项。"),
            }
        ],
        next_url=url_for("admin.duties", q=q or None, after=rows[-1][0].id) if more else "",
        cards=[
            {
                "title": gettext("登记一项"),
                "form": form.freshened(),
                "action": url_for("admin.duties"),
                "submit": gettext("登记"),
                "more": link(url_for("admin.imports", kind="duties"), gettext("用表格导入")),
            }
        ],
    )


@bp.route("/duties/<id:item_id>", methods=["GET", "POST"])
@keepers
def duty(item_id: int) -> Answer:
    """Show an item of a duty list with its versions, and let it end."""
    row = found(session().get(DutyItem, item_id))
    insist(why_not_keep(actor(), row.scope))
    form = EndForm()
    token = form.token
    if form.validate_on_submit():
        last = form.valid_to.data or today()
        ended = attempt(form, {}, "valid_to", lambda: end_duty(actor(), item_id, valid_to=last, once=token))
        if ended is not None:
            flash(gettext("这一版到 %(day)s 为止。", day=day(ended.valid_to)), "done")
            return done(url_for("admin.duty", item_id=item_id))
    return _duty(row, form, form_status())


def _duty(row: DutyItem, form: EndForm, status: int) -> Response:
    query = (
        select(DutyItem, Organization.name)
        .join(Organization, Organization.id == DutyItem.organization_id)
        .where(DutyItem.scope == row.scope, DutyItem.number == row.number)
        .order_by(DutyItem.version.desc())
        .limit(PAGE)
    )
    name = found(session().get(Matter, row.matter_id)).name
    return page(
        "front/admin/page.html",
        status,
        title=name,
        back={"url": url_for("admin.duties"), "text": gettext("权责清单")},
        lead=gettext("清单 %(number)s，第 %(n)s 版，%(scope)s", number=row.number, n=row.version, scope=row.scope),
        tables=[
            {
                "caption": gettext("各版"),
                "head": [gettext("版本"), gettext("责任单位"), gettext("时限"), gettext("依据"), gettext("有效")],
                "rows": [
                    [
                        link(url_for("admin.duty", item_id=item.id), str(item.version)),
                        body,
                        limit_words(item.limit_amount, item.limit_unit),
                        item.basis,
                        f"{day(item.valid_from)} – {day(item.valid_to)}",
                    ]
                    for item, body in session().execute(query)
                ],
                "empty": "",
            }
        ],
        cards=[
            {
                "title": gettext("结束这一版"),
                "line": gettext("内容不能改，办着的案件按它算；有变就登记新的一版。"),
                "form": form.freshened(),
                "action": url_for("admin.duty", item_id=row.id),
                "submit": gettext("到这天为止"),
            }
        ],
    )
