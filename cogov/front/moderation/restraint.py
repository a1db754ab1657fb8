"""Restraint on pages: slow mode of a topic, and blocks with the appeal of whom they are about."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.front.moderation.forms import AppealForm, BlockAnswerForm, BlockForm, SlowModeForm
from cogov.front.moderation.views import bp
from cogov.ground.clock import now
from cogov.ground.pages import actor, dossier_url, page, signed_in, words
from cogov.ground.refusals import NotFound, insist
from cogov.moderation import commands
from cogov.moderation.queries import BlockShown, block_for
from cogov.moderation.rules import FlagReason, reason_words
from cogov.moderation.rules.blocking import why_not_answer_block, why_not_appeal_block, why_not_block
from cogov.people.rules import Actor
from cogov.people.views import local_path
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id, problem_for
from cogov.threads.commands import block_author, end_slow_mode, set_slow_mode
from cogov.threads.commands.slowing import wanted_block
from cogov.threads.queries import dossier_of, message_for
from cogov.threads.queries.slowing import slowed
from cogov.threads.rules.slowing import why_not_slow

__all__ = ["bp"]


# Slow mode ------------------------------------------------------------------------------------------------------------


@bp.get("/problems/<number>/slow-mode")
@signed_in
def slow_mode(number: str) -> Response:
    """Show whether a topic is slow, and the form to slow it."""
    return _slow_page(problem_for(actor(), number), SlowModeForm())


@bp.post("/problems/<number>/slow-mode")
@signed_in
def set_slow(number: str) -> Any:
    """Slow a topic."""
    problem = problem_for(actor(), number)
    form = SlowModeForm()
    if not form.validate_on_submit():
        return _slow_page(problem, form, 422)
    set_slow_mode(
        actor(),
        number,
        minutes=form.minutes.data or 0,
        hours=form.hours.data or 0,
        reason=form.reason.data or "",
        once=form.once.data,
    )
    flash(gettext("设好了，理由和期限写在讨论里。"))
    return redirect(dossier_url(number, tab="discussion", _anchor="tab"), 303)


@bp.post("/problems/<number>/slow-mode/ending")
@signed_in
def end_slow(number: str) -> Any:
    """End slow mode."""
    end_slow_mode(actor(), number, once=request.form.get("once"))
    flash(gettext("发言间隔取消了。"))
    return redirect(dossier_url(number, tab="discussion", _anchor="tab"), 303)


def _slow_page(problem: Problem, form: SlowModeForm, status: int = 200) -> Response:
    insist(why_not_slow(actor(), dossier_of(problem), 1, 1))
    return page("moderation/slow.html", status, form=form, problem=problem, slow=slowed(problem.id))


# Blocks ---------------------------------------------------------------------------------------------------------------


@bp.get("/messages/<id:message_id>/block")
@signed_in
def new_block(message_id: int) -> Response:
    """Show the form to keep the author of a message from writing for a while."""
    return _block_page(message_id, BlockForm())


@bp.post("/messages/<id:message_id>/block")
@signed_in
def block(message_id: int) -> Any:
    """Keep the author of a message from writing for a while."""
    form = BlockForm()
    form.offer()
    message_for(actor(), message_id)
    if not form.validate_on_submit():
        return _block_page(message_id, form, 422)
    made = block_author(
        actor(),
        message_id,
        whole_place=form.where.data == "place",
        days=form.days.data or 0,
        reason=FlagReason(form.reason.data),
        words=form.words.data or "",
        once=form.once.data,
    )
    flash(gettext("暂停了这个人的发言；本人已经知道理由、期限和怎么申诉。"))
    return redirect(url_for("moderation.show_block", block_id=made.id), 303)


def _block_page(message_id: int, form: BlockForm, status: int = 200) -> Response:
    message, problem = message_for(actor(), message_id)
    insist(why_not_block(actor(), wanted_block(message, dossier_of(problem).code, 1)))
    form.offer()
    return page("moderation/block.html", status, form=form, problem=problem, message=message)


@bp.get("/blocks/<id:block_id>")
@signed_in
def show_block(block_id: int) -> Response:
    """Show a block to whom it is about, or to those who decide."""
    return _show(block_for(actor(), block_id))


def _show(shown: BlockShown, status: int = 200, **forms: Any) -> Response:
    by, it = actor(), shown.block
    appeals = why_not_appeal_block(by, shown.facts, now()) is None
    answers = why_not_answer_block(by, shown.facts) is None
    return page(
        "moderation/blocked.html",
        status,
        it=it,
        shown=shown,
        about=_about(by, it.problem_id),
        holds=shown.facts.holds(now()),
        reason=words(reason_words(it.reason)),
        appeal=(forms.get("appeal") or AppealForm(formdata=None)) if appeals else None,
        answer=(forms.get("answer") or BlockAnswerForm(formdata=None)) if answers else None,
    )


def _about(by: Actor, problem_id: int | None) -> Problem | None:
    """Return the problem of a block, unless it is hidden from its reader by now: they may appeal all the same."""
    with suppress(NotFound):
        return problem_by_id(by, problem_id) if problem_id is not None else None
    return None


@bp.post("/blocks/<id:block_id>/appeal")
@signed_in
def appeal_block(block_id: int) -> Any:
    """Appeal against a block."""
    form = AppealForm()
    if not form.validate_on_submit():
        return _show(block_for(actor(), block_id), 422, appeal=form)
    commands.appeal_block(actor(), block_id, words=form.words.data or "", once=form.once.data)
    flash(gettext("申诉收到了，由另一个人答复。"))
    return redirect(url_for("moderation.show_block", block_id=block_id), 303)


@bp.post("/blocks/<id:block_id>/appeal/answer")
@signed_in
def answer_block(block_id: int) -> Any:
    """Answer the appeal against a block."""
    form = BlockAnswerForm()
    if not form.validate_on_submit():
        return _show(block_for(actor(), block_id), 422, answer=form)
    granted = form.granted.data == "yes"
    commands.answer_block_appeal(actor(), block_id, granted=granted, words=form.words.data or "", once=form.once.data)
    flash(gettext("已恢复发言。") if granted else gettext("已答复，维持到期。"))
    return redirect(local_path(request.args.get("then"), url_for("moderation.show_block", block_id=block_id)), 303)
