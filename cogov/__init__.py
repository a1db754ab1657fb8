"""cogov (共治): a neighbourhood governs itself together with its government.

The whole assembly stands on this page: which rooms there are, what follows what, what the frame shows.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate

from cogov import loop
from cogov.cases import models as _cases
from cogov.decisions import models as _decisions
from cogov.duties import models as _duties
from cogov.files import models as _files
from cogov.ground import paths, settings
from cogov.ground.db import db, init_db
from cogov.ground.pages import init_pages
from cogov.journal import transaction
from cogov.people import models as _people
from cogov.people.views import init_people
from cogov.places import models as _places
from cogov.problems import models as _problems
from cogov.tasks import models as _tasks
from cogov.tell import models as _tell
from cogov.threads import models as _threads

__version__ = "0.1.0"

# Every table must be known before the first session; the lower floors come first.
TABLES = (_people, _files, _places, _duties, _problems, _threads, _decisions, _tasks, _cases, _tell)


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """Return the application with its rooms, for serving, the command line and tests."""
    app = Flask("cogov", template_folder=str(paths.templates()))
    settings.load(app, overrides)
    init_db(app)
    Babel(app)
    Migrate(app, db, directory=str(paths.migrations()), render_as_batch=True)
    init_pages(app)
    init_people(app)
    transaction.follow(loop.FOLLOW)
    return app
