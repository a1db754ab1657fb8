"""What triage is told about a problem, and which open problems a new one resembles; every look is bounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, func, or_, select

from cogov.duties.models import DutyItem
from cogov.duties.models import Matter as MatterRow
from cogov.duties.queries import calendar_for, items_for, matter_by_key, matters
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import MatterKey
from cogov.duties.rules.matters import Guidance, Matter, Trust, shipped
from cogov.ground.db import session
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries.loading import seen_by
from cogov.problems.rules.distance import metres_between, reach
from cogov.problems.rules.lanes import Decider, Lane, ReasonCode, RuleCode
from cogov.problems.rules.likeness import contained, likeness
from cogov.problems.rules.meaning import understand
from cogov.problems.rules.report import DutyMet, OpenProblem, Report, TriageSettings
from cogov.problems.rules.stages import Official, Stage

WINDOW = timedelta(days=90)
"""How far back a matter counts as coming back."""

NEARBY = 50
RECENT = 200
ALIKE = Fraction(3, 10)
STRONG = Fraction(1, 2)
SHOWN = 3

_REASONS = {
    Lane.A: (ReasonCode.DUTY,),
    Lane.B: (ReasonCode.COMMONS,),
    Lane.AB: (ReasonCode.DUTY, ReasonCode.COMMONS),
    Lane.M: (ReasonCode.DISPUTE,),
    Lane.X: (ReasonCode.CHANNEL,),
}
_RULES = {
    Lane.A: (RuleCode.R0,),
    Lane.B: (RuleCode.R5,),
    Lane.AB: (RuleCode.R0, RuleCode.R5),
    Lane.M: (RuleCode.R6,),
    Lane.X: (RuleCode.R0,),
}
_DECIDERS = {
    Lane.A: Decider.DEPARTMENT,
    Lane.B: Decider.RESIDENTS_CONSULTED,
    Lane.AB: Decider.DEPARTMENT,
    Lane.M: Decider.PARTIES,
    Lane.X: Decider.CHANNEL,
}
_LIMIT = Limit(7, LimitUnit.CALENDAR_DAYS)


# The catalogue ------------------------------------------------------------------------------------------------------

_Line = tuple[MatterKey, str, int, str, str, str, Limit | None, str]


def catalogue() -> tuple[Matter, ...]:
    """Return the matters triage knows: those cogov ships, as the tenant's table corrects and extends them."""
    return _merged(tuple(_line(row) for row in matters()))


def _line(row: MatterRow) -> _Line:
    limit = Limit(row.limit_amount, row.limit_unit) if row.limit_amount and row.limit_unit else None
    key = MatterKey(row.standard, row.kind, row.code)
    return key, row.name, row.radius_m, row.lane, row.rules, row.reason, limit, row.basis


@lru_cache(maxsize=16)
def _merged(lines: tuple[_Line, ...]) -> tuple[Matter, ...]:
    known = {matter.key: matter for matter in shipped()}
    return tuple({**known, **{line[0]: _corrected(known.get(line[0]), line) for line in lines}}.values())


def _corrected(known: Matter | None, line: _Line) -> Matter:
    key, name, radius, lane, _, _, _, _ = line
    matter = known or Matter(key, name, radius, words=(name,))
    if not lane or (matter.guidance is not None and matter.guidance.lane == lane):
        return replace(matter, radius_m=radius)
    # A lane of the tenant's own holds everywhere; what was shipped for another lane does not fit it.
    return replace(matter, radius_m=radius, guidance=_guidance(line), variants=())


def _guidance(line: _Line) -> Guidance:
    _, _, _, lane_text, rules, reasons, limit, basis = line
    lane = Lane(lane_text)
    return Guidance(
        lane=lane,
        reasons=_codes(ReasonCode, reasons) or tuple(_REASONS[lane]),
        rules=_codes(RuleCode, rules) or tuple(_RULES[lane]),
        decider=_DECIDERS[lane],
        limit=limit or _LIMIT,
        basis=basis,
        confidence=Trust.LOW,
        close_condition="",
    )


def _codes(kind: type[ReasonCode] | type[RuleCode], text: str) -> tuple[str, ...]:
    words = text.replace(",", " ").replace("+", " ").replace("/", " ").split()
    return tuple(kind(word) for word in words if word in kind.__members__)


def settings_for() -> TriageSettings:
    """Return the settings of triage over the present catalogue."""
    return TriageSettings(matters=catalogue())


def matter_named(report: Report, settings: TriageSettings) -> MatterRow | None:
    """Return the matter that was picked, or that the words tell of, as it stands in the table."""
    key = report.matter or understand(report, settings).key
    return matter_by_key(key) if key is not None else None


# The report ---------------------------------------------------------------------------------------------------------


def report_of(
    problem: Problem, code: str, *, matter: MatterRow | None, picked: bool, burning: bool, at: datetime
) -> Report:
    """Return what triage must know about a problem at this moment."""
    count, reworks, dissatisfied = _history(problem, matter, at)
    key = MatterKey(matter.standard, matter.kind, matter.code) if matter else None
    return Report(
        words=f"{problem.title}\n{problem.text}",
        spot=problem.spot or "",
        matter=key if picked else None,
        households_affected=max(problem.households, 1),
        names_person=problem.names_person,
        burning=burning,
        nearby=_nearby(problem, matter, key),
        same_matter_recently=count,
        reworks=reworks,
        dissatisfied=dissatisfied,
        duties=_duties(matter, code, at),
    )


