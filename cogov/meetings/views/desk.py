"""The desk of a meeting and the wall of its room."""

from __future__ import annotations

from urllib.parse import urljoin

import segno
from flask import Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from cogov.ground.pages import actor, id_field, page, signed_in, words
from cogov.ground.refusals import insist
from cogov.meetings import commands
from cogov.meetings.forms import EntryForm, MotionForm, NoteForm
from cogov.meetings.queries.floor import Floor, floor, hands_for_others
from cogov.meetings.queries.loading import MeetingShown, agenda, code_of, meeting
from cogov.meetings.queries.records import attendance_list, notes_of
from cogov.meetings.rules.calling import why_not_run
from cogov.meetings.rules.kinds import (
    FORCE,
    NOTE_WORDS,
    SIDE_WORDS,
    Category,
    MeetingMotionState,
    MeetingState,
    NoteKind,
    Stand,
)
from cogov.meetings.views.current import back, bp, once
from cogov.meetings.views.shown import HANDS, floor_shown, head, items, named, rules_of_order
from cogov.people.rules import ANYONE


def _run(meeting_id: int) -> MeetingShown:
    """Return a meeting for whoever runs it; the list of names and the code are for nobody else."""
    it = meeting(meeting_id)
    insist(why_not_run(actor(), it.organization_id, it.presides))
    return it


@bp.get("/meetings/<id:meeting_id>/desk")
@signed_in
def desk(meeting_id: int) -> Response:
    """Show all that whoever runs a meeting has in hand."""
    return desk_page(meeting_id)


def desk_page(
    meeting_id: int, status: int = 200, *, entry: EntryForm | None = None, note: NoteForm | None = None
) -> Response:
    """Return the desk, with the form in which something is wrong."""
    it, by = _run(meeting_id), actor()
    here = floor(it.id, by, it.chair_id)
    entering, noting = entry or EntryForm(formdata=None), note or NoteForm(formdata=None)
    entering.offer()
    noting.offer()
    return page(
        "meetings/desk.html",
        status,
        it=it,
        head=head(it),
        agenda=items(agenda(by, it.id)),
        floor=floor_shown(here, it.turn_seconds),
        others=_others(here),
        people=[named(face) for face in here.faces.values() if not (face.entered or face.gone)],
        notes=[
            {"kind": words(NOTE_WORDS[each.kind]), "text": each.text, "item": each.item_id} for each in notes_of(it.id)
        ],
        hands=[(value, words(name)) for value, name in HANDS],
        sides=[(side.value, words(SIDE_WORDS[side])) for side in Stand],
        rules=rules_of_order(),
        force=words(FORCE),
        entry=entering,
        note=noting,
        motion_form=MotionForm(formdata=None),
        presides=by.person_id == it.chair_id,
    )


def _others(here: Floor) -> list[dict[str, object]]:
    """Return those without a phone, and how the desk has raised their hands on what is counted now."""
    moved = [each for each in (here.amendment, here.motion) if each is not None]
    counted = next((each for each in moved if each.state is MeetingMotionState.HANDS), None)
    raised = hands_for_others(counted.id) if counted is not None else {}
    return [
        {**named(face), "hand": raised[face.ordinal].value if face.ordinal in raised else ""}
        for face in here.faces.values()
        if face.entered and not face.gone
    ]


@bp.get("/meetings/<id:meeting_id>/projector")
@signed_in
def projector(meeting_id: int) -> Response:
    """Show the wall of the room: what is talked about, who speaks, who is next, the hands, and the code."""
    it, by = _run(meeting_id), actor()
    code = code_of(it.id)
    return page(
        "meetings/projector.html",
        it=it,
        head=head(it),
        agenda=items(agenda(by, it.id)),
        floor=floor_shown(floor(it.id, ANYONE, it.chair_id), it.turn_seconds),
        force=words(FORCE),
        code=f"{code[:3]} {code[3:]}",
        square=_square(it.id, code),
        public=current_app.config["PUBLIC_URL"] or request.host_url,
    )


def _square(meeting_id: int, code: str) -> str:
    base = str(current_app.config["PUBLIC_URL"] or request.host_url)
    address = urljoin(base, url_for("meetings.door", meeting_id=meeting_id, code=code))
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2, dark="#000", light="#fff"))


@bp.get("/meetings/<id:meeting_id>/attendance")
@signed_in
def attendance(meeting_id: int) -> Response:
    """Show who is there; only whoever runs the meeting needs it."""
    it = _run(meeting_id)
    rows = [
        {**named(each.face), "called": each.name, "at": each.at, "left_at": each.left_at}
        for each in attendance_list(it.id)
    ]
    chair = floor(it.id, ANYONE, it.chair_id).chair
    return page(
        "meetings/attendance.html",
        it=it,
        head=head(it),
        rows=rows,
        open=it.state is MeetingState.OPEN,
        chair=chair.ordinal if chair else 0,
    )


