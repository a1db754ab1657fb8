"""The pages and forms of tasks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import format_datetime, gettext

from cogov.files.queries import pictures_folder
from cogov.files.views import sent
from cogov.ground.clock import now
from cogov.ground.pages import actor, chosen_actor, dossier_url, id_arg, open_to_all, page, signed_in, words
from cogov.ground.refusals import insist
from cogov.ground.settings import data_dir
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.places.queries import communities, home_community, place_by_code
from cogov.problems.queries import problem_for
from cogov.tasks import commands, queries
from cogov.tasks.forms import CancelForm, ClaimForm, HandInForm, SendBackForm, TaskForm
from cogov.tasks.queries import TaskShown
from cogov.tasks.rules import CLAIMS_FOR, ClaimState, Filter, TaskState, why_not_cancel, why_not_open
from cogov.threads.forms import OnceForm
from cogov.threads.queries import dossier_of, voices
from cogov.threads.queries.panels import Voices

bp = Blueprint("tasks", __name__)

_SOON_DAYS = 3
_CELLS = 40


def _between() -> dict[str, int | None]:
    return {"before": id_arg("before"), "after": id_arg("after")}


def _here(by: Actor) -> Place | None:
    asked = request.args.get("place", "")
    if asked.isascii() and asked.isdigit() and len(asked) == 12:
        return place_by_code(asked)
    return home_community(by) or next(iter(communities(1)), None)


# The list ------------------------------------------------------------------------------------------------------------


@bp.get("/tasks")
@open_to_all
def index() -> Response:
    """Show the tasks of a community: open ones, one's own, those to verify."""
    by = actor()
    here = _here(by)
    asked = request.args.get("show", "")
    which = Filter(asked) if asked in set(Filter) and by.person_id is not None else Filter.OPEN
    shown = queries.listed(by, here.id if here else None, which, **_between())
    return page(
        "tasks/index.html",
        here=here,
        which=which,
        tasks=shown,
        cards=[card(task) for task in reversed(shown.items)],
        filters=_filters(by, here, which),
    )


def _filters(by: Actor, here: Place | None, which: Filter) -> list[dict[str, Any]]:
    texts = {Filter.OPEN: gettext("可认领"), Filter.MINE: gettext("我的"), Filter.VERIFY: gettext("等我核实")}
    offered = list(Filter) if by.person_id is not None else [Filter.OPEN]
    place = here.code if here else None
    return [
        {"url": url_for("tasks.index", show=each.value, place=place), "text": texts[each], "current": each is which}
        for each in offered
    ]


@bp.app_template_global("task_cards")
def cards(tasks: list[TaskShown]) -> list[dict[str, Any]]:
    """Return tasks as the macro of task cards takes them."""
    return [card(task) for task in tasks]


def card(task: TaskShown) -> dict[str, Any]:
    """Return a task as the macro of task cards takes it; acts stand on its own page."""
    return {
        "title": task.title,
        "url": url_for("tasks.show", task_id=task.id),
        "pill": _pill(task),
        **_due(task),
        "source_text": gettext("来自问题 %(number)s：%(title)s", number=task.problem_number, title=task.problem_title),
        "source_url": dossier_url(task.problem_number, tab="tasks"),
        "facts": _facts(task),
        "shifts": _shifts(task),
        "note": _note(task),
        "mine": task.mine is not None,
    }


def _pill(task: TaskShown) -> dict[str, str]:
    if task.state is TaskState.DONE:
        return {"kind": "ours", "icon": "circle-check", "text": gettext("已完成")}
    if task.state is TaskState.CANCELLED:
        return {"kind": "plain", "icon": "x", "text": gettext("已取消")}
    if task.mine is not None:
        mine = {
            ClaimState.ACTIVE: gettext("您认领了"),
            ClaimState.HANDED_IN: gettext("等核实"),
            ClaimState.VERIFIED: gettext("您做完了"),
        }
        return {"kind": "ours", "icon": "user-check", "text": mine.get(task.mine, "")}
    if task.free < 1:
        return {"kind": "plain", "icon": "users", "text": gettext("名额已满")}
    return {"kind": "ours", "icon": "clipboard-check", "text": gettext("可认领")}


