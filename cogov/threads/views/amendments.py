"""Changes to solutions, endorsements, stakes and pledges on pages."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext

from cogov.ground.pages import actor, open_to_all, page, signed_in
from cogov.ground.refusals import insist
from cogov.journal.kept import kept_for_anyone
from cogov.threads import commands, queries
from cogov.threads.forms.solutions import AmendmentAnswerForm, AmendmentForm, PromotionForm, filled
from cogov.threads.forms.speaking import OnceForm
from cogov.threads.queries.amendments import amendment_for, amendment_shown, amendments
from cogov.threads.rules.speaking import why_not_speak
from cogov.threads.views.current import back, bp, speaker, voiced


@bp.get("/solutions/<id:solution_id>/amendments")
@open_to_all
@kept_for_anyone
def show_amendments(solution_id: int) -> Response:
    """Show the changes that were proposed to a solution, with what each would change."""
    by = actor()
    solution, problem = queries.solution_for(by, solution_id)
    dossier = queries.dossier_of(problem)
    return page(
        "threads/amendments.html",
        problem=problem,
        latest=queries.latest_version(solution),
        amendments=amendments(by, solution, dossier),
        exact_times=by.inside(dossier.code),
        why_not=why_not_speak(by, dossier),
    )


@bp.get("/solutions/<id:solution_id>/amendments/new")
@signed_in
def new_amendment(solution_id: int) -> Response:
    """Show the form for a change, filled with what the solution says now."""
    solution, problem = queries.solution_for(actor(), solution_id)
    insist(why_not_speak(actor(), queries.dossier_of(problem)))
    latest = queries.latest_version(solution)
    form = filled(AmendmentForm, latest.content)
    voiced(form, problem)
    return page("threads/new_amendment.html", form=form, problem=problem, latest=latest)


@bp.post("/solutions/<id:solution_id>/amendments")
@signed_in
def propose_amendment(solution_id: int) -> Any:
    """Propose a change."""
    solution, problem = queries.solution_for(actor(), solution_id)
    form = AmendmentForm()
    voiced(form, problem)
    if not form.validate_on_submit():
        latest = queries.latest_version(solution)
        return page("threads/new_amendment.html", 422, form=form, problem=problem, latest=latest)
    amendment = commands.propose_amendment(
        speaker(form), solution.id, content=form.content, why=form.why.data or "", once=form.once.data
    )
    flash(gettext("修改已公开，等提案人答复。"))
    return redirect(url_for("threads.show_amendment", amendment_id=amendment.id), 303)


@bp.get("/amendments/<id:amendment_id>")
@open_to_all
@kept_for_anyone
def show_amendment(amendment_id: int) -> Response:
    """Show one change, and what the reader may do with it."""
    return _amendment(amendment_id, AmendmentAnswerForm(), None)


def _amendment(
    amendment_id: int, form: AmendmentAnswerForm, promotion: PromotionForm | None, status: int = 200
) -> Response:
    by = actor()
    amendment, solution, problem = amendment_for(by, amendment_id)
    dossier = queries.dossier_of(problem)
    return page(
        "threads/amendment.html",
        status,
        form=form,
        promotion=promotion or PromotionForm(title=amendment.title),
        problem=problem,
        solution=solution,
        amendment=amendment_shown(by, amendment, solution, dossier),
        exact_times=by.inside(dossier.code),
    )


@bp.post("/amendments/<id:amendment_id>/acceptance")
@signed_in
def accept_amendment(amendment_id: int) -> Any:
    """Take a change in."""
    form = AmendmentAnswerForm()
    if not form.validate_on_submit():
        return _amendment(amendment_id, form, None, 422)
    _, solution, problem = amendment_for(actor(), amendment_id)
    done = commands.accept_amendment(actor(), amendment_id, words=form.words.data or "", once=form.once.data)
    said = gettext("已采用，方案 %(n)s 有了第 %(v)s 版。", n=solution.number, v=done.became_version)
    return back(problem, "solutions", said, f"solution-{solution.number}")


@bp.post("/amendments/<id:amendment_id>/rejection")
@signed_in
def reject_amendment(amendment_id: int) -> Any:
    """Turn a change down."""
    form = AmendmentAnswerForm()
    if not form.validate_on_submit():
        return _amendment(amendment_id, form, None, 422)
    commands.reject_amendment(actor(), amendment_id, words=form.words.data or "", once=form.once.data)
    flash(gettext("已答复，理由公开。提修改的人可以另立方案。"))
    return redirect(url_for("threads.show_amendment", amendment_id=amendment_id), 303)


@bp.post("/amendments/<id:amendment_id>/promotion")
@signed_in
def promote_amendment(amendment_id: int) -> Any:
    """Make a solution of its own of a change."""
    form = PromotionForm()
    if not form.validate_on_submit():
        return _amendment(amendment_id, AmendmentAnswerForm(), form, 422)
    _, _, problem = amendment_for(actor(), amendment_id)
    solution = commands.promote_amendment(actor(), amendment_id, title=form.title.data or "", once=form.once.data)
    return back(problem, "solutions", gettext("已另立为方案 %(n)s。", n=solution.number), f"solution-{solution.number}")


@bp.post("/amendments/<id:amendment_id>/withdrawal")
@signed_in
def withdraw_amendment(amendment_id: int) -> Any:
    """Take a change back."""
    commands.withdraw_amendment(actor(), amendment_id, once=OnceForm().once.data)
    flash(gettext("修改已撤回。"))
    return redirect(url_for("threads.show_amendment", amendment_id=amendment_id), 303)


# Endorsements --------------------------------------------------------------------------------------------------------


@bp.post("/solutions/<id:solution_id>/endorsement")
@signed_in
def endorse_solution(solution_id: int) -> Any:
    """Stand behind a solution, for an organization."""
    solution, problem = queries.solution_for(actor(), solution_id)
    commands.endorse_solution(actor(), solution_id, once=OnceForm().once.data)
    said = gettext("已记下：您的单位赞同方案 %(n)s。", n=solution.number)
    return back(problem, "solutions", said, f"solution-{solution.number}")


@bp.post("/solutions/<id:solution_id>/endorsement/withdrawal")
@signed_in
def withdraw_endorsement(solution_id: int) -> Any:
    """Take an endorsement back."""
    solution, problem = queries.solution_for(actor(), solution_id)
    commands.withdraw_endorsement(actor(), solution_id, once=OnceForm().once.data)
    return back(problem, "solutions", gettext("赞同已撤回。"), f"solution-{solution.number}")
