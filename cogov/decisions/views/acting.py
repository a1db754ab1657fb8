"""What can be sent: a motion, support, the agenda, a notice, a ballot, a body's answer."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.decisions import commands, queries
from cogov.decisions.commands.casting import Waiting
from cogov.decisions.forms.course import AdoptForm
from cogov.decisions.forms.motions import MotionForm
from cogov.decisions.forms.notices import NoticeForm
from cogov.decisions.models import Motion
from cogov.decisions.queries.misfits import misfits_for
from cogov.decisions.queries.secrets import possible_holders
from cogov.decisions.queries.templates import templates_for
from cogov.decisions.rules.ballots import missing_before_notice
from cogov.decisions.rules.co_owning import waiting_words
from cogov.decisions.rules.methods import read_form
from cogov.decisions.rules.motions import QUESTION_LONGEST, option_unknown
from cogov.decisions.rules.secrets.box import possible_secrecies
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import AdoptAnswer, MotionState
from cogov.decisions.rules.sums import ANSWERS
from cogov.decisions.views.current import bp, by, told
from cogov.decisions.views.marking import rearranging, sent, wrong
from cogov.decisions.views.pages import decision_page, motion_shown, rule_here
from cogov.decisions.views.shown import rule_of
from cogov.decisions.views.simulated import simulated
from cogov.ground.clock import now
from cogov.ground.pages import chosen_actor, dossier_url, id_arg, id_field, page, signed_in, words
from cogov.ground.refusals import Refused, insist
from cogov.meetings.queries.outcomes import carried_on
from cogov.moderation.rules import masked_words
from cogov.people.queries import organizations_at
from cogov.people.rules import MANDATE_KINDS, Role
from cogov.people.views import local_path
from cogov.places.queries import buildings_of, place_by_id
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for
from cogov.problems.rules.lanes import RuleCode
from cogov.threads.queries import solutions, voices

UNPROCESSABLE = 422


def _once() -> str | None:
    return request.form.get("once")


# Motions ------------------------------------------------------------------------------------------------------------


@bp.get("/problems/<number>/motions/new")
@signed_in
def new_motion(number: str) -> Response:
    """Show the form for a motion."""
    problem = problem_for(by(), number)
    insist(queries.why_not_move(by(), problem))
    form = _motion_form(problem)
    kept = templates_for(problem.community_id)
    if chosen := next((each for each in kept if str(each.id) == request.args.get("ballot")), None):
        form.begin_with(chosen.form, chosen.options)
        form.offer_deciders()
    carried = carried_on(problem.id, id_arg("meeting_motion"))
    if carried:
        form.question.data, form.text.data = carried.text[:QUESTION_LONGEST], carried.text
    return page("decisions/new.html", form=form, problem=problem, kept=kept, chosen=chosen, carried=carried)


@bp.post("/problems/<number>/motions/new")
@signed_in
def move(number: str) -> Any:
    """Move a motion."""
    problem = problem_for(by(), number)
    form, carried = _motion_form(problem), carried_on(problem.id, id_field("meeting_motion"))
    if request.form.get("more") or request.form.get("redraw"):
        # Nothing is sent yet: another ballot was chosen, or there are more options than rows; what was written stays.
        if request.form.get("more"):
            form.grow()
        return page("decisions/new.html", form=form, problem=problem, carried=carried)
    if not form.validate_on_submit():
        return page("decisions/new.html", 422, form=form, problem=problem, carried=carried)
    by_whom = chosen_actor(form.acting.data)
    motion = commands.move_motion(by_whom, number, meeting_motion=id_field("meeting_motion"), **form.told())
    flash(gettext("动议已公开在卷宗里。"))
    if masked := queries.masked_in(motion):
        flash(words(masked_words(masked)))
    return redirect(url_for("decisions.motion", motion_id=motion.id), 303)


def _motion_form(problem: Problem) -> MotionForm:
    code = place_by_id(problem.community_id).code
    form = MotionForm()
    form.speak_as(voices(by(), code))
    form.offer(
        [queries.rule_here(rule, code) for rule in RULES],
        queries.triaged_rules(problem),
        solutions(problem.id),
        buildings_of(problem.community_id),
        organizations_at(code, *MANDATE_KINDS[Role.OFFICIAL]),
    )
    return form


@bp.post("/motions/<id:motion_id>/support")
@signed_in
def support(motion_id: int) -> Any:
    """Support a motion."""
    motion = commands.support_motion(by(), motion_id, once=_once())
    tabled = motion.state is MotionState.TABLED
    return _motion_done(motion_id, gettext("附议够数，动议已列入表决。") if tabled else gettext("您的附议已经算上。"))


@bp.post("/motions/<id:motion_id>/tabling")
@signed_in
def table(motion_id: int) -> Any:
    """Put a motion on the agenda."""
    confirmed = bool(request.form.get("item_confirmed"))
    commands.table_motion(by(), motion_id, item_confirmed=confirmed, once=_once())
    return _motion_done(motion_id, gettext("动议已列入表决，接下来可以发布公告。"))


@bp.post("/motions/<id:motion_id>/withdrawal")
@signed_in
def withdraw(motion_id: int) -> Any:
    """Withdraw a motion."""
    commands.withdraw_motion(by(), motion_id, once=_once())
    return _motion_done(motion_id, gettext("动议已撤回。"))


def _motion_done(motion_id: int, sentence: str) -> Any:
    flash(sentence)
    return redirect(local_path(request.args.get("then"), url_for("decisions.motion", motion_id=motion_id)), 303)


# The notice ---------------------------------------------------------------------------------------------------------


@bp.get("/motions/<id:motion_id>/notice")
@signed_in
def notice(motion_id: int) -> Response:
    """Show what the notice would freeze, and what is missing before it can be published."""
    form = NoticeForm()
    motion, _ = queries.motion_for(by(), motion_id)
    form.about(motion.item)
    code = place_by_id(motion.community_id).code
    _offer_secrecy(form, motion)
    form.opens_at.data, form.closes_at.data = queries.planned_times(RuleCode(motion.rule), code, now())
    return _notice_page(motion_id, form)


@bp.post("/motions/<id:motion_id>/notice")
@signed_in
def publish(motion_id: int) -> Any:
    """Publish the voting notice."""
    form = NoticeForm()
    motion, _ = queries.motion_for(by(), motion_id)
    form.about(motion.item)
    _offer_secrecy(form, motion)
    opens_at, closes_at = form.opens_at.data, form.closes_at.data
    if not form.validate_on_submit() or opens_at is None or closes_at is None:
        return _notice_page(motion_id, form, 422)
    try:
        decision = commands.publish_notice(
            by(),
            motion_id,
            opens_at=opens_at,
            closes_at=closes_at,
            item_confirmed=bool(motion.item is not None and form.item_confirmed.data),
            touches=form.declared,
            once=form.once.data,
            **form.kept,
        )
    except Refused as error:
        if error.refusal.status != UNPROCESSABLE:
            raise
        form.form_errors = [told(error.refusal)]
        return _notice_page(motion_id, form, UNPROCESSABLE)
    flash(gettext("表决公告已发布，规则、选项和名册从现在起封存。"))
    return redirect(url_for("decisions.show", decision_id=decision.id), 303)


def _offer_secrecy(form: NoticeForm, motion: Motion) -> None:
    code = place_by_id(motion.community_id).code
    secrecies = possible_secrecies(queries.rule_here(RuleCode(motion.rule), code), read_form(motion.form))
    form.keep(secrecies, [each for each in possible_holders(code) if each.person_id != by().person_id])


def _notice_page(motion_id: int, form: NoticeForm, status: int = 200) -> Response:
    motion, problem = queries.motion_for(by(), motion_id)
    code = place_by_id(motion.community_id).code
    at = now()
    opens_at, closes_at = queries.planned_times(RuleCode(motion.rule), code, at)
    draft = queries.draft_of(
        motion, problem, at=at, opens_at=form.opens_at.data or opens_at, closes_at=form.closes_at.data or closes_at
    )
    form.advise(draft.rule.notice_days, opens_at)
    shown, _ = motion_shown(motion_id)
    simulations = queries.simulations(motion)
    return page(
        "decisions/notice.html",
        status,
        form=form,
        motion=shown,
        problem=problem,
        rule=rule_of(rule_here(shown, problem), shown.item, form=shown.form),
        missing=missing_before_notice(draft),
        electorates=simulated(simulations, counts_area=draft.rule.counts_area, body=draft.rule.body),
        misfits=misfits_for(by(), code, simulations[0].misfits),
    )


# Ballots and answers --------------------------------------------------------------------------------------------------


@bp.post("/decisions/<id:decision_id>/ballot")
@signed_in
def cast(decision_id: int) -> Any:
    """Cast or change a ballot and show its receipt; what was chosen is said nowhere."""
    given = sent()
    if (not_yet := rearranging(given)) is not None:
        # A button of the ballot itself: nothing is cast, what is marked stays.
        return decision_page(queries.shown_decision(by(), decision_id), 200, not_yet)
    if given.option_id is None and not given.by_marks:
        return decision_page(queries.shown_decision(by(), decision_id), 422, wrong(given, option_unknown()))
    try:
        ballot = commands.cast_ballot(
            by(),
            decision_id,
            option_id=None if given.by_marks else given.option_id,
            marks=given.written if given.by_marks else "",
            reason=given.reason,
            head_id=given.head_id,
            once=_once(),
        )
    except Refused as error:
        if error.refusal.status != UNPROCESSABLE:
            raise
        return decision_page(queries.shown_decision(by(), decision_id), UNPROCESSABLE, wrong(given, error.refusal))
    if isinstance(ballot, Waiting):
        flash(words(waiting_words(ballot.missing)))
        return redirect(url_for("decisions.show", decision_id=decision_id), 303)
    if given.reason_public:
        commands.allow_reason(by(), decision_id, head_id=ballot.head_id, agrees=True)
    flash(gettext("您的票已在箱里。"))
    return redirect(url_for("decisions.receipt", decision_id=decision_id, head_id=ballot.head_id), 303)


@bp.get("/resolutions/<id:resolution_id>/answer")
@signed_in
def answer(resolution_id: int) -> Response:
    """Show the form for a body's answer."""
    resolution, problem = queries.resolution_for(by(), resolution_id)
    shown = queries.shown_resolution(by(), resolution)
    insist(shown.why_not_answer)
    return page("decisions/answer.html", form=AdoptForm(), resolution=shown, problem=problem)


@bp.post("/resolutions/<id:resolution_id>/answer")
@signed_in
def adopt(resolution_id: int) -> Any:
    """Adopt a resolution, adopt it in part, or decline it with the reason."""
    resolution, problem = queries.resolution_for(by(), resolution_id)
    form = AdoptForm()
    if not form.validate_on_submit():
        shown = queries.shown_resolution(by(), resolution)
        insist(shown.why_not_answer)
        return page("decisions/answer.html", 422, form=form, resolution=shown, problem=problem)
    given = AdoptAnswer(form.answer.data)
    commands.answer_resolution(by(), resolution_id, answer=given, reason=form.reason.data or "", once=form.once.data)
    flash(gettext("已答复：%(answer)s。", answer=words(ANSWERS[given])))
    return redirect(local_path(request.args.get("then"), dossier_url(problem.number, tab="decisions")), 303)
