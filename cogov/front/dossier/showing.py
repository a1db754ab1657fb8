"""The page of a dossier: where it stands and your act first, then one subject a tab; or all of it, for paper."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from flask import Response, request
from flask_babel import get_locale, gettext
from markupsafe import Markup

from cogov.files.models import Picture
from cogov.front.acts import Reading, next_acts, nothing_to_do, pictures_after
from cogov.front.clocks import problem_clocks
from cogov.front.dossier.head import pills, raised_by, told
from cogov.front.dossier.margin import margin_shown, voices, vote
from cogov.front.dossier.reading import Dossier, read
from cogov.front.dossier.tabs import subject, tab_asked, tabs_of
from cogov.front.dossier.way import way_of
from cogov.front.printed import printed
from cogov.ground.pages import page, words
from cogov.journal.kept import kept, part
from cogov.problems import queries as problems
from cogov.problems.rules.following import LEVELS, FollowLevel
from cogov.problems.rules.pictures import why_not_cover
from cogov.problems.rules.stages import Stage
from cogov.threads import queries as threads
from cogov.threads.queries.outcomes import dissent
from cogov.threads.rules.speaking import why_not_speak


def show_dossier(number: str) -> Response:
    """Show the dossier: where it stands and your act first, then one subject a tab; or all of it, for paper."""
    dossier = read(number)
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
        context |= way_of(dossier)
        return page("front/printed.html", **context, **printed(reading, inside=dossier.inside))
    acts = next_acts(reading)
    tab = tab_asked(dossier)
    return page(
        "front/dossier.html",
        **context,
        tab=tab,
        tools=partial(_tools_shown, dossier),
        first=partial(_first_shown, dossier, acts),
        **_same_for_all(dossier, shared, tab),
        margin=partial(margin_shown, dossier, shared, context["covers"], acts),
        latest=reading.counts.latest,
        speaks=why_not_speak(reading.by, threads.dossier_of(problem)) is None,
        **subject(dossier, tab),
    )


def _shared(dossier: Dossier) -> dict[str, Any]:
    """Return what the page says in words and is the same for every reader of a language."""
    problem, reading = dossier.problem, dossier.reading
    ended = problem.stage is Stage.ENDED
    return kept(
        ("dossier", problem.id, str(get_locale())),
        lambda: {
            "raised_by": raised_by(problem, reading.head),
            "told": told(problem),
            "pills": pills(problem),
            "clocks": [] if ended else problem_clocks(problem.id, dossier.code, reading.at),
            "vote": vote(reading),
            "voices": voices(dossier),
            "leeway": problems.leeway_of(problem.id),
            "dissent": dissent(problem.id),
        },
        of=problem.id,
    )


def _same_for_all(dossier: Dossier, shared: dict[str, Any], tab: str) -> dict[str, Any]:
    """Return the parts that say nothing of their reader but whether the place is theirs, drawn where they stand."""
    problem, inside = dossier.problem, dossier.inside
    known = {"problem": problem, "number": problem.number, "head": dossier.reading.head, "inside": inside, **shared}

    def drawn(name: str, make: Callable[[], dict[str, Any]], *which: Hashable) -> Callable[[], Markup]:
        return partial(part, (name, problem.id, *which), f"front/_{name}.html", make, of=problem.id)

    return {
        "above": drawn("above", lambda: known, inside),
        "heading": drawn("heading", lambda: known),
        "needs": drawn("needs", lambda: known | way_of(dossier), inside),
        "clock": drawn("clock", lambda: known),
        "tabs": drawn("tabs", lambda: {"tabs": tabs_of(dossier, tab)}, tab),
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


def _may_cover(reading: Reading, picture: Picture) -> bool:
    took_it = picture.uploaded_by == reading.by.person_id
    return why_not_cover(reading.by, reading.head.facts, took_it=took_it) is None
