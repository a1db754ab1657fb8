"""The form that hands what a meeting carried to the official loop."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.cases import commands
from cogov.cases.forms import CarriedForm
from cogov.cases.views.current import bp
from cogov.ground.pages import actor, id_arg, id_field, page, signed_in
from cogov.ground.refusals import insist
from cogov.meetings.queries.outcomes import carried_on
from cogov.meetings.rules.outcomes import why_not_carried
from cogov.people.queries import organizations_at
from cogov.people.rules import MANDATE_KINDS, Role
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for


def _form(problem: Problem) -> CarriedForm:
    form = CarriedForm()
    bodies = organizations_at(place_by_id(problem.community_id).code, *MANDATE_KINDS[Role.OFFICIAL])
    form.offer({str(each.id): each.name for each in bodies})
    return form


def _page(problem: Problem, form: CarriedForm, motion_id: int | None, status: int = 200) -> Answer:
    carried = carried_on(problem.id, motion_id)
    insist(why_not_carried(carried=carried is not None))
    return page("cases/from_meeting.html", status, form=form, problem=problem, carried=carried)


@bp.get("/problems/<number>/cases/new")
@signed_in
def from_meeting(number: str) -> Answer:
    """Show the form."""
    problem = problem_for(actor(), number)
    return _page(problem, _form(problem), id_arg("meeting_motion"))


@bp.post("/problems/<number>/cases/new")
@signed_in
def hand_on(number: str) -> Answer:
    """Hand a carried motion on."""
    problem, motion_id = problem_for(actor(), number), id_field("meeting_motion")
    form = _form(problem)
    if not form.validate_on_submit():
        return _page(problem, form, motion_id, 422)
    case = commands.hand_on_carried(
        actor(), number, meeting_motion=motion_id or 0, body_id=form.chosen, once=form.once.data
    )
    flash(gettext("已交部门办理；受理还是不受理，都要在卷宗里写明。"))
    return redirect(url_for("cases.show", case_id=case.id), 303)
