"""Everything the thread's tabs on a dossier show to one reader."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from cogov.ground.db import session
from cogov.ground.refusals import Refusal
from cogov.journal.kept import kept
from cogov.moderation.queries import blocked_until
from cogov.moderation.rules.blocking import why_not_write_now
from cogov.people.rules import Actor, Standing
from cogov.problems.models import Problem
from cogov.problems.queries import why_not_taken
from cogov.problems.rules.phases import Part
from cogov.threads.models import Concern, Message, Solution
from cogov.threads.queries.concerns import ConcernShown, concerns
from cogov.threads.queries.loading import dossier_of
from cogov.threads.queries.messages import MessageShown, messages
from cogov.threads.queries.reading import Reading, reading
from cogov.threads.queries.slowing import Slowed, slowed
from cogov.threads.queries.solutions import SolutionShown, shown_solutions
from cogov.threads.queries.summaries import TopSummary, own_answer, top_summary
from cogov.threads.queries.windows import Window
from cogov.threads.rules.concerns import ConcernState
from cogov.threads.rules.slowing import why_not_slow
from cogov.threads.rules.speaking import LIVES_HERE, ThreadTab, why_not_speak
from cogov.threads.rules.summaries import why_not_write


@dataclass(frozen=True)
class Counts:
    """How much a thread holds; concerns as answered of all."""

    messages: int
    concerns: int
    open_concerns: int
    solutions: int
    overruled: int = 0
    withdrawn: int = 0


@dataclass(frozen=True)
class Voices:
    """As whom somebody may speak at a place: for themselves, and for which organizations."""

    oneself: bool
    standings: tuple[Standing, ...]
    current: int
    """Id of the standing acted under now, 0 for oneself."""


@dataclass(frozen=True)
class ThreadPanel:
    """One tab of a problem's thread; the windows of the other tabs are None."""

    tab: ThreadTab
    counts: Counts
    why_not_speak: Refusal | None
    voices: Voices
    exact_times: bool
    """Times of residents are shown by day to anyone outside the place."""
    messages: Window[MessageShown] | None = None
    concerns: Window[ConcernShown] | None = None
    solutions: Window[SolutionShown] | None = None
    solutions_closed: Refusal | None = None
    """Why no solution is taken now, where a time was set for them."""
    summary: TopSummary | None = None
    writes_summary: bool = False
    own_answer: bool | None = None
    """Whether the reader endorsed the minutes; None who has not answered."""
    own_minutes: bool = False
    reading: Reading | None = None
    """What is new to the reader; None for who is not signed in."""
    slow: Slowed | None = None
    may_slow: bool = False

    @property
    def last_shown(self) -> int:
        """The id of the latest message on this page, replies among them."""
        shown = self.messages.items if self.messages is not None else ()
        return max((each.id for message in shown for each in (message, *message.replies)), default=0)


def counts(problem_id: int) -> Counts:
    """Return how much a thread holds, in one query."""
    return kept(("thread counts", problem_id), lambda: _counts(problem_id), of=problem_id)


def _counts(problem_id: int) -> Counts:
    of_problem = [
        select(func.count()).select_from(Message).where(Message.problem_id == problem_id),
        select(func.count()).select_from(Concern).where(Concern.problem_id == problem_id),
        select(func.count())
        .select_from(Concern)
        .where(Concern.problem_id == problem_id, Concern.state == ConcernState.OPEN),
        select(func.count()).select_from(Solution).where(Solution.problem_id == problem_id),
        *(
            select(func.count()).select_from(Concern).where(Concern.problem_id == problem_id, Concern.state == state)
            for state in (ConcernState.OVERRULED, ConcernState.WITHDRAWN)
        ),
    ]
    row = session().execute(select(*(query.scalar_subquery() for query in of_problem))).one()
    return Counts(*(int(value) for value in row))


def voices(by: Actor, code: str) -> Voices:
    """Return as whom an actor may speak at a place."""
    mandates = tuple(held for held in by.standings if held.organization_id is not None and held.reaches(code))
    current = by.acting.id if by.acting is not None and by.acting in mandates else 0
    return Voices(by.holds(code, *LIVES_HERE), mandates, current)


def _why_not_write(by: Actor, problem: Problem, heard: Voices) -> Refusal | None:
    """Tell who may not write for a while before they have written; an organization's members still speak for it."""
    if by.person_id is None or heard.standings:
        return None
    return why_not_write_now(blocked_until(by.person_id, problem.community_id, problem.id))


def panel(
    by: Actor,
    problem: Problem,
    tab: ThreadTab = ThreadTab.DISCUSSION,
    *,
    before: int | None = None,
    after: int | None = None,
) -> ThreadPanel:
    """Return one tab of a problem's thread as a reader sees it; the number of queries does not grow with it."""
    dossier = dossier_of(problem)
    at = {"before": before, "after": after}
    discussed = tab is ThreadTab.DISCUSSION
    top = top_summary(problem.id) if discussed else None
    heard = voices(by, dossier.code)
    return ThreadPanel(
        tab,
        counts(problem.id),
        why_not_speak(by, dossier) or (_why_not_write(by, problem, heard) if discussed else None),
        heard,
        exact_times=by.inside(dossier.code),
        messages=messages(problem.id, by.person_id, **at) if discussed else None,
        concerns=concerns(by, problem.id, dossier, **at) if tab is ThreadTab.CONCERNS else None,
        solutions=shown_solutions(by, problem.id, dossier, **at) if tab is ThreadTab.SOLUTIONS else None,
        solutions_closed=why_not_taken(problem, Part.SOLUTIONS) if tab is ThreadTab.SOLUTIONS else None,
        summary=top,
        writes_summary=discussed and why_not_write(by, dossier) is None,
        own_answer=own_answer(by, top) if top is not None else None,
        own_minutes=top is not None and top.minutes is not None and top.minutes.author_id == by.person_id,
        reading=reading(by, problem.id) if discussed else None,
        slow=slowed(problem.id) if discussed else None,
        may_slow=discussed and why_not_slow(by, dossier, 1, 1) is None,
    )
