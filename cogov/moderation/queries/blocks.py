"""Who may not write for a while: for themselves, and for those who answer their appeals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, and_, func, or_, select, true

from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import Moment, session
from cogov.ground.needs import Need
from cogov.ground.refusals import NotFound
from cogov.ground.words import say
from cogov.moderation.models import WritingBlock
from cogov.moderation.queries.reviews import NEEDS, another_below
from cogov.moderation.rules import DECIDERS
from cogov.moderation.rules.blocking import Blocked
from cogov.people.rules import Actor
from cogov.places.models import Place


@dataclass(frozen=True)
class BlockShown:
    """A block for whom it is about, and for those who decide."""

    block: WritingBlock
    place: Place
    facts: Blocked
    own: bool


def lasting(person: Any, place: Any, problem: Any, at: Any) -> ScalarSelect[datetime]:
    """Return, as a column, until when a person may not write in a topic: for its own sake, or in the whole place."""
    in_place = and_(WritingBlock.problem_id.is_(None), WritingBlock.place_id == place)
    here = in_place if problem is None else or_(WritingBlock.problem_id == problem, in_place)
    query = select(func.max(WritingBlock.until, type_=Moment)).where(
        WritingBlock.person_id == person, WritingBlock.ended_at.is_(None), WritingBlock.until > at, here
    )
    return query.scalar_subquery()


def blocked_until(person_id: int, place_id: int, problem_id: int | None) -> datetime | None:
    """Return until when a person may not write in a topic or a place, None where they may."""
    return session().scalar(select(lasting(person_id, place_id, problem_id, now())))


def blocked(block: WritingBlock, code: str) -> Blocked:
    """Return a block as the rules take it."""
    return Blocked(
        code,
        block.person_id,
        block.blocked_by,
        block.until,
        ended=block.ended_at is not None,
        appealed=block.appealed_at is not None,
        answered=block.answered_at is not None,
    )


def block_for(by: Actor, block_id: int) -> BlockShown:
    """Return a block for whom it is about and for those who decide such matters; to others it does not exist."""
    query = select(WritingBlock, Place).join(Place, Place.id == WritingBlock.place_id)
    row = session().execute(query.where(WritingBlock.id == block_id)).one_or_none()
    if row is None:
        raise NotFound
    block, place = row
    own = by.person_id is not None and by.person_id == block.person_id
    if not own and not by.holds(place.code, *DECIDERS):
        raise NotFound
    return BlockShown(block, place, blocked(block, place.code), own)


def block_needs(by: Actor, most: int = NEEDS, *, escalated: bool = False) -> list[Need]:
    """Return the appeals against blocks that wait for a person, what was promised first, in one query.

    ``escalated`` are only those that nobody below answered in time, or that nobody is left there to answer.
    """
    reached = [Place.code.startswith(held.scope, autoescape=True) for held in by.standings if held.role in DECIDERS]
    if by.person_id is None or not reached:
        return []
    in_time = and_(RunningClock.due_at.is_not(None), RunningClock.due_at > now())
    came_up = or_(~in_time, ~another_below(Place.code, WritingBlock.blocked_by, WritingBlock.person_id))
    query = (
        select(WritingBlock.id, Place.name, func.coalesce(RunningClock.due_at, WritingBlock.until, type_=Moment))
        .join(Place, Place.id == WritingBlock.place_id)
        .outerjoin(
            RunningClock,
            and_(
                RunningClock.purpose == Purpose.BLOCK_APPEAL,
                RunningClock.subject_id == WritingBlock.id,
                RunningClock.stopped_at.is_(None),
            ),
        )
        .where(
            or_(*reached),
            WritingBlock.appealed_at.is_not(None),
            WritingBlock.answered_at.is_(None),
            WritingBlock.blocked_by != by.person_id,
            WritingBlock.person_id != by.person_id,
            WritingBlock.until > now(),
            came_up if escalated else true(),
        )
        .order_by(func.coalesce(RunningClock.due_at, WritingBlock.until), WritingBlock.id)
        .limit(most)
    )
    return [
        Need(
            kind="block",
            pill=say("申诉"),
            icon="scale",
            title=name,
            line=say("有人对暂停发言提出申诉，等第二个人答复"),
            action=say("去看"),
            endpoint="moderation.show_block",
            values={"block_id": block_id},
            due_at=promised,
        )
        for block_id, name, promised in session().execute(query)
    ]
