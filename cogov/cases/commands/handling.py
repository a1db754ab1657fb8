"""What the command centre and the bodies do: dispatch, acknowledge or return, call and answer, handle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from cogov.cases.commands.opening import handling_promise
from cogov.cases.commands.writing import Hand, Said, hand_on, note, sealed, sign, take, tell, waiting_limit, withdraw
from cogov.cases.events import (
    BodyCalled,
    CallAnswered,
    CallNotNeeded,
    CaseAcknowledged,
    CaseDispatched,
    CaseHandled,
    CaseReturned,
)
from cogov.cases.models import Call, Case
from cogov.cases.queries.loading import case_of_call
from cogov.cases.rules import CallState, CaseState, Party, StampKind, StepKind, missing_for_handling
from cogov.cases.rules.dispatch import Cited, Target, triage_limit, why_not_call, why_not_dispatch, why_not_uncited
from cogov.cases.rules.steps import why_not_no_call, why_not_return, words_needed
from cogov.duties.commands import start_clock, stop_clock
from cogov.duties.models import DutyItem
from cogov.duties.queries import calendar_for, duty_item, items_for
from cogov.duties.rules.duty import ListItem
from cogov.duties.rules.purpose import Purpose
from cogov.files.commands import keep_picture
from cogov.files.rules import Drawn, draw_anew
from cogov.ground.db import found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import salt
from cogov.journal.transaction import verb
from cogov.people.models import Organization
from cogov.people.queries import holders, organization
from cogov.people.rules import Actor, Role
from cogov.places.queries import place_by_id, setting
from cogov.places.rules import Setting
from cogov.problems.models import Problem


def _target(row: Organization, code: str) -> Target:
    staffed = row.ended_at is None and bool(holders(Role.OFFICIAL, code, row.id))
    return Target(row.id, row.kind, row.scope, staffed)


def _cited(item: DutyItem, level: Target) -> Cited:
    return Cited(
        ListItem(item.id, item.list_kind, level.level, item.valid_from, item.valid_to), item.organization_id, item.scope
    )


@verb
def dispatch_case(
    by: Actor,
    case_id: int,
    *,
    body_id: int,
    duty_item_id: int | None = None,
    words: str = "",
    basis: str = "",
    template: str = "",
    once: str | None = None,
) -> Case:
    """Give the case to a body, citing an item of its duty list or saying why: stamp 指挥; the body's clock starts."""
    hand = take(by, case_id, StepKind.DISPATCH, once)
    case, code = hand.case, hand.facts.code
    target = _target(organization(body_id), code)
    if duty_item_id is None:
        duty_item_id = _item_in_force(hand, body_id)
    cited = _cited(duty_item(duty_item_id), target) if duty_item_id is not None else None
    insist(why_not_dispatch(target, code, cited, words, calendar_for(code).local_day(hand.at)))
    case.body_id, case.duty_item_id = body_id, duty_item_id
    step = note(hand, Said(words, basis, to_id=body_id, template=template))
    sign(hand, StampKind.COMMAND)
    limit, rests_on = handling_promise(case)
    due_at = hand_on(hand, CaseState.DISPATCHED, limit, rests_on or basis[:200])
    tell(hand, CaseDispatched(case.id, step.id, body_id, due_at))
    return case


def _item_in_force(hand: Hand, body_id: int) -> int | None:
    """Return the body's own item for the matter: its limit binds also where the dispatch does not cite it."""
    matter_id = found(session().get(Problem, hand.case.problem_id)).matter_id
    if matter_id is None:
        return None
    code = hand.facts.code
    items = items_for(matter_id, code, calendar_for(code).local_day(hand.at))
    own = [item for item in items if item.organization_id == body_id]
    insist(why_not_uncited(len(own), own[0].number if own else ""))
    return own[0].id if own else None


@verb
def acknowledge_case(
    by: Actor, case_id: int, *, words: str = "", basis: str = "", template: str = "", once: str | None = None
) -> Case:
    """Take the case as one's own: stamp 责任. The clock runs on, it started with the dispatch."""
    hand = take(by, case_id, StepKind.ACKNOWLEDGE, once)
    step = note(hand, Said(words, basis, template=template))
    sign(hand, StampKind.DUTY)
    hand.case.state = CaseState.HANDLING
    tell(hand, CaseAcknowledged(hand.case.id, step.id, found(hand.case.body_id)))
    return hand.case


@verb
def return_case(
    by: Actor, case_id: int, *, words: str, basis: str = "", template: str = "", once: str | None = None
) -> Case:
    """Return the case with an objection: it goes back to the command centre and 指挥 is withdrawn."""
    hand = take(by, case_id, StepKind.RETURN, once)
    insist(why_not_return(hand.facts))
    insist(words_needed(words, say("请写明异议：为什么不归您单位，应该归谁。")))
    step = note(hand, Said(words, basis, template=template))
    body_id = found(hand.case.body_id)
    withdraw(hand.case, StampKind.COMMAND)
    hand.case.returns += 1
    hand.case.body_id = hand.case.duty_item_id = None
    hand_on(hand, CaseState.FILED)
    tell(hand, CaseReturned(hand.case.id, step.id, body_id, sealed(step)))
    return hand.case


@verb
def call_bodies(
    by: Actor,
    case_id: int,
    *,
    organization_ids: Iterable[int],
    ask: str,
    basis: str = "",
    template: str = "",
    once: str | None = None,
) -> list[Call]:
    """Call bodies to help (吹哨); each has its own clock, and 联动 waits for all of them."""
    hand = take(by, case_id, StepKind.CALL, once)
    insist(words_needed(ask, say("请写明请它们做什么。")))
    chosen = list(dict.fromkeys(organization_ids))
    insist(None if chosen else Refusal("nobody_called", say("请至少选一个单位。"), status=422))
    # A call after the stamp means that the joint work is not done yet.
    withdraw(hand.case, StampKind.JOINT)
    said = Said(ask, basis, template=template)
    return [_call(hand, organization(each), said) for each in chosen]


