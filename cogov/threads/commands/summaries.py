"""Writing what stands on top of a discussion, proposing another version of it, and answering minutes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import Words, say
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.commands import uncover
from cogov.moderation.rules import SubjectKind, mask
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id, problem_for_change
from cogov.threads.commands.speaking import dossier_of, named, standing_id
from cogov.threads.events import (
    MinutesEndorsed,
    MinutesObjected,
    SummaryAccepted,
    SummaryDeclined,
    SummaryProposed,
    SummaryWritten,
)
from cogov.threads.models import Message, MinutesAnswer, SummarySource, SummaryVersion
from cogov.threads.rules.messages import MessageState
from cogov.threads.rules.speaking import as_who
from cogov.threads.rules.summaries import (
    REASON_LENGTH,
    SUMMARY_LENGTH,
    Proposal,
    SummaryKind,
    SummaryState,
    why_not_answer_minutes,
    why_not_decide,
    why_not_propose,
    why_not_sources,
    why_not_upon,
    why_not_write,
    writing_under,
)

_MEANWHILE = Refusal("summary_moved_on", say("别人刚刚写了新的一版。"), what_next=say("请看看新的一版再写。"))


@verb
def write_summary(
    by: Actor,
    number: str,
    *,
    kind: SummaryKind,
    text: str,
    base: int,
    sources: Sequence[int] = (),
    once: str | None = None,
) -> SummaryVersion:
    """Give the summary of a discussion a new version, or put minutes there that who takes part answers."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    dossier = dossier_of(problem)
    insist(why_not_write(by, dossier))
    current = _current(problem.id)
    insist(why_not_upon(base, current))
    writer = by.under(writing_under(by, dossier.code))
    version = _add(writer, problem, kind, _checked(text, SUMMARY_LENGTH, say("总结")), base, number=current + 1)
    _add_sources(version, sources)
    words = commit_to(version.salt, version.text)
    _record(SummaryWritten(version.id, current + 1, kind, words), writer, version, problem)
    return version


