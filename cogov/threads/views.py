"""The pages and forms of a thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.ground.pages import actor, chosen_actor, dossier_url, id_arg, open_to_all, page, signed_in, words
from cogov.ground.refusals import insist
from cogov.ground.words import Words
from cogov.journal.kept import kept_for_anyone
from cogov.moderation.rules import FlagReason, Mask, hold_words, mask_words, reason_words
from cogov.people.views import local_path
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for
from cogov.threads import commands, queries
from cogov.threads.commands.messages import Posted
from cogov.threads.forms import (
    KIND_LABELS,
    AnswerForm,
    ConcernForm,
    MessageForm,
    OnceForm,
    OverrulingForm,
    SolutionForm,
    SpokenForm,
)
from cogov.threads.models import Concern
from cogov.threads.queries.concerns import ConcernShown, shown_concerns
from cogov.threads.rules import MessageKind, why_not_revise, why_not_speak

bp = Blueprint("threads", __name__)


@bp.app_template_global()
def message_kind(kind: str) -> str:
    """Return what a message is meant as, in the reader's language."""
    return str(KIND_LABELS[MessageKind(kind)])


@bp.app_template_global()
def removal_reason(reason: str) -> Words:
    """Return the clause under which a message was taken down."""
    return reason_words(FlagReason(reason))


def _back(problem: Problem, tab: str, said: str, anchor: str = "") -> Any:
    """Return to the page that asked (a desk names itself), else to the dossier."""
    flash(said)
    dossier = dossier_url(problem.number, tab=tab, _anchor=anchor or None)
    return redirect(local_path(request.args.get("then"), dossier), 303)


def _voiced(form: SpokenForm, problem: Problem) -> None:
    form.speak_as(queries.voices(actor(), queries.dossier_of(problem).code))


def _speaker(form: SpokenForm) -> Any:
    return chosen_actor(form.acting.data)


def _between() -> dict[str, int | None]:
    return {"before": id_arg("before"), "after": id_arg("after")}


# Messages ------------------------------------------------------------------------------------------------------------


@bp.get("/problems/<number>/messages")
@signed_in
def new_message(number: str) -> Response:
    """Show the form for a message."""
    problem = problem_for(actor(), number)
    insist(why_not_speak(actor(), queries.dossier_of(problem)))
    form = MessageForm()
    _voiced(form, problem)
    return page("threads/message.html", form=form, problem=problem)


@bp.post("/problems/<number>/messages")
@signed_in
def post_message(number: str) -> Any:
    """Post a message."""
    problem = problem_for(actor(), number)
    form = MessageForm()
    _voiced(form, problem)
    if not form.validate_on_submit():
        return page("threads/message.html", 422, form=form, problem=problem)
    message = commands.post_message(
        _speaker(form), number, kind=MessageKind(form.kind.data), text=form.text.data or "", once=form.once.data
    )
    return _back(problem, "discussion", _told(message, gettext("发言已公开在卷宗里。")), f"message-{message.id}")


def _told(posted: Posted, published: str) -> str:
    """Say what became of what somebody sent: that it is public, or waits, and what was masked in it."""
    said = (
        gettext("收到了，先等主持人看过再公开：%(why)s。", why=words(hold_words(posted.held)))
        if posted.held
        else published
    )
    return f"{said}{_masked(posted.masked)}"


def _masked(found: Sequence[Mask]) -> str:
    if not found:
        return ""
    kinds = gettext("、").join(words(mask_words(kind)) for kind in found)
    return gettext("为了保护个人信息，遮住了里面的%(kinds)s。", kinds=kinds)


@bp.get("/messages/<id:message_id>/replies")
@open_to_all
@kept_for_anyone
def show_replies(message_id: int) -> Response:
    """Show a message with every reply to it, and the form for one more."""
    return _replies_page(message_id, MessageForm())