def _due(task: TaskShown) -> dict[str, str]:
    if task.mine is not ClaimState.ACTIVE or task.my_due_at is None:
        return {"due_text": "", "level": "calm"}
    left = task.my_due_at - now()
    level = "late" if left.total_seconds() < 0 else "soon" if left.days < _SOON_DAYS else "calm"
    at = format_datetime(task.my_due_at, gettext("M月d日 HH:mm"))
    return {"due_text": gettext("%(at)s 前交", at=at), "level": level}


def _facts(task: TaskShown) -> list[dict[str, str]]:
    facts = [{"icon": "building-community", "text": gettext("%(name)s发布", name=task.organization_name)}]
    if task.from_resolution:
        facts.append({"icon": "gavel", "text": gettext("按表决通过的决议")})
    if task.meeting_point:
        facts.append({"icon": "map-pin", "text": task.meeting_point})
    if task.starts_at is not None:
        facts.append({"icon": "calendar", "text": format_datetime(task.starts_at, gettext("M月d日 HH:mm"))})
    facts.append({"icon": "clock", "text": gettext("认领后 %(n)s 天内交", n=task.days)})
    return facts


def _shifts(task: TaskShown) -> dict[str, Any] | None:
    if task.state is TaskState.CANCELLED:
        return None
    mine = 1 if task.mine is not None else 0
    cells = ["taken"] * (task.taken - mine) + ["mine"] * mine + ["open"] * task.free
    text = gettext("%(taken)s/%(slots)s 人，还缺 %(n)s", taken=task.taken, slots=task.slots, n=task.free)
    full = gettext("%(slots)s 人，名额已满", slots=task.slots)
    return {"text": text if task.free else full, "cells": cells if task.slots <= _CELLS else []}


def _note(task: TaskShown) -> str:
    if task.state is not TaskState.OPEN:
        return ""
    return gettext("做不了请退回，到期没交会自动退回，名额让给别人。做完由别人核实，不由认领人自己核实。")


# One task ------------------------------------------------------------------------------------------------------------


@bp.get("/tasks/<id:task_id>")
@open_to_all
def show(task_id: int) -> Response:
    """Show a task, who claimed it, what was handed in, and what the reader may do."""
    return _task_page(task_id)


def _task_page(
    task_id: int,
    status: int = 200,
    *,
    hand_in: HandInForm | None = None,
    send_back: tuple[int, SendBackForm] | None = None,
    cancel: CancelForm | None = None,
) -> Response:
    by = actor()
    task, problem = queries.task_for(by, task_id)
    (shown,) = queries.cards(by, [task])
    claims = queries.claims_of(by, task, shown.code, **_between())
    claim_form = ClaimForm()
    claim_form.speak_as(_claim_voices(by, shown.code))
    return page(
        "tasks/show.html",
        status,
        task=shown,
        card=card(shown),
        problem=problem,
        claims=claims,
        own=queries.own_claim(by, task, shown.code),
        claim_form=claim_form,
        hand_in=hand_in or HandInForm(),
        send_back=send_back[1] if send_back else SendBackForm(),
        send_back_on=send_back[0] if send_back else None,
        cancel=cancel or CancelForm(),
        why_not_cancel=why_not_cancel(by, shown.code, task.state, organization_id=task.organization_id, waiting=0),
        exact_times=any(held.reaches(shown.code) for held in by.standings),
    )


def _claim_voices(by: Actor, code: str) -> Voices:
    every = voices(by, code)
    fitting = tuple(held for held in every.standings if held.role in CLAIMS_FOR)
    current = every.current if any(held.id == every.current for held in fitting) else 0
    if not every.oneself and fitting and not current:
        current = fitting[0].id
    return Voices(every.oneself, fitting, current)


@bp.get("/problems/<number>/tasks")
@signed_in
def new(number: str) -> Response:
    """Show the form for a task."""
    by = actor()
    problem = problem_for(by, number)
    insist(why_not_open(by, dossier_of(problem).code, problem.stage, hidden=problem.hidden))
    return page("tasks/new.html", form=TaskForm(), problem=problem)


@bp.post("/problems/<number>/tasks")
@signed_in
def open_task(number: str) -> Any:
    """Open a task."""
    problem = problem_for(actor(), number)
    form = TaskForm()
    if not form.validate_on_submit():
        return page("tasks/new.html", 422, form=form, problem=problem)
    task = commands.open_task(
        actor(),
        number,
        title=form.title.data or "",
        text=form.text.data or "",
        slots=form.slots.data or 0,
        days=form.days.data or 0,
        meeting_point=form.meeting_point.data or "",
        starts_at=form.starts,
        once=form.once.data,
    )
    flash(gettext("任务已发布，可以认领了。"))
    return redirect(url_for("tasks.show", task_id=task.id), 303)


