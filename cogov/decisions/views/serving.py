"""Service on pages: the round of those who bring notices, and the evidence where a result is disputed."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import format_date, gettext

from cogov.decisions.commands.serving import look_at_service, record_service
from cogov.decisions.forms.channels import ServiceForm
from cogov.decisions.queries.paper import buildings_voting
from cogov.decisions.queries.service import Round, round_of
from cogov.decisions.rules.paper import COUNTERS
from cogov.decisions.rules.service import MEANS_WORDS, OUTCOME_WORDS, ServiceMeans, ServiceOutcome
from cogov.decisions.views.current import bp, by
from cogov.duties.queries import calendar_for
from cogov.ground.clock import now
from cogov.ground.pages import id_arg, id_field, open_to, page, words
from cogov.places.queries import place_by_id


@bp.get("/decisions/<id:decision_id>/service")
@open_to(*COUNTERS)
def service(decision_id: int) -> Response:
    """Show the round of a building: each household with what was tried, and how many are served in all."""
    buildings = buildings_voting(decision_id)
    building_id = id_arg("building") or next((each.id for each in buildings), None)
    found, form = round_of(by(), decision_id, building_id), ServiceForm()
    form.on.data = calendar_for(place_by_id(found.decision.community_id).code).local_day(now())
    return _round_page(found, building_id, form)


def _round_page(found: Round, building_id: int | None, form: ServiceForm, status: int = 200) -> Response:
    form.about([(row.head_id, "、".join(row.doors)) for row in found.rows])
    return page(
        "decisions/service.html",
        status,
        form=form,
        decision=found.decision,
        problem=found.problem,
        buildings=buildings_voting(found.decision.id),
        building_id=building_id,
        rows=[
            {
                "doors": "、".join(row.doors),
                "attempts": [_line(each.means, each.outcome, each.on) for each in row.attempts],
            }
            for row in found.rows
        ],
        served=found.served,
        disputed=found.disputed,
        evidence=None,
    )


def _line(means: ServiceMeans, outcome: ServiceOutcome, on: Any) -> str:
    day = format_date(on, gettext("M月d日"))
    return gettext(
        "%(day)s %(means)s：%(outcome)s",
        day=day,
        means=words(MEANS_WORDS[means]),
        outcome=words(OUTCOME_WORDS[outcome]),
    )


@bp.post("/decisions/<id:decision_id>/service")
@open_to(*COUNTERS)
def note_service(decision_id: int) -> Any:
    """Write down an attempt."""
    building_id = id_field("building")
    found, form = round_of(by(), decision_id, building_id), ServiceForm()
    form.about([(row.head_id, "、".join(row.doors)) for row in found.rows])
    if not form.validate_on_submit():
        return _round_page(found, building_id, form, 422)
    record_service(
        by(),
        decision_id,
        head_id=int(form.head.data),
        means=ServiceMeans(form.means.data),
        outcome=ServiceOutcome(form.outcome.data),
        on=form.on.data,
        once=form.once.data,
    )
    flash(gettext("已记下。"))
    return redirect(url_for("decisions.service", decision_id=decision_id, building=building_id), 303)


@bp.post("/decisions/<id:decision_id>/service/evidence")
@open_to(*COUNTERS)
def service_evidence(decision_id: int) -> Response:
    """Show who was served when, where a result is disputed; the journal says that it was looked at."""
    evidence = look_at_service(by(), decision_id)
    found = round_of(by(), decision_id, None)
    return page(
        "decisions/service.html",
        form=None,
        decision=found.decision,
        problem=found.problem,
        buildings=[],
        building_id=None,
        rows=[],
        served=found.served,
        disputed=True,
        evidence=[
            {"doors": "、".join(each.doors), "line": _line(each.means, each.outcome, each.on)} for each in evidence
        ],
    )
