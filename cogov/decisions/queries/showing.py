"""A decision as everybody may see it: its rule, the turnout in batches while it runs, the result after the close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from cogov.decisions.models import (
    Decision,
    DecisionOption,
    Motion,
)
from cogov.decisions.queries.counting import frozen_options
from cogov.decisions.queries.frozen import as_noticed, motion_as_noticed
from cogov.decisions.queries.helping import may_help
from cogov.decisions.queries.loading import decision_for, is_voter, roles_of
from cogov.decisions.queries.opening import concerns_in_the_way, why_not_begun
from cogov.decisions.queries.paper import is_counter
from cogov.decisions.queries.phases import Phase, phase_of
from cogov.decisions.queries.results import Result, Round, result_of, round_shown, sees_round
from cogov.decisions.queries.running import Running, running_of
from cogov.decisions.queries.voices import MyHead, voices_of, why_no_ballot
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.methods import BallotForm, read_form
from cogov.decisions.rules.stages import DecisionState
from cogov.decisions.rules.thresholds import Turnout
from cogov.decisions.rules.veiling import reads_frozen
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal
from cogov.journal.kept import kept
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.threads.queries import SolutionText, counts, solution_version
from cogov.threads.queries.panels import Counts


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
    mine = voices_of(by, decision, rule, at)
    if waits := why_not_begun(decision, at):
        mine = tuple(replace(head, why_not_cast=waits) for head in mine)
    closed = phase is Phase.CLOSED
    options, motion = kept(("put to the vote", decision.id), lambda: _put_to_the_vote(decision), of=problem.id)
    as_frozen = bool(decision.frozen_words) and _reads_frozen(by, decision, motion, carries=bool(mine))
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
        result=result_of(by, decision, options, as_frozen=as_frozen) if closed else None,
        form=form,
        round=round_shown(decision, options) if phase is Phase.OPEN and sees_round(form, mine) else None,
        mine=mine,
        why_not_cast=None if mine else why_no_ballot(by, decision, motion, rule, at),
        as_frozen=as_frozen,
    )


def _reads_frozen(by: Actor, decision: Decision, motion: Motion, *, carries: bool) -> bool:
    roles = roles_of(by, place_by_id(decision.community_id).code)
    handles = carries or is_counter(by, decision) or may_help(by, decision, motion)
    running = decision.state is not DecisionState.CLOSED
    return reads_frozen(roles, in_electorate=is_voter(by, decision.id), handles=running and handles)


def _put_to_the_vote(decision: Decision) -> tuple[tuple[DecisionOption, ...], Motion]:
    return tuple(frozen_options(decision.id)), found(session().get(Motion, decision.motion_id))
