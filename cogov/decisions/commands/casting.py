"""A ballot: one for each head, named, the last one counts; and no choice leaves its row before the close."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import aliased

from cogov.decisions.commands.joint import sign
from cogov.decisions.commands.mandating import own_ballot
from cogov.decisions.events import BallotCast
from cogov.decisions.models import (
    Ballot,
    Decision,
    DecisionOption,
    DecisionTurnout,
    ElectorateHead,
    ElectorateVoter,
    Motion,
)
from cogov.decisions.queries import only_here
from cogov.decisions.queries.later import noticed_before
from cogov.decisions.queries.mandates import gave, why_no_longer, why_not_by_mandate
from cogov.decisions.queries.opening import why_not_begun
from cogov.decisions.rules.ballots import Casting, why_not_cast
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.delegates import is_of_delegates, no_delegate_any_more
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.methods import BLOCK, parse_marks, read_form, why_not_marks, why_not_reason, write_marks
from cogov.decisions.rules.motions import head_unclear, option_unknown, taken_meanwhile
from cogov.decisions.rules.receipts import NONCE_BYTES, receipt
from cogov.decisions.rules.secrets.box import why_not_named
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.clock import now
from cogov.ground.db import Id, found, session, unless_taken
from cogov.ground.prepared import Adding, Prepared
from cogov.ground.refusals import Refusal, Refused, insist
from cogov.ground.wording import tidy
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import Sight, roles_of, seen_by_roles


class Head(NamedTuple):
    """A head with which somebody votes."""

    id: int
    decision_id: int
    key: str
    area: int
    seats: int
    mandate_id: int | None
    """By whose mandate this person casts; empty for their own head."""

    carried: bool
    """Whether somebody has a mandate for it."""


class _Asked(NamedTuple):
    """What of a decision a ballot is judged by."""

    id: int
    motion_id: int
    problem_id: int
    community_id: int
    frozen_rule: str
    form: str
    state: DecisionState
    opens_at: datetime
    closes_at: datetime
    announced_for: datetime | None


class _Offered(NamedTuple):
    position: int
    key: str


@dataclass(frozen=True)
class Taken:
    """A ballot as it has been taken; written past the ORM, as thousands come in an hour."""

    id: int
    head_id: int
    person_id: int | None
    ordinal: int
    receipt: str
    changes: int
    marks: str
    reason: str
    cast_at: datetime
    channel: Channel
    mandate_id: int | None


@dataclass(frozen=True)
class Waiting(Taken):
    """What one of several co-owners has signed: nothing is cast before all of them have marked it alike."""

    missing: int = 0
    """How many have not signed; with none they have marked it differently."""


@verb
def cast_ballot(
    by: Actor,
    decision_id: int,
    *,
    option_id: int | None = None,
    marks: str = "",
    reason: str = "",
    head_id: int | None = None,
    once: str | None = None,
) -> Taken:
    """Cast the ballot of a head, or change the one that this person has cast for it.

    Where one option is chosen ``option_id`` names it; any ballot can be given by its ``marks`` (`rules/methods.py`).
    ``head_id`` may be left out by whoever votes for one head only.
    """
    insist_once(by, once)
    decision = _shared(by, decision_id)
    mine = _locked_heads(by, decision_id)
    head = _chosen(mine, head_id)
    before = _ballot_of(head) if head is not None else None
    insist(why_not_named(thaw(decision.frozen_rule)))
    # Who has a vote of their own may have been the proxy for the head that they ask for.
    lost = head is None and (head_id is not None or not mine)
    insist(why_no_longer(by, decision_id) if lost else None)
    insist(_why_not_sent(by, head) if head is not None else None)
    # Read only now: whoever waited for a lock until the vote was over is too late, and is told so.
    at = now()
    insist(why_not_begun(decision, at))
    insist(
        why_not_cast(
            Casting(
                now=at,
                opens_at=decision.opens_at,
                closes_at=decision.closes_at,
                body=thaw(decision.frozen_rule).body,
                in_electorate=bool(mine) if head_id is None else head is not None,
                closed=decision.state is DecisionState.CLOSED,
                cast_by_other=before is not None and head is not None and not _may_replace(by, head, before),
                on_paper=before is not None and before.person_id is None,
                only_here=None if mine else only_here(found(session().get(Motion, decision.motion_id)), by.person_id),
                noticed_at=None if mine else _came_later(by, decision),
            )
        )
    )
    if head is None:
        raise Refused(head_unclear(len(mine)))
    written, told = _marked(decision, option_id, marks), tidy(reason)
    insist(why_not_reason(read_form(decision.form), written.blocks, told))
    if head.seats > 1:
        waits = _signed(by, head, written.text, at)
        if waits is not None or (before is not None and before.marks == written.text):
            return waits or found(before)
    said = {"marks": written.text, "reason": told, "cast_at": at, **_for_whom(by, head, at)}
    with unless_taken(taken_meanwhile()):
        ballot = _new_ballot(head, said) if before is None else _changed(before, said)
    record(
        BallotCast(decision.id, ballot.id),
        by.under(None),
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("ballot", ballot.id),
    )
    return ballot


def _why_not_sent(by: Actor, head: Head) -> Refusal | None:
    """Say that an organization has sent another meanwhile; read anew, as the head may have been waited for."""
    if not is_of_delegates(head.key):
        return None
    query = select(ElectorateVoter.id).where(
        ElectorateVoter.head_id == head.id, ElectorateVoter.person_id == by.person_id
    )
    return None if session().scalar(query) is not None else no_delegate_any_more()


def _came_later(by: Actor, decision: _Asked) -> datetime | None:
    noticed_at = found(session().scalar(select(Decision.notice_at).where(Decision.id == decision.id)))
    body = thaw(decision.frozen_rule).body
    return noticed_before(by.person_id, decision.community_id, body, noticed_at)


def _may_replace(by: Actor, head: Head, before: Taken) -> bool:
    """Say whether somebody may change a ballot: their own, and what a proxy of theirs has cast."""
    if before.person_id == by.person_id or head.seats > 1 or is_of_delegates(head.key):
        return True
    return head.mandate_id is None and before.mandate_id is not None and gave(by, before.mandate_id)


def _signed(by: Actor, head: Head, marks: str, at: datetime) -> Waiting | None:
    """Sign the ballot of several co-owners; None once all of them have marked it alike."""
    if head.mandate_id is not None:
        insist(why_not_by_mandate(head.mandate_id, at))
    signed = sign(by, head.decision_id, head.id, marks, at, is_own=head.mandate_id is None)
    if signed.alike:
        return None
    return Waiting(0, head.id, by.person_id, 0, "", 0, marks, "", at, Channel.WEB, None, missing=signed.missing)


def _for_whom(by: Actor, head: Head, at: datetime) -> dict[str, Any]:
    """Return by whom and by which mandate a head is cast for; whoever has the vote ends the mandate by casting it."""
    if head.mandate_id is not None:
        insist(why_not_by_mandate(head.mandate_id, at))
        return {"person_id": by.person_id, "channel": Channel.PROXY, "mandate_id": head.mandate_id}
    if head.carried and head.seats == 1:
        own_ballot(by, head.decision_id, head.id)
    return {"person_id": by.person_id, "channel": Channel.WEB, "mandate_id": None}


@dataclass(frozen=True)
class _Marked:
    text: str
    blocks: bool


def _marked(decision: _Asked, option_id: int | None, marks: str) -> _Marked:
    """Return what is marked, as it is kept, after the rules have looked at it."""
    if option_id is not None:
        offered = _OPTION.all({"decision": decision.id, "option": option_id})
        if not offered:
            raise Refused(option_unknown())
        count, text = offered[0].position, write_marks({offered[0].position: 1})
    else:
        offered = _OPTIONS.all({"decision": decision.id})
        count, text = len(offered), marks
    insist(why_not_marks(read_form(decision.form), count, text))
    marked = parse_marks(text)
    return _Marked(text, any(row.key == BLOCK and row.position in marked for row in offered))


def _shared(by: Actor, decision_id: int) -> _Asked:
    """Hold a share of the decision: ballots do not wait for each other, the close waits for every ballot begun."""
    return found(_shared_by(roles_of(by)).one_or_none({"decision": decision_id, "me": by.person_id}))


@lru_cache(maxsize=200)
def _shared_by(roles: Sight) -> Prepared[_Asked]:
    shared = (
        select(*(getattr(Decision, name) for name in _Asked._fields))
        .join(Problem, Decision.problem_id == Problem.id)
        .where(Decision.id == bindparam("decision", type_=Id), seen_by_roles(roles))
        .with_for_update(read=True, of=Decision)
    )
    return Prepared(shared, _Asked)


def _locked_heads(by: Actor, decision_id: int) -> Sequence[Head]:
    """Lock the heads for which somebody may vote, in an order that is the same for all who share them."""
    return _LOCKED_HEADS.all({"person": by.person_id, "decision": decision_id})


def _chosen(mine: Sequence[Head], head_id: int | None) -> Head | None:
    chosen = mine if head_id is None else [head for head in mine if head.id == head_id]
    return chosen[0] if len(chosen) == 1 else None


def _ballot_of(head: Head) -> Taken | None:
    return _BALLOT.one_or_none({"decision": head.decision_id, "head": head.id})


# What is asked and written for each ballot is put together once.
_DECISION, _HEAD = bindparam("decision", type_=Id), bindparam("head", type_=Id)
_PROXY = aliased(ElectorateVoter)
_LOCKED_HEADS = Prepared(
    select(
        ElectorateHead.id,
        ElectorateHead.decision_id,
        ElectorateHead.key,
        ElectorateHead.area,
        ElectorateHead.seats,
        ElectorateVoter.mandate_id,
        exists().where(_PROXY.head_id == ElectorateHead.id, _PROXY.mandate_id.is_not(None)),
    )
    .join(ElectorateVoter, ElectorateVoter.head_id == ElectorateHead.id)
    .where(ElectorateVoter.person_id == bindparam("person", type_=Id), ElectorateVoter.decision_id == _DECISION)
    .order_by(ElectorateHead.id)
    .with_for_update(of=ElectorateHead),
    Head,
)
_BALLOT = Prepared(
    select(*(getattr(Ballot, each.name) for each in fields(Taken))).where(
        Ballot.decision_id == _DECISION, Ballot.head_id == _HEAD
    ),
    Taken,
)
_ADD = Adding(Ballot)
_SAID = ("marks", "reason", "cast_at", "changes", "person_id", "channel", "mandate_id")
_CHANGE = Prepared(update(_ADD.table).where(Ballot.id == bindparam("ballot", type_=Id)), int, columns=_SAID)
_OF_OPTIONS = select(DecisionOption.position, DecisionOption.key).where(DecisionOption.decision_id == _DECISION)
_OPTIONS = Prepared(_OF_OPTIONS, _Offered)
_OPTION = Prepared(_OF_OPTIONS.where(DecisionOption.id == bindparam("option", type_=Id)), _Offered)
_COUNT_IN = Prepared(
    update(DecisionTurnout)
    .where(DecisionTurnout.decision_id == _DECISION)
    .values(heads=DecisionTurnout.heads + 1, area=DecisionTurnout.area + bindparam("of_area", type_=Id))
    .returning(DecisionTurnout.heads),
    int,
)


def _new_ballot(head: Head, said: dict[str, Any]) -> Taken:
    nonce = secrets.token_bytes(NONCE_BYTES)
    taken: dict[str, Any] = {
        "head_id": head.id,
        "ordinal": _counted(head),
        "receipt": receipt(head.decision_id, head.key, nonce),
        "changes": 0,
        **said,
    }
    return Taken(_ADD.run(decision_id=head.decision_id, nonce=nonce.hex(), **taken), **taken)


def _changed(ballot: Taken, said: dict[str, Any]) -> Taken:
    changed = replace(ballot, **said, changes=ballot.changes + 1)
    _CHANGE.run({**said, "changes": changed.changes, "ballot": ballot.id})
    return changed


def _counted(head: Head) -> int:
    """Count a head in, and return which one it is."""
    return found(_COUNT_IN.one_or_none({"decision": head.decision_id, "of_area": head.area}))
