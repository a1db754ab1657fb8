"""The catalogue of matters, duty lists and the working calendar."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import format_date, gettext, lazy_gettext
from sqlalchemy import or_, select
from werkzeug.wrappers import Response as Answer
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from cogov.duties.commands import (
    MatterFacts,
    correct_matter,
    declare_day,
    end_duty,
    enter_year,
    list_duty,
    retire_matter,
    start_catalogue,
)
from cogov.duties.models import CalendarDay, DutyItem, Matter
from cogov.duties.queries import calendar_for, covered
from cogov.duties.rules.clock import LONGEST, Limit, LimitUnit
from cogov.duties.rules.duty import ListKind, MatterKind
from cogov.front.admin.parts import (
    NEEDED,
    PAGE,
    KeepForm,
    areas,
    asked_place,
    attempt,
    bp,
    button,
    chips,
    cut,
    day,
    done,
    form_status,
    keepers,
    link,
    offer,
    pill,
    text,
    today,
    two,
    within,
)
from cogov.ground.db import found, session
from cogov.ground.pages import actor, id_arg, page, words
from cogov.ground.refusals import insist
from cogov.people.models import Organization
from cogov.people.rules.keeping import why_not_keep
from cogov.places.queries import place_by_code

KIND_WORDS = {
    MatterKind.COMPONENT: lazy_gettext("部件"),
    MatterKind.EVENT: lazy_gettext("事件"),
    MatterKind.COMMUNITY: lazy_gettext("社区"),
}
LANES = {
    "": lazy_gettext("没有写"),
    "A": lazy_gettext("部门办理"),
    "B": lazy_gettext("大家商量"),
    "AB": lazy_gettext("部门和大家一起"),
    "M": lazy_gettext("先调解"),
    "X": lazy_gettext("转别的渠道"),
}
LIST_WORDS = {
    ListKind.BASIC: lazy_gettext("基本履职"),
    ListKind.ASSIST: lazy_gettext("配合履职"),
    ListKind.RECALLED: lazy_gettext("上级收回"),
}
UNIT_WORDS = {
    LimitUnit.WORKING_DAYS: lazy_gettext("工作日"),
    LimitUnit.WORKING_HOURS: lazy_gettext("工作时"),
    LimitUnit.EMERGENCY_HOURS: lazy_gettext("小时（昼夜都算）"),
    LimitUnit.CALENDAR_DAYS: lazy_gettext("日"),
}


def _amount(*, needed: bool) -> IntegerField:
    first = InputRequired(NEEDED) if needed else Optional()
    return IntegerField(
        lazy_gettext("时限"), [first, NumberRange(1, LONGEST, lazy_gettext("时限应是 1 到 3650 的整数。"))]
    )


class MatterForm(KeepForm):
    """What may be corrected of a matter."""

    name = text(lazy_gettext("名称"), 60)
    lane = SelectField(lazy_gettext("流程"), [Optional()])
    limit = _amount(needed=False)
    unit = SelectField(lazy_gettext("时限单位"), [Optional()])
    basis = text(lazy_gettext("依据"), 200, needed=False, description=lazy_gettext("法规或标准，写到条。"))
    close_condition = text(lazy_gettext("结案标准"), 200, needed=False)
    kpi = text(lazy_gettext("考核指标"), 80, needed=False)


class DutyForm(KeepForm):
    """An item of a duty list."""

    matter = SelectField(lazy_gettext("事项"), [InputRequired(NEEDED)])
    organization = SelectField(lazy_gettext("责任单位"), [InputRequired(NEEDED)])
    scope = text(lazy_gettext("在哪里"), 32, description=lazy_gettext("地域代码；对它下面的全部地方有效。"))
    number = text(lazy_gettext("清单编号"), 24, description=lazy_gettext("编号已经有的，就是新的一版。"))
    list_kind = SelectField(lazy_gettext("清单类别"), [InputRequired(NEEDED)])
    limit = _amount(needed=True)
    unit = SelectField(lazy_gettext("时限单位"), [InputRequired(NEEDED)])
    basis = text(lazy_gettext("依据"), 200)
    valid_from = DateField(lazy_gettext("生效日期"), [InputRequired(NEEDED)])
    valid_to = DateField(lazy_gettext("失效日期"), [Optional()], description=lazy_gettext("这一天还算。"))


class EndForm(KeepForm):
    """The last day of an item."""

    valid_to = DateField(lazy_gettext("最后一天"), [InputRequired(NEEDED)])


class DayForm(KeepForm):
    """One day of the calendar."""

    day = DateField(lazy_gettext("日期"), [InputRequired(NEEDED)])
    working = SelectField(lazy_gettext("这一天"), [InputRequired(NEEDED)])
    name = text(lazy_gettext("为什么"), 40, description=lazy_gettext("例如：国庆节、国庆节调休。"))


# The catalogue -----------------------------------------------------------------------------------------------------


@bp.get("/matters")
@keepers
def matters() -> Response:
    """List the catalogue by keyset; what lacks something is flagged."""
    kind, after, q = request.args.get("kind", ""), id_arg("after"), request.args.get("q", "")[:40].strip()
    only = request.args.get("lacking") == "1"
    query = select(Matter).where(Matter.retired_at.is_(None)).order_by(Matter.id).limit(PAGE + 1)
    if kind in set(MatterKind):
        query = query.where(Matter.kind == MatterKind(kind))
    if q:
        query = query.where(or_(Matter.name.contains(q, autoescape=True), Matter.code == q))
    if only:
        query = query.where(
            or_(Matter.lane == "", Matter.limit_amount.is_(None), Matter.close_condition == "", Matter.kpi == "")
        )
    if after is not None:
        query = query.where(Matter.id > after)
    rows, more = cut(session().scalars(query).all())
    held = _covered_by([row.id for row in rows])
    kinds = [("", gettext("全部")), *((each.value, str(label)) for each, label in KIND_WORDS.items())]
    lacking = {
        "url": url_for("admin.matters", kind=kind or None, lacking=None if only else 1),
        "text": gettext("只看缺内容的"),
        "current": only,
    }
    empty = not rows and not (kind or after or q or only)
    return page(
        "front/admin/page.html",
        title=gettext("事项目录"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        lead=gettext("每个事项要有：责任单位、时限、流程、结案标准、考核指标。缺的标出来。"),
        filters=[[*chips("kind", kinds, lambda value: url_for("admin.matters", kind=value or None)), lacking]],
        search={"action": url_for("admin.matters"), "label": gettext("名称或编码"), "value": q},
        tables=[
            {
                "caption": gettext("事项"),
                "head": [gettext("事项"), gettext("编码"), gettext("流程"), gettext("时限"), gettext("还缺")],
                "rows": [_matter_row(row, held) for row in rows],
                "empty": gettext("没有这样的事项。"),
            }
        ],
        next_url=url_for(
            "admin.matters", kind=kind or None, lacking=1 if only else None, q=q or None, after=rows[-1].id
        )
        if more
        else "",
        below=[_start_card()] if empty else [],
        cards=[
            {
                "title": gettext("用表格导入"),
                "line": link(url_for("admin.imports", kind="matters"), gettext("导入事项目录")),
            }
        ],
    )


def _start_card() -> dict[str, Any]:
    return {
        "title": gettext("还没有目录"),
        "line": gettext("先导入自带的目录（国家标准的部件、事件，加社区常见的事），以后再改。"),
        "form": KeepForm(formdata=None).freshened(),
        "action": url_for("admin.start_matters"),
        "submit": gettext("导入自带目录"),
    }


def _covered_by(ids: list[int]) -> set[int]:
    """Return the matters for which some list in force in one's area names a body."""
    here = areas()
    query = select(DutyItem.matter_id).where(
        DutyItem.matter_id.in_(ids),
        or_(DutyItem.valid_to.is_(None), DutyItem.valid_to >= today()),
        or_(within(DutyItem.scope), DutyItem.matter_id.in_(covered(here[0], today()) if here else [])),
    )
    return set(session().scalars(query))


