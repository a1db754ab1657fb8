"""Suspension from the command line: the same verbs as on the page."""

from __future__ import annotations

import click

from cogov.cli.administering import persons
from cogov.cli.installation import installation
from cogov.cli.naming import by_somebody, day, doer, one_of, person, place
from cogov.ground.clock import now
from cogov.people import commands as people
from cogov.people.rules.sheets import until_end_of
from cogov.people.rules.suspension import SuspensionReason, suspension_words

REASONS = {
    **{str(suspension_words(reason)): reason for reason in SuspensionReason},
    **{reason.value: reason for reason in SuspensionReason},
}


@persons.command()
@click.argument("reached", metavar="LOGIN")
@click.option("--at", "code", required=True, metavar="CODE", help="在哪个地域和它下面。")
@click.option("--reason", required=True, help="原因，例如 flooding；写错会列出全部。")
@click.option("--until", "last", required=True, metavar="DATE", help="最后一天，例如 2026-12-31。")
@by_somebody
def suspend(reached: str, code: str, reason: str, last: str, login: str | None) -> None:
    """停用一个人的提出、附议、发言和认领；看和投票不受影响，到期自动恢复。"""
    with installation():
        where, meant = place(code), one_of(reason, REASONS, "原因")
        until = until_end_of(day(last, "最后一天")) or now()
        row = people.suspend_person(
            doer(login), person_id=person(reached).id, scope=where.code, reason=meant, until=until
        )
        waits = "，等另一个人同意后生效" if row.agreed_at is None else ""
        click.echo(f"已登记停用 {row.id}：{where.name}，到 {last} 为止{waits}。")


@persons.command("lift")
@click.argument("suspension_id", type=click.IntRange(1, 2**63 - 1), metavar="NUMBER")
@by_somebody
def lift(suspension_id: int, login: str | None) -> None:
    """撤回一条停用。"""
    with installation():
        row = people.lift_suspension(doer(login), suspension_id)
        click.echo(f"已撤回停用 {row.id}。")
