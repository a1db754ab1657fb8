"""Grids: who holds one and held it before, and handing it over."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, literal, select
from sqlalchemy.orm import aliased
from werkzeug.wrappers import Response as Answer
from wtforms import BooleanField

from cogov.front.admin.parts import (
    PAGE,
    KeepForm,
    areas,
    attempt,
    bp,
    check_contact,
    day,
    done,
    form_status,
    link,
    text,
    two,
    verifiers,
)
from cogov.ground.db import found, session
from cogov.ground.pages import actor, page
from cogov.ground.refusals import insist
from cogov.people.models import Identity, Person, RoleHeld
from cogov.people.queries import person_by_contact
from cogov.people.rules import Role
from cogov.people.rules.contacts import contact_from
from cogov.people.rules.keeping import why_not_keep
from cogov.people.rules.looking import masked_name
from cogov.places.commands import hold_grid
from cogov.places.models import Building, GridHolder, GridShape, Place
from cogov.places.queries import place_by_code
from cogov.places.rules import PlaceKind


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


def grids_table(community: Place) -> dict[str, Any]:
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
    return _grid(row, form, form_status())


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
