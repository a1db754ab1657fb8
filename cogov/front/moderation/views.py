"""A review as its author and those who decide see it, and the public page: policy and ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.front.moderation.forms import AnswerForm, AppealForm, DecisionForm, FlagForm, OrderForm
from cogov.front.moderation.reading import Sheet, sheet_of
from cogov.ground.clock import now
from cogov.ground.db import found
from cogov.ground.pages import actor, dossier_url, open_to_all, page, signed_in, words
from cogov.ground.refusals import Refusal, insist
from cogov.journal.kept import kept_for_anyone
from cogov.moderation import commands
from cogov.moderation.queries import SINCE, blocks_counted, ledger, orders
from cogov.moderation.rules import (
    DECIDERS,
    POLICY,
    FlagReason,
    Order,
    Reviewed,
    ReviewVerdict,
    SubjectKind,
    hold_words,
    reason_words,
    state_words,
    why_not_answer,
    why_not_appeal,
    why_not_flag,
    why_not_order,
)
from cogov.opinion import commands as opinion
from cogov.opinion.models import Statement
from cogov.opinion.queries import ground_of, statement_for
from cogov.opinion.rules.stages import StatementState
from cogov.opinion.rules.taking import why_not_withdraw as why_not_take_statement_back
from cogov.people.rules import Actor
from cogov.people.views import local_path
from cogov.places.queries import communities, community_by_code, home_community
from cogov.threads.commands import flag_message, withdraw_message
from cogov.threads.queries import dossier_of, message_for
from cogov.threads.queries.slowing import times_slowed
from cogov.threads.rules.messages import MessageState, why_not_take_back

bp = Blueprint("moderation", __name__)

MEANINGS = {each.value: clause.meaning for each, clause in POLICY.items()}


# A message ------------------------------------------------------------------------------------------------------------


@bp.get("/messages/<id:message_id>/flags")
@signed_in
def new_flag(message_id: int) -> Response:
    """Show the form to flag a message."""
    return _flag_page(message_id, FlagForm())


@bp.post("/messages/<id:message_id>/flags")
@signed_in
def flag(message_id: int) -> Any:
    """Flag a message."""
    form = FlagForm()
    form.offer()
    _, problem = message_for(actor(), message_id)
    if not form.validate_on_submit():
        return _flag_page(message_id, form, 422)
    flag_message(
        actor(),
        message_id,
        reason=FlagReason(form.reason.data),
        words=form.words.data or "",
        about_committee=bool(form.about_committee.data),
        once=form.once.data,
    )
    flash(gettext("收到了。会有人来看；谁举报的不会告诉任何人。"))
    return redirect(dossier_url(problem.number, tab="discussion", _anchor=f"message-{message_id}"), 303)


def _flag_page(message_id: int, form: FlagForm, status: int = 200) -> Response:
    message, problem = message_for(actor(), message_id)
    own = why_not_take_back(actor(), message.person_id, message.organization_id, message.state) is None
    if not own:
        inside, standing = actor().inside(dossier_of(problem).code), message.state is MessageState.SHOWN
        insist(why_not_flag(actor(), message.person_id, inside=inside, shown=standing))
    form.offer()
    return page(
        "moderation/flag.html", status, form=form, problem=problem, message=message, own=own, meanings=policy_meanings()
    )


def policy_meanings() -> dict[str, str]:
    """Return what each clause means, for the form that asks which one."""
    return {key: words(meaning) for key, meaning in MEANINGS.items()}


@bp.post("/messages/<id:message_id>/withdrawal")
@signed_in
def withdraw(message_id: int) -> Any:
    """Take one's own message back."""
    _, problem = message_for(actor(), message_id)
    withdraw_message(actor(), message_id, once=request.form.get("once"))
    flash(gettext("已撤下，原来的字删去了。"))
    return redirect(dossier_url(problem.number, tab="discussion", _anchor=f"message-{message_id}"), 303)


# A statement ----------------------------------------------------------------------------------------------------------


@bp.get("/statements/<id:statement_id>/flags")
@signed_in
def flag_statement_page(statement_id: int) -> Response:
    """Show the form to flag a statement, or to take one's own back."""
    return _statement_page(statement_id, FlagForm())


@bp.post("/statements/<id:statement_id>/flags")
@signed_in
def flag_statement(statement_id: int) -> Any:
    """Flag a statement."""
    form = FlagForm()
    form.offer()
    statement, _ = statement_for(actor(), statement_id)
    if not form.validate_on_submit():
        return _statement_page(statement_id, form, 422)
    opinion.flag_statement(
        actor(),
        statement_id,
        reason=FlagReason(form.reason.data),
        words=form.words.data or "",
        about_committee=bool(form.about_committee.data),
        once=form.once.data,
    )
    flash(gettext("收到了。会有人来看；谁举报的不会告诉任何人。"))
    return redirect(_statements(statement), 303)


def _statement_page(statement_id: int, form: FlagForm, status: int = 200) -> Response:
    statement, problem = statement_for(actor(), statement_id)
    own = why_not_take_statement_back(actor(), statement.person_id, statement.organization_id, statement.state) is None
    if not own:
        inside, standing = actor().inside(ground_of(problem).code), statement.state is StatementState.SHOWN
        insist(why_not_flag(actor(), statement.person_id or 0, inside=inside, shown=standing))
    form.offer()
    return page(
        "moderation/flag_statement.html",
        status,
        form=form,
        problem=problem,
        statement=statement,
        own=own,
        meanings=policy_meanings(),
    )


@bp.post("/statements/<id:statement_id>/withdrawal")
@signed_in
def withdraw_own_statement(statement_id: int) -> Any:
    """Take one's own statement back."""
    statement, _ = statement_for(actor(), statement_id)
    opinion.withdraw_statement(actor(), statement_id, once=request.form.get("once"))
    flash(gettext("已撤下，原来的字删去了。"))
    return redirect(_statements(statement), 303)


