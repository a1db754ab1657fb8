"""Speaking to a robot: read where it listens, call it with no transaction open, note what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cogov.ground.addresses import Answer, Call
from cogov.ground.clock import now
from cogov.ground.db import for_change, session
from cogov.ground.outward import Away, Barred, post
from cogov.ground.refusals import insist
from cogov.ground.vault import Locked
from cogov.journal.transaction import record, verb
from cogov.people.rules import CLOCK, Actor
from cogov.robots.events import RobotStopped
from cogov.robots.models import Robot
from cogov.robots.queries import ear_of, robot_for
from cogov.robots.rules import TOO_OFTEN, Fault, RobotKind, RobotState, dingtalk, webhook, wecom
from cogov.robots.rules.keeping import why_not_speak
from cogov.robots.rules.posts import Ear, Outcome, Post, later, never

MESSAGES: dict[RobotKind, Callable[[Post, Ear, datetime], Call]] = {
    RobotKind.WECOM: wecom.message,
    RobotKind.DINGTALK: dingtalk.message,
    RobotKind.WEBHOOK: webhook.message,
}
OUTCOMES: dict[RobotKind, Callable[[Answer], Outcome]] = {
    RobotKind.WECOM: wecom.outcome,
    RobotKind.DINGTALK: dingtalk.outcome,
    RobotKind.WEBHOOK: webhook.outcome,
}


@dataclass(frozen=True)
class Spoken:
    """A robot as it is spoken to; without an ear what is kept of it cannot be read any more."""

    id: int
    kind: RobotKind
    ear: Ear | None


def spoken_to(robot: Robot) -> Spoken:
    """Return a robot as plain values, so that nothing of the database is held while it is spoken to."""
    try:
        return Spoken(robot.id, robot.kind, ear_of(robot))
    except Locked:
        return Spoken(robot.id, robot.kind, None)


def say_to(robot: Spoken, told: Post) -> Outcome:
    """Say something to a robot now; takes seconds, and needs neither a transaction nor the database."""
    if robot.ear is None:
        return never(Fault.LOCKED)
    try:
        return OUTCOMES[robot.kind](post(MESSAGES[robot.kind](told, robot.ear, now())))
    except Barred:
        return never(Fault.BARRED)
    except Away:
        return later(Fault.AWAY)


@verb
def note_outcome(robot_id: int, outcome: Outcome, *, last: bool = False) -> None:
    """Note how it went; a robot that refuses again and again is stopped. ``last`` says that nothing is tried again."""
    robot = session().scalars(for_change(select(Robot).where(Robot.id == robot_id))).one()
    if outcome.fault is None:
        robot.arrived_at, robot.fault, robot.failures = now(), None, 0
        return
    robot.failed_at, robot.fault = now(), outcome.fault
    if outcome.again is not None and not last:
        return
    robot.failures += 1
    if robot.failures >= TOO_OFTEN and robot.state is RobotState.ON:
        robot.state = RobotState.STOPPED
        record(RobotStopped(robot.id, outcome.fault), CLOCK, place_id=robot.community_id, subject=("robot", robot.id))


def try_robot(by: Actor, robot_id: int, told: Post) -> Outcome:
    """Say something to a robot for trying, whether it is paused or not, and return how it went."""
    robot = robot_for(by, robot_id)
    insist(why_not_speak(robot.state))
    spoken = spoken_to(robot)
    # What was read with is given back before anything goes over the network.
    session().rollback()
    outcome = say_to(spoken, told)
    note_outcome(robot_id, outcome)
    return outcome
