"""The timeline of a dossier: who did what, in what words, with times as exact as the reader may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import format_date, gettext, pgettext

from cogov.ground.pages import moment
from cogov.ground.prose import prose
from cogov.journal.reading import Entry, details_of, room_of, sentence
from cogov.people.queries import ActedFor, public_names
from cogov.people.rules import PUBLIC_KINDS, Actor

PAGE = 25

_STAMPED = {"CaseVerified", "CaseDispatched", "CaseAcknowledged", "CallNotNeeded", "CaseFedBack", "CaseClosed"}
_ICONS = {
    "ProblemRaised": "camera",
    "MessagePosted": "message-circle",
    "ConcernRaised": "alert-triangle",
    "ConcernAnswered": "message-circle",
    "SolutionProposed": "wand",
    "SolutionRevised": "wand",
    "MotionMoved": "gavel",
    "MotionTabled": "gavel",
    "NoticePublished": "checkbox",
    "DecisionOpened": "checkbox",
    "DecisionClosed": "gavel",
    "ResolutionPassed": "gavel",
    "TaskOpened": "clipboard-check",
    "TaskVerified": "circle-check",
    "TaskDone": "circle-check",
    "BodyCalled": "speakerphone",
    "ClockPaused": "player-pause",
    "ProblemConfirmed": "circle-check",
    "ProblemReopened": "arrow-back-up",
}

Names = Mapping[tuple[int | None, int | None], ActedFor]


def shown(by: Actor, code: str, entries: Sequence[Entry], names: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return entries as the macro shows them; outside the place residents' times are shown by day only."""
    details = details_of(entries)
    acted = public_names((entry.actor_id, entry.organization_id) for entry in entries)
    inside = any(held.reaches(code) for held in by.standings)
    return [_shown(entry, details.get(entry.number, {}), _who(entry, acted, names), inside=inside) for entry in entries]


def _shown(entry: Entry, details: Mapping[str, Any], who: dict[str, str], *, inside: bool) -> dict[str, Any]:
    by_day = not inside and entry.organization_id is None
    stamped = entry.kind in _STAMPED
    theirs = room_of(entry.kind) == "cases"
    return {
        "id": f"e{entry.number}",
        "icon": "rubber-stamp" if stamped else _ICONS.get(entry.kind, "circle-dot"),
        "kind": "stamp" if stamped else "theirs" if theirs else "ours",
        "who": who,
        "sentence": sentence(entry, details),
        "words": prose(str(details["words"])) if details.get("words") else "",
        "basis": details.get("basis", ""),
        "at_text": format_date(entry.at, gettext("M月d日")) if by_day else moment(entry.at),
        "at_iso": entry.at.date().isoformat() if by_day else entry.at.isoformat(timespec="minutes"),
    }


def _who(entry: Entry, acted: Names, names: Mapping[int, int]) -> dict[str, str]:
    held = acted.get((entry.actor_id, entry.organization_id))
    if held is not None:
        kind = "body" if held.organization_kind in PUBLIC_KINDS else "organization"
        return {"kind": kind, "name": held.organization_name, "tag": held.public_name}
    if entry.actor_id is None:
        return {"kind": "organization", "name": gettext("自动"), "mark": pgettext("mark", "时")}
    ordinal = names.get(entry.actor_id)
    return {"kind": "person", "name": gettext("住户 %(n)s", n=ordinal) if ordinal else gettext("一位住户")}
