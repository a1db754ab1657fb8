"""A decision as everybody may see it: its rule, the turnout in batches while it runs, the result after the close."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, bindparam, func, select

from cogov.decisions.models import (
    Ballot,
    BallotSignature,
    Closing,
    Decision,
    DecisionOption,
    ElectorateHead,
    ElectorateUnit,
    ElectorateVoter,
    Motion,
    PlannedTask,
    ProxyMandate,
    Resolution,
    RollMark,
    Service,
)
from cogov.decisions.queries.counting import counted, counted_so_far, frozen_options, progress, turnout_counted
from cogov.decisions.queries.frozen import as_noticed, motion_as_noticed, outcome_as_counted
from cogov.decisions.queries.later import noticed_before
from cogov.decisions.queries.loading import decision_for, is_voter, only_here, planned_tasks, roles_of
from cogov.decisions.queries.opening import concerns_in_the_way, why_not_begun
from cogov.decisions.queries.parts import owner_numbers, share_of
from cogov.decisions.queries.reasons import MOST_REASONS, Reason, published
from cogov.decisions.rules.ballots import Casting, why_not_cast
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.electorate import HeadGround
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import DecisionRule, Force, force_sentence
from cogov.decisions.rules.methods import BallotForm, ReasonAsked, marks_words, read_form
from cogov.decisions.rules.motions import why_not_answer
from cogov.decisions.rules.outcome import Missing, Test
from cogov.decisions.rules.reasons import winners_of
from cogov.decisions.rules.service import ServiceMeans
from cogov.decisions.rules.shortage import Row
from cogov.decisions.rules.stages import AdoptAnswer, DecisionState, Verdict
from cogov.decisions.rules.tallies import tests_from_text
from cogov.decisions.rules.thresholds import Turnout
from cogov.decisions.rules.veiling import reads_frozen
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import Id, found, session
from cogov.ground.prepared import Prepared
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words
from cogov.journal.kept import Of, kept
from cogov.people.queries import organization_names
from cogov.people.rules import Actor, Role, Standing
from cogov.places.models import Building, Unit
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.threads.queries import SolutionText, counts, solution_version
from cogov.threads.queries.panels import Counts


class Phase(StrEnum):
    """Where a decision stands at this moment, by its announced hours."""

    COMING = "coming"
    OPEN = "open"
    COUNTING = "counting"
    CLOSED = "closed"


def phase_of(state: DecisionState, opens_at: datetime, closes_at: datetime, at: datetime) -> Phase:
    """Return the phase: the hours announced decide, not whether the clock has been run already."""
    if state is DecisionState.CLOSED:
        return Phase.CLOSED
    if at >= closes_at:
        return Phase.COUNTING
    return Phase.OPEN if at >= opens_at else Phase.COMING


@dataclass(frozen=True)
class MyHead:
    """One voice of the reader: for which doors, with what area, and its receipt once they have cast it."""

    head_id: int
    doors: tuple[str, ...]
    area: int
    why_not_cast: Refusal | None
    ordinal: int | None = None
    receipt: str = ""
    cast_at: datetime | None = None
    has_token: bool = False
    """In a secret vote: that the token of this head was given out; whether it was used nobody knows."""

    carried: bool = False
    """That it is another's, for whom the reader casts by a mandate."""

    cast_by_proxy: bool = False
    """That a proxy has cast it, which whoever has the vote may replace."""

    seats: int = 1
    """How many co-owners have to mark it alike before it is cast; ``signed`` of them have, the reader too or not."""

    signed: int = 0
    i_signed: bool = False
    all_agree: bool = False
    """That it is cast, as all co-owners have marked it alike."""

    channel: Channel | None = None
    """By which way one's own ballot came in."""

    opened_at: datetime | None = None
    """When the reader first opened the page of this vote as the one who votes for this head."""

    ground: HeadGround = HeadGround.LISTED
    """Why it is in the electorate."""

    organization: str = ""
    """The organization for which the reader votes as its delegate."""

    cast_by_former: bool = False
    """That somebody whom the organization sent before has cast its ballot, which the reader may replace."""

    share: Fraction | None = None
    """What share of a head it is, where co-owners cast by shares."""


@dataclass(frozen=True)
class BuildingRow:
    """A building or staircase of the shortage board; ``row.voted`` is None where no figure may be shown."""

    name: str
    floors: int
    row: Row


