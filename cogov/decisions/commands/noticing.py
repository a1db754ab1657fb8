"""The voting notice: rule, options and electorate are frozen; and the hour from which ballots are taken."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from cogov.decisions.commands.mandating import carry_periods
from cogov.decisions.commands.secret_box import furnish_box, named_holders
from cogov.decisions.events import NoticePublished
from cogov.decisions.models import (
    Decision,
    DecisionOption,
    DecisionTurnout,
    ElectorateHead,
    ElectorateUnit,
    ElectorateVoter,
    Motion,
)
from cogov.decisions.queries import asked_of, draft_of, roles_of
from cogov.decisions.queries.leeway import why_not_fixed
from cogov.decisions.queries.motions import solution_removed, why_taken_down
from cogov.decisions.rules.ballots import Draft, why_not_publish
from cogov.decisions.rules.co_owning import is_joint, seats_of
from cogov.decisions.rules.electorate import Electorate
from cogov.decisions.rules.freezing import fingerprint, freeze
from cogov.decisions.rules.law import DecisionRule, Secrecy
from cogov.decisions.rules.matters import Bar, why_not_declared, why_not_unconfirmed
from cogov.decisions.rules.motions import settled, why_not_notice, why_not_on_solution, why_not_vote_on
from cogov.decisions.rules.parts import NOBODY, owner_of
from cogov.decisions.rules.secrets.box import is_secret, why_not_secret
from cogov.decisions.rules.stages import DecisionState, MotionState
from cogov.duties.commands import start_clock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import insist
from cogov.journal.event import Code, Commitment
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.places.models import Owner, Unit
from cogov.places.queries import place_by_id
from cogov.problems.queries import locked, problem_by_id


@verb
def publish_notice(
    by: Actor,
    motion_id: int,
    *,
    opens_at: datetime,
    closes_at: datetime,
    item_confirmed: bool = False,
    touches: Collection[Bar] | None = None,
    secrecy: Secrecy | None = None,
    holders: Sequence[int] = (),
    once: str | None = None,
) -> Decision:
    """Publish the voting notice of a tabled motion and freeze what the result will depend on besides the ballots.

    Whoever publishes it has checked the item of Civil Code 278(1), on which the line hangs, and has said which of the
    bars (``DECLARED``) the matter touches; None is no answer, an empty collection says none. ``secrecy`` is one that
    the rule allows (None: the rule's own); where it is secret, ``holders`` are three mandates of the place.
    """
    insist_once(by, once)
    problem_id = found(session().scalar(select(Motion.problem_id).where(Motion.id == motion_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    query = for_change(select(Motion).where(Motion.id == motion_id))
    motion = found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())
    code = place_by_id(motion.community_id).code
    declared = None if touches is None else frozenset(touches)
    draft = draft_of(motion, problem, at=now(), opens_at=opens_at, closes_at=closes_at, touches=declared or frozenset())
    draft = replace(draft, rule=replace(draft.rule, secrecy=secrecy or draft.rule.secrecy))
    named = named_holders(code, holders)
    insist(why_not_notice(motion.state, roles_of(by, code), draft.rule.tabled_by))
    insist(why_not_vote_on(asked_of(problem)))
    insist(why_taken_down(motion.id) or why_not_on_solution(removed=solution_removed(motion.solution_version_id)))
    insist(why_not_fixed(problem.id, draft.rule))
    insist(why_not_publish(draft))
    insist(why_not_unconfirmed(motion.item, confirmed=item_confirmed))
    insist(why_not_declared(declared))
    insist(why_not_secret(draft.rule, draft.form, named, by.person_id))
    by = by.under(by.standing(code, *draft.rule.tabled_by))
    motion.state = MotionState.NOTICED
    decision = _freeze(by, motion, draft)
    if is_secret(draft.rule):
        furnish_box(decision, named)
    for purpose, moment in ((Purpose.DECISION_OPEN, decision.opens_at), (Purpose.DECISION_CLOSE, decision.closes_at)):
        start_clock(
            purpose,
            decision.id,
            place_id=decision.community_id,
            problem_id=decision.problem_id,
            promise=moment,
            organization_id=by.organization_id,
            basis=draft.rule.article,
        )
    _record_notice(by, decision)
    return decision


def _freeze(by: Actor, motion: Motion, draft: Draft) -> Decision:
    electorate = draft.electorate
    decision = Decision(
        motion_id=motion.id,
        problem_id=motion.problem_id,
        community_id=motion.community_id,
        question=motion.question,
        rule=motion.rule,
        frozen_rule=freeze(draft.rule),
        fingerprint=fingerprint(draft.rule, draft.options, electorate, draft.form),
        notice_at=draft.notice_at,
        notice_by=by.person_id,
        notice_for=by.organization_id,
        confirmed_by=by.person_id,
        opens_at=draft.opens_at,
        closes_at=draft.closes_at,
        state=DecisionState.NOTICED,
        heads_total=electorate.total_heads,
        area_total=electorate.total_area,
        units_total=electorate.units,
        form=motion.form,
    )
    with unless_taken(settled(MotionState.NOTICED)):
        session().add(decision)
    voices = sum(owner_of(head.key) != NOBODY for head in electorate.heads)
    turnout = DecisionTurnout(
        decision_id=decision.id, heads=0, area=0, heads_total=voices, area_total=decision.area_total
    )
    session().add(turnout)
    session().add_all(
        DecisionOption(
            decision_id=decision.id,
            position=o.position,
            key=o.key,
            label=o.label,
            consequence=o.consequence,
            cost=o.cost,
        )
        for o in draft.options
    )
    session().flush()
    _freeze_electorate(decision.id, draft.rule, electorate)
    carry_periods(decision, draft.rule, electorate, motion)
    return decision


def _freeze_electorate(decision_id: int, rule: DecisionRule, electorate: Electorate) -> None:
    seats = _seats(rule, electorate)
    heads = [
        {
            "decision_id": decision_id,
            "key": head.key,
            "area": head.area,
            "units": len(head.unit_ids),
            "seats": seats.get(head.key, 1),
            "ground": head.ground,
            "organization_id": head.organization_id,
        }
        for head in electorate.heads
    ]
    session().execute(insert(ElectorateHead), heads)
    of_decision = select(ElectorateHead.key, ElectorateHead.id).where(ElectorateHead.decision_id == decision_id)
    ids = dict(session().execute(of_decision).all())
    places = _places(electorate)
    units = [
        {"decision_id": decision_id, "head_id": ids[head.key], "unit_id": unit_id, **places[unit_id]}
        for head in electorate.heads
        for unit_id in head.unit_ids
    ]
    voters = [
        {"decision_id": decision_id, "head_id": ids[head.key], "person_id": person_id}
        for head in electorate.heads
        for person_id in head.person_ids
    ]
    _insert_all(ElectorateUnit, units)
    _insert_all(ElectorateVoter, voters)


def _seats(rule: DecisionRule, electorate: Electorate) -> dict[str, int]:
    """Return how many have to mark a ballot alike, for the heads of several co-owners of whom the rule asks for all."""
    joint = [head for head in electorate.heads if is_joint(rule, head)]
    wanted = sorted({owner for head in joint for owner in head.owner_ids})
    persons: dict[int, int | None] = {}
    for start in range(0, len(wanted), 1000):
        some = select(Owner.id, Owner.person_id).where(Owner.id.in_(wanted[start : start + 1000]))
        persons |= dict(session().execute(some).all())
    return {head.key: seats_of(persons[owner] for owner in head.owner_ids) for head in joint}


def _places(electorate: Electorate) -> dict[int, dict[str, Any]]:
    wanted = [unit_id for head in electorate.heads for unit_id in head.unit_ids]
    places: dict[int, dict[str, Any]] = {}
    for start in range(0, len(wanted), 1000):
        some = select(Unit.id, Unit.building_id, Unit.staircase).where(Unit.id.in_(wanted[start : start + 1000]))
        for unit_id, building_id, staircase in session().execute(some):
            places[unit_id] = {"building_id": building_id, "staircase": staircase}
    return places


def _insert_all(model: type[ElectorateUnit | ElectorateVoter], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session().execute(insert(model), rows)


def _record_notice(by: Actor, decision: Decision) -> None:
    record(
        NoticePublished(
            decision.id,
            Code(decision.rule),
            Commitment(decision.fingerprint),
            decision.heads_total,
            decision.area_total,
            decision.opens_at,
            decision.closes_at,
        ),
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )
