"""Proxies on pages: giving a mandate, entering and confirming one from paper, ending it, and who casts for whom."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.decisions import commands, queries
from cogov.decisions.forms.mandates import MandateForm, PaperMandateForm, PeriodMandateForm
from cogov.decisions.models import Decision
from cogov.decisions.queries.mandates import (
    MandateShown,
    head_at,
    in_decision,
    mandate_paper,
    mandate_shown,
    mandates_of,
    papers_of,
    rules_with_periods,
    why_not_keep,
)
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.mandates import END_WORDS, PAPERS, head_not_found
from cogov.decisions.rules.periods import no_periods
from cogov.decisions.rules.proxies import proxy_sentence
from cogov.decisions.views.current import bp, by, community, told
from cogov.files.queries import pictures_folder
from cogov.files.views import album_of, sent, settled
from cogov.ground.clock import now
from cogov.ground.db import found
from cogov.ground.pages import moment, open_to, page, signed_in, words
from cogov.ground.refusals import Refused, insist
from cogov.ground.settings import data_dir
from cogov.ground.wording import tidy
from cogov.ground.words import Words
from cogov.people.views import local_path
from cogov.places.models import Place
from cogov.places.queries import buildings_of

UNPROCESSABLE = 422


def _once() -> str | None:
    return request.form.get("once")


# One's own ------------------------------------------------------------------------------------------------------------


@bp.get("/mandates")
@signed_in
def mandates() -> Response:
    """Show what one has given and received, and the way to a mandate for all votes of a time."""
    every = mandates_of(by())
    here = community()
    return page(
        "decisions/mandates/mine.html",
        given=[_line(each) for each in every if each.is_mine],
        received=[_line(each) for each in every if each.i_carry],
        period_url=url_for("decisions.period_mandate", place=here.code) if here is not None else "",
    )


def _line(shown: MandateShown) -> dict[str, Any]:
    """Return a mandate as a line: who for whom, in what, until when, and what can be done about it."""
    about = shown.question or gettext("%(place)s的每次表决", place=shown.place)
    return {
        "id": shown.id,
        "title": about,
        "url": url_for("decisions.show", decision_id=shown.decision_id) if shown.decision_id else "",
        "who": _who(shown),
        "state": _state(shown),
        "holds": shown.holds,
        "waiting": not shown.confirmed and shown.ended is None,
        "paper": url_for("decisions.mandate_picture", mandate_id=shown.id) if shown.on_paper else "",
        "may_end": shown.ended is None and not shown.closed,
        "end": _end_words(shown),
        "entered_by_me": shown.entered_by_me,
    }


def _who(shown: MandateShown) -> str:
    if shown.on_paper:
        return gettext("%(door)s（纸面委托书）委托 %(proxy)s", door=shown.door, proxy=shown.proxy)
    if shown.is_mine:
        return gettext("您委托 %(proxy)s", proxy=shown.proxy)
    return gettext("%(principal)s委托您", principal=shown.principal)


def _state(shown: MandateShown) -> str:
    if shown.ended is not None:
        return gettext("%(why)s，%(at)s", why=words(END_WORDS[shown.ended]), at=moment(shown.ended_at))
    if shown.closed:
        return gettext("表决已截止")
    if not shown.confirmed:
        return gettext("等第二个人确认，确认以前不能投")
    if shown.until is not None and shown.until <= now():
        return gettext("%(at)s 已到期", at=moment(shown.until))
    if shown.until is not None:
        return gettext("有效到 %(at)s", at=moment(shown.until))
    return gettext("有效到投票截止，%(at)s", at=moment(shown.closes_at))


def _end_words(shown: MandateShown) -> str:
    return gettext("辞去") if shown.i_carry and not shown.is_mine else gettext("撤回委托")


@bp.route("/mandates/new", methods=["GET", "POST"])
@signed_in
def period_mandate() -> Any:
    """Let somebody cast for one in all votes of a time."""
    here = found(community())
    rules = rules_with_periods(here.code)
    if not rules:
        raise Refused(no_periods())
    form = PeriodMandateForm()
    if not form.validate_on_submit():
        return _period_page(here, form, UNPROCESSABLE if form.errors else 200)
    try:
        commands.give_period_mandate(
            by(), here.code, proxy=form.proxy.data or "", until=form.held_until, once=form.once.data
        )
    except Refused as error:
        if error.refusal.status != UNPROCESSABLE:
            raise
        form.form_errors = [told(error.refusal)]
        return _period_page(here, form, UNPROCESSABLE)
    flash(gettext("已委托。每次表决公告时，会照规则替您登记代理人。"))
    return redirect(url_for("decisions.mandates"), 303)


def _period_page(here: Place, form: PeriodMandateForm, status: int) -> Response:
    names = [words(Words(rule.name)) for rule in rules_with_periods(here.code)]
    return page("decisions/mandates/period.html", status, here=here, form=form, rules=names)


# In one vote ----------------------------------------------------------------------------------------------------------


@bp.route("/decisions/<id:decision_id>/mandates", methods=["GET", "POST"])
@signed_in
def decision_mandates(decision_id: int) -> Any:
    """Show who casts for whom in a vote, as far as it is one's own affair, and let somebody cast for one."""
    decision, _ = queries.decision_for(by(), decision_id)
    form = MandateForm()
    if not form.validate_on_submit():
        return _decision_page(decision, form, UNPROCESSABLE if form.errors else 200)
    try:
        commands.give_mandate(by(), decision_id, proxy=form.proxy.data or "", once=form.once.data)
    except Refused as error:
        if error.refusal.status != UNPROCESSABLE:
            raise
        form.form_errors = [told(error.refusal)]
        return _decision_page(decision, form, UNPROCESSABLE)
    flash(gettext("已委托；截止前您随时可以撤回，自己一投委托就结束。"))
    return redirect(url_for("decisions.decision_mandates", decision_id=decision_id), 303)


