"""Those one by one for whom a step waits, or whom it answers, however little they want to hear of a dossier."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Select, select

from cogov.decisions.models import (
    ElectorateVoter,
    HelpedBallot,
    InterestClaim,
    Motion,
    MotionSupport,
    OrganizationDelegate,
    ProxyMandate,
)
from cogov.ground.db import session
from cogov.meetings.models import Attendance
from cogov.moderation.models import Review, WritingBlock
from cogov.opinion.models import Statement
from cogov.problems.models import Problem, Raiser, TriageAppeal
from cogov.tasks.models import Claim
from cogov.tell.audience.circles import Facts
from cogov.tell.audience.dossiers import Told
from cogov.tell.audience.kinds import TO_THE_AUTHOR, TO_THE_BLOCKED, TO_THE_WRITER
from cogov.tell.levels import Why
from cogov.threads.models import Amendment, Concern, Mention, Pledge, Solution
from cogov.threads.rules.pledges import PledgeState


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


def _supporters(told: Facts) -> Told:
    """Return who supported a motion: what they stood behind goes no further; of a hidden dossier nobody hears."""
    supported = select(MotionSupport.person_id).join(Motion, Motion.id == MotionSupport.motion_id)
    seen = supported.join(Problem, Problem.id == Motion.problem_id).where(Problem.hidden.is_(False))
    return _one(Why.SPOKE, seen.where(Motion.id == told.number("motion")))


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


ASKED: dict[str, Callable[[Facts], Told]] = {
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
    "MotionWithdrawn": _supporters,
    "MeetingMinutesPutOut": _attendants,
    "InterestSettled": _applicant,
    "DelegateNamed": _sent,
    "MandateGiven": _proxy,
    "MandateEntered": _principals,
    "MandateConfirmed": _of_mandate,
}
