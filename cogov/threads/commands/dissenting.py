"""Those who disagree with an outcome put a minority opinion beside it, and sign it."""

from __future__ import annotations

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import found, session, unless_taken
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.rules import mask
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id
from cogov.threads.commands.speaking import dossier_of, named, standing_id
from cogov.threads.events import MinorityFiled, MinoritySigned, MinorityUnsigned
from cogov.threads.models import MinorityOpinion, MinoritySigner, Outcome
from cogov.threads.rules.minority import (
    HEARD_FOR,
    MINORITY_LEAST,
    MINORITY_LENGTH,
    OutcomeKind,
    already_signed,
    why_not_file,
    why_not_sign,
    why_not_unsign,
)
from cogov.threads.rules.speaking import as_who


@verb
def note_outcome(by: Actor, problem_id: int, kind: OutcomeKind, subject_id: int) -> Outcome:
    """Note that something came out, beside which those who disagree are heard; noting it twice notes it once."""
    query = select(Outcome).where(Outcome.kind == kind, Outcome.subject_id == subject_id)
    outcome = session().scalars(query).one_or_none()
    if outcome is None:
        at = now()
        outcome = Outcome(problem_id=problem_id, kind=kind, subject_id=subject_id, at=at, until=at + HEARD_FOR)
        session().add(outcome)
        session().flush()
    return outcome


@verb
def file_minority(by: Actor, outcome_id: int, *, text: str, once: str | None = None) -> MinorityOpinion:
    """Put a minority opinion beside an outcome; who writes it is the first to sign."""
    insist_once(by, once)
    outcome, problem = _for_change(by, outcome_id)
    code, signed = dossier_of(problem).code, _signature(by, outcome.id) is not None
    filed = _filed(by, outcome.id)
    insist(why_not_file(by, code, hidden=problem.hidden, until=outcome.until, at=now(), signed=signed, filed=filed))
    text = tidy(text)
    what = say("少数意见（至少 {n} 个字）", n=MINORITY_LEAST)
    insist(why_not_wording(text, least=MINORITY_LEAST, longest=MINORITY_LENGTH, what=what))
    speaker = named(as_who(by, code) or by, problem)
    of_outcome = select(func.max(MinorityOpinion.number)).where(MinorityOpinion.outcome_id == outcome.id)
    opinion = MinorityOpinion(
        outcome_id=outcome.id,
        number=(session().scalar(of_outcome) or 0) + 1,
        text=mask(text).text,
        salt=salt(),
        person_id=speaker.person_id,
        standing_id=standing_id(speaker),
        organization_id=speaker.organization_id,
        at=now(),
    )
    session().add(opinion)
    session().flush()
    _add_signer(speaker, opinion)
    words = commit_to(opinion.salt, opinion.text)
    _record(MinorityFiled(opinion.id, opinion.number, outcome.kind, words), speaker, opinion, problem)
    return opinion


@verb
def sign_minority(by: Actor, opinion_id: int, *, once: str | None = None) -> MinorityOpinion:
    """Stand behind a minority opinion of somebody else."""
    insist_once(by, once)
    opinion = found(session().get(MinorityOpinion, opinion_id))
    outcome, problem = _for_change(by, opinion.outcome_id)
    code, signed = dossier_of(problem).code, _signature(by, outcome.id) is not None
    insist(why_not_sign(by, code, hidden=problem.hidden, until=outcome.until, at=now(), signed=signed))
    speaker = named(as_who(by, code) or by, problem)
    _add_signer(speaker, opinion)
    _record(MinoritySigned(opinion.id, opinion.number), speaker, opinion, problem)
    return opinion


@verb
def unsign_minority(by: Actor, opinion_id: int, *, once: str | None = None) -> MinorityOpinion:
    """Take one's name from a minority opinion, while such opinions are taken."""
    insist_once(by, once)
    opinion = found(session().get(MinorityOpinion, opinion_id))
    outcome, problem = _for_change(by, opinion.outcome_id)
    signature = _signature(by, outcome.id)
    signed = signature is not None and signature.opinion_id == opinion.id
    insist(why_not_unsign(by, signed=signed, until=outcome.until, at=now()))
    signature = found(signature)
    own = by.under(by.serves(signature.organization_id))
    session().delete(signature)
    session().flush()
    _record(MinorityUnsigned(opinion.id, opinion.number), own, opinion, problem)
    return opinion


def _for_change(by: Actor, outcome_id: int) -> tuple[Outcome, Problem]:
    outcome = found(session().get(Outcome, outcome_id))
    problem_by_id(by, outcome.problem_id)
    return outcome, locked(outcome.problem_id)


def _filed(by: Actor, outcome_id: int) -> bool:
    query = select(MinorityOpinion.id).where(
        MinorityOpinion.outcome_id == outcome_id, MinorityOpinion.person_id == by.person_id
    )
    return session().scalars(query.limit(1)).first() is not None


def _signature(by: Actor, outcome_id: int) -> MinoritySigner | None:
    query = select(MinoritySigner).where(
        MinoritySigner.outcome_id == outcome_id, MinoritySigner.person_id == by.person_id
    )
    return session().scalars(query).one_or_none()


def _add_signer(speaker: Actor, opinion: MinorityOpinion) -> None:
    signer = MinoritySigner(
        outcome_id=opinion.outcome_id,
        opinion_id=opinion.id,
        person_id=speaker.person_id,
        standing_id=standing_id(speaker),
        organization_id=speaker.organization_id,
        at=now(),
    )
    with unless_taken(already_signed()):
        session().add(signer)


def _record(event: Event, by: Actor, opinion: MinorityOpinion, problem: Problem) -> None:
    subject = ("minority_opinion", opinion.id)
    record(event, by, place_id=problem.community_id, problem_id=problem.id, subject=subject)
