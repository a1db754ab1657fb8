"""A ballot: one for each head, named, the last one counts; and no choice leaves its row before the close."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Row, Select, bindparam, select, update

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
from cogov.decisions.rules.ballots import Casting, why_not_cast
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.methods import BLOCK, parse_marks, read_form, why_not_marks, why_not_reason, write_marks
from cogov.decisions.rules.motions import head_unclear, option_unknown, taken_meanwhile
from cogov.decisions.rules.receipts import NONCE_BYTES, receipt
from cogov.decisions.rules.secrets.box import why_not_named
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.clock import now
from cogov.ground.db import Id, found, session, unless_taken
from cogov.ground.refusals import Refused, insist
from cogov.ground.wording import tidy
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import Sight, roles_of, seen_by_roles

Head = Row[int, int, str, int]
"""A head with which somebody votes: its id, its decision, its key and its area."""


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
) -> Ballot:
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
    # Read only now: whoever waited for a lock until the vote was over is too late, and is told so.
    at = now()
    insist(
        why_not_cast(
            Casting(
                now=at,
                opens_at=decision.opens_at,
                closes_at=decision.closes_at,
                body=thaw(decision.frozen_rule).body,
                in_electorate=bool(mine) if head_id is None else head is not None,
                closed=decision.state is DecisionState.CLOSED,
                cast_by_other=before is not None and before.person_id != by.person_id,
                only_here=None if mine else only_here(found(session().get(Motion, decision.motion_id)), by.person_id),
            )
        )
    )
    if head is None:
        raise Refused(head_unclear(len(mine)))
    written, told = _marked(decision, option_id, marks), tidy(reason)
    insist(why_not_reason(read_form(decision.form), written.blocks, told))
    ballot = before or _new_ballot(by, head)
    ballot.changes += 1 if before is not None else 0
    ballot.marks, ballot.reason, ballot.cast_at = written.text, told, at
    with unless_taken(taken_meanwhile()):
        session().add(ballot)
    record(
        BallotCast(decision.id, ballot.id),
        by.under(None),
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("ballot", ballot.id),
    )
    return ballot


@dataclass(frozen=True)
class _Marked:
    text: str
    blocks: bool


def _marked(decision: Decision, option_id: int | None, marks: str) -> _Marked:
    """Return what is marked, as it is kept, after the rules have looked at it."""
    offered: Sequence[Row[int, str]]
    if option_id is not None:
        offered = session().execute(_OPTION, {"decision": decision.id, "option": option_id}).all()
        if not offered:
            raise Refused(option_unknown())
        count, text = offered[0].position, write_marks({offered[0].position: 1})
    else:
        offered = session().execute(_OPTIONS, {"decision": decision.id}).all()
        count, text = len(offered), marks
    insist(why_not_marks(read_form(decision.form), count, text))
    marked = parse_marks(text)
    return _Marked(text, any(row.key == BLOCK and row.position in marked for row in offered))


def _shared(by: Actor, decision_id: int) -> Decision:
    """Hold a share of the decision: ballots do not wait for each other, the close waits for every ballot begun."""
    asked = {"decision": decision_id, "me": by.person_id}
    return found(session().scalars(_shared_by(roles_of(by)), asked).one_or_none())


@lru_cache(maxsize=200)
def _shared_by(roles: Sight) -> Select[Decision]:
    return (
        select(Decision)
        .join(Problem, Decision.problem_id == Problem.id)
        .where(Decision.id == bindparam("decision", type_=Id), seen_by_roles(roles))
        .with_for_update(read=True, of=Decision)
        .execution_options(populate_existing=True)
    )


def _locked_heads(by: Actor, decision_id: int) -> Sequence[Head]:
    """Lock the heads for which somebody may vote, in an order that is the same for all who share them."""
    return session().execute(_LOCKED_HEADS, {"person": by.person_id, "decision": decision_id}).all()


def _chosen(mine: Sequence[Head], head_id: int | None) -> Head | None:
    chosen = mine if head_id is None else [head for head in mine if head.id == head_id]
    return chosen[0] if len(chosen) == 1 else None


def _ballot_of(head: Head) -> Ballot | None:
    return session().scalars(_BALLOT, {"decision": head.decision_id, "head": head.id}).one_or_none()


# What is asked for each ballot is put together once.
_DECISION, _HEAD = bindparam("decision", type_=Id), bindparam("head", type_=Id)
_LOCKED_HEADS = (
    select(ElectorateHead.id, ElectorateHead.decision_id, ElectorateHead.key, ElectorateHead.area)
    .join(ElectorateVoter, ElectorateVoter.head_id == ElectorateHead.id)
    .where(ElectorateVoter.person_id == bindparam("person", type_=Id), ElectorateVoter.decision_id == _DECISION)
    .order_by(ElectorateHead.id)
    .with_for_update(of=ElectorateHead)
)
_BALLOT = (
    select(Ballot)
    .where(Ballot.decision_id == _DECISION, Ballot.head_id == _HEAD)
    .execution_options(populate_existing=True)
)
_OPTIONS = select(DecisionOption.position, DecisionOption.key).where(DecisionOption.decision_id == _DECISION)
_OPTION = _OPTIONS.where(DecisionOption.id == bindparam("option", type_=Id))
_COUNT_IN = (
    update(DecisionTurnout)
    .where(DecisionTurnout.decision_id == _DECISION)
    .values(heads=DecisionTurnout.heads + 1, area=DecisionTurnout.area + bindparam("of_area", type_=Id))
    .returning(DecisionTurnout.heads)
    .execution_options(synchronize_session=False)
)


def _new_ballot(by: Actor, head: Head) -> Ballot:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Ballot(
        decision_id=head.decision_id,
        head_id=head.id,
        person_id=by.person_id,
        ordinal=_counted(head),
        nonce=nonce.hex(),
        receipt=receipt(head.decision_id, head.key, nonce),
        changes=0,
    )


def _counted(head: Head) -> int:
    """Count a head in, and return which one it is."""
    number = session().scalar(_COUNT_IN, {"decision": head.decision_id, "of_area": head.area})
    return found(number)
