"""The first step: grids with their buildings."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from cogov.front.admin.parts import TOO_LONG, KeepForm, attempt, bp, done, keepers, link
from cogov.front.admin.setup.steps import community_set_up, set_up_page
from cogov.ground.db import session
from cogov.ground.pages import actor
from cogov.places.commands import write_grids
from cogov.places.models import Building, Place
from cogov.places.queries import drawing_of, grids_of
from cogov.places.rules.opening import Step, grid_lines


class GridsForm(KeepForm):
    """Grids, one a line, with their buildings."""

    lines = TextAreaField(
        lazy_gettext("一行一个网格"),
        [InputRequired(lazy_gettext("请至少写一个网格。")), Length(max=20_000, message=TOO_LONG)],
        description=lazy_gettext("网格名称，冒号，再写楼栋，用顿号隔开。例如：第一网格：1、2、3 号楼"),
    )


@bp.route("/communities/<code>/grids", methods=["GET", "POST"])
@keepers
def set_up_grids(code: str) -> Answer:
    """Write grids with their buildings, or import them with their outlines."""
    community = community_set_up(code)
    form = GridsForm()
    token = form.token
    if form.validate_on_submit():
        lines = attempt(form, {}, "lines", lambda: grid_lines(_plain(form.lines.data)))
        if lines is not None:
            write_grids(actor(), community_id=community.id, lines=lines, once=token)
            flash(gettext("已登记 %(n)s 个网格。", n=len(lines)), "done")
            return done(url_for("admin.set_up_people", code=code))
    written = _written_grids(community)
    if request.method == "GET":
        form.lines.data = _as_text(written) or _proposed()
    return set_up_page(
        community,
        Step.GRIDS,
        drawing=drawing_of(community.id),
        grids=[{"name": grid.name, "code": grid.code, "line": "、".join(built)} for grid, built in written],
        ask={
            "title": gettext("写下网格和楼栋"),
            "line": gettext("没有边界也能开通，以后再导入边界。同名的网格不会重复登记。"),
            "form": form.freshened(),
            "action": url_for("admin.set_up_grids", code=code),
            "submit": gettext("登记网格"),
            "rows": 8,
            "more": link(url_for("admin.imports", kind="grids"), gettext("有边界文件？导入 GeoJSON 或表格")),
        },
    )


def _plain(value: str | None) -> str:
    return "".join(sign for sign in value or "" if sign.isprintable() or sign in "\n\t")


def _proposed() -> str:
    lines = ("第一网格", "第二网格")
    return "\n".join(f"{name}：" for name in lines)


def _written_grids(community: Place) -> list[tuple[Place, list[str]]]:
    query = select(Building.grid_id, Building.name).where(Building.community_id == community.id).order_by(Building.id)
    built: dict[int | None, list[str]] = {}
    for grid_id, name in session().execute(query):
        built.setdefault(grid_id, []).append(name)
    return [(grid, built.get(grid.id, [])) for grid in grids_of(community.id)]


def _as_text(written: Iterable[tuple[Place, list[str]]]) -> str:
    return "\n".join(f"{grid.name}：{'、'.join(built)}" for grid, built in written)
