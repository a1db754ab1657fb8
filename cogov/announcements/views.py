"""The pages of announcements: what hangs at a place, one with its versions, and the forms of who announces."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_datetime, gettext

from cogov.announcements import commands, queries
from cogov.announcements.forms import AnnouncementForm, CorrectionForm, WithdrawalForm, correction_of
from cogov.announcements.queries import PAGE, AnnouncementShown
from cogov.announcements.rules import AUTHORS, KIND_WORDS, AnnouncementKind, why_not_announce, why_not_change
from cogov.ground.pages import actor, dossier_url, id_arg, moment, open_to, open_to_all, page, words
from cogov.ground.refusals import insist
from cogov.journal.kept import kept_for_anyone
from cogov.people.rules import PUBLIC_KINDS
from cogov.places.models import Place
from cogov.places.queries import communities, community_by_code, home_community

bp = Blueprint("announcements", __name__)

ICONS = {
    AnnouncementKind.NOTICE: "speakerphone",
    AnnouncementKind.OUTAGE: "bolt",
    AnnouncementKind.MEETING: "calendar-event",
    AnnouncementKind.DISCLOSURE: "file-text",
    AnnouncementKind.RESULT: "circle-check",
}


def _community() -> Place | None:
    asked = community_by_code(request.args.get("place", ""))
    return asked or home_community(actor()) or next(iter(communities(1)), None)


def _kind() -> AnnouncementKind | None:
    said = request.args.get("kind", "")
    return AnnouncementKind(said) if said in set(AnnouncementKind) else None


def _day(at: datetime) -> str:
    return str(format_date(at, gettext("yyyy年M月d日")))


def _line(shown: AnnouncementShown) -> dict[str, Any]:
    """Return an announcement as its row in the list shows it."""
    until = _day(shown.until)
    return {
        "url": url_for("announcements.show", announcement_id=shown.id),
        "title": shown.title,
        "icon": ICONS[shown.kind],
        "kind": words(shown.kind_words),
        "organization": shown.organization_name,
        "place": shown.place_name,
        "pinned": shown.pinned and not shown.over,
        "over": shown.over,
        "until": until,
        "hangs": gettext("挂到 %(day)s", day=until) if shown.withdrawn_at is None else gettext("已撤回"),
        "published": _day(shown.published_at),
        "corrected": _day(shown.corrected_at) if shown.corrected_at else "",
        "meeting": _meeting(shown),
    }


def _meeting(shown: AnnouncementShown) -> str:
    if shown.meeting_at is None:
        return ""
    at = format_datetime(shown.meeting_at, gettext("M月d日 EEEE HH:mm"))
    return gettext("%(at)s，%(spot)s", at=at, spot=shown.meeting_spot)


def _chips(code: str, kind: AnnouncementKind | None, *, past: bool) -> list[dict[str, Any]]:
    def to(**values: Any) -> str:
        return url_for("announcements.index", place=code, **values)

    when = [
        {"url": to(), "text": gettext("现在的"), "current": not past and kind is None},
        {"url": to(past=1), "text": gettext("以前的"), "current": past and kind is None},
    ]
    kinds = [
        {"url": to(kind=each.value, past=1 if past else None), "text": words(name), "current": each is kind}
        for each, name in KIND_WORDS.items()
    ]
    return when + kinds


@bp.get("/announcements")
@open_to_all
@kept_for_anyone
def index() -> Response:
    """List what hangs at a place, what is above it and within it, or what hung before."""
    here, kind, past = _community(), _kind(), request.args.get("past") == "1"
    code = here.code if here else ""
    rows = queries.listed(queries.reaching(code) if here else [], past=past, kind=kind, before=id_arg("before"))
    shown, more = rows[:PAGE], len(rows) > PAGE
    after: dict[str, Any] = {"place": code, "kind": kind.value if kind else None, "past": 1 if past else None}
    return page(
        "announcements/index.html",
        here=here,
        past=past,
        filtered=kind is not None,
        items=[_line(each) for each in sorted(shown, key=lambda each: (not each.pinned or past, -each.id))],
        chips=_chips(code, kind, past=past),
        may_announce=here is not None and why_not_announce(actor(), here.code) is None,
        next_url=url_for("announcements.index", before=shown[-1].id, **after) if more else "",
    )


@bp.get("/announcements/<id:announcement_id>")
@open_to_all
@kept_for_anyone
def show(announcement_id: int) -> Response:
    """Show an announcement under its lasting address."""
    return _page(announcement_id, WithdrawalForm(formdata=None))


def _page(announcement_id: int, form: WithdrawalForm, status: int = 200) -> Response:
    by, shown = actor(), queries.announcement(announcement_id)
    about = queries.about(by, shown.problem_id)
    why_not = why_not_change(by, shown.organization_id, withdrawn=shown.withdrawn_at is not None)
    return page(
        "announcements/show.html",
        status,
        form=form,
        it=shown,
        line=_line(shown),
        url=url_for("announcements.show", announcement_id=shown.id, _external=True),
        author={
            "kind": "body" if shown.organization_kind in PUBLIC_KINDS else "organization",
            "name": shown.public_name,
            "acting_for": shown.organization_name,
        },
        about={"url": dossier_url(about[0]), "number": about[0], "title": about[1]} if about else None,
        published=moment(shown.published_at),
        withdrawn=moment(shown.withdrawn_at),
        versions=_versions(announcement_id) if shown.version > 1 else [],
        may_change=why_not is None,
        meeting_id=queries.meeting_called(shown.id) if shown.kind is AnnouncementKind.MEETING else None,
    )


def _versions(announcement_id: int) -> list[dict[str, Any]]:
    return [
        {
            "version": each.version,
            "at": moment(each.at),
            "title": each.title,
            "text": each.text,
            "reason": each.reason,
            "meeting": gettext("%(at)s，%(spot)s", at=moment(each.meeting_at), spot=each.meeting_spot)
            if each.meeting_at
            else "",
            "until": _day(each.until),
        }
        for each in queries.versions(announcement_id)
    ]


# Announcing ----------------------------------------------------------------------------------------------------------


@bp.get("/announcements/new")
@open_to(*AUTHORS)
def new() -> Response:
    """Show the form for an announcement."""
    form = AnnouncementForm(formdata=None, number=request.args.get("number", "")[:20])
    form.offer(queries.announcing_places(actor()))
    here = _community()
    form.place.data = str(here.id) if here else None
    return page("announcements/new.html", form=form)


@bp.post("/announcements")
@open_to(*AUTHORS)
def publish() -> ResponseReturnValue:
    """Announce something."""
    form = AnnouncementForm()
    form.offer(queries.announcing_places(actor()))
    if not form.validate_on_submit():
        return page("announcements/new.html", 422, form=form)
    made = commands.publish_announcement(
        actor(),
        place_id=int(form.place.data),
        kind=AnnouncementKind(form.kind.data),
        text=form.said,
        pinned=bool(form.pinned.data),
        number=(form.number.data or "").strip(),
        once=form.once.data,
    )
    flash(gettext("公告已经贴出，住在这里的人会收到通知。"))
    return redirect(url_for("announcements.show", announcement_id=made.id), 303)


def _may_change(announcement_id: int) -> AnnouncementShown:
    shown = queries.announcement(announcement_id)
    insist(why_not_change(actor(), shown.organization_id, withdrawn=shown.withdrawn_at is not None))
    return shown


@bp.get("/announcements/<id:announcement_id>/correction")
@open_to(*AUTHORS)
def correction(announcement_id: int) -> Response:
    """Show the form for a new version."""
    it = _may_change(announcement_id)
    form = correction_of(it.title, it.text, it.until, it.meeting_at, it.meeting_spot)
    return page("announcements/correction.html", form=form, it=it)


@bp.post("/announcements/<id:announcement_id>/correction")
@open_to(*AUTHORS)
def correct(announcement_id: int) -> ResponseReturnValue:
    """Give an announcement a new version."""
    it, form = _may_change(announcement_id), CorrectionForm()
    if not form.validate_on_submit():
        return page("announcements/correction.html", 422, form=form, it=it)
    commands.correct_announcement(
        actor(), announcement_id, text=form.said, reason=form.reason.data or "", once=form.once.data
    )
    flash(gettext("已更正，原来的版本留在下面。"))
    return redirect(url_for("announcements.show", announcement_id=announcement_id), 303)


@bp.post("/announcements/<id:announcement_id>/withdrawal")
@open_to(*AUTHORS)
def withdraw(announcement_id: int) -> ResponseReturnValue:
    """Withdraw an announcement."""
    form = WithdrawalForm()
    if not form.validate_on_submit():
        return _page(announcement_id, form, 422)
    commands.withdraw_announcement(actor(), announcement_id, reason=form.reason.data or "", once=form.once.data)
    flash(gettext("公告已撤回，原因写在上面。"))
    return redirect(url_for("announcements.show", announcement_id=announcement_id), 303)
