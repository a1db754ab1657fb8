"""The summary on top of a discussion: what stands, what it rests on, what people say of minutes, what is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from cogov.ground.db import found, session
from cogov.ground.differences import Piece, differences
from cogov.journal.kept import kept
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id
from cogov.threads.models import Message, MinutesAnswer, SummarySource, SummaryVersion
from cogov.threads.queries.bylines import Byline, Faces, faces
from cogov.threads.rules.messages import MessageState
from cogov.threads.rules.summaries import SummaryKind, SummaryState

MOST_SHOWN = 100
"""So many versions, proposals and answers stand on one page, the latest."""


@dataclass(frozen=True)
class SummaryShown:
    """A version of the summary, by whom, what it rests on, and how many endorse it or object to it."""

    id: int
    number: int | None
    kind: SummaryKind
    state: SummaryState
    text: str
    base: int
    byline: Byline
    at: datetime
    author_id: int
    sources: tuple[int, ...] = ()
    endorsed: int = 0
    objected: int = 0
    accepted_by: Byline | None = None
    """Who took it, or declined it, where somebody else had proposed it."""

    reason: str = ""


@dataclass(frozen=True)
class TopSummary:
    """What stands on top of a discussion: the latest version, and the latest minutes where they are another one."""

    latest: SummaryShown | None = None
    minutes: SummaryShown | None = None
    waiting: int = 0


@dataclass(frozen=True)
class AnswerOfMinutes:
    """What somebody who takes part says of minutes."""

    id: int
    endorses: bool
    reason: str
    byline: Byline
    at: datetime


def top_summary(problem_id: int) -> TopSummary:
    """Return what stands on top of a discussion; the same for every reader."""
    return kept(("summary", problem_id), lambda: _top(problem_id), of=problem_id)


def _top(problem_id: int) -> TopSummary:
    of_it = SummaryVersion.problem_id == problem_id
    latest = select(func.max(SummaryVersion.number)).where(of_it).scalar_subquery()
    minutes = (
        select(func.max(SummaryVersion.number)).where(of_it, SummaryVersion.kind == SummaryKind.MINUTES)
    ).scalar_subquery()
    waits = select(func.count()).where(of_it, SummaryVersion.state == SummaryState.PROPOSED).scalar_subquery()
    query = select(SummaryVersion, waits).where(of_it, SummaryVersion.number.in_((latest, minutes)))
    rows = session().execute(query.order_by(SummaryVersion.number.desc())).all()
    if not rows:
        return TopSummary(waiting=session().scalar(select(waits)) or 0)
    shown = _shown(problem_id, [version for version, _ in rows])
    answered = next((each for each in shown if each.kind is SummaryKind.MINUTES), None)
    return TopSummary(shown[0], answered, rows[0][1])


def _shown(problem_id: int, rows: Sequence[SummaryVersion]) -> list[SummaryShown]:
    """Return versions as they are shown, in four queries at most."""
    ids = [row.id for row in rows]
    names = faces(problem_id, [*(row.standing_id for row in rows), *(row.decided_under for row in rows)])
    sources, counts = _sources(ids), _counts(row.id for row in rows if row.kind is SummaryKind.MINUTES)
    return [_one(row, names, sources.get(row.id, ()), counts.get(row.id, (0, 0))) for row in rows]


def _one(row: SummaryVersion, names: Faces, sources: Iterable[int], counts: tuple[int, int]) -> SummaryShown:
    return SummaryShown(
        row.id,
        row.number,
        row.kind,
        row.state,
        row.text,
        row.base,
        names.of(row.person_id, row.standing_id),
        row.at,
        row.person_id,
        tuple(sources),
        *counts,
        accepted_by=names.of(row.decided_by, row.decided_under) if row.decided_by is not None else None,
        reason=row.reason,
    )


def _sources(version_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return on which messages versions rest; what has been taken down since is not named any more."""
    query = (
        select(SummarySource.summary_version_id, SummarySource.message_id)
        .join(Message, Message.id == SummarySource.message_id)
        .where(SummarySource.summary_version_id.in_(list(version_ids)), Message.state == MessageState.SHOWN)
        .order_by(SummarySource.id)
    )
    sources: dict[int, list[int]] = {}
    for version_id, message_id in session().execute(query):
        sources.setdefault(version_id, []).append(message_id)
    return sources


def _counts(version_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    wanted = list(version_ids)
    query = (
        select(MinutesAnswer.summary_version_id, MinutesAnswer.endorses, func.count())
        .where(MinutesAnswer.summary_version_id.in_(wanted))
        .group_by(MinutesAnswer.summary_version_id, MinutesAnswer.endorses)
    )
    counts: dict[int, tuple[int, int]] = {}
    for version_id, endorses, number in session().execute(query) if wanted else ():
        yes, no = counts.get(version_id, (0, 0))
        counts[version_id] = (yes + number, no) if endorses else (yes, no + number)
    return counts


def summary_for(by: Actor, summary_id: int) -> tuple[SummaryVersion, Problem]:
    """Return a version of a summary with its problem."""
    version = found(session().get(SummaryVersion, summary_id))
    return version, problem_by_id(by, version.problem_id)


def summaries(problem_id: int, state: SummaryState) -> list[SummaryShown]:
    """Return the versions of a summary that stand, wait, or were declined, the latest first."""
    query = select(SummaryVersion).where(SummaryVersion.problem_id == problem_id, SummaryVersion.state == state)
    rows = session().scalars(query.order_by(SummaryVersion.number.desc(), SummaryVersion.id.desc()).limit(MOST_SHOWN))
    return _shown(problem_id, list(rows))


def changes_of(version: SummaryShown, before: str) -> tuple[Piece, ...]:
    """Return what a version changes in another one's text."""
    return differences(before, version.text) if before else ()


def answers_of(problem_id: int, summary_id: int) -> list[AnswerOfMinutes]:
    """Return what people say of minutes: those who object, and why, before those who endorse them."""
    query = (
        select(MinutesAnswer)
        .where(MinutesAnswer.summary_version_id == summary_id)
        .order_by(MinutesAnswer.endorses, MinutesAnswer.id)
        .limit(MOST_SHOWN)
    )
    rows = list(session().scalars(query))
    names = faces(problem_id, (row.standing_id for row in rows))
    return [
        AnswerOfMinutes(row.id, row.endorses, row.reason, names.of(row.person_id, row.standing_id), row.at)
        for row in rows
    ]


def own_answer(by: Actor, top: TopSummary) -> bool | None:
    """Return whether a reader endorsed the minutes; None who has not answered. Who is not signed in costs no query."""
    if by.person_id is None or top.minutes is None:
        return None
    query = select(MinutesAnswer.endorses).where(
        MinutesAnswer.summary_version_id == top.minutes.id, MinutesAnswer.person_id == by.person_id
    )
    return session().scalar(query)
