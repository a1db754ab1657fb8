"""The tabs of a dossier, and the subject that is open."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import request
from flask_babel import gettext, pgettext

from cogov.decisions import queries as decisions
from cogov.front.dossier.reading import Dossier
from cogov.front.timeline import timeline_shown
from cogov.ground.pages import dossier_url, id_arg
from cogov.opinion.queries.panels import panel as opinion_panel
from cogov.problems.rules.stages import Stage
from cogov.tasks import queries as tasks
from cogov.threads import queries as threads
from cogov.threads.rules.speaking import ThreadTab

THREAD_TABS = {"discussion": ThreadTab.DISCUSSION, "concerns": ThreadTab.CONCERNS, "solutions": ThreadTab.SOLUTIONS}


def tab_asked(dossier: Dossier) -> str:
    """Return the tab that is asked for; what is no tab is the timeline."""
    asked = request.args.get("tab", "")
    handled = ["case"] if dossier.reading.case.view is not None else []
    known = {*THREAD_TABS, "opinion", "decisions", "tasks", *handled}
    return asked if asked in known else ""


def tabs_of(dossier: Dossier, tab: str) -> list[dict[str, Any]]:
    """Return the tabs with how much lies in each."""
    counts = dossier.counts
    concerns = f"{counts.concerns - counts.open_concerns}/{counts.concerns}" if counts.concerns else None
    items = [
        ("", gettext("经过"), None),
        ("discussion", gettext("讨论"), counts.messages or None),
        ("opinion", gettext("意见"), counts.statements or None),
        ("concerns", gettext("顾虑"), concerns),
        ("solutions", gettext("方案"), counts.solutions or None),
        ("decisions", pgettext("nav", "表决"), counts.decisions + counts.motions or None),
        ("tasks", pgettext("nav", "任务"), counts.tasks or None),
    ]
    if counts.cases:
        items.append(("case", gettext("案件"), counts.cases))
    # Where nothing more can be added, what is empty stays empty.
    if dossier.problem.hidden or dossier.problem.stage is Stage.ENDED:
        items = [item for item in items if item[2] is not None or item[0] in ("", tab)]
    return [
        {
            "url": dossier_url(dossier.problem.number, tab=key or None, _anchor="tab"),
            "text": text,
            "count": count,
            "current": key == tab,
        }
        for key, text, count in items
    ]


def subject(dossier: Dossier, tab: str) -> dict[str, Any]:
    """Return what the open tab shows; every other tab costs nothing."""
    by, problem = dossier.reading.by, dossier.problem
    before, after = id_arg("before"), id_arg("after")
    if tab in THREAD_TABS:
        panel = threads.panel(by, problem, THREAD_TABS[tab], before=before, after=after)
        return {"panel": panel, "panel_template": "threads/_panel.html"}
    if tab == "opinion":
        return {"panel": opinion_panel(by, problem), "panel_template": "opinion/_panel.html"}
    if tab == "decisions":
        return {"panel": decisions.panel(by, problem), "panel_template": "decisions/_panel.html"}
    if tab == "tasks":
        shown = tasks.panel(by, problem, before=before, after=after)
        return {"panel": shown, "panel_template": "tasks/_panel.html"}
    if tab == "case":
        return {"panel": dossier.reading.case, "panel_template": "cases/_panel.html"}
    # Made where it stands, so that the sheets it names keep their order.
    names = dossier.reading.head.names
    return {"panel": partial(timeline_shown, problem.id, problem.number, names, inside=dossier.inside)}
