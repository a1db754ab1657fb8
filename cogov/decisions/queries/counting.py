"""Counting from the ballots themselves: the result after the close, and what may be shown before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, literal, select

from cogov.decisions.models import (
    Ballot,
    Closing,
    Decision,
    DecisionOption,
    DecisionTurnout,
    ElectorateHead,
    ElectorateUnit,
    OpenedBallot,
    PaperSlip,
)
from cogov.decisions.queries.admitting import proven_frozen
from cogov.decisions.queries.parts import by_shares, parts_counted, parts_in_cells
from cogov.decisions.rules.channels import Channel, Way, offered, read_ways, ways_of
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.methods import write_marks
from cogov.decisions.rules.outcome import Count, Missing, still_missing
from cogov.decisions.rules.paper import OPEN_STATES
from cogov.decisions.rules.secrets.box import is_secret
from cogov.decisions.rules.shortage import SMALLEST, Board, Cell, batched, board
from cogov.decisions.rules.stages import DecisionState
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.db import found, session
from cogov.journal.kept import Of, kept


def frozen_options(decision_id: int) -> list[DecisionOption]:
    """Return the options of a decision in order."""
    query = select(DecisionOption).where(DecisionOption.decision_id == decision_id).order_by(DecisionOption.position)
    return list(session().scalars(query))


def counted(decision_id: int, options: Sequence[DecisionOption]) -> list[Count]:
    """Count the ballots, an option at a time; for the close, and for whoever counts again after it."""
    sums = {marks: (heads, area) for marks, heads, area in marked(decision_id)}
    return [Count(each.position, *sums.get(_only(each), (0, 0))) for each in options]


def counted_by_parts(decision_id: int, options: Sequence[DecisionOption]) -> tuple[list[Count], Turnout]:
    """Count the ballots of co-owners by shares: each option, and how much took part, which may be more than all."""
    turnout, sums = parts_counted(decision_id)
    nothing = Turnout(0, 0)
    got = [(each.position, sums.get(_only(each), nothing)) for each in options]
    return [Count(position, sum_.heads, sum_.area) for position, sum_ in got], turnout


def _only(option: DecisionOption) -> str:
    return write_marks({option.position: 1})


def marked(decision_id: int) -> list[tuple[str, int, int]]:
    """Return in a settled order each way in which ballots are marked, how many heads so did, and with what area."""
    named = (
        select(Ballot.marks, func.count(), func.sum(ElectorateHead.area))
        .join(ElectorateHead, Ballot.head_id == ElectorateHead.id)
        .where(Ballot.decision_id == decision_id)
        .group_by(Ballot.marks)
    )
    # A decision has ballots with names or ballots from a box, never both.
    opened = (
        select(OpenedBallot.marks, func.count(), literal(0))
        .where(OpenedBallot.decision_id == decision_id)
        .group_by(OpenedBallot.marks)
    )
    query = named.union_all(opened)
    return sorted((marks, int(heads), int(area)) for marks, heads, area in session().execute(query))


def turnout_counted(decision_id: int) -> Turnout:
    """Return the turnout as the counter has it; it says how many took part and never what they chose."""
    row = found(session().get(DecisionTurnout, decision_id, populate_existing=True))
    return Turnout(row.heads, row.area)


@dataclass(frozen=True)
class Progress:
    """What everybody may know of a running vote, and up to which ballot it is counted."""

    board: Board
    ballots: int
    turnout: Turnout


def counted_so_far(decision: Decision) -> int:
    """Return up to which ballot the figures of a running vote are counted."""
    ballots = kept(("cast", decision.id), lambda: turnout_counted(decision.id).heads, of=decision.problem_id)
    return ballots if decision.heads_total < SMALLEST else batched(ballots)


def progress(decision: Decision, rule: DecisionRule, last: int) -> Progress:
    """Return what may be shown of the turnout up to a ballot that may be counted (``counted_so_far``)."""
    totals = Turnout(decision.heads_total, decision.area_total)
    if is_secret(rule):
        # Who has a token is known in no order, so no part of the community can be counted up to one of them.
        return Progress(board(rule, totals, Turnout(last, 0), []), last, Turnout(last, 0))
    # Which heads cast the first so many ballots never changes, whatever they choose afterwards.
    so_far = kept(("first ballots", decision.id, last), lambda: _first_ballots(decision, last), of=Of.REGISTERS)
    drawn = board(rule, totals, so_far[0], list(so_far[1]))
    return Progress(drawn, last, so_far[0])


def _first_ballots(decision: Decision, last: int) -> tuple[Turnout, tuple[Cell, ...]]:
    decision_id = decision.id
    if by_shares(decision):
        return parts_counted(decision_id, last)[0], tuple(parts_in_cells(decision_id, last))
    in_batches = (
        select(func.count(), func.coalesce(func.sum(ElectorateHead.area), 0))
        .select_from(Ballot)
        .join(ElectorateHead, Ballot.head_id == ElectorateHead.id)
        .where(Ballot.decision_id == decision_id, Ballot.ordinal <= last)
    )
    heads, area = session().execute(in_batches).one()
    return Turnout(int(heads), int(area)), tuple(_cells(decision_id, last))


def missing_of(decisions: Iterable[tuple[Decision, DecisionRule]]) -> dict[int, Missing]:
    """Return what may be said to be missing for the quorum of running votes, in one query for all of them.

    Of an electorate under ten nothing is returned, as nothing but "met" or "not yet" may be shown of it.
    """
    shown = {d.id: (d, rule) for d, rule in decisions if min(d.heads_total, d.units_total) >= SMALLEST}
    in_batches = and_(
        Ballot.decision_id == DecisionTurnout.decision_id,
        Ballot.ordinal <= DecisionTurnout.heads - DecisionTurnout.heads % SMALLEST,
    )
    query = (
        select(
            DecisionTurnout.decision_id,
            DecisionTurnout.heads,
            func.count(Ballot.id),
            func.coalesce(func.sum(ElectorateHead.area), 0),
        )
        .outerjoin(Ballot, in_batches)
        .outerjoin(ElectorateHead, Ballot.head_id == ElectorateHead.id)
        .where(DecisionTurnout.decision_id.in_(shown))
        .group_by(DecisionTurnout.decision_id, DecisionTurnout.heads)
    )
    result = {}
    for decision_id, tokens, ballots, area in session().execute(query) if shown else ():
        decision, rule = shown[decision_id]
        heads = batched(tokens) if is_secret(rule) else ballots
        totals = Turnout(decision.heads_total, decision.area_total)
        turnout = Turnout(int(heads), int(area))
        if by_shares(decision):
            turnout = progress(decision, rule, batched(tokens)).turnout
        result[decision_id] = still_missing(rule, totals, turnout)
    return result


def _cells(decision_id: int, last: int) -> list[Cell]:
    if proven_frozen(decision_id):
        return []
    in_batches = and_(
        Ballot.decision_id == decision_id, Ballot.head_id == ElectorateUnit.head_id, Ballot.ordinal <= last
    )
    query = (
        select(
            ElectorateUnit.building_id,
            ElectorateUnit.staircase,
            func.count(),
            func.sum(case((Ballot.id.is_not(None), 1), else_=0)),
        )
        .outerjoin(Ballot, in_batches)
        .where(ElectorateUnit.decision_id == decision_id)
        .group_by(ElectorateUnit.building_id, ElectorateUnit.staircase)
    )
    return [
        Cell(building, staircase, int(units), int(voted))
        for building, staircase, units, voted in session().execute(query)
    ]


# By which way ballots came ------------------------------------------------------------------------------------------


def papers_waiting(decision_id: int) -> int:
    """Return how many papers wait for a second or third reading."""
    query = select(func.count()).where(PaperSlip.decision_id == decision_id, PaperSlip.state.in_(OPEN_STATES))
    return session().scalar(query) or 0


def ways_shown(decision: Decision) -> dict[Way, int]:
    """Return how the ballots came, as far as all may know: after the close, and nothing of fewer than ten."""
    if decision.state is not DecisionState.CLOSED or is_secret(thaw(decision.frozen_rule)):
        return {}
    text = select(Closing.channels).where(Closing.decision_id == decision.id)
    return kept(("ways", decision.id), lambda: read_ways(session().scalar(text) or ""), of=decision.problem_id)


def ways_came(decision: Decision) -> dict[Way, int]:
    """Count how the ballots came, and leave out what would say it of fewer than ten."""
    rule = thaw(decision.frozen_rule)
    proxies = {Channel.PROXY} if rule.proxy_heads else set()
    return ways_of(ballots_by_channel(decision.id), {*offered(rule), *proxies})


def ballots_by_channel(decision_id: int) -> dict[Channel, int]:
    """Return how many households' ballots came by each way; for the whole of a vote only."""
    query = select(Ballot.channel, func.count()).where(Ballot.decision_id == decision_id).group_by(Ballot.channel)
    return dict(session().execute(query).all())


def helped_in_buildings(decision_id: int) -> list[Cell]:
    """Return for each building how many units vote, and for how many of these a ballot came with help."""
    if proven_frozen(decision_id) or by_shares(found(session().get(Decision, decision_id))):
        return []
    query = (
        select(ElectorateUnit.building_id, func.count(), func.sum(case((Ballot.channel == Channel.HELPED, 1), else_=0)))
        .outerjoin(Ballot, (Ballot.head_id == ElectorateUnit.head_id) & (Ballot.decision_id == decision_id))
        .where(ElectorateUnit.decision_id == decision_id)
        .group_by(ElectorateUnit.building_id)
        .order_by(ElectorateUnit.building_id)
    )
    return [Cell(building, "", int(units), int(helped)) for building, units, helped in session().execute(query)]
