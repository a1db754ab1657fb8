"""The way a problem takes: its picture and place, the steps, and the stamps of the official side."""

from __future__ import annotations

from typing import Any

from flask_babel import format_date, gettext

from cogov.cases.rules import CaseState
from cogov.decisions import queries as decisions
from cogov.front.acts import Reading
from cogov.front.dossier.reading import Dossier
from cogov.front.spot import place_of
from cogov.ground.deadlines import left
from cogov.ground.pages import moment, words
from cogov.problems.rules.ribbon import Standing, steps
from cogov.problems.rules.stages import Official, Stage


def way_of(dossier: Dossier) -> dict[str, Any]:
    """Return the picture, the place and the way the problem takes; readers of the place see the place exactly."""
    head = dossier.reading.head
    return {
        "number": dossier.problem.number,
        "ended": dossier.problem.stage is Stage.ENDED,
        "pictures": head.pictures,
        "grid_name": head.grid_name,
        "spot": place_of(dossier.problem, inside=dossier.inside),
        "steps": _steps(dossier),
        "stamps": _stamps(dossier.reading.case),
    }


def _steps(dossier: Dossier) -> list[dict[str, Any]]:
    problem, latest = dossier.problem, dossier.reading.latest
    standing = Standing(
        problem.lane,
        problem.stage,
        problem.official,
        problem.ending,
        decided=latest is not None,
        tasked=dossier.counts.tasks > 0,
    )
    return [
        {"key": step.key, "label": words(step.label), "state": step.state.value, "fact": step.fact}
        for step in steps(standing, _facts(dossier))
    ]


def _facts(dossier: Dossier) -> dict[str, str]:
    problem, counts = dossier.problem, dossier.counts
    facts = {"raise": format_date(problem.raised_at, gettext("MM-dd")), "decide": _vote_fact(dossier.reading)}
    if problem.stage is Stage.GATHERING and counts.concerns:
        facts["deliberate"] = gettext("顾虑 %(n)s/%(m)s", n=counts.concerns - counts.open_concerns, m=counts.concerns)
    if problem.stage is Stage.ACTING and counts.free_tasks:
        facts["claim"] = gettext("缺人 %(n)s", n=counts.free_tasks)
    if problem.official is not Official.NONE:
        facts["handle"] = gettext("正在办") if problem.official is Official.OPEN else gettext("已结案")
    if problem.stage is Stage.CONFIRMING:
        facts["confirm"] = gettext("等提出人")
    elif problem.ended_at is not None:
        facts["confirm"] = format_date(problem.ended_at, gettext("MM-dd"))
    return facts


def _vote_fact(reading: Reading) -> str:
    latest = reading.latest
    if latest is None:
        return ""
    if latest.phase is decisions.Phase.OPEN:
        return left(latest.closes_at, reading.at)[0]
    if latest.phase is decisions.Phase.COMING:
        return gettext("公示中")
    return str(format_date(latest.closes_at, gettext("MM-dd")))


def _stamps(case: Any) -> dict[str, Any]:
    if case.view is None or case.view.case.state is CaseState.REFUSED:
        return {"faces": [], "heading": ""}
    faces = [
        {
            "kind": face.kind.value,
            "label": words(face.label),
            "state": face.state,
            "who": words(face.who),
            "at": moment(face.at),
        }
        for face in case.view.stamps
    ]
    signed = sum(face["state"] == "signed" for face in faces)
    heading = gettext("官方办理 · 五章已盖 %(n)s 章", n=signed)
    return {"faces": faces, "heading": heading}
