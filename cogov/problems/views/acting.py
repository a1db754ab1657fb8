"""Seconding, following, mediation, the end of a deliberation, and the raisers' word."""

from __future__ import annotations

from flask import abort, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer

from cogov.ground.pages import open_to, page, signed_in
from cogov.ground.refusals import insist
from cogov.people.rules import Role
from cogov.problems.commands import (
    conclude_deliberation,
    confirm_problem,
    follow_problem,
    quieten_problem,
    record_mediation,
    second_problem,
    unfollow_problem,
    unsecond_problem,
)
from cogov.problems.forms import ConclusionForm, ConfirmationForm, MediationForm
from cogov.problems.rules.acts import MEDIATORS, Act
from cogov.problems.rules.following import FollowLevel
from cogov.problems.rules.stages import ConfirmationAnswer
from cogov.problems.views.current import bp, by, done, opened, sent_again


@bp.post("/problems/<number>/second")
@signed_in
def second(number: str) -> Answer:
    """Say that one has met it too."""
    second_problem(by(), number, once=sent_again())
    return done(number, gettext("记下了，您也遇到了。"))


@bp.post("/problems/<number>/second/withdrawal")
@signed_in
def unsecond(number: str) -> Answer:
    """Take that back."""
    unsecond_problem(by(), number, once=sent_again())
    return done(number, gettext("附议已撤回。"))


_FOLLOW = {
    FollowLevel.ALL: (follow_problem, lazy_gettext("已关注，每一步都会告诉您。")),
    FollowLevel.NEEDS: (quieten_problem, lazy_gettext("安静了，只在需要您时告诉您。")),
    FollowLevel.NONE: (unfollow_problem, lazy_gettext("已取消关注。轮到您办、表决或确认时，还是会告诉您。")),
}


@bp.post("/problems/<number>/following")
@signed_in
def following(number: str) -> Answer:
    """Follow a dossier, hear less of it, or follow it no longer."""
    level = request.form.get("level", "")
    if level not in list(FollowLevel):
        abort(400)
    set_level, sentence = _FOLLOW[FollowLevel(level)]
    set_level(by(), number)
    return done(number, str(sentence))


@bp.route("/problems/<number>/mediation", methods=["GET", "POST"])
@open_to(*MEDIATORS)
def mediation(number: str) -> Answer:
    """Record what came of the mediation."""
    problem, panel = opened(number)
    form = MediationForm()
    if request.method == "POST" and form.validate():
        record_mediation(
            by(), number, agreed=form.agreed.data == "yes", words=form.words.data or "", once=form.once.data
        )
        return done(number, gettext("调解结果已记下。"))
    insist(panel.refusal(Act.MEDIATE))
    form.words.label.text = gettext("结果")
    return page(
        "problems/act.html",
        422 if form.errors else 200,
        problem=problem,
        panel=panel,
        form=form,
        heading=gettext("记下调解结果"),
        line=gettext("不写双方的姓名和门牌。没谈成，请写明还可以找谁。"),
        fields=["agreed", "words"],
        button=gettext("记下结果"),
    )


@bp.route("/problems/<number>/conclusion", methods=["GET", "POST"])
@open_to(Role.MODERATOR)
def conclusion(number: str) -> Answer:
    """Close a deliberation without a vote."""
    problem, panel = opened(number)
    form = ConclusionForm()
    if request.method == "POST" and form.validate():
        conclude_deliberation(by(), number, words=form.words.data or "", once=form.once.data)
        return done(number, gettext("协商已结束。"))
    insist(panel.refusal(Act.CONCLUDE))
    form.words.label.text = gettext("大家商量的结果")
    return page(
        "problems/act.html",
        422 if form.errors else 200,
        problem=problem,
        panel=panel,
        form=form,
        heading=gettext("结束协商，不用表决"),
        line=gettext("单位还在办的，接着办；没有单位在办的，请提出人确认修好了没有。"),
        fields=["words"],
        button=gettext("结束协商"),
    )


@bp.route("/problems/<number>/confirmation", methods=["GET", "POST"])
@signed_in
def confirmation(number: str) -> Answer:
    """Say whether it is fixed: first which of the two, then in one's own words, for who has any."""
    problem, panel = opened(number)
    form = ConfirmationForm()
    if request.method == "POST" and form.validate():
        answer = ConfirmationAnswer(form.answer.data)
        kept = confirm_problem(by(), number, answer=answer, words=form.words.data or "", once=form.once.data)
        fixed = answer is ConfirmationAnswer.FIXED
        said = gettext("谢谢，记下了：修好了。") if fixed else gettext("记下了：没修好，这件事重新打开。")
        return done(number, said, kept.words)
    insist(panel.refusal(Act.CONFIRM))
    chosen = request.form.get("answer") or request.args.get("answer", "")
    return page(
        "problems/confirmation.html",
        422 if form.errors else 200,
        problem=problem,
        panel=panel,
        form=form,
        chosen=chosen if chosen in list(ConfirmationAnswer) else "",
    )
