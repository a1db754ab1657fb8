"""The summary of a discussion on pages: its versions, what is proposed, and what people say of minutes."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.ground.pages import actor, id_field, open_to_all, page, signed_in
from cogov.ground.refusals import NotFound
from cogov.journal.kept import kept_for_anyone
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for
from cogov.threads import commands, queries
from cogov.threads.forms.summaries import DeclineForm, MinutesForm, SummaryForm
from cogov.threads.queries.summaries import (
    SummaryShown,
    answers_of,
    changes_of,
    own_answer,
    summaries,
    summary_for,
    top_summary,
)
from cogov.threads.rules.summaries import (
    SummaryState,
    why_not_answer_minutes,
    why_not_propose,
    why_not_write,
)
from cogov.threads.views.current import back, bp, speaker, voiced


@bp.get("/problems/<number>/summary")
@open_to_all
@kept_for_anyone
def show_summary(number: str) -> Response:
    """Show the summary of a discussion with its versions, what is proposed, and the form for another one."""
    return _page(problem_for(actor(), number))


@bp.post("/problems/<number>/summary")
@signed_in
def write_summary(number: str) -> Any:
    """Give the summary a new version."""
    problem = problem_for(actor(), number)
    form = SummaryForm()
    voiced(form, problem)
    if not form.validate_on_submit():
        return _page(problem, 422, form=form)
    version = commands.write_summary(
        actor(),
        number,
        kind=form.kind,
        text=form.text.data or "",
        base=form.upon,
        sources=form.named,
        once=form.once.data,
    )
    return back(problem, "discussion", gettext("总结第 %(n)s 版放在讨论最上面了。", n=version.number), "summary")


@bp.post("/problems/<number>/summary/proposals")
@signed_in
def propose_summary(number: str) -> Any:
    """Propose another version of the summary."""
    problem = problem_for(actor(), number)
    form = SummaryForm()
    voiced(form, problem)
    if not form.validate_on_submit():
        return _page(problem, 422, form=form)
    commands.propose_summary(
        speaker(form), number, text=form.text.data or "", base=form.upon, sources=form.named, once=form.once.data
    )
    flash(gettext("提议收到了，主持人会采用，或者说明为什么不用。"))
    return _again(problem)


@bp.post("/summaries/<id:summary_id>/acceptance")
@signed_in
def accept_summary(summary_id: int) -> Any:
    """Make a proposed version the summary."""
    _, problem = summary_for(actor(), summary_id)
    version = commands.accept_summary(actor(), summary_id, base=id_field("base") or 0, once=request.form.get("once"))
    return back(problem, "discussion", gettext("采用了，现在是第 %(n)s 版。", n=version.number), "summary")


@bp.post("/summaries/<id:summary_id>/refusal")
@signed_in
def decline_summary(summary_id: int) -> Any:
    """Decline a proposed version."""
    _, problem = summary_for(actor(), summary_id)
    form = DeclineForm()
    if not form.validate_on_submit():
        return _page(problem, 422, declining={summary_id: form})
    commands.decline_summary(actor(), summary_id, reason=form.reason.data or "", once=form.once.data)
    flash(gettext("没有采用，理由已公开。"))
    return _again(problem)


@bp.post("/summaries/<id:summary_id>/endorsement")
@signed_in
def endorse_minutes(summary_id: int) -> Any:
    """Endorse minutes."""
    _, problem = summary_for(actor(), summary_id)
    commands.answer_minutes(actor(), summary_id, endorses=True, once=request.form.get("once"))
    return back(problem, "discussion", gettext("记下了：您赞成这份纪要。"), "summary")


@bp.post("/summaries/<id:summary_id>/objection")
@signed_in
def object_to_minutes(summary_id: int) -> Any:
    """Object to minutes, and say what is wrong."""
    _, problem = summary_for(actor(), summary_id)
    form = MinutesForm()
    voiced(form, problem)
    if not form.validate_on_submit():
        return _page(problem, 422, objection=form)
    commands.answer_minutes(
        speaker(form), summary_id, endorses=False, reason=form.reason.data or "", once=form.once.data
    )
    flash(gettext("记下了：您指出的问题和人数都公开。"))
    return _again(problem)


def _again(problem: Problem) -> Response:
    made: Any = redirect(url_for("threads.show_summary", number=problem.number), 303)
    return made  # type: ignore[no-any-return]


def _page(problem: Problem, status: int = 200, **forms: Any) -> Response:
    by, dossier = actor(), queries.dossier_of(problem)
    top = top_summary(problem.id)
    standing = summaries(problem.id, SummaryState.STANDING)
    chosen, pieces = _chosen(standing)
    current = top.latest.text if top.latest else ""
    waiting = [(each, changes_of(each, current)) for each in summaries(problem.id, SummaryState.PROPOSED)]
    minutes = top.minutes
    refusal = why_not_answer_minutes(by, dossier, minutes.kind, minutes.author_id) if minutes else None
    writes = why_not_write(by, dossier) is None
    return page(
        "threads/summary.html",
        status,
        problem=problem,
        summary=top,
        standing=standing,
        chosen=chosen,
        pieces=pieces,
        waiting=waiting,
        declined=summaries(problem.id, SummaryState.DECLINED),
        answers=answers_of(problem.id, minutes.id) if minutes else [],
        own=own_answer(by, top),
        writes=writes,
        why_not=why_not_propose(by, dossier, waiting=0),
        may_answer=minutes is not None and refusal is None,
        exact_times=by.inside(dossier.code),
        form=forms.get("form") or _empty(problem, top.latest),
        objection=forms.get("objection") or _objection(problem),
        declining=forms.get("declining", {}),
        empty_decline=DeclineForm(formdata=None),
    )


def _empty(problem: Problem, latest: SummaryShown | None) -> SummaryForm:
    form: Any = SummaryForm
    made: SummaryForm = form(
        formdata=None,
        text=latest.text if latest else "",
        base=str(latest.number if latest else 0),
        sources=" ".join(map(str, latest.sources)) if latest else "",
    )
    voiced(made, problem)
    return made


def _objection(problem: Problem) -> MinutesForm:
    form: Any = MinutesForm
    made: MinutesForm = form(formdata=None)
    voiced(made, problem)
    return made


def _chosen(standing: list[SummaryShown]) -> tuple[SummaryShown | None, Any]:
    """Return the version that the address asks for, and what it changed in the one before; the latest unless asked."""
    if not standing:
        return None, ()
    wanted = request.args.get("version", type=int) or standing[0].number
    shown = next((each for each in standing if each.number == wanted), None)
    if shown is None:
        raise NotFound
    before = next((each.text for each in standing if each.number == (shown.number or 0) - 1), "")
    return shown, changes_of(shown, before)
