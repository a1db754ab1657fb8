"""Public clocks of a problem: listed, paused with a public reason, and let run again."""

from __future__ import annotations

import click
from sqlalchemy import select

from cogov.cli.installation import installation
from cogov.cli.naming import by_somebody, doer, one_of, shown
from cogov.duties.commands import pause_clock, resume_clock
from cogov.duties.models import RunningClock
from cogov.duties.queries import clocks_of
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session
from cogov.people.queries import organization_names
from cogov.people.rules import Actor
from cogov.people.rules.sheets import ZONE
from cogov.problems.models import Problem

WORDS = {
    "分流": Purpose.TRIAGE,
    "申诉": Purpose.APPEAL,
    "办理": Purpose.CASE,
    "吹哨": Purpose.CALL,
    "顾虑": Purpose.CONCERN,
    "公告": Purpose.DECISION_OPEN,
    "表决": Purpose.DECISION_CLOSE,
    "决议": Purpose.RESOLUTION_ANSWER,
    "公示": Purpose.DECISION_EFFECT,
    "复议": Purpose.DECISION_REVIEW,
    "认领": Purpose.CLAIM,
    "调解": Purpose.MEDIATION,
    "确认": Purpose.CONFIRMATION,
    "协商": Purpose.DELIBERATION,
    "看发言": Purpose.REVIEW,
    "发言申诉": Purpose.REMOVAL_APPEAL,
    "协商安排": Purpose.PHASE,
    "暂停发言申诉": Purpose.BLOCK_APPEAL,
}
PURPOSES = {**WORDS, **{purpose.value: purpose for purpose in Purpose}}
CALLED = {purpose: words for words, purpose in WORDS.items()}
LONGEST = 200


@click.group("clock")
def clock() -> None:
    """时钟：列出、暂停、接着走。"""


@clock.command("list")
@click.argument("number")
def list_clocks(number: str) -> None:
    """列出一个问题在走的时钟。"""
    with installation():
        rows = clocks_of(_problem(number).id)
        names = organization_names(row.organization_id for row in rows)
        for row in rows:
            holder = names[row.organization_id].name if row.organization_id in names else "提出或认领的人"
            paused = "，已暂停" if row.paused_at else ""
            click.echo(f"{row.id:>5}  {CALLED[row.purpose]}  到 {shown(row.due_at, ZONE)}  {holder}{paused}")
        if not rows:
            click.echo(f"问题 {number} 没有在走的时钟。")


@clock.command()
@click.argument("number")
@click.argument("purpose")
@click.option("--reason", required=True, help="为什么；会公开，请不要写人名。")
@click.option("--clock", "clock_id", type=int, help="同一种时钟有几个时，写哪一个（编号见 cogov clock list）。")
@by_somebody
def pause(number: str, purpose: str, reason: str, clock_id: int | None, login: str | None) -> None:
    """公开地暂停一个时钟；PURPOSE 写“办理”“分流”等。"""
    if not 0 < len(reason.strip()) <= LONGEST:
        raise click.ClickException(f"原因要写，最多 {LONGEST} 个字。")
    with installation():
        row = _meant(number, purpose, clock_id)
        pause_clock(_for_holder(doer(login), row), row.id, reason=reason.strip())
        click.echo(f"问题 {number} 的{CALLED[row.purpose]}时钟已暂停：{reason.strip()}")


@clock.command()
@click.argument("number")
@click.argument("purpose")
@click.option("--clock", "clock_id", type=int, help="同一种时钟有几个时，写哪一个。")
@by_somebody
def resume(number: str, purpose: str, clock_id: int | None, login: str | None) -> None:
    """让暂停的时钟接着走；期限顺延暂停的时间。"""
    with installation():
        row = _meant(number, purpose, clock_id)
        resume_clock(_for_holder(doer(login), row), row.id)
        due = session().scalar(select(RunningClock.due_at).where(RunningClock.id == row.id))
        click.echo(f"问题 {number} 的{CALLED[row.purpose]}时钟接着走，到 {shown(due, ZONE)}。")


def _problem(number: str) -> Problem:
    row = session().scalars(select(Problem).where(Problem.number == number)).one_or_none()
    if row is None:
        raise click.ClickException(f"没有编号为 {number} 的问题。")
    return row


def _meant(number: str, purpose: str, clock_id: int | None) -> RunningClock:
    """Return the one clock of a purpose that runs for a problem; several concerns or claims have one each."""
    meant = one_of(purpose, PURPOSES, "时钟")
    running = [row for row in clocks_of(_problem(number).id) if row.purpose is meant]
    rows = [row for row in running if clock_id in (None, row.id)]
    if len(rows) > 1:
        several = "、".join(str(row.id) for row in rows)
        raise click.ClickException(f"问题 {number} 有几个{CALLED[meant]}时钟，请用 --clock 写编号：{several}。")
    if not rows:
        raise click.ClickException(f"问题 {number} 没有在走的{CALLED[meant]}时钟。")
    return rows[0]


def _for_holder(by: Actor, row: RunningClock) -> Actor:
    """Let whoever has a mandate of the clock's holder act for it, so that the journal names the organization."""
    return by.under(by.serves(row.organization_id))
