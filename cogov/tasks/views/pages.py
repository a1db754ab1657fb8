"""One task: its page, and the forms of opening, claiming, handing in, verifying, giving back and calling off."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import format_datetime, gettext

from cogov.files.queries import pictures_folder
from cogov.files.views import album_of, sent, settled
from cogov.ground.pages import actor, chosen_actor, id_arg, id_field, open_to_all, page, signed_in, words
from cogov.ground.refusals import insist
from cogov.ground.settings import data_dir
from cogov.journal.kept import kept_for_anyone
from cogov.meetings.queries.outcomes import carried_on, origin_of
from cogov.meetings.rules.kinds import FollowUp
from cogov.moderation.rules import marks_in, masked_words
from cogov.people.rules import Actor
from cogov.problems.queries import problem_for
from cogov.tasks import commands, queries
from cogov.tasks.commands.locking import promise_of
from cogov.tasks.forms import CancelForm, ClaimForm, HandInForm, SendBackForm, TaskForm
from cogov.tasks.rules import CLAIMS_FOR, why_not_cancel, why_not_hand_in, why_not_open
from cogov.tasks.views.cards import card
from cogov.tasks.views.current import between, bp
from cogov.threads.forms.speaking import OnceForm
from cogov.threads.queries import dossier_of, voices
from cogov.threads.queries.panels import Voices

# One task ------------------------------------------------------------------------------------------------------------


@bp.get("/tasks/<id:task_id>")
@open_to_all
@kept_for_anyone
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
    claims = queries.claims_of(by, task, shown.code, **between())
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
        exact_times=by.inside(shown.code),
        origin=origin_of(FollowUp.TASK, task.id),
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
    carried = carried_on(problem.id, id_arg("meeting_motion"))
    form = TaskForm(formdata=None, text=carried.text if carried else "")
    return page("tasks/new.html", form=form, problem=problem, carried=carried)


@bp.post("/problems/<number>/tasks")
@signed_in
def open_task(number: str) -> Any:
    """Open a task."""
    problem = problem_for(actor(), number)
    form = TaskForm()
    if not form.validate_on_submit():
        carried = carried_on(problem.id, id_field("meeting_motion"))
        return page("tasks/new.html", 422, form=form, problem=problem, carried=carried)
    task = commands.open_task(
        actor(),
        number,
        title=form.title.data or "",
        text=form.text.data or "",
        slots=form.slots.data or 0,
        days=form.days.data or 0,
        meeting_point=form.meeting_point.data or "",
        starts_at=form.starts,
        meeting_motion=id_field("meeting_motion"),
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
    """Hand work in; only who may is asked for pictures, so that nothing is kept for anybody else."""
    claim, task, _ = queries.claim_for(actor(), claim_id)
    insist(why_not_hand_in(actor(), promise_of(claim)))
    form = HandInForm()
    album = album_of(form)
    if not form.validate_on_submit() or not settled(form):
        return _task_page(task.id, 422 if form.errors else 200, hand_in=form)
    kept = commands.hand_in_task(
        actor(),
        claim_id,
        words=form.report.data or "",
        minutes=form.minutes.data or 0,
        picture=album.first_bytes(),
        folder=pictures_folder(data_dir(current_app)),
        once=form.once.data,
    )
    album.forget()
    flash(gettext("已交活，等别人核实。"))
    if masked := marks_in(kept.words):
        flash(words(masked_words(masked)))
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
