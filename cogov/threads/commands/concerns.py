"""Raising, answering, overruling and taking back concerns, and what happens when nobody answers in time."""

from __future__ import annotations

from sqlalchemy import func, select

from cogov.duties.commands import start_clock, stop_clock
from cogov.duties.queries import running
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import NotFound, Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import Words, say
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.rules import mask
from cogov.people.queries import nearest
from cogov.people.rules import Actor, OrganizationKind, Role
from cogov.places.queries import setting
from cogov.places.rules import Setting
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id, problem_for_change
from cogov.problems.rules.stages import Stage
from cogov.threads.commands.speaking import Dossier, dossier_of, named, speaking_on, standing_id
from cogov.threads.events import (
    ConcernAnswered,
    ConcernOverdue,
    ConcernOverruled,
    ConcernRaised,
    ConcernWithdrawn,
    OverrulingProposed,
)
from cogov.threads.models import Concern, ConcernAnswer, Solution
from cogov.threads.queries import held, solution_version
from cogov.threads.rules.concerns import (
    REASON_LENGTH,
    SECONDS_OVERRULING,
    ConcernState,
    Held,
    answering_under,
    why_not_agree,
    why_not_answer,
    why_not_overrule,
    why_not_withdraw,
)
from cogov.threads.rules.speaking import as_who

_TAKEN = Refusal("concern_settled", say("别人刚刚处理了这条顾虑。"), what_next=say("请刷新卷宗，看看写了什么。"))


@verb
def raise_concern(
    by: Actor, number: str, *, harm: str, remedy: str, solution_id: int | None = None, once: str | None = None
) -> Concern:
    """Raise a serious concern, about all or one solution: the harm, and what would remove it; its clock starts."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    speaker = speaking_on(by, problem)
    harm = _checked(harm, say("会怎样"))
    remedy = _checked(remedy, say("怎样才放心"))
    if solution_id is not None and found(session().get(Solution, solution_id)).problem_id != problem.id:
        raise NotFound
    last = session().scalar(select(func.max(Concern.number)).where(Concern.problem_id == problem.id)) or 0
    concern = Concern(
        problem_id=problem.id,
        number=last + 1,
        person_id=speaker.person_id,
        standing_id=standing_id(speaker),
        organization_id=speaker.organization_id,
        solution_id=solution_id,
        harm=harm,
        remedy=remedy,
        salt=salt(),
        at=now(),
    )
    session().add(concern)
    session().flush()
    _start_clock(concern, problem)
    _record(ConcernRaised(concern.id, concern.number, commit_to(concern.salt, harm, remedy)), speaker, concern, problem)
    return concern


def _start_clock(concern: Concern, problem: Problem) -> None:
    days = setting(dossier_of(problem).code, Setting.CONCERN_ANSWER_DAYS)
    start_clock(
        Purpose.CONCERN,
        concern.id,
        place_id=problem.community_id,
        problem_id=problem.id,
        promise=Limit(days, LimitUnit.WORKING_DAYS),
        organization_id=problem.accountable_id,
        basis=say("顾虑答复期限").msgid,
    )


@verb
def answer_concern(
    by: Actor, concern_id: int, *, text: str, solution_version_id: int | None = None, once: str | None = None
) -> ConcernAnswer:
    """Answer a concern; the answer may name the solution version that solves it."""
    insist_once(by, once)
    concern, problem, dossier = _for_change(by, concern_id)
    version = solution_version(problem.id, solution_version_id)
    insist(
        why_not_answer(
            by,
            dossier,
            _held(concern),
            own_solution=version is not None and version.author_id == by.person_id,
            version_known=(version is None) == (solution_version_id is None),
        )
    )
    standing = answering_under(by, dossier.code)
    speaker = by.under(standing) if standing else named(as_who(by, dossier.code) or by, problem)
    answer = _add_answer(speaker, concern, _checked(text, say("答复")), solution_version_id)
    _settle(concern, ConcernState.ANSWERED)
    words = commit_to(answer.salt, answer.text)
    _record(ConcernAnswered(concern.id, concern.number, solution_version_id, words), speaker, concern, problem)
    return answer


@verb
def propose_overruling(by: Actor, concern_id: int, *, reason: str, once: str | None = None) -> ConcernAnswer:
    """Propose, as chair, to overrule a concern, with the reason; it stays open until a second person agrees."""
    insist_once(by, once)
    concern, problem, dossier = _for_change(by, concern_id)
    insist(why_not_overrule(by, dossier, _held(concern)))
    chair = by.under(by.standing(dossier.code, Role.CHAIR))
    answer = _add_answer(chair, concern, _checked(reason, say("不采纳的理由")), None, overrules=True)
    words = commit_to(answer.salt, answer.text)
    _record(OverrulingProposed(concern.id, concern.number, words), chair, concern, problem)
    return answer


@verb
def agree_overruling(by: Actor, concern_id: int, *, once: str | None = None) -> ConcernAnswer:
    """Agree, as the second person, to overrule a concern; it is overruled on record with both names."""
    insist_once(by, once)
    concern, problem, dossier = _for_change(by, concern_id)
    insist(why_not_agree(by, dossier, _held(concern)))
    second = by.under(by.standing(dossier.code, *SECONDS_OVERRULING))
    answer = found(_overruling(concern))
    answer.agreed_by, answer.agreed_under, answer.agreed_for = (
        second.person_id,
        standing_id(second),
        second.organization_id,
    )
    answer.agreed_at = now()
    _settle(concern, ConcernState.OVERRULED)
    _record(ConcernOverruled(concern.id, concern.number), second, concern, problem)
    return answer


@verb
def withdraw_concern(by: Actor, concern_id: int, *, once: str | None = None) -> Concern:
    """Take one's own concern back while it waits."""
    insist_once(by, once)
    concern, problem, dossier = _for_change(by, concern_id)
    insist(why_not_withdraw(by, dossier, _held(concern)))
    author = by.under(by.serves(concern.organization_id))
    _settle(concern, ConcernState.WITHDRAWN)
    _record(ConcernWithdrawn(concern.id, concern.number), author, concern, problem)
    return concern


