"""How a case begins, begins again, and what happens when whoever has it lets the limit run out."""

from __future__ import annotations

from sqlalchemy import select

from cogov.cases.commands.writing import Hand, Said, hand_on, note, sealed, take, tell
from cogov.cases.events import CallOverdue, CaseOpened, CaseOverdue, CaseRefused, CaseReopened
from cogov.cases.models import Call, Case, Stamp
from cogov.cases.queries.loading import case_for_change, case_of_call, code_of, facts_of, open_case_of
from cogov.cases.rules import ENDED, CallState, CaseState, RefusalReason, StampKind, StepKind
from cogov.cases.rules.dispatch import handling_limit
from cogov.cases.rules.steps import not_yours, why_not_refuse, words_needed
from cogov.duties.commands import stop_clock
from cogov.duties.models import RunningClock
from cogov.duties.queries import calendar_for, duty_item, pauses_of, running
from cogov.duties.rules.clock import Limit
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import Code
from cogov.journal.transaction import verb
from cogov.people.queries import nearest, responsible
from cogov.people.rules import CLOCK, Actor, OrganizationKind
from cogov.places.queries import place_by_id, setting
from cogov.places.rules import Setting
from cogov.problems.commands import next_number
from cogov.problems.queries import locked

UNTIL_HANDLED = frozenset(
    {
        CaseState.REPORTED,
        CaseState.VERIFIED,
        CaseState.ACCEPTED,
        CaseState.FILED,
        CaseState.DISPATCHED,
        CaseState.HANDLING,
    }
)
"""Where a body's no to the resolution behind a case still ends it."""


@verb
def open_case(
    by: Actor,
    *,
    problem_id: int,
    body_id: int | None = None,
    duty_item_id: int | None = None,
    resolution_id: int | None = None,
    emergency: bool | None = None,
) -> Case:
    """Open a case with the supervision centre; a problem has one open case, which a later resolution joins.

    ``body_id`` and ``duty_item_id`` are proposals for the dispatcher. Who opens it is said only where they act for an
    organization: a case names nobody who raised the problem.
    """
    problem = locked(problem_id)
    case = open_case_of(problem_id)
    if case is not None:
        if case.resolution_id is None:
            case.resolution_id = resolution_id
        return case
    code = code_of(problem)
    at = now()
    case = Case(
        number=next_number("case", calendar_for(code).local_day(at).year),
        problem_id=problem.id,
        community_id=problem.community_id,
        resolution_id=resolution_id,
        duty_item_id=duty_item_id,
        body_id=body_id,
        accountable_id=responsible(OrganizationKind.SUPERVISION, code).id,
        state=CaseState.REPORTED,
        emergency=problem.emergency if emergency is None else emergency,
        round=1,
        reworks=0,
        returns=0,
        opened_at=at,
    )
    with unless_taken(Refusal("case_open", say("这个问题已经有一个正在办的案件。"))):
        session().add(case)
    hand = _by_rule(case, by if by.acting else CLOCK, StepKind.OPEN)
    step = note(hand)
    hand_on(hand, CaseState.REPORTED)
    # In an emergency the body that will most likely act hears of it before any centre has looked.
    told = body_id if case.emergency else None
    tell(hand, CaseOpened(case.id, step.id, Code(case.number), resolution_id, told))
    return case


def _by_rule(case: Case, by: Actor, kind: StepKind) -> Hand:
    return Hand(case, facts_of(case), by, by.acting, kind, now())


@verb
def refuse_case(
    by: Actor,
    case_id: int,
    *,
    reason: RefusalReason,
    words: str,
    basis: str = "",
    template: str = "",
    once: str | None = None,
) -> Case:
    """Do not take a case on, or do not file it, with a reason from the list and words.

    The clock does so with ``DECLINED`` when the body has said no to the resolution behind it.
    """
    hand = _declined(case_id) if by.is_clock else take(by, case_id, StepKind.REFUSE, once)
    if by.is_clock:
        insist(None if reason is RefusalReason.DECLINED else not_yours(StepKind.REFUSE))
    insist(why_not_refuse(hand.case.state, reason) if not by.is_clock else None)
    insist(words_needed(words, say("请写明为什么不受理、不立案，提出问题的人会看到。")))
    step = note(hand, Said(words, basis, template=template, reason=reason))
    hand.case.state = CaseState.REFUSED
    stop_clock(Purpose.CASE, hand.case.id)
    tell(hand, CaseRefused(hand.case.id, step.id, sealed(step)))
    return hand.case


