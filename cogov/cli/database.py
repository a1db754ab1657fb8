"""The database: thin wrappers over its migrations."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy import text

from cogov.cli.installation import installation
from cogov.ground.db import db as database
from cogov.ground.migrating import flask_migrate
from cogov.ground.settings import data_dir

MIGRATING = 0x636F676F76
"""The lock under which the tables are changed: cogov, in hexadecimal."""


@contextmanager
def alone(app: Flask) -> Iterator[None]:
    """Let one process at a time change the tables, when several start at once; the lock ends with its process."""
    if database.engine.dialect.name != "postgresql":
        with (data_dir(app) / "migrating").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATING})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATING})


@click.group()
def db() -> None:
    """数据库的建立与升级。"""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """升级到最新（或指定）版本。"""
    with installation() as app, alone(app):
        flask_migrate.upgrade(revision=revision)


@db.command()
@click.argument("revision", default="-1")
def downgrade(revision: str) -> None:
    """退回一个（或到指定）版本。"""
    with installation() as app, alone(app):
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
