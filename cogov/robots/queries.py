"""Robots as those see them who keep them; where one listens is read only to speak to it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select

from cogov.ground.copies import Copies, copies
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound
from cogov.ground.vault import unlock
from cogov.journal.reading import Entry
from cogov.people.models import Organization
from cogov.people.rules import Actor, Role
from cogov.places.models import Place
from cogov.places.rules import PlaceKind
from cogov.robots.models import Robot
from cogov.robots.rules import RobotState
from cogov.robots.rules.keeping import NEIGHBOURS, SPEAKERS, keeps
from cogov.robots.rules.posts import Ear

PURPOSE = "robot"


def scope_of(robot: Robot) -> str:
    """Return the area of a robot: its organization's, or its community."""
    if robot.organization_id is not None:
        return found(session().get(Organization, robot.organization_id)).scope
    return found(session().get(Place, robot.community_id)).code


def robot_for(by: Actor, robot_id: int) -> Robot:
    """Return a robot; not found when there is none, or for whoever does not keep it."""
    robot = found(session().get(Robot, robot_id))
    if robot.state is RobotState.REMOVED or not keeps(by, scope_of(robot), robot.organization_id):
        raise NotFound
    return robot


def robots_of(by: Actor, after: int | None, limit: int) -> Sequence[tuple[Robot, str]]:
    """Return the robots that somebody keeps, each with whose it is, oldest first."""
    whose = func.coalesce(Organization.name, Place.name)
    query = (
        select(Robot, whose)
        .outerjoin(Organization, Organization.id == Robot.organization_id)
        .outerjoin(Place, Place.id == Robot.community_id)
        .where(Robot.state != RobotState.REMOVED, _kept_by(by))
        .order_by(Robot.id)
        .limit(limit)
    )
    rows = session().execute(query if after is None else query.where(Robot.id > after))
    return [(robot, name) for robot, name in rows]


def _kept_by(by: Actor) -> ColumnElement[bool]:
    mine = [held.organization_id for held in by.standings if held.role in SPEAKERS]
    administered = [held.scope for held in by.standings if held.role is Role.ADMINISTRATOR]
    near = [held.scope for held in by.standings if held.role in NEIGHBOURS]
    return or_(
        Robot.organization_id.in_([each for each in mine if each is not None]),
        *(Organization.scope.startswith(scope, autoescape=True) for scope in administered),
        *(Place.code.startswith(scope, autoescape=True) for scope in near),
    )


def organizations_for(by: Actor) -> list[tuple[int, str]]:
    """Return the organizations for which somebody may add a robot."""
    mine = [held.organization_id for held in by.standings if held.role in SPEAKERS and held.organization_id]
    administered = [held.scope for held in by.standings if held.role is Role.ADMINISTRATOR]
    query: Select[int, str] = select(Organization.id, Organization.name).where(
        Organization.ended_at.is_(None),
        or_(
            Organization.id.in_(mine), *(Organization.scope.startswith(code, autoescape=True) for code in administered)
        ),
    )
    return [(id_, name) for id_, name in session().execute(query.order_by(Organization.scope, Organization.id))]


def communities_for(by: Actor) -> list[tuple[int, str]]:
    """Return the communities for which somebody may add a robot."""
    near = [held.scope for held in by.standings if held.role in NEIGHBOURS]
    if not near:
        return []
    query = select(Place.id, Place.name).where(
        Place.kind == PlaceKind.COMMUNITY, or_(*(Place.code.startswith(code, autoescape=True) for code in near))
    )
    return [(id_, name) for id_, name in session().execute(query.order_by(Place.code))]


def ear_of(robot: Robot) -> Ear:
    """Return where a robot listens; raise ``ground.vault.Locked`` where it cannot be read any more."""
    told = json.loads(unlock(PURPOSE, robot.ear))
    return Ear(told["url"], told["secret"], told["keyword"])


def details(entries: Sequence[Entry]) -> dict[int, dict[str, object]]:
    """Return what the entries of this room need to be told: what a robot is called."""
    ids = {entry.number: entry.facts.get("robot", 0) for entry in entries}
    names = dict(session().execute(select(Robot.id, Robot.name).where(Robot.id.in_(set(ids.values())))).all())
    return {number: {"robot": names.get(id_, "")} for number, id_ in ids.items()}


ABOUT = ()
"""Columns that say whose a row is."""

DONE = (Robot.made_by,)
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here."""
    return copies(person_id, ABOUT, DONE)
