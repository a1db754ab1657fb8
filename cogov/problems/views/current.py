"""The blueprint, and what every page of this room begins with."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, request
from werkzeug.wrappers import Response as Answer

from cogov.files.queries import pictures_folder
from cogov.ground.pages import actor, dossier_url, words
from cogov.ground.refusals import NotFound
from cogov.ground.settings import data_dir
from cogov.moderation.rules import marks_in, masked_words
from cogov.people.rules import Actor
from cogov.people.views import local_path
from cogov.places.models import Place
from cogov.places.queries import communities, home_community, place_by_code
from cogov.places.rules import PlaceKind
from cogov.problems.models import Problem
from cogov.problems.queries import Panel, panel, problem_for

bp = Blueprint("problems", __name__)


def by() -> Actor:
    """Return who asks."""
    who: Actor = actor()
    return who


def folder() -> Path:
    """Return where pictures lie."""
    return pictures_folder(data_dir(current_app))


def community() -> Place:
    """Return the community a page is about: the one asked for, else one's own, else the first there is."""
    code = request.values.get("place", "")
    if code:
        place = place_by_code(code)
        if place.kind is not PlaceKind.COMMUNITY:
            raise NotFound
        return place
    place_or_none = home_community(by()) or next(iter(communities(1)), None)
    if place_or_none is None:
        raise NotFound
    return place_or_none


def opened(number: str) -> tuple[Problem, Panel]:
    """Return a problem that this reader may see, with its panel."""
    problem = problem_for(by(), number)
    return problem, panel(by(), problem)


def done(number: str, sentence: str, kept: str = "") -> Answer:
    """Say what was done, and what was masked in the words kept, and show the dossier, or the desk that asked."""
    flash(sentence)
    if masked := marks_in(kept):
        flash(words(masked_words(masked)))
    return redirect(local_path(request.args.get("then"), dossier_url(number)), 303)


def sent_again() -> str:
    """Return the token under which a plain button was sent."""
    return request.form.get("once", "")[:64]