@bp.post("/tasks/<id:task_id>/claims")
@signed_in
def claim(task_id: int) -> Any:
    """Claim a slot."""
    task, _ = queries.task_for(actor(), task_id)
    form = ClaimForm()
    made = commands.claim_task(chosen_actor(form.acting.data), task.id, once=form.once.data)
    at = format_datetime(made.due_at, gettext("M月d日 HH:mm"))
    flash(gettext("已认领，请在 %(at)s 前交活。", at=at))
    return redirect(url_for("tasks.show", task_id=task.id), 303)


@bp.post("/tasks/<id:task_id>/cancellation")
@signed_in
def cancel(task_id: int) -> Any:
    """Call a task off."""
    task, _ = queries.task_for(actor(), task_id)
    form = CancelForm()
    if not form.validate_on_submit():
        return _task_page(task_id, 422, cancel=form)
    commands.cancel_task(actor(), task.id, reason=form.reason.data or "", once=form.once.data)
    flash(gettext("任务已取消，认领的人会收到通知。"))
    return redirect(url_for("tasks.show", task_id=task.id), 303)


# Claims --------------------------------------------------------------------------------------------------------------


@bp.get("/claims/<id:claim_id>")
@open_to_all
def show_claim(claim_id: int) -> Any:
    """Lead to the task of a claim."""
    _, task, _ = queries.claim_for(actor(), claim_id)
    return redirect(url_for("tasks.show", task_id=task.id, _anchor=f"claim-{claim_id}"), 302)


@bp.post("/claims/<id:claim_id>/hand-in")
@signed_in
def hand_in(claim_id: int) -> Any:
    """Hand work in."""
    _, task, _ = queries.claim_for(actor(), claim_id)
    form = HandInForm()
    if not form.validate_on_submit():
        return _task_page(task.id, 422, hand_in=form)
    picture = form.picture.data.read() if form.picture.data else None
    commands.hand_in_task(
        actor(),
        claim_id,
        words=form.report.data or "",
        minutes=form.minutes.data or 0,
        picture=picture,
        folder=pictures_folder(data_dir(current_app)),
        once=form.once.data,
    )
    flash(gettext("已交活，等别人核实。"))
    return redirect(url_for("tasks.show", task_id=task.id), 303)


@bp.get("/claims/<id:claim_id>/pictures/<id:picture_id>")
@open_to_all
def picture(claim_id: int, picture_id: int) -> Response:
    """Send the picture of a report."""
    row = queries.hand_in_picture(actor(), claim_id, picture_id)
    _, _, problem = queries.claim_for(actor(), claim_id)
    folder = pictures_folder(data_dir(current_app))
    return sent(row, folder, filename=f"claim-{claim_id}.jpg", private=problem.hidden)


@bp.post("/claims/<id:claim_id>/verification")
@signed_in
def verify(claim_id: int) -> Any:
    """Verify work, or send it back with what is missing."""
    _, task, _ = queries.claim_for(actor(), claim_id)
    if request.form.get("verdict") != "send_back":
        commands.verify_task(actor(), claim_id, once=OnceForm().once.data)
        flash(gettext("已核实。"))
        return redirect(url_for("tasks.show", task_id=task.id), 303)
    form = SendBackForm()
    if not form.validate_on_submit():
        return _task_page(task.id, 422, send_back=(claim_id, form))
    commands.send_back_task(actor(), claim_id, words=form.missing.data or "", once=form.once.data)
    flash(gettext("已退回补充，认领人会看到还缺什么。"))
    return redirect(url_for("tasks.show", task_id=task.id), 303)


@bp.post("/claims/<id:claim_id>/return")
@signed_in
def give_back(claim_id: int) -> Any:
    """Give a claim back."""
    _, task, _ = queries.claim_for(actor(), claim_id)
    commands.return_claim(actor(), claim_id, once=OnceForm().once.data)
    flash(gettext("已退回，名额重新放出来了。"))
    return redirect(url_for("tasks.show", task_id=task.id), 303)


@bp.app_template_global()
def why_words(refusal: Any) -> str:
    """Return the sentence of a refusal, empty for none."""
    return words(refusal.message) if refusal is not None else ""
