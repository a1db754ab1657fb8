"""Home, a community's public figures, the journal's seals, and help."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from cogov.front.dossier.showing import show_dossier
from cogov.front.home import show_home
from cogov.front.place import show_place
from cogov.front.search import show_search
from cogov.front.sheet import place_sheet_of
from cogov.ground.pages import open_to_all, page
from cogov.journal.kept import kept_for_anyone
from cogov.journal.sealing import checkpoints

bp = Blueprint("front", __name__)


@bp.get("/")
@open_to_all
@kept_for_anyone
def home() -> Response:
    """Show what needs the reader first, then what is going on around."""
    return show_home()


@bp.get("/search")
@open_to_all
@kept_for_anyone
def search() -> Response:
    """Show what was found of what a reader may see."""
    return show_search()


@bp.get("/problems/<number>")
@open_to_all
@kept_for_anyone
def dossier(number: str) -> Response:
    """Show a problem's dossier."""
    return show_dossier(number)


@bp.get("/places/<code>")
@open_to_all
@kept_for_anyone
def place(code: str) -> Response:
    """Show a place's figures, its grids with their holders, and with whom things lie now."""
    return show_place(code)


@bp.get("/places/<code>/figures.csv")
@open_to_all
def place_sheet(code: str) -> Response:
    """Send a place's figures as a sheet."""
    return place_sheet_of(code)


@bp.get("/journal")
@open_to_all
@kept_for_anyone
def journal() -> Response:
    """Show the seals of the journal, so that whoever keeps one can tell a later change."""
    return page("front/journal.html", seals=checkpoints(20))


HELP = (
    *("resident", "elder", "owner", "tenant", "organization", "party"),
    *("grid", "committee", "official", "centre", "administrator"),
)


@bp.get("/help")
@open_to_all
@kept_for_anyone
def help_index() -> Response:
    """Show how cogov is used, by kind of person."""
    return page("front/help/index.html")


@bp.get("/help/<who>")
@open_to_all
@kept_for_anyone
def help_for(who: str) -> Response:
    """Show how cogov is used by one kind of person."""
    if who not in HELP:
        abort(404)
    return page(f"front/help/{who}.html")
