"""Reasons beside ballots: those that wait to be read, and those that everybody may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from cogov.decisions.models import Ballot, BallotReason, Closing, Decision, DecisionOption
from cogov.decisions.queries.counting import turnout_counted
from cogov.decisions.rules.methods import BallotForm, marks_words, read_form
from cogov.decisions.rules.reasons import CHECKS, Side, Withheld, side_of
from cogov.decisions.rules.shortage import SMALLEST
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.db import session
from cogov.people.rules import Actor
from cogov.places.models import Place

MOST_REASONS = 200


@dataclass(frozen=True)
class Reason:
    """Why somebody marked the ballot as they did; never whose reason it is."""

    option: str
    text: str
    side: Side = Side.UNTOLD


@dataclass(frozen=True)
class Unread:
    """A reason as whoever checks it reads it: no name, and nothing of the ballot beside it."""

    id: str
    text: str
    checked: bool
    withheld: Withheld | None


def _stands() -> ColumnElement[bool]:
    """A consent is for the words that were there when it was given; a ballot that came later took its place."""
    return and_(BallotReason.ballot_id == Ballot.id, BallotReason.changes == Ballot.changes, Ballot.reason != "")


def published(decision: Decision, options: Sequence[DecisionOption], winners: tuple[int, ...]) -> tuple[Reason, ...]:
    """Return the reasons that may be read by all, those of ballots that lost first, in no order that tells whose."""
    query = (
        select(Ballot.marks, Ballot.reason)
        .join(BallotReason, _stands())
        .where(
            BallotReason.decision_id == decision.id,
            BallotReason.checked_at.is_not(None),
            BallotReason.withheld.is_(None),
        )
        .order_by(Ballot.reason)
        .limit(MOST_REASONS)
    )
    form, labels = read_form(decision.form), {option.position: option.label for option in options}
    # What a handful of households chose is known as soon as one of them is known.
    many = turnout_counted(decision.id).heads >= SMALLEST
    told = [_reason(form, labels, marks, text, winners, many=many) for marks, text in session().execute(query)]
    return tuple(sorted(told, key=lambda each: list(_SIDES).index(each.side)))


_SIDES = (Side.LOST, Side.CARRIED, Side.UNTOLD)


def _reason(
    form: BallotForm, labels: dict[int, str], marks: str, text: str, winners: tuple[int, ...], *, many: bool
) -> Reason:
    if not many:
        return Reason("", text)
    # A whole ranking beside a reason is as good as a name.
    option = "" if form.counted_apart else marks_words(form, labels, marks)
    return Reason(option, text, side_of(form, marks, winners))


def reasons_waiting(decision_id: int) -> int:
    """Return how many reasons nobody has read yet."""
    query = select(func.count()).select_from(BallotReason).join(Ballot, _stands())
    waiting = BallotReason.decision_id == decision_id, BallotReason.checked_at.is_(None)
    return session().scalar(query.where(*waiting)) or 0


def unread(decision_id: int) -> list[Unread]:
    """Return the reasons of a vote for whoever checks them, those not read yet first, in no order that tells whose."""
    query = (
        select(BallotReason.id, Ballot.reason, BallotReason.checked_at.is_not(None), BallotReason.withheld)
        .join(Ballot, _stands())
        .where(BallotReason.decision_id == decision_id)
        .order_by(BallotReason.checked_at.is_not(None), BallotReason.id)
        .limit(MOST_REASONS)
    )
    return [Unread(*row) for row in session().execute(query)]


def to_check(by: Actor, most: int) -> list[tuple[int, str, int]]:
    """Return the closed votes whose reasons wait for one of these roles: id, question, how many."""
    scopes = {held.scope for held in by.standings if held.role is CHECKS}
    if not scopes:
        return []
    query = (
        select(Decision.id, Decision.question, func.count())
        .select_from(BallotReason)
        .join(Ballot, _stands())
        .join(Decision, BallotReason.decision_id == Decision.id)
        .join(Place, Decision.community_id == Place.id)
        .join(Closing, Closing.decision_id == Decision.id)
        .where(
            BallotReason.checked_at.is_(None),
            Decision.state == DecisionState.CLOSED,
            or_(*(Place.code.startswith(scope, autoescape=True) for scope in sorted(scopes))),
        )
        .group_by(Decision.id, Decision.question)
        .order_by(Decision.id)
        .limit(most)
    )
    return [(decision_id, question, n) for decision_id, question, n in session().execute(query)]
