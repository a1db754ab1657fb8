"""Posting a message or a reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update

from cogov.ground.clock import now
from cogov.ground.db import Id, Moment, session
from cogov.ground.prepared import Adding, Prepared
from cogov.ground.refusals import insist
from cogov.ground.search import keep
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.commands import hold_text
from cogov.moderation.queries import lasting
from cogov.moderation.rules import LAST_LOOKED_AT, HoldReason, Mask, Said, SubjectKind, mask, why_hold
from cogov.moderation.rules.blocking import why_not_write_now
from cogov.moderation.rules.holding import links_in
from cogov.people.rules import Actor
from cogov.places.queries import above, setting, setting_column
from cogov.places.rules import DEFAULTS, Setting
from cogov.problems.models import Problem
from cogov.problems.queries import Held, held_for_change
from cogov.threads.commands.enclosing import NO_FILES, Files, enclose, names_of, tidied_files
from cogov.threads.commands.naming import Quote, keep_mentions, mentioned_in, quoted_by
from cogov.threads.commands.speaking import dossier_of, speaker_on, standing_id
from cogov.threads.events import MessagePosted
from cogov.threads.models import Message, SlowMode
from cogov.threads.rules.messages import MESSAGE_LENGTH, MessageKind, MessageState, why_not_reply
from cogov.threads.rules.slowing import why_not_so_soon


@dataclass(frozen=True)
class Posted:
    """A message as it has been posted."""

    id: int
    problem_id: int
    reply_to_id: int | None
    person_id: int
    standing_id: int | None
    organization_id: int | None
    kind: MessageKind
    text: str
    salt: str
    at: datetime
    state: MessageState
    masked: tuple[Mask, ...] = ()
    """What identified somebody and was masked before it was kept."""

    held: HoldReason | None = None
    review_id: int | None = None
    enclosed: int = 0


@dataclass(frozen=True)
class Spoken(Said):
    """What a person said lately, and what keeps them from writing now, the same with each."""

    problem_id: int
    blocked_until: datetime | None
    slow: int | None
    most: int
    """Messages that are no flood, as the nearest place has set it."""


@verb
def post_message(
    by: Actor,
    number: str,
    *,
    kind: MessageKind,
    text: str,
    reply_to: int | None = None,
    quote: Quote | None = None,
    files: Files = NO_FILES,
    once: str | None = None,
) -> Posted:
    """Post a message in the thread of a problem, or a reply to one; it may quote a part of another message.

    Its files were drawn and written anew before, as that takes longer than a transaction may.
    """
    insist_once(by, once)
    problem = held_for_change(by, number)
    speaker = speaker_on(by, problem)
    lately = _lately(speaker, problem)
    text, masked = tidied(text)
    files = tidied_files(files)
    if reply_to is not None:
        parent = session().get(Message, reply_to)
        insist(
            why_not_reply(
                of_this_problem=parent is not None and parent.problem_id == problem.id,
                is_reply=parent is not None and parent.reply_to_id is not None,
            )
        )
    quoted, mentioned = quoted_by(problem.id, quote), mentioned_in(problem.id, text)
    assert speaker.person_id is not None
    said: dict[str, Any] = {
        "problem_id": problem.id,
        "reply_to_id": reply_to,
        "person_id": speaker.person_id,
        "standing_id": standing_id(speaker),
        "organization_id": speaker.organization_id,
        "kind": kind,
        "text": text,
        "salt": salt(),
        "at": now(),
        "enclosed": len(files),
    }
    reason = _why_hold(speaker, dossier_of(problem).code, text, lately)
    if reason is not None:
        held = _hold(speaker, problem, said, quoted, reason, masked)
        keep_mentions(held.id, mentioned)
        enclose(speaker, held.id, 1, files)
        return held
    said["state"] = MessageState.SHOWN
    message = Posted(_SAY.run(**said, **quoted), **said, masked=masked)
    keep_mentions(message.id, mentioned)
    enclose(speaker, message.id, 1, files)
    keep(None, "message", message.id, problem.id, text)
    record(
        MessagePosted(
            message.id,
            reply_to,
            kind,
            commit_to(message.salt, text, *names_of(files)),
            len(mentioned),
            len(files),
        ),
        speaker,
        place_id=problem.community_id,
        problem_id=problem.id,
        subject=("message", message.id),
    )
    return message


def tidied(text: str) -> tuple[str, tuple[Mask, ...]]:
    """Return a text as it may be published: what identifies somebody never reaches the database."""
    text = tidy(text)
    insist(why_not_wording(text, longest=MESSAGE_LENGTH, what=say("发言")))
    shown = mask(text)
    return shown.text, shown.found


def why_edit_held(speaker: Actor, problem: Problem, before: str, text: str) -> HoldReason | None:
    """Return why new words of a message wait: an edit is no flood, and links that stood before were looked past."""
    reason = _why_hold(speaker, dossier_of(problem).code, text, _lately(speaker, problem, slowly=False))
    if reason is HoldReason.LINKS and links_in(text) <= links_in(before):
        return None
    return None if reason is HoldReason.FLOOD else reason


def _why_hold(speaker: Actor, code: str, text: str, lately: Sequence[Spoken]) -> HoldReason | None:
    """Return why a message waits; who speaks for an organization answers for it by name."""
    if speaker.organization_id is not None:
        return None
    return why_hold(text, lately, now(), most=_most(code, text, lately))


def _most(code: str, text: str, lately: Sequence[Spoken]) -> int:
    """Return how many messages are no flood here; who has said nothing lately may wait for links alone."""
    if lately:
        return lately[0].most
    return setting(code, Setting.FLOOD_MESSAGES) if links_in(text) else DEFAULTS[Setting.FLOOD_MESSAGES]


def _lately(speaker: Actor, problem: Held | Problem, *, slowly: bool = True) -> Sequence[Spoken]:
    """Return what somebody said lately; who may not write for a while, or wrote just before while it is slow, waits.

    All of it is asked at once, with each message: whoever has said nothing yet is neither blocked nor too soon.
    """
    if speaker.organization_id is not None:
        return ()
    at = now()
    asked = {"person": speaker.person_id, "problem": problem.id, "place": problem.community_id, "at": at}
    lately = _LATELY.all({**asked, **above(dossier_of(problem).code)})
    if lately:
        insist(why_not_write_now(lately[0].blocked_until))
        last = next((said.at for said in lately if said.problem_id == problem.id), None)
        insist(why_not_so_soon(lately[0].slow, last, at) if slowly else None)
    return lately


def _hold(
    speaker: Actor,
    problem: Held,
    said: dict[str, Any],
    quoted: dict[str, Any],
    reason: HoldReason,
    masked: tuple[Mask, ...],
) -> Posted:
    """Keep a message with its words sealed, until somebody has looked at it."""
    empty = {**said, "text": "", "state": MessageState.HELD}
    message_id = _SAY.run(**empty, **quoted)
    review = hold_text(
        speaker,
        SubjectKind.MESSAGE,
        message_id,
        place_id=problem.community_id,
        problem_id=problem.id,
        reason=reason,
        text=said["text"],
        text_salt=said["salt"],
    )
    session().execute(_REVIEWED, {"message": message_id, "review": review.id})
    return Posted(message_id, **empty, masked=masked, held=reason, review_id=review.id)


_PERSON, _PROBLEM = bindparam("person", type_=Id), bindparam("problem", type_=Id)
_PLACE, _AT = bindparam("place", type_=Id), bindparam("at", type_=Moment)
_SLOW = select(func.min(SlowMode.minutes)).where(
    SlowMode.problem_id == _PROBLEM, SlowMode.ended_at.is_(None), SlowMode.until > _AT
)
_LATELY = Prepared(
    select(
        Message.at,
        Message.text,
        Message.problem_id,
        lasting(_PERSON, _PLACE, _PROBLEM, _AT),
        _SLOW.scalar_subquery(),
        setting_column(Setting.FLOOD_MESSAGES),
    )
    .where(Message.person_id == _PERSON)
    .order_by(Message.id.desc())
    .limit(LAST_LOOKED_AT),
    Spoken,
)
_REVIEWED = (
    update(cast("Table", Message.__table__))
    .where(Message.id == bindparam("message", type_=Id))
    .values(review_id=bindparam("review", type_=Id))
)
_SAY = Adding(Message)
"""Past the ORM, as most of what is ever written are messages; so what makes a text found is told of it here."""
