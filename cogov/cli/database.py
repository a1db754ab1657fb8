"""The database: thin wrappers over its migrations."""

from __future__ import annotations

import click
import flask_migrate

from cogov.cli.installation import installation


@click.group()
def db() -> None:
    """数据库的建立与升级。"""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """升级到最新（或指定）版本。"""
    with installation():
        flask_migrate.upgrade(revision=revision)


@db.command()
@click.argument("revision", default="-1")
def downgrade(revision: str) -> None:
    """退回一个（或到指定）版本。"""
    with installation():
        flask_migrate.downgrade(revision=revision)


@db.command()
def current() -> None:
    """显示现在的版本。"""
    with installation():
        flask_migrate.current()


@db.command("check")
def compare() -> None:
    """检查数据库与程序的模型是否一致。"""
    with installation():
        flask_migrate.check()


@db.command()
@click.option("-m", "--message", required=True, help="这次改了什么。")
def migrate(message: str) -> None:
    """由模型写出新的迁移脚本（开发用）。"""
    with installation():
        flask_migrate.migrate(message=message)
