"""What can be read: the list, a motion, a decision while it runs and after the close, a receipt."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_babel import gettext

from cogov.decisions import queries
from cogov.decisions.queries import DecisionShown, MotionShown, Phase
from cogov.decisions.views.current import bp, by, community
from cogov.decisions.views.shown import (
    facades,
    named_text,
    result_gauges,
    result_table,
    row_of,
    rule_of,
    running_gauges,
    sealed_text,
    staircases,
)
from cogov.ground.db import MAX_ID
from cogov.ground.pages import id_arg, moment, open_to_all, page, signed_in
from cogov.ground.refusals import NotFound
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem


@bp.get("/decisions")
@open_to_all
def index() -> Response:
    """Show the decisions of a community: running, coming, closed."""
    here = community()
    before = id_arg("before")
    if before is not None and not 0 < before <= MAX_ID:
        raise NotFound
    unfinished = queries.unfinished_decisions(by(), here.id) if here and before is None else []
    every = queries.decisions_of(by(), here.id, before_id=before) if here else []
    closed = [row for row in every if row.phase is Phase.CLOSED]
    return page(
        "decisions/index.html",
        here=here,
        running=[row_of(row) for row in unfinished if row.phase is not Phase.COMING],
        coming=[row_of(row) for row in unfinished if row.phase is Phase.COMING],
        closed=[row_of(row) for row in closed],
        more=every[-1].id if len(every) == queries.PAGE_SIZE else None,
    )


@bp.get("/motions/<id:motion_id>")
@open_to_all
def motion(motion_id: int) -> Response:
    """Show a motion with what it would lead to, and what the reader may do about it."""
    shown, problem = motion_shown(motion_id)
    return page(
        "decisions/motion.html", motion=shown, problem=problem, rule=rule_of(rule_here(shown, problem), shown.item)
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
def show(decision_id: int) -> Response:
    """Show a decision: rule, turnout and one's own ballot while it runs, the result after the close."""
    return decision_page(queries.shown_decision(by(), decision_id))


def decision_page(shown: DecisionShown, status: int = 200, wrong_head: int | None = None) -> Response:
    """Render a decision; `wrong_head`: the head whose ballot was sent without a choice."""
    context: dict[str, Any] = {
        "shown": shown,
        "decision": shown.decision,
        "problem": shown.problem,
        "rule": rule_of(shown.rule, shown.motion.item, sealed_text(shown)),
        "named_text": named_text(),
    }
    if shown.result is not None:
        groups, table = result_gauges(shown), result_table(shown)
        return page("decisions/result.html", status, result=shown.result, groups=groups, table=table, **context)
    running = shown.running
    gauges = running_gauges(shown, running.turnout) if running and running.turnout else []
    return page(
        "decisions/show.html",
        status,
        running=running,
        gauges=gauges,
        facades=facades(shown),
        staircases=staircases(shown),
        wrong_head=wrong_head,
        **context,
    )


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
