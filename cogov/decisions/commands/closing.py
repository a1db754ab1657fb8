"""The close: counted once from the ballots, with every sum in whole numbers; a resolution when it passed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from cogov.decisions.commands.taking_effect import resolve_or_wait
from cogov.decisions.events import BoxClosed, DecisionClosed
from cogov.decisions.models import Closing, Decision, DecisionOption, PaperReading, PaperSlip, SecretVote
from cogov.decisions.queries import counted, frozen_options
from cogov.decisions.queries.classes import classes_at_close
from cogov.decisions.queries.counting import counted_by_parts, marked, papers_waiting, turnout_counted, ways_came
from cogov.decisions.queries.opening import why_not_begun
from cogov.decisions.queries.parts import by_shares
from cogov.decisions.queries.tallying import tallied
from cogov.decisions.rules.ballots import why_not_close
from cogov.decisions.rules.channels import write_ways
from cogov.decisions.rules.classes import write_classes
from cogov.decisions.rules.freezing import canonical, thaw
from cogov.decisions.rules.law import heads_unit
from cogov.decisions.rules.methods import BLOCK, BallotForm, Method, read_form
from cogov.decisions.rules.outcome import Outcome, outcome, participation_tests, verdict_of_method
from cogov.decisions.rules.paper import OPEN_STATES, SlipFault, SlipState, why_not_count_papers
from cogov.decisions.rules.secrets.box import is_secret, why_not_count_yet
from cogov.decisions.rules.stages import DecisionState, Verdict
from cogov.decisions.rules.sums import Counted, outcome_text, told_text, verdict_words
from cogov.decisions.rules.tallies import agreeing_among, tests_to_text
from cogov.decisions.rules.thresholds import Turnout
from cogov.decisions.rules.told import blocked_words, headline, is_blocked, sentences
from cogov.duties.commands import stop_clock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import record, verb
from cogov.people.rules import Actor
from cogov.problems.queries import locked


@verb
def close_decision(by: Actor, decision_id: int) -> Closing:
    """Close a vote whose hour has come and count it; closing it again returns what was counted."""
    problem_id = found(session().scalar(select(Decision.problem_id).where(Decision.id == decision_id)))
    locked(problem_id)
    query = for_change(select(Decision).where(Decision.id == decision_id))
    decision = found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())
    if decision.state is DecisionState.CLOSED:
        return found(session().scalars(select(Closing).where(Closing.decision_id == decision_id)).one_or_none())
    at = now()
    insist(why_not_begun(decision, at))
    insist(why_not_close(at, decision.closes_at, closed=False, annulled=False))
    insist(_why_not_count_yet(decision, at))
    _let_lapse(decision, at)
    decision.state = DecisionState.CLOSED
    for purpose in (Purpose.DECISION_OPEN, Purpose.DECISION_CLOSE):
        stop_clock(purpose, decision.id)
    closing, turnout = _count(decision, at)
    record(
        DecisionClosed(decision.id, closing.verdict, turnout.heads, turnout.area),
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )
    if closing.verdict is Verdict.PASSED:
        resolve_or_wait(by, decision, closing)
    return closing


@verb
def due_close(by: Actor, decision_id: int) -> None:
    """Count a vote when its hour has come.

    What lies in a box is counted when two of its holders open it; and papers that came in before the close may wait
    for their second reading (`paper.close_read_votes`).
    """
    decision = found(session().get(Decision, decision_id))
    if _why_not_count_yet(decision, now()) is None:
        close_decision(by, decision_id)
        return
    if not is_secret(thaw(decision.frozen_rule)):
        return
    record(
        BoxClosed(decision.id),
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )


def _why_not_count_yet(decision: Decision, at: datetime) -> Refusal | None:
    if not is_secret(thaw(decision.frozen_rule)):
        return why_not_count_papers(at, decision.closes_at, papers_waiting(decision.id))
    vote = session().get(SecretVote, decision.id)
    return None if vote is None else why_not_count_yet(at, vote.open_until, opened=vote.opened_at is not None)


def _let_lapse(decision: Decision, at: datetime) -> None:
    """Give up the papers whose second reading has not come in time; what was read of them is emptied."""
    waiting = select(PaperSlip.id).where(PaperSlip.decision_id == decision.id, PaperSlip.state.in_(OPEN_STATES))
    slips = list(session().scalars(waiting))
    if not slips:
        return
    session().execute(
        update(PaperReading).where(PaperReading.slip_id.in_(slips)).values(marks="", reason="", signer_id=None)
    )
    session().execute(
        update(PaperSlip)
        .where(PaperSlip.id.in_(slips))
        .values(state=SlipState.REJECTED, fault=SlipFault.LAPSED, settled_at=at)
    )


def _count(decision: Decision, at: datetime) -> tuple[Closing, Turnout]:
    vote = session().get(SecretVote, decision.id) if is_secret(thaw(decision.frozen_rule)) else None
    if vote is not None and vote.opened_at is None:
        return _not_opened(decision, at)
    counting = _count_method if read_form(decision.form).counted_apart else _count_options
    closing, turnout = counting(decision, at)
    ballots = turnout_counted(decision.id).heads if by_shares(decision) else turnout.heads
    closing.classes = write_classes(classes_at_close(decision, ballots))
    if vote is None:
        closing.channels = write_ways(ways_came(decision))
    session().add(closing)
    session().flush()
    return closing, turnout


def _not_opened(decision: Decision, at: datetime) -> tuple[Closing, Turnout]:
    """Close a secret vote whose box nobody has opened in time: nothing is known of it, and nothing is decided."""
    outcome_words = say(
        "“{question}”的票箱到期没有打开：监票码没有凑齐两份。一张票也没有看到，什么也没有决定；请重新公告，重新表决。",
        question=decision.question,
    )
    closing = Closing(
        decision_id=decision.id, verdict=Verdict.NOT_OPENED, tests="[]", outcome=str(outcome_words), at=at
    )
    session().add(closing)
    session().flush()
    return closing, Turnout(0, 0)


def _count_method(decision: Decision, at: datetime) -> tuple[Closing, Turnout]:
    """Count by a method; the rule asks only whether enough took part, for a winner has no share of them."""
    rule, form, options = thaw(decision.frozen_rule), read_form(decision.form), frozen_options(decision.id)
    ballots = marked(decision.id)
    count = tallied(decision, options, [(marks, heads) for marks, heads, _ in ballots])
    told = json.loads(count)
    turnout = Turnout(sum(heads for _, heads, _ in ballots), sum(area for _, _, area in ballots))
    totals = Turnout(decision.heads_total, decision.area_total)
    tests = participation_tests(rule, totals, turnout)
    verdict = verdict_of_method(tests, winners=bool(told["winners"]))
    labels = [option.label for option in options]
    enough = verdict is not Verdict.NO_QUORUM
    closing = Closing(
        decision_id=decision.id,
        verdict=verdict,
        tests=tests_to_text(tests),
        outcome=told_text(
            decision.question,
            headline(form, told, labels) if enough else verdict_words(verdict, rule.force),
            Outcome(verdict, tests),
            totals,
            turnout,
            sentences(form, told, labels) if enough else (),
            counts_area=rule.counts_area,
        ),
        count=count,
        at=at,
    )
    return closing, turnout


def _count_options(decision: Decision, at: datetime) -> tuple[Closing, Turnout]:
    rule, form, options = thaw(decision.frozen_rule), read_form(decision.form), frozen_options(decision.id)
    if by_shares(decision):
        counts, turnout = counted_by_parts(decision.id, options)
    else:
        counts = counted(decision.id, options)
        turnout = Turnout(sum(count.heads for count in counts), sum(count.area for count in counts))
    for option, count in zip(options, counts, strict=True):
        option.heads, option.area = count.heads, count.area
    totals = Turnout(decision.heads_total, decision.area_total)
    agreeing = agreeing_among([option.key for option in options], counts)
    result: Outcome = outcome(rule, totals, turnout, counts, agreeing)
    told = _blocks(form, options, turnout)
    if told and told["blocked"] and result.verdict is Verdict.PASSED:
        result = replace(result, verdict=Verdict.FAILED)
    in_heads = {"heads": turnout.heads, "method": Method.SINGLE.value} if by_shares(decision) else {}
    shown = [Counted(o.label, c.heads, c.area) for o, c in zip(options, counts, strict=True)]
    closing = Closing(
        decision_id=decision.id,
        verdict=result.verdict,
        tests=tests_to_text(result.tests),
        outcome=outcome_text(
            decision.question,
            result,
            totals,
            turnout,
            shown,
            counts_area=rule.counts_area,
            force=rule.force,
            unit=heads_unit(rule.body),
        )
        + (f"\n{blocked_words(told)}" if told else ""),
        count=canonical(told or in_heads) if told or in_heads else "",
        at=at,
    )
    return closing, turnout


def _blocks(form: BallotForm, options: Sequence[DecisionOption], turnout: Turnout) -> dict[str, Any]:
    """Return what the blocks of a consent came to; nothing of other forms."""
    if form.method is not Method.CONSENT:
        return {}
    blocks = sum(option.heads or 0 for option in options if option.key == BLOCK)
    return {
        "method": form.method.value,
        "ballots": turnout.heads,
        "blocks": blocks,
        "limit": str(form.blocked_above),
        "blocked": is_blocked(form, blocks, turnout.heads),
    }
