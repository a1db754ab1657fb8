"""The page of news, its read marks, and how much one wants to hear."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from cogov.ground.db import found, session
from cogov.ground.pages import actor, dossier_url, fill_slot, id_arg, id_field, page, signed_in, words
from cogov.problems.commands import quieten_problem, unfollow_problem
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id
from cogov.tell.choices import choices_of, choose, quieten
from cogov.tell.levels import LEVEL_WORDS, TOPIC_WORDS, NoticeLevel, NoticeTopic
from cogov.tell.notices import (
    PAGE,
    Group,
    Key,
    NoticeFilter,
    groups,
    latest,
    mark_read,
    notification_of,
    own_page_of,
    unread_topics,
)
from cogov.tell.views.calendars import feed_part
from cogov.tell.views.mail import mail_part
from cogov.tell.wording import items

bp = Blueprint("tell", __name__)


def _filter() -> NoticeFilter:
    asked = request.args.get("show", "")
    return NoticeFilter(asked) if asked in list(NoticeFilter) else NoticeFilter.ALL


def _before() -> Key | None:
    """Return where the page goes on, as ``1-4711``; what nobody could have been given starts at the top."""
    pressing, _, last = request.args.get("before", "").partition("-")
    fits = pressing in ("0", "1") and last.isascii() and last.isdigit() and len(last) < 19
    return Key(pressing == "1", int(last)) if fits else None


def _chips(show: NoticeFilter) -> list[dict[str, Any]]:
    texts = {
        NoticeFilter.ALL: gettext("全部"),
        NoticeFilter.NEEDS: gettext("需要我的"),
        NoticeFilter.UNREAD: gettext("未读"),
    }
    return [
        {
            "url": url_for("tell.index", show=each.value if each is not NoticeFilter.ALL else None),
            "text": text,
            "current": each is show,
        }
        for each, text in texts.items()
    ]


def _next(show: NoticeFilter, shown: list[Group], *, more: bool) -> str:
    if not more:
        return ""
    last = shown[-1]
    kept = show.value if show is not NoticeFilter.ALL else None
    return url_for("tell.index", show=kept, before=f"{int(last.pressing)}-{last.last_id}")


@bp.get("/notifications")
@signed_in
def index() -> Response:
    """Show a person's news by dossier, what waits for them on top, then the latest first."""
    by, show, before = actor(), _filter(), _before()
    rows = groups(by, show, before)
    shown = rows[:PAGE]
    return page(
        "tell/index.html",
        items=items(by, shown, latest(by, [group.shown_id for group in shown]), choices_of(by)),
        chips=_chips(show),
        filtered=show is not NoticeFilter.ALL,
        next_url=_next(show, shown, more=len(rows) > PAGE),
        newest=max((group.last_id for group in shown), default=0) if before is None else 0,
        any_unread=any(group.unread for group in shown),
    )


@bp.get("/notifications/<id:notification_id>")
@signed_in
def go(notification_id: int) -> ResponseReturnValue:
    """Lead to what a notification is about, and take the news about it as read."""
    by = actor()
    told = notification_of(by, notification_id)
    own = own_page_of(told.entry_number)
    problem_id, alone, entry = told.problem_id, told.announcement_id, told.entry_number
    number = session().scalar(select(Problem.number).where(Problem.id == problem_id)) if problem_id else None
    # Reading goes on while nothing can be written.
    with suppress(OperationalError):
        mark_read(by, id_arg("up_to") or told.id, problem_id or -(alone or 0))
    if own is not None:
        return redirect(url_for(own[0], **own[1]), 303)
    if number:
        return redirect(dossier_url(number, at=entry, _anchor=f"entry-{entry}"), 303)
    if alone:
        return redirect(url_for("announcements.show", announcement_id=alone), 303)
    return redirect(url_for("tell.index"), 303)


def _topic() -> int | None:
    """Return which dossier (its id) or announcement (its id below zero) a form speaks of."""
    text = request.form.get("topic", "")
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    return sign * int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


@bp.post("/notifications/reading")
@signed_in
def reading() -> ResponseReturnValue:
    """Take one's news as read up to the newest that was shown, all or that about one dossier."""
    mark_read(actor(), id_field("up_to") or 0, _topic())
    return redirect(url_for("tell.index"), 303)


@bp.post("/notifications/quieter")
@signed_in
def quieter() -> ResponseReturnValue:
    """Hear less of a dossier, or of announcements: one level lower, or nothing but what waits for oneself."""
    by, topic, silent = actor(), _topic() or 0, request.form.get("act") == "none"
    if topic > 0:
        problem = problem_by_id(by, topic)
        (unfollow_problem if silent else quieten_problem)(by, problem.number)
        said = gettext("不再提醒这件事；轮到您办、表决或确认时，还是会告诉您。")
        flash(said if silent else gettext("安静了，只在需要您时告诉您。"))
    else:
        found(None if topic == 0 else topic)
        level = NoticeLevel.NONE if silent else quieten(by, NoticeTopic.COMMUNITY)
        choose(by, {NoticeTopic.COMMUNITY: level})
        flash(gettext("社区公告：%(level)s。", level=words(LEVEL_WORDS[NoticeTopic.COMMUNITY][level])))
    return redirect(url_for("tell.index"), 303)


@bp.get("/me/notices")
@signed_in
def choices() -> Response:
    """Show how much a person hears of each kind, and what always reaches them."""
    held = choices_of(actor())
    return page(
        "tell/choices.html",
        mail=mail_part(actor()),
        feed=feed_part(actor()),
        topics=[
            {
                "name": topic.value,
                "words": words(TOPIC_WORDS[topic]),
                "levels": [
                    {"value": level.value, "words": words(said), "current": held[topic] is level}
                    for level, said in LEVEL_WORDS[topic].items()
                ],
            }
            for topic in NoticeTopic
        ],
    )


@bp.post("/me/notices")
@signed_in
def set_choices() -> ResponseReturnValue:
    """Keep how much a person wants to hear."""
    said = {topic: request.form.get(topic.value, "") for topic in NoticeTopic}
    choose(actor(), {topic: NoticeLevel(text) for topic, text in said.items() if text in list(NoticeLevel)})
    flash(gettext("记下了，以后照这样告诉您。"))
    return redirect(url_for("tell.choices"), 303)


def fill_bell() -> None:
    """Register the number at the bell of the frame: dossiers with news, not pieces of news."""
    fill_slot("unread", lambda: unread_topics(actor()) if actor().person_id else 0)
