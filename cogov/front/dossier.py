"""The dossier of a problem: one address, one timeline, one subject a tab."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response, request
from flask_babel import format_date, get_locale, gettext, pgettext
from markupsafe import Markup

from cogov.cases import queries as cases
from cogov.cases.rules import CaseState
from cogov.decisions import queries as decisions
from cogov.decisions.views.shown import running_gauges
from cogov.files.models import Picture
from cogov.front.acts import Reading, next_acts, nothing_to_do, pictures_after
from cogov.front.clocks import problem_clocks
from cogov.front.counts import Counts, counts_of
from cogov.front.printed import printed
from cogov.front.spot import place_of
from cogov.front.timeline import timeline_shown
from cogov.ground.clock import now
from cogov.ground.deadlines import left
from cogov.ground.pages import actor, dossier_url, id_arg, moment, page, words
from cogov.journal.kept import kept, part
from cogov.opinion.queries.panels import panel as opinion_panel
from cogov.people.queries import organization_names
from cogov.places.queries import place_by_id
from cogov.problems import queries as problems
from cogov.problems.models import Problem
from cogov.problems.rules.following import LEVELS, FollowLevel
from cogov.problems.rules.names import RULES
from cogov.problems.rules.pictures import why_not_cover
from cogov.problems.rules.ribbon import ENDING_WORDS, STAGE_WORDS, Standing, steps
from cogov.problems.rules.stages import Official, Stage
from cogov.tasks import queries as tasks
from cogov.threads import queries as threads
from cogov.threads.queries.outcomes import dissent
from cogov.threads.rules.speaking import ThreadTab, why_not_speak

THREAD_TABS = {"discussion": ThreadTab.DISCUSSION, "concerns": ThreadTab.CONCERNS, "solutions": ThreadTab.SOLUTIONS}
LONG = 160


@dataclass(frozen=True)
class Dossier:
    """What every part of the page is made from, read once."""

    reading: Reading
    code: str
    inside: bool
    """Whether the reader is of the place; others learn places by grid and residents' times by day."""

    @property
    def problem(self) -> Problem:
        """The problem itself."""
        return self.reading.problem

    @property
    def counts(self) -> Counts:
        """How much hangs on it."""
        return self.reading.counts


def show_dossier(number: str) -> Response:
    """Show the dossier: where it stands and your act first, then one subject a tab; or all of it, for paper."""
    dossier = _read(number)
    reading, problem = dossier.reading, dossier.problem
    context: dict[str, Any] = {
        "problem": problem,
        "number": number,
        "head": reading.head,
        "inside": dossier.inside,
        "covers": [picture.id for picture in reading.head.pictures if _may_cover(reading, picture)],
        **(shared := _shared(dossier)),
    }
    if request.args.get("print") == "1":
        context |= _loop(dossier)
        return page("front/printed.html", **context, **printed(reading, inside=dossier.inside))
    acts = next_acts(reading)
    tab = _tab(dossier)
    return page(
        "front/dossier.html",
        **context,
        tab=tab,
        tools=partial(_tools_shown, dossier),
        first=partial(_first_shown, dossier, acts),
        **_same_for_all(dossier, shared, tab),
        margin=partial(_margin_shown, dossier, shared, context["covers"], acts),
        latest=reading.counts.latest,
        speaks=why_not_speak(reading.by, threads.dossier_of(problem)) is None,
        **_subject(dossier, tab),
    )


def _shared(dossier: Dossier) -> dict[str, Any]:
    """Return what the page says in words and is the same for every reader of a language."""
    problem, reading = dossier.problem, dossier.reading
    ended = problem.stage is Stage.ENDED
    return kept(
        ("dossier", problem.id, str(get_locale())),
        lambda: {
            "raised_by": _raised_by(problem, reading.head),
            "told": _told(problem),
            "pills": _pills(problem),
            "clocks": [] if ended else problem_clocks(problem.id, dossier.code, reading.at),
            "vote": _vote(reading),
            "voices": _voices(dossier),
            "leeway": problems.leeway_of(problem.id),
            "dissent": dissent(problem.id),
        },
        of=problem.id,
    )


def _loop(dossier: Dossier) -> dict[str, Any]:
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


