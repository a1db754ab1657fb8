"""Whether this process lives, and whether it can serve: for whoever starts, balances and watches it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cogov.ground import paths
from cogov.ground.db import db
from cogov.ground.pages import open_to_all

bp = Blueprint("health", __name__)

_REVISION = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)


@bp.get("/healthz")
@open_to_all
def alive() -> Response:
    """Say that the process answers; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@bp.get("/readyz")
@open_to_all
def ready() -> Response:
    """Say whether pages can be served: the database answers, and its tables are those of this version."""
    found = {name: _passes(check) for name, check in CHECKS.items()}
    response = jsonify(found)
    response.status_code = 200 if all(found.values()) else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except SQLAlchemyError:
        return False
    finally:
        db.session.remove()


def _answers() -> bool:
    return bool(db.session.scalar(text("SELECT 1")) == 1)


def migrated() -> bool:
    """Say whether the tables of the database are those of this version."""
    return set(db.session.scalars(text("SELECT version_num FROM alembic_version"))) == _newest()


@cache
def _newest() -> set[str]:
    """Return the migrations after which none comes, as their files tell: to run them all takes longer than to serve."""
    files = (paths.migrations() / "versions").glob("*.py")
    told = [dict(_REVISION.findall(file.read_text(encoding="utf-8"))) for file in files]
    return {each["revision"] for each in told} - {each.get("down_revision", "") for each in told}


CHECKS: dict[str, Callable[[], bool]] = {"database": _answers, "migrated": migrated}
