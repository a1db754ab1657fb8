"""Who has an interest, on pages: applying from another building, and deciding about it before the notice."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext

from cogov.decisions import commands
from cogov.decisions.forms.interest import ADMIT, InterestForm, SettleInterestForm
from cogov.decisions.queries.interest import ClaimShown, InterestsShown, claim_for, interests_shown
from cogov.decisions.rules.interest import (
    LIVE,
    STATE_WORDS,
    InterestState,
    interest_sentence,
    too_late,
    why_no_interest_here,
)
from cogov.decisions.rules.stages import MotionState
from cogov.decisions.views.current import bp, by
from cogov.ground.pages import moment, page, signed_in, words
from cogov.ground.refusals import insist

UNPROCESSABLE = 422


@bp.get("/motions/<id:motion_id>/interests")
@signed_in
def interests(motion_id: int) -> Response:
    """Show who may be admitted to a motion, one's own application, and all of them to those who decide."""
    return _interests_page(interests_shown(by(), motion_id), InterestForm(formdata=None))


@bp.post("/motions/<id:motion_id>/interests")
@signed_in
def apply_interest(motion_id: int) -> Any:
    """Apply to be admitted."""
    shown, form = interests_shown(by(), motion_id), InterestForm()
    insist(shown.why_not_apply)
    form.about(shown.units)
    if not form.validate_on_submit():
        return _interests_page(shown, form, UNPROCESSABLE)
    commands.apply_interest(by(), motion_id, unit_id=form.unit.data, text=form.text.data or "", once=form.once.data)
    flash(gettext("申请已交。公告前会有决定，决定了会告诉您。"))
    return redirect(url_for("decisions.interests", motion_id=motion_id), 303)


@bp.post("/interests/<id:interest_id>/settlement")
@signed_in
def settle_interest(interest_id: int) -> Any:
    """Admit an applicant, or decline, with the reason."""
    motion_id, form = claim_for(by(), interest_id).motion_id, SettleInterestForm()
    if not form.validate_on_submit():
        return _interests_page(
            interests_shown(by(), motion_id), InterestForm(formdata=None), UNPROCESSABLE, (interest_id, form)
        )
    admits = form.outcome.data == ADMIT
    commands.settle_interest(by(), interest_id, admits=admits, reason=form.reason.data or "", once=form.once.data)
    flash(gettext("已列入名册，申请的人会收到通知。") if admits else gettext("没有列入，申请的人会看到理由。"))
    return redirect(url_for("decisions.interests", motion_id=motion_id), 303)


@bp.post("/interests/<id:interest_id>/withdrawal")
@signed_in
def withdraw_interest(interest_id: int) -> Any:
    """Take one's own application back."""
    motion_id, form = claim_for(by(), interest_id).motion_id, InterestForm()
    commands.withdraw_interest(by(), interest_id, once=form.once.data)
    flash(gettext("申请已撤回。"))
    return redirect(url_for("decisions.interests", motion_id=motion_id), 303)


def _interests_page(
    shown: InterestsShown,
    form: InterestForm,
    status: int = 200,
    settling: tuple[int, SettleInterestForm] | None = None,
) -> Response:
    insist(why_no_interest_here(shown.rule))
    form.about(shown.units)
    sentence = interest_sentence(shown.rule)
    waiting = [claim for claim in shown.claims if claim.state is InterestState.WAITING]
    undecided = shown.motion.state in (MotionState.MOVED, MotionState.TABLED)
    return page(
        "decisions/interests.html",
        status,
        motion=shown.motion,
        problem=shown.problem,
        sentence=words(sentence) if sentence is not None else "",
        admitted=shown.admitted,
        decides=shown.decides,
        form=form if shown.why_not_apply is None else None,
        why_not=shown.why_not_apply,
        mine=[_line(claim, undecided=undecided) for claim in shown.claims if claim.is_mine],
        waiting=[
            _line(claim, undecided=undecided, settle=None if claim.touches_me else _settling(claim.id, settling))
            for claim in waiting
            if not claim.is_mine
        ]
        if shown.decides
        else [],
        settled=[_line(each, undecided=False) for each in shown.claims if each not in waiting and not each.is_mine]
        if shown.decides
        else [],
        closed=None if undecided else too_late(),
    )


def _settling(claim_id: int, sent: tuple[int, SettleInterestForm] | None) -> SettleInterestForm:
    form = sent[1] if sent is not None and sent[0] == claim_id else SettleInterestForm(formdata=None)
    return form.on(claim_id)


def _line(claim: ClaimShown, *, undecided: bool, settle: SettleInterestForm | None = None) -> dict[str, Any]:
    return {
        "id": claim.id,
        "door": claim.door,
        "who": claim.applicant,
        "text": claim.text,
        "state": words(STATE_WORDS[claim.state]),
        "at": moment(claim.at),
        "answer": claim.answer,
        "settle": settle if undecided else None,
        "others": undecided and claim.touches_me,
        "may_withdraw": undecided and claim.is_mine and claim.state in LIVE,
    }
