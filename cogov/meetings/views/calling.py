"""Meetings of a place, calling one, its page, and its agenda."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from cogov.announcements.queries import reaching
from cogov.announcements.rules import AUTHORS, why_not_announce
from cogov.ground.pages import actor, id_arg, open_to, open_to_all, page, signed_in, words
from cogov.meetings import commands
from cogov.meetings.forms import CheckInForm, ItemForm, MeetingForm, MotionForm, SignatureForm
from cogov.meetings.queries.floor import Floor, floor
from cogov.meetings.queries.loading import PAGE, MeetingShown, agenda, calling_places, listed, meeting
from cogov.meetings.queries.records import minutes_of
from cogov.meetings.rules.calling import why_not_run, why_not_take_part_here, why_not_write
from cogov.meetings.rules.kinds import FORCE, MeetingState
from cogov.meetings.views.current import back, bp, once
from cogov.meetings.views.shown import HANDS, Ways, floor_shown, head, items, rules_of_order, settled
from cogov.people.rules import Actor, Role
from cogov.places.models import Place
from cogov.places.queries import communities, community_by_code, home_community
from cogov.threads.queries import voices

OPENERS = (Role.MODERATOR, Role.OWNERS_COMMITTEE)
"""Who is shown the way to a task; whether they may open it is decided there."""


def _community() -> Place | None:
    asked = community_by_code(request.args.get("place", ""))
    return asked or home_community(actor()) or next(iter(communities(1)), None)


@bp.get("/meetings")
@open_to_all
def index() -> Response:
    """List the meetings of a place, of what lies above it and in it."""
    here = _community()
    rows = listed(reaching(here.code) if here else [], before=id_arg("before"))
    shown, more = rows[:PAGE], len(rows) > PAGE
    code = here.code if here else ""
    return page(
        "meetings/index.html",
        here=here,
        items=[head(each) for each in shown],
        may_call=here is not None and why_not_announce(actor(), here.code) is None,
        next_url=url_for("meetings.index", place=code, before=shown[-1].id) if more else "",
    )


@bp.get("/meetings/new")
@open_to(*AUTHORS)
def new() -> Response:
    """Show the form for a meeting."""
    form, here = MeetingForm(formdata=None), _community()
    form.offer(calling_places(actor()))
    form.place.data = str(here.id) if here else None
    return page("meetings/new.html", form=form)


@bp.post("/meetings")
@open_to(*AUTHORS)
def call() -> ResponseReturnValue:
    """Call a meeting."""
    form = MeetingForm()
    form.offer(calling_places(actor()))
    if not form.validate_on_submit():
        return page("meetings/new.html", 422, form=form)
    made = commands.call_meeting(
        actor(),
        place_id=int(form.place.data),
        title=form.title.data or "",
        text=form.text.data or "",
        begins=form.moment,
        spot=form.spot.data or "",
        turn_seconds=int(form.turn_seconds.data),
        quorum=form.quorum.data or 0,
        once=form.once.data,
    )
    flash(gettext("会议通知已经贴出，住在这里的人会收到通知。请接着列议程。"))
    return redirect(url_for("meetings.show", meeting_id=made.id, _anchor="agenda"), 303)


@bp.get("/meetings/<id:meeting_id>")
@open_to_all
def show(meeting_id: int) -> Response:
    """Show a meeting: when and where, the agenda, and while it is open all that happens in it."""
    return meeting_page(meeting_id)


def meeting_page(
    meeting_id: int,
    status: int = 200,
    *,
    item_form: ItemForm | None = None,
    check_in: CheckInForm | None = None,
    motion_form: MotionForm | None = None,
) -> Response:
    """Return the page of a meeting, with the form in which something is wrong."""
    by, it = actor(), meeting(meeting_id)
    rows = agenda(by, it.id)
    here = floor(it.id, by, it.chair_id) if it.state is not MeetingState.CALLED else None
    coming_in = check_in or CheckInForm(formdata=None)
    coming_in.speak_as(voices(by, it.place_code))
    return page(
        "meetings/show.html",
        status,
        it=it,
        head=head(it),
        agenda=items(rows),
        floor=floor_shown(here, it.turn_seconds) if here else None,
        settled=settled(here, rows, _ways(by, it, here)) if here else [],
        rules=rules_of_order(),
        hands=[(value, words(name)) for value, name in HANDS],
        force=words(FORCE),
        item_form=item_form or ItemForm(formdata=None),
        check_in=coming_in,
        motion_form=motion_form or MotionForm(formdata=None),
        **_may(by, it),
    )


def _ways(by: Actor, it: MeetingShown, here: Floor) -> Ways:
    desk = why_not_write(by, it.organization_id) is None
    opens = any(held.reaches(it.place_code) and held.role in OPENERS for held in by.standings)
    return Ways(opens_tasks=opens, there=desk or here.own is not None, desk=desk)


def _may(by: Actor, it: MeetingShown) -> dict[str, Any]:
    minutes = minutes_of(it.id, by) if it.state is MeetingState.CLOSED else None
    signature = SignatureForm(formdata=None)
    signature.offer()
    return {
        "runs": why_not_run(by, it.organization_id, it.presides) is None,
        "presides": by.person_id is not None and by.person_id == it.chair_id,
        "outside": why_not_take_part_here(by, it.place_code),
        "minutes": minutes,
        "signature": signature,
    }


# The agenda ----------------------------------------------------------------------------------------------------------


@bp.post("/meetings/<id:meeting_id>/agenda")
@signed_in
def list_item(meeting_id: int) -> ResponseReturnValue:
    """Put an item on the agenda."""
    form = ItemForm()
    if not form.validate_on_submit():
        return meeting_page(meeting_id, 422, item_form=form)
    number, title = (form.number.data or "").strip(), form.title.data or ""
    commands.list_item(actor(), meeting_id, number=number, title=title, once=form.once.data)
    return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor="agenda"), 303)


@bp.post("/meetings/<id:meeting_id>/agenda/<id:meeting_item_id>/removal")
@signed_in
def strike_item(meeting_id: int, meeting_item_id: int) -> ResponseReturnValue:
    """Take an item off the agenda."""
    commands.strike_item(actor(), meeting_id, meeting_item_id, once=once())
    return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor="agenda"), 303)


@bp.post("/meetings/<id:meeting_id>/agenda/<id:meeting_item_id>/earlier")
@signed_in
def move_up(meeting_id: int, meeting_item_id: int) -> ResponseReturnValue:
    """Move an item one place up."""
    commands.move_item_up(actor(), meeting_id, meeting_item_id, once=once())
    return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor="agenda"), 303)


@bp.post("/meetings/<id:meeting_id>/opening")
@signed_in
def open_meeting(meeting_id: int) -> ResponseReturnValue:
    """Open the meeting."""
    commands.open_meeting(actor(), meeting_id, once=once())
    flash(gettext("会议开始了，您是主持人。签到码在大屏页上。"))
    return redirect(url_for("meetings.desk", meeting_id=meeting_id), 303)


@bp.post("/meetings/<id:meeting_id>/closing")
@signed_in
def close_meeting(meeting_id: int) -> ResponseReturnValue:
    """Close the meeting."""
    commands.close_meeting(actor(), meeting_id, once=once())
    flash(gettext("已散会，纪要的草稿写好了。"))
    return redirect(url_for("meetings.minutes", meeting_id=meeting_id), 303)


__all__ = ["back", "bp", "meeting_page"]
