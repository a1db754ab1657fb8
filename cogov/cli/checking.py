"""``cogov check``: whether stored counters are true, grids tile, and everything open has somebody to answer for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from cogov.cases.models import Case
from cogov.cases.queries import cases_without_holder
from cogov.cli.counting import numbers, repaired, turnouts
from cogov.cli.installation import installation
from cogov.cli.searching import found_texts, repair_texts
from cogov.decisions.models import Motion, MotionSupport
from cogov.duties.models import RunningClock
from cogov.ground.db import session
from cogov.people.models import Organization
from cogov.people.queries import members
from cogov.places.models import Place
from cogov.places.queries import GridRow, communities_with_grids, grid_rows
from cogov.places.rules.coverage import Grid, findings, survey
from cogov.problems.models import Problem
from cogov.problems.queries.seconds import miscounts
from cogov.problems.rules.stages import Stage
from cogov.tasks.models import Claim, Task
from cogov.tasks.rules import ClaimState, TaskState

SHOWN = 10


@click.command()
@click.option("--repair", is_flag=True, help="先按记录重数附议、任务、投票人数和编号，重建搜索；会改变结果的不动。")
def check(repair: bool) -> None:
    """检查计数、编号、网格、责任人与时钟；有发现时返回 1。"""
    with installation():
        for words in [*repaired(), *repair_texts()] if repair else ():
            click.echo(words)
        found = [*counters(), *turnouts(), *numbers(), *grids(), *accountability(), *clocks(), *found_texts()]
    for words in found:
        click.echo(words)
    if found:
        raise click.ClickException(f"共 {len(found)} 处要处理。")
    click.echo("计数、网格、责任人与时钟都没有问题。")


# Counters ----------------------------------------------------------------------------------------------------------


def counters() -> Iterator[str]:
    """Yield a sentence for every counter that differs from its recount."""
    for _id, number, stored, counted in miscounts():
        yield f"问题 {number}：记着附议 {stored[0]} 人 {stored[1]} 户，重数是 {counted[0]} 人 {counted[1]} 户。"
    taken = _count(Claim.task_id, Claim.state != ClaimState.RETURNED)
    done = _count(Claim.task_id, Claim.state == ClaimState.VERIFIED)
    supports = _count(MotionSupport.motion_id)
    yield from _wrong("任务 {id}：记着认领 {stored}，重数是 {counted}。", Task.id, Task.taken, taken)
    yield from _wrong("任务 {id}：记着完成 {stored}，重数是 {counted}。", Task.id, Task.done, done)
    yield from _wrong("动议 {id}：记着联署 {stored}，重数是 {counted}。", Motion.id, Motion.supports, supports)


def _count(key: InstrumentedAttribute[int], *only: ColumnElement[bool]) -> Select[int, int]:
    return select(key.label("key"), func.count().label("n")).where(*only).group_by(key)


def _wrong(
    words: str, key: InstrumentedAttribute[int], stored: InstrumentedAttribute[int], recount: Select[int, int]
) -> Iterator[str]:
    rows = recount.subquery()
    counted = func.coalesce(rows.c.n, 0)
    query = select(key, stored, counted).outerjoin(rows, rows.c.key == key).where(stored != counted).order_by(key)
    for row_id, was, is_ in session().execute(query):
        yield words.format(id=row_id, stored=was, counted=is_)


# Grids -------------------------------------------------------------------------------------------------------------


def grids() -> Iterator[str]:
    """Yield a sentence for every gap, overlap, grid without border, and community with grids nobody holds."""
    for community in communities_with_grids():
        rows = grid_rows(community.id)
        drawn = [Grid(row.code, row.ring) for row in rows if row.ring is not None]
        for words in findings(survey(drawn), {row.code: row.name for row in rows}):
            yield f"{_called(community)}：{words}"
        yield from _missing(community, rows)


def _missing(community: Place, rows: list[GridRow]) -> Iterator[str]:
    lacks = {
        "没有边界": [row.code for row in rows if row.ring is None],
        "没有负责人": [row.code for row in rows if row.holder_id is None],
        "没有替班人": [row.code for row in rows if row.deputy_id is None],
    }
    for words, codes in lacks.items():
        if codes:
            yield f"{_called(community)}：{len(codes)} 个网格{words}：{_some(codes)}。"


def _called(place: Place) -> str:
    return f"{place.name}（{place.code}）"


def _some(items: list[str]) -> str:
    return "、".join(items[:SHOWN]) + (" 等" if len(items) > SHOWN else "")


# Who answers -------------------------------------------------------------------------------------------------------


def accountability() -> Iterator[str]:
    """Yield a sentence for everything open whose accountable party is gone or has nobody who may act for it."""
    open_things = (
        ("问题 {}", select(Problem.number, Problem.accountable_id).where(Problem.stage != Stage.ENDED)),
        ("任务 {}", select(Task.id, Task.organization_id).where(Task.state == TaskState.OPEN)),
    )
    for called, query in open_things:
        rows = [(called.format(name), holder) for name, holder in session().execute(query)]
        yield from _unanswered(rows)
    for number in session().scalars(select(Case.number).where(Case.id.in_(cases_without_holder()))):
        yield f"案件 {number} 没有能办的责任单位，或没有在走的时钟。"


def clocks() -> Iterator[str]:
    """Yield a sentence for every running clock that nobody holds, or whose holder cannot act."""
    query = (
        select(RunningClock.id, RunningClock.purpose, RunningClock.organization_id)
        .where(RunningClock.stopped_at.is_(None), RunningClock.person_id.is_(None))
        .order_by(RunningClock.id)
    )
    rows = [(f"时钟 {clock_id}（{purpose.value}）", holder) for clock_id, purpose, holder in session().execute(query)]
    yield from (f"{called}没有责任人。" for called, holder in rows if holder is None)
    yield from _unanswered([(called, holder) for called, holder in rows if holder is not None])


def _unanswered(rows: Iterable[tuple[str, int]]) -> Iterator[str]:
    rows = list(rows)
    named = select(Organization).where(Organization.id.in_({holder for _, holder in rows}))
    organizations = {row.id: row for row in session().scalars(named)}
    staffed = members(organizations)
    for called, holder in rows:
        organization = organizations[holder]
        if organization.ended_at is not None:
            yield f"{called}的责任单位“{organization.name}”已经终止。"
        elif not staffed.get(holder):
            yield f"{called}的责任单位“{organization.name}”没有获得授权的经办人。"
