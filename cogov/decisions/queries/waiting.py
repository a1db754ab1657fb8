"""What waits for a person here: a ballot, a motion to table or announce, a resolution to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select

from cogov.decisions.models import (
    Ballot,
    BallotSignature,
    BoxHolder,
    Closing,
    CourseAct,
    Decision,
    ElectorateVoter,
    Motion,
    Objection,
    Resolution,
    RollMark,
    SecretVote,
)
from cogov.decisions.queries.handling import Handling, Waiting, waiting_for
from cogov.decisions.queries.reasons import to_check
from cogov.decisions.queries.rounds import rounds_to_sum_up
from cogov.decisions.rules.course import KIND_WORDS, STEERERS
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import DecisionState, MotionState
from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import Id, Moment, session
from cogov.ground.needs import Need
from cogov.ground.prepared import Prepared
from cogov.ground.words import Words, say
from cogov.people.rules import Actor, Role
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.rules.stages import Stage

NEEDS = 20


def needs(by: Actor, most: int = NEEDS) -> list[Need]:
    """Return what waits for a person in decisions, ballots first."""
    if by.person_id is None:
        return []
    return [
        *_to_hold(by.person_id, most),
        *_to_vote(by.person_id, most),
        *_to_publish(by, most),
        *_to_steer(by, most),
        *_to_check(by, most),
        *_to_handle(by, most),
        *_to_sum_up(by, most),
        *_to_answer(by, most),
    ][:most]


def ballots_owed(by: Actor, decision_id: int) -> int:
    """Return how many heads a person may still cast for in an open vote."""
    return _OWED.one_or_none({"me": by.person_id, "decision": decision_id, "at": now()}) or 0


_AT = bindparam("at", type_=Moment)
_SIGNED = and_(
    BallotSignature.head_id == ElectorateVoter.head_id, BallotSignature.person_id == ElectorateVoter.person_id
)
"""Of several co-owners: what this one has signed waits for the others, and owes nothing."""
_OWED = Prepared(
    select(func.count())
    .select_from(ElectorateVoter)
    .join(Decision, ElectorateVoter.decision_id == Decision.id)
    .outerjoin(Ballot, and_(Ballot.head_id == ElectorateVoter.head_id, Ballot.decision_id == Decision.id))
    .outerjoin(RollMark, and_(RollMark.head_id == ElectorateVoter.head_id, RollMark.decision_id == Decision.id))
    .outerjoin(BallotSignature, _SIGNED)
    .where(
        ElectorateVoter.person_id == bindparam("me", type_=Id),
        Decision.id == bindparam("decision", type_=Id),
        Decision.opens_at <= _AT,
        Decision.closes_at > _AT,
        Ballot.id.is_(None),
        RollMark.head_id.is_(None),
        BallotSignature.id.is_(None),
    ),
    int,
)
"""Asked with every dossier that has a vote, so it is put together once."""


def _to_hold(person_id: int, most: int) -> list[Need]:
    """Return the boxes whose code a person has not taken yet, and those that wait to be opened."""
    at = now()
    query = (
        select(Decision.id, Decision.question, Decision.opens_at, SecretVote.open_until, BoxHolder.public_key)
        .join(BoxHolder, BoxHolder.decision_id == Decision.id)
        .join(SecretVote, SecretVote.decision_id == Decision.id)
        .join(Problem, Decision.problem_id == Problem.id)
        .where(
            BoxHolder.person_id == person_id,
            Decision.state != DecisionState.CLOSED,
            SecretVote.open_until > at,
            or_(
                and_(BoxHolder.public_key == "", Decision.opens_at > at),
                and_(BoxHolder.public_key != "", Decision.closes_at <= at),
            ),
            ~Problem.hidden,
        )
        .order_by(SecretVote.open_until, Decision.id)
        .limit(most)
    )
    return [_holding(*row) for row in session().execute(query)]


def _holding(decision_id: int, question: str, opens_at: datetime, open_until: datetime, key: str) -> Need:
    return Need(
        kind="holding",
        pill=say("监票"),
        icon="gavel",
        title=question,
        line=say("投票已截止，等两位监票人开箱。") if key else say("您是监票人，请在开始投票以前领监票码。"),
        action=say("去监票"),
        endpoint="decisions.holding",
        values={"decision_id": decision_id},
        due_at=open_until if key else opens_at,
    )


def _to_vote(person_id: int, most: int) -> list[Need]:
    at = now()
    query = (
        select(Decision.id, Decision.question, Decision.closes_at, func.count())
        .join(ElectorateVoter, ElectorateVoter.decision_id == Decision.id)
        .join(Problem, Decision.problem_id == Problem.id)
        .outerjoin(Ballot, and_(Ballot.head_id == ElectorateVoter.head_id, Ballot.decision_id == Decision.id))
        .outerjoin(RollMark, and_(RollMark.head_id == ElectorateVoter.head_id, RollMark.decision_id == Decision.id))
        .outerjoin(BallotSignature, _SIGNED)
        .where(
            ElectorateVoter.person_id == person_id,
            Decision.state != DecisionState.CLOSED,
            Decision.opens_at <= at,
            Decision.closes_at > at,
            Ballot.id.is_(None),
            RollMark.head_id.is_(None),
            BallotSignature.id.is_(None),
            ~Problem.hidden,
        )
        .group_by(Decision.id, Decision.question, Decision.closes_at)
        .order_by(Decision.closes_at, Decision.id)
        .limit(most)
    )
    return [
        Need(
            kind="vote",
            pill=say("表决"),
            icon="checkbox",
            title=question,
            line=say("您有 {n} 票还没有投，投后到截止前都可以改。", n=heads),
            action=say("去投票"),
            endpoint="decisions.show",
            values={"decision_id": decision_id},
            due_at=closes_at,
        )
        for decision_id, question, closes_at, heads in session().execute(query)
    ]


def _to_publish(by: Actor, most: int) -> list[Need]:
    wanted = [
        and_(
            Place.code.startswith(held.scope, autoescape=True),
            Motion.rule.in_([rule.code.value for rule in RULES.values() if held.role in rule.tabled_by]),
        )
        for held in by.standings
        if held.role in (Role.MODERATOR, Role.OWNERS_COMMITTEE)
    ]
    if not wanted:
        return []
    query = (
        select(Motion.id, Motion.question, Motion.state, Motion.supports, Motion.supports_needed)
        .join(Problem, Motion.problem_id == Problem.id)
        .join(Place, Motion.community_id == Place.id)
        .where(
            Motion.state.in_((MotionState.TABLED, MotionState.MOVED)),
            Problem.stage == Stage.GATHERING,
            ~Problem.hidden,
            or_(*wanted),
        )
        .order_by(Motion.state.desc(), Motion.id)
        .limit(most)
    )
    return [_publishing(*row) for row in session().execute(query)]


def _publishing(motion_id: int, question: str, state: MotionState, supports: int, needed: int) -> Need:
    if state is MotionState.TABLED:
        return Need(
            kind="notice",
            pill=say("公告"),
            icon="speakerphone",
            title=question,
            line=say("动议已经列入表决，等您发布公告。"),
            action=say("看还缺什么"),
            endpoint="decisions.notice",
            values={"motion_id": motion_id},
        )
    return Need(
        kind="tabling",
        pill=say("动议"),
        icon="gavel",
        title=question,
        line=say("已有 {n} 户附议，满 {m} 户自动列入；您也可以现在列入。", n=supports, m=needed),
        action=say("去看动议"),
        endpoint="decisions.motion",
        values={"motion_id": motion_id},
    )


def _to_steer(by: Actor, most: int) -> list[Need]:
    """Return what another has asked for about the course of a vote, and objections, for who may sign and answer."""
    scopes = {held.scope for held in by.standings if held.role in STEERERS}
    if not scopes:
        return []
    here = or_(*(Place.code.startswith(scope, autoescape=True) for scope in sorted(scopes)))
    acts = (
        select(Decision.id, Decision.question, CourseAct.kind)
        .join(CourseAct, CourseAct.decision_id == Decision.id)
        .join(Place, Decision.community_id == Place.id)
        .where(CourseAct.settled_at.is_(None), CourseAct.until > now(), CourseAct.asked_by != by.person_id, here)
        .order_by(CourseAct.id)
        .limit(most)
    )
    objections = (
        select(Decision.id, Decision.question)
        .join(Objection, Objection.decision_id == Decision.id)
        .join(Closing, Closing.decision_id == Decision.id)
        .join(Place, Decision.community_id == Place.id)
        .where(Objection.answered_at.is_(None), Closing.annulled_at.is_(None), here)
        .order_by(Decision.id)
        .distinct()
        .limit(most)
    )
    signing = [
        _steering(decision_id, question, say("有人提出“{what}”，等您或者另一个人确认。", what=KIND_WORDS[kind]))
        for decision_id, question, kind in session().execute(acts)
    ]
    answering = [
        _steering(decision_id, question, say("有人对结果提出异议，逐条答复以后才生效。"))
        for decision_id, question in session().execute(objections)
    ]
    return [*signing, *answering]


def _to_check(by: Actor, most: int) -> list[Need]:
    """Return the reasons beside ballots that a moderator reads before everybody does."""
    return [
        Need(
            kind="reasons",
            pill=say("表决"),
            icon="message-circle",
            title=question,
            line=say("{n} 条投票时写的理由等您看，看过才公开。", n=waiting),
            action=say("去看理由"),
            endpoint="decisions.reasons",
            values={"decision_id": decision_id},
        )
        for decision_id, question, waiting in to_check(by, most)
    ]


def _to_sum_up(by: Actor, most: int) -> list[Need]:
    """Return the open rounds whose hour is over, for whoever says what was heard."""
    return [
        Need(
            kind="round",
            pill=say("表决"),
            icon="message-circle",
            title=question,
            line=say("公开的一轮截止了，等一句小结。"),
            action=say("写小结"),
            endpoint="decisions.round_page",
            values={"round_id": round_id},
        )
        for round_id, question in rounds_to_sum_up(by, most)
    ]


def _to_handle(by: Actor, most: int) -> list[Need]:
    """Return the papers, mandates, doors and applications that wait for those whose duty they are."""
    return [_handling(each) for each in waiting_for(by, most)]


@dataclass(frozen=True)
class _Work:
    """How a kind of work that waits is said, and where it is done."""

    icon: str
    line: str
    action: Words
    endpoint: str
    named: str = "decision_id"


_WORK: Mapping[Handling, _Work] = {
    Handling.SECOND_READING: _Work(
        "file-text", say("{n} 张纸票等第二个人录，要另一个人看着票录。").msgid, say("去录纸票"), "decisions.papers"
    ),
    Handling.THIRD_LOOK: _Work(
        "file-text", say("{n} 张纸票两遍录得不一样，等第三个人看。").msgid, say("去看纸票"), "decisions.papers"
    ),
    Handling.MANDATE: _Work(
        "users", say("{n} 份纸面委托书等第二个人对照照片确认。").msgid, say("去确认"), "decisions.paper_mandates"
    ),
    Handling.SERVICE: _Work(
        "map-pin", say("{n} 户上次没有人在，公告要再送一次。").msgid, say("去送公告"), "decisions.service"
    ),
    Handling.INTEREST: _Work(
        "users",
        say("{n} 位其他楼的业主申请列入名册，公告前要逐份决定。").msgid,
        say("去决定"),
        "decisions.interests",
        "motion_id",
    ),
}


def _handling(each: Waiting) -> Need:
    work = _WORK[each.kind]
    return Need(
        kind=each.kind.value,
        pill=say("表决"),
        icon=work.icon,
        title=each.question,
        line=Words(work.line, (("n", each.count),)),
        action=work.action,
        endpoint=work.endpoint,
        values={work.named: each.id},
        due_at=each.due_at,
    )


def _steering(decision_id: int, question: str, line: Words) -> Need:
    return Need(
        kind="course",
        pill=say("表决"),
        icon="scale",
        title=question,
        line=line,
        action=say("去看一看"),
        endpoint="decisions.show",
        values={"decision_id": decision_id},
    )


def _to_answer(by: Actor, most: int) -> list[Need]:
    bodies = sorted(
        {held.organization_id for held in by.standings if held.role is Role.OFFICIAL and held.organization_id}
    )
    if not bodies:
        return []
    clock = and_(
        RunningClock.purpose == Purpose.RESOLUTION_ANSWER,
        RunningClock.subject_id == Resolution.id,
        RunningClock.stopped_at.is_(None),
    )
    query = (
        select(Resolution.id, Decision.question, Resolution.public_act, RunningClock.due_at)
        .join(Decision, Resolution.decision_id == Decision.id)
        .outerjoin(RunningClock, clock)
        .where(Resolution.organization_id.in_(bodies), Resolution.answer.is_(None))
        .order_by(RunningClock.due_at, Resolution.id)
        .limit(most)
    )
    return [
        Need(
            kind="resolution",
            pill=say("决议"),
            icon="gavel",
            title=question,
            line=say("等单位答复：{act}", act=act),
            action=say("去答复"),
            endpoint="decisions.answer",
            values={"resolution_id": resolution_id},
            due_at=due_at,
        )
        for resolution_id, question, act, due_at in session().execute(query)
    ]
