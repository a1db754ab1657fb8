"""Keeping somebody from writing for a while, and the appeal of whom it is about."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from cogov.duties.commands import start_clock, stop_clock
from cogov.duties.queries import running
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import NotFound, insist
from cogov.ground.words import say
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.commands.reviewing import checked
from cogov.moderation.events import BlockAnswered, BlockAppealed, BlockAppealOverdue, WriterBlocked
from cogov.moderation.models import WritingBlock
from cogov.moderation.queries import blocked, blocked_until
from cogov.moderation.rules import APPEAL_LENGTH, DECIDERS, WORDS_LENGTH, FlagReason
from cogov.moderation.rules.blocking import (
    Blocked,
    Wanted,
    ends,
    why_not_answer_block,
    why_not_appeal_block,
    why_not_block,
)
from cogov.people.queries import nearest
from cogov.people.rules import Actor, OrganizationKind
from cogov.places.queries import place_by_id, setting
from cogov.places.rules import Setting


@verb
def block_writer(
    by: Actor,
    wanted: Wanted,
    *,
    place_id: int,
    problem_id: int | None,
    reason: FlagReason,
    words: str,
) -> WritingBlock:
    """Keep somebody from writing in a topic (or, without one, in the place); they are told why and how to appeal."""
    insist(
        why_not_block(by, replace(wanted, already=blocked_until(wanted.person_id, place_id, problem_id) is not None))
    )
    acting = by.under(by.standing(wanted.code, *DECIDERS))
    block = WritingBlock(
        person_id=wanted.person_id,
        place_id=place_id,
        problem_id=problem_id,
        reason=reason,
        words=checked(words, WORDS_LENGTH, say("理由")),
        salt=salt(),
        blocked_by=found(by.person_id),
        blocked_for=acting.organization_id,
        at=now(),
        until=ends(now(), wanted.days),
    )
    session().add(block)
    session().flush()
    event = WriterBlocked(block.id, reason, block.until, commit_to(block.salt, block.words))
    _record_block(event, acting, block)
    return block


@verb
def appeal_block(by: Actor, block_id: int, *, words: str, once: str | None = None) -> WritingBlock:
    """Appeal, as who may not write, once; a second person answers."""
    insist_once(by, once)
    block, facts = _block_for_change(by, block_id)
    insist(why_not_appeal_block(by, facts, now()))
    block.appeal, block.appealed_at = checked(words, APPEAL_LENGTH, say("申诉的理由")), now()
    holder = nearest(OrganizationKind.COMMITTEE, facts.code)
    start_clock(
        Purpose.BLOCK_APPEAL,
        block.id,
        place_id=block.place_id,
        problem_id=None,  # the dossier shows its clocks to everybody, and this is nobody's business there
        promise=Limit(setting(facts.code, Setting.REVIEW_HOURS), LimitUnit.EMERGENCY_HOURS),
        organization_id=holder.id if holder else None,
        basis=say("答复暂停发言申诉的期限").msgid,
    )
    _record_block(BlockAppealed(block.id, commit_to(block.salt, block.appeal)), by.under(None), block)
    return block


@verb
def answer_block_appeal(
    by: Actor, block_id: int, *, granted: bool, words: str, once: str | None = None
) -> WritingBlock:
    """Answer the appeal as somebody who did not set the block: it ends now, or goes on."""
    insist_once(by, once)
    block, facts = _block_for_change(by, block_id)
    insist(why_not_answer_block(by, facts))
    acting = by.under(by.standing(facts.code, *DECIDERS))
    block.answer = checked(words, APPEAL_LENGTH, say("答复"))
    block.granted, block.answered_by, block.answered_for = granted, by.person_id, acting.organization_id
    block.answered_at = now()
    if granted:
        block.ended_at = now()
    stop_clock(Purpose.BLOCK_APPEAL, block.id)
    _record_block(BlockAnswered(block.id, granted, commit_to(block.salt, block.answer)), acting, block)
    return block


@verb
def due_block_appeal(by: Actor, block_id: int) -> None:
    """Tell the level above that the appeal against a block was not answered in time; it stays open."""
    block = found(session().scalars(for_change(select(WritingBlock).where(WritingBlock.id == block_id))).one_or_none())
    clock = running(Purpose.BLOCK_APPEAL, block.id)
    if block.answered_at is not None or clock is None or clock.due_at > now():
        return
    above = nearest(OrganizationKind.STREET, place_by_id(block.place_id).code)
    _record_block(BlockAppealOverdue(block.id, above.id if above else None), by, block)


def _block_for_change(by: Actor, block_id: int) -> tuple[WritingBlock, Blocked]:
    query = for_change(select(WritingBlock).where(WritingBlock.id == block_id))
    block = found(session().scalars(query).one_or_none())
    facts = blocked(block, place_by_id(block.place_id).code)
    if by.person_id != block.person_id and not by.holds(facts.code, *DECIDERS):
        raise NotFound
    return block, facts


def _record_block(event: Event, by: Actor, block: WritingBlock) -> None:
    record(event, by, place_id=block.place_id, problem_id=block.problem_id, subject=("block", block.id))