@verb
def due_concern(by: Actor, concern_id: int) -> None:
    """Tell the level above that a concern was not answered in time; it stays open and is never dropped."""
    problem_id = found(session().scalar(select(Concern.problem_id).where(Concern.id == concern_id)))
    problem = locked(problem_id)
    concern = _locked_concern(concern_id)
    clock = running(Purpose.CONCERN, concern_id)
    waits = concern.state is ConcernState.OPEN and concern.overdue_at is None and problem.stage is not Stage.ENDED
    if not waits or clock is None or clock.due_at > now():
        return
    concern.overdue_at = now()
    above = nearest(OrganizationKind.STREET, dossier_of(problem).code)
    _record(ConcernOverdue(concern.id, concern.number, above.id if above else None), by, concern, problem)


def _for_change(by: Actor, concern_id: int) -> tuple[Concern, Problem, Dossier]:
    # Only the id is read before the lock, so that what the rule judges is what stands in the database after it.
    problem_id = found(session().scalar(select(Concern.problem_id).where(Concern.id == concern_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    return _locked_concern(concern_id), problem, dossier_of(problem)


def _locked_concern(concern_id: int) -> Concern:
    return found(session().scalars(for_change(select(Concern).where(Concern.id == concern_id))).one_or_none())


def _overruling(concern: Concern) -> ConcernAnswer | None:
    query = select(ConcernAnswer).where(ConcernAnswer.concern_id == concern.id, ConcernAnswer.overrules)
    return session().scalars(query).one_or_none()


def _held(concern: Concern) -> Held:
    return held(concern, _overruling(concern))


def _checked(text: str, what: Words) -> str:
    text = tidy(text)
    insist(why_not_wording(text, longest=REASON_LENGTH, what=what))
    return mask(text).text


def _add_answer(
    speaker: Actor, concern: Concern, text: str, solution_version_id: int | None, *, overrules: bool = False
) -> ConcernAnswer:
    answer = ConcernAnswer(
        concern_id=concern.id,
        overrules=overrules,
        text=text,
        salt=salt(),
        solution_version_id=solution_version_id,
        person_id=speaker.person_id,
        standing_id=standing_id(speaker),
        organization_id=speaker.organization_id,
        at=now(),
    )
    with unless_taken(_TAKEN):
        session().add(answer)
    return answer


def _settle(concern: Concern, state: ConcernState) -> None:
    concern.state, concern.settled_at = state, now()
    stop_clock(Purpose.CONCERN, concern.id)


def _record(event: Event, by: Actor, concern: Concern, problem: Problem) -> None:
    record(event, by, place_id=problem.community_id, problem_id=problem.id, subject=("concern", concern.id))
