"""Another course of a vote on pages: asking, signing, objecting, answering, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.decisions import commands, queries
from cogov.decisions.forms.course import CourseForm, ObjectionAnswerForm, ObjectionForm, OutcomeForm
from cogov.decisions.models import Decision
from cogov.decisions.queries.course import Course, course_of, objection_for
from cogov.decisions.rules.course import ANNULLERS, KIND_WORDS, CourseKind
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Annuller
from cogov.decisions.rules.opening import waiting_words
from cogov.decisions.views.current import bp, by
from cogov.ground.pages import page, signed_in, words
from cogov.ground.refusals import NotFound, insist
from cogov.ground.words import Words


def _once() -> str | None:
    return request.form.get("once")


def _back(decision_id: int, sentence: str) -> Any:
    flash(sentence)
    return redirect(url_for("decisions.show", decision_id=decision_id, _anchor="course"), 303)


def _kind(kind: str) -> CourseKind:
    if kind not in set(CourseKind):
        raise NotFound
    return CourseKind(kind)


def _form(decision: Decision, kind: CourseKind) -> CourseForm:
    form = CourseForm()
    closed = queries.shown_decision(by(), decision.id).result is not None
    form.about(kind, thaw(decision.frozen_rule).may_annul if closed else ())
    return form


@bp.get("/decisions/<id:decision_id>/course/<kind>")
@signed_in
def new_course(decision_id: int, kind: str) -> Response:
    """Show the form for another hour to close, or for annulment."""
    decision, problem = queries.decision_for(by(), decision_id)
    asked = _kind(kind)
    if asked not in course_of(by(), decision).may_ask:
        raise NotFound
    title = words(KIND_WORDS[asked])
    return page("decisions/course.html", form=_form(decision, asked), decision=decision, problem=problem, title=title)


@bp.post("/decisions/<id:decision_id>/course/<kind>")
@signed_in
def ask_course(decision_id: int, kind: str) -> Any:
    """Ask for another course of a vote."""
    decision, problem = queries.decision_for(by(), decision_id)
    asked = _kind(kind)
    form = _form(decision, asked)
    if not form.validate_on_submit():
        title = words(KIND_WORDS[asked])
        return page("decisions/course.html", 422, form=form, decision=decision, problem=problem, title=title)
    commands.ask_course(by(), decision_id, kind=asked, **form.told())
    return _back(decision_id, gettext("已提出，等另一个人确认。"))


@bp.post("/course-acts/<id:act_id>/signature")
@signed_in
def sign_course(act_id: int) -> Any:
    """Sign as the second person."""
    act = commands.sign_course(by(), act_id, once=_once())
    return _back(act.decision_id, gettext("已确认，从现在起生效。"))


@bp.post("/course-acts/<id:act_id>/refusal")
@signed_in
def decline_course(act_id: int) -> Any:
    """Decline what another asked for, or take back one's own."""
    act = commands.decline_course(by(), act_id, once=_once())
    return _back(act.decision_id, gettext("已退回，表决照原样进行。"))


# Objections and afterwards --------------------------------------------------------------------------------------------


@bp.get("/decisions/<id:decision_id>/objections/new")
@signed_in
def new_objection(decision_id: int) -> Response:
    """Show the form for an objection."""
    decision, _ = queries.decision_for(by(), decision_id)
    course = course_of(by(), decision)
    insist(course.why_not_object)
    return _objecting(decision, course, ObjectionForm())


@bp.post("/decisions/<id:decision_id>/objections/new")
@signed_in
def object_to(decision_id: int) -> Any:
    """Object to a result."""
    decision, _ = queries.decision_for(by(), decision_id)
    form = ObjectionForm()
    if not form.validate_on_submit():
        return _objecting(decision, course_of(by(), decision), form, 422)
    commands.object_to(by(), decision_id, text=form.text.data or "", once=form.once.data)
    return _back(decision_id, gettext("您的异议已公开，会有书面答复。"))


def _objecting(decision: Decision, course: Course, form: ObjectionForm, status: int = 200) -> Response:
    return page("decisions/objection.html", status, form=form, decision=decision, course=course)


@bp.get("/objections/<id:objection_id>/answer")
@signed_in
def new_objection_answer(objection_id: int) -> Response:
    """Show the form for the answer to an objection."""
    return _answering(objection_id, ObjectionAnswerForm())


@bp.post("/objections/<id:objection_id>/answer")
@signed_in
def answer_objection(objection_id: int) -> Any:
    """Answer an objection."""
    form = ObjectionAnswerForm()
    if not form.validate_on_submit():
        return _answering(objection_id, form, 422)
    row = commands.answer_objection(by(), objection_id, answer=form.answer.data or "", once=form.once.data)
    return _back(row.decision_id, gettext("已答复，大家都看得到。"))


def _answering(objection_id: int, form: ObjectionAnswerForm, status: int = 200) -> Response:
    objection, decision, refusal = objection_for(by(), objection_id)
    insist(refusal)
    return page("decisions/objection_answer.html", status, form=form, decision=decision, objection=objection)


@bp.get("/decisions/<id:decision_id>/outcome")
@signed_in
def outcome(decision_id: int) -> Response:
    """Show the form for what became of a decision."""
    decision, _ = queries.decision_for(by(), decision_id)
    course = course_of(by(), decision)
    insist(course.why_not_state)
    form = OutcomeForm(statement=course.statement, review_on=course.review_on)
    return page("decisions/outcome.html", form=form, decision=decision)


@bp.post("/decisions/<id:decision_id>/outcome")
@signed_in
def state_outcome(decision_id: int) -> Any:
    """Say what became of a decision, and when it is looked at again."""
    decision, _ = queries.decision_for(by(), decision_id)
    form = OutcomeForm()
    if not form.validate_on_submit():
        return page("decisions/outcome.html", 422, form=form, decision=decision)
    commands.state_outcome(
        by(), decision_id, statement=form.statement.data or "", review_on=form.review_on.data, once=form.once.data
    )
    return _back(decision_id, gettext("已写上，大家都看得到。"))


# What templates ask for ----------------------------------------------------------------------------------------------


@bp.app_template_global()
def course_shown(decision: Decision) -> Course:
    """Return the course of a vote as this reader sees it."""
    return course_of(by(), decision)


@bp.app_template_global()
def opening_words(unanswered: int, announced_for: datetime) -> Words:
    """Return why a vote has not begun, and what opens it."""
    return waiting_words(unanswered, announced_for)


@bp.app_template_global()
def course_words(kind: CourseKind) -> str:
    """Return what another course is called."""
    return words(KIND_WORDS[kind])


@bp.app_template_global()
def annuller_words(annuller: Annuller) -> str:
    """Return who annulled."""
    return words(ANNULLERS[annuller])
