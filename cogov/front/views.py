"""Home, a community's public figures, the journal's seals, and help."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import format_datetime, gettext, ngettext, to_user_timezone

from cogov.cases import queries as cases
from cogov.decisions import queries as decisions
from cogov.front.dossier import show_dossier
from cogov.front.frame import community
from cogov.front.map import draw
from cogov.front.rows import need_items, problem_rows, spots
from cogov.ground.clock import now
from cogov.ground.needs import Need
from cogov.ground.pages import actor, id_arg, open_to_all, page
from cogov.journal.sealing import checkpoints
from cogov.oversight.queries import indicators
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.places.queries import (
    chain,
    communities,
    grid_of,
    grids_of,
    holders_of,
    place_by_code,
    shapes_of,
)
from cogov.problems import queries as problems
from cogov.problems.rules.ribbon import STAGE_WORDS
from cogov.problems.rules.stages import Ending, Stage
from cogov.tasks import queries as tasks
from cogov.threads import queries as threads

bp = Blueprint("front", __name__)

SHOWN_NEEDS = 6
ROWS = 12
DONE = 3


def needs_of(by: Actor) -> list[Need]:
    """Return what waits for a person in every room, the next due first."""
    if by.person_id is None:
        return []
    found = [*problems.needs(by), *threads.needs(by), *decisions.needs(by), *tasks.needs(by), *cases.needs(by)]
    return sorted(found, key=lambda need: (need.due_at is None, need.due_at or now()))


def _greeting(by: Actor, at: datetime) -> str:
    hour = to_user_timezone(at).hour
    part = gettext("早上好") if hour < 12 else gettext("下午好") if hour < 18 else gettext("晚上好")
    return gettext("%(name)s，%(part)s", name=by.pseudonym, part=part) if by.person_id else part


def _heading(by: Actor, count: int) -> str:
    if by.person_id is None:
        return gettext("邻里的事，一起商量着办")
    return (
        ngettext("今天有 %(n)s 件事需要您", "今天有 %(n)s 件事需要您", count, n=count)
        if count
        else gettext("今天没有事需要您")
    )


@bp.get("/")
@open_to_all
def home() -> Response:
    """Show what needs the reader first, then what is going on around."""
    by, at, here = actor(), now(), community()
    if here is None:
        return page("front/empty.html")
    needs = needs_of(by)
    grid_id = grid_of(by.person_id, here.id) if by.person_id else None
    only_grid = id_arg("grid")
    rows = problems.list_problems(
        by, here.id, grid_id=only_grid, mine=request.args.get("mine") == "1" and by.person_id is not None, limit=ROWS
    )
    return page(
        "front/home.html",
        here=here,
        greeting=_greeting(by, at),
        heading=_heading(by, len(needs)),
        needs=need_items(needs[:SHOWN_NEEDS]),
        more_needs=max(len(needs) - SHOWN_NEEDS, 0),
        filters=_filters(by, here, grid_id, only_grid),
        rows=problem_rows([row for row in rows if row.stage is not Stage.ENDED], at),
        done=problem_rows(problems.list_problems(by, here.id, ending=Ending.FIXED, limit=DONE), at),
        drawing=draw(shapes_of(here.id), grids_of(here.id), spots(by, here.id), grid_id),
    )


def _filters(by: Actor, here: Place, grid_id: int | None, only_grid: int | None) -> list[dict[str, Any]]:
    mine = request.args.get("mine") == "1"
    items = [
        {
            "url": url_for("front.home", place=here.code),
            "text": gettext("全社区"),
            "current": not mine and only_grid is None,
        }
    ]
    if grid_id is not None:
        items.append(
            {
                "url": url_for("front.home", grid=grid_id),
                "text": gettext("我的网格"),
                "current": only_grid == grid_id,
            }
        )
    if by.person_id is not None:
        items.append({"url": url_for("front.home", mine=1), "text": gettext("我提出的"), "current": mine})
    return items


@bp.get("/problems/<number>")
@open_to_all
def dossier(number: str) -> Response:
    """Show a problem's dossier."""
    return show_dossier(number)


@bp.get("/places/<code>")
@open_to_all
def place(code: str) -> Response:
    """Show a community's figures, its grids with their holders, and with whom things lie now."""
    here = place_by_code(code)
    at = now()
    grids = grids_of(here.id)
    figures = indicators(here.id, at)
    return page(
        "front/place.html",
        here=here,
        above=chain(code)[:-1],
        figures=figures,
        stages=[(STAGE_WORDS[stage], figures.by_stage.get(stage, 0)) for stage in Stage],
        grids=grids,
        holders=holders_of([grid.id for grid in grids]),
        at_text=format_datetime(at, gettext("M月d日 HH:mm")),
        others=[other for other in communities() if other.id != here.id],
    )


@bp.get("/journal")
@open_to_all
def journal() -> Response:
    """Show the seals of the journal, so that whoever keeps one can tell a later change."""
    return page("front/journal.html", seals=checkpoints(20))


HELP = ("resident", "organization", "committee", "official")


@bp.get("/help")
@open_to_all
def help_index() -> Response:
    """Show how cogov is used, by kind of person."""
    return page("front/help/index.html")


@bp.get("/help/<who>")
@open_to_all
def help_for(who: str) -> Response:
    """Show how cogov is used by one kind of person."""
    if who not in HELP:
        abort(404)
    return page(f"front/help/{who}.html")
