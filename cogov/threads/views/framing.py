"""What frames a deliberation on pages: the declared room for change, and when its parts are taken."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext

from cogov.ground.pages import actor, open_to_all, page, signed_in
from cogov.journal.kept import kept_for_anyone
from cogov.places.queries import place_by_id
from cogov.problems.commands import cancel_phase, declare_leeway, schedule_phase
from cogov.problems.queries import leeways, parts_shown, phase_for, problem_for, why_not_declare_here
from cogov.problems.rules.leeway import Room
from cogov.problems.rules.phases import Part, why_not_schedule
from cogov.threads.forms.framing import LeewayForm, PhaseForm
from cogov.threads.forms.speaking import OnceForm
from cogov.threads.views.current import bp


@bp.get("/problems/<number>/leeway")
@open_to_all
@kept_for_anyone
def leeway(number: str) -> Response:
    """Show what was declared, every time, and the form for who takes the topic."""
    return _leeway(number, LeewayForm())


@bp.post("/problems/<number>/leeway")
@signed_in
def declare(number: str) -> Any:
    """Declare what of a topic can be changed."""
    form = LeewayForm()
    if not form.validate_on_submit():
        return _leeway(number, form, 422)
    declare_leeway(
        actor(),
        number,
        room=Room(form.room.data),
        open_part=form.open_part.data or "",
        reason=form.reason.data or "",
        once=form.once.data,
    )
    flash(gettext("协商空间已经公开说明。"))
    return redirect(url_for("threads.leeway", number=number), 303)


def _leeway(number: str, form: LeewayForm, status: int = 200) -> Response:
    problem = problem_for(actor(), number)
    return page(
        "threads/leeway.html",
        status,
        form=form,
        problem=problem,
        declared=leeways(problem.id),
        why_not=why_not_declare_here(actor(), problem),
    )


@bp.get("/problems/<number>/phases")
@open_to_all
@kept_for_anyone
def phases(number: str) -> Response:
    """Show every part with its times, and the form for who sets them."""
    return _phases(number, PhaseForm())


@bp.post("/problems/<number>/phases")
@signed_in
def schedule(number: str) -> Any:
    """Set from when until when a part is taken."""
    form = PhaseForm()
    if not form.validate_on_submit():
        return _phases(number, form, 422)
    schedule_phase(
        actor(),
        number,
        part=Part(form.part.data),
        opens_at=form.opens_at.data,
        closes_at=form.closes_at.data,
        reason=form.reason.data or "",
        once=form.once.data,
    )
    flash(gettext("时间已经公开，到时自动开放和截止。"))
    return redirect(url_for("threads.phases", number=number), 303)


@bp.post("/phases/<id:phase_id>/cancellation")
@signed_in
def cancel(phase_id: int) -> Any:
    """Call off a time that was set."""
    _, problem = phase_for(actor(), phase_id)
    cancel_phase(actor(), phase_id, once=OnceForm().once.data)
    flash(gettext("这段时间已取消。"))
    return redirect(url_for("threads.phases", number=problem.number), 303)


def _phases(number: str, form: PhaseForm, status: int = 200) -> Response:
    by = actor()
    problem = problem_for(by, number)
    return page(
        "threads/phases.html",
        status,
        form=form,
        problem=problem,
        parts=parts_shown(by, problem),
        why_not=why_not_schedule(by, place_by_id(problem.community_id).code, stage=problem.stage),
    )
