"""What can be read: the list, a motion, a decision while it runs and after the close, a receipt."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from functools import partial
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from cogov.decisions import queries
from cogov.decisions.commands.serving import note_opened
from cogov.decisions.queries import DecisionShown, MotionShown, Phase
from cogov.decisions.queries.admitting import proven_frozen
from cogov.decisions.queries.reasons import reasons_waiting
from cogov.decisions.rules.law import Body
from cogov.decisions.rules.methods import ReasonAsked
from cogov.decisions.rules.secrets.box import is_secret
from cogov.decisions.rules.stages import Verdict
from cogov.decisions.views.apart import apart
from cogov.decisions.views.current import bp, by, community
from cogov.decisions.views.marking import Wrong
from cogov.decisions.views.methods import method_ballot, method_result, open_round
from cogov.decisions.views.results import (
    next_steps,
    quorum_lines,
    result_gauges,
    result_table,
    sums_of,
    verdict_of,
    who_took_part,
)
from cogov.decisions.views.running import (
    batch_words,
    before_voting,
    board_table,
    deadline,
    facades,
    staircases,
    turnout_words,
)
from cogov.decisions.views.shown import named_text, row_of, rule_of, running_gauges, sealed_text
from cogov.ground.clock import now
from cogov.ground.pages import id_arg, moment, open_to_all, page, signed_in
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.kept import Of, kept_for_anyone, part
from cogov.meetings.queries.outcomes import origin_of
from cogov.meetings.rules.kinds import FollowUp
from cogov.places.models import Place
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.threads.queries.outcomes import outcome_of
from cogov.threads.rules.minority import OutcomeKind


class Filter(StrEnum):
    """Which decisions the list shows."""

    RUNNING = "running"
    COMING = "coming"
    CLOSED = "closed"


@bp.get("/decisions")
@open_to_all
@kept_for_anyone
def index() -> Response:
    """Show the decisions of a community: running with what is missing, announced, then results."""
    here, before, asked = community(), id_arg("before"), request.args.get("show", "")
    which = Filter(asked) if asked in set(Filter) else None
    unfinished = [row_of(row) for row in queries.unfinished_decisions(by(), here.id)] if here else []
    closed = queries.closed_decisions(by(), here.id, before_id=before) if here else []
    groups = {
        Filter.RUNNING: [row for row in unfinished if row["phase"] != Phase.COMING],
        Filter.COMING: [row for row in unfinished if row["phase"] == Phase.COMING],
        Filter.CLOSED: [row_of(row) for row in closed],
    }
    older = url_for("decisions.index", **_asked(here), show=Filter.CLOSED.value, before=closed[-1].id) if closed else ""
    if before is not None:
        which = Filter.CLOSED
    return page(
        "decisions/index.html",
        here=here,
        filters=_filters(here, which, groups),
        groups=[(_HEADINGS[each], rows) for each, rows in groups.items() if rows and which in (None, each)],
        older=older if len(closed) == queries.PAGE_SIZE and which in (None, Filter.CLOSED) else "",
    )


_HEADINGS = {
    Filter.RUNNING: lazy_gettext("正在表决"),
    Filter.COMING: lazy_gettext("公示中"),
    Filter.CLOSED: lazy_gettext("已有结果"),
}


def _asked(here: Place | None) -> dict[str, Any]:
    return {"place": here.code} if here and "place" in request.args else {}


def _filters(here: Place | None, which: Filter | None, groups: dict[Filter, list[Any]]) -> list[dict[str, Any]]:
    place = _asked(here)
    chips = [{"url": url_for("decisions.index", **place), "text": gettext("全部"), "current": which is None}]
    for each, rows in groups.items():
        url = url_for("decisions.index", **place, show=each.value)
        chip: dict[str, Any] = {"url": url, "text": _HEADINGS[each], "current": which is each}
        if each is not Filter.CLOSED:
            chip["count"] = len(rows)
        chips.append(chip)
    return chips


@bp.get("/motions/<id:motion_id>")
@open_to_all
@kept_for_anyone
def motion(motion_id: int) -> Response:
    """Show a motion with what it would lead to, and what the reader may do about it."""
    shown, problem = motion_shown(motion_id)
    return page(
        "decisions/motion.html",
        motion=shown,
        problem=problem,
        rule=rule_of(rule_here(shown, problem), shown.item, form=shown.form),
        origin=origin_of(FollowUp.VOTE, motion_id),
    )


def motion_shown(motion_id: int) -> tuple[MotionShown, Problem]:
    """Return a motion that this reader may see, as it is shown."""
    row, problem = queries.motion_for(by(), motion_id)
    code = place_by_id(problem.community_id).code
    return queries.shown_motions(by(), problem, code, [row])[0], problem


def rule_here(shown: MotionShown, problem: Problem) -> Any:
    """Return the rule of a motion with its force in this place."""
    return queries.rule_here(shown.rule.code, place_by_id(problem.community_id).code)


@bp.get("/decisions/<id:decision_id>")
@open_to_all
@kept_for_anyone
def show(decision_id: int) -> Response:
    """Show a decision: rule, turnout and one's own ballot while it runs, the result after the close."""
    shown = queries.shown_decision(by(), decision_id)
    if shown.is_unopened and shown.result is None:
        # Somebody else's page of the same moment may have said so first.
        with suppress(Refused):
            note_opened(by(), shown.decision)
        shown = queries.shown_decision(by(), decision_id)
    return decision_page(shown)


