"""Acts that two people sign: asked for by one, carried out when another signs, refused or forgotten otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import canonical
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.events import CountersignAsked, CountersignSettled
from cogov.people.models import Countersign
from cogov.people.queries import administrators_of
from cogov.people.rules import Actor
from cogov.people.rules.countersigning import (
    LASTS,
    CountersignedAct,
    countersigned_words,
    wants_countersign,
    why_not_countersign,
)
from cogov.people.rules.keeping import why_not_keep

CarryOut = Callable[[Actor, int, str, Mapping[str, Any]], object]

_carry_out: dict[CountersignedAct, CarryOut] = {}


def carried_out_by(act: CountersignedAct, carry_out: CarryOut) -> None:
    """Say how an act is done once the second person has signed: (second, person, scope, terms)."""
    _carry_out[act] = carry_out


def ask_countersign(
    by: Actor, act: CountersignedAct, *, person_id: int, scope: str, terms: Mapping[str, object]
) -> Countersign | None:
    """Let an act wait for a second administrator, inside its transaction; None when there is nobody else to sign."""
    if not wants_countersign(by.person_id, person_id, administrators_of(scope)):
        return None
    at = now()
    _close_stale(act, person_id, scope, at)
    row = Countersign(
        act=act,
        person_id=person_id,
        scope=scope,
        terms=canonical(dict(terms)),
        asked_by=by.person_id,
        asked_at=at,
        until=at + LASTS,
    )
    waits = Refusal(
        "countersign_waits",
        say("“{act}”已经提出过，在等另一位管理员确认。", act=countersigned_words(act)),
        what_next=say("请另一位管理员登录，在“管理”里确认。"),
    )
    with unless_taken(waits):
        session().add(row)
    record(CountersignAsked(person_id, row.id, act), by, subject=("person", person_id))
    return row


def _close_stale(act: CountersignedAct, person_id: int, scope: str, at: datetime) -> None:
    """Close what nobody signed in time, so that the same can be asked for anew."""
    session().execute(
        update(Countersign)
        .where(
            Countersign.act == act,
            Countersign.person_id == person_id,
            Countersign.scope == scope,
            Countersign.settled_at.is_(None),
            Countersign.until <= at,
        )
        .values(settled_at=Countersign.until, agreed=False)
        .execution_options(synchronize_session="fetch")
    )


@verb
def countersign(by: Actor, countersign_id: int, *, once: str | None = None) -> Countersign:
    """Sign as the second person; the act is done now, under the second person's name, beside the first's request."""
    row = _waiting(by, countersign_id)
    insist(
        why_not_countersign(
            by.person_id,
            asked_by=row.asked_by,
            subject=row.person_id,
            settled=row.settled_at is not None,
            until=row.until,
            now=now(),
        )
    )
    insist_once(by, once)
    row.settled_by, row.settled_at, row.agreed = by.person_id, now(), True
    record(CountersignSettled(row.person_id, row.id, row.act, True), by, subject=("person", row.person_id))
    _carry_out[row.act](by, row.person_id, row.scope, json.loads(row.terms))
    return row


@verb
def decline_countersign(by: Actor, countersign_id: int, *, once: str | None = None) -> Countersign:
    """Refuse what waits, or take back what one has asked for; whom it is about does neither."""
    row = _waiting(by, countersign_id)
    insist(
        why_not_countersign(
            row.person_id if by.person_id == row.person_id else None,
            asked_by=row.asked_by,
            subject=row.person_id,
            settled=row.settled_at is not None,
            until=row.until,
            now=now(),
        )
    )
    insist_once(by, once)
    row.settled_by, row.settled_at, row.agreed = by.person_id, now(), False
    record(CountersignSettled(row.person_id, row.id, row.act, False), by, subject=("person", row.person_id))
    return row


def _waiting(by: Actor, countersign_id: int) -> Countersign:
    query = select(Countersign).where(Countersign.id == countersign_id)
    row = found(session().scalars(for_change(query)).one_or_none())
    insist(why_not_keep(by, row.scope))
    return row
