"""Calendar files of dossiers and meetings, and the address under which one's own calendar reads one's deadlines."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, flash, request, session, url_for
from flask_babel import force_locale, gettext
from sqlalchemy import delete, select
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as Answer

from cogov.announcements.queries import announcement
from cogov.ground.clock import now
from cogov.ground.db import for_change, found
from cogov.ground.db import session as database
from cogov.ground.pages import actor, open_to_all, signed_in
from cogov.journal.transaction import verb
from cogov.people.models import Person
from cogov.people.queries import actor_of, token_hash
from cogov.people.rules import Actor
from cogov.problems.queries import problem_for
from cogov.tell.calendars import calendar_of, meeting_of, of_dossier, owed_by
from cogov.tell.models import CalendarFeed

bp = Blueprint("calendars", __name__)

_SHOWN_ONCE = "calendar_feed"


@bp.get("/problems/<number>/calendar.ics")
@open_to_all
def problem(number: str) -> Response:
    """Give the deadlines and meetings of a dossier as a calendar file, or only those of one kind."""
    by, kind = actor(), request.args.get("only", "")
    shown = of_dossier(by, problem_for(by, number))
    if kind:
        shown = [each for each in shown if each.uid.partition("-")[0] == kind]
    return _file(calendar_of(shown), f"{number}.ics")


@bp.get("/announcements/<id:announcement_id>/calendar.ics")
@open_to_all
def meeting(announcement_id: int) -> Response:
    """Give the meeting of an announcement as a calendar file."""
    return _file(calendar_of([found(meeting_of(announcement(announcement_id)))]), f"meeting-{announcement_id}.ics")


@bp.get("/calendar/<token>.ics")
@open_to_all
def feed(token: str) -> Response:
    """Give a person's deadlines to the calendar that knows the secret address; whoever has it sees nothing else."""
    query = select(Person.id, Person.language).join(CalendarFeed, CalendarFeed.person_id == Person.id)
    person_id, language = found(database().execute(query.where(CalendarFeed.token_hash == token_hash(token))).first())
    by = actor_of(person_id)
    with force_locale(language):
        file = calendar_of(owed_by(by) if by.person_id is not None else [], gettext("等我办的事"))
    return _file(file, "cogov.ics")


def _file(text: bytes, name: str) -> Response:
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def feed_part(by: Actor) -> dict[str, object]:
    """Return what the page of choices says of the subscription; the address itself only once, when it was just made."""
    kept = database().scalar(select(CalendarFeed.since).where(CalendarFeed.person_id == by.person_id))
    token = session.pop(_SHOWN_ONCE, "")
    url = url_for("calendars.feed", token=token, _external=True) if token and kept else ""
    # Telephones open this scheme with their calendar, which asks whether to subscribe.
    return {"since": kept, "url": url, "calendar": f"webcal:{url.partition(':')[2]}"}


@bp.post("/me/notices/calendar")
@signed_in
def make_feed() -> Answer:
    """Make a secret address for one's calendar; one that was made before ends."""
    token = secrets.token_urlsafe(32)
    open_feed(actor(), token_hash(token))
    session[_SHOWN_ONCE] = token
    return redirect(url_for("tell.choices", _anchor="calendar"), 303)


@bp.post("/me/notices/calendar/removal")
@signed_in
def end_feed() -> Answer:
    """End the secret address."""
    close_feed(actor())
    flash(gettext("日历订阅已停，原来的地址作废。"), "done")
    return redirect(url_for("tell.choices", _anchor="calendar"), 303)


@verb
def open_feed(by: Actor, hashed: str) -> None:
    """Keep the hash of a new address in place of the one before."""
    assert by.person_id is not None
    found(database().scalars(for_change(select(Person).where(Person.id == by.person_id))).one_or_none())
    close_feed(by)
    database().add(CalendarFeed(person_id=by.person_id, token_hash=hashed, since=now()))


@verb
def close_feed(by: Actor) -> None:
    """Forget the address."""
    database().execute(delete(CalendarFeed).where(CalendarFeed.person_id == by.person_id))
