"""Following a dossier: what a person wants to hear of it is theirs alone, so the journal says nothing of it."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import insist
from cogov.journal.transaction import verb
from cogov.people.rules import Actor
from cogov.problems.models import Following
from cogov.problems.queries import problem_for_change
from cogov.problems.rules.acts import why_not_follow
from cogov.problems.rules.following import FollowLevel


@verb
def follow_problem(by: Actor, number: str) -> Following:
    """Hear of every step."""
    return _set(by, number, FollowLevel.ALL)


@verb
def quieten_problem(by: Actor, number: str) -> Following:
    """Go on following, and hear only what waits for oneself."""
    return _set(by, number, FollowLevel.NEEDS)


@verb
def unfollow_problem(by: Actor, number: str) -> Following:
    """Follow no longer; what waits for oneself still arrives."""
    return _set(by, number, FollowLevel.NONE)


def _set(by: Actor, number: str, level: FollowLevel) -> Following:
    # Under the problem's lock, so that two taps at once leave one row.
    problem = problem_for_change(by, number)
    insist(why_not_follow(by))
    query = select(Following).where(Following.problem_id == problem.id, Following.person_id == by.person_id)
    row = session().scalars(query).one_or_none()
    if row is None:
        row = Following(problem_id=problem.id, person_id=by.person_id, level=level, since=now())
        session().add(row)
    elif row.level is not level:
        row.level, row.since = level, now()
    session().flush()
    return row
