"""The list of a community's problems, a problem's pictures and its code to scan."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urljoin

import segno
from flask import Response, current_app, request, url_for
from flask_babel import ngettext
from markupsafe import Markup

from cogov.files.views import sent
from cogov.ground.clock import now
from cogov.ground.deadlines import left
from cogov.ground.pages import dossier_url, open_to_all, page, words
from cogov.journal.kept import Of, kept_for_anyone, part
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.places.queries import grids_of
from cogov.problems.queries import (
    Counts,
    ProblemRow,
    choices_of,
    count_problems,
    find_problems,
    key_of,
    picture_for,
    problem_for,
    sight_of,
)
from cogov.problems.rules.ribbon import Standing, in_words, steps
from cogov.problems.rules.stages import Stage
from cogov.problems.rules.wanted import Order
from cogov.problems.views.current import bp, by, community, folder
from cogov.problems.views.narrowing import (
    Narrowing,
    asked,
    form_fields,
    hidden_fields,
    is_personal,
    mark_chips,
    offered_marks,
    order_ways,
    shown_way,
    stage_chips,
    way,
)

ROWS = 20


@bp.get("/problems")
@open_to_all
@kept_for_anyone
def index() -> Response:
    """Show a community's problems, narrowed and ordered as the address says."""
    here, who, at = community(), by(), now()
    grids = grids_of(here.id)
    narrowing = asked(who, here, grids)
    counts = count_problems(who, narrowing.wanted, at, offered_marks(who))

    def listed() -> dict[str, Any]:
        return _listed(who, here, at, grids, narrowing, counts)

    # Readers who may see the same and have as much of their own in it are shown the same list.
    same = None if is_personal(narrowing) else (sight_of(who), narrowing, shown_way(), tuple(counts.marks.items()))
    return page(
        "problems/index.html",
        here=here,
        raise_url=url_for("problems.new", place=here.code),
        listed=partial(part, same and ("list", *same), "problems/_list.html", listed),
    )


def _listed(
    who: Actor, here: Place, at: datetime, grids: Sequence[Place], narrowing: Narrowing, counts: Counts
) -> dict[str, Any]:
    wanted, order = narrowing.wanted, narrowing.order
    found = find_problems(who, wanted, at, order=order, after=narrowing.after, limit=ROWS + 1)
    more = len(found) > ROWS
    choices = choices_of(who, here.id)
    return {
        "here": here,
        "raise_url": url_for("problems.new", place=here.code),
        "counts": counts,
        "narrowed": narrowing.narrowed,
        "rows": partial(rows_shown, found[:ROWS], at) if found else None,
        "stages": stage_chips(here, wanted, counts),
        "marks": mark_chips(here, wanted, counts),
        "orders": order_ways(here, order),
        "by_due": order is Order.DUE,
        "fields": form_fields(narrowing, counts, grids, choices.matters, choices.holders),
        "hidden": hidden_fields(here),
        "list_url": url_for("problems.index"),
        "clear_url": way(here, grid="", lane="", matter="", holder=""),
        "all_url": url_for("problems.index", place=here.code),
        "next_url": way(here, after=key_of(found[ROWS - 1], order)) if more else "",
        "first_url": way(here) if narrowing.after else "",
    }


def rows_shown(rows: Sequence[ProblemRow], at: datetime) -> Markup:
    """Return rows as they stand in a list; the same rows look the same to whoever may see them."""
    return part(
        ("rows", *rows), "problems/_rows.html", lambda: {"rows": [line(row, at) for row in rows]}, of=Of.REGISTERS
    )


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
    row, covered = picture_for(by(), problem, picture_id)
    return sent(row, folder(), filename=f"{problem.number}-{row.id}.jpg", private=problem.hidden or covered)


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
