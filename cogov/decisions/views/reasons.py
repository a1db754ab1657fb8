"""Reading the reasons beside ballots before everybody does: released, or withheld for a cause that is named."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.decisions import commands, queries
from cogov.decisions.queries.reasons import unread
from cogov.decisions.rules.reasons import CHECKS, WITHHELD_WORDS, Withheld, why_not_check
from cogov.decisions.rules.stages import DecisionState
from cogov.decisions.views.current import bp, by
from cogov.ground.pages import page, signed_in, words
from cogov.ground.refusals import NotFound, insist
from cogov.places.queries import place_by_id


@bp.get("/decisions/<id:decision_id>/reasons")
@signed_in
def reasons(decision_id: int) -> Response:
    """Show whoever checks them the reasons of a closed vote, without names and without the ballots beside them."""
    decision, problem = queries.decision_for(by(), decision_id)
    roles = queries.roles_of(by(), place_by_id(decision.community_id).code)
    insist(why_not_check(checks=CHECKS in roles, closed=decision.state is DecisionState.CLOSED, checked=False))
    told = unread(decision_id)
    return page(
        "decisions/reasons.html",
        decision=decision,
        problem=problem,
        waiting=[each for each in told if not each.checked],
        checked=[each for each in told if each.checked],
        causes=[(cause.value, words(WITHHELD_WORDS[cause])) for cause in Withheld],
        cause_words={cause: words(sentence) for cause, sentence in WITHHELD_WORDS.items()},
    )


@bp.post("/decisions/<id:decision_id>/reasons")
@signed_in
def check_reason(decision_id: int) -> Any:
    """Release a reason, or withhold it."""
    cause = request.form.get("withheld", "")
    if cause and cause not in set(Withheld):
        raise NotFound
    withheld = Withheld(cause) if cause else None
    reason_id = request.form.get("reason", "")[:32]
    row = commands.check_reason(by(), decision_id, reason_id, withheld=withheld, once=request.form.get("once"))
    flash(gettext("这一条不公开，原因已经记下。") if row.withheld else gettext("这一条已经公开，不写是谁。"))
    return redirect(url_for("decisions.reasons", decision_id=row.decision_id), 303)
