"""Showing how this installation is set: every setting, and where it comes from; secrets stay what they are."""

from __future__ import annotations

import click

from cogov.ground import settings
from cogov.ground.loading import later
from cogov.ground.settings import Source

terminal, tables = later("rich.console"), later("rich.table")

FROM = {Source.DEFAULT: "默认", Source.FILE: "文件", Source.ENVIRONMENT: "环境变量", Source.ARGUMENT: "参数"}


@click.command("settings")
@click.option("--host", help="照 serve 的参数看。")
@click.option("--port", type=click.IntRange(1, 65535), help="照 serve 的参数看。")
def show_settings(host: str | None, port: int | None) -> None:
    """显示全部设定和它们的来源；密码和密钥不显示。"""
    given = {name: value for name, value in (("HOST", host), ("PORT", port)) if value is not None}
    try:
        values = settings.read(given)
        held, slips = settings.explain(given), settings.unknown_names()
    except (OSError, ValueError) as error:
        raise click.ClickException(f"设置有误：{error}") from error
    table = tables.Table("设定", "现在", "来源", box=None)
    for each in sorted(held, key=lambda setting: setting.name):
        table.add_row(each.name, each.shown, FROM[each.source])
    terminal.Console(width=160).print(table)
    for name in slips:
        click.echo(f"没有叫 {name} 的设定，是不是写错了。", err=True)
    try:
        settings.insist_on_production(values)
    except ValueError as error:
        raise click.ClickException(f"这样不能启动：{error}") from error
