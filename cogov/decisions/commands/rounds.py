"""Open rounds: asked, answered openly, summed up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from cogov.decisions.events import RoundAnswered, RoundClosed, RoundOpened
from cogov.decisions.models import OpenRound, RoundAnswer
from cogov.decisions.queries.rounds import (
    answer_of,
    concerns_waiting,
    open_rounds,
    round_for,
    standing_of,
    why_not_open,
)
from cogov.decisions.rules.rounds import (
    FACILITATORS,
    NO_REASON,
    Reason,
    RoundChoice,
    RoundKind,
    voice_of,
    why_not_answer,
    why_not_ask,
    why_not_block_again,
    why_not_choose,
    why_not_close,
)
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.rules import mask
from cogov.people.rules import Actor
from cogov.people.rules.keeping import why_not_take_part
from cogov.problems.commands import name_under_lock
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for_change
from cogov.threads.commands import raise_concern
from cogov.threads.queries import dossier_of
from cogov.threads.rules.speaking import why_not_written_on


@verb
def open_round(
    by: Actor, number: str, *, kind: RoundKind, question: str, closes_at: datetime, once: str | None = None
) -> OpenRound:
    """Ask everybody of the place one question in the dossier, to be answered openly until an announced hour."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    dossier = dossier_of(problem)
    insist(why_not_open(by, problem))
    by, question = by.under(by.standing(dossier.code, *FACILITATORS)), mask(tidy(question)).text
    insist(why_not_ask(question, closes_at=closes_at, at=now(), open_now=open_rounds(problem.id)))
    asked = OpenRound(
        problem_id=problem.id,
        community_id=problem.community_id,
        kind=kind,
        question=question,
        salt=salt(),
        person_id=found(by.person_id),
        organization_id=by.organization_id,
        opened_at=now(),
        closes_at=closes_at,
        summary="",
    )
    session().add(asked)
    session().flush()
    _record(RoundOpened(asked.id, kind, closes_at, commit_to(asked.salt, question)), by, asked)
    return asked


@verb
def answer_round(
    by: Actor, round_id: int, *, choice: RoundChoice, reason: Reason = NO_REASON, once: str | None = None
) -> RoundAnswer:
    """Answer openly, with the name one has on the dossier; answering again replaces one's answer."""
    insist_once(by, once)
    asked, problem = _for_change(by, round_id)
    dossier = dossier_of(problem)
    insist(why_not_answer(by, standing_of(asked, dossier.code), now()))
    insist(why_not_take_part(by, dossier.code) or why_not_written_on(dossier) or why_not_choose(asked.kind, choice))
    by = by.under(None)
    name_under_lock(problem.id, found(by.person_id))
    answer = answer_of(asked.id, by.person_id) or RoundAnswer(round_id=asked.id, person_id=by.person_id)
    if choice is not RoundChoice.BLOCK:
        answer.concern_id = None
    elif answer.concern_id is None:
        insist(why_not_block_again(concerns_waiting(asked, by.person_id)))
        answer.concern_id = raise_concern(by, problem.number, harm=reason.harm, remedy=reason.remedy).id
    answer.voice, answer.answer, answer.at = found(voice_of(by, dossier.code)), choice, now()
    session().add(answer)
    session().flush()
    _record(RoundAnswered(asked.id, choice), by, asked)
    return answer


@verb
def close_round(by: Actor, round_id: int, *, summary: str, once: str | None = None) -> OpenRound:
    """End a round, before its hour or after it, and say what was heard."""
    insist_once(by, once)
    asked, problem = _for_change(by, round_id)
    code, summary = dossier_of(problem).code, mask(tidy(summary)).text
    insist(why_not_close(by, standing_of(asked, code), summary))
    by = by.under(by.standing(code, *FACILITATORS))
    asked.summary, asked.closed_at, asked.closed_by = summary, now(), by.person_id
    session().flush()
    answers = session().scalar(select(func.count()).where(RoundAnswer.round_id == asked.id)) or 0
    _record(RoundClosed(asked.id, answers, commit_to(asked.salt, summary)), by, asked)
    return asked


def _for_change(by: Actor, round_id: int) -> tuple[OpenRound, Problem]:
    # Whoever answers and whoever closes wait for each other at the problem, as all its acts do.
    problem = problem_for_change(by, round_for(by, round_id)[1].number)
    query = for_change(select(OpenRound).where(OpenRound.id == round_id))
    return found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none()), problem


def _record(event: Event, by: Actor, asked: OpenRound) -> None:
    record(event, by, place_id=asked.community_id, problem_id=asked.problem_id, subject=("round", asked.id))
