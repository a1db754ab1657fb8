"""Robots are added, paused and removed by those who keep them."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, replace

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.outward import is_trying
from cogov.ground.refusals import Refusal, insist
from cogov.ground.vault import lock
from cogov.ground.words import say
from cogov.journal.event import Event
from cogov.journal.reading import head_number
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.models import Organization
from cogov.people.rules import Actor, why_not_mandate
from cogov.places.models import Place
from cogov.places.rules import PlaceKind
from cogov.robots.events import RobotAdded, RobotPaused, RobotRemoved, RobotResumed
from cogov.robots.models import Robot
from cogov.robots.queries import PURPOSE, robot_for
from cogov.robots.rules import RobotKind, RobotState, RobotTopic, webhook
from cogov.robots.rules.keeping import why_not_add, why_not_keep, why_not_more, why_not_speak
from cogov.robots.rules.posts import Ear

NAME_TAKEN = Refusal(
    "robot_name_taken",
    say("这里已经有一个叫这个名字的群机器人。"),
    what_next=say("请换一个名字，好分清是哪个群。"),
    status=422,
)


@dataclass(frozen=True)
class NewRobot:
    """A robot that was just added, with the secret that was made for it, if any: it is shown once."""

    id: int
    secret: str = ""


@verb
def add_robot(
    by: Actor,
    *,
    kind: RobotKind,
    hears: RobotTopic,
    name: str,
    ear: Ear,
    organization_id: int | None = None,
    community_id: int | None = None,
    once: str | None = None,
) -> NewRobot:
    """Add a robot for an organization or a community; a webhook without a secret is given one."""
    assert by.person_id is not None
    _whose(by, organization_id, community_id)
    made = webhook.secret_of(secrets.token_bytes(32)) if kind is RobotKind.WEBHOOK and not ear.secret else ""
    ear = replace(ear, secret=ear.secret or made)
    insist(_why_not_hear(hears, organization_id) or why_not_add(kind, ear, trying=is_trying()))
    mine = (Robot.organization_id == organization_id, Robot.community_id == community_id)
    active = select(func.count()).select_from(Robot).where(Robot.state != RobotState.REMOVED)
    active = active.where(mine[0] if organization_id is not None else mine[1])
    insist(why_not_more(session().scalar(active) or 0))
    insist_once(by, once)
    robot = Robot(
        organization_id=organization_id,
        community_id=community_id,
        kind=kind,
        hears=hears,
        name=name,
        ear=lock(PURPOSE, json.dumps(asdict(ear))),
        tail=ear.url[-4:],
        made_by=by.person_id,
        made_at=now(),
        heard=head_number(),
    )
    with unless_taken(NAME_TAKEN):
        session().add(robot)
    record(RobotAdded(robot.id, kind, hears, organization_id), by, place_id=community_id, subject=("robot", robot.id))
    return NewRobot(robot.id, made)


def _whose(by: Actor, organization_id: int | None, community_id: int | None) -> None:
    """Insist that somebody keeps the robots there; the row is held, so that two at once are counted."""
    if organization_id is not None:
        query = for_change(select(Organization).where(Organization.id == organization_id))
        organization = found(session().scalars(query).one_or_none())
        insist(why_not_keep(by, organization.scope, organization.id))
        insist(why_not_mandate(organization.scope, organization.scope, ended=organization.ended_at is not None))
        return
    at = select(Place).where(Place.id == community_id, Place.kind == PlaceKind.COMMUNITY)
    insist(why_not_keep(by, found(session().scalars(for_change(at)).one_or_none()).code, None))


def _why_not_hear(hears: RobotTopic, organization_id: int | None) -> Refusal | None:
    if hears is RobotTopic.ANNOUNCEMENTS or organization_id is not None:
        return None
    return Refusal(
        "desk_of_organization",
        say("案件只发到办理它的单位的群里。"),
        what_next=say("请选一个单位，或者改选公告和表决。"),
        status=422,
    )


@verb
def pause_robot(by: Actor, robot_id: int, *, once: str | None = None) -> Robot:
    """Tell a robot nothing until somebody lets it go on."""
    return _changed(by, robot_id, RobotState.PAUSED, RobotPaused(robot_id), once)


@verb
def resume_robot(by: Actor, robot_id: int, *, once: str | None = None) -> Robot:
    """Tell a robot again, from now on: what happened meanwhile is not told late."""
    robot = _changed(by, robot_id, RobotState.ON, RobotResumed(robot_id), once)
    robot.heard, robot.failures, robot.fault = head_number(), 0, None
    return robot


@verb
def remove_robot(by: Actor, robot_id: int, *, once: str | None = None) -> Robot:
    """Remove a robot and destroy where it listens."""
    return _changed(by, robot_id, RobotState.REMOVED, RobotRemoved(robot_id), once)


def _changed(by: Actor, robot_id: int, state: RobotState, event: Event, once: str | None) -> Robot:
    robot_for(by, robot_id)
    robot = session().scalars(for_change(select(Robot).where(Robot.id == robot_id))).one()
    insist(why_not_speak(robot.state))
    insist_once(by, once)
    if robot.state is not state:
        robot.state = state
        if state is RobotState.REMOVED:
            robot.ear = ""
        record(event, by, place_id=robot.community_id, subject=("robot", robot.id))
    return robot