def _declined(case_id: int) -> Hand:
    case = case_for_change(CLOCK, case_id)
    insist(None if case.state in UNTIL_HANDLED else Refusal("handled_already", say("案件已经报了处置结果，不再退回。")))
    for call in session().scalars(select(Call).where(Call.case_id == case.id, Call.state == CallState.CALLED)):
        call.state = CallState.RELEASED
        stop_clock(Purpose.CALL, call.id)
    return _by_rule(case, CLOCK, StepKind.REFUSE)


@verb
def reopen_case(by: Actor, case_id: int) -> Case:
    """Begin the next round at the same body, since a raiser said that it is not fixed.

    问题 and 指挥 carry over: that there is a problem and whose it is has been settled, and both were signed by people
    who need not sign again. 责任, 联动 and 反馈 are of this round's work and are awaited anew. Called by what follows
    from the problem, never by a page; the raiser is not named (``by`` stands in the entry before).
    """
    case = case_for_change(CLOCK, case_id)
    closed = case.state is CaseState.CLOSED and case.body_id is not None
    insist(None if closed else Refusal("not_closed", say("案件没有结案，不用重开。")))
    insist(
        None if open_case_of(case.problem_id) is None else Refusal("case_open", say("这个问题已经有一个正在办的案件。"))
    )
    carried = [
        stamp
        for stamp in session().scalars(select(Stamp).where(Stamp.case_id == case.id, Stamp.round == case.round))
        if stamp.kind in {StampKind.PROBLEM, StampKind.COMMAND}
    ]
    case.round += 1
    case.handled_by = case.handled_for = case.inspected_by = case.closed_by = None
    case.closed_at = None
    for stamp in carried:
        session().add(_copy(stamp, case.round))
    hand = _by_rule(case, CLOCK, StepKind.REOPEN)
    step = note(hand, Said(to_id=case.body_id))
    limit, basis = handling_promise(case)
    hand_on(hand, CaseState.DISPATCHED, limit, basis)
    tell(hand, CaseReopened(case.id, step.id, found(case.body_id), case.round))
    return case


def _copy(stamp: Stamp, round_: int) -> Stamp:
    return Stamp(
        case_id=stamp.case_id,
        round=round_,
        kind=stamp.kind,
        person_id=stamp.person_id,
        standing_id=stamp.standing_id,
        organization_id=stamp.organization_id,
        at=stamp.at,
        words=stamp.words,
    )


def handling_promise(case: Case) -> tuple[Limit, str]:
    """Return how long the body has and on what that rests."""
    item = duty_item(case.duty_item_id) if case.duty_item_id else None
    code = place_by_id(case.community_id).code
    limit = handling_limit(
        Limit(item.limit_amount, item.limit_unit) if item else None,
        emergency=case.emergency,
        days=setting(code, Setting.CASE_DAYS),
        emergency_hours=setting(code, Setting.EMERGENCY_TRIAGE_HOURS),
    )
    return limit, f"{item.number} {item.basis}"[:200] if item else ""


@verb
def due_case(by: Actor, case_id: int) -> None:
    """Mark a case late and tell the level above, once for each clock that runs out; who is accountable stays so."""
    case = case_for_change(CLOCK, case_id)
    clock = running(Purpose.CASE, case_id)
    if case.state in ENDED or clock is None or not _has_run_out(clock) or case.overdue_clock_id == clock.id:
        return
    case.overdue_at = case.overdue_at or now()
    case.overdue_clock_id = clock.id
    tell(_by_rule(case, by, StepKind.OPEN), CaseOverdue(case.id, case.accountable_id, level_above(case)))


@verb
def due_call(by: Actor, call_id: int) -> None:
    """Tell the level above, once, that a called body has not answered in time; the call stays open."""
    case = case_for_change(CLOCK, case_of_call(call_id))
    query = for_change(select(Call).where(Call.id == call_id)).execution_options(populate_existing=True)
    call = session().scalars(query).one()
    clock = running(Purpose.CALL, call_id)
    if call.state is not CallState.CALLED or call.overdue_at or clock is None or not _has_run_out(clock):
        return
    call.overdue_at = now()
    tell(
        _by_rule(case, by, StepKind.CALL),
        CallOverdue(case.id, call.id, call.organization_id, level_above(case)),
    )


def _has_run_out(clock: RunningClock) -> bool:
    pauses = pauses_of([clock.id]).get(clock.id, [])
    return clock.due_at <= now() and not any(pause.end is None for pause in pauses)


def level_above(case: Case) -> int | None:
    """Return the street office that is told of what is late."""
    street = nearest(OrganizationKind.STREET, place_by_id(case.community_id).code)
    return street.id if street else None
