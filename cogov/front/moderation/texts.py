"""Flagging on pages what people wrote besides messages and statements, and what readers are told beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext

from cogov.front.moderation import acting
from cogov.front.moderation.forms import FlagForm
from cogov.front.moderation.reading import text_of
from cogov.front.moderation.restraint import bp
from cogov.front.moderation.views import policy_meanings
from cogov.ground.clock import now
from cogov.ground.pages import actor, page, signed_in, words
from cogov.ground.refusals import Refusal, insist
from cogov.journal.kept import kept
from cogov.moderation.queries import DOWN, Fate, fates_of, fates_on, open_review
from cogov.moderation.rules import FlagReason, ReviewState, SubjectKind, one_of, why_not_flag
from cogov.problems.models import Problem

__all__ = ["bp"]


@bp.get("/texts/<what>/<id:subject_id>/flags")
@signed_in
def new_text_flag(what: str, subject_id: int) -> Response:
    """Show the form to flag a text."""
    return _flag_page(acting.kind_of(what), subject_id, FlagForm())


@bp.post("/texts/<what>/<id:subject_id>/flags")
@signed_in
def flag_text(what: str, subject_id: int) -> Any:
    """Flag a text."""
    form, asked = FlagForm(), acting.kind_of(what)
    form.offer()
    _, about = text_of(actor(), asked, subject_id)
    if not form.validate_on_submit():
        return _flag_page(asked, subject_id, form, 422)
    acting.flag(
        actor(),
        asked,
        subject_id,
        reason=FlagReason(form.reason.data),
        words=form.words.data or "",
        about_committee=bool(form.about_committee.data),
        once=form.once.data,
    )
    flash(gettext("收到了。会有人来看；谁举报的不会告诉任何人。"))
    return redirect(about.url, 303)


@bp.post("/texts/<what>/<id:subject_id>/withdrawal")
@signed_in
def withdraw_text(what: str, subject_id: int) -> Any:
    """Erase one's own text."""
    asked = acting.kind_of(what)
    looked_at = open_review(asked, subject_id) is not None
    acting.take_back(actor(), asked, subject_id, once=request.form.get("once"))
    flash(gettext("已撤下，原来的字封存着。") if looked_at else gettext("已撤下，原来的字删去了。"))
    return redirect(text_of(actor(), asked, subject_id)[1].url, 303)


def _flag_page(kind: SubjectKind, subject_id: int, form: FlagForm, status: int = 200) -> Response:
    by, (text, about) = actor(), text_of(actor(), kind, subject_id)
    own = acting.may_take_back(kind) and by.person_id == text.author_id
    why_not = acting.why_not_take_back(by, kind, subject_id) if own else None
    if not own:
        insist(why_not_flag(by, text.author_id, inside=by.inside(text.code), shown=text.stands))
    form.offer()
    return page(
        "moderation/flag_text.html",
        status,
        form=form,
        about=about,
        what=words(one_of(kind)),
        own=url_for("moderation.withdraw_text", what=kind, subject_id=subject_id) if own else "",
        why_not=why_not,
        looked_at=bool(own) and open_review(kind, subject_id) is not None,
        meanings=policy_meanings(),
    )


@bp.app_template_global()
def fate_of(kind: str, subject_id: int, problem_id: int | None = None) -> Fate | None:
    """Return what readers are told beside a text: that it was taken down and why, or that it is being looked at."""
    asked = SubjectKind(kind)
    if problem_id is not None:
        return fates_on(problem_id).get((asked, subject_id))
    known: dict[tuple[SubjectKind, int], Fate | None] = g.setdefault("fates", {})
    if (asked, subject_id) not in known:
        known[asked, subject_id] = fates_of(asked, [subject_id]).get((asked, subject_id))
    return known[asked, subject_id]


@bp.app_template_global()
def know_fates(kind: str, ids: Iterable[int]) -> str:
    """Ask about the texts of a whole page at once, so that `fate_of` asks about none of them; returns no words."""
    asked, wanted = SubjectKind(kind), list(ids)
    told = fates_of(asked, wanted)
    known: dict[tuple[SubjectKind, int], Fate | None] = g.setdefault("fates", {})
    known |= {(asked, each): told.get((asked, each)) for each in wanted}
    return ""


@bp.app_template_global()
def way_to_take_back(why_not: Refusal | None) -> str:
    """Return how the way to erase one's own text is called; nothing where there is nothing left to erase."""
    if why_not is None:
        return gettext("撤下")
    return "" if why_not.code == "not_standing" else gettext("为什么不能撤下")


@bp.app_template_global()
def way_to_take_problem_back(problem: Problem) -> str | None:
    """Return how whoever raised a problem finds the way to erase it; None for anybody else."""
    by = actor()
    if by.person_id is None or by.person_id != problem.raiser_id:
        return None
    why_not = kept(
        ("taken back", problem.id, by.person_id),
        lambda: acting.why_not_take_back(by, SubjectKind.PROBLEM, problem.id),
        of=problem.id,
    )
    return way_to_take_back(why_not)


@bp.app_template_global()
def way_to_review(fate: Fate | None) -> str:
    """Return how the way to the review of a text is called for who wrote it; nothing for anybody else."""
    if fate is None or actor().person_id != fate.author_id or not (fate.held or fate.state in DOWN):
        return ""
    in_time = fate.appeal_until is None or now() < fate.appeal_until
    if fate.state is ReviewState.REMOVED and in_time and not fate.appealed:
        return gettext("看处理，可以申诉")
    return gettext("看处理")
