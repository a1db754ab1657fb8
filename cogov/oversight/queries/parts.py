"""Who takes part, read from the journal: by kind of actor, whose agenda it is, and how much is written down for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, select

from cogov.decisions.models import Closing, Decision, DecisionTurnout, Motion
from cogov.ground.db import session
from cogov.journal.models import JournalCheckpoint, JournalEntry
from cogov.oversight.queries.scope import count_if, during, entries_in, problems_in
from cogov.oversight.rules import PART_OF, Part, Share, Span
from cogov.people.models import Organization
from cogov.people.rules import OrganizationKind
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.rules.stages import Ending

Acts = Mapping[tuple[OrganizationKind | None, str], int]


@dataclass(frozen=True)
class Flow:
    """What came in and what went out in a span, and whose it was."""

    raised: int
    seconds: int
    by_residents: int
    repeats: int
    ended: int
    motions: Share
    decisions_closed: int
    turnout: Share


@dataclass(frozen=True)
class Burden:
    """What was written down in the committee's name, against the problems that were ended meanwhile."""

    entries: int
    ended: int


def acts(place: Place, span: Span) -> Acts:
    """Return how often each kind of actor did each kind of thing about problems of a place; None: people themselves."""
    # Entries are numbered in the order of their moments, so the last seal before the span is a floor for the search.
    floor = select(func.coalesce(func.max(JournalCheckpoint.number), 0)).where(JournalCheckpoint.sealed_at < span.since)
    query = (
        select(Organization.kind, JournalEntry.kind, func.count())
        .select_from(JournalEntry)
        .outerjoin(Organization, JournalEntry.organization_id == Organization.id)
        .where(
            entries_in(place),
            JournalEntry.number > floor.scalar_subquery(),
            during(JournalEntry.at, span),
            JournalEntry.actor_id.is_not(None),
        )
        .group_by(Organization.kind, JournalEntry.kind)
    )
    return {(kind, event): count for kind, event, count in session().execute(query)}


def funnel(done: Acts) -> dict[OrganizationKind | None, dict[Part, int]]:
    """Return for each kind of actor how often it took each part; those that took none are left out."""
    result: dict[OrganizationKind | None, dict[Part, int]] = {}
    for (kind, event), count in done.items():
        if part := PART_OF.get(event):
            parts = result.setdefault(kind, dict.fromkeys(Part, 0))
            parts[part] += count
    return result


def burden(done: Acts, ended: int) -> Burden:
    """Return how much the residents' committee and its grid workers wrote down."""
    return Burden(sum(count for (kind, _), count in done.items() if kind is OrganizationKind.COMMITTEE), ended)


def flow(place: Place, span: Span) -> Flow:
    """Return what came in and went out of a place in a span."""
    raised, seconds, by_residents = _raised(place, span)
    ended, merged = _ended(place, span)
    moved = (
        select(func.count(), count_if(Motion.organization_id.is_(None)))
        .select_from(Decision)
        .join(Motion, Decision.motion_id == Motion.id)
        .join(Problem, Decision.problem_id == Problem.id)
        .where(problems_in(place), during(Decision.notice_at, span))
    )
    noticed, moved_by_residents = session().execute(moved).one()
    closed, heads, total = _voted(place, span)
    return Flow(
        raised,
        seconds,
        by_residents,
        merged,
        ended,
        Share(moved_by_residents, noticed),
        closed,
        Share(heads, total),
    )


def _voted(place: Place, span: Span) -> tuple[int, int, int]:
    """Return how many votes closed, how many heads took part in them, and how many could."""
    # Where co-owners cast by shares the counter has their voices, and the count says how many heads these were.
    by_shares = DecisionTurnout.heads_total != Decision.heads_total
    query = (
        select(
            func.count(),
            func.coalesce(func.sum(case((by_shares, 0), else_=DecisionTurnout.heads)), 0),
            func.coalesce(func.sum(Decision.heads_total), 0),
        )
        .select_from(Closing)
        .join(Decision, Closing.decision_id == Decision.id)
        .join(DecisionTurnout, DecisionTurnout.decision_id == Decision.id)
        .join(Problem, Decision.problem_id == Problem.id)
        .where(problems_in(place), during(Closing.at, span))
    )
    closed, heads, total = session().execute(query).one()
    counts = session().scalars(query.with_only_columns(Closing.count).where(by_shares, Closing.count != ""))
    told = (json.loads(count) for count in counts)
    return closed, int(heads) + sum(each.get("heads", each.get("ballots", 0)) for each in told), int(total)


def _raised(place: Place, span: Span) -> tuple[int, int, int]:
    query = select(
        func.count(), func.coalesce(func.sum(Problem.seconds), 0), count_if(Problem.organization_id.is_(None))
    ).where(problems_in(place), during(Problem.raised_at, span))
    raised, seconds, by_residents = session().execute(query).one()
    return raised, int(seconds), by_residents


def _ended(place: Place, span: Span) -> tuple[int, int]:
    query = select(func.count(), count_if(Problem.ending == Ending.MERGED))
    # The index is by ending and then by moment; each of the few endings is looked up in it.
    over = Problem.ending.in_(tuple(Ending)), during(Problem.ended_at, span)
    ended, merged = session().execute(query.where(problems_in(place), *over)).one()
    return ended, merged
