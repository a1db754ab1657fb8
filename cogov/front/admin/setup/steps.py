"""The five steps with what each still lacks, and opening the community when none does."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.duties.commands import open_community
from cogov.duties.queries import set_up_facts
from cogov.duties.rules.setting_up import SetUpFacts
from cogov.front.admin.parts import bp, day, done, form_status, keepers, today
from cogov.ground.clock import now
from cogov.ground.db import found
from cogov.ground.pages import actor, page, words
from cogov.ground.refusals import insist
from cogov.people.rules.keeping import why_not_keep
from cogov.places.commands import community_of
from cogov.places.models import Place
from cogov.places.queries import set_up_of
from cogov.places.rules.opening import STEP_WORDS, Step

ENDPOINTS = {
    Step.GRIDS: "admin.set_up_grids",
    Step.PEOPLE: "admin.set_up_people",
    Step.DUTIES: "admin.set_up_duties",
    Step.CALENDAR: "admin.set_up_calendar",
    Step.RULES: "admin.set_up_rules",
}


def community_set_up(code: str) -> Place:
    """Return a community that is set up through the pages, for those who keep it."""
    row = community_of(code[:32])
    insist(why_not_keep(actor(), row.code))
    found(set_up_of(row.id))
    return row


def _facts(community: Place) -> SetUpFacts:
    return set_up_facts(community, now(), today())


def _steps(community: Place, facts: SetUpFacts, current: Step | None = None) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "title": words(STEP_WORDS[step]),
            "url": url_for(ENDPOINTS[step], code=community.code),
            "missing": [words(line) for line in facts.missing(step)],
            "current": step is current,
        }
        for number, step in enumerate(Step, start=1)
    ]


@bp.get("/communities/<code>")
@keepers
def set_up(code: str) -> Response:
    """Show the five steps with what each still lacks, and open the community when none does."""
    community = community_set_up(code)
    facts, row = _facts(community), set_up_of(community.id)
    return page(
        "front/admin/set_up.html",
        community=community,
        steps=_steps(community, facts),
        left=len(facts.steps_missing),
        row=row,
        opened=day(row.opened_at) if row else "",
        planned=day(row.planned_on) if row else "",
    )


@bp.post("/communities/<code>/opening")
@keepers
def opening(code: str) -> Answer:
    """Open a community."""
    community = community_set_up(code)
    open_community(actor(), community.id, once=request.form.get("once"))
    flash(gettext("%(place)s已开通，居民现在可以注册、提出问题。", place=community.name), "done")
    return done(url_for("admin.set_up", code=code))


def set_up_page(community: Place, step: Step, **shown: Any) -> Response:
    """Show one step: what it still lacks, what it asks for, and which step follows."""
    facts = _facts(community)
    following = next((each for each in facts.steps_missing if each is not step), None)
    return page(
        "front/admin/step.html",
        form_status(),
        community=community,
        step=words(STEP_WORDS[step]),
        steps=_steps(community, facts, step),
        missing=[words(line) for line in facts.missing(step)],
        following={"text": words(STEP_WORDS[following]), "url": url_for(ENDPOINTS[following], code=community.code)}
        if following
        else {"text": gettext("开通"), "url": url_for("admin.set_up", code=community.code)},
        **shown,
    )