def _same_for_all(dossier: Dossier, shared: dict[str, Any], tab: str) -> dict[str, Any]:
    """Return the parts that say nothing of their reader but whether the place is theirs, drawn where they stand."""
    problem, inside = dossier.problem, dossier.inside
    known = {"problem": problem, "number": problem.number, "head": dossier.reading.head, "inside": inside, **shared}

    def drawn(name: str, make: Callable[[], dict[str, Any]], *which: Hashable) -> Callable[[], Markup]:
        return partial(part, (name, problem.id, *which), f"front/_{name}.html", make, of=problem.id)

    return {
        "above": drawn("above", lambda: known, inside),
        "heading": drawn("heading", lambda: known),
        "needs": drawn("needs", lambda: known | _loop(dossier), inside),
        "clock": drawn("clock", lambda: known),
        "tabs": drawn("tabs", lambda: {"tabs": _tabs(dossier, tab)}, tab),
    }


def _tools_shown(dossier: Dossier) -> Markup:
    """Return the tools, drawn once for all who hear as much of the problem."""
    reading, problem = dossier.reading, dossier.problem
    somebody = reading.by.person_id is not None
    known = {"number": problem.number, "somebody": somebody}
    key = ("tools", problem.id, somebody, reading.head.level)
    return part(key, "front/_tools.html", lambda: known | {"follow": _follow(reading)}, of=problem.id)


def _first_shown(dossier: Dossier, acts: list[dict[str, Any]]) -> Markup:
    """Return what a reader may do here, drawn once for all who may do the same; all that differs is in the key."""
    reading, head, problem = dossier.reading, dossier.reading.head, dossier.problem
    somebody, nothing = reading.by.person_id is not None, "" if acts else nothing_to_do(reading)
    allowed = tuple(act for act, refusal in head.acts.items() if refusal is None)
    waits = repr(head.refusal("conclude")) if head.waits_to_conclude else ""
    key = ("first", problem.id, somebody, nothing, repr(acts), allowed, head.talks, waits)

    def first() -> dict[str, Any]:
        after = pictures_after(reading.case)
        known = {"problem": problem, "number": problem.number, "head": head, "acts": acts, "nothing": nothing}
        return known | {"somebody": somebody, "after": after}

    return part(key, "front/_first.html", first, of=problem.id)


def _read(number: str) -> Dossier:
    by, at = actor(), now()
    problem = problems.problem_for(by, number)
    code = place_by_id(problem.community_id).code
    counts = counts_of(problem.id)
    latest = decisions.latest(problem.id) if counts.decisions else None
    owed = decisions.ballots_owed(by, latest.id) if latest and by.person_id else 0
    reading = Reading(
        by=by,
        problem=problem,
        head=problems.panel(by, problem),
        counts=counts,
        latest=latest,
        ballots_owed=owed,
        case=cases.panel(by, problem) if counts.cases else cases.Panel(None, ()),
        at=at,
    )
    return Dossier(reading, code, by.inside(code))


# The head -------------------------------------------------------------------------------------------------------------


def _raised_by(problem: Problem, head: Any) -> str:
    day = format_date(problem.raised_at, gettext("M月d日"))
    if problem.organization_id is not None:
        name = organization_names([problem.organization_id])[problem.organization_id].name
    elif head.raiser_ordinals:
        name = gettext("住户 %(n)s", n=head.raiser_ordinals[0])
    else:
        name = gettext("一位住户")
    return gettext("%(day)s由 %(name)s 提出", day=day, name=name)


def _told(problem: Problem) -> dict[str, str]:
    """Return what the title does not say yet: it often is the first sentence of the words."""
    text = problem.text.strip()
    if text.startswith(problem.title):
        text = text[len(problem.title) :].lstrip("。！？!?;；,， \n")
    if len(text) <= LONG:
        return {"short": text, "rest": ""}
    return {"short": text[:LONG].rstrip() + "…", "rest": text}


_STAGE_ICONS = {
    Stage.RAISED: "route",
    Stage.GATHERING: "messages",
    Stage.DECIDING: "checkbox",
    Stage.ACTING: "clipboard-check",
    Stage.OFFICIAL: "building-bank",
    Stage.MEDIATING: "users",
    Stage.CONFIRMING: "help-circle",
    Stage.ENDED: "flag",
}


def _pills(problem: Problem) -> list[dict[str, str]]:
    ours = STAGE_WORDS[problem.stage] if problem.ending is None else ENDING_WORDS[problem.ending]
    theirs = problem.stage is Stage.OFFICIAL
    pills = [{"kind": "body" if theirs else "ours", "icon": _STAGE_ICONS[problem.stage], "text": words(ours)}]
    if problem.official is Official.OPEN and not theirs:
        pills.append({"kind": "body", "icon": "building-bank", "text": gettext("官方办理中")})
    if problem.official is Official.CLOSED and problem.stage is not Stage.ENDED:
        pills.append({"kind": "body", "icon": "building-bank", "text": gettext("官方已结案")})
    if problem.hidden:
        pills.append({"kind": "plain", "icon": "eye-off", "text": gettext("不公开")})
    if problem.round > 1:
        pills.append({"kind": "time", "icon": "refresh", "text": gettext("第 %(n)s 轮", n=problem.round)})
    return pills


