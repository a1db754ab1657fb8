"""Solutions and their versions on pages."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_babel import gettext

from cogov.ground.pages import actor, open_to_all, page, signed_in
from cogov.ground.refusals import insist
from cogov.journal.kept import kept_for_anyone
from cogov.problems.queries import problem_for
from cogov.threads import commands, queries
from cogov.threads.forms.solutions import SolutionForm, filled
from cogov.threads.queries.amendments import credited
from cogov.threads.queries.pledges import pledge_sums
from cogov.threads.queries.solutions import compared
from cogov.threads.rules.solutions import why_not_revise
from cogov.threads.rules.speaking import why_not_speak
from cogov.threads.views.current import back, between, bp, speaker, voiced


@bp.get("/problems/<number>/solutions")
@signed_in
def new_solution(number: str) -> Response:
    """Show the form for a solution."""
    problem = problem_for(actor(), number)
    insist(why_not_speak(actor(), queries.dossier_of(problem)))
    form = SolutionForm()
    voiced(form, problem)
    return page("threads/new_solution.html", form=form, problem=problem)


@bp.post("/problems/<number>/solutions")
@signed_in
def propose_solution(number: str) -> Any:
    """Propose a solution."""
    problem = problem_for(actor(), number)
    form = SolutionForm()
    voiced(form, problem)
    if not form.validate_on_submit():
        return page("threads/new_solution.html", 422, form=form, problem=problem)
    solution = commands.propose_solution(
        speaker(form),
        number,
        **form.said,
        once=form.once.data,
    )
    return back(problem, "solutions", gettext("方案已公开在卷宗里。"), f"solution-{solution.number}")


@bp.get("/solutions/<id:solution_id>/versions")
@open_to_all
@kept_for_anyone
def show_versions(solution_id: int) -> Response:
    """Show a solution with its versions, and the form for a new one."""
    return _versions_page(solution_id, None)


@bp.post("/solutions/<id:solution_id>/versions")
@signed_in
def revise_solution(solution_id: int) -> Any:
    """Give a solution a new version."""
    solution, problem = queries.solution_for(actor(), solution_id)
    form = SolutionForm()
    voiced(form, problem)
    if not form.validate_on_submit():
        return _versions_page(solution_id, form, 422)
    version = commands.revise_solution(
        speaker(form),
        solution.id,
        **form.said,
        once=form.once.data,
    )
    said = gettext("方案 %(n)s 有了第 %(v)s 版。", n=solution.number, v=version.version)
    return back(problem, "solutions", said, f"solution-{solution.number}")


def _versions_page(solution_id: int, form: SolutionForm | None, status: int = 200) -> Response:
    by = actor()
    solution, problem = queries.solution_for(by, solution_id)
    shown = queries.solution_versions(solution, before=between()["before"])
    latest = queries.latest_version(solution)
    dossier = queries.dossier_of(problem)
    if form is None:
        form = filled(SolutionForm, latest.content)
        voiced(form, problem)
    return page(
        "threads/versions.html",
        status,
        form=form,
        problem=problem,
        latest=latest,
        versions=shown,
        credited=credited(solution.id),
        exact_times=by.inside(dossier.code),
        why_not=why_not_revise(by, dossier, author_id=solution.person_id),
    )


@bp.get("/problems/<number>/comparison")
@open_to_all
@kept_for_anyone
def compare(number: str) -> Response:
    """Show every solution side by side, as it also stands on paper."""
    by = actor()
    problem = problem_for(by, number)
    dossier = queries.dossier_of(problem)
    return page(
        "threads/comparison.html",
        problem=problem,
        solutions=compared(by, problem.id, dossier),
        sums=pledge_sums(problem.id),
        exact_times=by.inside(dossier.code),
    )