def _history(problem: Problem, matter: MatterRow | None, at: datetime) -> tuple[int, int, int]:
    if matter is None or problem.grid_id is None:
        return 0, 0, 0
    row = (
        session()
        .execute(
            select(
                func.count(), func.coalesce(func.sum(Problem.rework), 0), func.coalesce(func.sum(Problem.round - 1), 0)
            ).where(
                Problem.grid_id == problem.grid_id,
                Problem.matter_id == matter.id,
                Problem.raised_at >= at - WINDOW,
                Problem.id != (problem.id or 0),
            )
        )
        .one()
    )
    return int(row[0]), int(row[1]), int(row[2])


def _duties(matter: MatterRow | None, code: str, at: datetime) -> tuple[DutyMet, ...]:
    if matter is None:
        return ()
    items = items_for(matter.id, code, calendar_for(code).local_day(at))
    newest: dict[tuple[str, str], DutyItem] = {}
    for item in items:
        newest.setdefault((item.scope, item.number), item)
    return tuple(
        DutyMet(item.organization_id, item.id, Limit(item.limit_amount, item.limit_unit), item.basis, item.list_kind)
        for item in newest.values()
    )


def _nearby(problem: Problem, matter: MatterRow | None, key: MatterKey | None) -> tuple[OpenProblem, ...]:
    if matter is None:
        return ()
    rows = session().execute(
        select(
            Problem.id,
            Problem.lane,
            Problem.title,
            Problem.text,
            Problem.raiser_id,
            Problem.grid_id,
            Problem.longitude,
            Problem.latitude,
        )
        .where(
            Problem.community_id == problem.community_id,
            Problem.matter_id == matter.id,
            Problem.stage != Stage.ENDED,
            Problem.hidden.is_(False),
            Problem.id != (problem.id or 0),
            _in_reach(problem, matter.radius_m),
        )
        .order_by(Problem.id.desc())
        .limit(NEARBY)
    )
    return tuple(
        OpenProblem(
            id_,
            lane or Lane.A,
            key,
            _metres(problem, longitude, latitude),
            f"{title}\n{text}",
            same_reporter=raiser_id == problem.raiser_id,
        )
        for id_, lane, title, text, raiser_id, _, longitude, latitude in rows
    )


def _in_reach(problem: Problem, radius: int) -> ColumnElement[bool]:
    same_grid = Problem.grid_id == problem.grid_id
    if problem.longitude is None or problem.latitude is None:
        return same_grid
    east, north = reach(radius, problem.latitude)
    boxed = and_(
        Problem.longitude.between(problem.longitude - east, problem.longitude + east),
        Problem.latitude.between(problem.latitude - north, problem.latitude + north),
    )
    return or_(boxed, and_(same_grid, Problem.longitude.is_(None)))


def _metres(problem: Problem, longitude: int | None, latitude: int | None) -> int:
    # Where a pin is missing the grid is all that is known, and that is the same one.
    if problem.longitude is None or problem.latitude is None or longitude is None or latitude is None:
        return 0
    return metres_between((problem.longitude, problem.latitude), (longitude, latitude))


# Resemblance for the one who is about to raise ------------------------------------------------------------------------


@dataclass(frozen=True)
class Likely:
    """An open problem that may be the same as what somebody is about to raise."""

    number: str
    title: str
    households: int
    seconds: int
    likeness: Fraction
    lane: Lane | None
    stage: Stage
    official: Official
    grid_id: int | None
    raised_at: datetime

    @property
    def strong(self) -> bool:
        """Whether it is so alike that one is asked before a second one is raised."""
        return self.likeness >= STRONG


def similar(
    by: Actor, community_id: int, text: str, grid_id: int | None = None, matter_id: int | None = None
) -> list[Likely]:
    """Return the open problems of a community most like a text, at most three of the latest two hundred.

    With a grid and a matter, one of the same matter in the same grid counts as alike, however it is worded.
    """
    query = (
        select(
            Problem.number,
            Problem.title,
            Problem.text,
            Problem.households,
            Problem.seconds,
            Problem.matter_id,
            Problem.lane,
            Problem.stage,
            Problem.official,
            Problem.grid_id,
            Problem.raised_at,
        )
        .where(
            Problem.community_id == community_id,
            Problem.stage != Stage.ENDED,
            Problem.hidden.is_(False),
            seen_by(by),
        )
        .order_by(Problem.id.desc())
        .limit(RECENT)
    )
    here = (grid_id, matter_id) if grid_id is not None and matter_id is not None else None
    found = (
        Likely(
            number,
            title,
            households,
            seconds,
            _how_alike(text, title, words, same=here == (of_grid, matter)),
            lane,
            stage,
            official,
            of_grid,
            at,
        )
        for number, title, words, households, seconds, matter, lane, stage, official, of_grid, at in session().execute(
            query
        )
    )
    return _most_alike(found)


def _how_alike(text: str, title: str, words: str, *, same: bool) -> Fraction:
    # A sentence that is just being typed is short: what counts is how much of it the other one says too.
    held = contained(text, f"{title}\n{words}") * 2 / 3
    return max(likeness(text, title), likeness(text, words), held, ALIKE if same else Fraction(0))


def _most_alike(found: Iterable[Likely]) -> list[Likely]:
    return sorted((each for each in found if each.likeness >= ALIKE), key=lambda each: -each.likeness)[:SHOWN]