def decision_page(shown: DecisionShown, status: int = 200, wrong: Wrong | None = None) -> Response:
    """Render a decision; `wrong`: the ballot that was sent and could not be taken."""
    context: dict[str, Any] = {
        "shown": shown,
        "decision": shown.decision,
        "problem": shown.problem,
        "named_text": named_text(shown.rule, shown.form),
        "rule": _same_for_all(shown, "rule", _rule),
        "apart": _same_for_all(shown, "apart", apart),
    }
    if shown.result is not None and shown.result.verdict is Verdict.ANNULLED:
        return page("decisions/annulled.html", status, **context)
    if shown.result is not None and shown.result.verdict is Verdict.NOT_OPENED:
        return page("decisions/not_opened.html", status, **context)
    if shown.result is not None:
        context |= {"verdict": verdict_of(shown), "steps": next_steps(shown), "sums": sums_of(shown)}
        groups, table = result_gauges(shown), result_table(shown)
        context |= {"method": method_result(shown), "quorum": quorum_lines(shown), "took": who_took_part(shown)}
        context["waiting_reasons"] = _reasons_waiting(shown)
        beside = outcome_of(by(), shown.problem, OutcomeKind.DECISION, shown.decision.id)
        context |= {"beside": beside, "exact_times": by().inside(place_by_id(shown.problem.community_id).code)}
        return page("decisions/result.html", status, result=shown.result, groups=groups, table=table, **context)
    running = shown.running
    # Nobody's own: which ballots are counted decides all of it.
    key = running and ("turnout", shown.decision.id, running.ballots)
    return page(
        "decisions/show.html",
        status,
        turnout=partial(part, key, "decisions/_turnout.html", partial(_turnout, shown), of=Of.REGISTERS),
        deadline=deadline(shown, now()),
        ballot_form=method_ballot(shown),
        round=open_round(shown),
        look=_same_for_all(shown, "look", before_voting),
        wrong=wrong,
        **context,
    )


def _reasons_waiting(shown: DecisionShown) -> int:
    return 0 if shown.form.reason is ReasonAsked.NO else reasons_waiting(shown.decision.id)


def _same_for_all(shown: DecisionShown, name: str, make: Callable[[DecisionShown], Any]) -> Callable[[], Markup]:
    """Return a part of the page that says nothing of its reader, drawn where it stands."""
    key = (name, shown.decision.id, shown.phase, shown.as_frozen)
    return partial(part, key, f"decisions/_{name}.html", lambda: {name: make(shown)}, of=shown.problem.id)


def _rule(shown: DecisionShown) -> dict[str, Any]:
    card = rule_of(shown.rule, shown.motion.item, sealed_text(shown), shown.form)
    if shown.rule.proven_interest:
        n = proven_frozen(shown.decision.id)
        card["notes"].append(gettext("这次名册里有 %(n)s 户是其他楼证明了有利害关系的。", n=n))
    return card


def _turnout(shown: DecisionShown) -> dict[str, Any]:
    running = shown.running
    return {
        "running": running,
        "secret": is_secret(shown.rule),
        "organizations": shown.rule.body is Body.ORGANIZATIONS,
        "gauges": running_gauges(shown, running.turnout) if running and running.turnout else [],
        "heading": turnout_words(shown),
        "batches": batch_words(shown),
        "facades": facades(shown),
        "board": board_table(shown),
        "staircases": staircases(shown),
    }


@bp.get("/decisions/<id:decision_id>/receipts/<id:head_id>")
@signed_in
def receipt(decision_id: int, head_id: int) -> Response:
    """Show one's own receipt: that the ballot is in, and nothing about what it says."""
    shown = queries.shown_decision(by(), decision_id)
    head = next((head for head in shown.mine if head.head_id == head_id and head.receipt), None)
    if head is None:
        raise NotFound
    paper = {
        # Before the close the order of arrival would tell who voted when.
        "number": head.ordinal if shown.phase is Phase.CLOSED else None,
        "at_text": moment(head.cast_at),
        "code": head.receipt,
        "note": gettext("用它核对您的票在不在箱里。回执不显示您投了什么。"),
    }
    return page("decisions/receipt.html", shown=shown, decision=shown.decision, voice=head, receipt=paper)
