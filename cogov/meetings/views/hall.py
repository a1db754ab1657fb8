"""What people do in a meeting: come in, ask to speak, move, raise a hand."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from cogov.ground.pages import actor, chosen_actor, id_field, open_to_all, page, signed_in
from cogov.meetings import commands
from cogov.meetings.forms import CheckInForm, MotionForm
from cogov.meetings.queries.loading import attending, meeting
from cogov.meetings.rules.calling import why_not_take_part_here
from cogov.meetings.rules.kinds import Hand, Presence, Stand
from cogov.meetings.views.calling import meeting_page
from cogov.meetings.views.current import back, bp, chosen, once
from cogov.meetings.views.shown import head
from cogov.threads.queries import voices


@bp.get("/meetings/<id:meeting_id>/check-in")
@open_to_all
def door(meeting_id: int) -> Response:
    """Show the door of a meeting, with the code filled in for who took it from the wall with a camera."""
    by, it = actor(), meeting(meeting_id)
    form = CheckInForm(formdata=None, code=request.args.get("code", "")[:6])
    form.speak_as(voices(by, it.place_code))
    return page(
        "meetings/door.html",
        it=it,
        head=head(it),
        form=form,
        outside=why_not_take_part_here(by, it.place_code),
        there=attending(by, it.id),
        then=url_for("meetings.door", meeting_id=it.id, code=form.code.data),
    )


@bp.post("/meetings/<id:meeting_id>/attendance")
@signed_in
def check_in(meeting_id: int) -> ResponseReturnValue:
    """Come in, in the room or online."""
    form, it = CheckInForm(), meeting(meeting_id)
    form.speak_as(voices(actor(), it.place_code))
    if not form.validate_on_submit():
        return meeting_page(meeting_id, 422, check_in=form)
    row = commands.check_in(
        chosen_actor(form.acting.data),
        meeting_id,
        presence=chosen(Presence, "presence"),
        code=form.code.data or "",
        once=form.once.data,
    )
    flash(gettext("已签到，您是 %(n)s 号。", n=row.ordinal))
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


@bp.post("/meetings/<id:meeting_id>/attendance/leaving")
@signed_in
def check_out(meeting_id: int) -> ResponseReturnValue:
    """Leave the meeting, or note that somebody went away."""
    commands.check_out(actor(), meeting_id, ordinal=id_field("ordinal"), once=once())
    flash(gettext("已记下离会。"))
    return back(meeting_id)


@bp.post("/meetings/<id:meeting_id>/turns")
@signed_in
def ask_to_speak(meeting_id: int) -> ResponseReturnValue:
    """Enter the speaking queue."""
    side = chosen(Stand, "side")
    commands.ask_to_speak(actor(), meeting_id, side=side, ordinal=id_field("ordinal"), once=once())
    return back(meeting_id)


@bp.post("/meetings/<id:meeting_id>/turns/<id:turn_id>/withdrawal")
@signed_in
def leave_queue(meeting_id: int, turn_id: int) -> ResponseReturnValue:
    """Leave the speaking queue."""
    commands.leave_queue(actor(), meeting_id, turn_id, once=once())
    return back(meeting_id)


@bp.post("/meetings/<id:meeting_id>/motions")
@signed_in
def move(meeting_id: int) -> ResponseReturnValue:
    """Move something."""
    form = MotionForm()
    if not form.validate_on_submit():
        return meeting_page(meeting_id, 422, motion_form=form)
    commands.move_motion(
        actor(),
        meeting_id,
        text=form.text.data or "",
        amends=id_field("amends"),
        reconsiders=id_field("reconsiders"),
        ordinal=id_field("ordinal"),
        once=form.once.data,
    )
    return back(meeting_id)


@bp.post("/meetings/<id:meeting_id>/motions/<id:meeting_motion_id>/withdrawal")
@signed_in
def withdraw(meeting_id: int, meeting_motion_id: int) -> ResponseReturnValue:
    """Take a motion back."""
    commands.withdraw_motion(actor(), meeting_id, meeting_motion_id, once=once())
    return back(meeting_id)


@bp.post("/meetings/<id:meeting_id>/motions/<id:meeting_motion_id>/hands")
@signed_in
def raise_hand(meeting_id: int, meeting_motion_id: int) -> ResponseReturnValue:
    """Raise a hand."""
    hand = chosen(Hand, "hand")
    commands.raise_hand(actor(), meeting_id, meeting_motion_id, hand=hand, ordinal=id_field("ordinal"), once=once())
    return back(meeting_id)
