"""Open rounds: the page of one, its form, the answers and the end of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext

from cogov.decisions import commands
from cogov.decisions.forms.rounds import AnswerForm, RoundForm, SummaryForm
from cogov.decisions.queries.rounds import RoundRow, RoundShown, rounds_of, shown_round, why_not_open
from cogov.decisions.rules.rounds import (
    BLOCK_MEANS,
    CHOICE_WORDS,
    KIND_WORDS,
    NO_FORCE,
    VOICE_WORDS,
    RoundChoice,
    RoundKind,
    Voice,
)
from cogov.decisions.views.current import bp, by
from cogov.ground.pages import moment, open_to_all, page, signed_in, words
from cogov.ground.refusals import insist
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for

UNPROCESSABLE = 422


@bp.get("/problems/<number>/rounds/new")
@signed_in
def new_round(number: str) -> Response:
    """Show the form for an open round."""
    problem = problem_for(by(), number)
    insist(why_not_open(by(), problem))
    return page("decisions/round_new.html", form=RoundForm(), problem=problem, says=_says(RoundKind.CONSENT))


@bp.post("/problems/<number>/rounds")
@signed_in
def open_round(number: str) -> Any:
    """Ask a round."""
    problem, form = problem_for(by(), number), RoundForm()
    if not form.validate_on_submit():
        says = _says(RoundKind.CONSENT)
        return page("decisions/round_new.html", UNPROCESSABLE, form=form, problem=problem, says=says)
    asked = commands.open_round(by(), number, **form.told())
    flash(gettext("这一轮已经公开在卷宗里。"))
    return redirect(url_for("decisions.round_page", round_id=asked.id), 303)


@bp.get("/rounds/<id:round_id>")
@open_to_all
def round_page(round_id: int) -> Response:
    """Show who said what in a round, and the form for one's own answer."""
    return _page(shown_round(by(), round_id), 200)


def _page(
    shown: RoundShown, status: int, form: AnswerForm | None = None, summary: SummaryForm | None = None
) -> Response:
    if form is None:
        form = AnswerForm(formdata=None)
        form.offer(shown.kind)
        form.choice.data = shown.mine.value if shown.mine else None
    return page(
        "decisions/round.html",
        status,
        shown=shown,
        form=form,
        summary=summary or SummaryForm(formdata=None),
        kind=words(KIND_WORDS[shown.kind]),
        says=_says(shown.kind),
        table=_table(shown),
        voices={voice: words(label) for voice, label in VOICE_WORDS.items()},
        choices={choice: words(label) for choice, label in CHOICE_WORDS[shown.kind].items()},
    )


def _says(kind: RoundKind) -> list[str]:
    return [words(NO_FORCE), *([words(BLOCK_MEANS)] if kind is RoundKind.CONSENT else [])]


def _table(shown: RoundShown) -> dict[str, Any]:
    """Return the counts, one row for each voice, without a row of sums: nothing says what these would mean."""
    labels = CHOICE_WORDS[shown.kind]
    head: list[Any] = [gettext("谁"), *({"label": words(label), "number": True} for label in labels.values())]
    return {"head": head, "rows": [_row(voice, shown.tally[voice]) for voice in Voice]}


def _row(voice: Voice, counts: Mapping[RoundChoice, int]) -> list[str]:
    return [words(VOICE_WORDS[voice]), *(str(count) for count in counts.values())]


@bp.post("/rounds/<id:round_id>/answers")
@signed_in
def answer_round(round_id: int) -> Any:
    """Answer a round."""
    shown, form = shown_round(by(), round_id), AnswerForm()
    form.offer(shown.kind)
    if not form.validate_on_submit():
        return _page(shown, UNPROCESSABLE, form)
    commands.answer_round(by(), round_id, **form.told())
    flash(gettext("您的话已经公开，截止前可以改。"))
    return redirect(url_for("decisions.round_page", round_id=round_id), 303)


@bp.post("/rounds/<id:round_id>/closure")
@signed_in
def close_round(round_id: int) -> Any:
    """End a round."""
    shown, form = shown_round(by(), round_id), SummaryForm()
    if not form.validate_on_submit():
        return _page(shown, UNPROCESSABLE, summary=form)
    commands.close_round(by(), round_id, summary=form.summary.data or "", once=form.once.data)
    flash(gettext("这一轮结束了，小结写在卷宗里。"))
    return redirect(url_for("decisions.round_page", round_id=round_id), 303)


@bp.app_template_global()
def rounds_here(problem: Problem) -> dict[str, Any]:
    """Return the open rounds of a problem for its tab, and whether the reader may ask one."""
    return {"rows": [_line(row) for row in rounds_of(problem.id)], "may_ask": why_not_open(by(), problem) is None}


def _line(row: RoundRow) -> dict[str, Any]:
    when = gettext("%(at)s 截止", at=moment(row.closes_at)) if row.runs else gettext("已截止")
    return {"row": row, "kind": words(KIND_WORDS[row.kind]), "when": when}