@bp.post("/messages/<id:message_id>/replies")
@signed_in
def post_reply(message_id: int) -> Any:
    """Post a reply."""
    message, problem = queries.message_for(actor(), message_id)
    form = MessageForm()
    _voiced(form, problem)
    if not form.validate_on_submit():
        return _replies_page(message_id, form, 422)
    reply = commands.post_message(
        _speaker(form),
        problem.number,
        kind=MessageKind(form.kind.data),
        text=form.text.data or "",
        reply_to=message.id,
        once=form.once.data,
    )
    flash(_told(reply, gettext("回复已公开在卷宗里。")))
    return redirect(url_for("threads.show_replies", message_id=message.id, before=reply.id + 1), 303)


def _replies_page(message_id: int, form: MessageForm, status: int = 200) -> Response:
    by = actor()
    message, problem = queries.message_for(by, message_id)
    shown, replies = queries.replies(message, by.person_id, **_between())
    _voiced(form, problem)
    dossier = queries.dossier_of(problem)
    return page(
        "threads/replies.html",
        status,
        form=form,
        problem=problem,
        message=shown,
        replies=replies,
        exact_times=by.inside(dossier.code),
        why_not=why_not_speak(by, dossier),
        is_reply=message.reply_to_id is not None,
    )


# Concerns ------------------------------------------------------------------------------------------------------------


@bp.get("/problems/<number>/concerns")
@signed_in
def new_concern(number: str) -> Response:
    """Show the form for a concern."""
    problem = problem_for(actor(), number)
    insist(why_not_speak(actor(), queries.dossier_of(problem)))
    form = ConcernForm()
    _voiced(form, problem)
    return page("threads/new_concern.html", form=form, problem=problem)


@bp.post("/problems/<number>/concerns")
@signed_in
def raise_concern(number: str) -> Any:
    """Raise a concern."""
    problem = problem_for(actor(), number)
    form = ConcernForm()
    _voiced(form, problem)
    if not form.validate_on_submit():
        return page("threads/new_concern.html", 422, form=form, problem=problem)
    concern = commands.raise_concern(
        _speaker(form), number, harm=form.harm.data or "", remedy=form.remedy.data or "", once=form.once.data
    )
    return _back(problem, "concerns", gettext("顾虑已登记，答复期限开始计算。"), f"concern-{concern.number}")


def _concern(concern_id: int) -> tuple[Concern, Problem, ConcernShown]:
    concern, problem = queries.concern_for(actor(), concern_id)
    (shown,) = shown_concerns(actor(), problem.id, queries.dossier_of(problem), [concern])
    return concern, problem, shown


@bp.get("/concerns/<id:concern_id>/answer")
@signed_in
def new_answer(concern_id: int) -> Response:
    """Show the form for an answer."""
    _, problem, shown = _concern(concern_id)
    insist(shown.why_not_answer)
    form = AnswerForm()
    _voiced(form, problem)
    form.offer(queries.solutions(problem.id))
    return page("threads/answer.html", form=form, problem=problem, concern=shown)


@bp.post("/concerns/<id:concern_id>/answer")
@signed_in
def answer_concern(concern_id: int) -> Any:
    """Answer a concern."""
    concern, problem, shown = _concern(concern_id)
    form = AnswerForm()
    _voiced(form, problem)
    form.offer(queries.solutions(problem.id))
    if not form.validate_on_submit():
        return page("threads/answer.html", 422, form=form, problem=problem, concern=shown)
    version = int(form.version.data) if form.version.data else None
    commands.answer_concern(
        _speaker(form), concern.id, text=form.text.data or "", solution_version_id=version, once=form.once.data
    )
    return _back(problem, "concerns", gettext("答复已公开在卷宗里。"), f"concern-{concern.number}")


@bp.get("/concerns/<id:concern_id>/overruling")
@signed_in
def new_overruling(concern_id: int) -> Response:
    """Show the form for the chair's reason."""
    _, problem, shown = _concern(concern_id)
    insist(shown.why_not_overrule)
    return page("threads/overruling.html", form=OverrulingForm(), problem=problem, concern=shown)


@bp.post("/concerns/<id:concern_id>/overruling")
@signed_in
def propose_overruling(concern_id: int) -> Any:
    """Propose to overrule a concern."""
    concern, problem, shown = _concern(concern_id)
    form = OverrulingForm()
    if not form.validate_on_submit():
        return page("threads/overruling.html", 422, form=form, problem=problem, concern=shown)
    commands.propose_overruling(actor(), concern.id, reason=form.reason.data or "", once=form.once.data)
    return _back(problem, "concerns", gettext("已提出不采纳，等第二个人同意。"), f"concern-{concern.number}")


