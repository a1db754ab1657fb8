"""How news reads: which dossier or announcement, the latest step, how much more, why one gets it, how to get less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select

from cogov.announcements.models import Announcement, AnnouncementVersion
from cogov.ground.db import session
from cogov.ground.pages import moment, words
from cogov.journal.models import JournalEntry
from cogov.journal.reading import Entry, details_of, plain, sentence
from cogov.people.queries import ActedFor, public_names
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import levels_of
from cogov.problems.rules.following import FollowLevel
from cogov.tell.levels import ALWAYS, WHY_WORDS, NoticeLevel, NoticeTopic, Why
from cogov.tell.models import Notification
from cogov.tell.notices import Group

# The seal that a step has put on the dossier.
_STAMPS = {
    "CaseVerified": "problem",
    "CaseDispatched": "command",
    "CaseAcknowledged": "duty",
    "CallNotNeeded": "joint",
    "CaseFedBack": "feedback",
}
_ICONS = {
    "RaisersAsked": "help-circle",
    "NoticePublished": "checkbox",
    "DecisionOpened": "checkbox",
    "DecisionClosed": "gavel",
    "ConcernRaised": "alert-triangle",
    "TaskOpened": "clipboard-check",
    "ProblemEnded": "circle-check",
    "AnnouncementPublished": "speakerphone",
    "AnnouncementCorrected": "speakerphone",
    "AnnouncementWithdrawn": "speakerphone",
    "MeetingReminded": "calendar-event",
    "MeetingItemListed": "calendar-event",
    "MeetingMinutesPutOut": "notebook",
    "MeetingMinutesSettled": "notebook",
}


def items(
    by: Actor,
    groups: Sequence[Group],
    latest: Mapping[int, tuple[Notification, JournalEntry]],
    choices: Mapping[NoticeTopic, NoticeLevel],
) -> list[dict[str, Any]]:
    """Return news as the page shows it; the same few queries however much there is."""
    told = [(group, *latest[group.shown_id]) for group in groups if group.shown_id in latest]
    entries = [plain(entry) for _, _, entry in told]
    details = details_of(entries)
    acted = public_names((entry.actor_id, entry.organization_id) for entry in entries)
    titles = _titles(groups)
    levels = levels_of(by, [group.topic for group in groups if group.topic > 0])
    return [
        {
            **_head(group, notification, titles),
            **_line(entry, details.get(entry.number, {}), acted),
            "why": _why(notification),
            "quieter": _quieter(group.topic, notification, levels, choices),
        }
        for (group, notification, _), entry in zip(told, entries, strict=True)
    ]


def _titles(groups: Sequence[Group]) -> dict[int, tuple[str, str]]:
    """Return number and title of what the news is about; announcements have no number."""
    problems = select(Problem.id, Problem.number, Problem.title).where(
        Problem.id.in_([group.topic for group in groups if group.topic > 0])
    )
    hung = (
        select(Announcement.id, AnnouncementVersion.title)
        .join(AnnouncementVersion, AnnouncementVersion.announcement_id == Announcement.id)
        .where(
            Announcement.id.in_([-group.topic for group in groups if group.topic < 0]),
            AnnouncementVersion.version == Announcement.version,
        )
    )
    found = {id_: (number, title) for id_, number, title in session().execute(problems)}
    return found | {-id_: ("", title) for id_, title in session().execute(hung)}


def _head(group: Group, notification: Notification, titles: Mapping[int, tuple[str, str]]) -> dict[str, Any]:
    number, title = titles.get(group.topic, ("", ""))
    more = group.count - 1
    return {
        "topic": group.topic,
        "last_id": group.last_id,
        "number": number,
        "title": title or gettext("平台"),
        "url": url_for("tell.go", notification_id=notification.id, up_to=group.last_id),
        "unread": group.unread,
        "pressing": group.pressing,
        "more": ngettext("还有 %(n)s 条", "还有 %(n)s 条", more, n=more) if more else "",
        "new": ngettext("%(n)s 条未读", "%(n)s 条未读", group.unread, n=group.unread) if group.unread else "",
    }


def _line(
    entry: Entry, details: Mapping[str, Any], acted: Mapping[tuple[int | None, int | None], ActedFor]
) -> dict[str, Any]:
    held = acted.get((entry.actor_id, entry.organization_id))
    stamp = _STAMPS.get(entry.kind, "")
    return {
        "who": held.organization_name if held else "",
        "sentence": sentence(entry, details),
        "stamp": {"kind": stamp, "label": _stamp_words(stamp)} if stamp else None,
        "icon": _ICONS.get(entry.kind, "messages"),
        "at_text": moment(entry.at),
    }


def _stamp_words(kind: str) -> str:
    said = {
        "problem": gettext("问题章"),
        "command": gettext("指挥章"),
        "duty": gettext("责任章"),
        "joint": gettext("联动章"),
        "feedback": gettext("反馈章"),
    }
    return said[kind]


def _why(notification: Notification) -> str:
    return words(WHY_WORDS[Why(notification.why)]) if notification.why else gettext("因为您在这件事里")


def _quieter(
    topic: int,
    notification: Notification,
    levels: Mapping[int, FollowLevel],
    choices: Mapping[NoticeTopic, NoticeLevel],
) -> list[dict[str, str]]:
    """Return the ways to hear less: one level lower, or no more; none where it would change nothing."""
    if topic < 0:
        level = choices[NoticeTopic.COMMUNITY]
        steps = {
            NoticeLevel.ALL: [("quieter", gettext("公告安静点"))],
            NoticeLevel.IMPORTANT: [("none", gettext("公告不再提醒"))],
        }
        return [{"act": act, "text": text} for act, text in steps.get(level, [])]
    told = levels.get(topic, FollowLevel.NONE)
    if told is FollowLevel.NONE or (notification.why and Why(notification.why) in ALWAYS):
        return []
    quieter = [("quieter", gettext("安静点"))] if told is FollowLevel.ALL else []
    return [{"act": act, "text": text} for act, text in (*quieter, ("none", gettext("不再提醒")))]
