"""Who is told of an entry and why: the people of the dossier, those whose duty it has become, those who live there.

Never the one who acted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, literal, or_, select, union, union_all

from cogov.announcements.rules import WEIGHTY
from cogov.cases.models import Case
from cogov.decisions.models import (
    Ballot,
    ElectorateVoter,
    HelpedBallot,
    InterestClaim,
    Motion,
    OrganizationDelegate,
    ProxyMandate,
    RollMark,
)
from cogov.ground.db import Id, session
from cogov.journal.models import JournalEntry
from cogov.meetings.models import Attendance
from cogov.moderation.models import Review, WritingBlock
from cogov.opinion.models import Statement
from cogov.people.models import RoleHeld
from cogov.people.queries import members
from cogov.people.rules import Role
from cogov.places.models import Building, Owner, Ownership, Place, Residence, Unit
from cogov.problems.models import Following, Problem, Raiser, Second, TriageAppeal
from cogov.problems.rules.acts import ANSWERERS
from cogov.problems.rules.following import FollowLevel
from cogov.tasks.models import Claim, Task
from cogov.tell.levels import STRONGEST, Why
from cogov.threads.models import Amendment, Concern, Mention, Message, Pledge, Solution
from cogov.threads.rules.pledges import PledgeState

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
        "ObjectionRaised",
        "ReviewDue",
        "AnswerOverdue",
        "ConcernRaised",
        "ConcernOverdue",
        "OpeningHeldBack",
        "TaskHandedIn",
    }
)

# Steps of the office that residents need not hear one by one; they see them on the dossier.
OFFICE_ONLY = frozenset({"CaseVerified", "CaseAccepted", "CaseFiled", "CaseInspected", "CallNotNeeded", "CaseReturned"})

TO_THE_AUTHOR = frozenset({"TextRemoved", "TextOrderedDown", "RemovalAnswered"})
"""What became of one's own words is told to nobody else."""

TO_THE_BLOCKED = frozenset({"WriterBlocked", "BlockAnswered"})
"""That one may not write for a while, or may again, is told to oneself alone."""


TO_THE_WRITER = frozenset({"StatementPublished", "StatementQuoted"})
"""What became of one's own statement, likewise."""

TO_THE_MENTIONED = frozenset({"PeopleMentioned"})
"""That an edited message mentions somebody now is told to them alone."""

# What concerns those who vote alone, or one of them, and nobody else of the dossier.
ABOUT_MANDATES = frozenset({"MandateGiven", "MandateEntered", "MandateConfirmed"})
"""Who casts for whom: told to those two alone."""
OF_VOTERS = frozenset({"VotersReminded", "BallotHelped", "InterestSettled", "DelegateNamed"}) | ABOUT_MANDATES

ANNOUNCED = frozenset({"AnnouncementPublished", "AnnouncementCorrected", "AnnouncementWithdrawn", "MeetingReminded"})

TO_ONESELF = TO_THE_AUTHOR | TO_THE_BLOCKED | TO_THE_WRITER | TO_THE_MENTIONED
TO_SOME_ALONE = TO_THE_ACCOUNTABLE | OFFICE_ONLY | OF_VOTERS | TO_ONESELF
"""What is not told to everybody on the dossier."""

# The steps of a dossier that matter to who wants to hear little.
MILESTONES = frozenset(
    {
        "ProblemTriaged",
        "NoticePublished",
        "OpeningHeldBack",
        "DecisionOpened",
        "CloseMoved",
        "DecisionClosed",
        "DecisionAnnulled",
        "ResolutionPassed",
        "ResolutionAnswered",
        "CaseFedBack",
        "CaseRefused",
        "ProblemReopened",
        "ProblemEnded",
        "ProblemMerged",
    }
)

TO_THE_ELECTORATE = frozenset(
    {
        "NoticePublished",
        "OpeningHeldBack",
        "DecisionOpened",
        "VotersReminded",
        "CloseMoved",
        "DecisionClosed",
        "DecisionAnnulled",
    }
)
ASKS_FOR_BALLOTS = frozenset({"DecisionOpened", "VotersReminded"})


Told = Mapping[Why, set[int]]
Dossiers = Mapping[int, Told]
"""Who is on a dossier and why, by the id of its problem."""


