"""The application as commands use it, and faults turned into sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from cogov import create_app
from cogov.ground.db import db
from cogov.ground.refusals import NotFound, Refusal, Refused


def assembled() -> Flask:
    """Return the application; settings that are wrong end in a sentence."""
    try:
        return create_app()
    except (OSError, ValueError) as error:
        raise click.ClickException(f"设置有误：{error}") from error


@contextmanager
def installation(app: Flask | None = None) -> Iterator[Flask]:
    """Yield the application in its context; what goes wrong ends in a sentence and exit code 1."""
    app = app or assembled()
    with app.app_context():
        try:
            yield app
        except Refused as error:
            raise click.ClickException(sentence(error.refusal)) from error
        except NotFound as error:
            raise click.ClickException("要找的内容没有登记。") from error
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(_database_fault(error)) from error
        finally:
            db.session.remove()
            db.engine.dispose()


def sentence(refusal: Refusal) -> str:
    """Return a refusal as it is printed: what, and what to do next."""
    return " ".join(str(words) for words in (refusal.message, refusal.what_next) if words)


def _database_fault(error: OperationalError | ProgrammingError) -> str:
    said = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
    if "no such table" in said or "does not exist" in said:
        return "数据库还没有建好。请先运行 cogov db upgrade。"
    return f"数据库没有回应：{said}"
