"""What is at stake for who speaks, what they promise, and what those say who disagree, on pages."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext

from cogov.ground.pages import actor, id_arg, open_to_all, page, signed_in
from cogov.ground.refusals import insist
from cogov.journal.kept import kept_for_anyone
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for, why_not_taken
from cogov.problems.rules.phases import Part
from cogov.threads import commands, queries
from cogov.threads.forms.speaking import OnceForm
from cogov.threads.forms.stakes import InterestForm, MinorityForm, PledgeForm
from cogov.threads.queries.interests import own_interest
from cogov.threads.queries.outcomes import (
    minority_of,
    minority_shown,
    opinion_for,
    outcome_for,
    outcome_shown,
    outcomes,
    signers_of,
)
from cogov.threads.queries.pledges import pledge_for, pledge_sums, pledges
from cogov.threads.rules.pledges import PledgeKind
from cogov.threads.rules.speaking import as_who, why_not_speak
from cogov.threads.views.current import back, bp, speaker, voiced


@bp.get("/problems/<number>/interest")
@signed_in
def interest(number: str) -> Response:
    """Show the form in which one says what is at stake for oneself."""
    by = actor()
    problem = problem_for(by, number)
    dossier = queries.dossier_of(problem)
    insist(why_not_speak(by, dossier))
    voice = as_who(by, dossier.code) or by
    stated = own_interest(by, problem.id, voice.organization_id)
    form = InterestForm(kind=stated.kind.value, words=stated.words) if stated else InterestForm()
    voiced(form, problem)
    return page("threads/interest.html", form=form, problem=problem, stated=stated)


@bp.post("/problems/<number>/interest")
@signed_in
def state_interest(number: str) -> Any:
    """Say what is at stake for oneself."""
    problem = problem_for(actor(), number)
    form = InterestForm()
    voiced(form, problem)
    if not form.validate_on_submit():
        return page("threads/interest.html", 422, form=form, problem=problem, stated=None)
    commands.state_interest(speaker(form), number, kind=form.chosen, words=form.words.data or "", once=form.once.data)
    said = gettext("已标在您的发言旁边。") if form.chosen else gettext("不再标明。")
    return back(problem, "discussion", said)


# Pledges -------------------------------------------------------------------------------------------------------------


@bp.get("/problems/<number>/pledges")
@open_to_all
@kept_for_anyone
def show_pledges(number: str) -> Response:
    """Show what is promised and what became of it, and the form for one more."""
    problem = problem_for(actor(), number)
    form = PledgeForm()
    _offer(form, problem)
    return _pledges(problem, form)


@bp.post("/problems/<number>/pledges")
@signed_in
def make_pledge(number: str) -> Any:
    """Promise something."""
    problem = problem_for(actor(), number)
    form = PledgeForm()
    _offer(form, problem)
    if not form.validate_on_submit():
        return _pledges(problem, form, 422)
    commands.make_pledge(
        speaker(form),
        number,
        kind=PledgeKind(form.kind.data),
        amount=form.number,
        what=form.what.data or "",
        solution_id=form.about,
        once=form.once.data,
    )
    flash(gettext("承诺已公开。方案通过后会告诉您。"))
    return redirect(url_for("threads.show_pledges", number=number), 303)


def _offer(form: PledgeForm, problem: Problem) -> None:
    voiced(form, problem)
    form.offer(queries.solutions(problem.id))


def _pledges(problem: Problem, form: PledgeForm, status: int = 200) -> Response:
    by = actor()
    dossier = queries.dossier_of(problem)
    return page(
        "threads/pledges.html",
        status,
        form=form,
        problem=problem,
        pledges=pledges(by, problem.id, dossier, before=id_arg("before"), after=id_arg("after")),
        sums=pledge_sums(problem.id),
        exact_times=by.inside(dossier.code),
        why_not=why_not_speak(by, dossier) or why_not_taken(problem, Part.PLEDGES),
    )


@bp.post("/pledges/<id:pledge_id>/keeping")
@signed_in
def keep_pledge(pledge_id: int) -> Any:
    """Say that a pledge was kept."""
    _, problem = pledge_for(actor(), pledge_id)
    commands.keep_pledge(actor(), pledge_id, once=OnceForm().once.data)
    flash(gettext("已记下：承诺兑现了。"))
    return redirect(url_for("threads.show_pledges", number=problem.number), 303)


@bp.post("/pledges/<id:pledge_id>/withdrawal")
@signed_in
def withdraw_pledge(pledge_id: int) -> Any:
    """Take a pledge back."""
    _, problem = pledge_for(actor(), pledge_id)
    commands.withdraw_pledge(actor(), pledge_id, once=OnceForm().once.data)
    flash(gettext("承诺已撤回。"))
    return redirect(url_for("threads.show_pledges", number=problem.number), 303)


# Minority opinions ---------------------------------------------------------------------------------------------------


@bp.get("/problems/<number>/outcomes")
@open_to_all
@kept_for_anyone
def show_outcomes(number: str) -> Response:
    """Show what came out, and beside it what those say who disagree."""
    by = actor()
    problem = problem_for(by, number)
    exact = by.inside(queries.dossier_of(problem).code)
    return page("threads/outcomes.html", problem=problem, outcomes=outcomes(by, problem), exact_times=exact)


@bp.get("/outcomes/<id:outcome_id>/opinions")
@open_to_all
@kept_for_anyone
def list_minority(outcome_id: int) -> Response:
    """Show the minority opinions beside an outcome, page by page."""
    by = actor()
    outcome, problem = outcome_for(by, outcome_id)
    opinions = minority_of(by, outcome, problem, before=id_arg("before"), after=id_arg("after"))
    shown, exact = outcome_shown(by, outcome, problem), by.inside(queries.dossier_of(problem).code)
    return page("threads/opinions.html", problem=problem, outcome=shown, opinions=opinions, exact_times=exact)


@bp.get("/minority/<id:opinion_id>")
@open_to_all
@kept_for_anyone
def show_minority(opinion_id: int) -> Response:
    """Show one minority opinion with all who signed it."""
    by = actor()
    opinion, outcome, problem = opinion_for(by, opinion_id)
    return page(
        "threads/opinion.html",
        problem=problem,
        outcome=outcome_shown(by, outcome, problem),
        opinion=minority_shown(by, opinion, outcome, problem),
        signers=signers_of(problem, opinion, before=id_arg("before"), after=id_arg("after")),
        exact_times=by.inside(queries.dossier_of(problem).code),
    )


@bp.get("/outcomes/<id:outcome_id>/minority")
@signed_in
def new_minority(outcome_id: int) -> Response:
    """Show the form for a minority opinion."""
    _, problem = outcome_for(actor(), outcome_id)
    form = MinorityForm()
    voiced(form, problem)
    return page("threads/minority.html", form=form, problem=problem)


@bp.post("/outcomes/<id:outcome_id>/minority")
@signed_in
def file_minority(outcome_id: int) -> Any:
    """Put a minority opinion beside an outcome."""
    _, problem = outcome_for(actor(), outcome_id)
    form = MinorityForm()
    voiced(form, problem)
    if not form.validate_on_submit():
        return page("threads/minority.html", 422, form=form, problem=problem)
    filed = commands.file_minority(speaker(form), outcome_id, text=form.text.data or "", once=form.once.data)
    return _to_opinion(filed.id, gettext("少数意见已记在结果旁边。"))


@bp.post("/minority/<id:opinion_id>/signature")
@signed_in
def sign_minority(opinion_id: int) -> Any:
    """Sign a minority opinion."""
    commands.sign_minority(actor(), opinion_id, once=OnceForm().once.data)
    return _to_opinion(opinion_id, gettext("已署名。"))


@bp.post("/minority/<id:opinion_id>/signature/withdrawal")
@signed_in
def unsign_minority(opinion_id: int) -> Any:
    """Take one's name from a minority opinion."""
    commands.unsign_minority(actor(), opinion_id, once=OnceForm().once.data)
    return _to_opinion(opinion_id, gettext("署名已撤回。"))


def _to_opinion(opinion_id: int, said: str) -> Any:
    flash(said)
    return redirect(url_for("threads.show_minority", opinion_id=opinion_id), 303)
