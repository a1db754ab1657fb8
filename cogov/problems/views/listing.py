"""The list of a community's problems, a problem's pictures and its code to scan."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import segno
from flask import Response, current_app, request, url_for
from flask_babel import gettext, ngettext

from cogov.files.queries import picture_of
from cogov.files.views import sent
from cogov.ground.clock import now
from cogov.ground.db import MAX_ID
from cogov.ground.deadlines import left
from cogov.ground.pages import dossier_url, id_arg, open_to_all, page, words
from cogov.places.models import Place
from cogov.places.queries import grids_of
from cogov.problems.queries import ProblemRow, list_problems, problem_for
from cogov.problems.rules.ribbon import Standing, in_words, steps
from cogov.problems.rules.stages import Official, Stage
from cogov.problems.views.current import bp, by, community, folder

ROWS = 20


@bp.get("/problems")
@open_to_all
def index() -> Response:
    """Show a community's problems, the newest first."""
    here = community()
    grids = grids_of(here.id)
    chosen = _chosen(here, {grid.id for grid in grids})
    found = list_problems(by(), here.id, limit=ROWS + 1, **chosen)
    more = url_for("problems.index", **_kept(before=found[ROWS - 1].id)) if len(found) > ROWS else ""
    at = now()
    return page(
        "problems/index.html",
        here=here,
        rows=[line(row, at) for row in found[:ROWS]],
        filters=_filters(here),
        grids=_grids(here, grids),
        next_url=more,
        first_url=url_for("problems.index", **_kept()) if chosen["before_id"] else "",
    )


def _chosen(here: Place, own: set[int]) -> dict[str, Any]:
    stage, grid = request.args.get("stage", ""), id_arg("grid")
    before = id_arg("before")
    return {
        "stage": Stage(stage) if stage in {each.value for each in Stage} else None,
        "grid_id": grid if grid in own else None,
        "mine": bool(request.args.get("mine")) and by().person_id is not None,
        "before_id": before if before is not None and 0 < before <= MAX_ID else None,
    }


def _kept(**changes: Any) -> dict[str, Any]:
    names = ("place", "stage", "grid", "mine")
    return {name: request.args[name] for name in names if request.args.get(name)} | changes


SHOWN_STAGES = (Stage.RAISED, Stage.GATHERING, Stage.DECIDING, Stage.ACTING, Stage.OFFICIAL, Stage.ENDED)


def _filters(here: Place) -> list[dict[str, Any]]:
    stage, mine = request.args.get("stage", ""), bool(request.args.get("mine"))
    items = [_chip(gettext("全部"), current=not stage and not mine, place=here.code)]
    if by().person_id is not None:
        items.append(_chip(gettext("我提出的"), current=mine, place=here.code, mine=1))
    for each in SHOWN_STAGES:
        name = words(in_words(Standing(None, each, Official.NONE, None)))
        items.append(_chip(name, current=stage == each.value and not mine, place=here.code, stage=each.value))
    return items


def _grids(here: Place, grids: list[Place]) -> list[dict[str, Any]]:
    chosen = id_arg("grid")
    kept = {name: value for name, value in _kept().items() if name != "grid"} | {"place": here.code}
    items = [_chip(gettext("全社区"), current=chosen is None, **kept)]
    return items + [_chip(grid.name, current=chosen == grid.id, **kept, grid=grid.id) for grid in grids]


def _chip(text: str, *, current: bool, **values: Any) -> dict[str, Any]:
    return {"url": url_for("problems.index", **values), "text": text, "current": current}


def line(row: ProblemRow, at: datetime) -> dict[str, Any]:
    """Return a row as the macro shows it."""
    standing = Standing(row.lane, row.stage, row.official, row.ending)
    text, level = left(row.due_at, at) if row.stage is not Stage.ENDED else ("", "calm")
    return {
        "url": dossier_url(row.number),
        "title": row.title,
        "steps": [{"state": step.state} for step in steps(standing)],
        "words": words(in_words(standing)),
        "tone": "body" if row.stage is Stage.OFFICIAL else "ours",
        "holder": row.accountable_name if row.stage is not Stage.ENDED else "",
        "due_text": text,
        "level": level,
        "met_text": ngettext("%(n)s 户遇到", "%(n)s 户遇到", row.households, n=row.households)
        if row.households
        else "",
    }


@bp.get("/problems/<number>/pictures/<id:picture_id>")
@open_to_all
def picture(number: str, picture_id: int) -> Response:
    """Send a picture to whoever may see its problem."""
    problem = problem_for(by(), number)
    row = picture_of(problem.id, picture_id)
    return sent(row, folder(), filename=f"{problem.number}-{row.id}.jpg", private=problem.hidden)


@bp.get("/problems/<number>/qr.svg")
@open_to_all
def qr(number: str) -> Response:
    """Send the code that leads a phone to the dossier."""
    problem = problem_for(by(), number)
    base = str(current_app.config["PUBLIC_URL"]) or request.host_url
    out = io.BytesIO()
    segno.make(urljoin(base, dossier_url(problem.number)), error="m").save(
        out, kind="svg", scale=4, border=2, xmldecl=False, title=problem.number
    )
    response = Response(out.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "private, no-store" if problem.hidden else "private, max-age=86400"
    return response
