"""The timeline of a dossier: who did what, in what words, with times as exact as the reader may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import request, url_for
from flask_babel import format_date, get_locale, gettext
from markupsafe import Markup
from sqlalchemy import ColumnElement, func, select

from cogov.ground.db import session
from cogov.ground.pages import dossier_url, id_arg, moment
from cogov.ground.prose import prose
from cogov.journal.event import KINDS
from cogov.journal.kept import kept, part
from cogov.journal.models import JournalEntry
from cogov.journal.reading import Entry, details_of, plain, sentence
from cogov.people.models import Organization
from cogov.people.queries import ActedFor, public_names
from cogov.people.rules import PUBLIC_KINDS

PAGE = 20
WORDS_SHOWN = 140


class Show(StrEnum):
    """Which part of what happened is shown."""

    ALL = ""
    RESIDENTS = "residents"
    BODIES = "bodies"
    DECISIONS = "decisions"


DECISIONS = frozenset(
    {
        "ProblemTriaged",
        "ProblemMerged",
        "ProblemConfirmed",
        "ProblemReopened",
        "ProblemEnded",
        "AppealAnswered",
        "MediationRecorded",
        "DeliberationConcluded",
        "ConcernOverruled",
        "MotionTabled",
        "NoticePublished",
        "OpeningHeldBack",
        "DecisionOpened",
        "DecisionClosed",
        "CloseMoved",
        "DecisionAnnulled",
        "ResolutionPassed",
        "ResolutionAnswered",
        "CaseRefused",
        "CaseClosed",
    }
)
"""Steps that settled which way a problem goes."""

_STAMPED = {"CaseVerified", "CaseDispatched", "CaseAcknowledged", "CallNotNeeded", "CaseFedBack", "CaseClosed"}
_SPOKEN = {"MessagePosted", "ConcernRaised", "SolutionProposed", "SolutionRevised"}
"""What people said, which stands in a box of its own; all other words are one line of reason."""

_SHOWN_ABOVE = {"ProblemRaised"}
"""Whose words stand under the title already."""

_ON_TIME = {
    "DecisionOpened",
    "DecisionClosed",
    "ClaimReturned",
    "TriageOverdue",
    "MediationOverdue",
    "DeliberationOverdue",
    "AppealOverdue",
    "ConcernOverdue",
    "AnswerOverdue",
    "ReviewDue",
    "CaseOverdue",
    "CallOverdue",
    "ProblemEnded",
}
"""What the clock does because a time has come; whatever else nobody did by hand follows from the rules."""

_ICONS = {
    "ProblemRaised": "camera",
    "TriageProposed": "route",
    "ProblemTriaged": "route",
    "ProblemMerged": "git-fork",
    "ProblemEnded": "flag",
    "MediationRecorded": "users",
    "RaisersAsked": "help-circle",
    "TriageAppealed": "scale",
    "AppealAnswered": "scale",
    "TaskClaimed": "hand-stop",
    "TaskHandedIn": "send",
    "CaseOpened": "file-text",
    "CaseAccepted": "archive",
    "CaseFiled": "archive",
    "CaseHandled": "tool",
    "CaseInspected": "search",
    "CallAnswered": "message-circle",
    "MessagePosted": "message-circle",
    "ConcernRaised": "alert-triangle",
    "ConcernAnswered": "message-circle",
    "SolutionProposed": "wand",
    "SolutionRevised": "wand",
    "MotionMoved": "gavel",
    "MotionTabled": "gavel",
    "MeetingItemListed": "calendar-event",
    "MeetingItemStruck": "calendar-event",
    "HandsCounted": "hand-stop",
    "MeetingMinutesSettled": "notebook",
    "NoticePublished": "checkbox",
    "DecisionOpened": "checkbox",
    "DecisionClosed": "gavel",
    "ResolutionPassed": "gavel",
    "DecisionAnnulled": "gavel",
    "ObjectionRaised": "alert-triangle",
    "ObjectionAnswered": "message-circle",
    "TaskOpened": "clipboard-check",
    "TaskVerified": "circle-check",
    "TaskDone": "circle-check",
    "BodyCalled": "speakerphone",
    "ClockPaused": "player-pause",
    "ProblemConfirmed": "circle-check",
    "ProblemReopened": "arrow-back-up",
}

Names = Mapping[tuple[int | None, int | None], ActedFor]


@dataclass(frozen=True)
class Page:
    """A page of the timeline, newest first, with what lies before it."""

    entries: tuple[Entry, ...]
    older: int
    """How many entries are older than this page."""


def timeline(problem_id: int, number: str, names: Mapping[int, int], *, inside: bool) -> dict[str, Any]:
    """Return what the tab 经过 shows: the entries asked for in the address, and the ways to the others."""
    show, at, before = _chosen(), id_arg("at"), id_arg("before")
    page = _page(problem_id, show, before or (at + 1 if at else None))
    kept = {"show": show.value} if show else {}
    last = page.entries[-1].number if page.entries else 0
    return {
        "filters": _filters(number, show),
        "entries": shown(problem_id, number, page.entries, names, inside=inside),
        "older": page.older,
        "older_url": dossier_url(number, before=last, _anchor="tab", **kept) if page.older else "",
        "newest_url": dossier_url(number, _anchor="tab", **kept) if at or before else "",
    }


def timeline_shown(problem_id: int, number: str, names: Mapping[int, int], *, inside: bool) -> Markup:
    """Return the tab 经过 as it stands on the page."""
    at, before = id_arg("at"), id_arg("before")
    page = _page(problem_id, _chosen(), before or (at + 1 if at else None))
    key = (problem_id, _chosen(), at, before, inside)
    return part(
        key,
        "front/_timeline.html",
        lambda: timeline(problem_id, number, names, inside=inside),
        of=_spoken_of(problem_id, page.entries),
    )


def _spoken_of(problem_id: int, entries: Sequence[Entry]) -> tuple[int, ...]:
    """Return the problem, and those it was merged into, whose titles its timeline says."""
    merged = {int(entry.facts["into"]) for entry in entries if entry.kind == "ProblemMerged"}
    return (problem_id, *sorted(merged))


def _chosen() -> Show:
    asked = request.args.get("show", "")
    return Show(asked) if asked in list(Show) else Show.ALL


def _filters(number: str, show: Show) -> list[dict[str, Any]]:
    texts = {
        Show.ALL: gettext("全部"),
        Show.RESIDENTS: gettext("居民"),
        Show.BODIES: gettext("官方"),
        Show.DECISIONS: gettext("只看决定"),
    }
    return [
        {
            "url": dossier_url(number, show=each.value or None, _anchor="tab"),
            "text": text,
            "current": each is show,
        }
        for each, text in texts.items()
    ]


def _page(problem_id: int, show: Show, before: int | None) -> Page:
    return kept(("timeline", problem_id, show, before), lambda: _read(problem_id, show, before), of=problem_id)


def _read(problem_id: int, show: Show, before: int | None) -> Page:
    wanted = _wanted(problem_id, show)
    until = [JournalEntry.number < before] if before is not None else []
    query = select(JournalEntry).where(*wanted, *until).order_by(JournalEntry.number.desc()).limit(PAGE + 1)
    rows = session().scalars(query).all()
    entries = tuple(plain(row) for row in rows[:PAGE])
    return Page(entries, _older(wanted, entries[-1].number) if len(rows) > PAGE else 0)


def _older(wanted: list[ColumnElement[bool]], number: int) -> int:
    # Asked only where there is a next page.
    query = select(func.count()).select_from(JournalEntry).where(*wanted, JournalEntry.number < number)
    return session().scalar(query) or 0


def every(problem_id: int, limit: int) -> list[Entry]:
    """Return the newest public entries, for paper."""
    query = select(JournalEntry).where(*_wanted(problem_id, Show.ALL)).order_by(JournalEntry.number.desc())
    return [plain(row) for row in session().scalars(query.limit(limit))]


def _wanted(problem_id: int, show: Show) -> list[ColumnElement[bool]]:
    kinds = [name for name, event in KINDS.items() if event.public]
    bodies = select(Organization.id).where(Organization.kind.in_(PUBLIC_KINDS))
    wanted = [JournalEntry.problem_id == problem_id]
    match show:
        case Show.DECISIONS:
            kinds = [kind for kind in kinds if kind in DECISIONS]
        case Show.BODIES:
            wanted.append(JournalEntry.organization_id.in_(bodies))
        case Show.RESIDENTS:
            # An act without an actor is the clock's, and nobody's side.
            wanted += [
                JournalEntry.actor_id.is_not(None),
                JournalEntry.organization_id.is_(None) | JournalEntry.organization_id.not_in(bodies),
            ]
        case Show.ALL:
            pass
    return [*wanted, JournalEntry.kind.in_(sorted(kinds))]


# One entry ------------------------------------------------------------------------------------------------------------


def shown(
    problem_id: int, number: str, entries: Sequence[Entry], names: Mapping[int, int], *, inside: bool
) -> list[dict[str, Any]]:
    """Return entries as the page shows them, what one actor did several times in a row said once."""
    key = ("shown", request.script_root, str(get_locale()), inside, tuple(entry.number for entry in entries))
    return kept(
        key,
        lambda: _folded(lines_of(number, entries, names, inside=inside)),
        of=_spoken_of(problem_id, entries),
    )


def lines_of(number: str, entries: Sequence[Entry], names: Mapping[int, int], *, inside: bool) -> list[dict[str, Any]]:
    """Return entries one by one; outside the place residents' times are shown by day only."""
    details = details_of(entries)
    acted = public_names((entry.actor_id, entry.organization_id) for entry in entries)
    return [
        _shown(number, entry, details.get(entry.number, {}), _who(entry, acted, names), inside=inside)
        for entry in entries
    ]


