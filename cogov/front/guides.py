"""What the house promises in writing: how matters are decided here, and for whom the pages work."""

from __future__ import annotations

from flask import Blueprint, Response

from cogov.ground.pages import open_to_all, page
from cogov.journal.kept import kept_for_anyone

bp = Blueprint("guides", __name__)


@bp.get("/rules")
@open_to_all
@kept_for_anyone
def rules() -> Response:
    """Show the rules of deliberating and deciding."""
    return page("front/help/rules.html")


@bp.get("/accessibility")
@open_to_all
@kept_for_anyone
def accessibility() -> Response:
    """Say for whom the pages work, what does not work yet, and whom to tell."""
    return page("front/help/accessibility.html")
