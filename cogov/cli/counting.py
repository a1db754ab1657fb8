"""Counters that can be counted again: turnouts and numbers; and setting right those that decide nothing by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Integer, Select, case, cast, func, literal, or_, select, union_all, update

from cogov.cases.models import Case
from cogov.decisions.models import Ballot, Decision, DecisionTurnout, ElectorateHead, RollMark
from cogov.decisions.queries.parts import of_somebody
from cogov.ground.db import for_change, session
from cogov.journal.transaction import verb
from cogov.problems.commands import recount
from cogov.problems.models import NumberCounter, Problem
from cogov.tasks.models import Claim, Task
from cogov.tasks.rules import ClaimState

SERIES = {"problem": "问题", "case": "案件"}
"""Series of numbers as they are stored, and as they are called."""


# Turnouts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TurnoutRow:
    """The turnout of a vote as it is stored and as its rows say."""

    decision_id: int
    stored: tuple[int, int]
    counted: tuple[int, int]
    last_ordinal: int
    totals: tuple[tuple[int, int], ...]
    electorate: tuple[int, int]

    @property
    def can_be_set(self) -> bool:
        """Say whether the count may replace the counter: it also numbers the next ballot, so no number may be used."""
        return self.stored != self.counted and self.last_ordinal <= self.counted[0] <= self.electorate[0]


def turnout_rows() -> list[TurnoutRow]:
    """Return every turnout that differs from its ballots, or whose whole differs from the frozen electorate."""
    named = select(Ballot.decision_id.label("key"), ElectorateHead.area.label("area"), Ballot.ordinal.label("ordinal"))
    # In a secret vote heads that have their token are counted; area is not.
    tokens = select(RollMark.decision_id, literal(0), literal(0))
    voices = named.join(ElectorateHead, Ballot.head_id == ElectorateHead.id).union_all(tokens).subquery("voices")
    ballots = (
        select(
            voices.c.key,
            func.count().label("heads"),
            func.sum(voices.c.area).label("area"),
            func.max(voices.c.ordinal).label("last"),
        )
        .group_by(voices.c.key)
        .subquery("ballots")
    )
    # What belongs to nobody here has an area and no voice.
    voice, share = of_somebody(), ElectorateHead.key.like("%/%")
    electorate = (
        select(
            ElectorateHead.decision_id.label("key"),
            func.sum(case((voice, 1), else_=0)).label("heads"),
            func.sum(ElectorateHead.area).label("area"),
            func.sum(case((share, 1), else_=0)).label("shares"),
        )
        .group_by(ElectorateHead.decision_id)
        .subquery("electorate")
    )
    one, two, last = (func.coalesce(column, 0) for column in (ballots.c.heads, ballots.c.area, ballots.c.last))
    all_heads, all_area = (func.coalesce(column, 0) for column in (electorate.c.heads, electorate.c.area))
    turnout = DecisionTurnout
    # A head whose co-owners cast by shares is several voices.
    whole = case((func.coalesce(electorate.c.shares, 0) == 0, Decision.heads_total), else_=all_heads)
    query = (
        select(
            *(turnout.decision_id, turnout.heads, turnout.area, one, two, last),
            *(turnout.heads_total, turnout.area_total, whole, Decision.area_total, all_heads, all_area),
        )
        .join(Decision, Decision.id == turnout.decision_id)
        .outerjoin(ballots, ballots.c.key == turnout.decision_id)
        .outerjoin(electorate, electorate.c.key == turnout.decision_id)
        .where(
            or_(
                *(turnout.heads != one, turnout.area != two, turnout.heads < last),
                *(turnout.heads_total != all_heads, turnout.area_total != all_area),
                *(whole != all_heads, Decision.area_total != all_area),
            )
        )
        .order_by(turnout.decision_id)
    )
    return [_turnout([int(value) for value in row]) for row in session().execute(query)]


def _turnout(row: list[int]) -> TurnoutRow:
    return TurnoutRow(
        decision_id=row[0],
        stored=(row[1], row[2]),
        counted=(row[3], row[4]),
        last_ordinal=row[5],
        totals=((row[6], row[7]), (row[8], row[9])),
        electorate=(row[10], row[11]),
    )


def turnouts() -> Iterator[str]:
    """Yield a sentence for every turnout that its ballots do not bear out, and for every whole that has changed."""
    for row in turnout_rows():
        called = f"表决 {row.decision_id}"
        if row.stored != row.counted:
            yield f"{called}：记着 {_votes(row.stored)}参加，重数选票是 {_votes(row.counted)}。"
        if row.last_ordinal > row.stored[0]:
            yield f"{called}：选票已经编到第 {row.last_ordinal} 张，计数只有 {row.stored[0]}，下一张会编重。"
        for total in dict.fromkeys(total for total in row.totals if total != row.electorate):
            yield f"{called}：记着全体 {_votes(total)}，冻结的名册是 {_votes(row.electorate)}；名册不能改，要查清原因。"
    without = select(Decision.id).where(Decision.id.not_in(select(DecisionTurnout.decision_id))).order_by(Decision.id)
    for decision_id in session().scalars(without):
        yield f"表决 {decision_id} 没有参加人数的记录，没有人能投票。"


def _votes(counted: tuple[int, int]) -> str:
    heads, area = counted
    return f"{heads} 票 {area // 100}.{area % 100:02d} 平方米"


@verb
def repair_turnouts() -> list[str]:
    """Set turnouts to what their ballots say; a vote is locked, so that no ballot comes in between."""
    changed = []
    for found in turnout_rows():
        session().scalars(for_change(select(Decision.id).where(Decision.id == found.decision_id))).one()
        row = next((row for row in turnout_rows() if row.decision_id == found.decision_id), None)
        if row is None or not row.can_be_set:
            continue
        heads, area = row.counted
        session().execute(
            update(DecisionTurnout)
            .where(DecisionTurnout.decision_id == row.decision_id)
            .values(heads=heads, area=area)
            .execution_options(synchronize_session=False)
        )
        changed.append(f"表决 {row.decision_id} 的参加人数已重数。")
    return changed


# Tasks -------------------------------------------------------------------------------------------------------------


@verb
def repair_tasks() -> list[str]:
    """Set taken and done to what the claims say, where that fits the slots of the task."""
    changed = []
    for task_id in _wrong_tasks():
        task = session().scalars(for_change(select(Task).where(Task.id == task_id))).one()
        session().refresh(task)
        taken, done = _claims(task_id)
        if (task.taken, task.done) != (taken, done) and taken <= task.slots:
            task.taken, task.done = taken, done
            session().flush()
            changed.append(f"任务 {task_id} 的认领和完成已重数。")
    return changed


def _wrong_tasks() -> list[int]:
    taken = func.count(Claim.id).filter(Claim.state != ClaimState.RETURNED)
    done = func.count(Claim.id).filter(Claim.state == ClaimState.VERIFIED)
    query = (
        select(Task.id)
        .outerjoin(Claim, Claim.task_id == Task.id)
        .group_by(Task.id, Task.taken, Task.done)
        .having(or_(taken != Task.taken, done != Task.done))
        .order_by(Task.id)
    )
    return list(session().scalars(query))


def _claims(task_id: int) -> tuple[int, int]:
    states = select(Claim.state, func.count()).where(Claim.task_id == task_id).group_by(Claim.state)
    counted = dict(session().execute(states).all())
    taken = sum(n for state, n in counted.items() if state is not ClaimState.RETURNED)
    return taken, counted.get(ClaimState.VERIFIED, 0)


# Numbers -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NumberRow:
    """A series of a year in which the counter lies behind a number already given."""

    series: str
    year: int
    last: int | None
    used: int


def number_rows() -> list[NumberRow]:
    """Return the series in which the next number would be one that is used already."""
    used = union_all(_used("problem", Problem.number), _used("case", Case.number)).subquery("used")
    query = (
        select(used.c.series, used.c.year, NumberCounter.last, used.c.last)
        .outerjoin(NumberCounter, (NumberCounter.series == used.c.series) & (NumberCounter.year == used.c.year))
        .where(or_(NumberCounter.last.is_(None), NumberCounter.last < used.c.last))
        .order_by(used.c.series, used.c.year)
    )
    return [NumberRow(*row) for row in session().execute(query)]


def _used(series: str, number: object) -> Select[str, int, int]:
    year = cast(func.substr(number, 1, 4), Integer)
    last = cast(func.substr(number, 6), Integer)
    return select(literal(series).label("series"), year.label("year"), func.max(last).label("last")).group_by(year)


def numbers() -> Iterator[str]:
    """Yield a sentence for every series whose next number would be given twice."""
    for row in number_rows():
        kept = "没有记" if row.last is None else f"只记到 {row.last}"
        yield f"{SERIES[row.series]}编号 {row.year} 年已经用到 {row.used}，{kept}，下一个会重复。"


@verb
def repair_numbers() -> list[str]:
    """Let counters go on after the last number given; a number is never given back."""
    changed = []
    for row in number_rows():
        of_series = (NumberCounter.series == row.series, NumberCounter.year == row.year)
        if row.last is None:
            session().add(NumberCounter(series=row.series, year=row.year, last=row.used))
        else:
            session().execute(
                update(NumberCounter)
                .where(*of_series, NumberCounter.last < row.used)
                .values(last=row.used)
                .execution_options(synchronize_session=False)
            )
        session().flush()
        changed.append(f"{SERIES[row.series]}编号 {row.year} 年已接着 {row.used} 往下编。")
    return changed


# All ---------------------------------------------------------------------------------------------------------------


def repaired() -> list[str]:
    """Set right what can be counted again and decides nothing by it; return a sentence for each.

    Left alone: supports of a motion (a right count may have tabled it long ago), and whatever was frozen.
    """
    seconds = [f"问题 {number} 的附议已重数。" for number in recount()]
    return [*seconds, *repair_tasks(), *repair_turnouts(), *repair_numbers()]