@verb
def propose_summary(
    by: Actor, number: str, *, text: str, base: int, sources: Sequence[int] = (), once: str | None = None
) -> SummaryVersion:
    """Propose another version of the summary to who keeps it."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    dossier = dossier_of(problem)
    insist(why_not_propose(by, dossier, waiting=_waiting(problem.id, by)))
    insist(why_not_upon(base, _current(problem.id)))
    speaker = named(as_who(by, dossier.code) or by, problem)
    version = _add(speaker, problem, SummaryKind.SUMMARY, _checked(text, SUMMARY_LENGTH, say("总结")), base)
    _add_sources(version, sources)
    _record(SummaryProposed(version.id, commit_to(version.salt, version.text)), speaker, version, problem)
    return version


@verb
def accept_summary(by: Actor, summary_id: int, *, base: int, once: str | None = None) -> SummaryVersion:
    """Make a proposed version the summary; ``base`` is the version that who accepts has seen it beside."""
    insist_once(by, once)
    version, problem, keeper = _to_decide(by, summary_id)
    current = _current(problem.id)
    insist(why_not_upon(base, current))
    with unless_taken(_MEANWHILE):
        version.number, version.state = current + 1, SummaryState.STANDING
    _decided(version, keeper)
    _record(SummaryAccepted(version.id, current + 1), keeper, version, problem)
    return version


@verb
def decline_summary(by: Actor, summary_id: int, *, reason: str, once: str | None = None) -> SummaryVersion:
    """Decline a proposed version, with a reason that everybody can read."""
    insist_once(by, once)
    version, problem, keeper = _to_decide(by, summary_id)
    version.reason = _checked(reason, REASON_LENGTH, say("不采用的理由"))
    version.state = SummaryState.DECLINED
    _decided(version, keeper)
    _record(SummaryDeclined(version.id, commit_to(version.salt, version.reason)), keeper, version, problem)
    return version


@verb
def answer_minutes(
    by: Actor, summary_id: int, *, endorses: bool, reason: str = "", once: str | None = None
) -> MinutesAnswer:
    """Endorse minutes, or object to them and say why; whoever answers again changes their answer."""
    insist_once(by, once)
    version, problem = _for_change(by, summary_id)
    dossier = dossier_of(problem)
    insist(why_not_answer_minutes(by, dossier, version.kind, version.person_id))
    reason = _checked(reason, REASON_LENGTH, say("哪里不对"), least=0 if endorses else 1)
    speaker = named(as_who(by, dossier.code) or by, problem)
    query = select(MinutesAnswer).where(
        MinutesAnswer.summary_version_id == version.id, MinutesAnswer.person_id == by.person_id
    )
    answer = session().scalars(query).one_or_none()
    if answer is None:
        answer = MinutesAnswer(summary_version_id=version.id, person_id=speaker.person_id)
    answer.standing_id, answer.organization_id = standing_id(speaker), speaker.organization_id
    answer.endorses, answer.reason, answer.salt, answer.at = endorses, reason, salt(), now()
    with unless_taken(Refusal("answered_meanwhile", say("您刚刚已经表过态了。"))):
        session().add(answer)
    uncover(SubjectKind.OBJECTION, answer.id, ["reason"])  # what was taken down before is not what is said now
    event = (
        MinutesEndorsed(version.id, version.number or 0)
        if endorses
        else MinutesObjected(version.id, version.number or 0, commit_to(answer.salt, reason))
    )
    _record(event, speaker, version, problem)
    return answer


def _current(problem_id: int) -> int:
    """Return the number of the version that stands, 0 for none; the problem is locked."""
    return session().scalar(select(func.max(SummaryVersion.number)).where(SummaryVersion.problem_id == problem_id)) or 0


def _waiting(problem_id: int, by: Actor) -> int:
    query = select(func.count()).where(
        SummaryVersion.problem_id == problem_id,
        SummaryVersion.person_id == by.person_id,
        SummaryVersion.state == SummaryState.PROPOSED,
    )
    return session().scalar(query) or 0


def _add(
    speaker: Actor, problem: Problem, kind: SummaryKind, text: str, base: int, number: int | None = None
) -> SummaryVersion:
    version = SummaryVersion(
        problem_id=problem.id,
        number=number,
        kind=kind,
        state=SummaryState.PROPOSED if number is None else SummaryState.STANDING,
        text=text,
        salt=salt(),
        base=base,
        person_id=speaker.person_id,
        standing_id=standing_id(speaker),
        organization_id=speaker.organization_id,
        at=now(),
    )
    with unless_taken(_MEANWHILE):
        session().add(version)
    return version


def _add_sources(version: SummaryVersion, sources: Sequence[int]) -> None:
    asked = tuple(dict.fromkeys(sources))
    insist(why_not_sources(len(asked), len(asked)))  # before any number of them is looked for
    standing = select(func.count()).where(
        Message.id.in_(asked), Message.problem_id == version.problem_id, Message.state == MessageState.SHOWN
    )
    insist(why_not_sources((session().scalar(standing) or 0) if asked else 0, len(asked)))
    session().add_all(SummarySource(summary_version_id=version.id, message_id=each) for each in asked)


def _to_decide(by: Actor, summary_id: int) -> tuple[SummaryVersion, Problem, Actor]:
    version, problem = _for_change(by, summary_id)
    dossier = dossier_of(problem)
    insist(why_not_decide(by, dossier, Proposal(version.state, version.person_id)))
    return version, problem, by.under(writing_under(by, dossier.code))


def _decided(version: SummaryVersion, keeper: Actor) -> None:
    version.decided_by, version.decided_under = keeper.person_id, standing_id(keeper)
    version.decided_for, version.decided_at = keeper.organization_id, now()


def _for_change(by: Actor, summary_id: int) -> tuple[SummaryVersion, Problem]:
    query = select(SummaryVersion.problem_id).where(SummaryVersion.id == summary_id)
    problem_id = found(session().scalar(query))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    held = for_change(select(SummaryVersion).where(SummaryVersion.id == summary_id))
    return found(session().scalars(held).one_or_none()), problem


def _checked(text: str, longest: int, what: Words, *, least: int = 1) -> str:
    text = tidy(text)
    insist(why_not_wording(text, longest=longest, least=least, what=what))
    return mask(text).text


def _record(event: Event, by: Actor, version: SummaryVersion, problem: Problem) -> None:
    record(event, by, place_id=problem.community_id, problem_id=problem.id, subject=("summary", version.id))
