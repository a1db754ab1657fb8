"""The catalogue of matters: what each still lacks, correcting one, taking it out of use."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import or_, select
from werkzeug.wrappers import Response as Answer
from wtforms import SelectField
from wtforms.validators import Optional

from cogov.duties.commands import MatterFacts, correct_matter, retire_matter, start_catalogue
from cogov.duties.models import DutyItem, Matter
from cogov.duties.queries import covered
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import MatterKind
from cogov.front.admin.duties.limits import UNIT_WORDS, amount_field, limit_words
from cogov.front.admin.parts import (
    PAGE,
    KeepForm,
    areas,
    bp,
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
from cogov.people.models import Organization
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.names import LANES

KIND_WORDS = {
    MatterKind.COMPONENT: lazy_gettext("部件"),
    MatterKind.EVENT: lazy_gettext("事件"),
    MatterKind.COMMUNITY: lazy_gettext("社区"),
}


class MatterForm(KeepForm):
    """What may be corrected of a matter."""

    name = text(lazy_gettext("名称"), 60)
    lane = SelectField(lazy_gettext("流程"), [Optional()])
    limit = amount_field(needed=False)
    unit = SelectField(lazy_gettext("时限单位"), [Optional()])
    basis = text(lazy_gettext("依据"), 200, needed=False, description=lazy_gettext("法规或标准，写到条。"))
    close_condition = text(lazy_gettext("结案标准"), 200, needed=False)
    kpi = text(lazy_gettext("考核指标"), 80, needed=False)


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
        words(LANES[Lane(row.lane)]) if row.lane else gettext("没有写"),
        limit_words(row.limit_amount, row.limit_unit),
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
    offer(form.lane, ((lane.value, words(name)) for lane, name in LANES.items()), empty=gettext("没有写"))
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
                        limit_words(item.limit_amount, item.limit_unit),
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
