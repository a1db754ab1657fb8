"""Pinning up the bulletin in batches of ten, and handing out the full bundle with a note of who took it."""

from __future__ import annotations

from sqlalchemy import insert, select

from cogov.decisions.events import BulletinPinned, FullBundleTaken
from cogov.decisions.models import BulletinHead, BulletinLeaf, BundleTaken, Decision
from cogov.decisions.queries.bulletin import (
    bundle_text,
    closing_of,
    election_of,
    is_named,
    leaves_of,
    opened_ballots,
    sealed,
    why_no_bundle,
    why_not_take_full,
)
from cogov.decisions.queries.counting import frozen_options, turnout_counted
from cogov.decisions.queries.loading import decision_for
from cogov.decisions.rules.bulletin import root
from cogov.decisions.rules.circle import KEEPERS
from cogov.decisions.rules.shortage import batched
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import insist
from cogov.journal.event import Commitment
from cogov.journal.transaction import record, verb
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems.queries import locked


@verb
def pin_up(by: Actor, decision_id: int) -> None:
    """Put sealed ballots on the bulletin: full batches of first ballots while it runs, all that count after the close.

    A ballot that was changed after it was pinned up comes again with the close, beside the others of the last batch: in
    between, the bulletin says nothing that the turnout does not say.
    """
    problem_id = found(session().scalar(select(Decision.problem_id).where(Decision.id == decision_id)))
    locked(problem_id)
    decision = found(session().get(Decision, decision_id, populate_existing=True))
    if not is_named(decision):
        return
    there = leaves_of(decision_id)
    closed = decision.state is DecisionState.CLOSED
    last = None if closed else batched(turnout_counted(decision_id).heads)
    ballots = opened_ballots(decision_id, after=0 if closed else len(there), last=last)
    election = election_of(decision, frozen_options(decision_id))
    known = set(there)
    new = [leaf for leaf in sealed(election, ballots) if leaf not in known]
    if not new:
        return
    rows = [{"decision_id": decision_id, "position": at, "leaf": leaf} for at, leaf in enumerate(new, start=len(there))]
    session().execute(insert(BulletinLeaf), rows)
    head = BulletinHead(decision_id=decision_id, size=len(there) + len(new), root=root([*there, *new]), at=now())
    session().add(head)
    record(
        BulletinPinned(decision_id, head.size, Commitment(head.root)),
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision_id),
    )


@verb
def take_full_bundle(by: Actor, decision_id: int) -> str:
    """Return the full bundle to somebody of the circle that the rule names; all of the electorate see who took it."""
    decision, _ = decision_for(by, decision_id)
    insist(why_not_take_full(by, decision))
    insist(why_no_bundle(decision, closing_of(decision_id)))
    standing = by.standing(place_by_id(decision.community_id).code, *sorted(KEEPERS))
    row = BundleTaken(
        decision_id=decision_id,
        person_id=by.person_id,
        organization_id=standing.organization_id if standing else None,
        at=now(),
    )
    session().add(row)
    session().flush()
    record(
        FullBundleTaken(decision_id, row.id),
        by.under(standing),
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision_id),
    )
    return bundle_text(decision, full=True)
