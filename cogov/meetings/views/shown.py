"""A meeting in the words and numbers of its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import format_datetime, gettext

from cogov.ground.clock import now
from cogov.ground.pages import dossier_url, words
from cogov.meetings.queries.floor import Face, Floor, MotionShown, TurnShown
from cogov.meetings.queries.loading import ItemShown, MeetingShown
from cogov.meetings.queries.outcomes import OutcomeShown
from cogov.meetings.rules.hands import DECIDING, Count, Counts
from cogov.meetings.rules.kinds import (
    CATEGORY_WORDS,
    FOLLOW_WORDS,
    HAND_WORDS,
    ITEM_WORDS,
    MOTION_WORDS,
    PRESENCE_WORDS,
    SIDE_WORDS,
    STATE_WORDS,
    Category,
    FollowUp,
    Hand,
    ItemState,
    MeetingMotionState,
    MeetingState,
    Presence,
)
from cogov.meetings.rules.order import RULES

TONES = {MeetingState.CALLED: "ours", MeetingState.OPEN: "sign", MeetingState.CLOSED: "plain"}
ICONS = {MeetingState.CALLED: "calendar-event", MeetingState.OPEN: "microphone", MeetingState.CLOSED: "check"}
ITEM_TONES = {ItemState.WAITING: "plain", ItemState.NOW: "ours", ItemState.DONE: "plain"}
ITEM_ICONS = {ItemState.WAITING: "circle", ItemState.NOW: "circle-dot", ItemState.DONE: "check"}


def day_and_hour(at: datetime) -> str:
    """Return when a meeting begins."""
    return str(format_datetime(at, gettext("M月d日 EEEE HH:mm")))


def head(shown: MeetingShown) -> dict[str, Any]:
    """Return a meeting as lists and pages head it."""
    cancelled = shown.cancelled_at is not None
    return {
        "id": shown.id,
        "url": url_for("meetings.show", meeting_id=shown.id),
        "title": shown.title,
        "at": day_and_hour(shown.begins),
        "dated": format_datetime(shown.begins, gettext("yyyy年M月d日 HH:mm")),
        "spot": shown.spot,
        "place": shown.place_name,
        "organization": shown.organization_name,
        "state": shown.state.value,
        "state_text": gettext("已取消") if cancelled else words(STATE_WORDS[shown.state]),
        "tone": "plain" if cancelled else TONES[shown.state],
        "icon": "circle-x" if cancelled else ICONS[shown.state],
        "cancelled": cancelled,
        "because": shown.cancelled_because or shown.moved,
        "moved": bool(shown.moved) and not cancelled,
    }


def items(rows: Sequence[ItemShown]) -> list[dict[str, Any]]:
    """Return an agenda."""
    return [
        {
            "id": row.id,
            "place": place,
            "title": row.title or gettext("一件不公开的事"),
            "number": row.number,
            "url": dossier_url(row.number) if row.number else "",
            "state": row.state.value,
            "state_text": words(ITEM_WORDS[row.state]),
            "tone": ITEM_TONES[row.state],
            "icon": ITEM_ICONS[row.state],
        }
        for place, row in enumerate(rows, 1)
    ]


def named(face: Face) -> dict[str, Any]:
    """Return a name as a line shows it."""
    return {
        "ordinal": face.ordinal,
        "name": words(face.name),
        "acting_for": face.acting_for,
        "category": words(CATEGORY_WORDS[face.category]),
        "presence": words(PRESENCE_WORDS[face.presence]),
        "entered": face.entered,
        "gone": face.gone,
    }


def present_rows(present: Mapping[tuple[Category, Presence], int]) -> list[dict[str, Any]]:
    """Return who is there by category, in the room and online apart."""
    return [
        {
            "category": words(CATEGORY_WORDS[category]),
            "room": present.get((category, Presence.ROOM), 0),
            "online": present.get((category, Presence.ONLINE), 0),
        }
        for category in Category
        if any(present.get((category, way)) for way in Presence)
    ]


def count_rows(counts: Counts, *, every: bool = False) -> list[dict[str, Any]]:
    """Return the hands of each category; they are never added up."""
    return [
        {
            "category": words(CATEGORY_WORDS[category]),
            "decides": category in DECIDING,
            "for": count.in_favour,
            "against": count.against,
            "abstain": count.abstained,
            "passed": count.is_for if count.raised else None,
        }
        for category in Category
        if (count := counts.get(category, Count())).raised or every
    ]


def motion(shown: MotionShown) -> dict[str, Any]:
    """Return a motion with its hands."""
    hands = shown.state is MeetingMotionState.HANDS
    return {
        "id": shown.id,
        "text": shown.text,
        "before": shown.before,
        "amends": shown.amends_id,
        "again": shown.reconsiders_id is not None,
        "state": shown.state.value,
        "state_text": words(MOTION_WORDS[shown.state]),
        "tone": {MeetingMotionState.PASSED: "ours", MeetingMotionState.HANDS: "sign"}.get(shown.state, "plain"),
        "mover": named(shown.mover),
        "own": shown.own,
        "hands": hands,
        "passed": shown.state is MeetingMotionState.PASSED,
        "present": shown.present,
        "outcomes": [outcome(each) for each in shown.outcomes],
        "counts": count_rows(shown.counts, every=hands),
        "own_hand": shown.own_hand.value if shown.own_hand else "",
        "own_hand_text": words(HAND_WORDS[shown.own_hand]) if shown.own_hand else "",
    }


HANDS = tuple((hand.value, HAND_WORDS[hand]) for hand in Hand)


def turn(shown: TurnShown, seconds: int) -> dict[str, Any]:
    """Return a turn, and for who speaks until when."""
    until = shown.called_at + timedelta(seconds=seconds) if shown.called_at else None
    left = int((until - now()).total_seconds()) if until else 0
    return {
        "id": shown.id,
        "side": shown.side.value,
        "side_text": words(SIDE_WORDS[shown.side]),
        "who": named(shown.who),
        "own": shown.own,
        "left": max(left, 0),
        "left_text": clock(max(left, 0)),
        "over": until is not None and left <= 0,
        "prompted": shown.prompted,
    }


def clock(seconds: int) -> str:
    """Return minutes and seconds as a clock shows them."""
    return f"{seconds // 60}:{seconds % 60:02d}"


_FOLLOWED = {
    FollowUp.TASK: ("tasks.show", "task_id"),
    FollowUp.VOTE: ("decisions.motion", "motion_id"),
    FollowUp.CASE: ("cases.show", "case_id"),
}


def outcome(shown: OutcomeShown) -> dict[str, Any]:
    """Return a thing that followed from a motion, with the way to it."""
    endpoint, name = _FOLLOWED[shown.kind]
    to: dict[str, Any] = {name: shown.subject_id}
    return {
        "kind_text": words(FOLLOW_WORDS[shown.kind]),
        "title": shown.title,
        "state_text": words(shown.state) if shown.state else "",
        "url": url_for(endpoint, **to),
    }


def ways_on(shown: MotionShown, item: ItemShown | None, ways: Ways) -> list[dict[str, str]]:
    """Return what a reader may make follow from a motion that was carried on a problem."""
    carried = shown.state is MeetingMotionState.PASSED and shown.amends_id is None and not shown.covered
    if not carried or item is None or not item.number:
        return []
    about: dict[str, Any] = {"number": item.number, "meeting_motion": shown.id}
    voted_on = any(each.kind is FollowUp.VOTE for each in shown.outcomes)
    handed_on = any(each.kind is FollowUp.CASE for each in shown.outcomes)
    found = []
    if ways.opens_tasks:
        found.append({"url": url_for("tasks.new", **about), "text": gettext("开任务"), "icon": "clipboard-check"})
    if ways.there and not voted_on:
        found.append({"url": url_for("decisions.new_motion", **about), "text": gettext("转为表决"), "icon": "checkbox"})
    if ways.desk and not handed_on:
        found.append({"url": url_for("cases.from_meeting", **about), "text": gettext("交部门办"), "icon": "send"})
    return found


@dataclass(frozen=True)
class Ways:
    """What the reader of a meeting may make of what it carried."""

    opens_tasks: bool = False
    there: bool = False
    desk: bool = False


def settled(floor: Floor, rows: Sequence[ItemShown], ways: Ways) -> list[dict[str, Any]]:
    """Return the motions that are done with, what followed from each, and what may follow."""
    items_ = {row.id: row for row in rows}
    return [
        {
            **motion(each),
            "ways_on": ways_on(each, items_.get(each.item_id), ways),
            "without_problem": not (each.item_id in items_ and items_[each.item_id].number),
        }
        for each in floor.settled
    ]


def floor_shown(floor: Floor, seconds: int) -> dict[str, Any]:
    """Return what lies on the floor."""
    return {
        "motion": motion(floor.motion) if floor.motion else None,
        "amendment": motion(floor.amendment) if floor.amendment else None,
        "settled": [motion(each) for each in floor.settled],
        "speaking": turn(floor.speaking, seconds) if floor.speaking else None,
        "queue": [turn(each, seconds) for each in floor.queue],
        "waiting": turn(floor.waiting, seconds) if floor.waiting else None,
        "present": present_rows(floor.present),
        "count": len(floor.faces),
        "deciding": sum(number for (category, _), number in floor.present.items() if category in DECIDING),
        "chair": named(floor.chair) if floor.chair else None,
        "own": named(floor.faces[floor.own]) if floor.own is not None and not floor.away else None,
        "away": floor.away,
        "left": floor.left,
    }


def rules_of_order() -> list[dict[str, str]]:
    """Return the ten rules in words."""
    return [{"label": words(name), "text": words(said)} for name, said in RULES]
