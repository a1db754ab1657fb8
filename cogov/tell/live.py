"""Live pages: who watches a dossier is told that something was written down, and asks for it with their own eyes.

The journal is the truth and numbers it without gaps, so nothing is carried here but numbers: a message that gets lost
is noticed by the next one, or by what `watch` answers after a drop-out. One thread of each server process reads what
has come since, whoever wrote it; a nudge (after a commit here, or over Redis from elsewhere) only makes it look sooner.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, current_app, request
from flask import session as cookie
from flask_socketio import join_room
from sqlalchemy import func, select

from cogov.cases.models import Call, Case
from cogov.cases.queries import desks_of
from cogov.decisions.models import Decision, DecisionTurnout
from cogov.decisions.rules.shortage import SMALLEST, batched
from cogov.decisions.rules.stages import DecisionState
from cogov.duties.models import RunningClock
from cogov.ground.db import MAX_ID, db, session
from cogov.ground.refusals import NotFound
from cogov.ground.sockets import Nudges, sockets_of
from cogov.journal.models import JournalEntry
from cogov.journal.reading import public_entries_after, public_kinds, room_of
from cogov.journal.transaction import after_commit
from cogov.meetings.queries import meeting as meeting_shown
from cogov.people.queries import actor_signed_in, still_signed_in
from cogov.people.rules import ANYONE, COMMAND_ROLES, COMMITTEE_ROLES, Actor
from cogov.places.models import Place
from cogov.places.queries import community_by_code
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id, problem_for
from cogov.tell.models import Notification
from cogov.tell.notices import unread_topics

log = structlog.get_logger()

MOST_MISSED = 200
"""Entries named in one answer; who has missed more reads the page anew."""

AT_ONCE = 1000
"""Entries read at one look."""

LOOK_EVERY = 2.0
ASK_AGAIN_EVERY = 2.0
"""Seconds after which the journal is read without a nudge, and those after which it is asked who may still watch."""

GATHER, ALONE = 0.03, 0.5
"""Seconds for which what is being written is gathered into one look, while somebody watches and while nobody does."""


@dataclass(frozen=True)
class Listener:
    """Who sits at a socket: the key they came with, and what they were when they came."""

    token: str
    person_id: int
    standings: frozenset[int]


_listeners: dict[str, Listener] = {}
_connected: set[str] = set()
_arrived = threading.Event()
_lock = threading.Lock()


def _who(token: str) -> Actor:
    held = actor_signed_in(token) if token else None
    return ANYONE if held is None else held[0]


def watching() -> int:
    """Return how many sockets are open in this process."""
    return len(_connected)


def _sid() -> str:
    return str(getattr(request, "sid", ""))


def _come(_auth: object = None) -> None:
    token = str(cookie.get("_user_id") or "")
    actor = _who(token)
    with _lock:
        _connected.add(_sid())
        if actor.person_id is not None:
            standings = frozenset(held.id for held in actor.standings)
            _listeners[_sid()] = Listener(token, actor.person_id, standings)
    _arrived.set()
    if actor.person_id is not None:
        _join(f"person:{actor.person_id}")
    db.session.remove()


def _go(_reason: object = None) -> None:
    with _lock:
        _connected.discard(_sid())
        _listeners.pop(_sid(), None)


def _watch(asked: object = None) -> dict[str, Any]:
    """Let somebody watch a dossier, a desk, a board or their bell, and say what they have missed so far."""
    try:
        return _watched(_who(_token_of(_sid())), asked if isinstance(asked, dict) else {})
    except NotFound:
        return {"refused": "not_found"}
    finally:
        db.session.remove()


def _token_of(sid: str) -> str:
    with _lock:
        listener = _listeners.get(sid)
    return listener.token if listener else ""


def _join(room: str) -> None:
    with suppress(ValueError, KeyError):  # the browser has left meanwhile, before or while this is done
        join_room(room)


def _leave(sid: str, room: str) -> None:
    sockets_of(current_app).server.leave_room(sid, room)


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
        _join(f"desk:{organization}")
    for scope in {held.scope for held in by.standings if held.role in COMMAND_ROLES | COMMITTEE_ROLES}:
        _join(AREA + scope)
    return {"missed": []}


def _watch_board(_by: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    community = community_by_code(asked["board"][:20]) if isinstance(asked["board"], str) else None
    if community is None:
        raise NotFound
    _join(f"board:{community.id}")
    return {"missed": []}


def _watch_meeting(_by: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    """Everybody may follow a meeting; what moves in it is told without words, and each reader asks for their own."""
    asked_for = asked["meeting"]
    if not isinstance(asked_for, str) or not (asked_for.isascii() and asked_for.isdigit() and len(asked_for) < 19):
        raise NotFound
    _join(f"meeting:{meeting_shown(int(asked_for)).id}")
    return {"missed": []}


def _watch_problem(by: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    number, after = asked["problem"], asked.get("after", 0)
    if not isinstance(number, str) or not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= MAX_ID:
        raise NotFound
    problem_id = problem_for(by, number[:16]).id
    # Joined before it is read: what is written down between the two is told twice, and known by its number.
    _join(f"problem:{problem_id}")
    return _missed(by, problem_id, after)


def _missed(by: Actor, problem_id: int, after: int) -> dict[str, Any]:
    """Read what there is by now: SQLite shows a transaction what there was when it first looked, so a new one asks."""
    db.session.remove()
    try:
        problem_by_id(by, problem_id)
    except NotFound:  # hidden meanwhile, and those in the room were sorted out before this one joined
        _leave(_sid(), f"problem:{problem_id}")
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

HANDLERS = {"connect": _come, "disconnect": _go, "watch": _watch}
"""What a browser may say at the live door."""


def _tell(event: str, said: Mapping[str, int], room: str | list[str]) -> None:
    sockets_of(current_app).emit(event, said, to=room)


# The feed -------------------------------------------------------------------------------------------------------------


class Feed:
    """The thread that reads what was written down and tells those of this process who watch."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.nudges = Nudges(str(app.config["REDIS_URL"]))
        self.last_entry = self.last_notice = 0
        self.batches: dict[int, int] = {}
        self._going = threading.Event()

    def start(self) -> Callable[[], None]:
        """Begin, and return what stops it."""
        self._going.set()
        with self.app.app_context():
            self.last_entry, self.last_notice = _head(), _last_notice()
            db.session.remove()
        after_commit(self.nudges.send)
        threads = [
            threading.Thread(target=self._run, name="live", daemon=True),
            threading.Thread(target=self.nudges.listen, args=(self._going.is_set,), name="nudges", daemon=True),
        ]
        for thread in threads:
            thread.start()
        return self.stop

    def stop(self) -> None:
        """Let the threads end."""
        self._going.clear()
        self.nudges.came.set()

    def _run(self) -> None:
        asked = time.monotonic()
        while self._going.is_set():
            self._wait()
            self._tried(self.look)
            if time.monotonic() - asked >= ASK_AGAIN_EVERY:
                asked = time.monotonic()
                self._tried(ask_again)

    def _wait(self) -> None:
        """Wait for a nudge, and a moment longer for what else is being written; who comes in does not wait."""
        if self.nudges.came.wait(LOOK_EVERY):
            _arrived.wait(GATHER if _connected else ALONE)
        _arrived.clear()
        self.nudges.came.clear()

    def _tried(self, work: Callable[[], object]) -> None:
        with self.app.app_context():
            try:
                work()
            except Exception as error:
                log.warning("live_failed", error=type(error).__name__)  # the database is away: the next look has it all
            finally:
                db.session.remove()

    def look(self) -> None:
        """Tell of what has come since the last look."""
        if not _connected:
            entry, notice = _head(), _last_notice()
            # Asked anew: whoever came in while it was read may have asked before that what they missed.
            if not _connected:
                self.last_entry, self.last_notice = entry, notice
                return
        query = (
            select(
                JournalEntry.number,
                JournalEntry.kind,
                JournalEntry.problem_id,
                JournalEntry.subject_kind,
                JournalEntry.subject_id,
            )
            .where(JournalEntry.number > self.last_entry)
            .order_by(JournalEntry.number)
            .limit(AT_ONCE)
        )
        rows = session().execute(query).all()
        if len(rows) == AT_ONCE:
            self.nudges.came.set()
        self._of_problems([(number, kind, problem) for number, kind, problem, *_ in rows if problem is not None])
        _of_meetings({meeting for *_, subject, meeting in rows if subject == "meeting" and meeting is not None})
        self.last_entry = rows[-1][0] if rows else self.last_entry
        self._notices()

    def _of_problems(self, rows: list[tuple[int, str, int]]) -> None:
        kinds: dict[int, set[str]] = {}
        for _, kind, problem_id in rows:
            kinds.setdefault(problem_id, set()).add(kind)
        about, public = _about(kinds), set(public_kinds())
        for problem in about:
            if problem.hidden:
                _thin(problem.id)
        for number, kind, problem_id in rows:
            if kind in public:
                _tell("entry", {"number": number}, f"problem:{problem_id}")
        for problem in about:
            if "MinutesEndorsed" in kinds[problem.id]:
                _tell("minutes", {}, f"problem:{problem.id}")
            self._lists(problem, kinds[problem.id] & public)
        self._turnout(sorted(problem_id for problem_id, each in kinds.items() if "BallotCast" in each))
        _desks(about)

    def _lists(self, problem: About, kinds: set[str]) -> None:
        """Tell those who look at a decision, or at what there is to do here, that it is no longer as they see it."""
        rooms = {room_of(kind) for kind in kinds}
        if "decisions" in rooms:
            _tell("decision", {}, f"problem:{problem.id}")
        if "tasks" in rooms and not problem.hidden:
            _tell("board", {}, f"board:{problem.community_id}")

    def _turnout(self, problem_ids: list[int]) -> None:
        """Tell of a vote when a batch is full, and not of each ballot; the figures stand on the page, not here."""
        query = (
            select(Decision.id, Decision.problem_id, DecisionTurnout.heads)
            .join(DecisionTurnout, Decision.id == DecisionTurnout.decision_id)
            .where(
                Decision.problem_id.in_(problem_ids),
                Decision.state == DecisionState.OPEN,
                Decision.heads_total >= SMALLEST,
            )
        )
        for decision_id, problem_id, heads in session().execute(query).all() if problem_ids else ():
            full = batched(heads)
            if full and self.batches.get(decision_id) != full:
                self.batches[decision_id] = full
                _tell("turnout", {}, f"problem:{problem_id}")

    def _notices(self) -> None:
        with _lock:
            persons = {listener.person_id: listener.token for listener in _listeners.values()}
        query = (
            select(Notification.person_id, func.max(Notification.id))
            .where(Notification.id > self.last_notice, Notification.person_id.in_(persons))
            .group_by(Notification.person_id)
        )
        for person_id, last in session().execute(query).all() if persons else ():
            self.last_notice = max(self.last_notice, last)
            _tell("notice", {"unread": unread_topics(_who(persons[person_id]))}, f"person:{person_id}")


