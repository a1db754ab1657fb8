"""An organization stands behind a solution, and may take that back."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import insist_once, verb
from cogov.people.rules import Actor
from cogov.threads.commands.solutions import note_solution, solution_for_change
from cogov.threads.commands.speaking import dossier_of
from cogov.threads.events import EndorsementWithdrawn, SolutionEndorsed
from cogov.threads.models import Endorsement
from cogov.threads.rules.endorsing import endorsing_under, why_not_endorse, why_not_withdraw_endorsement

_TAKEN = Refusal("endorsed_already", say("您的单位已经赞同这个方案。"))


@verb
def endorse_solution(by: Actor, solution_id: int, *, once: str | None = None) -> Endorsement:
    """Stand behind the latest version of a solution, for the organization one speaks for."""
    insist_once(by, once)
    solution, problem = solution_for_change(by, solution_id)
    dossier = dossier_of(problem)
    standing = endorsing_under(by, dossier.code)
    endorsed = standing is not None and _standing_behind(solution.id, standing.organization_id) is not None
    insist(why_not_endorse(by, dossier, own=solution.organization_id, endorsed=endorsed))
    standing = found(standing)
    endorsement = Endorsement(
        solution_id=solution.id,
        version=solution.version,
        organization_id=found(standing.organization_id),
        standing_id=standing.id,
        person_id=found(by.person_id),
        at=now(),
    )
    with unless_taken(_TAKEN):
        session().add(endorsement)
    said = SolutionEndorsed(endorsement.id, solution.id, solution.number, solution.version)
    note_solution(said, by.under(standing), solution, problem)
    return endorsement


@verb
def withdraw_endorsement(by: Actor, solution_id: int, *, once: str | None = None) -> Endorsement:
    """Take the endorsement of one's organization back; that it was there stays on record."""
    insist_once(by, once)
    solution, problem = solution_for_change(by, solution_id)
    standing = endorsing_under(by, dossier_of(problem).code)
    endorsement = _standing_behind(solution.id, standing.organization_id) if standing is not None else None
    insist(why_not_withdraw_endorsement(by, dossier_of(problem), endorsed=endorsement is not None))
    endorsement = found(endorsement)
    endorsement.withdrawn_at, endorsement.withdrawn_by = now(), found(by.person_id)
    said = EndorsementWithdrawn(endorsement.id, solution.id, solution.number)
    note_solution(said, by.under(standing), solution, problem)
    return endorsement


def _standing_behind(solution_id: int, organization_id: int | None) -> Endorsement | None:
    query = select(Endorsement).where(
        Endorsement.solution_id == solution_id,
        Endorsement.organization_id == organization_id,
        Endorsement.withdrawn_at.is_(None),
    )
    return session().scalars(for_change(query)).one_or_none()
