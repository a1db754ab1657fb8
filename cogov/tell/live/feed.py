"""The thread that reads what was written down and tells those of this process who watch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog
from flask import Flask, current_app
from sqlalchemy import func, select

from cogov.cases.models import Call, Case
from cogov.decisions.models import Decision, DecisionTurnout
from cogov.decisions.rules.shortage import SMALLEST, batched
from cogov.decisions.rules.stages import DecisionState
from cogov.duties.models import RunningClock
from cogov.ground.db import db, session
from cogov.ground.refusals import NotFound
from cogov.ground.sockets import Nudges, sockets_of
from cogov.journal.models import JournalEntry
from cogov.journal.reading import public_kinds, room_of
from cogov.journal.transaction import after_commit
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id
from cogov.tell.live.sockets import ARRIVED, CONNECTED, LISTENERS, LOCK, ask_again, leave, tell, token_of, who
from cogov.tell.live.watched import AREA
from cogov.tell.models import Notification
from cogov.tell.notices import unread_topics

log = structlog.get_logger()

AT_ONCE = 1000
"""Entries read at one look."""

LOOK_EVERY = 2.0
ASK_AGAIN_EVERY = 2.0
"""Seconds after which the journal is read without a nudge, and those after which it is asked who may still watch."""

GATHER, ALONE = 0.03, 0.5
"""Seconds for which what is being written is gathered into one look, while somebody watches and while nobody does."""


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
            ARRIVED.wait(GATHER if CONNECTED else ALONE)
        ARRIVED.clear()
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
        if not CONNECTED:
            entry, notice = _head(), _last_notice()
            # Asked anew: whoever came in while it was read may have asked before that what they missed.
            if not CONNECTED:
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
                tell("entry", {"number": number}, f"problem:{problem_id}")
        for problem in about:
            if "MinutesEndorsed" in kinds[problem.id]:
                tell("minutes", {}, f"problem:{problem.id}")
            self._lists(problem, kinds[problem.id] & public)
        self._turnout(sorted(problem_id for problem_id, each in kinds.items() if "BallotCast" in each))
        _desks(about)

    def _lists(self, problem: About, kinds: set[str]) -> None:
        """Tell those who look at a decision, or at what there is to do here, that it is no longer as they see it."""
        rooms = {room_of(kind) for kind in kinds}
        if "decisions" in rooms:
            tell("decision", {}, f"problem:{problem.id}")
        if "tasks" in rooms and not problem.hidden:
            tell("board", {}, f"board:{problem.community_id}")

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
                tell("turnout", {}, f"problem:{problem_id}")

    def _notices(self) -> None:
        with LOCK:
            persons = {listener.person_id: listener.token for listener in LISTENERS.values()}
        query = (
            select(Notification.person_id, func.max(Notification.id))
            .where(Notification.id > self.last_notice, Notification.person_id.in_(persons))
            .group_by(Notification.person_id)
        )
        for person_id, last in session().execute(query).all() if persons else ():
            self.last_notice = max(self.last_notice, last)
            tell("notice", {"unread": unread_topics(who(persons[person_id]))}, f"person:{person_id}")


def _of_meetings(meeting_ids: Iterable[int]) -> None:
    """Tell those who follow a meeting that something moved in it."""
    for meeting_id in sorted(meeting_ids):
        tell("meeting", {}, f"meeting:{meeting_id}")


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
            problem_by_id(who(token_of(sid)), problem_id)
        except NotFound:
            leave(sid, room)


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
        tell("desk", {}, sorted(rooms))