def _of_meetings(meeting_ids: Iterable[int]) -> None:
    """Tell those who follow a meeting that something moved in it."""
    for meeting_id in sorted(meeting_ids):
        _tell("meeting", {}, f"meeting:{meeting_id}")


def _head() -> int:
    return session().scalar(select(func.max(JournalEntry.number))) or 0


def _last_notice() -> int:
    return session().scalar(select(func.max(Notification.id))) or 0


@dataclass(frozen=True)
class About:
    """A problem that something was written down about: where it lies, and whether it is hidden."""

    id: int
    community_id: int
    code: str
    hidden: bool


def _about(problem_ids: Iterable[int]) -> list[About]:
    wanted = sorted(problem_ids)
    query = (
        select(Problem.id, Problem.community_id, Place.code, Problem.hidden)
        .join(Place, Place.id == func.coalesce(Problem.grid_id, Problem.community_id))
        .where(Problem.id.in_(wanted))
    )
    return [About(*row) for row in session().execute(query)] if wanted else []


def _thin(problem_id: int) -> None:
    """Take those out of the room of a hidden problem for whom it exists no longer."""
    room = f"problem:{problem_id}"
    for sid, _ in list(sockets_of(current_app).server.manager.get_participants("/", room)):
        try:
            problem_by_id(_who(_token_of(sid)), problem_id)
        except NotFound:
            _leave(sid, room)


