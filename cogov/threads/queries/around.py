"""What stands around solutions: endorsements, the concerns that touch them, proposed changes, pledges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from cogov.ground.db import session
from cogov.people.queries import organization_names
from cogov.people.rules import PUBLIC_KINDS
from cogov.threads.models import Amendment, Concern, Endorsement, Pledge, Solution
from cogov.threads.rules.amendments import AmendmentState
from cogov.threads.rules.concerns import ConcernState
from cogov.threads.rules.pledges import PledgeKind, PledgeState


@dataclass(frozen=True)
class EndorsedBy:
    """An organization that stands behind a solution, and behind which version of it."""

    organization_id: int
    name: str
    body: bool
    """Whether it is a public body."""

    version: int


@dataclass(frozen=True)
class PledgedSum:
    """What is promised of one kind, in fen or hours, and by how many; of things only how many."""

    kind: PledgeKind
    amount: int
    pledges: int


@dataclass(frozen=True)
class Around:
    """What stands around one solution."""

    endorsed: tuple[EndorsedBy, ...] = ()
    touched: tuple[int, ...] = ()
    """Numbers of the concerns against it that wait for an answer."""

    changes: int = 0
    """How many proposed changes wait."""

    pledged: tuple[PledgedSum, ...] = ()
    grown_from: tuple[int, int] | None = None
    """Id and number of the solution out of which it grew."""

    def behind(self, organization_id: int | None) -> bool:
        """Say whether an organization stands behind it."""
        return organization_id is not None and any(each.organization_id == organization_id for each in self.endorsed)


NOTHING_AROUND = Around()


def around_solutions(solution_ids: Sequence[int]) -> dict[int, Around]:
    """Return what stands around each solution, in five queries."""
    endorsed, touched = _endorsed(solution_ids), _touched(solution_ids)
    changes, sums, grown = _changes(solution_ids), _sums(solution_ids), _grown(solution_ids)
    return {
        each: Around(
            tuple(endorsed[each]), tuple(touched[each]), changes.get(each, 0), tuple(sums[each]), grown.get(each)
        )
        for each in solution_ids
    }


def _endorsed(ids: Sequence[int]) -> defaultdict[int, list[EndorsedBy]]:
    query = select(Endorsement.solution_id, Endorsement.organization_id, Endorsement.version)
    query = query.where(Endorsement.solution_id.in_(ids), Endorsement.withdrawn_at.is_(None)).order_by(Endorsement.id)
    rows = session().execute(query).all()
    names = organization_names(row.organization_id for row in rows)
    behind: defaultdict[int, list[EndorsedBy]] = defaultdict(list)
    for solution_id, organization_id, version in rows:
        organization = names[organization_id]
        body = organization.kind in PUBLIC_KINDS
        behind[solution_id].append(EndorsedBy(organization_id, organization.name, body, version))
    return behind


def _touched(ids: Sequence[int]) -> defaultdict[int, list[int]]:
    query = select(Concern.solution_id, Concern.number)
    query = query.where(Concern.solution_id.in_(ids), Concern.state == ConcernState.OPEN).order_by(Concern.number)
    touched: defaultdict[int, list[int]] = defaultdict(list)
    for solution_id, number in session().execute(query):
        touched[solution_id or 0].append(number)
    return touched


def _changes(ids: Sequence[int]) -> dict[int, int]:
    query = select(Amendment.solution_id, func.count())
    query = query.where(Amendment.solution_id.in_(ids), Amendment.state == AmendmentState.PROPOSED)
    return dict(session().execute(query.group_by(Amendment.solution_id)).all())


def _sums(ids: Sequence[int]) -> defaultdict[int, list[PledgedSum]]:
    query = select(Pledge.solution_id, Pledge.kind, func.coalesce(func.sum(Pledge.amount), 0), func.count())
    query = query.where(Pledge.solution_id.in_(ids), Pledge.state != PledgeState.WITHDRAWN)
    sums: defaultdict[int, list[PledgedSum]] = defaultdict(list)
    for solution_id, kind, amount, count in session().execute(query.group_by(Pledge.solution_id, Pledge.kind)):
        sums[solution_id or 0].append(PledgedSum(PledgeKind(kind), int(amount or 0), int(count)))
    for found in sums.values():
        found.sort(key=lambda each: list(PledgeKind).index(each.kind))
    return sums


def _grown(ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    query = select(Amendment.became_solution_id, Solution.id, Solution.number)
    query = query.join(Solution, Solution.id == Amendment.solution_id).where(Amendment.became_solution_id.in_(ids))
    return {grown or 0: (origin, number) for grown, origin, number in session().execute(query)}
