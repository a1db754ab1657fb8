"""Robots are told from the journal after the commit: each of an entry once, what belongs together in one message.

A robot remembers up to which entry it has heard; entries become visible in their order, so nothing is passed over, and
the schema has the last word on "once". The first message about a dossier goes at once; what follows within minutes is
gathered into the next. What a message says is read when it is sent: what was hidden meanwhile is not told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.exc import IntegrityError

from cogov.cases.models import Case
from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import apart, for_change, found, session
from cogov.journal.models import JournalEntry
from cogov.journal.reading import head_number
from cogov.journal.transaction import transaction
from cogov.people.models import Organization
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.robots.commands import note_outcome, say_to, spoken_to
from cogov.robots.models import Robot
from cogov.robots.rules import RobotState, RobotTopic
from cogov.tell.channels import Channel
from cogov.tell.hearings import RobotHearing, RobotPost
from cogov.tell.outbox import MOST_TRIES, SENDERS, Carry, Later, Never, Outgoing, put
from cogov.tell.robot_words import worded

log = structlog.get_logger()

GATHER = timedelta(minutes=3)
"""How long what follows a message about the same dossier is gathered."""

SOON = timedelta(hours=4)
SHORT = timedelta(hours=8)
"""How long before a deadline it is told of; not where the whole time was short, since then it has just been told."""

_BATCH = 200

TO_THE_BODY = frozenset({"CaseOpened", "CaseDispatched", "CaseReopened", "BodyCalled", "CaseOverdue", "CallOverdue"})
"""Steps whose entry names the organization that the case comes to."""

TO_THE_HOLDER = frozenset({"CaseOpened", "CaseAccepted", "CaseFiled", "CaseReturned", "CaseHandled", "ReworkOrdered"})
"""Steps after which the case lies with whoever answers for it now."""

ANNOUNCED = frozenset({"AnnouncementPublished", "AnnouncementCorrected", "AnnouncementWithdrawn"})
DECIDED = frozenset({"NoticePublished", "DecisionOpened", "DecisionClosed"})

HEARD = TO_THE_BODY | TO_THE_HOLDER | ANNOUNCED | DECIDED


@dataclass(frozen=True)
class Listener:
    """A robot as entries are matched with it."""

    id: int
    hears: RobotTopic
    organization_id: int | None
    area: str
    heard: int


@dataclass(frozen=True)
class About:
    """What a message is about: a dossier or an announcement."""

    problem_id: int | None
    announcement_id: int | None


# Hearing -------------------------------------------------------------------------------------------------------------


def hear_all() -> int:
    """Let every robot hear what came since it last did, and which deadlines are near; return how much was noted."""
    total = 0
    while handled := _hear():
        total += handled
    return total + _hear_of_deadlines()


def _behind() -> ColumnElement[bool]:
    return and_(Robot.state == RobotState.ON, Robot.heard < head_number())


def _hear(limit: int = _BATCH) -> int:
    if not session().scalar(select(exists().where(_behind()))):
        return 0
    with transaction():
        robots = session().scalars(_not_held(_behind())).all()
        if not robots:
            return 0
        head = head_number()
        entries = _entries(min(robot.heard for robot in robots), head, limit)
        listeners = _listeners(robots)
        for entry in entries:
            _tried(entry, [listener for listener in listeners if entry.number > listener.heard])
        up_to = entries[-1].number if len(entries) == limit else head
        for robot in robots:
            robot.heard = max(robot.heard, up_to)
    return len(entries)


def _not_held(which: ColumnElement[bool]) -> Select[Robot]:
    """Lock the robots that no other worker is telling."""
    query = select(Robot).where(which).order_by(Robot.id)
    return query.with_for_update(skip_locked=True).execution_options(populate_existing=True)


def _entries(after: int, up_to: int, limit: int) -> Sequence[JournalEntry]:
    query = select(JournalEntry).where(
        JournalEntry.number > after, JournalEntry.number <= up_to, JournalEntry.kind.in_(HEARD)
    )
    return session().scalars(query.order_by(JournalEntry.number).limit(limit)).all()


def _listeners(robots: Sequence[Robot]) -> list[Listener]:
    area = func.coalesce(Organization.scope, Place.code)
    query = (
        select(Robot.id, Robot.hears, Robot.organization_id, area, Robot.heard)
        .outerjoin(Organization, Organization.id == Robot.organization_id)
        .outerjoin(Place, Place.id == Robot.community_id)
        .where(Robot.id.in_([robot.id for robot in robots]))
    )
    return [Listener(*row) for row in session().execute(query)]


def _tried(entry: JournalEntry, listeners: Sequence[Listener]) -> None:
    """Tell of one entry; one that cannot be told is logged and holds up no other."""
    nested = apart()
    try:
        _heard(entry, listeners)
    except Exception:
        nested.rollback()
        log.exception("robots_not_told", number=entry.number)
        return
    nested.commit()


def _heard(entry: JournalEntry, listeners: Sequence[Listener]) -> None:
    if entry.problem_id is not None and _is_hidden(entry.problem_id):
        return
    facts = json.loads(entry.facts)
    desks = _desks(entry, facts)
    code = _announced_at(entry)
    for listener in listeners:
        mine = listener.organization_id in desks if listener.hears is RobotTopic.DESK else _reaches(code, listener.area)
        if mine:
            announcement_id = entry.subject_id if entry.kind in ANNOUNCED else None
            about = About(entry.problem_id if announcement_id is None else None, announcement_id)
            session().add(
                RobotHearing(robot_id=listener.id, post_id=_post(listener.id, about), entry_number=entry.number)
            )


def _is_hidden(problem_id: int) -> bool:
    return session().scalar(select(Problem.hidden).where(Problem.id == problem_id)) is not False


def _desks(entry: JournalEntry, facts: Mapping[str, object]) -> set[int]:
    """Return to whom a case comes with an entry, those aside who did it themselves."""
    found_at: set[object] = set()
    if entry.kind in TO_THE_BODY:
        found_at |= {facts.get("body"), facts.get("to")}
    if entry.kind in TO_THE_HOLDER:
        found_at.add(session().scalar(select(Case.accountable_id).where(Case.id == facts.get("case"))))
    return {each for each in found_at if isinstance(each, int)} - {entry.organization_id}


def _announced_at(entry: JournalEntry) -> str | None:
    if entry.kind not in ANNOUNCED | DECIDED:
        return None
    return session().scalar(select(Place.code).where(Place.id == entry.place_id))


def _reaches(code: str | None, area: str) -> bool:
    """Say whether what is announced somewhere concerns an area: it lies there, or belongs to there."""
    return code is not None and (code.startswith(area) or area.startswith(code))


def _post(robot_id: int, about: About) -> int:
    """Return the message in which something is told: one that still gathers, or a new one."""
    of_it = (
        RobotPost.robot_id == robot_id,
        RobotPost.problem_id.is_not_distinct_from(about.problem_id),
        RobotPost.announcement_id.is_not_distinct_from(about.announcement_id),
    )
    last = session().scalars(for_change(select(RobotPost).where(*of_it).order_by(RobotPost.id.desc()).limit(1))).first()
    if last is not None and last.closed_at is None:
        return last.id
    due_at = now() if last is None else max(now(), last.due_at + GATHER)
    post = RobotPost(
        robot_id=robot_id, problem_id=about.problem_id, announcement_id=about.announcement_id, due_at=due_at
    )
    session().add(post)
    session().flush()
    put(f"robot:{post.id}", Channel.ROBOT, due_at=due_at, robot_id=robot_id, payload={"post": post.id})
    return post.id


def _hear_of_deadlines() -> int:
    """Let robots of organizations hear, once, of what they have to do within hours."""
    due = session().execute(_near_deadlines()).all()
    if not due:
        return 0
    with transaction():
        # Read anew under the lock: another worker may have been faster.
        due = session().execute(_near_deadlines()).all()
        for robot_id, clock_id, problem_id in due:
            try:
                with apart():
                    post_id = _post(robot_id, About(problem_id, None))
                    session().add(RobotHearing(robot_id=robot_id, post_id=post_id, clock_id=clock_id))
            except IntegrityError:
                log.info("robot_told_already", robot=robot_id, clock=clock_id)
    return len(due)


def _near_deadlines() -> Select[int, int, int | None]:
    at = now()
    told = exists().where(RobotHearing.robot_id == Robot.id, RobotHearing.clock_id == RunningClock.id)
    return (
        select(Robot.id, RunningClock.id, RunningClock.problem_id)
        .join(RunningClock, RunningClock.organization_id == Robot.organization_id)
        .join(Problem, Problem.id == RunningClock.problem_id)
        .where(
            Robot.state == RobotState.ON,
            Robot.hears == RobotTopic.DESK,
            RunningClock.purpose.in_((Purpose.CASE, Purpose.CALL)),
            RunningClock.stopped_at.is_(None),
            RunningClock.paused_at.is_(None),
            RunningClock.handled_at.is_(None),
            RunningClock.due_at > at,
            RunningClock.due_at <= at + SOON,
            RunningClock.started_at <= at - SHORT + SOON,
            Problem.hidden.is_(False),
            ~told,
        )
        .order_by(RunningClock.due_at, Robot.id)
        .limit(_BATCH)
    )


# Speaking ------------------------------------------------------------------------------------------------------------


def render(outgoing: Outgoing) -> Carry:
    """Return what says one message to its robot; given up when the robot rests, or nothing of it may be told."""
    robot = session().get(Robot, outgoing.robot_id)
    if robot is None or robot.state is not RobotState.ON:
        raise Never("robot_rests")
    post_id = outgoing.payload["post"]
    assert isinstance(post_id, int)
    _close(post_id)
    told, spoken = worded(post_id), spoken_to(robot)
    if told is None:
        raise Never("not_public")
    last = outgoing.tries >= MOST_TRIES

    def carry() -> None:
        outcome = say_to(spoken, told)
        # A short transaction of its own, when the network is done with.
        note_outcome(spoken.id, outcome, last=last)
        if outcome.fault is not None:
            raise Never(outcome.fault) if outcome.again is None else Later(outcome.fault)

    return carry


def _close(post_id: int) -> None:
    """Let nothing join a message any more: tried again it says the same, under the same id."""
    with transaction():
        post = found(session().scalars(for_change(select(RobotPost).where(RobotPost.id == post_id))).one_or_none())
        post.closed_at = post.closed_at or now()


SENDERS[Channel.ROBOT] = render
