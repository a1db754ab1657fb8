"""One case as it is shown: its stamps, steps, calls and clock, and what this actor may do to it and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cogov.cases.models import Call, Case, Stamp, Step
from cogov.cases.queries.loading import (
    calls_of,
    cases_of,
    code_of,
    facts_from,
    picture_wanted,
    stamps_of,
    steps_of,
    who,
)
from cogov.cases.rules import (
    ACTS,
    ENDED,
    CallState,
    CaseState,
    Facts,
    Party,
    RefusalReason,
    StampKind,
    StepKind,
    missing_for_close,
    missing_for_handling,
    standing_for,
    why_not_close,
    why_not_step,
)
from cogov.cases.rules.phrases import ACT, CALL, STAMP, STAMP_BY, STATE, STEP
from cogov.cases.rules.steps import why_not_no_call, why_not_other_side, why_not_return, why_not_same_person
from cogov.duties.models import DutyItem
from cogov.duties.queries import PublicClock, calendar_for, duty_item, public_clocks, running_on
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words
from cogov.people.models import Organization
from cogov.people.queries import ActedFor, acted_for, organization_names
from cogov.people.rules import Actor, Standing
from cogov.problems.models import Problem


@dataclass(frozen=True)
class StampFace:
    """A stamp as the macro of that name wants it; ``at`` is still a moment and ``who`` may be a sentence."""

    kind: StampKind
    label: Words
    state: str
    who: str | Words
    at: datetime | None


@dataclass(frozen=True)
class StepLine:
    """One step as it is read: what, by whom for whom, to whom, when, on what basis, in what words."""

    kind: StepKind
    act: Words
    round: int
    person: str
    organization: str
    to: str
    reason: RefusalReason | None
    at: datetime
    basis: str
    words: str
    picture_id: int | None
    template: str
    reworded: bool


@dataclass(frozen=True)
class CallLine:
    """A called body: what it is asked, until when, how it stands, and whether this actor may answer for it."""

    id: int
    round: int
    organization_id: int
    organization: str
    ask: str
    due_at: datetime
    state: CallState
    state_words: Words
    late: bool
    answer: str
    acting: Standing | None


@dataclass(frozen=True)
class Offer:
    """An act that is this actor's to do: now, or why not yet and what is still missing."""

    kind: StepKind
    label: Words
    acting: Standing
    refusal: Refusal | None
    missing: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class CaseView:
    """Everything that is shown of one case."""

    case: Case
    problem: Problem
    facts: Facts
    state_words: Words
    holder: Organization
    body: Organization | None
    duty: DutyItem | None
    clock: PublicClock | None
    stamps: tuple[StampFace, ...]
    missing: tuple[Refusal, ...]
    steps: tuple[StepLine, ...]
    calls: tuple[CallLine, ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class Panel:
    """The tab 案件 of a dossier: the latest case, and those before it."""

    view: CaseView | None
    earlier: tuple[Case, ...]


def panel(by: Actor, problem: Problem) -> Panel:
    """Return the tab of a dossier."""
    cases = cases_of(by, problem)
    return Panel(case_view(by, cases[0]) if cases else None, tuple(cases[1:]))


def case_view(by: Actor, case: Case) -> CaseView:
    """Return one case as this actor is shown it, in a constant number of queries; loading it was the permission."""
    problem = found(session().get(Problem, case.problem_id))
    code = code_of(problem)
    steps, calls, signed = steps_of(case), calls_of(case), stamps_of(case)
    facts = facts_from(case, code, steps, signed, calls, picture_wanted=picture_wanted(problem))
    people = acted_for([step.standing_id for step in steps])
    names = organization_names(
        [
            case.accountable_id,
            case.body_id,
            *(call.organization_id for call in calls),
            *(step.to_id for step in steps),
            *(stamp.organization_id for stamp in signed),
        ]
    )
    return CaseView(
        case=case,
        problem=problem,
        facts=facts,
        state_words=STATE[case.state],
        holder=names[case.accountable_id],
        body=names.get(case.body_id or 0),
        duty=duty_item(case.duty_item_id) if case.duty_item_id else None,
        clock=_clock(case, code),
        stamps=_faces(case, facts, signed, names),
        missing=missing_for_close(facts) if case.state not in ENDED else (),
        steps=tuple(_line(step, people, names) for step in steps),
        calls=tuple(_call_line(by, call, facts, names) for call in calls),
        offers=_offers(by, facts),
    )


def _clock(case: Case, code: str) -> PublicClock | None:
    clock = running_on(case.problem_id, Purpose.CASE, case.id)
    return public_clocks([clock], calendar_for(code), now())[0] if clock else None


_AWAITED: dict[StampKind, frozenset[CaseState]] = {
    StampKind.PROBLEM: frozenset({CaseState.REPORTED}),
    StampKind.COMMAND: frozenset({CaseState.FILED}),
    StampKind.DUTY: frozenset({CaseState.DISPATCHED}),
    StampKind.JOINT: frozenset({CaseState.HANDLING, CaseState.HANDLED, CaseState.INSPECTED, CaseState.FED_BACK}),
    StampKind.FEEDBACK: frozenset({CaseState.INSPECTED}),
}


def _faces(
    case: Case, facts: Facts, signed: Sequence[Stamp], names: Mapping[int, Organization]
) -> tuple[StampFace, ...]:
    by_kind = {stamp.kind: stamp for stamp in signed}
    return tuple(_face(kind, case, by_kind.get(kind), names) for kind in StampKind)


def _face(kind: StampKind, case: Case, stamp: Stamp | None, names: Mapping[int, Organization]) -> StampFace:
    if stamp is not None:
        organization = names.get(stamp.organization_id or 0)
        return StampFace(kind, STAMP[kind], "signed", _short(organization), stamp.at)
    state = "awaited" if case.state in _AWAITED[kind] else "ahead"
    body = names.get(case.body_id or 0)
    return StampFace(
        kind, STAMP[kind], state, _short(body) if kind is StampKind.DUTY and body else STAMP_BY[kind], None
    )


def _short(organization: Organization | None) -> str:
    return (organization.short_name or organization.name) if organization else ""


def _line(step: Step, people: Mapping[int, ActedFor], names: Mapping[int, Organization]) -> StepLine:
    doer = people.get(step.standing_id or 0)
    to = names.get(step.to_id or 0)
    return StepLine(
        kind=step.kind,
        act=STEP[step.kind],
        round=step.round,
        person=doer.public_name if doer else "",
        organization=doer.organization_name if doer else "",
        to=to.name if to else "",
        reason=step.reason,
        at=step.at,
        basis=step.basis,
        words=step.words,
        picture_id=step.picture_id,
        template=step.template,
        reworded=step.reworded,
    )


def _call_line(by: Actor, call: Call, facts: Facts, names: Mapping[int, Organization]) -> CallLine:
    asked = replace(facts, parties={**facts.parties, Party.CALLED: call.organization_id})
    current = call.round == facts.round and call.state is CallState.CALLED
    free = current and why_not_step(StepKind.ANSWER_CALL, who(by), asked) is None
    return CallLine(
        id=call.id,
        round=call.round,
        organization_id=call.organization_id,
        organization=names[call.organization_id].name,
        ask=call.ask,
        due_at=call.due_at,
        state=call.state,
        state_words=CALL[call.state],
        late=call.state is CallState.CALLED and call.due_at <= now(),
        answer=call.answer,
        acting=standing_for(StepKind.ANSWER_CALL, who(by), asked) if free else None,
    )


def _offers(by: Actor, facts: Facts) -> tuple[Offer, ...]:
    if facts.state in ENDED:
        return ()
    offers = (_offer(kind, by, facts) for kind in ACTS if kind is not StepKind.ANSWER_CALL)
    return tuple(offer for offer in offers if offer is not None)


def _offer(kind: StepKind, by: Actor, facts: Facts) -> Offer | None:
    acting = standing_for(kind, who(by), facts)
    # Whoever may close one day sees from the beginning what is still missing.
    if acting is None or (facts.state not in ACTS[kind].states and kind is not StepKind.CLOSE):
        return None
    missing = missing_for_close(facts) if kind is StepKind.CLOSE else ()
    if kind is StepKind.HANDLE:
        missing = missing_for_handling(facts, "")
    return Offer(kind, ACT[kind], acting, _why_not(kind, by, facts), missing)


def _why_not(kind: StepKind, by: Actor, facts: Facts) -> Refusal | None:
    if kind is StepKind.CLOSE:
        person = why_not_other_side(kind, who(by), facts) or why_not_same_person(kind, who(by), facts)
        return person or why_not_close(facts) or why_not_step(kind, who(by), facts)
    refusal = why_not_step(kind, who(by), facts)
    if kind is StepKind.HANDLE:
        return refusal or next(iter(missing_for_handling(facts, "-", pictured=True)), None)
    if kind is StepKind.RETURN:
        return refusal or why_not_return(facts)
    if kind is StepKind.NO_CALL:
        return refusal or why_not_no_call(facts)
    return refusal
