"""What stands beside a dossier: who answers for it, the vote, and the voices apart from one another."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from cogov.decisions import queries as decisions
from cogov.decisions.views.shown import running_gauges
from cogov.front.acts import Reading
from cogov.front.dossier.reading import Dossier
from cogov.ground.deadlines import left
from cogov.ground.pages import words
from cogov.journal.kept import part
from cogov.problems.rules.names import RULES
from cogov.problems.rules.stages import Stage


def margin_shown(dossier: Dossier, shared: dict[str, Any], covers: list[int], acts: list[dict[str, Any]]) -> Markup:
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


def vote(reading: Reading) -> dict[str, Any] | None:
    """Return the latest vote in short; None where there was none."""
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


def voices(dossier: Dossier) -> list[dict[str, str]]:
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