def _matter_row(row: Matter, held: set[int]) -> list[Any]:
    return [
        link(url_for("admin.matter", matter_id=row.id), row.name, row.basis),
        two(row.code, row.standard),
        str(LANES.get(row.lane, row.lane)),
        words(Limit(row.limit_amount, row.limit_unit).in_words()) if row.limit_amount and row.limit_unit else "",
        _lacks(row, has_body=row.id in held),
    ]


def _lacks(row: Matter, *, has_body: bool) -> Any:
    wants_body = row.lane in ("", "A", "AB")
    checks = (
        (gettext("责任单位"), has_body or not wants_body),
        (gettext("时限"), row.limit_amount is not None),
        (gettext("流程"), row.lane != ""),
        (gettext("结案标准"), row.close_condition != ""),
        (gettext("考核指标"), row.kpi != ""),
    )
    missing = "、".join(name for name, met in checks if not met)
    return pill("time", "alert-triangle", missing) if missing else gettext("不缺")


@bp.post("/matters/start")
@keepers
def start_matters() -> Answer:
    """Enter the shipped catalogue."""
    imported = start_catalogue(actor(), once=request.form.get("once"))
    flash(gettext("已导入 %(n)s 个事项。", n=imported.entered), "done")
    return done(url_for("admin.matters"))