@dataclass(frozen=True)
class Running:
    """What everybody may know before the close: met or not, and for ten heads or more the figures of full batches."""

    met: bool | None
    ballots: int
    turnout: Turnout | None
    missing: Missing | None
    rows: tuple[BuildingRow, ...]


@dataclass(frozen=True)
class ResolutionShown:
    """A resolution, and the answer of the body that it names."""

    id: int
    text: str
    body: str
    public_act: str
    answer: AdoptAnswer | None
    reason: str
    answered_at: datetime | None
    due_at: datetime | None
    overdue: bool
    tasks: tuple[PlannedTask, ...]
    why_not_answer: Refusal | None
    force: Force

    @property
    def force_words(self) -> Words:
        """Say what the result behind it is worth."""
        return force_sentence(self.force)


@dataclass(frozen=True)
class Result:
    """The result: what each option got, every test with its integers, and the outcome in words."""

    verdict: Verdict
    tests: tuple[Test, ...]
    outcome: str
    at: datetime
    options: tuple[DecisionOption, ...]
    turnout: Turnout
    absent: Turnout
    changes: int
    resolution: ResolutionShown | None
    count: Mapping[str, Any]
    """What the count of a method said, with the options by their positions; empty where none was made."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Round:
    """A consent while it runs: what the households say so far, for all to see, and why."""

    counts: tuple[tuple[DecisionOption, int], ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class DecisionShown:
    """The decision page for one reader; ``running`` before the close, ``result`` after it, never both."""

    decision: Decision
    problem: Problem
    motion: Motion
    rule: DecisionRule
    phase: Phase
    options: tuple[DecisionOption, ...]
    totals: Turnout
    thread: Counts
    solution: SolutionText | None
    """The version that was put to the vote, where the motion names one."""
    running: Running | None
    result: Result | None
    form: BallotForm
    round: Round | None
    mine: tuple[MyHead, ...]
    why_not_cast: Refusal | None
    """Why the reader has no ballot here at all; None when each head of ``mine`` says it for itself."""

    as_frozen: bool = False
    """Whether this reader is shown words that an order has covered for the public."""

    @property
    def waits_for(self) -> int:
        """How many concerns it waits for, past its announced hour."""
        waits = self.decision.state is DecisionState.NOTICED and self.decision.announced_for is not None
        return concerns_in_the_way(self.decision) if waits else 0

    @property
    def is_unopened(self) -> bool:
        """Whether the reader votes here for a head of their own and has not opened this page before."""
        return any(head.opened_at is None and not head.carried for head in self.mine)

    @property
    def served_at(self) -> datetime | None:
        """When the reader opened the page of this vote for the first time."""
        return min((head.opened_at for head in self.mine if head.opened_at is not None), default=None)


def shown_decision(by: Actor, decision_id: int) -> DecisionShown:
    """Return the page of a decision, in a constant number of queries; choices and tallies only after the close."""
    decision, problem = decision_for(by, decision_id)
    at = now()
    rule, form = thaw(decision.frozen_rule), read_form(decision.form)
    phase = phase_of(decision.state, decision.opens_at, decision.closes_at, at)
    mine = _mine(by, decision, rule, at)
    if waits := why_not_begun(decision, at):
        mine = tuple(replace(head, why_not_cast=waits) for head in mine)
    closed = phase is Phase.CLOSED
    options, motion = kept(("put to the vote", decision.id), lambda: _put_to_the_vote(decision), of=problem.id)
    as_frozen = bool(decision.frozen_words) and _reads_frozen(by, decision)
    if as_frozen:
        motion = motion_as_noticed(decision, motion)
        decision, options = as_noticed(decision, options)
        form = read_form(decision.form)
    return DecisionShown(
        decision=decision,
        problem=problem,
        motion=motion,
        rule=rule,
        phase=phase,
        options=options,
        totals=Turnout(decision.heads_total, decision.area_total),
        thread=counts(problem.id),
        solution=solution_version(problem.id, motion.solution_version_id),
        running=None if closed else running_of(decision, rule),
        result=_result(by, decision, options, as_frozen=as_frozen) if closed else None,
        form=form,
        round=_round(decision, options) if phase is Phase.OPEN and _sees_round(form, mine) else None,
        mine=mine,
        why_not_cast=None if mine else _why_no_ballot(by, decision, motion, rule, at),
        as_frozen=as_frozen,
    )


def _reads_frozen(by: Actor, decision: Decision) -> bool:
    roles = roles_of(by, place_by_id(decision.community_id).code)
    return reads_frozen(roles, in_electorate=is_voter(by, decision.id))


def _put_to_the_vote(decision: Decision) -> tuple[tuple[DecisionOption, ...], Motion]:
    return tuple(frozen_options(decision.id)), found(session().get(Motion, decision.motion_id))


def running_of(decision: Decision, rule: DecisionRule) -> Running:
    """Return what everybody may know of a running vote."""
    last = counted_so_far(decision)
    return kept(("running", decision.id, last), lambda: _running(decision, rule, last), of=Of.REGISTERS)


def _running(decision: Decision, rule: DecisionRule, last: int) -> Running:
    known = progress(decision, rule, last)
    buildings = {
        building.id: building
        for building in session().scalars(
            select(Building).where(Building.id.in_({row.building_id for row in known.board.rows}))
        )
    }
    rows = tuple(
        BuildingRow(buildings[row.building_id].name, buildings[row.building_id].floors, row) for row in known.board.rows
    )
    return Running(known.board.met, known.ballots, known.board.turnout, known.board.missing, rows)


# My own voice -------------------------------------------------------------------------------------------------------


def _casting(
    decision: Decision,
    rule: DecisionRule,
    at: datetime,
    *,
    in_electorate: bool,
    by_other: bool = False,
    on_paper: bool = False,
) -> Casting:
    return Casting(
        now=at,
        opens_at=decision.opens_at,
        closes_at=decision.closes_at,
        body=rule.body,
        in_electorate=in_electorate,
        closed=decision.state is DecisionState.CLOSED,
        cast_by_other=by_other,
        on_paper=on_paper,
    )


def _why_no_ballot(by: Actor, decision: Decision, motion: Motion, rule: DecisionRule, at: datetime) -> Refusal | None:
    casting = _casting(decision, rule, at, in_electorate=False)
    since = noticed_before(by.person_id, decision.community_id, rule.body, decision.notice_at)
    return why_not_cast(replace(casting, only_here=only_here(motion, by.person_id), noticed_at=since))


_DECISION = bindparam("decision", type_=Id)
# The option is left out on purpose: the page shows a choice to nobody, not even to the one who made it.
_OF_MY_HEADS = (
    select(
        ElectorateHead.id,
        ElectorateHead.area,
        func.coalesce(Ballot.person_id, RollMark.person_id),
        Ballot.ordinal,
        Ballot.receipt,
        Ballot.cast_at,
        RollMark.head_id.is_not(None),
        ElectorateVoter.mandate_id.is_not(None),
        # A proxy's, whose principal the reader is; one on paper is of whoever the head is.
        and_(
            ElectorateVoter.mandate_id.is_(None),
            Ballot.mandate_id.is_not(None),
            func.coalesce(ProxyMandate.principal_id, ElectorateVoter.person_id) == ElectorateVoter.person_id,
        ),
        ElectorateHead.seats,
        Ballot.channel,
        Service.at,
        ElectorateHead.ground,
        ElectorateHead.organization_id,
        and_(RollMark.head_id.is_not(None), RollMark.signature == ""),
        ElectorateHead.key,
    )
    .join(ElectorateVoter, ElectorateVoter.head_id == ElectorateHead.id)
    .outerjoin(Ballot, (Ballot.head_id == ElectorateHead.id) & (Ballot.decision_id == _DECISION))
    .outerjoin(RollMark, (RollMark.head_id == ElectorateHead.id) & (RollMark.decision_id == _DECISION))
    .outerjoin(ProxyMandate, ProxyMandate.id == Ballot.mandate_id)
    .outerjoin(
        Service,
        and_(
            Service.decision_id == _DECISION,
            Service.head_id == ElectorateHead.id,
            Service.person_id == ElectorateVoter.person_id,
            Service.means == ServiceMeans.OPENED,
        ),
    )
    .where(ElectorateVoter.person_id == bindparam("me", type_=Id), ElectorateVoter.decision_id == _DECISION)
    .order_by(ElectorateHead.id)
)


def _mine(by: Actor, decision: Decision, rule: DecisionRule, at: datetime) -> tuple[MyHead, ...]:
    if by.person_id is None:
        return ()
    rows = _MY_HEADS.all({"me": by.person_id, "decision": decision.id})
    heads = tuple(row.head_id for row in rows)
    doors = kept(("doors", heads), lambda: doors_of(heads), of=Of.REGISTERS) if heads else {}
    return tuple(_voice(by, row, decision, rule, at, tuple(doors.get(row.head_id, ()))) for row in rows)


@dataclass(frozen=True)
class _Voice:
    head_id: int
    area: int
    caster: int | None
    ordinal: int | None
    receipt: str | None
    cast_at: datetime | None
    has_token: bool
    carried: bool
    cast_by_proxy: bool
    seats: int
    channel: Channel | None
    opened_at: datetime | None
    ground: HeadGround
    organization_id: int | None
    slip: bool | None
    """That the household handed in a paper of a secret vote."""

    key: str


_MY_HEADS = Prepared(_OF_MY_HEADS, _Voice)
"""Asked with every page of a vote, so it is put together once."""


def _voice(
    by: Actor, voice: _Voice, decision: Decision, rule: DecisionRule, at: datetime, doors: tuple[str, ...]
) -> MyHead:
    own_proxy, joint = bool(voice.cast_by_proxy), voice.seats > 1
    sent = voice.ground is HeadGround.DELEGATE
    by_other = voice.caster is not None and voice.caster != by.person_id and not (own_proxy or joint or sent)
    on_paper = bool(voice.slip) or (voice.ordinal is not None and voice.caster is None)
    refusal = why_not_cast(_casting(decision, rule, at, in_electorate=True, by_other=by_other, on_paper=on_paper))
    mine = MyHead(
        voice.head_id,
        doors,
        voice.area,
        refusal,
        carried=voice.carried,
        cast_by_proxy=own_proxy,
        ground=voice.ground,
        organization=_organization(voice.organization_id),
        cast_by_former=sent and voice.caster not in (None, by.person_id),
        opened_at=voice.opened_at,
        share=share_of(decision.id, voice.key),
    )
    if joint:
        mine = replace(mine, **_signatures(by, voice))
    if voice.caster is None or voice.caster != by.person_id:
        return mine
    receipt = voice.receipt or ""
    return replace(
        mine,
        ordinal=voice.ordinal,
        receipt=receipt,
        cast_at=voice.cast_at,
        has_token=voice.has_token,
        channel=voice.channel,
    )


def _organization(organization_id: int | None) -> str:
    if organization_id is None:
        return ""
    return organization_names([organization_id])[organization_id].name


def _signatures(by: Actor, voice: _Voice) -> dict[str, Any]:
    signed = select(BallotSignature.person_id).where(BallotSignature.head_id == voice.head_id)
    persons = list(session().scalars(signed))
    return {
        "seats": voice.seats,
        "signed": len(persons),
        "i_signed": by.person_id in persons,
        "all_agree": voice.ordinal is not None,
    }


def doors_of(head_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the doors of heads as they are written; of a co-owner's share with their number on the roll."""
    query = (
        select(ElectorateUnit.head_id, Building.name, Unit.staircase, Unit.door, ElectorateHead.key)
        .join(ElectorateHead, ElectorateUnit.head_id == ElectorateHead.id)
        .join(Unit, ElectorateUnit.unit_id == Unit.id)
        .join(Building, Unit.building_id == Building.id)
        .where(ElectorateUnit.head_id.in_(head_ids))
        .order_by(ElectorateUnit.unit_id)
    )
    doors: dict[int, list[str]] = {}
    rows = session().execute(query).all()
    numbers = owner_numbers({row.key for row in rows})
    for head_id, building, staircase, door, key in rows:
        owner = f"（{numbers[key]}）" if key in numbers else ""
        written = "-".join(part for part in (staircase, door) if part)
        doors.setdefault(head_id, []).append(f"{building} {written}{owner}")
    return doors


