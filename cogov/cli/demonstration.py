"""The demo: loading it, and who can be tried out in it."""

from __future__ import annotations

import json

import click

from cogov import demo as content
from cogov.cli.installation import installation


@click.group()
def demo() -> None:
    """演示社区。"""


@demo.command()
def load() -> None:
    """把演示社区装入空的数据库。"""
    with installation() as app:
        try:
            content.load(app)
        except content.NotEmpty as error:
            raise click.ClickException("数据库里已经有内容，演示只能装入空的数据库。") from error
    click.echo("演示社区已经装好。")


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def accounts(as_json: bool) -> None:
    """列出演示账号。"""
    click.echo(json.dumps(content.accounts(), ensure_ascii=False, indent=1) if as_json else table())


def table() -> str:
    """Return the demo's accounts, one a line."""
    lines = (
        f"  {row['login']}  {row['password']}  {row['name']}（{row['roles']}，{row['community']}）"
        for row in content.accounts()
    )
    return "\n".join(lines)
