"""The page on which a problem is raised: photo, sentence, place; emergency numbers stand first."""

from __future__ import annotations

from flask import Response, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.files.views import Album, add_errors, album_of
from cogov.ground.pages import dossier_url, moment, page, signed_in, words
from cogov.ground.refusals import insist
from cogov.journal.transaction import why_not_again
from cogov.moderation.rules import masked_words
from cogov.people.queries import organization_names
from cogov.people.rules.contacts import contact_from
from cogov.places.models import Place
from cogov.places.queries import drawing_of
from cogov.problems.commands import Raised, note_walk_in, raise_problem
from cogov.problems.forms import RaiseForm, degrees
from cogov.problems.queries import own_building
from cogov.problems.rules.acts import RECORDERS, why_not_raise
from cogov.problems.rules.pictures import MOST_PICTURES
from cogov.problems.views.current import bp, by, community, folder
from cogov.problems.views.hinting import Hints, hints_on
from cogov.problems.views.offering import offered_form


@bp.get("/problems/new")
@signed_in
def new() -> Response:
    """Show the empty form."""
    here = community()
    insist(why_not_raise(by(), here.code, here.name, on_behalf=False))
    form = offered_form(here)
    album_of(form, MOST_PICTURES)
    return _page(here, form)


@bp.post("/problems/new")
@signed_in
def create() -> Answer:
    """Raise the problem; or show the page again, where something is missing or should be looked at before."""
    here = community()
    insist(why_not_raise(by(), here.code, here.name, on_behalf=False))
    form = offered_form(here)
    album = album_of(form, MOST_PICTURES)
    if album.lost:
        insist(why_not_again(by(), form.once.data))
    if album.changed or "look" in request.form:
        return _page(here, form, hints=hints_on(here, form))
    valid = form.validate()
    if not add_errors(form) or not valid:
        return _page(here, form, 422)
    if question := _question(here, form, album):
        return question
    raised = _raise(here, form, album)
    album.forget()
    _say(raised)
    return redirect(dossier_url(raised.number), 303)


def _question(here: Place, form: RaiseForm, album: Album) -> Response | None:
    """Ask once, where no script did: for faces on the photos, and whether it is not the same as another.

    Who says that there is danger now is asked nothing.
    """
    if form.burning.data:
        return None
    hints = hints_on(here, form) if "asked" not in request.form else None
    if album.asks or (hints is not None and hints.same):
        return _page(here, form, hints=hints, asks=True)
    return None


def _raise(here: Place, form: RaiseForm, album: Album) -> Raised:
    contact = contact_from(form.phone.data or "")
    behalf = note_walk_in(by(), community_id=here.id, phone=contact.value) if contact else None
    grid_id, building_id = form.spot_chosen()
    return raise_problem(
        by(),
        community_id=here.id,
        text=form.text.data or "",
        longitude=degrees(form.longitude.data),
        latitude=degrees(form.latitude.data),
        grid_id=grid_id,
        building_id=building_id,
        matter_id=form.matter_chosen(),
        spot=form.spot.data or "",
        pictures=album.drawn(),
        folder=folder(),
        names_person=form.names_person.data,
        burning=form.burning.data,
        on_behalf_of=behalf,
        once=form.once.data,
    )


def _say(raised: Raised) -> None:
    """Say what happens next, by whom and until when."""
    holder = raised.problem.accountable_id
    name = organization_names([holder])[holder].name
    clock = running(Purpose.TRIAGE, raised.id)
    if clock is not None:
        flash(
            gettext(
                "收到了，编号 %(number)s。%(holder)s 在 %(due)s 前看过，告诉您走哪条路；不受理也会说明为什么。",
                number=raised.number,
                holder=name,
                due=moment(clock.due_at),
            )
        )
    else:
        flash(gettext("收到了，编号 %(number)s。按有危险先交办，不等商量。", number=raised.number))
    if raised.masked:
        flash(words(masked_words(raised.masked)))
    if raised.numbers:
        flash(gettext("可能有危险，请马上拨打 %(numbers)s。", numbers="、".join(raised.numbers)), "error")


def _page(
    here: Place,
    form: RaiseForm,
    status: int = 200,
    *,
    hints: Hints | None = None,
    asks: bool = False,
) -> Response:
    home = own_building(by(), here.id)
    return page(
        "problems/new.html",
        status,
        here=here,
        form=form,
        hints=hints,
        asks=asks,
        at_home=home is not None and form.where.data == f"b{home.id}",
        place_name=form.place_names.get(form.where.data or "", ""),
        own_grid=home.grid_id if home is not None else None,
        drawing=drawing_of(here.id, own=home.grid_id if home is not None else None),
        records=any(held.role in RECORDERS and here.code.startswith(held.scope) for held in by().standings),
    )
