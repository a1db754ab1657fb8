"""Voting in secret: a token for each head on the roll, and a box that asks for a token and for nobody's name.

Roll and box are two transactions that share no key, no time and no order, and neither leaves an entry in the journal.
"""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select, update

from cogov.decisions.commands.secret_box import PURPOSE
from cogov.decisions.models import (
    BoxBallot,
    Decision,
    DecisionOption,
    DecisionTurnout,
    ElectorateHead,
    ElectorateVoter,
    Motion,
    RollMark,
    SecretVote,
)
from cogov.decisions.queries import decision_for, only_here
from cogov.decisions.queries.opening import why_not_begun
from cogov.decisions.queries.secrets import box_of, holders_of, keys_of
from cogov.decisions.rules.ballots import Casting, why_not_cast
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.methods import read_form, why_not_marks
from cogov.decisions.rules.motions import head_unclear, taken_meanwhile
from cogov.decisions.rules.secrets.blind import PublicKey, blind, finalize, is_signed, read_key, sign_blinded
from cogov.decisions.rules.secrets.box import (
    code_unreadable,
    key_locked,
    token_unreadable,
    why_not_drop,
    why_not_ready,
    why_not_this_token,
)
from cogov.decisions.rules.secrets.codes import plain_code, token_of
from cogov.decisions.rules.secrets.sealing import seal, sealed_bytes
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refused, insist
from cogov.ground.vault import Locked, unlock
from cogov.journal.transaction import verb
from cogov.people.rules import Actor


@verb
def issue_token(by: Actor, decision_id: int, *, blinded: bytes, head_id: int | None = None) -> bytes:
    """Sign what a voter has blinded, once for each head; the same request again gets the same signature."""
    decision_for(by, decision_id)
    decision, vote = _shared(decision_id)
    mine = _heads_of(by, decision_id)
    head = _locked_head(mine, head_id)
    mark = session().get(RollMark, (decision.id, head.id), populate_existing=True) if head is not None else None
    insist(why_not_begun(decision, now()))
    insist(
        why_not_cast(
            Casting(
                now=now(),
                opens_at=decision.opens_at,
                closes_at=decision.closes_at,
                body=thaw(decision.frozen_rule).body,
                in_electorate=bool(mine) if head_id is None else head is not None,
                closed=decision.state is DecisionState.CLOSED,
                cast_by_other=mark is not None and mark.person_id != by.person_id,
                on_paper=mark is not None and not mark.signature,
                only_here=None if mine else only_here(found(session().get(Motion, decision.motion_id)), by.person_id),
            )
        )
    )
    if head is None:
        raise Refused(head_unclear(len(mine)))
    insist(why_not_ready(len(keys_of(holders_of(decision.id)))))
    if mark is not None:
        insist(why_not_this_token(mark.blinded, blinded.hex()))
        return bytes.fromhex(mark.signature)
    return _signed(by, decision, vote, head, blinded)


def _signed(by: Actor, decision: Decision, vote: SecretVote, head: ElectorateHead, blinded: bytes) -> bytes:
    try:
        key = read_key(unlock(PURPOSE, vote.sealed_key))
    except Locked as error:
        raise Refused(key_locked()) from error
    try:
        signature = sign_blinded(key, blinded)
    except ValueError as error:
        raise Refused(token_unreadable()) from error
    with unless_taken(taken_meanwhile()):
        session().add(
            RollMark(
                decision_id=decision.id,
                head_id=head.id,
                person_id=by.person_id,
                blinded=blinded.hex(),
                signature=signature.hex(),
            )
        )
    of_vote = update(DecisionTurnout).where(DecisionTurnout.decision_id == decision.id)
    session().execute(of_vote.values(heads=DecisionTurnout.heads + 1))
    return signature


@verb
def drop_ballot(decision_id: int, *, token: bytes, signature: bytes, sealed: bytes) -> str:
    """Put a sealed ballot into the box, or another one in its place, for whoever shows a token; return its key.

    Nobody is asked who they are: the right to vote is in the token, and the token names nobody.
    """
    decision, vote = _shared(decision_id)
    signed = is_signed(PublicKey(int(vote.modulus, 16)), token, signature)
    closed = decision.state is DecisionState.CLOSED
    insist(why_not_drop(now(), decision.opens_at, decision.closes_at, closed=closed, signed=signed))
    if len(sealed) != sealed_bytes(len(keys_of(holders_of(decision.id)))):
        raise Refused(token_unreadable())
    key = sha256(token).hexdigest()
    query = for_change(select(BoxBallot).where(BoxBallot.decision_id == decision.id, BoxBallot.key == key))
    ballot = session().scalars(query).one_or_none()
    if ballot is not None:
        ballot.sealed = sealed.hex()
        session().flush()
        return key
    with unless_taken(taken_meanwhile()):
        session().add(
            BoxBallot(
                decision_id=decision.id,
                key=key,
                token=token.hex(),
                signature=signature.hex(),
                sealed=sealed.hex(),
            )
        )
    return key


def vote_for(by: Actor, decision_id: int, *, code: str, marks: str, head_id: int | None = None) -> str:
    """Do for a voter whose browser cannot what its script would do; nothing of it is kept. Return the ballot's key.

    Two transactions, as everywhere: what the server knows in between lies in its memory, and is gone with the request.
    """
    letters = plain_code(code)
    if not letters:
        raise Refused(code_unreadable())
    decision, _ = decision_for(by, decision_id)
    box = found(box_of(by, decision))
    offered = select(DecisionOption.id).where(DecisionOption.decision_id == decision.id)
    insist(why_not_marks(read_form(decision.form), len(session().scalars(offered).all()), marks))
    token = token_of(letters, box.bound, box.key)
    blinded = blind(box.key, token.prepared, salt=token.salt, factor=token.factor)
    answered = issue_token(by, decision_id, blinded=blinded, head_id=head_id)
    signature = finalize(box.key, token.prepared, answered, factor=token.factor)
    key = sha256(token.prepared).hexdigest()
    holders = keys_of(holders_of(decision.id))
    sealed = seal(marks, token.tracker, holders=holders, bound=box.bound, box_key=key)
    return drop_ballot(decision_id, token=token.prepared, signature=signature, sealed=sealed)


# What both ask --------------------------------------------------------------------------------------------------------


def _shared(decision_id: int) -> tuple[Decision, SecretVote]:
    """Hold a share of the decision, so that the opening waits for every ballot begun."""
    query = (
        select(Decision, SecretVote)
        .join(SecretVote, SecretVote.decision_id == Decision.id)
        .where(Decision.id == decision_id)
        .with_for_update(read=True, of=Decision)
        .execution_options(populate_existing=True)
    )
    decision, vote = found(session().execute(query).one_or_none())
    return decision, vote


def _heads_of(by: Actor, decision_id: int) -> list[int]:
    query = select(ElectorateVoter.head_id).where(
        ElectorateVoter.person_id == by.person_id, ElectorateVoter.decision_id == decision_id
    )
    return list(session().scalars(query.order_by(ElectorateVoter.head_id)))


def _locked_head(mine: list[int], head_id: int | None) -> ElectorateHead | None:
    chosen = mine if head_id is None else [each for each in mine if each == head_id]
    if len(chosen) != 1:
        return None
    return session().scalars(for_change(select(ElectorateHead).where(ElectorateHead.id == chosen[0]))).one_or_none()
