"""The journal: sealing it, and finding whatever was changed in it."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.exc import StatementError

from cogov.cli.installation import installation
from cogov.journal.sealing import Report, seal, verify
from cogov.loop import seals_file

SHOWN = 20


@click.group()
def journal() -> None:
    """日志：封存与核对。"""


@journal.command("verify")
@click.option(
    "--checkpoints", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="另外保存的封存记录。"
)
def verify_journal(checkpoints: Path | None) -> None:
    """从头核对日志；发现改动时返回 1。"""
    with installation():
        report = _report(checkpoints or seals_file())
    for fault in report.faults[:SHOWN]:
        click.echo(f"第 {fault.number} 条：{fault.reason}")
    if len(report.faults) > SHOWN:
        click.echo(f"……另有 {len(report.faults) - SHOWN} 处。")
    if report.faults:
        raise click.ClickException(f"日志被改动过，共 {len(report.faults)} 处。")
    click.echo(f"日志完好：{report.entries} 条，{report.checkpoints} 次封存。")


def _report(checkpoints: Path) -> Report:
    try:
        return verify(checkpoints)
    except (ValueError, KeyError, TypeError, StatementError) as error:
        # A changed byte may make a column or a kept line unreadable; that too is a change found.
        raise click.ClickException(f"日志或封存记录里有读不出的内容：{error}") from error


@journal.command("seal")
def seal_journal() -> None:
    """封存到现在为止的日志。"""
    with installation():
        checkpoint = seal(seals_file())
        where = seals_file()
    if checkpoint is None:
        click.echo("自上次封存以来没有新的记录。")
    else:
        click.echo(f"已封存到第 {checkpoint.number} 条：{checkpoint.tree_hash}")
        click.echo(f"封存记录在 {where}，请另存一份到别处。")
