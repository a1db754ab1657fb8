"""The choice halves of a secret vote's papers on a page: counted after the close by two people on their own."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.decisions import queries
from cogov.decisions.commands.sheets import enter_sheets
from cogov.decisions.forms.channels import SheetsForm
from cogov.decisions.models import SecretVote
from cogov.decisions.queries import DecisionShown
from cogov.decisions.queries.paper import standing_of_counter
from cogov.decisions.queries.secrets import emptying_of, sheet_readers
from cogov.decisions.rules.methods import Method
from cogov.decisions.rules.paper import COUNTERS
from cogov.decisions.rules.sheets import BY_COUNT, FEW, MOST_SHEETS, Sheets, sheets_counted, sheets_written, too_many
from cogov.decisions.rules.sheets import why_not_empty as why_not
from cogov.decisions.views.current import bp, by
from cogov.ground.db import found, session
from cogov.ground.pages import open_to, page
from cogov.ground.refusals import Refusal, Refused

UNPROCESSABLE = 422


@bp.get("/decisions/<id:decision_id>/sheets")
@open_to(*COUNTERS)
def sheets(decision_id: int) -> Response:
    """Show where one enters what was found on the choice halves, once the vote is over."""
    return _sheets_page(_shown(decision_id), SheetsForm())


@bp.post("/decisions/<id:decision_id>/sheets")
@open_to(*COUNTERS)
def read_sheets(decision_id: int) -> Any:
    """Enter what one found on all choice halves."""
    shown, form = _shown(decision_id), SheetsForm()
    if not form.validate_on_submit():
        return _sheets_page(shown, form, UNPROCESSABLE)
    try:
        boxed = enter_sheets(by(), decision_id, _given(shown, form), once=form.once.data)
    except Refused as error:
        if error.refusal.status != UNPROCESSABLE:
            raise
        return _sheets_page(shown, form, UNPROCESSABLE, error.refusal)
    flash(gettext("两个人录的一样，选票联进了票箱，可以开箱了。") if boxed else gettext("录好了，等另一个人也录一遍。"))
    return redirect(url_for("decisions.sheets", decision_id=decision_id), 303)


def _shown(decision_id: int) -> DecisionShown:
    shown = queries.shown_decision(by(), decision_id)
    standing_of_counter(by(), shown.decision)
    return shown


def _counts(shown: DecisionShown) -> list[dict[str, Any]]:
    """Return a field for each option, filled with what was sent."""
    names = [(f"count-{option.position}", option.label) for option in shown.options]
    return [{"name": name, "label": label, "sent": request.form.get(name, "")} for name, label in names]


def _given(shown: DecisionShown, form: SheetsForm) -> Sheets:
    spoiled = form.spoiled.data or 0
    if shown.form.method not in BY_COUNT:
        written = sheets_written(form.lines.data or "", spoiled, shown.form, len(shown.options))
        if isinstance(written, Refusal):
            raise Refused(written)
        return written
    counts = [_number(each["sent"]) for each in _counts(shown)]
    if sum(counts) > MOST_SHEETS:
        raise Refused(too_many(MOST_SHEETS))
    return sheets_counted(counts, spoiled)


def _number(written: str) -> int:
    """Return a count as it was typed; what is none is more than there can be, and refused as such."""
    text = written.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else (0 if not text else MOST_SHEETS + 1)


def _sheets_page(shown: DecisionShown, form: SheetsForm, status: int = 200, wrong: Refusal | None = None) -> Response:
    vote = found(session().get(SecretVote, shown.decision.id))
    readers = sheet_readers(shown.decision.id)
    emptying = emptying_of(shown.decision, vote)
    return page(
        "decisions/sheets.html",
        status,
        form=form,
        decision=shown.decision,
        problem=shown.problem,
        counts=_counts(shown) if shown.form.method in BY_COUNT else [],
        options=[(option.position, option.label) for option in shown.options],
        ranked=shown.form.method in (Method.RANKED, Method.STV),
        scored=shown.form.method is Method.SCORE,
        refused=why_not(emptying),
        slips=emptying.slips,
        few=emptying.slips < FEW,
        boxed=vote.sheets,
        others=len(readers.keys() - {by().person_id}),
        mine=readers.get(by().person_id or 0),
        wrong=wrong,
    )
