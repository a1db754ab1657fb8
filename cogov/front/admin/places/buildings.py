"""The buildings of a community with their units: entering and correcting them."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response as Answer
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from cogov.front.admin.parts import (
    NEEDED,
    PAGE,
    KeepForm,
    attempt,
    bp,
    cut,
    done,
    form_status,
    keepers,
    link,
    offer,
    text,
)
from cogov.front.admin.shares import owners_cells
from cogov.ground.db import found, session
from cogov.ground.pages import actor, id_arg, page, words
from cogov.ground.refusals import Refused, insist
from cogov.people.rules.keeping import why_not_keep
from cogov.places.commands import register_building, register_unit
from cogov.places.models import Building, Place, Unit
from cogov.places.queries import grids_of, place_by_code
from cogov.places.rules import UnitUse
from cogov.places.rules.roll_sheet import area_of

USE_WORDS = {
    UnitUse.DWELLING: lazy_gettext("住宅"),
    UnitUse.SHOP: lazy_gettext("商铺"),
    UnitUse.PARKING: lazy_gettext("车位"),
    UnitUse.STORAGE: lazy_gettext("储藏室"),
}


class BuildingForm(KeepForm):
    """A building."""

    code = text(lazy_gettext("楼栋编号"), 20, description=lazy_gettext("编号已经登记的，就是更正。"))
    name = text(lazy_gettext("楼栋名称"), 40)
    grid = SelectField(lazy_gettext("所在网格"), [Optional()])
    floors = IntegerField(lazy_gettext("层数"), [Optional(), NumberRange(0, 200, lazy_gettext("层数应是 0 到 200。"))])


class UnitForm(KeepForm):
    """A unit of a building."""

    staircase = text(lazy_gettext("单元"), 10, needed=False)
    door = text(lazy_gettext("门牌"), 20)
    area = text(
        lazy_gettext("面积"), 12, needed=False, description=lazy_gettext("平方米，最多两位小数；不知道就不填。")
    )
    use = SelectField(lazy_gettext("用途"), [InputRequired(NEEDED)])

    def validate_area(self, field: Any) -> None:
        """Refuse what is no area."""
        try:
            area_of(field.data or "")
        except Refused as error:
            raise ValidationError(words(error.refusal.message)) from error


def buildings_table(community: Place) -> dict[str, Any]:
    count = select(func.count()).select_from(Unit).where(Unit.building_id == Building.id).scalar_subquery()
    query = (
        select(Building, Place.name, count)
        .outerjoin(Place, Place.id == Building.grid_id)
        .where(Building.community_id == community.id)
        .order_by(Building.id)
        .limit(200)
    )
    return {
        "caption": gettext("楼栋"),
        "head": [gettext("楼栋"), gettext("编号"), gettext("网格"), {"label": gettext("户"), "number": True}],
        "rows": [
            [link(url_for("admin.building", building_id=row.id), row.name), row.code, grid or gettext("没有写"), n]
            for row, grid, n in session().execute(query)
        ],
        "empty": gettext("还没有楼栋。"),
    }


def building_cards(community: Place, form: BuildingForm | None = None) -> list[dict[str, Any]]:
    form = form or BuildingForm(formdata=None)
    offer(form.grid, ((str(grid.id), grid.name) for grid in grids_of(community.id)), empty=gettext("不写"))
    return [
        {
            "title": gettext("登记或更正楼栋"),
            "form": form.freshened(),
            "action": url_for("admin.buildings", code=community.code),
            "submit": gettext("保存楼栋"),
            "more": link(url_for("admin.imports", kind="roll"), gettext("用名册导入房屋和业主")),
        }
    ]


@bp.post("/places/<code>/buildings")
@keepers
def buildings(code: str) -> Answer:
    """Enter or correct a building."""
    community = place_by_code(code[:32])
    insist(why_not_keep(actor(), community.code))
    form = BuildingForm()
    building_cards(community, form)
    token = request.form.get("once", "")[:64] or None
    if form.validate_on_submit():
        grid = form.grid.data
        row = attempt(
            form,
            {"grid_elsewhere": "grid"},
            "code",
            lambda: register_building(
                actor(),
                community_id=community.id,
                code=form.code.data or "",
                name=form.name.data or "",
                grid_id=int(grid) if grid else None,
                floors=form.floors.data or 0,
                once=token,
            ),
        )
        if row is not None:
            flash(gettext("已保存%(name)s。", name=row.name), "done")
            return done(url_for("admin.places", under=community.code))
    return page(
        "front/admin/page.html",
        422,
        title=community.name,
        back={"url": url_for("admin.places", under=community.code), "text": gettext("返回")},
        below=building_cards(community, form),
    )


@bp.route("/buildings/<id:building_id>", methods=["GET", "POST"])
@keepers
def building(building_id: int) -> Answer:
    """Show the units of a building, and enter or correct one."""
    row = found(session().get(Building, building_id))
    community = found(session().get(Place, row.community_id))
    insist(why_not_keep(actor(), community.code))
    form = UnitForm()
    offer(form.use, USE_WORDS.items())
    token = form.token
    if form.validate_on_submit():
        unit = attempt(
            form,
            {},
            "door",
            lambda: register_unit(
                actor(),
                building_id=building_id,
                staircase=form.staircase.data or "",
                door=form.door.data or "",
                area=area_of(form.area.data or ""),
                use=UnitUse(form.use.data),
                once=token,
            ),
        )
        if unit is not None:
            flash(gettext("已保存 %(door)s。", door=unit.door), "done")
            return done(url_for("admin.building", building_id=building_id))
    return _building(row, community, form, form_status())


def _building(row: Building, community: Place, form: UnitForm, status: int) -> Response:
    after = id_arg("after")
    query = select(Unit).where(Unit.building_id == row.id).order_by(Unit.id).limit(PAGE + 1)
    units, more = cut(session().scalars(query if after is None else query.where(Unit.id > after)).all())
    owned = owners_cells([unit.id for unit in units])
    return page(
        "front/admin/page.html",
        status,
        title=row.name,
        back={"url": url_for("admin.places", under=community.code), "text": community.name},
        tables=[
            {
                "caption": gettext("房屋"),
                "head": [
                    gettext("门牌"),
                    gettext("单元"),
                    {"label": gettext("面积（m²）"), "number": True},
                    gettext("用途"),
                    gettext("业主"),
                ],
                "rows": [
                    [unit.door, unit.staircase, _metres(unit.area), str(USE_WORDS[unit.use]), owned[unit.id]]
                    for unit in units
                ],
                "empty": gettext("还没有房屋。没有名册也能提出问题；要由业主表决，才需要名册。"),
            }
        ],
        next_url=url_for("admin.building", building_id=row.id, after=units[-1].id) if more else "",
        cards=[
            {
                "title": gettext("登记或更正房屋"),
                "line": gettext("单元和门牌已经登记的，就是更正。"),
                "form": form.freshened(),
                "action": url_for("admin.building", building_id=row.id),
                "submit": gettext("保存房屋"),
            }
        ],
    )


def _metres(area: int | None) -> str:
    return f"{area // 100}.{area % 100:02d}" if area is not None else gettext("不知道")
