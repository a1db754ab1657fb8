"""The tree of places from districts to grids: what lies under a place, entering and renaming one."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from werkzeug.wrappers import Response as Answer

from cogov.front.admin.parts import PAGE, KeepForm, areas, attempt, bp, cut, done, form_status, keepers, link, text
from cogov.front.admin.places.buildings import building_cards, buildings_table
from cogov.front.admin.places.grids import grids_table
from cogov.ground.db import session
from cogov.ground.pages import actor, page
from cogov.ground.refusals import insist
from cogov.people.rules.keeping import why_not_keep
from cogov.places.commands import register_place
from cogov.places.models import Place
from cogov.places.queries import chain, place_by_code
from cogov.places.rules import PlaceKind

KIND_WORDS = {
    PlaceKind.PROVINCE: lazy_gettext("省"),
    PlaceKind.CITY: lazy_gettext("市"),
    PlaceKind.DISTRICT: lazy_gettext("区县"),
    PlaceKind.STREET: lazy_gettext("街道"),
    PlaceKind.COMMUNITY: lazy_gettext("社区"),
    PlaceKind.GRID: lazy_gettext("网格"),
}


class PlaceForm(KeepForm):
    """A place: its code and name."""

    code = text(
        lazy_gettext("代码"),
        15,
        description=lazy_gettext("区县 6 位，街道 9 位，社区 12 位，网格 15 位；以上一级的代码开头。"),
    )
    name = text(lazy_gettext("名称"), 80, description=lazy_gettext("代码已经登记的，就是改名。"))


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
    return _places(form, form_status())


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
    community = here if here is not None and here.kind is PlaceKind.COMMUNITY else None
    if community is not None:
        tables = [grids_table(community), buildings_table(community)]
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
            *(building_cards(community) if community is not None else []),
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