@dataclass(frozen=True)
class Facts:
    """An entry as its audience is found from it."""

    entry: JournalEntry
    facts: Mapping[str, object]
    dossiers: Dossiers

    def number(self, name: str) -> int | None:
        """Return a fact that is an id."""
        value = self.facts.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def audience(entry: JournalEntry, dossiers: Dossiers | None = None) -> dict[int, Why]:
    """Return the persons who are told of an entry, each with the strongest reason.

    ``dossiers`` holds the people of its dossier for whoever has read those of many entries at once.
    """
    told = Facts(entry, json.loads(entry.facts), on_dossiers_of([entry]) if dossiers is None else dossiers)
    people: dict[int, Why] = {}
    for source in _sources(entry.kind):
        for why, persons in source(told).items():
            people |= {person: min(why, people.get(person, why), key=STRONGEST.__getitem__) for person in persons}
    people.pop(entry.actor_id or 0, None)
    return people


def asks(kind: str, why: Why) -> bool:
    """Say whether an entry asks somebody who is told of it for this reason to act."""
    return why in (Why.ASKED, Why.DUTY) or (why is Why.VOTE and kind in ASKS_FOR_BALLOTS)


def is_important(entry: JournalEntry) -> bool:
    """Say whether who wants to hear only the important is told."""
    if entry.kind in ANNOUNCED:
        return json.loads(entry.facts).get("kind") in WEIGHTY
    return entry.kind in MILESTONES


def _sources(kind: str) -> list[Callable[[Facts], Told]]:
    sources: list[Callable[[Facts], Told]] = []
    if kind not in TO_SOME_ALONE:
        sources.append(_dossier)
    if kind == "OpeningHeldBack":
        sources += [_chairs, _above]
    if kind in TO_THE_ACCOUNTABLE or kind in HAND_OFFS:
        sources.append(_holders)
    if kind in TO_THE_ELECTORATE:
        sources.append(_electorate)
    if kind in _ASKED:
        sources.append(_ASKED[kind])
    if kind in ANNOUNCED:
        sources.append(_neighbours)
    return sources


def _dossier(told: Facts) -> Told:
    return told.dossiers.get(told.entry.problem_id or 0, {})


def on_dossiers_of(entries: Iterable[JournalEntry]) -> Dossiers:
    """Return the people of the dossiers of all entries that are told to them, in two queries."""
    of_them = (entry.problem_id for entry in entries if _dossier in _sources(entry.kind))
    ids = sorted({problem_id for problem_id in of_them if problem_id is not None})
    if not ids:
        return {}
    silent = {(problem, person) for problem, person in session().connection().execute(_QUIET, {"problems": ids})}
    dossiers: dict[int, dict[Why, set[int]]] = {}
    for problem, person, why in session().connection().execute(_ON_DOSSIERS, {"problems": ids}):
        if (problem, person) not in silent:
            dossiers.setdefault(problem, {}).setdefault(Why(why), set()).add(person)
    return dossiers


_PROBLEMS = bindparam("problems", type_=Id, expanding=True)
_QUIET = select(Following.problem_id, Following.person_id).where(
    Following.problem_id.in_(_PROBLEMS), Following.level != FollowLevel.ALL
)


def _on_dossiers() -> CompoundSelect[Any]:
    """Return the query of who is on a dossier; of a hidden one only who raised it."""

    def those(why: Why, problem: Any, person: Any) -> Select[Any]:
        return select(problem, person, literal(why.value)).where(problem.in_(_PROBLEMS)).distinct()

    def public(why: Why, problem: Any, person: Any) -> Select[Any]:
        return those(why, problem, person).join(Problem, Problem.id == problem).where(Problem.hidden.is_(False))

    said = (public(Why.SPOKE, each.problem_id, each.person_id) for each in (Message, Concern, Solution, Motion))
    return union_all(
        those(Why.RAISED, Raiser.problem_id, Raiser.person_id),
        public(Why.MET, Second.problem_id, Second.person_id),
        *said,
        public(Why.CLAIMED, Task.problem_id, Claim.person_id).join(Claim, Claim.task_id == Task.id),
        public(Why.FOLLOWS, Following.problem_id, Following.person_id),
    )


