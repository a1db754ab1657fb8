"""Who would vote if the notice went out now, and how many of them it would take: sums only, no door and no name."""

from dataclasses import dataclass

from cogov.decisions.rules.co_owning import joint_heads
from cogov.decisions.rules.electorate import Electorate, whole_of
from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.parts import Misfit, misfits, owner_of
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.thresholds import Base, Threshold, Thresholds, Turnout


@dataclass(frozen=True)
class Simulation:
    """An electorate as it would be frozen, what the roll lacks, and what the rule would ask of it.

    ``quorum`` is how many have to take part, None where the rule asks for nobody; ``agreeing`` is how many have to
    agree if exactly the quorum took part, or all of them where there is none: the fewest and the most it can be.
    """

    scope: Scope
    heads: int
    units: int
    area: int
    heads_without_verified_person: int
    units_without_area: int
    units_without_owner: int
    units_left_out: int
    quorum: Turnout | None
    fewest: Turnout | None
    most: Turnout | None
    heads_by_proxy: int = 0
    """For how many a proxy casts by a mandate that stands already."""

    joint_heads: int = 0
    """How many units all co-owners cast together, and for how many of these not all of them are verified."""

    joint_heads_incomplete: int = 0
    proven_heads: int | None = None
    """How many have proven an interest, which all others are presumed to have; None where the rule asks for none."""

    split_heads: int = 0
    """How many units co-owners cast for by shares, with how many shares that nobody here can cast."""

    shares_uncast: int = 0
    misfits: tuple[Misfit, ...] = ()
    """Units whose shares cannot be counted, for which no notice can go out; the figures have their heads whole."""


def simulate(rule: DecisionRule, electorate: Electorate, heads_by_proxy: int = 0) -> Simulation:
    """Return what a notice would freeze of an electorate, in numbers."""
    totals = electorate.totals
    joint, incomplete = joint_heads(rule, electorate)
    shares = [head for head in electorate.heads if owner_of(head.key) is not None]
    quorum = needed(rule.participation, totals, totals)
    return Simulation(
        scope=electorate.reach.scope,
        heads=totals.heads,
        units=electorate.units,
        area=totals.area,
        heads_without_verified_person=len(electorate.heads_without_verified_person),
        units_without_area=len(electorate.units_without_area),
        units_without_owner=len(electorate.units_without_owner),
        units_left_out=len(electorate.units_left_out),
        quorum=quorum,
        fewest=needed(rule.passing, totals, quorum) if quorum is not None else None,
        most=needed(rule.passing, totals, totals),
        heads_by_proxy=heads_by_proxy,
        joint_heads=joint,
        joint_heads_incomplete=incomplete,
        proven_heads=electorate.proven_heads if rule.proven_interest else None,
        split_heads=len({whole_of(head.key) for head in shares}),
        shares_uncast=sum(not head.person_ids for head in shares),
        misfits=misfits(electorate),
    )


def needed(thresholds: Thresholds, totals: Turnout, participants: Turnout) -> Turnout | None:
    """Return the smallest whole numbers that meet a pair of thresholds; None where heads are asked for nothing."""
    if thresholds.heads is None:
        return None
    heads = _need(thresholds.heads, totals.heads, participants.heads)
    return Turnout(heads, _need(thresholds.area, totals.area, participants.area) if thresholds.area else 0)


def _need(threshold: Threshold, total: int, part: int) -> int:
    return threshold.need(total if threshold.base is Base.ELECTORATE else part)
