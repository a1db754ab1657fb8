"""Keeping how far a reader has read: a script says so when the end of a page has been seen, or a button does."""

from __future__ import annotations

from typing import Any

from flask import redirect

from cogov.ground.pages import actor, dossier_url, id_field, signed_in
from cogov.threads import commands
from cogov.threads.views.current import bp


@bp.post("/problems/<number>/reading")
@signed_in
def mark_read(number: str) -> Any:
    """Remember how far one has read."""
    commands.mark_read(actor(), number, message=id_field("message"))
    return redirect(dossier_url(number, tab="discussion", _anchor="tab"), 303)
