"""The dossier of a problem: one address, one timeline, one subject a tab."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_babel import format_date, gettext, pgettext

from cogov.cases import queries as cases
from cogov.cases.rules import CaseState
from cogov.decisions import queries as decisions
from cogov.front.clocks import problem_clocks
from cogov.front.timeline import PAGE, shown
from cogov.ground.clock import now
from cogov.ground.pages import actor, dossier_url, id_arg, moment, page, words
from cogov.journal.reading import public_entries
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems import queries as problems
from cogov.problems.models import Problem
from cogov.problems.rules.ribbon import Standing, in_words, steps
from cogov.problems.rules.stages import Official, Stage
from cogov.tasks import queries as tasks
from cogov.threads import queries as threads
from cogov.threads.rules import ThreadTab

THREAD_TABS = {"discussion": ThreadTab.DISCUSSION, "concerns": ThreadTab.CONCERNS, "solutions": ThreadTab.SOLUTIONS}


def show_dossier(number: str) -> Response:
    """Show the dossier: where it stands and your act first, then one subject a tab."""
    by, at = actor(), now()
    problem = problems.problem_for(by, number)
    code = place_by_id(problem.community_id).code
    tab = request.args.get("tab", "")
    case = cases.panel(by, problem)
    latest = decisions.latest(problem.id)
    counts = threads.counts(problem.id)
    return page(
        "front/dossier.html",
        problem=problem,
        number=number,
        tab=tab,
        head=problems.panel(by, problem),
        steps=_steps(problem, latest),
        stage_words=in_words(_standing(problem, latest)),
        stamps=_stamps(case),
        clocks=problem_clocks(problem.id, code, at) if problem.stage is not Stage.ENDED else [],
        latest=latest,
        ballots_owed=decisions.ballots_owed(by, latest.id) if latest and by.person_id else 0,
        case_id=case.view.case.id if case.view else None,
        case_acts=[offer for offer in case.view.offers if offer.refusal is None] if case.view else [],
        tabs=_tabs(number, tab, counts, latest, case),
        **_subject(by, problem, code, tab, case),
    )


def _standing(problem: Problem, latest: Any) -> Standing:
    return Standing(
        problem.lane,
        problem.stage,
        problem.official,
        problem.ending,
        decided=latest is not None,
        tasked=tasks.any_tasks(problem.id),
    )


def _steps(problem: Problem, latest: Any) -> list[dict[str, Any]]:
    facts = {"raise": format_date(problem.raised_at, gettext("MM-dd"))}
    if problem.official is Official.OPEN:
        facts["handle"] = gettext("正在办")
    return [
        {"key": step.key, "label": words(step.label), "state": step.state.value, "fact": step.fact}
        for step in steps(_standing(problem, latest), facts)
    ]


def _stamps(case: Any) -> list[dict[str, Any]]:
    if case.view is None or case.view.case.state is CaseState.REFUSED:
        return []
    return [
        {
            "kind": face.kind.value,
            "label": words(face.label),
            "state": face.state,
            "who": words(face.who),
            "at": moment(face.at),
        }
        for face in case.view.stamps
    ]


def _tabs(number: str, tab: str, counts: Any, latest: Any, case: Any) -> list[dict[str, Any]]:
    concerns = f"{counts.concerns - counts.open_concerns}/{counts.concerns}" if counts.concerns else None
    items = [
        ("", gettext("经过"), None),
        ("discussion", gettext("讨论"), counts.messages),
        ("concerns", gettext("顾虑"), concerns),
        ("solutions", gettext("方案"), counts.solutions),
        ("decisions", pgettext("nav", "表决"), None),
        ("tasks", pgettext("nav", "任务"), None),
    ]
    if case.view is not None:
        items.append(("case", gettext("案件"), None))
    return [
        {
            "url": dossier_url(number, **({"tab": key} if key else {})),
            "text": text,
            "count": count,
            "current": key == tab,
        }
        for key, text, count in items
    ]


def _subject(by: Actor, problem: Problem, code: str, tab: str, case: Any) -> dict[str, Any]:
    """Return what the open tab shows; every other tab costs nothing."""
    before, after = id_arg("before"), id_arg("after")
    if tab in THREAD_TABS:
        panel = threads.panel(by, problem, THREAD_TABS[tab], before=before, after=after)
        return {"panel": panel, "panel_template": "threads/_panel.html"}
    if tab == "decisions":
        return {"panel": decisions.panel(by, problem), "panel_template": "decisions/_panel.html"}
    if tab == "tasks":
        return {"panel": tasks.panel(by, problem), "panel_template": "tasks/_panel.html"}
    if tab == "case" and case.view is not None:
        return {"panel": case, "panel_template": "cases/_panel.html"}
    return {"panel_template": "front/_timeline.html", **_timeline(by, problem, code, before)}


def _timeline(by: Actor, problem: Problem, code: str, before: int | None) -> dict[str, Any]:
    entries = public_entries(problem.id, before, PAGE + 1)
    more = len(entries) > PAGE
    entries = entries[:PAGE]
    older = url_for("front.dossier", number=problem.number, before=entries[-1].number) if more else ""
    return {"entries": shown(by, code, entries, problems.names_on(problem.id)), "older_url": older}