_ON_DOSSIERS = _on_dossiers()
"""Asked for all that was written down since the last look, so it is put together once."""


def _holders(told: Facts) -> Told:
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
    return {Why.DUTY: {person for people in members(organizations, roles).values() for person in people}}


def _chairs(told: Facts) -> Told:
    """Return who chairs at a place: they can have a concern overruled, with a second person."""
    return _holding(told, Role.CHAIR)


def _above(told: Facts) -> Told:
    """Return the street office, once a vote was held back again: it may have it opened, with a second person."""
    return _holding(told, Role.STREET_OFFICE) if told.facts.get("again") else {}


def _holding(told: Facts, role: Role) -> Told:
    code = session().scalar(select(Place.code).where(Place.id == told.entry.place_id)) or ""
    above = [code[:length] for length in range(1, len(code) + 1)]
    holds = select(RoleHeld.person_id).where(
        RoleHeld.role == role, RoleHeld.ended_at.is_(None), RoleHeld.scope.in_(above)
    )
    return {Why.DUTY: set(session().scalars(holds))}


def _electorate(told: Facts) -> Told:
    if told.facts.get("again"):
        return {}  # they were told that it waits, and will be told when it opens
    decision = told.number("decision")
    voters = select(ElectorateVoter.person_id).where(ElectorateVoter.decision_id == decision)
    if told.entry.kind in ASKS_FOR_BALLOTS:
        # Nobody is reminded of what is already done.
        done = select(Ballot.head_id).where(Ballot.decision_id == decision)
        with_token = select(RollMark.head_id).where(RollMark.decision_id == decision)
        voters = voters.where(ElectorateVoter.head_id.not_in(done.union_all(with_token)))
    return {Why.VOTE: set(session().scalars(voters))}


def _neighbours(told: Facts) -> Told:
    """Return who lives at a place, is said to, or owns there: everybody whom an announcement concerns."""
    code = session().scalar(select(Place.code).where(Place.id == told.entry.place_id))
    if code is None:
        return {}
    # A grid has its own buildings; every wider place has whole communities.
    within = Place.code.startswith(code, autoescape=True)
    units = (
        select(Unit.id)
        .join(Building, Unit.building_id == Building.id)
        .join(Place, or_(Place.id == Unit.community_id, Place.id == Building.grid_id))
        .where(within)
    )
    everyone: CompoundSelect[Any] = union(
        select(Residence.person_id).where(Residence.unit_id.in_(units), Residence.ended_at.is_(None)),
        select(Owner.person_id)
        .join(Ownership, Ownership.owner_id == Owner.id)
        .where(Ownership.unit_id.in_(units), Ownership.until.is_(None), Owner.person_id.is_not(None)),
        select(RoleHeld.person_id).where(
            RoleHeld.role == Role.RESIDENT,
            RoleHeld.ended_at.is_(None),
            RoleHeld.scope.startswith(code, autoescape=True),
        ),
    )
    return {Why.LIVES: {person for person in session().scalars(everyone) if person is not None}}


# What waits for one person, or answers them, arrives however little they want to hear of a dossier.


def _one(why: Why, query: Select[int]) -> Told:
    return {why: set(session().scalars(query))}


def _raisers(told: Facts) -> Told:
    return _one(Why.ASKED, select(Raiser.person_id).where(Raiser.problem_id == told.entry.problem_id))


def _appellant(told: Facts) -> Told:
    return _one(Why.ANSWER, select(TriageAppeal.person_id).where(TriageAppeal.id == told.number("appeal")))


def _attendants(told: Facts) -> Told:
    """Return those who were in a meeting by themselves: its minutes wait for them."""
    own = (Attendance.meeting_id == told.number("meeting"), Attendance.person_id.is_not(None))
    return {Why.ASKED: {person for person in session().scalars(select(Attendance.person_id).where(*own)) if person}}


def _concerned(told: Facts) -> Told:
    return _one(Why.ANSWER, select(Concern.person_id).where(Concern.id == told.number("concern")))


def _author(told: Facts) -> Told:
    return _one(Why.ANSWER, select(Review.author_id).where(Review.id == told.number("review")))