@bp.post("/concerns/<id:concern_id>/overruling/agreement")
@signed_in
def agree_overruling(concern_id: int) -> Any:
    """Agree to overrule a concern."""
    concern, problem = queries.concern_for(actor(), concern_id)
    commands.agree_overruling(actor(), concern.id, once=OnceForm().once.data)
    return _back(
        problem, "concerns", gettext("已记录：这条顾虑不采纳，两个人的名字都在案。"), f"concern-{concern.number}"
    )


@bp.post("/concerns/<id:concern_id>/withdrawal")
@signed_in
def withdraw_concern(concern_id: int) -> Any:
    """Take a concern back."""
    concern, problem = queries.concern_for(actor(), concern_id)
    commands.withdraw_concern(actor(), concern.id, once=OnceForm().once.data)
    return _back(problem, "concerns", gettext("顾虑已撤回。"), f"concern-{concern.number}")


# Solutions -----------------------------------------------------------------------------------------------------------


@bp.get("/problems/<number>/solutions")
@signed_in
def new_solution(number: str) -> Response:
    """Show the form for a solution."""
    problem = problem_for(actor(), number)
    insist(why_not_speak(actor(), queries.dossier_of(problem)))
    form = SolutionForm()
    _voiced(form, problem)
    return page("threads/new_solution.html", form=form, problem=problem)


@bp.post("/problems/<number>/solutions")
@signed_in
def propose_solution(number: str) -> Any:
    """Propose a solution."""
    problem = problem_for(actor(), number)
    form = SolutionForm()
    _voiced(form, problem)
    if not form.validate_on_submit():
        return page("threads/new_solution.html", 422, form=form, problem=problem)
    solution = commands.propose_solution(
        _speaker(form),
        number,
        title=form.title.data or "",
        text=form.text.data or "",
        cost=form.fen,
        needs_permit=bool(form.needs_permit.data),
        once=form.once.data,
    )
    return _back(problem, "solutions", gettext("方案已公开在卷宗里。"), f"solution-{solution.number}")


@bp.get("/solutions/<id:solution_id>/versions")
@open_to_all
@kept_for_anyone
def show_versions(solution_id: int) -> Response:
    """Show a solution with its versions, and the form for a new one."""
    return _versions_page(solution_id, None)


@bp.post("/solutions/<id:solution_id>/versions")
@signed_in
def revise_solution(solution_id: int) -> Any:
    """Give a solution a new version."""
    solution, problem = queries.solution_for(actor(), solution_id)
    form = SolutionForm()
    _voiced(form, problem)
    if not form.validate_on_submit():
        return _versions_page(solution_id, form, 422)
    version = commands.revise_solution(
        _speaker(form),
        solution.id,
        title=form.title.data or "",
        text=form.text.data or "",
        cost=form.fen,
        needs_permit=bool(form.needs_permit.data),
        once=form.once.data,
    )
    said = gettext("方案 %(n)s 有了第 %(v)s 版。", n=solution.number, v=version.version)
    return _back(problem, "solutions", said, f"solution-{solution.number}")


def _versions_page(solution_id: int, form: SolutionForm | None, status: int = 200) -> Response:
    by = actor()
    solution, problem = queries.solution_for(by, solution_id)
    shown = queries.versions(solution, before=_between()["before"])
    latest = queries.latest_version(solution)
    dossier = queries.dossier_of(problem)
    if form is None:
        cost = f"{latest.cost // 100}.{latest.cost % 100:02d}" if latest.cost is not None else ""
        form = SolutionForm(title=latest.title, text=latest.text, cost=cost, needs_permit=latest.needs_permit)
        _voiced(form, problem)
    return page(
        "threads/versions.html",
        status,
        form=form,
        problem=problem,
        latest=latest,
        versions=shown,
        exact_times=by.inside(dossier.code),
        why_not=why_not_revise(by, dossier, author_id=solution.person_id),
    )