@bp.post("/meetings/<id:meeting_id>/attendance/entries")
@signed_in
def enter(meeting_id: int) -> ResponseReturnValue:
    """Enter somebody without a phone."""
    form = EntryForm()
    form.offer()
    if not form.validate_on_submit():
        return desk_page(meeting_id, 422, entry=form)
    row = commands.enter_attendee(
        actor(),
        meeting_id,
        label=form.label.data or "",
        category=Category(form.category.data),
        once=form.once.data,
    )
    flash(gettext("已登记，是 %(n)s 号。", n=row.ordinal))
    return redirect(url_for("meetings.desk", meeting_id=meeting_id), 303)


@bp.post("/meetings/<id:meeting_id>/attendance/returns")
@signed_in
def come_back(meeting_id: int) -> ResponseReturnValue:
    """Note that somebody without a phone is there again."""
    commands.come_back(actor(), meeting_id, ordinal=id_field("ordinal") or 0, once=once())
    flash(gettext("已记下回到会场。"))
    return redirect(url_for("meetings.attendance", meeting_id=meeting_id), 303)


@bp.post("/meetings/<id:meeting_id>/code")
@signed_in
def renew_code(meeting_id: int) -> ResponseReturnValue:
    """Replace the check-in code."""
    commands.renew_code(actor(), meeting_id, once=once())
    flash(gettext("签到码已经换了，新的在大屏页上。"))
    return redirect(url_for("meetings.desk", meeting_id=meeting_id), 303)


@bp.post("/meetings/<id:meeting_id>/chair")
@signed_in
def hand_over(meeting_id: int) -> ResponseReturnValue:
    """Hand over the chair."""
    commands.hand_over_chair(actor(), meeting_id, ordinal=id_field("ordinal") or 0, once=once())
    flash(gettext("主持已经交接。"))
    it = meeting(meeting_id)
    runs = why_not_run(actor(), it.organization_id, it.presides) is None
    return redirect(url_for("meetings.desk" if runs else "meetings.show", meeting_id=meeting_id), 303)


@bp.post("/meetings/<id:meeting_id>/agenda/<id:meeting_item_id>/floor")
@signed_in
def take_up(meeting_id: int, meeting_item_id: int) -> ResponseReturnValue:
    """Come to an item."""
    commands.take_up(actor(), meeting_id, meeting_item_id, once=once())
    return back(meeting_id)


@bp.post("/meetings/<id:meeting_id>/turns/next")
@signed_in
def call_next(meeting_id: int) -> ResponseReturnValue:
    """Call the next speaker, or end the one who speaks."""
    stop = request.form.get("stop") == "1"
    commands.call_next(actor(), meeting_id, after=id_field("after") or 0, stop=stop, once=once())
    return back(meeting_id)


@bp.post("/meetings/<id:meeting_id>/turns/<id:turn_id>/prompt")
@signed_in
def prompt(meeting_id: int, turn_id: int) -> ResponseReturnValue:
    """Ask the speaker to keep to the matter."""
    commands.prompt_speaker(actor(), meeting_id, turn_id, once=once())
    return back(meeting_id)


@bp.post("/meetings/<id:meeting_id>/motions/<id:meeting_motion_id>/hands-opening")
@signed_in
def open_hands(meeting_id: int, meeting_motion_id: int) -> ResponseReturnValue:
    """Ask for hands."""
    commands.open_hands(actor(), meeting_id, meeting_motion_id, once=once())
    return back(meeting_id)


@bp.post("/meetings/<id:meeting_id>/motions/<id:meeting_motion_id>/hands-closing")
@signed_in
def count_hands(meeting_id: int, meeting_motion_id: int) -> ResponseReturnValue:
    """Count the hands."""
    commands.count_hands(actor(), meeting_id, meeting_motion_id, once=once())
    return back(meeting_id)


@bp.post("/meetings/<id:meeting_id>/agenda/<id:meeting_item_id>/notes")
@signed_in
def note_down(meeting_id: int, meeting_item_id: int) -> ResponseReturnValue:
    """Write something down."""
    form = NoteForm()
    form.offer()
    if not form.validate_on_submit():
        return desk_page(meeting_id, 422, note=form)
    text, kind = form.text.data or "", NoteKind(form.kind.data)
    commands.note_down(actor(), meeting_id, meeting_item_id, kind=kind, text=text, once=form.once.data)
    return back(meeting_id)
