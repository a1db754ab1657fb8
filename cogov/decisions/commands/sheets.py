"""Papers of secret votes: a slip marks the roll, and after the close all sheets go into the box at once."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select, update

from cogov.decisions.commands.secret_box import PURPOSE
from cogov.decisions.events import SheetsBoxed, SheetsRead
from cogov.decisions.models import (
    BoxBallot,
    Decision,
    DecisionTurnout,
    ElectorateHead,
    RollMark,
    SecretVote,
    SheetReading,
)
from cogov.decisions.queries import decision_for
from cogov.decisions.queries.paper import standing_of_counter
from cogov.decisions.queries.secrets import box_of, emptying_of, holders_of, keys_of, slips_counted
from cogov.decisions.rules.motions import taken_meanwhile
from cogov.decisions.rules.secrets.blind import PrivateKey, PublicKey, blind, finalize, read_key, sign_blinded
from cogov.decisions.rules.secrets.box import key_locked
from cogov.decisions.rules.secrets.codes import new_code, plain_code, token_of
from cogov.decisions.rules.secrets.sealing import seal
from cogov.decisions.rules.sheets import NO_BALLOT, Sheets, alike, why_not_empty, why_not_these
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import NotFound, Refused, insist
from cogov.ground.vault import Locked, unlock
from cogov.journal.event import Event
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.problems.queries import locked

# The slip -------------------------------------------------------------------------------------------------------------


def has_mark(head: ElectorateHead) -> bool:
    """Say whether a locked household has its token already, or has handed in a paper."""
    return session().get(RollMark, (head.decision_id, head.id), populate_existing=True) is not None


def mark_roll(head: ElectorateHead, signer_id: int | None) -> None:
    """Mark a locked household as one that has voted on paper; there is no token it could use besides."""
    with unless_taken(taken_meanwhile()):
        session().add(
            RollMark(decision_id=head.decision_id, head_id=head.id, person_id=signer_id, blinded="", signature="")
        )
    of_vote = update(DecisionTurnout).where(DecisionTurnout.decision_id == head.decision_id)
    session().execute(of_vote.values(heads=DecisionTurnout.heads + 1))


# The sheets -----------------------------------------------------------------------------------------------------------


@verb
def enter_sheets(by: Actor, decision_id: int, sheets: Sheets, *, once: str | None = None) -> bool:
    """Enter what one found on all sheets; once two have found the same they go into the box. Return whether they did.

    Of a finding only a keyed digest is kept, and that no longer than it is needed, so that nobody can look up what
    another has found.
    """
    insist_once(by, once)
    decision, problem = decision_for(by, decision_id)
    by = by.under(standing_of_counter(by, decision))
    locked(problem.id)
    decision = found(session().scalars(for_change(select(Decision).where(Decision.id == decision_id))).one_or_none())
    vote = session().get(SecretVote, decision_id, populate_existing=True)
    if vote is None:
        raise NotFound
    insist(why_not_empty(emptying_of(decision, vote)))
    insist(why_not_these(sheets, slips_counted(decision_id)))
    key = _key_of(vote)
    _note(by, decision_id, sheets, sheets.digest(decision_id, key.encode()))
    _record(SheetsRead(decision_id, sheets.total), by, decision)
    digests = session().scalars(select(SheetReading.digest).where(SheetReading.decision_id == decision_id))
    if alike(list(digests)) is None:
        return False
    _put_in(decision, vote, sheets, read_key(key))
    vote.sheets = sheets.total
    of_vote = update(SheetReading).where(SheetReading.decision_id == decision_id)
    session().execute(of_vote.values(digest=""), execution_options={"synchronize_session": "fetch"})
    _record(SheetsBoxed(decision_id, sheets.total), by, decision)
    return True


def _key_of(vote: SecretVote) -> str:
    try:
        return unlock(PURPOSE, vote.sealed_key)
    except Locked as error:
        raise Refused(key_locked()) from error


def _note(by: Actor, decision_id: int, sheets: Sheets, digest: str) -> None:
    """Write down a finding; who counts again replaces their own."""
    person_id = found(by.person_id)
    row = session().get(SheetReading, (decision_id, person_id), populate_existing=True)
    if row is None:
        row = SheetReading(decision_id=decision_id, person_id=person_id)
        session().add(row)
    row.organization_id, row.digest = by.organization_id, digest
    row.sheets, row.at = sheets.total, now()
    session().flush()


def _put_in(decision: Decision, vote: SecretVote, sheets: Sheets, signing: PrivateKey) -> None:
    """Give each sheet a token of its own and seal it as every ballot is; the order of the keys is that of chance."""
    box = found(box_of(Actor(None), decision))
    public, holders = PublicKey(int(vote.modulus, 16)), keys_of(holders_of(decision.id))
    rows: list[BoxBallot] = []
    for marks in [*sheets.marks, *[NO_BALLOT] * sheets.spoiled]:
        token = token_of(found(plain_code(new_code())), box.bound, public)
        blinded = blind(public, token.prepared, salt=token.salt, factor=token.factor)
        signature = finalize(public, token.prepared, sign_blinded(signing, blinded), factor=token.factor)
        key = sha256(token.prepared).hexdigest()
        sealed = seal(marks, token.tracker, holders=holders, bound=box.bound, box_key=key)
        rows.append(
            BoxBallot(
                decision_id=decision.id,
                key=key,
                token=token.prepared.hex(),
                signature=signature.hex(),
                sealed=sealed.hex(),
            )
        )
    rows.sort(key=lambda row: row.key)
    session().add_all(rows)
    session().flush()


def _record(event: Event, by: Actor, decision: Decision) -> None:
    record(
        event,
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )
