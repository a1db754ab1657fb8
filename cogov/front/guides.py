"""What the house promises in writing: how matters are decided here, and for whom the pages work."""

from __future__ import annotations

from flask import Blueprint, Response

from cogov.ground.pages import open_to_all, page

bp = Blueprint("guides", __name__)


@bp.get("/rules")
@open_to_all
def rules() -> Response:
    """Show the rules of deliberating and deciding."""
    return page("front/help/rules.html")


@bp.get("/accessibility")
@open_to_all
def accessibility() -> Response:
    """Say for whom the pages work, what does not work yet, and whom to tell."""
    return page("front/help/accessibility.html")
