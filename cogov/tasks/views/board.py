"""The board of a community: four columns, a column by itself, one's own tasks, those to verify, promises kept."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext, lazy_gettext

from cogov.ground.pages import actor, id_arg, open_to_all, page
from cogov.journal.kept import kept_for_anyone
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.places.queries import grids_of
from cogov.tasks import queries
from cogov.tasks.queries import Board, Kept, Narrowed, TaskShown
from cogov.tasks.rules import CLAIMS_FOR, BoardColumn, Filter
from cogov.tasks.views.cards import with_claim
from cogov.tasks.views.current import between, bp, place_here
from cogov.threads.queries import Window

HEADINGS = {
    BoardColumn.OPEN: lazy_gettext("可认领"),
    BoardColumn.DOING: lazy_gettext("进行中"),
    BoardColumn.CHECKING: lazy_gettext("待核实"),
    BoardColumn.DONE: lazy_gettext("已完成"),
}
OWN = {Filter.MINE: lazy_gettext("我的"), Filter.VERIFY: lazy_gettext("等我核实")}


@bp.get("/tasks")
@open_to_all
@kept_for_anyone
def index() -> Response:
    """Show the board of a community, or one part of it."""
    by, asked = actor(), request.args.get("show", "")
    here, narrowed = place_here(by), _narrowed()
    board = queries.board(by, here.id if here else None, narrowed)
    part = _part(by, here, narrowed, asked)
    shown = asked if part is not None else ""
    return page(
        "tasks/index.html",
        here=here,
        shown=shown,
        filters=_filters(by, here, board, shown),
        narrowing=_narrowing(here, narrowed, shown),
        narrowed=narrowed != Narrowed(),
        columns=_columns(by, here, board) if part is None else [],
        mine=_mine(by, board) if part is None else [],
        part=_listed(by, here, part, shown) if part is not None else None,
        free=board.counts[BoardColumn.OPEN],
        kept=[_kept(each) for each in queries.promises_kept(here.id if here else None)],
        standings=_standings(by, here),
    )


def _narrowed() -> Narrowed:
    return Narrowed(grid_id=id_arg("grid"), this_week=request.args.get("when") == "week")


def _part(by: Actor, here: Place | None, narrowed: Narrowed, asked: str) -> Window[TaskShown] | None:
    if asked in set(BoardColumn):
        return queries.column(by, here.id if here else None, BoardColumn(asked), narrowed, **between())
    if asked in {str(each) for each in OWN} and by.person_id is not None:
        return queries.listed(by, None, Filter(asked), **between())
    return None


def _url(here: Place | None, **values: Any) -> str:
    if "place" in request.args and here is not None:
        values["place"] = here.code
    kept: dict[str, Any] = {name: request.args.get(name) for name in ("grid", "when") if name not in values}
    return url_for("tasks.index", **kept, **values)


def _filters(by: Actor, here: Place | None, board: Board, shown: str) -> list[dict[str, Any]]:
    chips: list[dict[str, Any]] = [{"url": _url(here), "text": gettext("看板"), "current": not shown}]
    chips += [
        {"url": _url(here, show=each.value), "text": text, "current": shown == each, "count": board.counts[each]}
        for each, text in HEADINGS.items()
    ]
    if by.person_id is not None:
        chips += [
            {"url": _url(here, show=each.value), "text": text, "current": shown == each} for each, text in OWN.items()
        ]
    return chips


def _narrowing(here: Place | None, narrowed: Narrowed, shown: str) -> list[dict[str, Any]]:
    show = {"show": shown} if shown else {}
    everywhere = {"url": _url(here, grid=None, **show), "text": gettext("全社区"), "current": narrowed.grid_id is None}
    grids = [
        {"url": _url(here, grid=grid.id, **show), "text": grid.name, "current": narrowed.grid_id == grid.id}
        for grid in (grids_of(here.id) if here else ())
    ]
    when = None if narrowed.this_week else "week"
    week = {"url": _url(here, when=when, **show), "text": gettext("7 天内开始"), "current": narrowed.this_week}
    return [everywhere, *grids, week]


def _columns(by: Actor, here: Place | None, board: Board) -> list[dict[str, Any]]:
    return [
        {
            "key": each.value,
            "heading": text,
            "count": board.counts[each],
            "cards": [with_claim(by, task) for task in board.columns[each]],
            "more": _url(here, show=each.value) if board.counts[each] > len(board.columns[each]) else "",
        }
        for each, text in HEADINGS.items()
    ]


def _listed(by: Actor, here: Place | None, part: Window[TaskShown], shown: str) -> dict[str, Any]:
    return {
        "cards": [with_claim(by, task) for task in reversed(part.items)],
        "newer": _url(here, show=shown, after=part.after) if part.after else "",
        "older": _url(here, show=shown, before=part.before) if part.before else "",
    }


def _mine(by: Actor, board: Board) -> list[dict[str, Any]]:
    """On a phone one's own tasks follow the open ones, without those that stand among them."""
    if by.person_id is None:
        return []
    above = {task.id for task in board.columns[BoardColumn.OPEN]}
    own = reversed(queries.listed(by, None, Filter.MINE).items)
    return [with_claim(by, task) for task in own if task.id not in above]


def _kept(kept: Kept) -> dict[str, Any]:
    hours, minutes = divmod(kept.minutes, 60)
    tenths = f"{hours}.{minutes // 6}" if minutes else f"{hours}"
    return {"name": kept.name, "done": f"{kept.done} / {kept.settled}", "hours": tenths, "returned": kept.returned}


def _standings(by: Actor, here: Place | None) -> list[dict[str, Any]]:
    """Offer to claim for somebody else where one may: the choice binds an organization, so it stands on top."""
    held = [s for s in by.standings if s.role in CLAIMS_FOR and here is not None and s.reaches(here.code)]
    if not held:
        return []
    options = [{"value": s.id, "label": s.organization_name, "current": s == by.acting} for s in held]
    return [{"value": "", "label": gettext("我自己"), "current": by.acting is None}, *options]
