"""What is mine across the rooms: where I have a hand, and my own copy of everything kept about me."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from cogov.front import involved as found
from cogov.front.export import as_zip, copy_of
from cogov.ground.clock import now
from cogov.ground.pages import actor, id_arg, page, powerful, signed_in
from cogov.ground.words import say
from cogov.people.commands import note_export

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
