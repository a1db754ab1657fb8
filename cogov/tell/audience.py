"""Who is told of an entry: the people of the dossier, and those whose duty it has become; never the one who acted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select, union_all

from cogov.cases.models import Case
from cogov.decisions.models import Ballot, ElectorateVoter, Motion
from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.people.queries import members
from cogov.people.rules import Role
from cogov.problems.models import Following, Problem, Raiser, Second, TriageAppeal
from cogov.problems.rules.acts import ANSWERERS
from cogov.problems.rules.following import FollowLevel
from cogov.tasks.models import Claim, Task
from cogov.threads.models import Concern, Message, Solution

# Told only to those who answer for the problem now: nobody else has to act on them yet.
TO_THE_ACCOUNTABLE = frozenset({"ProblemRaised"})

# Steps in which work passes from hand to hand; the next holder is told besides the dossier's people.
HAND_OFFS = frozenset(
    {
        "ProblemTriaged",
        "TriageAppealed",
        "TriageOverdue",
        "DeliberationOverdue",
        "CaseOpened",
        "CaseVerified",
        "CaseAccepted",
        "CaseFiled",
        "CaseDispatched",
        "CaseReturned",
        "BodyCalled",
        "CaseHandled",
        "ReworkOrdered",
        "CaseInspected",
        "CaseFedBack",
        "CaseReopened",
        "CaseOverdue",
        "CallOverdue",
        "ResolutionPassed",
        "AnswerOverdue",
        "ConcernRaised",
        "ConcernOverdue",
        "TaskHandedIn",
    }
)

# Steps of the office that residents need not hear one by one; they see them on the dossier.
OFFICE_ONLY = frozenset({"CaseVerified", "CaseAccepted", "CaseFiled", "CaseInspected", "CallNotNeeded", "CaseReturned"})

TO_THE_ELECTORATE = frozenset({"NoticePublished", "DecisionOpened", "DecisionClosed"})


@dataclass(frozen=True)
class Facts:
    """An entry as its audience is found from it."""

    entry: JournalEntry
    facts: Mapping[str, object]

    def number(self, name: str) -> int | None:
        """Return a fact that is an id."""
        value = self.facts.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def audience(entry: JournalEntry) -> set[int]:
    """Return the persons who are told of an entry."""
    told = Facts(entry, json.loads(entry.facts))
    people: set[int] = set()
    for source in _sources(entry.kind):
        people |= source(told)
    people.discard(entry.actor_id or 0)
    return people


def _sources(kind: str) -> list[Callable[[Facts], set[int]]]:
    sources: list[Callable[[Facts], set[int]]] = []
    if kind not in TO_THE_ACCOUNTABLE and kind not in OFFICE_ONLY:
        sources.append(_dossier)
    if kind in TO_THE_ACCOUNTABLE or kind in HAND_OFFS:
        sources.append(_holders)
    if kind in TO_THE_ELECTORATE:
        sources.append(_electorate)
    if kind in _ASKED:
        sources.append(_ASKED[kind])
    return sources


def _dossier(told: Facts) -> set[int]:
    problem_id = told.entry.problem_id
    if problem_id is None:
        return set()
    hidden = session().scalar(select(Problem.hidden).where(Problem.id == problem_id))
    raisers = select(Raiser.person_id).where(Raiser.problem_id == problem_id)
    quiet = select(Following.person_id).where(Following.problem_id == problem_id, Following.level != FollowLevel.ALL)
    if hidden:
        return set(session().scalars(raisers.where(Raiser.person_id.not_in(quiet))))
    everyone = union_all(
        raisers,
        select(Second.person_id).where(Second.problem_id == problem_id),
        select(Message.person_id).where(Message.problem_id == problem_id),
        select(Concern.person_id).where(Concern.problem_id == problem_id),
        select(Solution.person_id).where(Solution.problem_id == problem_id),
        select(Motion.person_id).where(Motion.problem_id == problem_id),
        select(Claim.person_id).join(Task, Claim.task_id == Task.id).where(Task.problem_id == problem_id),
        select(Following.person_id).where(Following.problem_id == problem_id),
    )
    return set(session().scalars(everyone)) - set(session().scalars(quiet))


def _holders(told: Facts) -> set[int]:
    problem_id = told.entry.problem_id
    row = session().execute(select(Problem.accountable_id, Problem.hidden).where(Problem.id == problem_id)).first()
    accountable, hidden = row or (None, False)
    case_holder = session().scalar(
        select(Case.accountable_id).where(Case.problem_id == problem_id).order_by(Case.id.desc()).limit(1)
    )
    named = (told.number("body"), told.number("to"))
    organizations = {found for found in (accountable, case_holder, *named) if found is not None}
    # Of a hidden problem only those hear who may see it: not every helper of the organization.
    roles = ANSWERERS if hidden else Role
    return {person for people in members(organizations, roles).values() for person in people}


def _electorate(told: Facts) -> set[int]:
    decision = told.number("decision")
    voters = select(ElectorateVoter.person_id).where(ElectorateVoter.decision_id == decision)
    if told.entry.kind == "DecisionOpened":
        # Nobody is reminded of what is already done.
        done = select(Ballot.head_id).where(Ballot.decision_id == decision)
        voters = voters.where(ElectorateVoter.head_id.not_in(done))
    return set(session().scalars(voters))


# What waits for one person, or answers them, arrives however little they want to hear of a dossier.


def _raisers(told: Facts) -> set[int]:
    return set(session().scalars(select(Raiser.person_id).where(Raiser.problem_id == told.entry.problem_id)))


def _appellant(told: Facts) -> set[int]:
    return set(session().scalars(select(TriageAppeal.person_id).where(TriageAppeal.id == told.number("appeal"))))


def _concerned(told: Facts) -> set[int]:
    return set(session().scalars(select(Concern.person_id).where(Concern.id == told.number("concern"))))


def _claimer(told: Facts) -> set[int]:
    return set(session().scalars(select(Claim.person_id).where(Claim.id == told.number("claim"))))


_ASKED: dict[str, Callable[[Facts], set[int]]] = {
    "RaisersAsked": _raisers,
    "AppealAnswered": _appellant,
    "ConcernAnswered": _concerned,
    "ConcernOverruled": _concerned,
    "TaskSentBack": _claimer,
    "TaskVerified": _claimer,
}
