"""The ways to an end: a mediation's outcome, a deliberation without a vote, and the raisers' word."""

from __future__ import annotations

from cogov.duties.commands import stop_clock
from cogov.duties.rules.clock import LimitUnit
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, verb
from cogov.people.rules import Actor, OrganizationKind, Role
from cogov.places.queries import place_by_id
from cogov.places.rules import Setting
from cogov.problems.commands.moving import answering, end, move, note, run
from cogov.problems.commands.triaging import official_side
from cogov.problems.events import (
    DeliberationConcluded,
    DeliberationOverdue,
    MediationOverdue,
    MediationRecorded,
    ProblemConfirmed,
    ProblemReopened,
    RaisersAsked,
)
from cogov.problems.models import Conclusion, Confirmation, Mediation, Problem
from cogov.problems.queries import answers_of, facts_of, locked, open_matter, problem_for_change, raiser_ids
from cogov.problems.rules.acts import (
    MEDIATORS,
    publishable,
    why_not_conclude,
    why_not_confirm,
    why_not_mediate,
    why_not_needed_words,
)
from cogov.problems.rules.stages import ConfirmationAnswer, Ending, Official, Stage


@verb
def record_mediation(by: Actor, number: str, *, agreed: bool, words: str, once: str | None = None) -> Mediation:
    """Record what came of a mediation; with it the problem ends, whether the two agreed or not."""
    problem = problem_for_change(by, number)
    facts = facts_of(by, problem)
    insist(why_not_mediate(by, facts))
    insist(why_not_needed_words(words))
    insist_once(by, once)
    by = by.under(by.standing(facts.code, *MEDIATORS))
    mediation = Mediation(
        problem_id=problem.id,
        agreed=agreed,
        words=words.strip(),
        salt=salt(),
        by=found(by.person_id),
        organization_id=found(by.organization_id),
        at=now(),
    )
    session().add(mediation)
    session().flush()
    note(MediationRecorded(mediation.id, agreed, commit_to(mediation.salt, mediation.words)), by, problem)
    end(by, problem, Ending.MEDIATED, mediation.words)
    return mediation


@verb
def due_mediation(by: Actor, problem_id: int) -> None:
    """Hand a mediation without an outcome to the street office, which may record it too."""
    problem = locked(problem_id)
    if problem.stage is not Stage.MEDIATING:
        return
    street = answering(OrganizationKind.STREET, place_by_id(problem.community_id).code)
    if problem.accountable_id == street.id:
        return
    problem.accountable_id, problem.changed_at = street.id, now()
    note(MediationOverdue(street.id), by, problem)


@verb
def conclude_deliberation(by: Actor, number: str, *, words: str, once: str | None = None) -> Conclusion:
    """Close a deliberation that needs no vote: the open case goes on, or the raisers are asked."""
    problem = problem_for_change(by, number)
    facts = facts_of(by, problem)
    insist(why_not_conclude(by, facts, open_matter(problem)))
    insist(why_not_needed_words(words))
    insist_once(by, once)
    by = by.under(by.standing(facts.code, Role.MODERATOR))
    conclusion = Conclusion(
        problem_id=problem.id,
        words=words.strip(),
        salt=salt(),
        by=found(by.person_id),
        organization_id=found(by.organization_id),
        at=now(),
    )
    session().add(conclusion)
    session().flush()
    note(DeliberationConcluded(conclusion.id, commit_to(conclusion.salt, conclusion.words)), by, problem)
    if problem.official is Official.OPEN:
        move(problem, Stage.OFFICIAL)
    else:
        ask_raisers(by, problem.id)
    return conclusion


@verb
def due_deliberation(by: Actor, problem_id: int) -> None:
    """Hand a deliberation that came to nothing in time to the street office, which then answers for it."""
    problem = locked(problem_id)
    if problem.stage is not Stage.GATHERING:
        return
    street = answering(OrganizationKind.STREET, place_by_id(problem.community_id).code)
    if problem.accountable_id == street.id:
        return
    problem.accountable_id, problem.changed_at = street.id, now()
    note(DeliberationOverdue(street.id), by, problem)


# The raisers --------------------------------------------------------------------------------------------------------


@verb
def ask_raisers(by: Actor, problem_id: int) -> None:
    """Ask the raisers whether it is fixed; asking twice in a round asks once."""
    problem = locked(problem_id)
    if problem.stage in (Stage.CONFIRMING, Stage.ENDED):
        return
    code = place_by_id(problem.community_id).code
    kind = OrganizationKind.SUPERVISION if official_side(problem) else OrganizationKind.COMMITTEE
    problem.accountable_id = answering(kind, code).id
    move(problem, Stage.CONFIRMING)
    stop_clock(Purpose.TRIAGE, problem.id)
    run(
        Purpose.CONFIRMATION,
        problem,
        Setting.CONFIRMATION_DAYS,
        LimitUnit.CALENDAR_DAYS,
        organization_id=problem.accountable_id,
    )
    note(RaisersAsked(problem.round), by, problem)


@verb
def confirm_problem(
    by: Actor, number: str, *, answer: ConfirmationAnswer, words: str = "", once: str | None = None
) -> Confirmation:
    """Say, as one who raised it, whether it is fixed: any "not fixed" reopens it, all "fixed" end it."""
    problem = problem_for_change(by, number)
    insist(why_not_confirm(by, facts_of(by, problem)))
    insist(why_not_needed_words(words) if words.strip() else None)
    insist_once(by, once)
    confirmation = Confirmation(
        problem_id=problem.id,
        round=problem.round,
        person_id=found(by.person_id),
        answer=answer,
        words=publishable(words.strip()),
        salt=salt(),
        at=now(),
    )
    with unless_taken(Refusal("already_confirmed", say("这一轮您已经答过了。"))):
        session().add(confirmation)
    note(ProblemConfirmed(confirmation.id, problem.round, answer), by, problem)
    problem.changed_at = confirmation.at
    if answer is ConfirmationAnswer.NOT_FIXED:
        _reopen(by, problem)
    elif set(raiser_ids(problem.id)) <= _said_fixed(problem):
        end(by, problem, Ending.FIXED)
    return confirmation


def _said_fixed(problem: Problem) -> set[int]:
    answers = answers_of(problem.id, problem.round)
    return {person_id for person_id, answer in answers.items() if answer is ConfirmationAnswer.FIXED}


def _reopen(by: Actor, problem: Problem) -> None:
    problem.round += 1
    stop_clock(Purpose.CONFIRMATION, problem.id)
    if official_side(problem):
        # The loop reopens the case in this transaction; until it is dispatched the supervision centre answers.
        problem.official = Official.OPEN
        move(problem, Stage.OFFICIAL)
    else:
        move(problem, Stage.GATHERING)
    note(ProblemReopened(problem.round), by, problem)


@verb
def due_confirmation(by: Actor, problem_id: int) -> None:
    """End a problem whose raisers' time to answer is over: fixed if one of them said so, else unconfirmed."""
    problem = locked(problem_id)
    if problem.stage is not Stage.CONFIRMING:
        return
    end(by, problem, Ending.FIXED if _said_fixed(problem) else Ending.UNCONFIRMED)
