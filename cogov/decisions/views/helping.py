"""Voting with help on pages: the helper's form, the witness's page, and what became of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import segno
from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.decisions import queries
from cogov.decisions.commands.helping import end_help, help_vote, witness_help
from cogov.decisions.forms.channels import HelpForm
from cogov.decisions.queries.helping import help_refused, help_shown, unit_at, voters_at
from cogov.decisions.queries.paper import buildings_voting
from cogov.decisions.rules.channels import Channel, why_not_by
from cogov.decisions.rules.helping import nobody_there
from cogov.decisions.views.current import bp, by
from cogov.decisions.views.marking import Wrong, marks_sent, sent, wrong
from cogov.decisions.views.methods import method_ballot
from cogov.ground.pages import page, signed_in
from cogov.ground.refusals import Refused, insist

UNPROCESSABLE = 422


@bp.get("/decisions/<id:decision_id>/help")
@signed_in
def help_form(decision_id: int) -> Response:
    """Show the form on which a helper marks a ballot beside its voter."""
    shown = queries.shown_decision(by(), decision_id)
    insist(why_not_by(Channel.HELPED, shown.rule))
    insist(help_refused(by(), shown.decision, None))
    return _help_page(decision_id, HelpForm())


def _help_page(decision_id: int, form: HelpForm, status: int = 200, mistaken: Wrong | None = None) -> Response:
    shown = queries.shown_decision(by(), decision_id)
    if not form.building.choices:
        form.about(buildings_voting(decision_id))
    return page(
        "decisions/help.html",
        status,
        form=form,
        shown=shown,
        decision=shown.decision,
        problem=shown.problem,
        ballot_form=method_ballot(shown),
        wrong=mistaken,
    )


@bp.post("/decisions/<id:decision_id>/help")
@signed_in
def help_cast(decision_id: int) -> Any:
    """Mark a ballot for a voter who is present; it waits for its witness."""
    form, given = HelpForm(), sent()
    shown = queries.shown_decision(by(), decision_id)
    insist(why_not_by(Channel.HELPED, shown.rule))
    insist(help_refused(by(), shown.decision, None))
    form.about(buildings_voting(decision_id))
    if not form.validate_on_submit():
        return _help_page(decision_id, form, UNPROCESSABLE)
    try:
        unit_id = unit_at(decision_id, int(form.building.data), form.staircase.data or "", form.door.data or "")
        if unit_id is None:
            raise Refused(nobody_there())
        form.about(
            buildings_voting(decision_id), [(person, name) for _, person, name in voters_at(decision_id, unit_id)]
        )
        row = help_vote(
            by(),
            decision_id,
            unit_id=unit_id,
            voter_id=form.voter_id,
            marks=marks_sent(given, shown.options),
            reason=given.reason,
            once=form.once.data,
        )
    except Refused as error:
        if error.refusal.status != UNPROCESSABLE:
            raise
        return _help_page(decision_id, form, UNPROCESSABLE, wrong(given, error.refusal))
    return redirect(url_for("decisions.helped", aid=row.code), 303)


@bp.get("/helped/<aid>")
@signed_in
def helped(aid: str) -> Response:
    """Show a helped ballot: to the helper the square for the witness, to the witness what they confirm."""
    shown = help_shown(by(), aid)
    base = str(current_app.config["PUBLIC_URL"]) or request.host_url
    address = urljoin(base, url_for("decisions.helped", aid=shown.help.code))
    square = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=3, dark="#000", light="#fff")
    return page("decisions/helped.html", shown=shown, decision=shown.decision, problem=shown.problem, square=square)


@bp.post("/helped/<aid>/witness")
@signed_in
def witness(aid: str) -> Any:
    """Confirm as the second person."""
    row = witness_help(by(), aid, once=request.form.get("once"))
    flash(gettext("已见证，票已入箱。"))
    return redirect(url_for("decisions.helped", aid=row.code), 303)


@bp.post("/helped/<aid>/end")
@signed_in
def stop_help(aid: str) -> Any:
    """Take it back, or say as a witness that it was not so."""
    row = end_help(by(), aid, once=request.form.get("once"))
    flash(gettext("没有投，这一张作废。"))
    return redirect(url_for("decisions.helped", aid=row.code), 303)