def _may_cover(reading: Reading, picture: Picture) -> bool:
    took_it = picture.uploaded_by == reading.by.person_id
    return why_not_cover(reading.by, reading.head.facts, took_it=took_it) is None


def _follow(reading: Reading) -> dict[str, Any]:
    level = reading.head.level
    return {
        "on": level is not FollowLevel.NONE,
        "text": {FollowLevel.ALL: gettext("已关注"), FollowLevel.NEEDS: gettext("安静关注")}.get(
            level, gettext("关注")
        ),
        "levels": [
            {"value": each.value, "text": words(text), "current": each is level} for each, text in LEVELS.items()
        ],
    }


# The loop -------------------------------------------------------------------------------------------------------------


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


# The margin -----------------------------------------------------------------------------------------------------------


def _margin_shown(dossier: Dossier, shared: dict[str, Any], covers: list[int], acts: list[dict[str, Any]]) -> Markup:
    """Return what stands beside the dossier: the same for all who may cover the same pictures and vote as well."""
    problem, head = dossier.problem, dossier.reading.head
    asked_for = any(act["pill"]["icon"] == "checkbox" for act in acts)

    def margin() -> dict[str, Any]:
        return {
            "number": problem.number,
            "head": head,
            "covers": covers,
            "asked_for": asked_for,
            "clocks": shared["clocks"],
            "vote": shared["vote"],
            "voices": shared["voices"],
            "holder": _holder(head, shared["clocks"]) if problem.stage is not Stage.ENDED else None,
        }

    return part(("margin", problem.id, asked_for, *covers), "front/_margin.html", margin, of=problem.id)


def _holder(head: Any, clocks: list[dict[str, Any]]) -> dict[str, str] | None:
    """Return who answers for the problem, unless a clock has said so."""
    if any(clock["holder"] and clock["holder"]["name"] == head.accountable.name for clock in clocks):
        return None
    title = gettext("居民这边由谁负责") if clocks else gettext("现在由谁负责")
    return {"title": title, "name": head.accountable.name, "contact": head.accountable.contact}


def _vote(reading: Reading) -> dict[str, Any] | None:
    latest = reading.latest
    if latest is None:
        return None
    text, level = left(latest.closes_at, reading.at) if latest.phase is decisions.Phase.OPEN else ("", "calm")
    return {
        "id": latest.id,
        "question": latest.question,
        "line": words(latest.line),
        "force": words(latest.force),
        "gauges": running_gauges(latest, latest.turnout) if latest.turnout is not None else [],
        "due_text": text,
        "level": level,
        "over": latest.verdict is not None,
    }


def _voices(dossier: Dossier) -> list[dict[str, str]]:
    """Return opinions, ballots and the decision, each by itself: they are never added together."""
    latest, triage, speakers = dossier.reading.latest, dossier.reading.head.triage, dossier.counts.speakers
    if latest is None and not speakers:
        return []
    opinions = gettext("%(n)s 人说过", n=speakers) if speakers else gettext("还没有人说")
    if latest is None:
        ballots = gettext("还没有表决")
    elif latest.verdict is None:
        ballots = gettext("截止前不显示")
    else:
        ballots = words(latest.line)
    rule = RULES.get(triage.proposal.rules[0]) if triage and not triage.triage.rule else None
    decided = words(triage.rule_name) if triage and triage.confirmed else words(rule) if rule else gettext("等分流")
    return [
        {"label": gettext("意见（谁都能说）"), "text": opinions},
        {"label": gettext("表决（有票的人投）"), "text": ballots},
        {"label": gettext("决定（怎样才算数）"), "text": decided},
    ]


# The tabs -------------------------------------------------------------------------------------------------------------


def _tab(dossier: Dossier) -> str:
    asked = request.args.get("tab", "")
    handled = ["case"] if dossier.reading.case.view is not None else []
    known = {*THREAD_TABS, "opinion", "decisions", "tasks", *handled}
    return asked if asked in known else ""


def _tabs(dossier: Dossier, tab: str) -> list[dict[str, Any]]:
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


def _subject(dossier: Dossier, tab: str) -> dict[str, Any]:
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
