"""What is promised, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id
from cogov.threads.models import Pledge, Solution
from cogov.threads.queries.around import PledgedSum
from cogov.threads.queries.bylines import Byline, faces
from cogov.threads.queries.windows import Window, window
from cogov.threads.rules.pledges import (
    KIND_WORDS,
    STATE_WORDS,
    Pledged,
    PledgeKind,
    PledgeState,
    why_not_keep,
    why_not_withdraw,
)
from cogov.threads.rules.speaking import PAGE_SIZE, Dossier


@dataclass(frozen=True)
class PledgeShown:
    """A pledge with what became of it, and what the reader may do with it."""

    id: int
    number: int
    kind: PledgeKind
    amount: int | None
    what: str
    state: PledgeState
    byline: Byline
    at: datetime
    solution_number: int | None
    called_at: datetime | None
    settled_at: datetime | None
    seen_by: Byline | None
    """Who saw that it was kept."""

    why_not_keep: Refusal | None
    why_not_withdraw: Refusal | None

    @property
    def kind_name(self) -> Words:
        """What is promised."""
        return KIND_WORDS[self.kind]

    @property
    def state_name(self) -> Words:
        """What became of it."""
        return STATE_WORDS[self.state]


def pledges(
    by: Actor, problem_id: int, dossier: Dossier, *, before: int | None = None, after: int | None = None
) -> Window[PledgeShown]:
    """Return a page of the pledges for a problem and its solutions, by number, in a constant number of queries."""
    query = select(Pledge).where(Pledge.problem_id == problem_id)
    rows = window(query, Pledge.number, size=PAGE_SIZE, before=before, after=after)
    names = faces(problem_id, [held for row in rows.items for held in (row.standing_id, row.settled_under)])
    wanted = [row.solution_id for row in rows.items if row.solution_id is not None]
    known = select(Solution.id, Solution.number).where(Solution.id.in_(wanted))
    numbers: dict[int, int] = dict(session().execute(known).all()) if wanted else {}
    return rows.of(
        [
            PledgeShown(
                row.id,
                row.number,
                row.kind,
                row.amount,
                row.what,
                row.state,
                names.of(row.person_id, row.standing_id),
                row.at,
                numbers.get(row.solution_id or 0),
                row.called_at,
                row.settled_at,
                names.of(row.settled_by, row.settled_under)
                if row.settled_by is not None and row.state is PledgeState.KEPT
                else None,
                why_not_keep(by, dossier, pledged := Pledged(row.state, row.person_id, row.organization_id)),
                why_not_withdraw(by, pledged),
            )
            for row in rows.items
        ]
    )


def pledge_sums(problem_id: int) -> dict[PledgeState, tuple[PledgedSum, ...]]:
    """Return what was promised, kept and taken back, by kind, exactly."""
    query = select(Pledge.state, Pledge.kind, func.coalesce(func.sum(Pledge.amount), 0), func.count())
    query = query.where(Pledge.problem_id == problem_id).group_by(Pledge.state, Pledge.kind)
    sums: dict[PledgeState, tuple[PledgedSum, ...]] = {}
    for state, kind, amount, count in session().execute(query):
        each = PledgedSum(PledgeKind(kind), int(amount or 0), int(count))
        sums[PledgeState(state)] = (*sums.get(PledgeState(state), ()), each)
    order = list(PledgeKind)
    return {state: tuple(sorted(each, key=lambda one: order.index(one.kind))) for state, each in sums.items()}


def pledge_for(by: Actor, pledge_id: int) -> tuple[Pledge, Problem]:
    """Return a pledge with its problem."""
    pledge = found(session().get(Pledge, pledge_id))
    return pledge, problem_by_id(by, pledge.problem_id)
