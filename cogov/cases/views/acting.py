"""The steps as resources: one address each under its case, all of one shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask_babel import LazyString, lazy_gettext
from werkzeug.wrappers import Response as Answer

from cogov.cases import commands
from cogov.cases.forms import PauseForm, form_for
from cogov.cases.queries import CaseView, bases_for, case_for, case_of_call, case_view, choices_for
from cogov.cases.queries.loading import who
from cogov.cases.rules import Party, RefusalReason, StepKind, why_not_step
from cogov.cases.views.current import SLUG, bp
from cogov.cases.views.item import Filled
from cogov.cases.views.pages import asked_where, filled_page
from cogov.files.queries import pictures_folder
from cogov.files.views import album_of, settled
from cogov.ground.pages import actor, open_to, signed_in
from cogov.ground.refusals import NotFound, insist
from cogov.ground.settings import data_dir
from cogov.people.rules import Actor, Role
from cogov.people.views import local_path

SLUGS: dict[str, StepKind] = {slug: kind for kind, slug in SLUG.items()}

Run = Callable[[Actor, int, Any], object]


def _plain(command: Callable[..., object]) -> Run:
    return lambda by, case_id, form: command(
        by,
        case_id,
        words=form.words.data or "",
        basis=form.rests_on,
        template=form.template.data or "",
        once=form.once.data,
    )


def _refuse(by: Actor, case_id: int, form: Any) -> object:
    return commands.refuse_case(
        by,
        case_id,
        reason=RefusalReason(form.reason.data),
        words=form.words.data,
        basis=form.rests_on,
        template=form.template.data or "",
        once=form.once.data,
    )


def _dispatch(by: Actor, case_id: int, form: Any) -> object:
    return commands.dispatch_case(
        by,
        case_id,
        body_id=form.body.data,
        duty_item_id=form.item.data or None,
        words=form.words.data or "",
        basis=form.rests_on,
        template=form.template.data or "",
        once=form.once.data,
    )


def _call(by: Actor, case_id: int, form: Any) -> object:
    return commands.call_bodies(
        by,
        case_id,
        organization_ids=form.bodies.data,
        ask=form.words.data,
        basis=form.rests_on,
        template=form.template.data or "",
        once=form.once.data,
    )


def _handle(by: Actor, case_id: int, form: Any) -> object:
    return commands.handle_case(
        by,
        case_id,
        words=form.words.data,
        basis=form.rests_on,
        template=form.template.data or "",
        picture=form.picture.album.first_bytes(),
        folder=pictures_folder(data_dir(current_app)),
        no_picture=form.no_picture.data,
        once=form.once.data,
    )


RUN: dict[StepKind, Run] = {
    StepKind.VERIFY: _plain(commands.verify_case),
    StepKind.ACCEPT: _plain(commands.accept_case),
    StepKind.REFUSE: _refuse,
    StepKind.FILE: _plain(commands.file_case),
    StepKind.DISPATCH: _dispatch,
    StepKind.ACKNOWLEDGE: _plain(commands.acknowledge_case),
    StepKind.RETURN: _plain(commands.return_case),
    StepKind.CALL: _call,
    StepKind.NO_CALL: _plain(commands.no_call_needed),
    StepKind.HANDLE: _handle,
    StepKind.PASS: _plain(commands.pass_case),
    StepKind.REWORK: _plain(commands.rework_case),
    StepKind.FEED_BACK: _plain(commands.feed_back_case),
    StepKind.CLOSE: _plain(commands.close_case),
}

DONE: dict[StepKind, LazyString] = {
    StepKind.VERIFY: lazy_gettext("问题章已盖，等监督中心受理。"),
    StepKind.ACCEPT: lazy_gettext("已受理，等立案。"),
    StepKind.REFUSE: lazy_gettext("没有受理，理由已告诉提出问题的人，问题退回分流。"),
    StepKind.FILE: lazy_gettext("已立案，等指挥中心派遣。"),
    StepKind.DISPATCH: lazy_gettext("指挥章已盖，承办单位的时钟开始走。"),
    StepKind.ACKNOWLEDGE: lazy_gettext("责任章已盖，案件现在由您单位负责。"),
    StepKind.RETURN: lazy_gettext("已退回指挥中心，异议公开可查。"),
    StepKind.CALL: lazy_gettext("已吹哨，各单位的时钟开始走。"),
    StepKind.NO_CALL: lazy_gettext("联动章已盖，原因公开可查。"),
    StepKind.ANSWER_CALL: lazy_gettext("已答复。"),
    StepKind.HANDLE: lazy_gettext("处置结果已报，等监督中心核查。"),
    StepKind.PASS: lazy_gettext("核查通过，等反馈。"),
    StepKind.REWORK: lazy_gettext("已要求返工，时钟接着走。"),
    StepKind.FEED_BACK: lazy_gettext("反馈章已盖，可以由另一位同事结案。"),
    StepKind.CLOSE: lazy_gettext("已结案，接下来问提出问题的人修好了没有。"),
}


@bp.post("/cases/<id:case_id>/<any({}):act>".format(",".join(f"'{slug}'" for slug in SLUGS)))
@signed_in
def step(case_id: int, act: str) -> Answer:
    """Do one step to a case; a form with mistakes comes back with what was written."""
    by, kind = actor(), SLUGS[act]
    case = case_for(by, case_id)
    view = case_view(by, case)
    insist(why_not_step(kind, who(by), view.facts))
    form = form_for(kind, choices_for(case, view.problem), bases=_bases(view, kind))
    album = album_of(form) if kind is StepKind.HANDLE else None
    if not form.validate_on_submit() or (album and not settled(form)):
        return filled_page(by, view, Filled(case_id, form, kind=kind))
    RUN[kind](by, case_id, form)
    if album:
        album.forget()
    return _back(by, case_id, DONE[kind])


def _bases(view: CaseView, kind: StepKind) -> list[str]:
    return bases_for(view.case, view.problem) if kind is StepKind.HANDLE else []


@bp.post("/cases/<id:case_id>/pauses")
@open_to(Role.DISPATCHER, Role.STREET_OFFICE)
def pause(case_id: int) -> Answer:
    """Let the clock of a case stand still, for a reason that all can read."""
    by = actor()
    case_for(by, case_id)
    form = PauseForm()
    commands.pause_case(by, case_id, words=form.words.data or "", once=form.once.data)
    return _back(by, case_id, lazy_gettext("时钟已暂停，原因公开可查。"))


@bp.post("/cases/<id:case_id>/pauses/end")
@open_to(Role.DISPATCHER, Role.STREET_OFFICE)
def resume(case_id: int) -> Answer:
    """Let the clock of a case run again."""
    by = actor()
    case_for(by, case_id)
    commands.resume_case(by, case_id, once=PauseForm().once.data)
    return _back(by, case_id, lazy_gettext("时钟接着走，期限按暂停的时间顺延。"))


@bp.post("/calls/<id:call_id>/answer")
@signed_in
def answer(call_id: int) -> Answer:
    """Answer a call for the body that was called."""
    by = actor()
    case = case_for(by, case_of_call(call_id))
    view = case_view(by, case)
    insist(why_not_step(StepKind.ANSWER_CALL, who(by), replace(view.facts, parties=_as_called(view, call_id))))
    form = form_for(StepKind.ANSWER_CALL)
    if not form.validate_on_submit():
        return filled_page(by, view, Filled(case.id, form, call_id=call_id))
    _plain(commands.answer_call)(by, call_id, form)
    return _back(by, case.id, DONE[StepKind.ANSWER_CALL])


def _as_called(view: CaseView, call_id: int) -> dict[Party, int | None]:
    called = next((call for call in view.calls if call.id == call_id), None)
    if called is None:
        raise NotFound
    return {**view.facts.parties, Party.CALLED: called.organization_id}


def _back(by: Actor, case_id: int, said: LazyString) -> Answer:
    """Return to the page of the case; at a desk to the same case while there is more to do, then to the next one.

    Another desk names itself in ``then``.
    """
    flash(str(said))
    if then := local_path(request.args.get("then"), ""):
        return redirect(then, 303)
    if not request.args.get("desk"):
        return redirect(url_for("cases.show", case_id=case_id), 303)
    more = any(offer.refusal is None for offer in case_view(by, case_for(by, case_id)).offers)
    return redirect(asked_where().url(**({"case": case_id} if more else {})), 303)
