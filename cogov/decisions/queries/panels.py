"""Decisions in lists: on a dossier's tab, in its margin, and those of a community."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, literal, select

from cogov.decisions.models import Ballot, Closing, Decision, ElectorateVoter, RollMark
from cogov.decisions.queries.counting import counted_so_far, missing_of, progress
from cogov.decisions.queries.loading import asked_of
from cogov.decisions.queries.motions import MotionShown, motions_of, shown_motions
from cogov.decisions.queries.phases import Phase, phase_of
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import DecisionRule, Force, force_sentence
from cogov.decisions.rules.motions import MOST_SHOWN, not_of_this_place, why_not_vote_on
from cogov.decisions.rules.outcome import Missing
from cogov.decisions.rules.stages import DecisionState, Verdict
from cogov.decisions.rules.sums import verdict_words
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.journal.kept import kept
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by
from cogov.threads.rules.speaking import as_who

PAGE_SIZE = 20

VERDICT_NOW = case(
    (Closing.annulled_at.is_not(None), literal(Verdict.ANNULLED, Closing.verdict.type)), else_=Closing.verdict
)
"""What a vote came to, as lists say it: one that was annulled later has come to nothing."""


@dataclass(frozen=True)
class DecisionRow:
    """One line of a list: the question, where it stands, and how many of my heads still wait."""

    id: int
    question: str
    number: str
    title: str
    rule: Words
    phase: Phase
    opens_at: datetime
    closes_at: datetime
    verdict: Verdict | None
    force: Force
    missing: Missing | None
    """What a running vote still lacks; None where that may not be said, and where there is no quorum."""
    my_heads: int
    my_open_heads: int


@dataclass(frozen=True)
class Panel:
    """The tab of a dossier: its motions, its decisions, and whether the reader may move another motion."""

    motions: tuple[MotionShown, ...]
    decisions: tuple[DecisionRow, ...]
    why_not_move: Refusal | None


def panel(by: Actor, problem: Problem) -> Panel:
    """Return what the tab shows to a reader, in a constant number of queries."""
    code = place_by_id(problem.community_id).code
    return Panel(
        tuple(shown_motions(by, problem, code, motions_of(problem.id))),
        tuple(_rows(by, [Decision.problem_id == problem.id], MOST_SHOWN)),
        why_not_move(by, problem),
    )


def why_not_move(by: Actor, problem: Problem) -> Refusal | None:
    """Say why a reader cannot move a motion here now."""
    refusal = why_not_vote_on(asked_of(problem))
    if refusal is not None:
        return refusal
    speaks = as_who(by, place_by_id(problem.community_id).code) is not None
    return None if speaks else not_of_this_place()


def closed_decisions(by: Actor, community_id: int, *, before_id: int | None = None) -> list[DecisionRow]:
    """Return the decided ones of a community that this reader may see, the newest first, those before an id."""
    closed = Decision.state == DecisionState.CLOSED
    where: list[ColumnElement[bool]] = [Decision.community_id == community_id, closed, seen_by(by)]
    if before_id is not None:
        where.append(Decision.id < before_id)
    return _rows(by, where, PAGE_SIZE)


def unfinished_decisions(by: Actor, community_id: int) -> list[DecisionRow]:
    """Return the decisions of a community that run or come, the next to close first."""
    where = [Decision.community_id == community_id, Decision.state != DecisionState.CLOSED, seen_by(by)]
    return sorted(_rows(by, where, 100), key=lambda row: (row.phase is Phase.COMING, row.closes_at))


def _rows(by: Actor, where: Iterable[ColumnElement[bool]], limit: int) -> list[DecisionRow]:
    query = (
        select(Decision, Problem.number, Problem.title, VERDICT_NOW, *_my_heads(by))
        .join(Problem, Decision.problem_id == Problem.id)
        .outerjoin(Closing, Closing.decision_id == Decision.id)
        .where(*where)
        .order_by(Decision.id.desc())
        .limit(limit)
    )
    rows = session().execute(query).all()
    at = now()
    rules = {row[0].id: thaw(row[0].frozen_rule) for row in rows}
    running = [row[0] for row in rows if row[0].state is DecisionState.OPEN]
    missing = missing_of((decision, rules[decision.id]) for decision in running if rules[decision.id].has_quorum)
    return [
        DecisionRow(
            decision.id,
            decision.question,
            number,
            title,
            Words(rules[decision.id].name),
            phase_of(decision.state, decision.opens_at, decision.closes_at, at),
            decision.opens_at,
            decision.closes_at,
            verdict,
            rules[decision.id].force,
            missing.get(decision.id),
            heads,
            open_heads,
        )
        for decision, number, title, verdict, heads, open_heads in rows
    ]


def _my_heads(by: Actor) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return, as columns beside a decision, how many heads the reader votes for, and for how many they have not yet."""
    if by.person_id is None:
        return literal(0), literal(0)
    mine = (
        select(func.count())
        .select_from(ElectorateVoter)
        .where(ElectorateVoter.person_id == by.person_id, ElectorateVoter.decision_id == Decision.id)
        .correlate(Decision)
    )
    cast_already = exists().where(
        Ballot.head_id == ElectorateVoter.head_id, Ballot.decision_id == ElectorateVoter.decision_id
    )
    has_token = exists().where(
        RollMark.head_id == ElectorateVoter.head_id, RollMark.decision_id == ElectorateVoter.decision_id
    )
    return mine.scalar_subquery(), mine.where(~cast_already, ~has_token).scalar_subquery()


