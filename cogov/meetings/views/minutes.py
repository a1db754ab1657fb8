"""The minutes: read by everybody, written by who called the meeting, signed by who was there, printed as a paper."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from cogov.announcements.rules import AUTHORS
from cogov.ground import paper
from cogov.ground.clock import now
from cogov.ground.db import found
from cogov.ground.pages import actor, id_arg, open_to, open_to_all, page, signed_in, words
from cogov.ground.refusals import insist
from cogov.meetings import commands
from cogov.meetings.forms import MinutesForm, SignatureForm
from cogov.meetings.queries.floor import floor, present
from cogov.meetings.queries.loading import MeetingShown, agenda, meeting
from cogov.meetings.queries.outcomes import outcomes_of
from cogov.meetings.queries.records import MinutesShown, minutes_of, treated
from cogov.meetings.queries.versions import compared, first_read, versions_of
from cogov.meetings.rules.calling import why_not_write
from cogov.meetings.rules.kinds import FORCE, MINUTES_WORDS, MOTION_WORDS, MeetingState, MinutesState
from cogov.meetings.rules.record import why_not_edit, why_not_settle
from cogov.meetings.views.current import bp, once
from cogov.meetings.views.shown import count_rows, head, items, named, outcome, present_rows
from cogov.people.rules import ANYONE, Actor


def _shown(by: Actor, it: MeetingShown) -> tuple[MinutesShown | None, dict[str, Any]]:
    """Return the minutes with what stands beside their words and nobody can edit: who was there, and every hand."""
    held = minutes_of(it.id, by)
    return held, {
        "it": it,
        "head": head(it),
        "minutes": held,
        "state_text": words(MINUTES_WORDS[held.state]) if held else "",
        "present": present_rows(present(it.id)),
        "agenda": items(agenda(by, it.id)),
        "chair": _chair(it),
        "motions": _motions(it.id),
        "objections": [{"id": each.id, "who": named(each.who), "reason": each.reason} for each in held.objections]
        if held
        else [],
        "force": words(FORCE),
    }


def _chair(it: MeetingShown) -> dict[str, Any] | None:
    chair = floor(it.id, ANYONE, it.chair_id).chair
    return named(chair) if chair else None


def _motions(meeting_id: int) -> list[dict[str, Any]]:
    items_ = treated(meeting_id)
    followed = outcomes_of([motion.id for item in items_ for motion in item.motions])
    return [
        {
            "item": place,
            "text": motion.text,
            "called": gettext("修正案") if motion.amendment else gettext("动议"),
            "result": words(MOTION_WORDS[motion.state]),
            "counts": count_rows(motion.counts),
            "outcomes": [outcome(each) | {"at": each.at} for each in followed.get(motion.id, [])],
        }
        for place, item in enumerate(items_, 1)
        for motion in item.motions
    ]


@bp.get("/meetings/<id:meeting_id>/minutes")
@open_to_all
def minutes(meeting_id: int) -> Response:
    """Show the minutes with the table of hands, the signatures, and what may be done with them."""
    return minutes_page(meeting_id)


def minutes_page(meeting_id: int, status: int = 200, *, signature: SignatureForm | None = None) -> Response:
    """Return the page of the minutes, with the form in which something is wrong."""
    by, it = actor(), meeting(meeting_id)
    held, shown = _shown(by, it)
    signing = signature or SignatureForm(formdata=None)
    signing.offer()
    there = by.person_id is not None and floor(it.id, by, None).own is not None
    return page(
        "meetings/minutes.html",
        status,
        **shown,
        over=it.state is MeetingState.CLOSED,
        writes=why_not_write(by, it.organization_id) is None,
        signing=signing,
        may_sign=held is not None and held.state is MinutesState.SIGNING and there and held.own is None,
        own=held.own if held else None,
        not_yet=_not_yet(held),
        pdf_url=url_for("meetings.minutes_pdf", meeting_id=it.id) if held and paper.available() else "",
    )


def _not_yet(held: MinutesShown | None) -> str:
    if held is None:
        return ""
    refusal = why_not_settle(
        held.state, signed=len(held.signatures), present=held.present, since=held.signing_since, now=now()
    )
    return words(refusal.message) if refusal else ""


@bp.get("/meetings/<id:meeting_id>/minutes/versions")
@open_to_all
def minutes_versions(meeting_id: int) -> Response:
    """Show who wrote each version of the minutes and when, and what one of them changed."""
    by, it = actor(), meeting(meeting_id)
    held = minutes_of(it.id)
    insist(why_not_edit(it.state, MinutesState.DRAFT if held else None))
    versions, following = versions_of(by, it, before=id_arg("before"))
    chosen = compared(by, it, id_arg("version"), id_arg("with"))
    return page(
        "meetings/versions.html",
        it=it,
        head=head(it),
        versions=versions,
        following=following,
        chosen=chosen,
        open_from=first_read(by, it),
    )


@bp.get("/meetings/<id:meeting_id>/minutes.pdf")
@open_to_all
def minutes_pdf(meeting_id: int) -> Response:
    """Give the minutes as a paper."""
    by, it = actor(), meeting(meeting_id)
    held, shown = _shown(by, it)
    insist(why_not_edit(it.state, MinutesState.DRAFT if held else None))
    at = found(held).final_at or found(held).written_at
    made = at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return paper.download("meetings/minutes_paper.html", f"cogov-minutes-{it.id}", made=made, **shown)


@bp.get("/meetings/<id:meeting_id>/minutes/edit")
@open_to(*AUTHORS)
def edit_minutes(meeting_id: int) -> Response:
    """Show the form for the minutes."""
    held, it = _for_writing(meeting_id)
    form = MinutesForm(formdata=None, text=held.text)
    return page("meetings/edit.html", it=it, head=head(it), form=form, minutes=held)


def _for_writing(meeting_id: int) -> tuple[MinutesShown, MeetingShown]:
    it = meeting(meeting_id)
    insist(why_not_write(actor(), it.organization_id))
    held = minutes_of(it.id, actor())
    insist(why_not_edit(it.state, held.state if held else None))
    assert held is not None
    return held, it


@bp.post("/meetings/<id:meeting_id>/minutes")
@open_to(*AUTHORS)
def write_minutes(meeting_id: int) -> ResponseReturnValue:
    """Give the minutes a new version."""
    form = MinutesForm()
    if not form.validate_on_submit():
        held, it = _for_writing(meeting_id)
        return page("meetings/edit.html", 422, it=it, head=head(it), form=form, minutes=held)
    commands.write_minutes(actor(), meeting_id, text=form.text.data or "", once=form.once.data)
    flash(gettext("纪要已改，成了新的一版。"))
    return redirect(url_for("meetings.minutes", meeting_id=meeting_id), 303)


@bp.post("/meetings/<id:meeting_id>/minutes/signing")
@signed_in
def put_out_minutes(meeting_id: int) -> ResponseReturnValue:
    """Ask those who were there to sign."""
    commands.put_out_minutes(actor(), meeting_id, once=once())
    flash(gettext("已请到会的人签认。"))
    return redirect(url_for("meetings.minutes", meeting_id=meeting_id), 303)


@bp.post("/meetings/<id:meeting_id>/minutes/signatures")
@signed_in
def sign_minutes(meeting_id: int) -> ResponseReturnValue:
    """Endorse the minutes, or object."""
    form = SignatureForm()
    form.offer()
    if not form.validate_on_submit():
        return minutes_page(meeting_id, 422, signature=form)
    commands.sign_minutes(
        actor(),
        meeting_id,
        agrees=form.answer.data == "endorse",
        reason=form.reason.data or "",
        once=form.once.data,
    )
    flash(gettext("已签。"))
    return redirect(url_for("meetings.minutes", meeting_id=meeting_id), 303)


@bp.post("/meetings/<id:meeting_id>/minutes/final")
@signed_in
def settle_minutes(meeting_id: int) -> ResponseReturnValue:
    """Make the minutes final."""
    commands.settle_minutes(actor(), meeting_id, once=once())
    flash(gettext("纪要已定稿，议过的每个问题的卷宗里都能看到。"))
    return redirect(url_for("meetings.minutes", meeting_id=meeting_id), 303)
