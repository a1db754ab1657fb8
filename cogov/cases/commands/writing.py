"""What every command of the loop shares: taking a case in hand, noting the step, signing, handing it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from cogov.cases.models import Case, Stamp, Step
from cogov.cases.queries.loading import case_for_change, facts_of, matter_of, who
from cogov.cases.rules import (
    BEFORE_DISPATCH,
    HOLDER,
    CaseState,
    Facts,
    Party,
    RefusalReason,
    StampKind,
    StepKind,
    standing_for,
)
from cogov.cases.rules.dispatch import triage_limit
from cogov.cases.rules.steps import why_not_step
from cogov.cases.rules.templates import template_called
from cogov.duties.commands import hand_clock, start_clock
from cogov.duties.queries import running
from cogov.duties.rules.clock import Limit
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import insist
from cogov.journal.event import Commitment, Event, commit_to, salt
from cogov.journal.transaction import insist_once, record
from cogov.people.rules import Actor, Standing
from cogov.places.queries import place_by_id, setting
from cogov.places.rules import Setting


@dataclass(frozen=True)
class Hand:
    """A case taken in hand by somebody who may do the step: locked, with its facts and the mandate acted under."""

    case: Case
    facts: Facts
    by: Actor
    standing: Standing | None
    kind: StepKind
    at: datetime

    @property
    def organization_id(self) -> int | None:
        """Return for whom the step is done."""
        return self.standing.organization_id if self.standing else None


@dataclass(frozen=True)
class Said:
    """What goes with a step."""

    words: str = ""
    basis: str = ""
    picture_id: int | None = None
    to_id: int | None = None
    reason: RefusalReason | None = None
    template: str = ""
    """The number of the shipped answer that the words began as."""


NOTHING = Said()


def take(by: Actor, case_id: int, kind: StepKind, once: str | None, called_id: int | None = None) -> Hand:
    """Lock a case and insist that this actor may do this step now."""
    insist_once(by, once)
    case = case_for_change(by, case_id)
    facts = facts_of(case, called_id)
    insist(why_not_step(kind, who(by), facts))
    standing = standing_for(kind, who(by), facts)
    return Hand(case, facts, by.under(standing), standing, kind, now())


def note(hand: Hand, said: Said = NOTHING) -> Step:
    """Write the step down."""
    last = session().scalar(select(func.coalesce(func.max(Step.seq), 0)).where(Step.case_id == hand.case.id))
    template = template_called(said.template, hand.kind, matter_of(hand.case)) if said.template else None
    step = Step(
        case_id=hand.case.id,
        seq=found(last) + 1,
        round=hand.case.round,
        kind=hand.kind,
        person_id=hand.by.person_id if hand.standing else None,
        standing_id=hand.standing.id if hand.standing else None,
        organization_id=hand.organization_id,
        to_id=said.to_id,
        reason=said.reason,
        at=hand.at,
        basis=said.basis.strip()[:200],
        words=said.words.strip(),
        salt=salt(),
        picture_id=said.picture_id,
        template=template.code if template else "",
        reworded=template is not None and not template.kept_in(said.words),
    )
    session().add(step)
    session().flush()
    return step


def sealed(step: Step) -> Commitment:
    """Return the commitment to what a step says."""
    return commit_to(step.salt, step.words, step.basis)


def sign(hand: Hand, kind: StampKind, words: str = "") -> None:
    """Put a stamp under the present round."""
    session().add(
        Stamp(
            case_id=hand.case.id,
            round=hand.case.round,
            kind=kind,
            person_id=found(hand.by.person_id),
            standing_id=hand.standing.id if hand.standing else None,
            organization_id=hand.organization_id,
            at=hand.at,
            words=words.strip(),
        )
    )
    session().flush()


def withdraw(case: Case, kind: StampKind) -> None:
    """Take a stamp of the present round away; that it was there stays in the steps and in the journal."""
    session().execute(delete(Stamp).where(Stamp.case_id == case.id, Stamp.round == case.round, Stamp.kind == kind))


def hand_on(hand: Hand, state: CaseState, promise: Limit | datetime | None = None, basis: str = "") -> datetime:
    """Move a case on: its state, who is accountable, and the clock of who is; return when it is due."""
    case = hand.case
    before, case.state = case.state, state
    case.accountable_id = found(hand.facts.parties[HOLDER[state]] if HOLDER[state] is not Party.BODY else case.body_id)
    session().flush()
    same = running(Purpose.CASE, case.id)
    if case.emergency and same is not None and {before, state} <= BEFORE_DISPATCH and promise is None:
        # An emergency has one clock from its opening up to the dispatch, through however many hands it goes.
        hand_clock(same.id, case.accountable_id)
        return same.due_at
    clock = start_clock(
        Purpose.CASE,
        case.id,
        place_id=case.community_id,
        problem_id=case.problem_id,
        promise=promise or waiting_limit(case),
        organization_id=case.accountable_id,
        basis=basis,
    )
    return clock.due_at


def waiting_limit(case: Case) -> Limit:
    """Return how long a centre may keep a case in one state."""
    name = Setting.EMERGENCY_TRIAGE_HOURS if case.emergency else Setting.TRIAGE_HOURS
    return triage_limit(setting(place_by_id(case.community_id).code, name))


def tell(hand: Hand, event: Event) -> None:
    """Say in the journal what was done to a case."""
    record(
        event, hand.by, place_id=hand.case.community_id, problem_id=hand.case.problem_id, subject=("case", hand.case.id)
    )
