"""A motion: moved, supported, put on the agenda, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import select

from cogov.decisions.events import MotionMoved, MotionSupported, MotionTabled, MotionWithdrawn
from cogov.decisions.models import Motion, MotionOption, MotionSupport, PlannedTask
from cogov.decisions.queries import (
    asked_of,
    electorate_of,
    only_here,
    roles_of,
    rule_here,
    supports_needed,
    triaged_rules,
)
from cogov.decisions.queries.leeway import why_not_fixed
from cogov.decisions.queries.motions import why_taken_down
from cogov.decisions.rules.ballots import Option, not_a_supporter, why_not_table, why_not_this_scope
from cogov.decisions.rules.electorate import Head, whole_of
from cogov.decisions.rules.matters import Matter, why_not_unconfirmed, why_not_use, why_not_votable
from cogov.decisions.rules.methods import SINGLE_CHOICE, BallotForm, read_form, why_not_form, why_not_keys, write_form
from cogov.decisions.rules.motions import (
    TaskPlan,
    Wording,
    all_needed,
    head_supported,
    not_of_this_place,
    why_not_support,
    why_not_tabled,
    why_not_this_wording,
    why_not_vote_on,
    why_not_withdraw,
    why_not_without_body,
)
from cogov.decisions.rules.stages import MotionState, Scope
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refused, insist
from cogov.ground.wording import tidy
from cogov.journal.event import Code, Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.meetings.commands import follow_up
from cogov.meetings.rules.kinds import FollowUp
from cogov.moderation.rules import Mask, mask
from cogov.people.queries import organization_names
from cogov.people.rules import CLOCK, MANDATE_KINDS, Actor, Role
from cogov.places.models import Building
from cogov.places.queries import place_by_id
from cogov.problems.commands import name_on_dossier
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id, problem_for_change
from cogov.problems.rules.lanes import RuleCode
from cogov.threads.queries import solution_version
from cogov.threads.rules.speaking import as_who


@verb
def move_motion(
    by: Actor,
    number: str,
    *,
    question: str,
    options: Sequence[Option],
    rule: RuleCode,
    item: int | None = None,
    form: BallotForm = SINGLE_CHOICE,
    text: str = "",
    solution_version_id: int | None = None,
    scope: Scope = Scope.COMMUNITY,
    building_id: int | None = None,
    staircase: str = "",
    tasks: Sequence[TaskPlan] = (),
    public_body_id: int | None = None,
    public_act: str = "",
    meeting_motion: int | None = None,
    once: str | None = None,
) -> Motion:
    """Move a motion: a question, its options with what follows from each, the rule, and what comes when it passes.

    ``form`` says how the ballot is put; ``item`` is that of Civil Code 278(1) under the owners' rules. A mover who
    would vote supports the motion by it. ``meeting_motion`` is one that a meeting carried on the problem and that is
    now put to the formal vote.
    """
    insist_once(by, once)
    problem = problem_for_change(by, number)
    code = place_by_id(problem.community_id).code
    speaker = as_who(by, code)
    if speaker is None:
        raise Refused(not_of_this_place())
    insist(why_not_vote_on(asked_of(problem)))
    published = partial(_published, speaker)
    motion = Motion(
        problem_id=problem.id,
        community_id=problem.community_id,
        solution_version_id=solution_version_id,
        question=published(question),
        text=published(text),
        salt=salt(),
        rule=rule.value,
        item=item,
        scope=scope,
        building_id=building_id,
        staircase=staircase.strip() if scope is Scope.STAIRCASE else "",
        person_id=speaker.person_id,
        organization_id=speaker.organization_id,
        at=now(),
        state=MotionState.MOVED,
        supports=0,
        supports_needed=0,
        public_body_id=public_body_id,
        public_act=published(public_act),
        form=write_form(replace(form, prompt=published(form.prompt))),
    )
    written = tuple(replace(o, label=published(o.label), consequence=published(o.consequence)) for o in options)
    plans = tuple(replace(task, title=published(task.title), text=published(task.text)) for task in tasks)
    insist(why_not_this_wording(_wording(motion, code, written, plans)))
    _settle_way(motion, problem, code, written)
    session().add(motion)
    session().flush()
    _add_parts(motion, written, plans)
    if speaker.organization_id is None and speaker.person_id is not None:
        name_on_dossier(problem.id, speaker.person_id)
    words = commit_to(motion.salt, motion.question, motion.text, *(o.label + o.consequence for o in written))
    _record(MotionMoved(motion.id, Code(rule.value), words), speaker, motion)
    if meeting_motion is not None:
        follow_up(speaker, meeting_motion, problem_id=problem.id, kind=FollowUp.VOTE, subject_id=motion.id)
    if speaker.organization_id is None:
        _support_as_mover(speaker, motion)
    return motion


def _published(speaker: Actor, words: str) -> str:
    """Return words as everybody reads them; under which number an organization is reached is no secret."""
    return mask(tidy(words), spare=() if speaker.organization_id is None else (Mask.PHONE,)).text


def _wording(motion: Motion, code: str, options: tuple[Option, ...], tasks: tuple[TaskPlan, ...]) -> Wording:
    building = session().get(Building, motion.building_id) if motion.building_id is not None else None
    return Wording(
        question=motion.question,
        text=motion.text,
        options=options,
        tasks=tasks,
        scope=motion.scope,
        names_building=motion.building_id is not None,
        staircase=motion.staircase,
        names_body=motion.public_body_id is not None,
        public_act=motion.public_act,
        solution_known=motion.solution_version_id is None
        or solution_version(motion.problem_id, motion.solution_version_id) is not None,
        body_known=motion.public_body_id is None or _can_answer(motion.public_body_id, code),
        building_known=motion.building_id is None
        or (building is not None and building.community_id == motion.community_id),
    )


def _can_answer(organization_id: int, code: str) -> bool:
    body = organization_names([organization_id]).get(organization_id)
    return (
        body is not None
        and body.ended_at is None
        and code.startswith(body.scope)
        and body.kind in MANDATE_KINDS[Role.OFFICIAL]
    )


def _settle_way(motion: Motion, problem: Problem, code: str, options: Sequence[Option]) -> None:
    """Insist that the rule fits the matter and the scope, and settle how many heads table the motion by themselves."""
    matter = Matter(motion.item, triaged_rules(problem))
    insist(why_not_votable(RuleCode(motion.rule)))
    rule = rule_here(RuleCode(motion.rule), code)
    insist(why_not_use(rule.code, matter, rule))
    insist(why_not_fixed(problem.id, rule))
    insist(why_not_without_body(rule, motion.organization_id))
    electorate = electorate_of(motion)
    insist(why_not_this_scope(rule, matter, electorate))
    insist(why_not_keys(read_form(motion.form), [option.key for option in options]))
    insist(why_not_form(read_form(motion.form), [option.cost for option in options], rule.methods))
    motion.supports_needed = supports_needed(rule, code, electorate.total_heads)


def _add_parts(motion: Motion, options: Sequence[Option], tasks: Sequence[TaskPlan]) -> None:
    session().add_all(
        MotionOption(
            motion_id=motion.id,
            position=o.position,
            key=o.key,
            label=o.label,
            consequence=o.consequence,
            cost=o.cost,
        )
        for o in options
    )
    session().add_all(
        PlannedTask(motion_id=motion.id, title=task.title, text=task.text, slots=task.slots, days=task.days)
        for task in tasks
    )
    session().flush()


# Support and the agenda ---------------------------------------------------------------------------------------------


@verb
def support_motion(by: Actor, motion_id: int, *, once: str | None = None) -> Motion:
    """Want a motion tabled, as one of the heads that would vote on it; enough of them table it."""
    insist_once(by, once)
    motion, problem = motion_for_change(by, motion_id)
    insist(why_not_vote_on(asked_of(problem)))
    heads = electorate_of(motion).heads_of(by.person_id) if by.person_id is not None else ()
    rule = rule_here(RuleCode(motion.rule), place_by_id(motion.community_id).code)
    if not heads:
        raise Refused(not_a_supporter(rule.body, only_here(motion, by.person_id)))
    query = select(MotionSupport).where(MotionSupport.motion_id == motion.id)
    supports = list(session().scalars(query))
    counted = {support.head_key for support in supports}
    free = [head for head in heads if whole_of(head.key) not in counted]
    supported = any(support.person_id == by.person_id for support in supports)
    insist(why_not_support(motion.state, supported=supported, head_counted=not free) or why_taken_down(motion.id))
    _add_support(by, motion, free[0])
    return motion


def _support_as_mover(by: Actor, motion: Motion) -> None:
    heads = electorate_of(motion).heads_of(by.person_id) if by.person_id is not None else ()
    if heads:
        _add_support(by, motion, heads[0])


def _add_support(by: Actor, motion: Motion, head: Head) -> None:
    with unless_taken(head_supported()):
        session().add(MotionSupport(motion_id=motion.id, person_id=by.person_id, head_key=whole_of(head.key), at=now()))
    motion.supports += 1
    _record(MotionSupported(motion.id), by.under(None), motion)
    if motion.supports >= motion.supports_needed:
        # By the clock: the one whose support was the last that was needed did no more than all others.
        _table(CLOCK, motion, motion.supports)


@verb
def table_motion(by: Actor, motion_id: int, *, item_confirmed: bool = False, once: str | None = None) -> Motion:
    """Put a motion on the agenda, for the committee or the owners' committee as its rule allows.

    They have checked that it is of the item of Civil Code 278(1) that it was moved under.
    """
    insist_once(by, once)
    motion, problem = motion_for_change(by, motion_id)
    code = place_by_id(motion.community_id).code
    insist(why_not_vote_on(asked_of(problem)))
    rule = rule_here(RuleCode(motion.rule), code)
    insist(why_not_table(all_needed(rule), roles_of(by, code), motion.supports, motion.supports_needed))
    insist(why_not_tabled(motion.state) or why_taken_down(motion.id))
    insist(why_not_unconfirmed(motion.item, confirmed=item_confirmed))
    _table(by.under(by.standing(code, *rule.tabled_by)), motion, None)
    return motion


def _table(by: Actor, motion: Motion, supports: int | None) -> None:
    motion.state = MotionState.TABLED
    motion.tabled_by, motion.tabled_for, motion.tabled_at = by.person_id, by.organization_id, now()
    _record(MotionTabled(motion.id, supports), by, motion)


@verb
def withdraw_motion(by: Actor, motion_id: int, *, once: str | None = None) -> Motion:
    """Withdraw one's own motion while no notice of it is out."""
    insist_once(by, once)
    motion, _ = motion_for_change(by, motion_id)
    insist(why_not_withdraw(motion.state, is_mover=by.person_id == motion.person_id))
    motion.state = MotionState.WITHDRAWN
    _record(MotionWithdrawn(motion.id), by.under(by.serves(motion.organization_id)), motion)
    return motion


def motion_for_change(by: Actor, motion_id: int) -> tuple[Motion, Problem]:
    """Lock a problem and a motion about it; not found where the problem does not exist for this actor."""
    # The problem is locked first; only then is the motion read, so that the rule judges what stands in the database.
    problem_id = found(session().scalar(select(Motion.problem_id).where(Motion.id == motion_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    query = for_change(select(Motion).where(Motion.id == motion_id))
    return found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none()), problem


def _record(event: Event, by: Actor, motion: Motion) -> None:
    record(event, by, place_id=motion.community_id, problem_id=motion.problem_id, subject=("motion", motion.id))
