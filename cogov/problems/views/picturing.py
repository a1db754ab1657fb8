"""Covering faces and plates on a picture that is already published."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as Answer

from cogov.files.queries import picture_of
from cogov.files.rules import Box, around, boxes_from, part
from cogov.files.views import Shot
from cogov.ground.pages import once_token, page, signed_in
from cogov.ground.refusals import insist
from cogov.problems.commands import cover_picture
from cogov.problems.queries import facts_of, problem_for
from cogov.problems.rules.pictures import why_not_cover
from cogov.problems.views.current import bp, by, folder, sent_again


@bp.get("/problems/<number>/pictures/<id:picture_id>/cover")
@signed_in
def cover_page(number: str, picture_id: int) -> Response:
    """Show a picture so that parts of it can be pointed at."""
    problem = problem_for(by(), number)
    row = picture_of(problem.id, picture_id)
    insist(why_not_cover(by(), facts_of(by(), problem), took_it=row.uploaded_by == by().person_id))
    shot = Shot("picture", row.width, row.height)
    return page("problems/cover.html", problem=problem, picture=row, shot=shot, once=once_token())


@bp.post("/problems/<number>/pictures/<id:picture_id>/cover")
@signed_in
def cover(number: str, picture_id: int) -> Answer:
    """Cover what was pointed at; the pixels of before are gone."""
    row = picture_of(problem_for(by(), number).id, picture_id)
    boxes = _pointed_at(Shot("picture", row.width, row.height))
    here = url_for("problems.cover_page", number=number, picture_id=picture_id)
    if not boxes:
        flash(gettext("还没有选要遮住的地方。"), "error")
        return redirect(here, 303)
    cover_picture(by(), number, picture_id, boxes=boxes, folder=folder(), once=sent_again())
    flash(ngettext("遮住了 %(n)s 处。", "遮住了 %(n)s 处。", len(boxes), n=len(boxes)))
    return redirect(here, 303)


def _pointed_at(shot: Shot) -> tuple[Box, ...]:
    x, y = (request.form.get(f"at.{axis}", type=int) for axis in "xy")
    width, height = shot.shown
    if x and y and x > 0 and y > 0:
        return (around(min(x, width), min(y, height), width, height),)
    chosen = request.form.get("part", type=int)
    if "cover" in request.form and chosen is not None and 0 <= chosen < 9:
        return (part(chosen),)
    return boxes_from(request.form.get("hide", ""))
