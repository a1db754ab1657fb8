"""Concerns, their answers and overrulings on pages."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_babel import gettext

from cogov.ground.pages import actor, page, signed_in
from cogov.ground.refusals import insist
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for
from cogov.threads import commands, queries
from cogov.threads.forms.concerns import AnswerForm, ConcernForm, OverrulingForm
from cogov.threads.forms.speaking import OnceForm
from cogov.threads.models import Concern
from cogov.threads.queries.concerns import ConcernShown, shown_concerns
from cogov.threads.rules.speaking import why_not_speak
from cogov.threads.views.current import back, bp, speaker, voiced


@bp.get("/problems/<number>/concerns")
@signed_in
def new_concern(number: str) -> Response:
    """Show the form for a concern."""
    problem = problem_for(actor(), number)
    insist(why_not_speak(actor(), queries.dossier_of(problem)))
    form = ConcernForm()
    voiced(form, problem)
    form.offer(queries.solutions(problem.id))
    return page("threads/new_concern.html", form=form, problem=problem)


@bp.post("/problems/<number>/concerns")
@signed_in
def raise_concern(number: str) -> Any:
    """Raise a concern."""
    problem = problem_for(actor(), number)
    form = ConcernForm()
    voiced(form, problem)
    form.offer(queries.solutions(problem.id))
    if not form.validate_on_submit():
        return page("threads/new_concern.html", 422, form=form, problem=problem)
    concern = commands.raise_concern(
        speaker(form),
        number,
        harm=form.harm.data or "",
        remedy=form.remedy.data or "",
        solution_id=form.about,
        once=form.once.data,
    )
    return back(problem, "concerns", gettext("顾虑已登记，答复期限开始计算。"), f"concern-{concern.number}")


def _concern(concern_id: int) -> tuple[Concern, Problem, ConcernShown]:
    concern, problem = queries.concern_for(actor(), concern_id)
    (shown,) = shown_concerns(actor(), problem.id, queries.dossier_of(problem), [concern])
    return concern, problem, shown


@bp.get("/concerns/<id:concern_id>/answer")
@signed_in
def new_answer(concern_id: int) -> Response:
    """Show the form for an answer."""
    _, problem, shown = _concern(concern_id)
    insist(shown.why_not_answer)
    form = AnswerForm()
    voiced(form, problem)
    form.offer(queries.solutions(problem.id))
    return page("threads/answer.html", form=form, problem=problem, concern=shown)


@bp.post("/concerns/<id:concern_id>/answer")
@signed_in
def answer_concern(concern_id: int) -> Any:
    """Answer a concern."""
    concern, problem, shown = _concern(concern_id)
    form = AnswerForm()
    voiced(form, problem)
    form.offer(queries.solutions(problem.id))
    if not form.validate_on_submit():
        return page("threads/answer.html", 422, form=form, problem=problem, concern=shown)
    version = int(form.version.data) if form.version.data else None
    commands.answer_concern(
        speaker(form), concern.id, text=form.text.data or "", solution_version_id=version, once=form.once.data
    )
    return back(problem, "concerns", gettext("答复已公开在卷宗里。"), f"concern-{concern.number}")


@bp.get("/concerns/<id:concern_id>/overruling")
@signed_in
def new_overruling(concern_id: int) -> Response:
    """Show the form for the chair's reason."""
    _, problem, shown = _concern(concern_id)
    insist(shown.why_not_overrule)
    return page("threads/overruling.html", form=OverrulingForm(), problem=problem, concern=shown)


@bp.post("/concerns/<id:concern_id>/overruling")
@signed_in
def propose_overruling(concern_id: int) -> Any:
    """Propose to overrule a concern."""
    concern, problem, shown = _concern(concern_id)
    form = OverrulingForm()
    if not form.validate_on_submit():
        return page("threads/overruling.html", 422, form=form, problem=problem, concern=shown)
    commands.propose_overruling(actor(), concern.id, reason=form.reason.data or "", once=form.once.data)
    return back(problem, "concerns", gettext("已提出不采纳，等第二个人同意。"), f"concern-{concern.number}")


@bp.post("/concerns/<id:concern_id>/overruling/agreement")
@signed_in
def agree_overruling(concern_id: int) -> Any:
    """Agree to overrule a concern."""
    concern, problem = queries.concern_for(actor(), concern_id)
    commands.agree_overruling(actor(), concern.id, once=OnceForm().once.data)
    return back(
        problem, "concerns", gettext("已记录：这条顾虑不采纳，两个人的名字都在案。"), f"concern-{concern.number}"
    )


@bp.post("/concerns/<id:concern_id>/withdrawal")
@signed_in
def withdraw_concern(concern_id: int) -> Any:
    """Take a concern back."""
    concern, problem = queries.concern_for(actor(), concern_id)
    commands.withdraw_concern(actor(), concern.id, once=OnceForm().once.data)
    return back(problem, "concerns", gettext("顾虑已撤回。"), f"concern-{concern.number}")
