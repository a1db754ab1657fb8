"""The command line: serving, importing, administering, checking; every message a sentence, never a traceback."""

from __future__ import annotations

import click

from cogov.cli import suspending
from cogov.cli.administering import organizations, persons, roles
from cogov.cli.checking import check
from cogov.cli.clocks import clock
from cogov.cli.database import db
from cogov.cli.demonstration import demo
from cogov.cli.importing import import_
from cogov.cli.keeping import backup, restore
from cogov.cli.late import Commands
from cogov.cli.neighbourhood import grids, owners, residences, settings
from cogov.cli.recording import journal
from cogov.cli.routes import routes
from cogov.cli.serving import serve, show_setup_code, worker
from cogov.cli.showing import show_settings
from cogov.cli.taking_over import opinion_import


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cogov", message="cogov %(version)s")
def main() -> None:
    """共治：社区与政府共同办事的平台。"""


RUNNING = (serve, show_setup_code, worker, show_settings, demo, db, import_, journal, backup, restore, check, routes)
SUSPENDING = (suspending.suspend, suspending.lift)
"""Imported for the commands, which they hang on the group of persons."""

ADMINISTERING = (organizations, persons, roles, owners, residences, grids, settings, clock, opinion_import)

LATE = {
    "tally": "cogov.cli.tallying:tally_file",
    "budget": "cogov.cli.tallying:budget_file",
    "opinion": "cogov.cli.charting:opinion_file",
}
"""They need numpy, which no web process shall carry."""

for command in (*RUNNING, *ADMINISTERING):
    main.add_command(command)
main.late = LATE