def _statements(statement: Statement) -> str:
    return url_for("opinion.show", conversation_id=statement.conversation_id)


# A review -------------------------------------------------------------------------------------------------------------


@bp.get("/moderation/<id:review_id>")
@signed_in
def show(review_id: int) -> Response:
    """Show a review to its author or to those who decide it."""
    return _show(sheet_of(actor(), review_id))


def _show(sheet: Sheet, status: int = 200, **forms: Any) -> Response:
    by, review, facts = actor(), sheet.shown.review, sheet.facts
    decision: DecisionForm = forms.get("decision") or DecisionForm(formdata=None)
    decision.offer()
    return page(
        "moderation/show.html",
        status,
        seen=sheet,
        it=review,
        state=gettext("作者已撤下") if facts.taken_back else words(state_words(review.state)),
        held=words(hold_words(review.held)) if review.held else "",
        reason=words(reason_words(review.reason)) if review.reason else "",
        flags=[(words(reason_words(each.reason)), each) for each in sheet.shown.flags],
        meanings=policy_meanings(),
        dossier=sheet.about.url,
        what=words(sheet.what),
        decision=decision if sheet.why_not_decide is None else None,
        blocks=review.subject is SubjectKind.MESSAGE and not sheet.own and by.holds(facts.code, *DECIDERS),
        order=_offered(forms.get("order") or OrderForm(formdata=None), _why_not_order(by, facts)),
        appeal=_offered(forms.get("appeal") or AppealForm(formdata=None), why_not_appeal(by, facts, now())),
        answer=_offered(forms.get("answer") or AnswerForm(formdata=None), why_not_answer(by, facts)),
    )


def _offered(form: Any, refusal: Any) -> Any:
    return form if refusal is None else None


def _why_not_order(by: Actor, facts: Reviewed) -> Refusal | None:
    return why_not_order(by, facts, Order("", "", date.min), now().date())


@bp.post("/moderation/<id:review_id>/decision")
@signed_in
def decide(review_id: int) -> Any:
    """Leave a text, or take it down."""
    form = DecisionForm()
    form.offer()
    if not form.validate_on_submit():
        return _show(sheet_of(actor(), review_id), 422, decision=form)
    verdict = ReviewVerdict.KEEP if form.reason is None else ReviewVerdict.REMOVE
    commands.decide_review(
        actor(), review_id, verdict=verdict, reason=form.reason, words=form.words.data or "", once=form.once.data
    )
    flash(
        gettext("保留了。") if verdict is ReviewVerdict.KEEP else gettext("移除了；写的人已经知道是哪一条，怎么申诉。")
    )
    return redirect(local_path(request.args.get("then"), url_for("moderation.show", review_id=review_id)), 303)


@bp.post("/moderation/<id:review_id>/order")
@signed_in
def order(review_id: int) -> Any:
    """Take a text down by order."""
    form = OrderForm()
    if not form.validate_on_submit():
        return _show(sheet_of(actor(), review_id), 422, order=form)
    told = Order(form.organ.data or "", form.basis.data or "", found(form.dated.data))
    ordered = commands.order_down(actor(), review_id, order=told, once=form.once.data)
    flash(gettext("已按命令移除，机关、依据和日期写进公开的台账。"))
    return redirect(url_for("moderation.show", review_id=ordered.id), 303)


@bp.post("/moderation/<id:review_id>/look")
@signed_in
def look(review_id: int) -> Response:
    """Show sealed words to whoever may see them; the look is written down."""
    commands.read_sealed(actor(), review_id)
    return _show(sheet_of(actor(), review_id, open_seal=True))


@bp.post("/moderation/<id:review_id>/appeal")
@signed_in
def appeal(review_id: int) -> Any:
    """Appeal against a removal."""
    form = AppealForm()
    if not form.validate_on_submit():
        return _show(sheet_of(actor(), review_id), 422, appeal=form)
    commands.appeal_removal(actor(), review_id, words=form.words.data or "", once=form.once.data)
    flash(gettext("申诉收到了，由另一个人答复。"))
    return redirect(url_for("moderation.show", review_id=review_id), 303)


@bp.post("/moderation/<id:review_id>/appeal/answer")
@signed_in
def answer(review_id: int) -> Any:
    """Answer an appeal."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _show(sheet_of(actor(), review_id), 422, answer=form)
    granted = form.granted.data == "yes"
    commands.answer_removal_appeal(
        actor(), review_id, granted=granted, words=form.words.data or "", once=form.once.data
    )
    flash(gettext("已恢复。") if granted else gettext("已答复，维持移除。"))
    return redirect(local_path(request.args.get("then"), url_for("moderation.show", review_id=review_id)), 303)


# The public page ------------------------------------------------------------------------------------------------------


@bp.get("/moderation")
@open_to_all
@kept_for_anyone
def index() -> Response:
    """Show the policy, and what was done under it here in the last twelve months."""
    asked = community_by_code(request.args.get("place", ""))
    here = asked or home_community(actor()) or next(iter(communities(1)), None)
    counts = ledger(here, now() - SINCE) if here is not None else None
    return page(
        "moderation/index.html",
        here=here,
        clauses=[
            {"n": clause.number, "name": words(clause.name), "meaning": words(clause.meaning)}
            for clause in POLICY.values()
        ],
        counts=counts,
        reasons=[(words(reason_words(each)), number) for each, number in sorted(counts.reasons.items())]
        if counts
        else [],
        orders=orders(here) if here is not None else [],
        blocks=blocks_counted(here, now() - SINCE) if here is not None else None,
        slowed=times_slowed(here, now() - SINCE) if here is not None else 0,
    )
