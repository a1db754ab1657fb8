"""Places: the tree from districts to grids, buildings and units; who holds a grid; thresholds; who lives where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from flask import Response, flash, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, literal, select
from sqlalchemy.orm import aliased
from werkzeug.wrappers import Response as Answer
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from cogov.front.admin.parts import (
    NEEDED,
    PAGE,
    KeepForm,
    areas,
    attempt,
    bp,
    button,
    check_contact,
    cut,
    day,
    done,
    keepers,
    link,
    text,
    two,
    verifiers,
    within,
)
from cogov.front.admin.shares import owners_cells
from cogov.ground.db import found, session
from cogov.ground.pages import actor, id_arg, page, powerful, words
from cogov.ground.refusals import Refused, insist
from cogov.ground.words import say
from cogov.people.models import Identity, Person, RoleHeld
from cogov.people.queries import person_by_contact
from cogov.people.rules import Role
from cogov.people.rules.contacts import contact_from, masked
from cogov.people.rules.keeping import VERIFIERS, why_not_keep
from cogov.people.rules.looking import masked_name
from cogov.places.commands import (
    check_residence,
    end_residence,
    hold_grid,
    register_building,
    register_place,
    register_unit,
    set_threshold,
)
from cogov.places.models import Building, GridHolder, GridShape, Owner, Place, PlaceSetting, Residence, Unit
from cogov.places.queries import chain, grids_of, place_by_code
from cogov.places.rules import BOUNDS, DEFAULTS, MEANINGS, PlaceKind, ResidenceKind, Setting, UnitUse, prefixes
from cogov.places.rules.roll import door_words
from cogov.places.rules.roll_sheet import area_of

KIND_WORDS = {
    PlaceKind.PROVINCE: lazy_gettext("省"),
    PlaceKind.CITY: lazy_gettext("市"),
    PlaceKind.DISTRICT: lazy_gettext("区县"),
    PlaceKind.STREET: lazy_gettext("街道"),
    PlaceKind.COMMUNITY: lazy_gettext("社区"),
    PlaceKind.GRID: lazy_gettext("网格"),
}
USE_WORDS = {
    UnitUse.DWELLING: lazy_gettext("住宅"),
    UnitUse.SHOP: lazy_gettext("商铺"),
    UnitUse.PARKING: lazy_gettext("车位"),
    UnitUse.STORAGE: lazy_gettext("储藏室"),
}
RESIDENCE_WORDS = {
    ResidenceKind.OWNER: lazy_gettext("业主"),
    ResidenceKind.FAMILY: lazy_gettext("家人"),
    ResidenceKind.TENANT: lazy_gettext("租户"),
}


class PlaceForm(KeepForm):
    """A place: its code and name."""

    code = text(
        lazy_gettext("代码"),
        15,
        description=lazy_gettext("区县 6 位，街道 9 位，社区 12 位，网格 15 位；以上一级的代码开头。"),
    )
    name = text(lazy_gettext("名称"), 80, description=lazy_gettext("代码已经登记的，就是改名。"))


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


class HolderForm(KeepForm):
    """Who holds a grid, or stands in for them."""

    contact = text(lazy_gettext("网格员的手机号或邮箱"), 254, description=lazy_gettext("要先有网格员的身份。"))
    public = text(
        lazy_gettext("公开的联系方式"), 120, description=lazy_gettext("大家怎么找到他，例如：居委会 8:30–17:30。")
    )
    deputy = BooleanField(lazy_gettext("这是替班人"))

    def validate_contact(self, field: Any) -> None:
        """Refuse what is neither a number nor an address."""
        check_contact(self, field)


class SettingForm(KeepForm):
    """One threshold."""

    value = IntegerField(lazy_gettext("新的值"), [InputRequired(lazy_gettext("请写一个整数。"))])


class ResidenceForm(KeepForm):
    """Where somebody lives, after the papers were seen."""

    building = SelectField(lazy_gettext("楼栋"), [InputRequired(NEEDED)])
    staircase = text(lazy_gettext("单元"), 10, needed=False)
    door = text(lazy_gettext("门牌"), 20)
    kind = SelectField(lazy_gettext("住的身份"), [InputRequired(NEEDED)])
    reference = text(
        lazy_gettext("名册上的业主编号"),
        40,
        needed=False,
        description=lazy_gettext("看过证件、确是业主的才填；填了就有业主身份。"),
    )


def _offer(field: SelectField, choices: Iterable[tuple[str, Any]]) -> None:
    field.choices = cast("Any", {value: str(label) for value, label in choices})


# The tree ----------------------------------------------------------------------------------------------------------


@bp.route("/places", methods=["GET", "POST"])
@keepers
def places() -> Answer:
    """Show the places under one, and enter or rename a place."""
    form = PlaceForm()
    token = form.token
    if form.validate_on_submit():
        row = attempt(
            form,
            {"not_who_keeps": "code"},
            "code",
            lambda: register_place(actor(), code=form.code.data or "", name=form.name.data or "", once=token),
        )
        if row is not None:
            flash(gettext("已登记%(name)s。", name=row.name), "done")
            return done(url_for("admin.places", under=row.code[:12] if row.kind is PlaceKind.GRID else row.code))
    return _places(form, 200 if request.method == "GET" else 422)


def _places(form: PlaceForm, status: int) -> Response:
    under = request.args.get("under", "")
    here = place_by_code(under[:32]) if under else None
    if here is not None:
        insist(why_not_keep(actor(), here.code))
    back = here is not None and len(here.code) > min((len(code) for code in areas()), default=0)
    parent = url_for("admin.places", under=chain(here.code)[-2].code) if back and here else ""
    url = url_for("admin.places", under=under or None)
    rows, next_url = _children(here)
    tables = [
        {
            "caption": gettext("下面的地域") if here else gettext("您管的地方"),
            "head": [gettext("名称"), gettext("代码"), gettext("级别"), {"label": gettext("下一级"), "number": True}],
            "rows": rows,
            "empty": gettext("下面还没有登记。"),
        }
    ]
    community = here is not None and here.kind is PlaceKind.COMMUNITY
    if here is not None and community:
        tables = [_grids(here), _buildings(here)]
    return page(
        "front/admin/page.html",
        status,
        title=here.name if here else gettext("地域"),
        back={"url": parent or url_for("admin.index" if here is None else "admin.places"), "text": gettext("返回")},
        lead=" › ".join(f"{row.name}（{row.code}）" for row in chain(here.code)) if here else "",
        tables=tables,
        next_url=next_url,
        cards=[
            {
                "title": gettext("登记或改名"),
                "form": form.freshened(),
                "action": url,
                "submit": gettext("保存"),
                "more": link(url_for("admin.imports", kind="places"), gettext("用表格导入")),
            },
            *(_community_cards(here) if here is not None and community else []),
        ],
    )


def _children(here: Place | None) -> tuple[list[list[Any]], str]:
    after, below = request.args.get("after", ""), aliased(Place)
    count = select(func.count()).select_from(below).where(below.parent_id == Place.id).scalar_subquery()
    query = select(Place, count).order_by(Place.code).limit(PAGE + 1)
    query = query.where(Place.parent_id == here.id) if here else query.where(Place.code.in_(areas()))
    if after:
        query = query.where(Place.code > after[:32])
    rows, more = cut(session().execute(query).all())
    cells = [
        [link(url_for("admin.places", under=row.code), row.name), row.code, str(KIND_WORDS[row.kind]), n]
        for row, n in rows
    ]
    under = here.code if here else None
    return cells, url_for("admin.places", under=under, after=rows[-1][0].code) if more else ""


def _grids(community: Place) -> dict[str, Any]:
    """Return the grids of a community with holder and deputy, in one query."""
    holder, deputy, one, two_ = aliased(GridHolder), aliased(GridHolder), aliased(Identity), aliased(Identity)
    built = select(func.count()).select_from(Building).where(Building.grid_id == Place.id).scalar_subquery()
    query = (
        select(Place, GridShape.grid_id, one.name, holder.contact, two_.name, holder.id, deputy.id, built)
        .outerjoin(GridShape, GridShape.grid_id == Place.id)
        .outerjoin(holder, (holder.grid_id == Place.id) & holder.until.is_(None) & ~holder.deputy)
        .outerjoin(one, one.person_id == holder.person_id)
        .outerjoin(deputy, (deputy.grid_id == Place.id) & deputy.until.is_(None) & deputy.deputy)
        .outerjoin(two_, two_.person_id == deputy.person_id)
        .where(Place.parent_id == community.id, Place.kind == PlaceKind.GRID)
        .order_by(Place.code)
        .limit(99)
    )
    missing, there = gettext("还没有"), gettext("有，没有写姓名")
    return {
        "caption": gettext("网格"),
        "head": [
            gettext("网格"),
            gettext("边界"),
            {"label": gettext("楼栋"), "number": True},
            gettext("负责人"),
            gettext("替班人"),
        ],
        "rows": [
            [
                link(url_for("admin.grid", code=grid.code), grid.name, grid.code),
                gettext("已画") if shape else missing,
                n,
                two(masked_name(name or "") or (there if held else missing), contact or ""),
                masked_name(stand_in or "") or (there if deputed else missing),
            ]
            for grid, shape, name, contact, stand_in, held, deputed, n in session().execute(query)
        ],
        "empty": gettext("还没有网格。"),
    }


def _buildings(community: Place) -> dict[str, Any]:
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


def _community_cards(community: Place, form: BuildingForm | None = None) -> list[dict[str, Any]]:
    form = form or BuildingForm(formdata=None)
    _offer(form.grid, [("", gettext("不写")), *((str(grid.id), grid.name) for grid in grids_of(community.id))])
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
    _community_cards(community, form)
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
        below=_community_cards(community, form),
    )


@bp.route("/buildings/<id:building_id>", methods=["GET", "POST"])
@keepers
def building(building_id: int) -> Answer:
    """Show the units of a building, and enter or correct one."""
    row = found(session().get(Building, building_id))
    community = found(session().get(Place, row.community_id))
    insist(why_not_keep(actor(), community.code))
    form = UnitForm()
    _offer(form.use, USE_WORDS.items())
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
    return _building(row, community, form, 200 if request.method == "GET" else 422)


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


# Grids -------------------------------------------------------------------------------------------------------------


@bp.route("/grids/<code>", methods=["GET", "POST"])
@verifiers
def grid(code: str) -> Answer:
    """Show who holds a grid and held it before, and hand it over."""
    row = place_by_code(code[:32])
    found(row if row.kind is PlaceKind.GRID else None)
    insist(why_not_keep(actor(), row.code, Role.MODERATOR))
    form = HolderForm()
    token = form.token
    if form.validate_on_submit() and _handed(row, form, token):
        return done(url_for("admin.grid", code=row.code))
    return _grid(row, form, 200 if request.method == "GET" else 422)


def _handed(row: Place, form: HolderForm, token: str | None) -> bool:
    holder = person_by_contact(found(contact_from(form.contact.data or "")).value)
    if holder is None:
        form.complain("contact", gettext("没有人用这个手机号或邮箱登记。"))
        return False
    held = attempt(
        form,
        {},
        "contact",
        lambda: hold_grid(
            actor(),
            grid_id=row.id,
            person_id=holder.id,
            contact=form.public.data or "",
            deputy=bool(form.deputy.data),
            once=token,
        ),
    )
    if held is not None:
        flash(gettext("已交接，从现在起生效。"), "done")
    return held is not None


def _grid(row: Place, form: HolderForm, status: int) -> Response:
    query = (
        select(GridHolder, Person.pseudonym, RoleHeld.public_name)
        .join(Person, Person.id == GridHolder.person_id)
        .outerjoin(
            RoleHeld,
            (RoleHeld.person_id == Person.id)
            & (RoleHeld.role == Role.GRID_WORKER)
            & RoleHeld.ended_at.is_(None)
            & literal(row.code).startswith(RoleHeld.scope),
        )
        .where(GridHolder.grid_id == row.id)
        .order_by(GridHolder.until.is_not(None), GridHolder.deputy, GridHolder.id.desc())
        .limit(PAGE)
    )
    keeps = any(row.code.startswith(code) for code in areas())
    return page(
        "front/admin/page.html",
        status,
        title=row.name,
        back={
            "url": url_for("admin.places", under=row.code[:12]) if keeps else url_for("admin.index"),
            "text": gettext("返回"),
        },
        lead=row.code,
        tables=[
            {
                "caption": gettext("负责人和交接记录"),
                "head": [gettext("人"), gettext("岗位"), gettext("公开的联系方式"), gettext("期限")],
                "rows": [
                    [
                        public or name,
                        gettext("替班人") if held.deputy else gettext("负责人"),
                        held.contact,
                        f"{day(held.since)} – {day(held.until)}",
                    ]
                    for held, name, public in session().execute(query)
                ],
                "empty": gettext("还没有人负责。"),
            }
        ],
        cards=[
            {
                "title": gettext("交给"),
                "line": gettext("原来的人到这时为止，记录留着。"),
                "form": form.freshened(),
                "action": url_for("admin.grid", code=row.code),
                "submit": gettext("交接"),
            }
        ],
    )


# Thresholds --------------------------------------------------------------------------------------------------------

UNIT_WORDS = {
    "hours": lazy_gettext("小时"),
    "days": lazy_gettext("天"),
    "percent": "%",
    "supports": lazy_gettext("人"),
    "messages": lazy_gettext("条"),
    "min": lazy_gettext("户"),
    "max": lazy_gettext("户"),
    "authorized": lazy_gettext("（1 能，0 不能）"),
    "system": lazy_gettext("（1 是，0 否）"),
    "asked": lazy_gettext("（1 要，0 不要）"),
    "hour": lazy_gettext("点"),
    "from": lazy_gettext("点"),
    "until": lazy_gettext("点"),
    "weekday": lazy_gettext("（1 是星期一）"),
}


def unit_of(name: Setting) -> str:
    """Return what a threshold is counted in."""
    return str(UNIT_WORDS[name.value.rpartition("_")[2]])


@bp.get("/settings")
@keepers
def settings() -> Response:
    """List the thresholds of a place, each with its words, range, default and who set it when."""
    return page("front/admin/page.html", **_settings_page(_asked()))


def _asked() -> Place:
    """Return the place asked for, or the widest one that the reader keeps."""
    own = areas()
    code = request.args.get("at", "") or (own[0] if own else "")
    row = place_by_code(code[:32])
    insist(why_not_keep(actor(), row.code))
    return row


def _settings_page(here: Place) -> dict[str, Any]:
    query = (
        select(PlaceSetting, Place, Person.pseudonym)
        .join(Place, Place.id == PlaceSetting.place_id)
        .outerjoin(Person, Person.id == PlaceSetting.changed_by)
        .where(Place.code.in_(prefixes(here.code)))
        .order_by(func.length(Place.code))
    )
    held = {row.name: (row, place, who) for row, place, who in session().execute(query)}
    rows = []
    for name in Setting:
        row, place, who = held.get(name.value, (None, None, None))
        least, most = BOUNDS[name]
        since = [place.name if place else gettext("默认"), day(row.changed_at) if row else "", who or ""]
        rows.append(
            [
                link(url_for("admin.setting", name=name.value, at=here.code), words(MEANINGS[name])),
                f"{row.value if row else DEFAULTS[name]} {unit_of(name)}",
                f"{least}–{most}",
                str(DEFAULTS[name]),
                " · ".join(part for part in since if part),
            ]
        )
    return {
        "title": gettext("规则和期限"),
        "back": {"url": url_for("admin.index"), "text": gettext("管理")},
        "lead": gettext("%(place)s和它下面的地方；更窄的地方可以另定。以后开始的事按新的算。", place=here.name),
        "filters": [_place_chips(here)],
        "tables": [
            {
                "caption": gettext("现在的值"),
                "head": [
                    gettext("意思"),
                    {"label": gettext("现在"), "number": True},
                    {"label": gettext("可以是"), "number": True},
                    {"label": gettext("默认"), "number": True},
                    gettext("谁从哪天起定的"),
                ],
                "rows": rows,
            }
        ],
    }


def _place_chips(here: Place) -> list[dict[str, Any]]:
    query = select(Place).where(within(Place.code), Place.kind == PlaceKind.COMMUNITY).order_by(Place.code).limit(12)
    offered = {row.code: row.name for row in chain(here.code) if any(row.code.startswith(code) for code in areas())}
    offered |= {row.code: row.name for row in session().scalars(query)}
    return [
        {"url": url_for("admin.settings", at=code), "text": name, "current": code == here.code}
        for code, name in sorted(offered.items(), key=lambda item: (len(item[0]), item[0]))
    ]


@bp.route("/settings/<name>", methods=["GET", "POST"])
@keepers
@powerful(say("改一项期限或人数"))
def setting(name: str) -> Answer:
    """Change one threshold of a place."""
    meant = found({each.value: each for each in Setting}.get(name))
    here = _asked()
    form = SettingForm()
    token = form.token
    if form.validate_on_submit():
        value = int(form.value.data or 0)
        least, most = BOUNDS[meant]
        if not least <= value <= most:
            form.complain("value", gettext("这个数要在 %(least)s 到 %(most)s 之间。", least=least, most=most))
        else:
            set_threshold(actor(), code=here.code, name=meant, value=value, once=token)
            flash(gettext("已改为 %(value)s，以后开始的事按新的算。", value=value), "done")
            return done(url_for("admin.settings", at=here.code))
    least, most = BOUNDS[meant]
    line = gettext("可以是 %(least)s 到 %(most)s，默认 %(default)s。", least=least, most=most, default=DEFAULTS[meant])
    return page(
        "front/admin/page.html",
        200 if request.method == "GET" else 422,
        title=words(MEANINGS[meant]),
        back={"url": url_for("admin.settings", at=here.code), "text": gettext("规则和期限")},
        layout="narrow",
        lead=here.name,
        below=[
            {
                "title": gettext("改这一项"),
                "line": line,
                "form": form.freshened(),
                "action": url_for("admin.setting", name=name, at=here.code),
                "submit": gettext("保存"),
            }
        ],
    )


# Who lives where ---------------------------------------------------------------------------------------------------


@bp.get("/residences")
@verifiers
def residences() -> Response:
    """List those who said that they live here and were not checked against the roll yet."""
    after = id_arg("after")
    lives = (
        select(Residence.id)
        .join(Unit, Unit.id == Residence.unit_id)
        .join(Place, Place.id == Unit.community_id)
        .where(Residence.person_id == RoleHeld.person_id, Residence.ended_at.is_(None), Place.code == RoleHeld.scope)
        .exists()
    )
    query = (
        select(RoleHeld, Person.pseudonym, Identity.phone, Identity.email, Place.name)
        .join(Person, Person.id == RoleHeld.person_id)
        .join(Place, Place.code == RoleHeld.scope)
        .outerjoin(Identity, Identity.person_id == Person.id)
        .where(within(RoleHeld.scope, *VERIFIERS), RoleHeld.role == Role.RESIDENT, RoleHeld.ended_at.is_(None), ~lives)
        .order_by(RoleHeld.id)
        .limit(PAGE + 1)
    )
    rows, more = cut(session().execute(query if after is None else query.where(RoleHeld.id > after)).all())
    door = request.args.get("q", "").strip()[:20]
    return page(
        "front/admin/page.html",
        search={
            "action": url_for("admin.residences"),
            "label": gettext("有人搬走了：按门牌找，例如 101"),
            "value": door,
        },
        title=gettext("等核对的住户"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        lead=gettext("自己登记住在这里、还没有按名册核对的人。核对以前他们能提出和发言，不能参加业主表决。"),
        tables=[
            {
                "caption": gettext("等核对"),
                "head": [gettext("化名"), gettext("联系方式"), gettext("社区"), gettext("登记的日子")],
                "rows": [
                    [
                        link(url_for("admin.residence", person_id=held.person_id, at=held.scope), name),
                        masked(phone or email or ""),
                        place,
                        day(held.since),
                    ]
                    for held, name, phone, email, place in rows
                ],
                "empty": gettext("没有人在等。"),
            },
            *([_living(door)] if door else []),
        ],
        next_url=url_for("admin.residences", after=rows[-1][0].id) if more else "",
    )


def _living(door: str) -> dict[str, Any]:
    """Return who is entered as living behind a door, for whoever checks residents there."""
    query = (
        select(Residence, Person.pseudonym, Building.name, Unit.staircase, Unit.door, Place.name)
        .join(Person, Person.id == Residence.person_id)
        .join(Unit, Unit.id == Residence.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .join(Place, Place.id == Unit.community_id)
        .where(within(Place.code, *VERIFIERS), Unit.door == door, Residence.ended_at.is_(None))
        .order_by(Residence.id)
        .limit(PAGE)
    )
    rows = session().execute(query).all() if door else []
    return {
        "caption": gettext("登记住在这个门牌的人"),
        "head": [gettext("化名"), gettext("门牌"), gettext("住的身份"), gettext("核对的日子"), gettext("搬走")],
        "rows": [
            [
                name,
                two(words(door_words(building, staircase, number)), place),
                str(RESIDENCE_WORDS[row.kind]),
                day(row.verified_at),
                button(url_for("admin.end_home", residence_id=row.id), gettext("登记搬走")),
            ]
            for row, name, building, staircase, number, place in rows
        ],
        "empty": gettext("这个门牌没有登记的住户。"),
    }


@bp.post("/residences/<id:residence_id>/ending")
@verifiers
def end_home(residence_id: int) -> Answer:
    """Enter that somebody has moved out."""
    end_residence(actor(), residence_id, once=request.form.get("once"))
    flash(gettext("已登记搬走，下一次操作起生效；说过的话都留着。"), "done")
    return done(url_for("admin.residences"))


@bp.route("/residences/<id:person_id>", methods=["GET", "POST"])
@verifiers
def residence(person_id: int) -> Answer:
    """Check one person against the roll."""
    community = place_by_code(request.args.get("at", "")[:32])
    insist(why_not_keep(actor(), community.code, *VERIFIERS))
    held = select(RoleHeld.id).where(RoleHeld.person_id == person_id, RoleHeld.scope == community.code)
    found(session().scalar(held.limit(1)))
    person = found(session().get(Person, person_id))
    form = ResidenceForm()
    query = select(Building.id, Building.name).where(Building.community_id == community.id).order_by(Building.id)
    _offer(form.building, [("", gettext("请选择")), *((str(key), name) for key, name in session().execute(query))])
    _offer(form.kind, RESIDENCE_WORDS.items())
    token = form.token
    if form.validate_on_submit() and _checked(person_id, form, token):
        return done(url_for("admin.residences"))
    owners = select(func.count()).select_from(Owner).where(Owner.community_id == community.id)
    roll = session().scalar(owners.where(Owner.person_id.is_(None))) or 0
    return page(
        "front/admin/page.html",
        200 if request.method == "GET" else 422,
        title=person.pseudonym,
        back={"url": url_for("admin.residences"), "text": gettext("等核对的住户")},
        layout="narrow",
        lead=gettext("%(place)s。名册上还有 %(n)s 位业主没有对上人。", place=community.name, n=roll),
        below=[
            {
                "title": gettext("看过证件，核对住处"),
                "form": form.freshened(),
                "action": url_for("admin.residence", person_id=person_id, at=community.code),
                "submit": gettext("核对无误"),
            }
        ],
    )


def _checked(person_id: int, form: ResidenceForm, token: str | None) -> bool:
    unit_id = session().scalar(
        select(Unit.id).where(
            Unit.building_id == int(form.building.data),
            Unit.staircase == (form.staircase.data or ""),
            Unit.door == (form.door.data or ""),
        )
    )
    if unit_id is None:
        form.complain("door", gettext("名册上没有这一户。单元、门牌要和名册一样。"))
        return False
    row = attempt(
        form,
        {"owner_missing": "reference", "owner_verified": "reference", "residence_exists": "door"},
        "door",
        lambda: check_residence(
            actor(),
            person_id=person_id,
            unit_id=unit_id,
            kind=ResidenceKind(form.kind.data),
            reference=re.sub(r"\s", "", form.reference.data or ""),
            once=token,
        ),
    )
    if row is not None:
        flash(gettext("已核对。"), "done")
    return row is not None
