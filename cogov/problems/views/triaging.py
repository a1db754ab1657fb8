"""The page on which a person confirms or changes the way a problem goes, and the appeal against it."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.ground.db import found
from cogov.ground.pages import open_to, page, signed_in, words
from cogov.ground.refusals import insist
from cogov.people.queries import organizations_at
from cogov.people.rules import Role
from cogov.people.views import local_path
from cogov.problems.commands import answer_appeal, appeal_triage, triage_problem
from cogov.problems.forms import AppealAnswerForm, AppealForm, TriageForm
from cogov.problems.models import Problem
from cogov.problems.queries import Panel, TriageShown, needs, problem_by_id, similar
from cogov.problems.rules.acts import HANDLERS, TRIAGERS, Act
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.names import LANE_MEANS, LANES, REASONS
from cogov.problems.rules.stages import AppealOutcome
from cogov.problems.views.current import bp, by, done, opened


@bp.get("/problems/<number>/triage")
@open_to(*TRIAGERS)
def triage(number: str) -> Response:
    """Show the proposal with its reasons, and the form that confirms or changes it."""
    problem, panel = opened(number)
    insist(panel.refusal(Act.TRIAGE))
    return _triage_page(problem, panel, _form(problem, panel))


@bp.post("/problems/<number>/triage")
@open_to(*TRIAGERS)
def confirm_triage(number: str) -> Answer:
    """Confirm or change the triage."""
    problem, panel = opened(number)
    form = _form(problem, panel)
    if not form.validate():
        return _triage_page(problem, panel, form, 422)
    made = triage_problem(
        by(),
        number,
        lane=Lane(form.lane.data),
        reason=ReasonCode(form.reason.data),
        body_id=int(form.body.data) if form.body.data else None,
        channel=form.channel.data or "",
        same_as=(form.same_as.data or "").strip(),
        words=form.words.data or "",
        hidden=form.hidden,
        once=form.once.data,
    )
    changed = gettext("分流已更改，原因会告诉提出人。") if made.changed else gettext("分流已确认。")
    following = _next(number) if request.form.get("way") == "next" else None
    if following is None:
        return done(number, changed)
    flash(changed)
    return redirect(following["url"], 303)


def _next(number: str) -> dict[str, Any] | None:
    """Return the next problem that waits for its triage, the longest waiting first, and how many there are."""
    waiting = [need for need in needs(by()) if need.kind == "triage" and need.values["number"] != number]
    if not waiting:
        return None
    first = str(waiting[0].values["number"])
    then = request.args.get("then")
    return {"url": url_for("problems.triage", number=first, then=then), "count": len(waiting)}


def _form(problem: Problem, panel: Panel) -> TriageForm:
    shown = found(panel.triage)
    same = _same_as(shown)
    form = TriageForm(
        lane=shown.proposal.lane.value,
        reason=shown.proposal.reasons[0].value,
        same_as=same.number if same is not None else "",
    )
    form.offer([(body.id, body.name) for body in organizations_at(panel.facts.code, *HANDLERS)])
    return form


def _same_as(shown: TriageShown) -> Problem | None:
    return problem_by_id(by(), shown.proposal.same_as) if shown.proposal.same_as else None


def _triage_page(problem: Problem, panel: Panel, form: TriageForm, status: int = 200) -> Response:
    shown = found(panel.triage)
    return page(
        "problems/triage.html",
        status,
        problem=problem,
        panel=panel,
        form=form,
        shown=shown,
        same=_same_as(shown),
        likely=[
            each
            for each in similar(by(), problem.community_id, f"{problem.title}\n{problem.text}")
            if each.number != problem.number
        ],
        lane_name=words(LANES[shown.proposal.lane]),
        reason_names=[words(REASONS[reason]) for reason in shown.proposal.reasons],
        consequences={lane.value: words(means) for lane, means in LANE_MEANS.items()},
        following=_next(problem.number),
        then=local_path(request.args.get("then"), ""),
    )


# The appeal -----------------------------------------------------------------------------------------------------------


@bp.route("/problems/<number>/appeal", methods=["GET", "POST"])
@signed_in
def appeal(number: str) -> Answer:
    """Appeal against the triage."""
    problem, panel = opened(number)
    form = AppealForm()
    if request.method == "POST" and form.validate():
        kept = appeal_triage(by(), number, words=form.words.data or "", once=form.once.data)
        return done(number, gettext("申诉已交给街道，到期前会答复。"), kept.words)
    insist(panel.refusal(Act.APPEAL))
    return page(
        "problems/act.html",
        422 if form.errors else 200,
        problem=problem,
        panel=panel,
        form=form,
        heading=gettext("对分流申诉"),
        line=gettext("一件事可以申诉一次，由街道答复。请说说您觉得该走哪条路。"),
        fields=["words"],
        button=gettext("提交申诉"),
    )


@bp.route("/problems/<number>/appeal/answer", methods=["GET", "POST"])
@open_to(Role.STREET_OFFICE)
def appeal_answer(number: str) -> Answer:
    """Answer the appeal."""
    problem, panel = opened(number)
    form = AppealAnswerForm()
    if request.method == "POST" and form.validate():
        outcome = AppealOutcome(form.outcome.data)
        answer_appeal(by(), number, outcome=outcome, words=form.words.data or "", once=form.once.data)
        return done(number, gettext("答复已记下，会告诉提出人。"))
    insist(panel.refusal(Act.ANSWER_APPEAL))
    return page(
        "problems/act.html",
        422 if form.errors else 200,
        problem=problem,
        panel=panel,
        form=form,
        heading=gettext("答复申诉"),
        line=gettext("重新分流后，这件事回到等分流；原来的结束会取消。"),
        quoted=panel.appeal.words if panel.appeal else "",
        fields=["outcome", "words"],
        button=gettext("提交答复"),
    )
