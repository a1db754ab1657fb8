"""The page of notifications."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from cogov.ground.pages import actor, fill_slot, id_arg, id_field, page, signed_in
from cogov.tell.notices import PAGE, mark_read, notifications, unread
from cogov.tell.wording import items

bp = Blueprint("tell", __name__)


@bp.get("/notifications")
@signed_in
def index() -> Response:
    """Show a person's notifications, the latest first, grouped by dossier as they come."""
    before = id_arg("before")
    rows = notifications(actor(), before)
    more = len(rows) > PAGE
    shown = rows[:PAGE]
    return page(
        "tell/index.html",
        items=items(shown),
        next_url=url_for("tell.index", before=shown[-1][0].id) if more else "",
        newest=shown[0][0].id if shown and before is None else 0,
    )


@bp.post("/notifications/reading")
@signed_in
def reading() -> ResponseReturnValue:
    """Mark one's notifications read up to the newest that was shown."""
    mark_read(actor(), id_field("up_to") or 0)
    return redirect(url_for("tell.index"), 303)


def fill_bell() -> None:
    """Register the number at the bell of the frame."""
    fill_slot("unread", lambda: unread(actor()) if actor().person_id else 0)
