"""The one appeal of a raiser against a triage, and the answer of the level above."""

from __future__ import annotations

from sqlalchemy import select

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
from cogov.problems.commands.moving import answering, note, run
from cogov.problems.commands.triaging import triage_anew
from cogov.problems.events import AppealAnswered, AppealOverdue, TriageAppealed
from cogov.problems.models import TriageAppeal
from cogov.problems.queries import facts_of, locked, problem_for_change
from cogov.problems.rules.acts import publishable, why_not_answer, why_not_appeal, why_not_needed_words
from cogov.problems.rules.stages import AppealOutcome


@verb
def appeal_triage(by: Actor, number: str, *, words: str, once: str | None = None) -> TriageAppeal:
    """Appeal against a triage, once; the street office answers within its limit."""
    problem = problem_for_change(by, number)
    facts = facts_of(by, problem)
    insist(why_not_appeal(by, facts, at=now()))
    insist(why_not_needed_words(words))
    insist_once(by, once)
    street = answering(OrganizationKind.STREET, facts.code)
    appeal = TriageAppeal(
        problem_id=problem.id,
        person_id=found(by.person_id),
        words=publishable(words.strip()),
        salt=salt(),
        at=now(),
        organization_id=street.id,
    )
    with unless_taken(Refusal("already_appealed", say("对这次分流已经申诉过一次。"))):
        session().add(appeal)
    run(Purpose.APPEAL, problem, Setting.APPEAL_ANSWER_DAYS, LimitUnit.WORKING_DAYS, organization_id=street.id)
    problem.changed_at = appeal.at
    note(TriageAppealed(appeal.id, commit_to(appeal.salt, appeal.words)), by, problem)
    return appeal


@verb
def answer_appeal(
    by: Actor, number: str, *, outcome: AppealOutcome, words: str, once: str | None = None
) -> TriageAppeal:
    """Answer an appeal: the triage stands, or the problem is triaged anew (an ending it had is lifted)."""
    problem = problem_for_change(by, number)
    facts = facts_of(by, problem)
    insist(why_not_answer(by, facts, outcome))
    insist(why_not_needed_words(words))
    insist_once(by, once)
    by = by.under(by.standing(facts.code, Role.STREET_OFFICE))
    appeal = session().scalars(select(TriageAppeal).where(TriageAppeal.problem_id == problem.id)).one()
    appeal.outcome, appeal.answer = outcome, words.strip()
    appeal.answered_by, appeal.answered_at = by.person_id, now()
    stop_clock(Purpose.APPEAL, problem.id)
    problem.changed_at = appeal.answered_at
    note(AppealAnswered(appeal.id, outcome, commit_to(appeal.salt, appeal.answer)), by, problem)
    if outcome is AppealOutcome.GRANTED:
        triage_anew(by, problem)
    return appeal


@verb
def due_appeal(by: Actor, problem_id: int) -> None:
    """Make the street office that did not answer in time accountable for the problem, in public."""
    problem = locked(problem_id)
    appeal = (
        session()
        .scalars(select(TriageAppeal).where(TriageAppeal.problem_id == problem_id, TriageAppeal.outcome.is_(None)))
        .one_or_none()
    )
    if appeal is None:
        return
    street = answering(OrganizationKind.STREET, place_by_id(problem.community_id).code)
    problem.accountable_id, problem.changed_at = street.id, now()
    note(AppealOverdue(appeal.id, street.id), by, problem)
