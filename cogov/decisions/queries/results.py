"""What a vote came to, and what an open round has said so far."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cogov.decisions.models import (
    Ballot,
    Closing,
    Decision,
    DecisionOption,
    Resolution,
)
from cogov.decisions.queries.counting import counted, turnout_counted
from cogov.decisions.queries.frozen import outcome_as_counted
from cogov.decisions.queries.reasons import MOST_REASONS, Reason, published
from cogov.decisions.queries.resolutions import ResolutionShown, shown_resolution
from cogov.decisions.queries.voices import MyHead
from cogov.decisions.rules.methods import BallotForm, ReasonAsked, marks_words, read_form
from cogov.decisions.rules.outcome import Test
from cogov.decisions.rules.reasons import winners_of
from cogov.decisions.rules.stages import Verdict
from cogov.decisions.rules.tallies import tests_from_text
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.db import found, session
from cogov.people.rules import Actor


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


def result_of(by: Actor, decision: Decision, options: tuple[DecisionOption, ...], *, as_frozen: bool) -> Result:
    """Return what a counted vote came to."""
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


def sees_round(form: BallotForm, mine: Sequence[MyHead]) -> bool:
    """Say whether a reader sees an open round while it runs; a place may show it to those only who have voted."""
    return form.is_open and (not form.hidden or any(head.ordinal is not None for head in mine))


def round_shown(decision: Decision, options: tuple[DecisionOption, ...]) -> Round:
    """Return what has been said in an open round, and why."""
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