def _shown(
    number: str, entry: Entry, details: Mapping[str, Any], who: dict[str, str], *, inside: bool
) -> dict[str, Any]:
    by_day = not inside and entry.organization_id is None
    said = "" if entry.kind in _SHOWN_ABOVE else str(details.get("words") or "")
    spoken = entry.kind in _SPOKEN and bool(said)
    short = said if len(said) <= WORDS_SHOWN else said[:WORDS_SHOWN].rstrip() + "…"
    return {
        "id": f"entry-{entry.number}",
        "url": dossier_url(number, at=entry.number, _anchor=f"entry-{entry.number}"),
        "kind": entry.kind,
        "icon": _icon(entry),
        "look": _look(entry.kind, who["kind"]),
        "who": who,
        "sentence": sentence(entry, details),
        "box": prose(short) if spoken else "",
        "whole_url": _whole(number, entry.kind, details) if spoken and short != said else "",
        "line": "" if spoken else short,
        "said": str(details.get("words") or ""),
        "basis": details.get("basis", ""),
        "link": _link(entry),
        "at_text": format_date(entry.at, gettext("M月d日")) if by_day else moment(entry.at),
        "at_iso": entry.at.date().isoformat() if by_day else entry.at.isoformat(timespec="minutes"),
        "more": 0,
    }


