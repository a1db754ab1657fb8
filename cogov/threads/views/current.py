"""What the pages of a thread share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request

from cogov.ground.pages import actor, chosen_actor, dossier_url, id_arg
from cogov.people.views import local_path
from cogov.problems.models import Problem
from cogov.threads import queries
from cogov.threads.forms.speaking import SpokenForm

bp = Blueprint("threads", __name__)


def back(problem: Problem, tab: str, said: str, anchor: str = "") -> Any:
    """Return to the page that asked (a desk names itself), else to the dossier."""
    flash(said)
    dossier = dossier_url(problem.number, tab=tab, _anchor=anchor or None)
    return redirect(local_path(request.args.get("then"), dossier), 303)


def voiced(form: SpokenForm, problem: Problem) -> None:
    form.speak_as(queries.voices(actor(), queries.dossier_of(problem).code))


def speaker(form: SpokenForm) -> Any:
    return chosen_actor(form.acting.data)


def between() -> dict[str, int | None]:
    return {"before": id_arg("before"), "after": id_arg("after")}
