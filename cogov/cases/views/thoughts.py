"""What residents think of a case's problem, in at most four lines: who met it, concerns, the vote, what came back."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext

from cogov.cases.queries import CaseView
from cogov.decisions.queries import Phase, latest
from cogov.ground.pages import dossier_url, words
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.threads.queries import counts
from cogov.threads.rules.concerns import answering_under, settled_words


def thoughts(by: Actor, view: CaseView) -> list[dict[str, Any]]:
    """Return what residents think, as lines with an icon; a line that waits for the reader is strong."""
    problem = view.problem
    return [_met(problem), _concerns(by, problem), *_vote(problem), *_again(view)]


def _met(problem: Problem) -> dict[str, Any]:
    households = ngettext("%(n)s 户遇到", "%(n)s 户遇到", problem.households, n=problem.households)
    seconds = ngettext("%(n)s 位邻居附议", "%(n)s 位邻居附议", problem.seconds, n=problem.seconds)
    return {"icon": "users", "text": f"{households} · {seconds}", "url": dossier_url(problem.number)}


def _concerns(by: Actor, problem: Problem) -> dict[str, Any]:
    held = counts(problem.id)
    url = dossier_url(problem.number, tab="concerns")
    if not held.concerns:
        return {"icon": "check", "text": gettext("没有人提出顾虑"), "url": ""}
    if not held.open_concerns:
        text = words(settled_words(held.concerns, overruled=held.overruled, withdrawn=held.withdrawn))
        return {"icon": "check", "text": text, "url": url}
    ours = by.serves(problem.accountable_id) is not None and answering_under(by, _code(problem)) is not None
    text = ngettext("%(n)s 条顾虑还没有答复", "%(n)s 条顾虑还没有答复", held.open_concerns, n=held.open_concerns)
    if ours:
        text = ngettext("%(n)s 条顾虑等您答复", "%(n)s 条顾虑等您答复", held.open_concerns, n=held.open_concerns)
    return {"icon": "hourglass", "text": text, "url": url, "strong": ours}


def _code(problem: Problem) -> str:
    return place_by_id(problem.community_id).code


def _vote(problem: Problem) -> list[dict[str, Any]]:
    vote = latest(problem.id)
    if vote is None:
        return []
    text = words(vote.line)
    if vote.phase is not Phase.CLOSED:
        text = gettext("%(vote)s；不影响您办案", vote=text)
    return [{"icon": "checkbox", "text": text, "url": dossier_url(problem.number, tab="decisions")}]


def _again(view: CaseView) -> list[dict[str, Any]]:
    if view.case.round == 1:
        return []
    text = gettext("第 %(n)s 轮：提出问题的人说没有修好", n=view.case.round)
    return [{"icon": "refresh", "text": text, "url": dossier_url(view.problem.number), "strong": True}]