@bp.route("/matters/<id:matter_id>", methods=["GET", "POST"])
@keepers
def matter(matter_id: int) -> Answer:
    """Show and correct a matter."""
    row = found(session().get(Matter, matter_id))
    form = MatterForm(obj=row if request.method == "GET" else None)
    offer(form.lane, LANES.items())
    offer(form.unit, UNIT_WORDS.items())
    if request.method == "GET":
        form.limit.data, form.unit.data = row.limit_amount, (row.limit_unit or LimitUnit.WORKING_DAYS).value
    token = form.token
    if form.validate_on_submit():
        limit = Limit(form.limit.data, LimitUnit(form.unit.data)) if form.limit.data else None
        facts = MatterFacts(
            name=form.name.data or "",
            lane=form.lane.data or "",
            limit=limit,
            basis=form.basis.data or "",
            close_condition=form.close_condition.data or "",
            kpi=form.kpi.data or "",
        )
        correct_matter(actor(), matter_id, facts, once=token)
        flash(gettext("已保存，以后开始的事按新的算。"), "done")
        return done(url_for("admin.matter", matter_id=matter_id))
    return _matter(row, form, form_status())


def _matter(row: Matter, form: MatterForm, status: int) -> Response:
    query = (
        select(DutyItem, Organization.name)
        .join(Organization, Organization.id == DutyItem.organization_id)
        .where(DutyItem.matter_id == row.id, within(DutyItem.scope))
        .order_by(DutyItem.id.desc())
        .limit(PAGE)
    )
    retire = {
        "title": gettext("停用"),
        "line": gettext("不再给人选，已经用着它的事照旧。"),
        "form": KeepForm(formdata=None).freshened(),
        "action": url_for("admin.end_matter", matter_id=row.id),
        "submit": gettext("停用事项"),
        "danger": True,
    }
    return page(
        "front/admin/page.html",
        status,
        title=row.name,
        back={"url": url_for("admin.matters"), "text": gettext("事项目录")},
        lead=f"{row.standard} · {KIND_WORDS[row.kind]} {row.code}",
        tables=[
            {
                "caption": gettext("谁负责"),
                "head": [gettext("责任单位"), gettext("在哪里"), gettext("时限"), gettext("有效")],
                "rows": [
                    [
                        link(url_for("admin.duty", item_id=item.id), name, item.basis),
                        item.scope,
                        words(Limit(item.limit_amount, item.limit_unit).in_words()),
                        f"{day(item.valid_from)} – {day(item.valid_to)}",
                    ]
                    for item, name in session().execute(query)
                ],
                "empty": gettext("您管的地方，清单上还没有责任单位。"),
            }
        ],
        below=[
            {"line": link(url_for("admin.duties", matter=row.id), gettext("在清单上加一条")), "title": gettext("清单")}
        ],
        cards=[
            {
                "title": gettext("更正"),
                "form": form.freshened(),
                "action": url_for("admin.matter", matter_id=row.id),
                "submit": gettext("保存"),
            },
            *([] if row.retired_at else [retire]),
        ],
    )