def _link(entry: Entry) -> dict[str, str] | None:
    """Return the way to the meeting in which something happened, or to its minutes."""
    if "meeting" not in entry.facts:
        return None
    final = entry.kind == "MeetingMinutesSettled"
    endpoint, text = ("meetings.minutes", gettext("看纪要")) if final else ("meetings.show", gettext("看会议"))
    return {"url": url_for(endpoint, meeting_id=entry.facts["meeting"]), "text": text}


def _whole(number: str, kind: str, details: Mapping[str, Any]) -> str:
    """Return where somebody's words stand whole."""
    if kind == "MessagePosted":
        return url_for("threads.show_replies", message_id=details["message"])
    if kind == "ConcernRaised":
        return dossier_url(number, tab="concerns", _anchor=f"concern-{details['n']}")
    return dossier_url(number, tab="solutions", _anchor=f"solution-{details['n']}")


def _icon(entry: Entry) -> str:
    if entry.kind in _STAMPED:
        return "rubber-stamp"
    return _ICONS.get(entry.kind, "clock" if entry.actor_id is None else "circle-dot")


def _look(kind: str, who: str) -> str:
    if kind in _STAMPED:
        return "stamp"
    return "theirs" if who == "body" else "ours"


def _folded(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say once what one actor did several times in a row; what anybody said is never folded."""
    kept: list[dict[str, Any]] = []
    for line in lines:
        last = kept[-1] if kept else None
        if last is not None and _same(last, line):
            last["more"] += 1
        else:
            kept.append(line)
    return kept


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    # The same sentence by the same actor, and not a word beside it.
    silent = not (other["box"] or other["line"] or one["box"] or one["line"])
    return silent and all(one[key] == other[key] for key in ("kind", "who", "sentence", "basis", "link"))


def _who(entry: Entry, acted: Names, names: Mapping[int, int]) -> dict[str, str]:
    held = acted.get((entry.actor_id, entry.organization_id))
    if held is not None:
        kind = "body" if held.organization_kind in PUBLIC_KINDS else "organization"
        return {"kind": kind, "name": held.organization_name, "tag": held.public_name}
    if entry.actor_id is None:
        name = gettext("按期限自动") if entry.kind in _ON_TIME else gettext("按规则自动")
        return {"kind": "clock", "name": name, "tag": ""}
    ordinal = names.get(entry.actor_id)
    name = gettext("住户 %(n)s", n=ordinal) if ordinal else gettext("一位住户")
    return {"kind": "person", "name": name, "tag": ""}
