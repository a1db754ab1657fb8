"""What the supervision centre does: verify, accept, file; inspect, feed back, close."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from cogov.cases.commands.writing import Hand, Said, hand_on, note, sealed, sign, take, tell
from cogov.cases.events import (
    CaseAccepted,
    CaseClosed,
    CaseFedBack,
    CaseFiled,
    CaseInspected,
    CaseVerified,
    ReworkOrdered,
)
from cogov.cases.models import Case
from cogov.cases.rules import CaseState, StampKind, StepKind, why_not_close
from cogov.cases.rules.dispatch import rework_due
from cogov.cases.rules.steps import words_needed
from cogov.duties.commands import stop_clock
from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import verb
from cogov.people.rules import Actor


@verb
def verify_case(
    by: Actor,
    case_id: int,
    *,
    words: str = "",
    basis: str = "",
    template: str = "",
    once: str | None = None,
) -> Case:
    """Say that the report is so: stamp 问题."""
    hand = take(by, case_id, StepKind.VERIFY, once)
    step = note(hand, Said(words, basis, template=template))
    sign(hand, StampKind.PROBLEM)
    hand_on(hand, CaseState.VERIFIED)
    tell(hand, CaseVerified(hand.case.id, step.id, hand.case.round))
    return hand.case


@verb
def accept_case(
    by: Actor, case_id: int, *, words: str = "", basis: str = "", template: str = "", once: str | None = None
) -> Case:
    """Take the case on (受理)."""
    hand = take(by, case_id, StepKind.ACCEPT, once)
    step = note(hand, Said(words, basis, template=template))
    hand_on(hand, CaseState.ACCEPTED)
    tell(hand, CaseAccepted(hand.case.id, step.id))
    return hand.case


@verb
def file_case(
    by: Actor, case_id: int, *, words: str = "", basis: str = "", template: str = "", once: str | None = None
) -> Case:
    """File the case (立案) and hand it to the command centre."""
    hand = take(by, case_id, StepKind.FILE, once)
    step = note(hand, Said(words, basis, template=template))
    hand_on(hand, CaseState.FILED)
    tell(hand, CaseFiled(hand.case.id, step.id))
    return hand.case


@verb
def pass_case(
    by: Actor,
    case_id: int,
    *,
    words: str = "",
    basis: str = "",
    template: str = "",
    once: str | None = None,
) -> Case:
    """Find the matter settled."""
    hand = take(by, case_id, StepKind.PASS, once)
    step = note(hand, Said(words, basis, template=template))
    hand.case.inspected_by = by.person_id
    hand_on(hand, CaseState.INSPECTED)
    tell(hand, CaseInspected(hand.case.id, step.id))
    return hand.case


@verb
def rework_case(
    by: Actor, case_id: int, *, words: str, basis: str = "", template: str = "", once: str | None = None
) -> Case:
    """Find the matter not settled and send it back; the promise does not begin again."""
    hand = take(by, case_id, StepKind.REWORK, once)
    insist(words_needed(words, say("请写明哪里没有处置好，承办单位要照着返工。")))
    step = note(hand, Said(words, basis, to_id=hand.case.body_id, template=template))
    hand.case.reworks += 1
    due_at, kept = _promise_left(hand)
    hand_on(hand, CaseState.HANDLING, due_at, kept)
    tell(hand, ReworkOrdered(hand.case.id, step.id, hand.case.reworks, sealed(step)))
    return hand.case


def _promise_left(hand: Hand) -> tuple[datetime, str]:
    """Return when reworked work is due: the body's own promise, moved by the time that the inspection took."""
    query = select(RunningClock).where(
        RunningClock.purpose == Purpose.CASE,
        RunningClock.subject_id == hand.case.id,
        RunningClock.organization_id == hand.case.body_id,
    )
    promise = session().scalars(query.order_by(RunningClock.id.desc()).limit(1)).one()
    return rework_due(promise.due_at, promise.stopped_at or hand.at, hand.at), promise.basis


@verb
def feed_back_case(
    by: Actor, case_id: int, *, words: str, basis: str = "", template: str = "", once: str | None = None
) -> Case:
    """Tell the raisers the result: stamp 反馈."""
    hand = take(by, case_id, StepKind.FEED_BACK, once)
    insist(words_needed(words, say("请写明告诉提出问题的人什么。")))
    step = note(hand, Said(words, basis, template=template))
    sign(hand, StampKind.FEEDBACK)
    hand_on(hand, CaseState.FED_BACK)
    tell(hand, CaseFedBack(hand.case.id, step.id, sealed(step)))
    return hand.case


@verb
def close_case(
    by: Actor, case_id: int, *, words: str = "", basis: str = "", template: str = "", once: str | None = None
) -> Case:
    """Close the case under its five stamps, by another person than the one who inspected it."""
    hand = take(by, case_id, StepKind.CLOSE, once)
    insist(why_not_close(hand.facts))
    with unless_taken(Refusal("closed_already", say("案件已经结案。"))):
        step = note(hand, Said(words, basis, template=template))
    hand.case.state = CaseState.CLOSED
    hand.case.closed_by, hand.case.closed_at = by.person_id, hand.at
    stop_clock(Purpose.CASE, hand.case.id)
    tell(hand, CaseClosed(hand.case.id, step.id, hand.case.round))
    return hand.case
