"""An organization names whom it sends to decide for it; its ballot is one, whoever casts it."""

from __future__ import annotations

from sqlalchemy import delete, select

from cogov.decisions.commands.moving import motion_for_change
from cogov.decisions.events import DelegateNamed
from cogov.decisions.models import Decision, ElectorateHead, ElectorateVoter, Motion, OrganizationDelegate
from cogov.decisions.queries.delegates import delegates_now, naming_of, rule_of_motion
from cogov.decisions.rules.delegates import delegate_of_another, why_not_name
from cogov.decisions.rules.stages import MotionState
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import insist
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor


@verb
def name_delegate(
    by: Actor, motion_id: int, organization_id: int, *, person_id: int, once: str | None = None
) -> OrganizationDelegate:
    """Name whom an organization sends to vote on a motion, in the place of whom it named before."""
    insist_once(by, once)
    motion, _ = motion_for_change(by, motion_id)
    # The close and the ballots of others go on meanwhile; this organization's own ballot waits.
    head_id = _locked_head(motion, organization_id)
    sent = delegates_now(motion.id)
    insist(why_not_name(rule_of_motion(motion), naming_of(by, motion, organization_id, person_id, sent)))
    by = by.under(by.serves(organization_id))
    before = sent.get(organization_id)
    if before is not None:
        before.ended_by, before.ended_at = found(by.person_id), now()
        session().flush()
    row = OrganizationDelegate(
        motion_id=motion.id,
        organization_id=organization_id,
        person_id=person_id,
        named_by=found(by.person_id),
        named_at=now(),
    )
    with unless_taken(delegate_of_another()):
        session().add(row)
    if head_id is not None:
        _send(head_id, person_id)
    record(
        DelegateNamed(motion.id, row.id, organization_id),
        by,
        place_id=motion.community_id,
        problem_id=motion.problem_id,
        subject=("motion", motion.id),
    )
    return row


def _locked_head(motion: Motion, organization_id: int) -> int | None:
    if motion.state is not MotionState.NOTICED:
        return None
    shared = select(Decision.id).where(Decision.motion_id == motion.id).with_for_update(read=True)
    decision_id = found(session().scalar(shared))
    query = select(ElectorateHead).where(
        ElectorateHead.decision_id == decision_id, ElectorateHead.organization_id == organization_id
    )
    head = session().scalars(for_change(query)).one_or_none()
    return head.id if head is not None else None


def _send(head_id: int, person_id: int) -> None:
    """Let the new delegate alone cast; what was cast before stands until they replace it."""
    decision_id = found(session().get(ElectorateHead, head_id)).decision_id
    session().execute(delete(ElectorateVoter).where(ElectorateVoter.head_id == head_id))
    session().add(ElectorateVoter(decision_id=decision_id, head_id=head_id, person_id=person_id))
    session().flush()
