"""Every address with its method and who may call it, read from where the view says so."""

from __future__ import annotations

import click
from flask import Flask

from cogov.cli.installation import installation
from cogov.ground.pages import roles_of

FILES = {"static"}
"""What Flask itself serves, open to all: style sheets, scripts, pictures of the frame."""


@click.command()
@click.option("--roles", is_flag=True, help="同时列出谁可以使用；有地址没有声明时返回 1。")
def routes(roles: bool) -> None:
    """列出所有地址。"""
    with installation() as app:
        rows = table(app)
    for method, address, who in rows:
        click.echo(f"{method:<6} {address}" + (f"  {' '.join(who) if who else '未声明'}" if roles else ""))
    unnamed = [f"{method} {address}" for method, address, who in rows if not who]
    if roles and unnamed:
        raise click.ClickException(f"没有声明谁可以使用：{'、'.join(unnamed)}")


def table(app: Flask) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return method, address and roles of every route, by address."""
    return sorted(
        (method, rule.rule, _who(app, rule.endpoint))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def _who(app: Flask, endpoint: str) -> tuple[str, ...]:
    if endpoint in FILES:
        return ("anyone",)
    return roles_of(app.view_functions[endpoint]) or ()
