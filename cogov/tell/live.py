"""Live pages: who watches a dossier is told that something was written down, and asks for it with their own eyes.

The journal is the truth and numbers it without gaps, so nothing is carried here but numbers: a message that gets lost
is noticed by the next one, or by what `watch` answers after a drop-out. One thread of each server process reads what
has come since, whoever wrote it; a nudge (after a commit here, or over Redis from elsewhere) only makes it look sooner.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
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
from cogov.ground.db import MAX_ID, db, session
from cogov.ground.refusals import NotFound
from cogov.ground.sockets import Nudges, sockets_of
from cogov.journal.models import JournalEntry
from cogov.journal.reading import public_entries_after, public_kinds
from cogov.journal.transaction import after_commit
from cogov.people.queries import actor_signed_in
from cogov.people.rules import ANYONE, Actor
from cogov.problems.queries import problem_for
from cogov.tell.models import Notification
from cogov.tell.notices import unread_topics

log = structlog.get_logger()

MOST_MISSED = 200
"""Entries named in one answer; who has missed more reads the page anew."""

LOOK_EVERY = 2.0
ASK_AGAIN_EVERY = 3.0
"""Seconds after which the journal is read without a nudge, and those after which it is asked who may still watch."""


@dataclass(frozen=True)
class Listener:
    """Who sits at a socket: the key they came with, and what they were when they came."""

    token: str
    person_id: int
    standings: frozenset[int]


_listeners: dict[str, Listener] = {}
_connected: set[str] = set()
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
    if actor.person_id is not None:
        _join(f"person:{actor.person_id}")
    db.session.remove()


def _go(_reason: object = None) -> None:
    with _lock:
        _connected.discard(_sid())
        _listeners.pop(_sid(), None)


def _watch(asked: object = None) -> dict[str, Any]:
    """Let somebody watch a dossier or their desk, and say what they have missed after the last entry they saw."""
    with _lock:
        listener = _listeners.get(_sid())
    try:
        return _watched(_who(listener.token if listener else ""), asked if isinstance(asked, dict) else {})
    except NotFound:
        return {"refused": "not_found"}
    finally:
        db.session.remove()


def _join(room: str) -> None:
    with suppress(ValueError, KeyError):  # the browser has left meanwhile, before or while this is done
        join_room(room)


def _watched(by: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    if asked.get("desk") is True:
        for organization in desks_of(by):
            _join(f"desk:{organization}")
        return {"missed": []}
    number, after = asked.get("problem"), asked.get("after", 0)
    if not isinstance(number, str) or not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= MAX_ID:
        raise NotFound
    problem = problem_for(by, number[:16])
    # Joined before it is read: what is written down between the two is told twice, and known by its number.
    _join(f"problem:{problem.id}")
    missed = [entry.number for entry in public_entries_after(problem.id, after, MOST_MISSED + 1)]
    return {"missed": missed[:MOST_MISSED], "more": len(missed) > MOST_MISSED}


HANDLERS = {"connect": _come, "disconnect": _go, "watch": _watch}
"""What a browser may say at the live door."""


def _tell(event: str, said: dict[str, int], room: str) -> None:
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
            self.nudges.came.wait(LOOK_EVERY)
            self.nudges.came.clear()
            self._tried(self.look)
            if time.monotonic() - asked >= ASK_AGAIN_EVERY:
                asked = time.monotonic()
                self._tried(ask_again)

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
            self.last_entry, self.last_notice = _head(), _last_notice()
            return
        query = (
            select(JournalEntry.number, JournalEntry.kind, JournalEntry.problem_id)
            .where(JournalEntry.number > self.last_entry)
            .order_by(JournalEntry.number)
            .limit(1000)
        )
        rows = session().execute(query).all()
        public = set(public_kinds())
        touched: set[int] = set()
        voted: set[int] = set()
        for number, kind, problem_id in rows:
            self.last_entry = number
            if problem_id is None:
                continue
            touched.add(problem_id)
            if kind in public:
                _tell("entry", {"number": number}, f"problem:{problem_id}")
            elif kind == "BallotCast":
                voted.add(problem_id)
        self._turnout(voted)
        _desks(touched)
        self._notices()

    def _turnout(self, problem_ids: Iterable[int]) -> None:
        """Tell of a vote when a batch is full, and not of each ballot."""
        for problem_id in problem_ids:
            query = (
                select(DecisionTurnout.heads, Decision.heads_total)
                .join(Decision, Decision.id == DecisionTurnout.decision_id)
                .where(Decision.problem_id == problem_id)
                .order_by(Decision.id.desc())
                .limit(1)
            )
            row = session().execute(query).one_or_none()
            if row is None or row[1] < SMALLEST:
                continue
            full = batched(row[0])
            if full and self.batches.get(problem_id) != full:
                self.batches[problem_id] = full
                _tell("turnout", {"ballots": full}, f"problem:{problem_id}")

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


def _head() -> int:
    return session().scalar(select(func.max(JournalEntry.number))) or 0


def _last_notice() -> int:
    return session().scalar(select(func.max(Notification.id))) or 0


def _desks(problem_ids: Iterable[int]) -> None:
    wanted = sorted(problem_ids)
    if not wanted:
        return
    query = (
        select(Case.accountable_id, Case.body_id, Call.organization_id)
        .outerjoin(Call, Call.case_id == Case.id)
        .where(Case.problem_id.in_(wanted))
    )
    for organization in {each for row in session().execute(query) for each in row if each is not None}:
        _tell("desk", {}, f"desk:{organization}")


def ask_again() -> None:
    """Close the sockets of those who signed out, were suspended, or hold other roles than when they came."""
    with _lock:
        held = list(_listeners.items())
    by_token: dict[str, list[tuple[str, Listener]]] = defaultdict(list)
    for sid, listener in held:
        by_token[listener.token].append((sid, listener))
    for token, pairs in by_token.items():
        actor = _who(token)
        standings = frozenset(standing.id for standing in actor.standings)
        _close(
            sid for sid, listener in pairs if actor.person_id != listener.person_id or standings != listener.standings
        )


def _close(sids: Iterable[str]) -> None:
    for sid in sids:
        sockets_of(current_app).server.disconnect(sid)
