"""The migrations of an application: what runs them is loaded by whoever changes tables, and by nobody who serves."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import Flask

from cogov.ground import paths
from cogov.ground.db import db
from cogov.ground.loading import later

flask_migrate = later("flask_migrate")


class Migrations:
    """What Flask-Migrate keeps of an application and looks for when it is called."""

    @cached_property
    def migrate(self) -> Any:
        """Where the migrations lie, and of which database they are."""
        return flask_migrate.Migrate(db=db, directory=str(paths.migrations()))


def init_migrations(app: Flask) -> None:
    """Let the tables of an application be changed."""
    app.extensions["migrate"] = Migrations()
