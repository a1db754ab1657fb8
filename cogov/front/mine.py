"""What is mine across the rooms: where I have a hand, and my own copy of everything kept about me."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.front import involved as found
from cogov.front.export import as_zip, copy_of
from cogov.ground.clock import now
from cogov.ground.pages import actor, id_arg, page, powerful, signed_in
from cogov.ground.words import say
from cogov.people.commands import note_export
from cogov.places.commands import move_out

bp = Blueprint("mine", __name__)


@bp.get("/me/involved")
@signed_in
def involved() -> Response:
    """Show what a person follows, raised, met, promised and fears."""
    by = actor()
    followed, more = found.follows(by, id_arg("before"))
    return page(
        "front/mine/involved.html",
        followed=followed,
        next_url=url_for("mine.involved", before=more) if more else "",
        raised=found.raised(by),
        met=found.met(by),
        claims=found.claims(by),
        concerns=found.concerns(by),
    )


@bp.post("/me/homes/<id:residence_id>/ending")
@signed_in
@powerful(say("登记自己搬走"))
def leave_home(residence_id: int) -> Answer:
    """Say that one has moved out of a home."""
    move_out(actor(), residence_id, once=request.form.get("once"))
    flash(gettext("已登记您搬走了。您说过的话和提出的问题都还在。"), "done")
    return redirect(url_for("people.me"), 303)


@bp.post("/me/export")
@signed_in
@powerful(say("导出我的资料"))
def export() -> Response:
    """Give a person everything that is kept about them, as one file."""
    by = actor()
    note_export(by)
    at = now()
    packed = as_zip(copy_of(by.person_id, at))
    return Response(
        packed,
        mimetype="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="cogov-{at:%Y%m%d}.zip"',
            "Cache-Control": "private, no-store",
        },
    )
