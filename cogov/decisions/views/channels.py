"""The ways of a vote as pages tell them: beforehand which there are, afterwards how many ballots came by each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext

from cogov.decisions.queries import DecisionShown, MotionShown, Phase
from cogov.decisions.queries.counting import helped_in_buildings, ways_shown
from cogov.decisions.queries.helping import may_help
from cogov.decisions.queries.paper import buildings_voting, is_counter
from cogov.decisions.queries.service import heads_served
from cogov.decisions.rules.channels import CHANNEL_WORDS, Channel, offered, ways_told
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.secrets.box import possible_secrecies
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.shortage import SMALLEST, Sight, rows_of
from cogov.decisions.rules.sums import number
from cogov.decisions.views.current import bp, by
from cogov.ground.pages import words


@bp.app_template_global()
def channels_shown(shown: DecisionShown) -> dict[str, Any]:
    """Return how one can vote here, whether the reader is served, and what the reader's duties lead to."""
    return {
        "says": [words(each) for each in ways_told(shown.rule)],
        "links": _links(shown) if by().person_id is not None and shown.phase is not Phase.CLOSED else [],
        "served_at": shown.served_at,
        "served": heads_served(shown.decision) if Channel.PAPER in offered(shown.rule) else None,
    }


def _links(shown: DecisionShown) -> list[dict[str, str]]:
    decision_id, links = shown.decision.id, []
    paper = Channel.PAPER in offered(shown.rule)
    if paper and is_counter(by(), shown.decision):
        links.append({"url": url_for("decisions.papers", decision_id=decision_id), "text": gettext("印、录纸票")})
        links.append({"url": url_for("decisions.service", decision_id=decision_id), "text": gettext("公告送达")})
    if (
        Channel.HELPED in offered(shown.rule)
        and shown.phase is Phase.OPEN
        and may_help(by(), shown.decision, shown.motion)
    ):
        links.append({"url": url_for("decisions.help_form", decision_id=decision_id), "text": gettext("帮人投票")})
    return links


@bp.app_template_global()
def ways_ahead(motion: MotionShown) -> list[str]:
    """Return what a notice says of the ways of a vote, and what a secret one would leave out."""
    rule = RULES[motion.rule.code]
    possible = possible_secrecies(rule, motion.form)
    says = [words(each) for each in ways_told(replace(rule, secrecy=Secrecy.NAMED))]
    if len(possible) > 1:
        says.append(gettext("选了无记名的：%(what)s", what=words(ways_told(replace(rule, secrecy=Secrecy.SECRET))[0])))
    return says


@bp.app_template_global()
def came_by(shown: DecisionShown) -> dict[str, Any]:
    """Return how many ballots came by each way; ways of fewer than ten together, as one would say whose."""
    told = ways_shown(shown.decision)
    if set(told) <= {(Channel.WEB,)}:
        return {"lines": [], "note": "", "helped": []}
    lines = [
        gettext("%(way)s：%(n)s 票", way="、".join(words(CHANNEL_WORDS[each]) for each in way), n=number(ballots))
        for way, ballots in told.items()
    ]
    together = any(len(way) > 1 for way in told)
    note = gettext("不到 10 票的几种合在一起算，免得看出是哪一户。") if together else ""
    return {"lines": lines, "note": note, "helped": _helped(shown) if (Channel.HELPED,) in told else []}


def _helped(shown: DecisionShown) -> list[str]:
    """Return the share of help in each building, unless a building's figure would say which flat it was."""
    names = {building.id: building.name for building in buildings_voting(shown.decision.id)}
    rows = rows_of(helped_in_buildings(shown.decision.id))
    if not rows or any(row.sight is not Sight.FIGURE or (row.voted or 0) < SMALLEST for row in rows):
        return [gettext("有的楼太少，分开说会看出是哪一户，所以不分楼公布。")]
    return [
        gettext(
            "%(building)s：%(n)s / %(m)s 套",
            building=names[row.building_id],
            n=number(row.voted or 0),
            m=number(row.units),
        )
        for row in rows
    ]
