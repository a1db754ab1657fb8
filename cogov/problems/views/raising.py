"""The page on which a problem is raised: photo, sentence, place; emergency numbers stand first."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.duties.queries import matters
from cogov.ground.pages import dossier_url, page, signed_in
from cogov.ground.refusals import insist
from cogov.people.rules.contacts import contact_from
from cogov.places.models import Place
from cogov.places.queries import grids_of
from cogov.problems.commands import Raised, note_walk_in, preview, raise_problem
from cogov.problems.forms import RaiseForm, degrees
from cogov.problems.queries import similar
from cogov.problems.rules.acts import RECORDERS, why_not_raise
from cogov.problems.rules.names import DECIDERS, LANES
from cogov.problems.views.current import bp, by, community, folder


@bp.get("/problems/new")
@signed_in
def new() -> Response:
    """Show the empty form."""
    here = community()
    insist(why_not_raise(by(), here.code, here.name, on_behalf=False))
    return _page(here, _form(here))


@bp.post("/problems/new")
@signed_in
def create() -> Answer:
    """Raise the problem, or show first which way it would go."""
    here = community()
    form = _form(here)
    if not form.validate():
        return _page(here, form, 422)
    if "look" in request.form:
        return _page(here, form, route=_route(here, form))
    raised = _raise(here, form)
    flash(gettext("收到了，编号 %(number)s。", number=raised.number))
    if raised.numbers:
        flash(gettext("可能有危险，请马上拨打 %(numbers)s。", numbers="、".join(raised.numbers)), "error")
    return redirect(dossier_url(raised.number), 303)


def _form(here: Place) -> RaiseForm:
    form = RaiseForm()
    form.offer(
        [(grid.id, grid.name) for grid in grids_of(here.id)],
        [(matter.id, matter.name) for matter in matters() if matter.lane],
    )
    return form


def _raise(here: Place, form: RaiseForm) -> Raised:
    contact = contact_from(form.phone.data or "")
    behalf = note_walk_in(by(), community_id=here.id, phone=contact.value) if contact else None
    return raise_problem(
        by(),
        community_id=here.id,
        text=form.text.data or "",
        longitude=degrees(form.longitude.data),
        latitude=degrees(form.latitude.data),
        grid_id=int(form.grid.data),
        matter_id=int(form.matter.data) if form.matter.data else None,
        spot=form.spot.data or "",
        picture=form.picture.data.read() if form.picture.data else None,
        folder=folder(),
        names_person=form.names_person.data,
        burning=form.burning.data,
        on_behalf_of=behalf,
        once=form.once.data,
    )


def _route(here: Place, form: RaiseForm) -> dict[str, Any]:
    text = form.text.data or ""
    proposal = preview(
        by(),
        community_id=here.id,
        text=text,
        grid_id=int(form.grid.data),
        matter_id=int(form.matter.data) if form.matter.data else None,
        names_person=form.names_person.data,
        burning=form.burning.data,
    )
    return {
        "lane": LANES[proposal.lane],
        "decider": DECIDERS[proposal.decider],
        "why": proposal.why,
        "limit": proposal.limit.in_words(),
        "basis": proposal.basis,
        "numbers": proposal.emergency_numbers,
        "in_doubt": proposal.numbers_in_doubt,
        "hold": proposal.hold,
        "similar": similar(by(), here.id, text),
    }


def _page(here: Place, form: RaiseForm, status: int = 200, route: dict[str, Any] | None = None) -> Response:
    records = any(held.role in RECORDERS and here.code.startswith(held.scope) for held in by().standings)
    return page("problems/new.html", status, here=here, form=form, route=route, records=records)