def _call(hand: Hand, body: Organization, said: Said) -> Call:
    case, code = hand.case, hand.facts.code
    query = select(Call.organization_id).where(Call.case_id == case.id, Call.round == case.round)
    taken = {*session().scalars(query), case.body_id, hand.facts.parties[Party.SUPERVISION]} - {None}
    insist(why_not_call(_target(body, code), code, {each for each in taken if each is not None}))
    step = note(hand, replace(said, to_id=body.id))
    call = Call(
        case_id=case.id,
        round=case.round,
        organization_id=body.id,
        ask=said.words.strip(),
        salt=salt(),
        called_by=found(hand.by.person_id),
        called_at=hand.at,
        due_at=hand.at,
        state=CallState.CALLED,
    )
    with unless_taken(Refusal("called_already", say("这一轮已经吹过哨。"))):
        session().add(call)
    limit = (
        waiting_limit(case)
        if case.emergency
        else triage_limit(setting(place_by_id(case.community_id).code, Setting.CALL_HOURS))
    )
    clock = start_clock(
        Purpose.CALL,
        call.id,
        place_id=case.community_id,
        problem_id=case.problem_id,
        promise=limit,
        organization_id=body.id,
        basis=said.basis[:200],
    )
    call.due_at = clock.due_at
    tell(hand, BodyCalled(case.id, step.id, call.id, body.id, call.due_at))
    return call


@verb
def answer_call(
    by: Actor, call_id: int, *, words: str, basis: str = "", template: str = "", once: str | None = None
) -> Call:
    """Answer a call with what was done; the last answer of the round puts 联动."""
    case_id = case_of_call(call_id)
    called_id = found(session().scalar(select(Call.organization_id).where(Call.id == call_id)))
    hand = take(by, case_id, StepKind.ANSWER_CALL, once, called_id)
    call = session().scalars(select(Call).where(Call.id == call_id).execution_options(populate_existing=True)).one()
    insist(_why_not_answer(call, hand.case))
    insist(words_needed(words, say("请写明您单位做了什么，或为什么不该由您单位做。")))
    step = note(hand, Said(words, basis, template=template))
    call.state, call.answer = CallState.ANSWERED, words.strip()
    call.answered_by, call.answered_at = by.person_id, hand.at
    stop_clock(Purpose.CALL, call.id)
    session().flush()
    if not _waiting(hand.case) and StampKind.JOINT not in hand.facts.stamps:
        sign(hand, StampKind.JOINT)
    tell(hand, CallAnswered(hand.case.id, step.id, call.id, call.organization_id, sealed(step)))
    return call


def _why_not_answer(call: Call, case: Case) -> Refusal | None:
    if call.state is CallState.CALLED and call.round == case.round:
        return None
    return Refusal(
        "call_settled",
        say("这次吹哨已经答复过，或已经不再等待。"),
        what_next=say("要补充情况，请在卷宗里说明。"),
    )


def _waiting(case: Case) -> list[Call]:
    query = select(Call).where(Call.case_id == case.id, Call.round == case.round, Call.state == CallState.CALLED)
    return list(session().scalars(query.order_by(Call.id)))


@verb
def no_call_needed(
    by: Actor, case_id: int, *, words: str, basis: str = "", template: str = "", once: str | None = None
) -> Case:
    """Record why no (further) body is needed: stamp 联动 by the dispatcher; late calls are waited for no longer."""
    hand = take(by, case_id, StepKind.NO_CALL, once)
    insist(why_not_no_call(hand.facts))
    insist(words_needed(words, say("请写明为什么不需要联动。")))
    step = note(hand, Said(words, basis, template=template))
    for call in _waiting(hand.case):
        call.state = CallState.RELEASED
        stop_clock(Purpose.CALL, call.id)
    sign(hand, StampKind.JOINT, words)
    tell(hand, CallNotNeeded(hand.case.id, step.id, sealed(step)))
    return hand.case


def handle_case(
    by: Actor,
    case_id: int,
    *,
    words: str,
    basis: str = "",
    picture: bytes | None = None,
    folder: Path | None = None,
    no_picture: bool = False,
    template: str = "",
    once: str | None = None,
) -> Case:
    """Report the result, with a picture of it (drawn anew before anything is locked, kept in ``folder``).

    ``no_picture``: none is possible, and the words say why.
    """
    drawn = draw_anew(picture) if picture else None
    return _handle(by, case_id, Said(words, basis, template=template), _After(drawn, folder, excused=no_picture), once)


@dataclass(frozen=True)
class _After:
    drawn: Drawn | None
    folder: Path | None
    excused: bool


@verb
def _handle(by: Actor, case_id: int, said: Said, after: _After, once: str | None) -> Case:
    hand = take(by, case_id, StepKind.HANDLE, once)
    pictured = after.drawn is not None or after.excused
    insist(next(iter(missing_for_handling(hand.facts, said.words, pictured=pictured)), None))
    if after.drawn is not None and after.folder is not None:
        kept = keep_picture(hand.by, after.drawn, after.folder, problem_id=hand.case.problem_id)
        said = replace(said, picture_id=kept.id)
    step = note(hand, said)
    hand.case.handled_by, hand.case.handled_for = by.person_id, hand.organization_id
    hand_on(hand, CaseState.HANDLED)
    tell(hand, CaseHandled(hand.case.id, step.id, sealed(step)))
    return hand.case
