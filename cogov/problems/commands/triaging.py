"""Triage: the rules propose, a person confirms or changes with a reason; only a danger is confirmed at once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from cogov.duties.commands import stop_clock
from cogov.duties.queries import duty_item, matter_by_id
from cogov.duties.rules.clock import LimitUnit
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import Code, commit_to, salt
from cogov.journal.transaction import insist_once, verb
from cogov.people.queries import nearest, organization
from cogov.people.rules import CLOCK, Actor, OrganizationKind, Role
from cogov.places.queries import household_of, place_by_id
from cogov.places.rules import Setting
from cogov.problems.commands.moving import answering, count, end, move, note, run
from cogov.problems.commands.numbering import name_on_dossier
from cogov.problems.commands.seconding import add_second
from cogov.problems.events import ProblemMerged, ProblemTriaged, RaiserJoined, TriageOverdue, TriageProposed
from cogov.problems.models import Problem, Raiser, Second, Triage
from cogov.problems.queries import (
    facts_of,
    latest_triage,
    locked,
    problem_for,
    problem_for_change,
    report_of,
    settings_for,
)
from cogov.problems.rules.acts import HANDLERS, TRIAGERS, why_not_chosen, why_not_merge, why_not_triage
from cogov.problems.rules.invariants import why_not_drop_duty
from cogov.problems.rules.lanes import Decider, Lane, ReasonCode, RuleCode
from cogov.problems.rules.proposals import from_text, to_text
from cogov.problems.rules.report import Proposal, Report
from cogov.problems.rules.stages import Ending, Official, Stage, TriageState
from cogov.problems.rules.triage import propose

LANE_STAGE = {Lane.A: Stage.OFFICIAL, Lane.B: Stage.GATHERING, Lane.AB: Stage.GATHERING, Lane.M: Stage.MEDIATING}


@dataclass(frozen=True)
class Choice:
    """What a triage comes to."""

    lane: Lane
    reason: ReasonCode
    rule: str
    body_id: int | None = None
    duty_item_id: int | None = None
    channel: str = ""
    words: str = ""
    changed: bool = False
    hidden: bool | None = None


# A turn -------------------------------------------------------------------------------------------------------------


def open_turn(
    by: Actor, problem: Problem, code: str, proposal: Proposal, report: Report, *, after_refusal: bool = False
) -> Triage:
    """Begin a turn of triage with what the rules propose; a first proposal of danger is confirmed by the rules."""
    before = latest_triage(problem.id)
    proposed = next((duty for duty in report.duties if duty.body_id == proposal.body_id), None)
    triage = Triage(
        problem_id=problem.id,
        turn=before.turn + 1 if before else 1,
        state=TriageState.PROPOSED,
        proposed_lane=proposal.lane,
        proposal=to_text(proposal),
        proposed_at=now(),
        organization_id=proposal.body_id,
        duty_item_id=proposed.item_id if proposed else None,
        after_refusal=after_refusal,
        salt=salt(),
    )
    session().add(triage)
    session().flush()
    note(TriageProposed(triage.id, proposal.lane, proposal.reasons[0]), CLOCK, problem)
    if before is None and proposal.reasons[0] is ReasonCode.SAFETY:
        _settle(CLOCK, problem, triage, _as_proposed(triage, proposal, code))
    else:
        _wait(problem)
    return triage


def _wait(problem: Problem) -> None:
    name = Setting.EMERGENCY_TRIAGE_HOURS if problem.emergency else Setting.TRIAGE_HOURS
    run(Purpose.TRIAGE, problem, name, LimitUnit.EMERGENCY_HOURS, organization_id=problem.accountable_id)


def triage_anew(by: Actor, problem: Problem, *, after_refusal: bool = False) -> Triage:
    """Send a problem back to triage with a fresh proposal; what the official side does is left as it is."""
    code = place_by_id(problem.community_id).code
    matter = matter_by_id(problem.matter_id) if problem.matter_id else None
    report = report_of(problem, code, matter=matter, picked=matter is not None, burning=problem.emergency, at=now())
    move(problem, Stage.RAISED)
    problem.lane = None
    problem.accountable_id = answering(OrganizationKind.COMMITTEE, code).id
    for purpose in (Purpose.MEDIATION, Purpose.CONFIRMATION):
        stop_clock(purpose, problem.id)
    return open_turn(by, problem, code, propose(report, settings_for()), report, after_refusal=after_refusal)


def _as_proposed(triage: Triage, proposal: Proposal, code: str) -> Choice:
    return Choice(
        lane=proposal.lane,
        reason=proposal.reasons[0],
        rule=proposal.rules[0],
        body_id=_body(proposal.lane, proposal.body_id, proposal.decider, code),
        duty_item_id=triage.duty_item_id,
    )


def _body(lane: Lane, body_id: int | None, decider: Decider, code: str) -> int | None:
    """Return who is handed the official half: the body named, else the property firm or the street office."""
    if lane not in (Lane.A, Lane.AB):
        return None
    if body_id is not None:
        return body_id
    firm = nearest(OrganizationKind.PROPERTY, code) if decider is Decider.PROPERTY_MANAGER else None
    return (firm or answering(OrganizationKind.STREET, code)).id


# The verb -------------------------------------------------------------------------------------------------------------


@verb
def triage_problem(
    by: Actor,
    number: str,
    *,
    lane: Lane | None = None,
    reason: ReasonCode | None = None,
    rule: RuleCode | None = None,
    body_id: int | None = None,
    duty_item_id: int | None = None,
    channel: str = "",
    same_as: str = "",
    words: str = "",
    hidden: bool | None = None,
    once: str | None = None,
) -> Triage:
    """Confirm a triage (whatever is left out is as proposed) or change it with a reason in words.

    ``same_as`` is the number of the problem this one is joined to; ``channel`` names where lane X sends it;
    ``hidden`` leaves the problem as it is when None (but a mediation is never public unless told so).
    """
    problem, other = _lock(by, number, same_as)
    facts = facts_of(by, problem)
    insist(why_not_triage(by, facts))
    insist_once(by, once)
    triage = found(latest_triage(problem.id))
    proposal = from_text(triage.proposal)
    by = by.under(by.standing(facts.code, *TRIAGERS))
    if other is not None:
        insist(why_not_merge(same=other.id == problem.id, other=facts_of(by, other), here=facts))
    same = other.id if other is not None else None
    choice = _chosen(proposal, facts.code, lane, reason, rule, body_id, triage, duty_item_id, same)
    choice = _with_words(choice, channel, words, hidden)
    insist(
        why_not_chosen(
            lane=choice.lane,
            reason=choice.reason,
            words=choice.words,
            channel=choice.channel,
            merges=other is not None,
            changed=choice.changed,
        )
    )
    insist(
        why_not_drop_duty(
            owed=triage.duty_item_id is not None,
            reasons=proposal.reasons,
            to=choice.lane,
            reason=choice.reason,
            by_street_office=by.acting is not None and by.acting.role is Role.STREET_OFFICE,
            after_refusal=triage.after_refusal,
        )
    )
    if other is not None:
        return _merge(by, problem, other, triage, choice)
    return _settle(by, problem, triage, choice)


def _lock(by: Actor, number: str, same_as: str) -> tuple[Problem, Problem | None]:
    # Of two problems the older one is locked first, so that two merges across each other cannot wait in a ring.
    if not same_as:
        return problem_for_change(by, number), None
    ids = sorted({problem_for(by, number).id, problem_for(by, same_as).id})
    rows = {row.number: row for row in (locked(problem_id) for problem_id in ids)}
    return rows[number], rows[same_as]


def _chosen(
    proposal: Proposal,
    code: str,
    lane: Lane | None,
    reason: ReasonCode | None,
    rule: RuleCode | None,
    body_id: int | None,
    triage: Triage,
    duty_item_id: int | None,
    same_as_id: int | None,
) -> Choice:
    chosen_lane = lane or proposal.lane
    chosen_reason = reason or (ReasonCode.DUP if same_as_id is not None else proposal.reasons[0])
    body = _body(chosen_lane, body_id or proposal.body_id, proposal.decider, code)
    insist(_why_not_body(body, code))
    kept = triage.duty_item_id if body == proposal.body_id else None
    item_id = duty_item_id or kept
    insist(_why_not_item(item_id, body))
    as_proposed = (proposal.lane, proposal.reasons[0], proposal.same_as if chosen_reason is ReasonCode.DUP else None)
    other_body = body_id is not None and body_id != _body(proposal.lane, proposal.body_id, proposal.decider, code)
    changed = (chosen_lane, chosen_reason, same_as_id) != as_proposed or other_body
    return Choice(
        lane=chosen_lane,
        reason=chosen_reason,
        rule=rule or _rule(chosen_lane, proposal),
        body_id=body,
        duty_item_id=item_id if body is not None else None,
        changed=changed,
    )


_LANE_RULE = {
    Lane.A: RuleCode.R0,
    Lane.B: RuleCode.R5,
    Lane.AB: RuleCode.R5,
    Lane.M: RuleCode.R6,
    Lane.X: RuleCode.R0,
}


def _rule(lane: Lane, proposal: Proposal) -> RuleCode:
    return proposal.rules[0] if lane is proposal.lane else _LANE_RULE[lane]


def _with_words(choice: Choice, channel: str, words: str, hidden: bool | None) -> Choice:
    return Choice(
        lane=choice.lane,
        reason=choice.reason,
        rule=choice.rule,
        body_id=choice.body_id,
        duty_item_id=choice.duty_item_id,
        channel=channel.strip()[:120],
        words=words.strip(),
        changed=choice.changed,
        hidden=hidden,
    )


def _why_not_body(body_id: int | None, code: str) -> Refusal | None:
    if body_id is None:
        return None
    body = organization(body_id)
    if body.kind not in HANDLERS:
        return Refusal("body_handles_nothing", say("这类单位不办案件，请交给主管部门、街道或物业。"), status=422)
    if code.startswith(body.scope):
        return None
    return Refusal("body_elsewhere", say("这个单位不负责这个地方。"), status=422)


def _why_not_item(item_id: int | None, body_id: int | None) -> Refusal | None:
    if item_id is None or duty_item(item_id).organization_id == body_id:
        return None
    return Refusal("item_of_another", say("引用的清单事项不是这个单位的。"), status=422)


def _keep(triage: Triage, by: Actor, choice: Choice) -> None:
    triage.state, triage.confirmed_at = TriageState.CONFIRMED, now()
    triage.lane, triage.reason, triage.rule = choice.lane, choice.reason, choice.rule
    triage.organization_id, triage.duty_item_id = choice.body_id, choice.duty_item_id
    triage.channel, triage.words, triage.changed = choice.channel, choice.words, choice.changed
    triage.confirmed_by, triage.confirmed_for = by.person_id, by.organization_id


def _settle(by: Actor, problem: Problem, triage: Triage, choice: Choice) -> Triage:
    _keep(triage, by, choice)
    stop_clock(Purpose.TRIAGE, problem.id)
    stop_clock(Purpose.MEDIATION, problem.id)
    problem.lane = choice.lane
    problem.hidden = choice.hidden if choice.hidden is not None else problem.hidden or choice.lane is Lane.M
    words = commit_to(triage.salt, triage.words, triage.channel)
    note(
        ProblemTriaged(triage.id, choice.lane, choice.reason, choice.body_id, Code(choice.rule), choice.changed, words),
        by,
        problem,
    )
    if choice.lane is Lane.X and choice.reason is ReasonCode.CONTENT:
        problem.hidden = True
        end(by, problem, Ending.WITHHELD, choice.words)
        return triage
    if choice.lane is Lane.X:
        end(by, problem, Ending.REFERRED, choice.channel)
        return triage
    move(problem, LANE_STAGE[choice.lane])
    if choice.lane is Lane.M:
        run(
            Purpose.MEDIATION,
            problem,
            Setting.MEDIATION_DAYS,
            LimitUnit.CALENDAR_DAYS,
            organization_id=problem.accountable_id,
        )
    return triage


def _merge(by: Actor, problem: Problem, other: Problem, triage: Triage, choice: Choice) -> Triage:
    """Join a problem to another: its raisers become raisers and seconds of the other one, which they confirm later."""
    _keep(triage, by, choice)
    triage.same_as_id, triage.organization_id, triage.duty_item_id = other.id, None, None
    for raiser in session().scalars(select(Raiser).where(Raiser.problem_id == problem.id).order_by(Raiser.id)).all():
        _carry(by, raiser.person_id, other)
    note(ProblemMerged(other.id), by, problem)
    end(by, problem, Ending.MERGED, into=other.id)
    return triage


def _carry(by: Actor, person_id: int, other: Problem) -> None:
    raisers = select(Raiser.id).where(Raiser.problem_id == other.id, Raiser.person_id == person_id)
    if session().scalar(raisers) is not None:
        return
    unit_id = household_of(person_id, other.community_id)
    raiser = Raiser(problem_id=other.id, person_id=person_id, unit_id=unit_id, since=now())
    session().add(raiser)
    name_on_dossier(other.id, person_id)
    session().flush()
    note(RaiserJoined(raiser.id), by, other)
    seconds = select(Second.id).where(Second.problem_id == other.id, Second.person_id == person_id)
    if session().scalar(seconds) is None:
        add_second(by, other, person_id)
    else:
        count(other)


@verb
def due_triage(by: Actor, problem_id: int) -> None:
    """Hand a problem that nobody triaged within the limit to the street office, which then answers for it."""
    problem = locked(problem_id)
    if problem.stage is not Stage.RAISED:
        return
    street = answering(OrganizationKind.STREET, place_by_id(problem.community_id).code)
    if problem.accountable_id == street.id:
        return
    problem.accountable_id, problem.changed_at = street.id, now()
    note(TriageOverdue(street.id), by, problem)


def official_side(problem: Problem) -> bool:
    """Say whether the problem has or had a case."""
    return problem.official is not Official.NONE