def _decision_page(decision: Decision, form: MandateForm, status: int) -> Response:
    shown = in_decision(by(), decision.id)
    return page(
        "decisions/mandates/decision.html",
        status,
        decision=decision,
        form=form,
        shown=shown,
        sentence=words(proxy_sentence(thaw(decision.frozen_rule))),
        open=now() < decision.closes_at,
        given=[_line(each) for each in shown.given],
        received=[_line(each) for each in shown.received],
    )


@bp.route("/decisions/<id:decision_id>/mandates/paper", methods=["GET", "POST"])
@open_to(*PAPERS)
def paper_mandates(decision_id: int) -> Any:
    """Show the mandates on paper of a vote, and enter another one."""
    decision, _ = queries.decision_for(by(), decision_id)
    insist(why_not_keep(by(), decision))
    form = PaperMandateForm()
    form.about(buildings_of(decision.community_id))
    album = album_of(form)
    if not form.validate_on_submit() or not settled(form):
        return _paper_page(decision, form, UNPROCESSABLE if form.errors else 200)
    data = album.first_bytes()
    head_id = head_at(decision_id, int(form.building.data), tidy(form.staircase.data or ""), tidy(form.door.data or ""))
    if data is None:
        form.picture.errors = [*form.picture.errors, gettext("请附上委托书的照片。")]
        return _paper_page(decision, form, UNPROCESSABLE)
    if head_id is None:
        form.form_errors = [told(head_not_found())]
        return _paper_page(decision, form, UNPROCESSABLE)
    try:
        commands.enter_paper_mandate(
            by(),
            decision_id,
            head_id=head_id,
            proxy=form.proxy.data or "",
            picture=data,
            folder=pictures_folder(data_dir(current_app)),
            once=form.once.data,
        )
    except Refused as error:
        if error.refusal.status != UNPROCESSABLE:
            raise
        form.form_errors = [told(error.refusal)]
        return _paper_page(decision, form, UNPROCESSABLE)
    album.forget()
    flash(gettext("已录入，等另一个人对照照片确认。"))
    return redirect(url_for("decisions.paper_mandates", decision_id=decision_id), 303)


def _paper_page(decision: Decision, form: PaperMandateForm, status: int) -> Response:
    shown = in_decision(by(), decision.id)
    return page(
        "decisions/mandates/paper.html",
        status,
        decision=decision,
        form=form,
        why_not=shown.why_not,
        open=now() < decision.closes_at,
        papers=[_line(each) for each in papers_of(by(), decision)],
    )


@bp.post("/mandates/<id:mandate_id>/settlement")
@open_to(*PAPERS)
def settle_mandate(mandate_id: int) -> Any:
    """Confirm a mandate on paper as a second person, or decline it."""
    agrees = request.form.get("agrees") == "yes"
    mandate = commands.settle_paper_mandate(by(), mandate_id, agrees=agrees, once=_once())
    flash(gettext("已确认，代理人现在可以投。") if agrees else gettext("没有采用这份委托书。"))
    return redirect(url_for("decisions.paper_mandates", decision_id=mandate.decision_id), 303)


@bp.post("/mandates/<id:mandate_id>/end")
@signed_in
def end_mandate(mandate_id: int) -> Any:
    """Take a mandate back or lay it down."""
    mandate_shown(by(), mandate_id)
    commands.end_mandate(by(), mandate_id, once=_once())
    flash(gettext("委托已结束。代理人投过的票照样算，要改由本人改。"))
    return redirect(local_path(request.args.get("then"), url_for("decisions.mandates")), 303)


@bp.get("/mandates/<id:mandate_id>/paper")
@signed_in
def mandate_picture(mandate_id: int) -> Response:
    """Send the picture of a mandate on paper to its people and to those who keep the papers."""
    picture = mandate_paper(by(), mandate_id)
    folder = pictures_folder(data_dir(current_app))
    return sent(picture, folder, filename=f"mandate-{mandate_id}.jpg", private=True)


# What templates ask for -----------------------------------------------------------------------------------------------


@bp.app_template_global()
def proxy_words(frozen_rule: str) -> str:
    """Say whether one may send somebody to a vote, and whom not."""
    return words(proxy_sentence(thaw(frozen_rule)))