@bp.post("/matters/<id:matter_id>/retirement")
@keepers
def end_matter(matter_id: int) -> Answer:
    """Take a matter out of use."""
    row = retire_matter(actor(), matter_id, once=request.form.get("once"))
    flash(gettext("已停用%(name)s。", name=row.name), "done")
    return done(url_for("admin.matters"))


# Duty lists --------------------------------------------------------------------------------------------------------


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
                        words(Limit(item.limit_amount, item.limit_unit).in_words()),
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
                        words(Limit(item.limit_amount, item.limit_unit).in_words()),
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


# The calendar ------------------------------------------------------------------------------------------------------


@bp.route("/calendar", methods=["GET", "POST"])
@keepers
def calendar() -> Answer:
    """Show a month of working days, declare a day, enter a year."""
    form = DayForm()
    scope = asked_place().code
    offer(form.working, [("no", gettext("放假")), ("yes", gettext("上班"))])
    token = form.token
    if form.validate_on_submit():
        chosen = form.day.data or today()
        declare_day(
            actor(),
            scope=scope,
            day=chosen,
            working=form.working.data == "yes",
            name=form.name.data or "",
            once=token,
        )
        flash(gettext("已登记。以后开始的期限按新的算。"), "done")
        return done(url_for("admin.calendar", month=f"{chosen:%Y-%m}", at=scope))
    return _calendar(form, scope, form_status())


def _month() -> date:
    year, _, month = request.args.get("month", "").partition("-")
    fits = year.isascii() and month.isascii() and year.isdigit() and month.isdigit() and len(year) == 4
    if fits and 1970 <= int(year) <= 2999 and 1 <= int(month[:3]) <= 12:
        return date(int(year), int(month[:3]), 1)
    return today().replace(day=1)


def _calendar(form: DayForm, scope: str, status: int) -> Response:
    first, working = _month(), calendar_for(scope)
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    query = select(CalendarDay).where(
        CalendarDay.scope.in_(("", *(scope[:end] for end in range(2, len(scope) + 1)))),
        CalendarDay.day >= weeks[0][0],
        CalendarDay.day <= weeks[-1][-1],
    )
    named = {row.day: row.name for row in session().scalars(query)}
    form.day.data = form.day.data or first
    cells = [
        [
            {
                "n": each.day,
                "off": not working.is_working(each),
                "name": named.get(each, ""),
                "in": each.month == first.month,
            }
            for each in week
        ]
        for week in weeks
    ]
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    return page(
        "front/admin/calendar.html",
        status,
        title=gettext("%(year)s 年 %(month)s 月", year=first.year, month=first.month),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        weeks=cells,
        weekdays=[format_date(each, gettext("EEEEE")) for each in weeks[0]],
        previous_url=url_for("admin.calendar", month=f"{before:%Y-%m}", at=scope),
        next_url=url_for("admin.calendar", month=f"{after:%Y-%m}", at=scope),
        scope=scope,
        place=place_by_code(scope).name,
        cards=[
            {
                "title": gettext("改一天"),
                "form": form.freshened(),
                "action": url_for("admin.calendar", at=scope, month=f"{first:%Y-%m}"),
                "submit": gettext("登记"),
            },
            {
                "title": gettext("导入 %(year)s 年", year=first.year),
                "line": gettext("国务院办公厅公布的节假日和调休。"),
                "more": button(url_for("admin.calendar_year", year=first.year), gettext("导入这一年"), at=scope),
            },
        ],
    )


@bp.post("/calendar/<int:year>")
@keepers
def calendar_year(year: int) -> Answer:
    """Enter the holidays of a year."""
    scope = request.form.get("at", "")[:32]
    here = place_by_code(scope)
    imported = enter_year(actor(), scope=here.code, year=min(year, 2999), once=request.form.get("once"))
    flash(gettext("已登记 %(n)s 天。", n=imported.entered + imported.corrected), "done")
    return done(url_for("admin.calendar", month=f"{min(year, 2999)}-01", at=here.code))
