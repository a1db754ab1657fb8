"""Motions as they are shown, with what the reader may do about each; the roll is read once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cogov.decisions.models import Decision, Motion, MotionOption, MotionSupport, PlannedTask
from cogov.decisions.queries.loading import Roll, asked_of, heads_under, only_here, roles_of, roll_of
from cogov.decisions.queries.ruling import rule_here
from cogov.decisions.rules.ballots import Option, not_a_supporter, why_not_table
from cogov.decisions.rules.electorate import whole_of
from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.methods import BallotForm, read_form
from cogov.decisions.rules.motions import (
    MOST_SHOWN,
    Asked,
    all_needed,
    why_not_notice,
    why_not_on_solution,
    why_not_support,
    why_not_tabled,
    why_not_vote_on,
    why_not_withdraw,
)
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import MotionState, Scope
from cogov.decisions.rules.veiling import motion_taken_down, why_not_erase
from cogov.ground.db import session
from cogov.ground.refusals import Refusal
from cogov.journal.kept import kept
from cogov.moderation.queries import covered_fields, covers_of, is_covered
from cogov.moderation.rules import Mask, SubjectKind, marks_in
from cogov.people.queries import organization_names
from cogov.people.rules import Actor, Role
from cogov.places.models import Building
from cogov.problems.models import Problem
from cogov.problems.queries import names_on
from cogov.problems.rules.lanes import RuleCode
from cogov.threads.models import Solution, SolutionVersion


@dataclass(frozen=True)
class MotionShown:
    """A motion with its parts, and why the reader may not do each act (None: may)."""

    id: int
    question: str
    text: str
    rule: DecisionRule
    item: int | None
    scope: Scope
    building: str
    staircase: str
    state: MotionState
    supports: int
    supports_needed: int
    at: datetime
    mover: int | None
    """Ordinal of the mover on the dossier; None for who moved for an organization."""
    organization: str
    form: BallotForm
    options: tuple[Option, ...]
    tasks: tuple[PlannedTask, ...]
    solution: str
    body: str
    public_act: str
    decision_id: int | None
    supported: bool
    why_not_support: Refusal | None
    why_not_table: Refusal | None
    why_not_withdraw: Refusal | None
    mine: bool
    why_not_erase: Refusal | None
    """Why the reader may not erase its words, which a motion withdrawn before still has."""
    why_not_notice: Refusal | None


def motions_of(problem_id: int) -> list[Motion]:
    """Return the latest motions of a problem, the newest first; withdrawn ones stay on record."""
    query = select(Motion).where(Motion.problem_id == problem_id).order_by(Motion.id.desc()).limit(MOST_SHOWN)
    return list(kept(("motions", problem_id), lambda: session().scalars(query).all(), of=problem_id))


def masked_in(motion: Motion) -> tuple[Mask, ...]:
    """Return what was masked in the words of a motion: the question, its options, and what comes of it."""
    of_options = select(MotionOption.label, MotionOption.consequence).where(MotionOption.motion_id == motion.id)
    of_tasks = select(PlannedTask.title, PlannedTask.text).where(PlannedTask.motion_id == motion.id)
    parts = (*session().execute(of_options), *session().execute(of_tasks))
    said = (motion.question, motion.text, motion.public_act, read_form(motion.form).prompt)
    return marks_in(*said, *(words for part in parts for words in part))


def shown_motions(by: Actor, problem: Problem, code: str, motions: Sequence[Motion]) -> list[MotionShown]:
    """Return motions as a reader sees them; the number of queries does not grow with them."""
    if not motions:
        return []
    ids = tuple(motion.id for motion in motions)
    parts = kept(("parts of motions", ids), lambda: _parts(problem, motions), of=problem.id)
    waiting = {RULES[RuleCode(motion.rule)].body for motion in motions if motion.state is MotionState.MOVED}
    registered = roll_of(problem.community_id, waiting)
    rules = {rule: rule_here(RuleCode(rule), code) for rule in {motion.rule for motion in motions}}
    reader = _Reader(by, rules, roles_of(by, code), asked_of(problem), registered)
    return [_shown(reader, motion, parts) for motion in motions]


@dataclass(frozen=True)
class _Reader:
    by: Actor
    rules: dict[str, DecisionRule]
    roles: frozenset[Role]
    asked: Asked
    roll: Roll


@dataclass(frozen=True)
class _Parts:
    options: dict[int, list[Option]]
    tasks: dict[int, list[PlannedTask]]
    supports: dict[int, dict[int, str]]
    solutions: dict[int, tuple[str, bool]]
    """What each is called, and whether its words were taken down."""

    buildings: dict[int, str]
    organizations: dict[int, str]
    decisions: dict[int, int]
    ordinals: dict[int, int]
    down: frozenset[int]
    """The motions whose words are covered."""


def _parts(problem: Problem, motions: Sequence[Motion]) -> _Parts:
    ids = [motion.id for motion in motions]
    options: dict[int, list[Option]] = defaultdict(list)
    for row in session().scalars(
        select(MotionOption).where(MotionOption.motion_id.in_(ids)).order_by(MotionOption.position)
    ):
        options[row.motion_id].append(Option(row.position, row.key, row.label, row.consequence, row.cost))
    tasks: dict[int, list[PlannedTask]] = defaultdict(list)
    for task in session().scalars(select(PlannedTask).where(PlannedTask.motion_id.in_(ids)).order_by(PlannedTask.id)):
        tasks[task.motion_id].append(task)
    supports: dict[int, dict[int, str]] = defaultdict(dict)
    for motion_id, person_id, key in session().execute(
        select(MotionSupport.motion_id, MotionSupport.person_id, MotionSupport.head_key).where(
            MotionSupport.motion_id.in_(ids)
        )
    ):
        supports[motion_id][person_id] = key
    organizations = organization_names(
        {*(motion.organization_id for motion in motions), *(motion.public_body_id for motion in motions)}
    )
    return _Parts(
        options,
        tasks,
        supports,
        _solutions({motion.solution_version_id for motion in motions}),
        _buildings({motion.building_id for motion in motions}),
        {organization.id: organization.name for organization in organizations.values()},
        dict(session().execute(select(Decision.motion_id, Decision.id).where(Decision.motion_id.in_(ids))).all()),
        names_on(problem.id),
        frozenset(motion_id for motion_id, _ in covers_of(SubjectKind.VOTING_MOTION, ids)),
    )


def why_taken_down(motion_id: int) -> Refusal | None:
    """Say why nothing is done with a motion whose words are covered."""
    return motion_taken_down() if covered_fields(SubjectKind.VOTING_MOTION, motion_id) else None


def solution_removed(version_id: int | None) -> bool:
    """Say whether the words of a version of a solution were taken down."""
    return bool(session().scalar(select(_SOLUTION_DOWN).where(SolutionVersion.id == version_id)))


_SOLUTION_DOWN = is_covered(SubjectKind.SOLUTION, SolutionVersion.id, "title")


def _solutions(version_ids: set[int | None]) -> dict[int, tuple[str, bool]]:
    query = (
        select(SolutionVersion.id, Solution.number, SolutionVersion.version, SolutionVersion.title, _SOLUTION_DOWN)
        .join(Solution, SolutionVersion.solution_id == Solution.id)
        .where(SolutionVersion.id.in_([version_id for version_id in version_ids if version_id is not None]))
    )
    return {
        version_id: (f"{number}.{version} {title}", down)
        for version_id, number, version, title, down in session().execute(query)
    }


def _buildings(building_ids: set[int | None]) -> dict[int, str]:
    wanted = [building_id for building_id in building_ids if building_id is not None]
    if not wanted:
        return {}
    return dict(session().execute(select(Building.id, Building.name).where(Building.id.in_(wanted))).all())


def _shown(reader: _Reader, motion: Motion, parts: _Parts) -> MotionShown:
    by, rule = reader.by, reader.rules[motion.rule]
    closed = why_not_vote_on(reader.asked) or (motion_taken_down() if motion.id in parts.down else None)
    mine = by.person_id is not None and by.person_id == motion.person_id
    supported = by.person_id in parts.supports[motion.id]
    solution, removed = parts.solutions.get(motion.solution_version_id or 0, ("", False))
    return MotionShown(
        id=motion.id,
        question=motion.question,
        text=motion.text,
        rule=rule,
        item=motion.item,
        scope=motion.scope,
        building=parts.buildings.get(motion.building_id or 0, ""),
        staircase=motion.staircase,
        state=motion.state,
        supports=motion.supports,
        supports_needed=motion.supports_needed,
        at=motion.at,
        mover=parts.ordinals.get(motion.person_id) if motion.organization_id is None else None,
        organization=parts.organizations.get(motion.organization_id or 0, ""),
        form=read_form(motion.form),
        options=tuple(parts.options[motion.id]),
        tasks=tuple(parts.tasks[motion.id]),
        solution=solution,
        body=parts.organizations.get(motion.public_body_id or 0, ""),
        public_act=motion.public_act,
        decision_id=parts.decisions.get(motion.id),
        supported=supported,
        why_not_support=closed or _why_not_support(reader, motion, parts.supports[motion.id], rule),
        why_not_table=closed
        or why_not_table(all_needed(rule), reader.roles, motion.supports, motion.supports_needed)
        or why_not_tabled(motion.state),
        why_not_withdraw=why_not_withdraw(motion.state, is_mover=mine),
        mine=mine,
        why_not_erase=why_not_erase(motion.state, is_mover=mine, stands=motion.id not in parts.down),
        why_not_notice=closed
        or why_not_notice(motion.state, reader.roles, rule.tabled_by)
        or why_not_on_solution(removed=removed),
    )


def _why_not_support(reader: _Reader, motion: Motion, supports: dict[int, str], rule: DecisionRule) -> Refusal | None:
    person_id = reader.by.person_id
    refusal = why_not_support(motion.state, supported=person_id in supports, head_counted=False)
    if refusal is not None or person_id is None:
        return refusal or not_a_supporter(rule.body)
    heads = heads_under(rule, motion, reader.roll).heads_of(person_id)
    if not heads:
        return not_a_supporter(rule.body, only_here(motion, person_id, reader.roll))
    taken = all(whole_of(head.key) in supports.values() for head in heads)
    return why_not_support(motion.state, supported=False, head_counted=taken)
