"""What may be watched: a dossier, a desk, a board, a meeting, a bell; and what was missed so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cogov.cases.queries import desks_of
from cogov.ground.db import MAX_ID, db
from cogov.ground.refusals import NotFound
from cogov.journal.reading import public_entries_after
from cogov.meetings.queries import meeting as meeting_shown
from cogov.people.rules import COMMAND_ROLES, COMMITTEE_ROLES, Actor
from cogov.places.queries import community_by_code
from cogov.problems.queries import problem_by_id, problem_for
from cogov.tell.live.sockets import come, go, join, leave, sid_here, token_of, who
from cogov.tell.notices import unread_topics

MOST_MISSED = 200
"""Entries named in one answer; who has missed more reads the page anew."""


def _watch(asked: object = None) -> dict[str, Any]:
    """Let somebody watch a dossier, a desk, a board or their bell, and say what they have missed so far."""
    try:
        return _watched(who(token_of(sid_here())), asked if isinstance(asked, dict) else {})
    except NotFound:
        return {"refused": "not_found"}
    finally:
        db.session.remove()


def _watched(by: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    for name, watch in _WATCHED.items():
        if name in asked:
            return watch(by, asked)
    raise NotFound


def _watch_bell(by: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    if asked["bell"] is not True or by.person_id is None:
        raise NotFound
    return {"unread": unread_topics(by)}


def _watch_desk(by: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    """Those of an organization hear what it holds; who looks after an area hears that something happened there."""
    if asked["desk"] is not True:
        raise NotFound
    for organization in desks_of(by):
        join(f"desk:{organization}")
    for scope in {held.scope for held in by.standings if held.role in COMMAND_ROLES | COMMITTEE_ROLES}:
        join(AREA + scope)
    return {"missed": []}


def _watch_board(_by: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    community = community_by_code(asked["board"][:20]) if isinstance(asked["board"], str) else None
    if community is None:
        raise NotFound
    join(f"board:{community.id}")
    return {"missed": []}


def _watch_meeting(_by: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    """Everybody may follow a meeting; what moves in it is told without words, and each reader asks for their own."""
    asked_for = asked["meeting"]
    if not isinstance(asked_for, str) or not (asked_for.isascii() and asked_for.isdigit() and len(asked_for) < 19):
        raise NotFound
    join(f"meeting:{meeting_shown(int(asked_for)).id}")
    return {"missed": []}


def _watch_problem(by: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    number, after = asked["problem"], asked.get("after", 0)
    if not isinstance(number, str) or not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= MAX_ID:
        raise NotFound
    problem_id = problem_for(by, number[:16]).id
    # Joined before it is read: what is written down between the two is told twice, and known by its number.
    join(f"problem:{problem_id}")
    return _missed(by, problem_id, after)


def _missed(by: Actor, problem_id: int, after: int) -> dict[str, Any]:
    """Read what there is by now: SQLite shows a transaction what there was when it first looked, so a new one asks."""
    db.session.remove()
    try:
        problem_by_id(by, problem_id)
    except NotFound:  # hidden meanwhile, and those in the room were sorted out before this one joined
        leave(sid_here(), f"problem:{problem_id}")
        raise
    missed = [entry.number for entry in public_entries_after(problem_id, after, MOST_MISSED + 1)]
    return {"missed": missed[:MOST_MISSED], "more": len(missed) > MOST_MISSED}


_WATCHED: Mapping[str, Callable[[Actor, dict[str, Any]], dict[str, Any]]] = {
    "bell": _watch_bell,
    "desk": _watch_desk,
    "board": _watch_board,
    "meeting": _watch_meeting,
    "problem": _watch_problem,
}

AREA = "area:"
"""Rooms of those who look after an area, by the code that its places begin with."""

HANDLERS = {"connect": come, "disconnect": go, "watch": _watch}
"""What a browser may say at the live door."""
