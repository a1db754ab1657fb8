"""Slow mode, and keeping the author of a message from writing for a while."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.commands import block_writer
from cogov.moderation.models import Review, WritingBlock
from cogov.moderation.rules import FlagReason, ReviewState, mask
from cogov.moderation.rules.blocking import Wanted
from cogov.people.queries import acted_for
from cogov.people.rules import COMMITTEE_ROLES, Actor
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for_change
from cogov.threads.commands.locking import message_for_change
from cogov.threads.commands.speaking import dossier_of, standing_id
from cogov.threads.events import SlowModeEnded, SlowModeSet
from cogov.threads.models import Message, SlowMode
from cogov.threads.rules.slowing import SLOW_REASON_LENGTH, SLOWS, why_not_end_slow, why_not_slow


@verb
def set_slow_mode(
    by: Actor, number: str, *, minutes: int, hours: int, reason: str, once: str | None = None
) -> SlowMode:
    """Let each person write one message in so many minutes for so many hours, and say why."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    dossier = dossier_of(problem)
    insist(why_not_slow(by, dossier, minutes, hours))
    reason = mask(tidy(reason)).text
    insist(why_not_wording(reason, longest=SLOW_REASON_LENGTH, what=say("理由")))
    setter = by.under(by.standing(dossier.code, *SLOWS))
    _end(problem)
    slow = SlowMode(
        problem_id=problem.id,
        minutes=minutes,
        reason=reason,
        salt=salt(),
        person_id=setter.person_id,
        standing_id=standing_id(setter),
        organization_id=setter.organization_id,
        at=now(),
        until=now() + timedelta(hours=hours),
    )
    session().add(slow)
    session().flush()
    event = SlowModeSet(slow.id, minutes, slow.until, commit_to(slow.salt, reason))
    record(event, setter, place_id=problem.community_id, problem_id=problem.id, subject=("slow_mode", slow.id))
    return slow


@verb
def end_slow_mode(by: Actor, number: str, *, once: str | None = None) -> None:
    """End slow mode before its time."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    dossier = dossier_of(problem)
    ended = _end(problem)
    insist(why_not_end_slow(by, dossier, slow=ended is not None))
    assert ended is not None
    setter = by.under(by.standing(dossier.code, *SLOWS))
    event = SlowModeEnded(ended.id)
    record(event, setter, place_id=problem.community_id, problem_id=problem.id, subject=("slow_mode", ended.id))


def _end(problem: Problem) -> SlowMode | None:
    """End what lasts, for another one or for good; the problem is locked."""
    lasting = select(SlowMode).where(
        SlowMode.problem_id == problem.id, SlowMode.ended_at.is_(None), SlowMode.until > now()
    )
    slow = session().scalars(lasting.order_by(SlowMode.id.desc()).limit(1)).one_or_none()
    if slow is not None:
        slow.ended_at = now()
        session().flush()
    return slow


@verb
def block_author(
    by: Actor,
    message_id: int,
    *,
    whole_place: bool,
    days: int,
    reason: FlagReason,
    words: str,
    once: str | None = None,
) -> WritingBlock:
    """Keep the author of a message from writing in its topic, or in the whole place, until a day."""
    insist_once(by, once)
    message, problem = message_for_change(by, message_id)
    wanted = wanted_block(message, dossier_of(problem).code, days)
    return block_writer(
        by,
        wanted,
        place_id=problem.community_id,
        problem_id=None if whole_place else problem.id,
        reason=reason,
        words=words,
    )


def wanted_block(message: Message, code: str, days: int) -> Wanted:
    """Return what the rules need to know of a block; what is about the committee is for the level above."""
    review = session().get(Review, message.review_id) if message.review_id is not None else None
    above = review is not None and review.above and review.state is ReviewState.OPEN
    by_committee = any(face.role in COMMITTEE_ROLES for face in acted_for([message.standing_id]).values())
    return Wanted(
        code,
        message.person_id,
        days,
        for_organization=message.organization_id is not None,
        above=above or by_committee,
    )
