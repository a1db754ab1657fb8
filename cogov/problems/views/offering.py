"""The form on which a problem is raised, with the places and matters of one community, and one's own home chosen."""

from __future__ import annotations

from flask import request

from cogov.duties.queries import matters
from cogov.places.models import Place
from cogov.places.queries import buildings_of, grids_of
from cogov.problems.forms import RaiseForm
from cogov.problems.queries import own_building
from cogov.problems.views.current import by


def offered_form(here: Place) -> RaiseForm:
    """Return the form; as it opens it names the place that the address names (a code at a door), else one's home."""
    form = RaiseForm()
    buildings = sorted(buildings_of(here.id), key=lambda building: (len(building.code), building.code))
    # A building entered before the grids were drawn lies in none, and nobody would answer for a problem there.
    form.offer(
        [(grid.id, grid.name) for grid in grids_of(here.id)],
        [(each.id, each.name, each.grid_id) for each in buildings if each.grid_id is not None],
        [(matter.id, matter.name) for matter in matters() if matter.lane],
    )
    if request.method == "GET":
        form.where.data = _first_place(here, form)
    return form


def _first_place(here: Place, form: RaiseForm) -> str:
    asked = request.args.get("where", "")
    if asked in form.places:
        return asked
    home = own_building(by(), here.id)
    if home is not None and f"b{home.id}" in form.places:
        return f"b{home.id}"
    return next(iter(form.places), "")