def _desks(about: Iterable[About]) -> None:
    """Tell desks that something of theirs has moved; what it is, each reader's own page says."""
    touched = list(about)
    ids = [problem.id for problem in touched]
    if not ids:
        return
    cases = select(Case.accountable_id, Case.body_id, Call.organization_id).outerjoin(Call, Call.case_id == Case.id)
    rows = list(session().execute(cases.where(Case.problem_id.in_(ids))))
    clocks = select(RunningClock.organization_id).where(RunningClock.problem_id.in_(ids))
    rows += list(session().execute(clocks.distinct()))
    rooms = {f"desk:{each}" for row in rows for each in row if each is not None}
    for room in map(str, list(sockets_of(current_app).server.manager.rooms.get("/", ()))):
        if room.startswith(AREA) and any(problem.code.startswith(room.removeprefix(AREA)) for problem in touched):
            rooms.add(room)
    if rooms:
        _tell("desk", {}, sorted(rooms))


def ask_again() -> None:
    """Close the sockets of those who signed out, were suspended, or hold other roles than when they came."""
    with _lock:
        held = list(_listeners.items())
    now_held = still_signed_in({listener.token for _, listener in held}) if held else {}
    _close(sid for sid, listener in held if now_held.get(listener.token) != (listener.person_id, listener.standings))


def _close(sids: Iterable[str]) -> None:
    for sid in sids:
        sockets_of(current_app).server.disconnect(sid)