# After the close ----------------------------------------------------------------------------------------------------


def _result(by: Actor, decision: Decision, options: tuple[DecisionOption, ...], *, as_frozen: bool) -> Result:
    closing = found(session().scalars(select(Closing).where(Closing.decision_id == decision.id)).one_or_none())
    form = read_form(decision.form)
    turnout = Turnout(sum(option.heads or 0 for option in options), sum(option.area or 0 for option in options))
    count = json.loads(closing.count) if closing.count else {}
    turnout = replace(turnout, heads=count.get("heads", turnout.heads))
    if form.counted_apart:
        # The count's own figure: of a secret vote the counter knows tokens, and not every token comes to the box.
        turnout = Turnout(count.get("ballots", 0), turnout_counted(decision.id).area if count else 0)
    changed = select(Ballot.changes).where(Ballot.decision_id == decision.id, Ballot.changes > 0)
    resolution = session().scalars(select(Resolution).where(Resolution.decision_id == decision.id)).one_or_none()
    if as_frozen:
        closing = outcome_as_counted(decision, "closing", closing)
        resolution = outcome_as_counted(decision, "resolution", resolution) if resolution is not None else None
    return Result(
        verdict=closing.verdict,
        tests=tests_from_text(closing.tests),
        outcome=closing.outcome,
        at=closing.at,
        options=options,
        turnout=turnout,
        absent=Turnout(decision.heads_total - turnout.heads, decision.area_total - turnout.area),
        changes=sum(session().scalars(changed)),
        resolution=shown_resolution(by, resolution) if resolution is not None else None,
        count=count,
        reasons=_reasons_told(decision, options, form, closing, count),
    )