# In the margin ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Summary:
    """The latest decision of a problem in a few words: until when, what is missing, or what came of it."""

    id: int
    question: str
    line: Words
    phase: Phase
    opens_at: datetime
    closes_at: datetime
    met: bool | None
    missing: Missing | None
    verdict: Verdict | None
    force: Words
    """What a result is worth in this place."""
    rule: DecisionRule
    totals: Turnout
    turnout: Turnout | None
    """How many took part, in full batches; None where that may not be shown, or after the close."""


def latest(problem_id: int) -> Summary | None:
    """Return the latest decision of a problem for the margin of its dossier."""
    return kept(("latest decision", problem_id), lambda: _latest(problem_id), of=problem_id)


def _latest(problem_id: int) -> Summary | None:
    query = select(Decision).where(Decision.problem_id == problem_id).order_by(Decision.id.desc()).limit(1)
    decision = session().scalars(query).first()
    if decision is None:
        return None
    phase = phase_of(decision.state, decision.opens_at, decision.closes_at, now())
    rule = thaw(decision.frozen_rule)
    board = progress(decision, rule, counted_so_far(decision)).board if phase is not Phase.CLOSED else None
    of_decision = select(VERDICT_NOW).where(Closing.decision_id == decision.id)
    verdict = session().scalar(of_decision) if board is None else None
    missing = board.missing if board else None
    return Summary(
        decision.id,
        decision.question,
        _line(decision, phase, missing, verdict_words(verdict, rule.force) if verdict is not None else None),
        phase,
        decision.opens_at,
        decision.closes_at,
        board.met if board else None,
        missing,
        verdict,
        force_sentence(rule.force, rule.body),
        rule,
        Turnout(decision.heads_total, decision.area_total),
        board.turnout if board else None,
    )


def _line(decision: Decision, phase: Phase, missing: Missing | None, verdict: Words | None) -> Words:
    if verdict is not None:
        return verdict
    if phase is Phase.COMING and decision.announced_for is not None:
        return say("原定 {at} 开始，在等顾虑的答复", at=decision.announced_for)
    if phase is Phase.COMING:
        return say("公示中，{at} 开始表决", at=decision.opens_at)
    if phase is Phase.COUNTING:
        return say("已经截止，正在计票")
    if missing is None or not (missing.heads or missing.area):
        return say("表决中，{at} 截止", at=decision.closes_at)
    return say("{missing}，{at} 截止", missing=missing.words, at=decision.closes_at)