def _writer(told: Facts) -> Told:
    own = select(Statement.person_id).where(Statement.id == told.number("statement"), Statement.person_id.is_not(None))
    return {Why.ANSWER: {person for person in session().scalars(own) if person}}


def _blocked(told: Facts) -> Told:
    return _one(Why.ANSWER, select(WritingBlock.person_id).where(WritingBlock.id == told.number("block")))


def _mentioned(told: Facts) -> Told:
    """Return whom a message mentions; most mention nobody, and their entry says so."""
    if not told.number("mentions"):
        return {}
    of_it = (Mention.message_id == told.number("message"), Mention.version == (told.number("version") or 1))
    return _one(Why.MENTIONED, select(Mention.person_id).where(*of_it))


def _claimer(told: Facts) -> Told:
    why = Why.ASKED if told.entry.kind == "TaskSentBack" else Why.ANSWER
    return _one(why, select(Claim.person_id).where(Claim.id == told.number("claim")))


def _helped(told: Facts) -> Told:
    """Return the voter for whom a ballot was cast with help: if it was not so, they are the one to know."""
    return _one(Why.ANSWER, select(HelpedBallot.voter_id).where(HelpedBallot.id == told.number("help")))


def _applicant(told: Facts) -> Told:
    return _one(Why.ANSWER, select(InterestClaim.person_id).where(InterestClaim.id == told.number("claim")))


def _amender(told: Facts) -> Told:
    return _one(Why.ANSWER, select(Amendment.person_id).where(Amendment.id == told.number("amendment")))


def _reviser(told: Facts) -> Told:
    """Return who proposed the solution: the change waits for their word."""
    return _one(Why.ASKED, select(Solution.person_id).where(Solution.id == told.number("solution")))


def _pledged(told: Facts) -> Told:
    """Return those whose promise is asked for now."""
    query = select(Pledge.person_id).where(Pledge.problem_id == told.entry.problem_id, Pledge.called_at.is_not(None))
    called = Pledge.solution_id.is_(None) | (Pledge.solution_id == told.number("solution"))
    return _one(Why.ASKED, query.where(called, Pledge.state == PledgeState.PLEDGED))


def _sent(told: Facts) -> Told:
    """Return whom an organization sends: the vote waits for them."""
    delegate = told.number("delegate")
    return _one(Why.ASKED, select(OrganizationDelegate.person_id).where(OrganizationDelegate.id == delegate))


def _proxy(told: Facts) -> Told:
    """Return who was let cast for somebody."""
    return _one(Why.MANDATE, select(ProxyMandate.proxy_id).where(ProxyMandate.id == told.number("mandate")))


def _principals(told: Facts) -> Told:
    """Return those in whose name a paper was entered: if it was not so, they are the ones to know and to revoke it."""
    own = (
        select(ElectorateVoter.person_id)
        .join(ProxyMandate, ProxyMandate.head_id == ElectorateVoter.head_id)
        .where(ProxyMandate.id == told.number("mandate"), ElectorateVoter.mandate_id.is_(None))
    )
    return _one(Why.MANDATE, own)


def _of_mandate(told: Facts) -> Told:
    return {Why.MANDATE: _principals(told)[Why.MANDATE] | _proxy(told)[Why.MANDATE]}


_ASKED: dict[str, Callable[[Facts], Told]] = {
    "MessagePosted": _mentioned,
    "PeopleMentioned": _mentioned,
    "RaisersAsked": _raisers,
    "AppealAnswered": _appellant,
    "ConcernAnswered": _concerned,
    "ConcernOverruled": _concerned,
    **dict.fromkeys(TO_THE_AUTHOR, _author),
    **dict.fromkeys(TO_THE_BLOCKED, _blocked),
    **dict.fromkeys(TO_THE_WRITER, _writer),
    "AmendmentProposed": _reviser,
    "AmendmentAccepted": _amender,
    "AmendmentRejected": _amender,
    "PledgesCalled": _pledged,
    "TaskSentBack": _claimer,
    "TaskVerified": _claimer,
    "BallotHelped": _helped,
    "MeetingMinutesPutOut": _attendants,
    "InterestSettled": _applicant,
    "DelegateNamed": _sent,
    "MandateGiven": _proxy,
    "MandateEntered": _principals,
    "MandateConfirmed": _of_mandate,
}