def _reasons_told(
    decision: Decision,
    options: tuple[DecisionOption, ...],
    form: BallotForm,
    closing: Closing,
    count: Mapping[str, Any],
) -> tuple[Reason, ...]:
    """Return the reasons for all to read; a round that was open showed them while it ran."""
    if form.is_open:
        return _reasons(decision, options)
    if form.reason is ReasonAsked.NO:
        return ()
    keys = tuple(option.key for option in options)
    decided = closing.verdict in (Verdict.PASSED, Verdict.FAILED)
    winners = winners_of(form, count, keys, passed=closing.verdict is Verdict.PASSED) if decided else ()
    return published(decision, options, winners)


def _sees_round(form: BallotForm, mine: Sequence[MyHead]) -> bool:
    """Say whether a reader sees an open round while it runs; a place may show it to those only who have voted."""
    return form.is_open and (not form.hidden or any(head.ordinal is not None for head in mine))


def _round(decision: Decision, options: tuple[DecisionOption, ...]) -> Round:
    counts = counted(decision.id, options)
    return Round(
        tuple((option, count.heads) for option, count in zip(options, counts, strict=True)),
        _reasons(decision, options),
    )


def _reasons(decision: Decision, options: tuple[DecisionOption, ...]) -> tuple[Reason, ...]:
    """Return the reasons of an open round, in no order that tells who gave them."""
    query = (
        select(Ballot.marks, Ballot.reason)
        .where(Ballot.decision_id == decision.id, Ballot.reason != "")
        .order_by(Ballot.reason)
        .limit(MOST_REASONS)
    )
    form, labels = read_form(decision.form), {option.position: option.label for option in options}
    return tuple(Reason(marks_words(form, labels, marks), text) for marks, text in session().execute(query))


def answering_standing(by: Actor, body_id: int | None) -> Standing | None:
    """Return the standing under which an actor is an official of a body; the one acted under comes first."""
    held = [s for s in by.standings if s.role is Role.OFFICIAL and s.organization_id == body_id and body_id is not None]
    return by.acting if by.acting in held else next(iter(held), None)


def shown_resolution(by: Actor, resolution: Resolution) -> ResolutionShown:
    """Return a resolution as it is shown, with whether the reader may answer it."""
    body = organization_names([resolution.organization_id]).get(resolution.organization_id or 0)
    clock = running(Purpose.RESOLUTION_ANSWER, resolution.id, of=resolution.problem_id) if body is not None else None
    return ResolutionShown(
        id=resolution.id,
        text=resolution.text,
        body=body.name if body else "",
        public_act=resolution.public_act,
        answer=resolution.answer,
        reason=resolution.reason,
        answered_at=resolution.answered_at,
        due_at=clock.due_at if clock else None,
        overdue=resolution.overdue_at is not None and resolution.answer is None,
        tasks=tuple(planned_tasks(resolution.id)),
        why_not_answer=why_not_answer(
            answers_for_body=answering_standing(by, resolution.organization_id) is not None,
            answered=resolution.answer is not None,
        ),
        force=thaw(found(session().get(Decision, resolution.decision_id)).frozen_rule).force,
    )
