"""An upgrade of a database in use: up, down and up again nothing is lost, and one that is cut off is begun anew."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, delete, select

from cogov.ground import paths
from cogov.ground.db import db, session
from cogov.ground.search import made_by_hand
from cogov.journal.sealing import verify
from cogov.moderation.commands import decide_review
from cogov.moderation.rules import FlagReason, ReviewVerdict, SubjectKind
from cogov.people.commands import ask_closing, close_account
from cogov.problems.commands import second_problem, triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.tell.notices import spread_all
from cogov.threads.commands import flag_message, flag_words, post_message, state_interest
from cogov.threads.models import Interest
from cogov.threads.rules.interests import InterestKind
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import case_id_of, raise_something, settle, to_the_body

LANDED = "0002"
"""The first version that was published: nobody goes back behind it."""

BEFORE_COVERS = "0028"

ELSEWHERE = {"ballot": frozenset({"option_id", "marks"}), "search_text": frozenset({"id"})}
"""What one version keeps in one column and the next in another (tests/decisions/test_methods.py carries it over), and
the ids that say the kind and subject of a text from 0017 on."""

Shape = Mapping[str, list[str]]

# An upgrade that says when all is done but the commit, and then never comes to it.
CUT_OFF = """
import sys, time
from alembic.runtime.migration import MigrationContext
from flask_migrate import upgrade
from alembic.script import ScriptDirectory
from cogov import create_app
from cogov.ground import paths

last = ScriptDirectory(str(paths.migrations())).get_current_head()
running = MigrationContext.run_migrations

def paused(self, **options):
    running(self, **options)
    assert last in self.get_current_heads()
    print("paused", flush=True)
    time.sleep(60)

MigrationContext.run_migrations = paused
with create_app().app_context():
    upgrade()
"""


# A version after the last that copies a table to which many others point: with foreign keys on, SQLite would let none
# of them stay.
PLANTED = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "planted", "{last}", None, None

def _copied():
    return op.batch_alter_table("person", recreate="always" if op.get_bind().dialect.name == "sqlite" else "never")

def upgrade():
    with _copied() as person:
        person.add_column(sa.Column("planted", sa.Integer(), nullable=True))

def downgrade():
    with _copied() as person:
        person.drop_column("planted")
"""


def _planted(folder: Path) -> str:
    """Return a folder with all migrations and one more."""
    shutil.copytree(paths.migrations(), folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    last = ScriptDirectory(str(paths.migrations())).get_current_head()
    (folder / "migrations" / "versions" / "9999_planted.py").write_text(PLANTED.format(last=last), encoding="utf-8")
    return str(folder / "migrations")


def _loaded(cast: Cast) -> None:
    """Leave rows of all kinds behind: problems, messages, a case that went the whole way, notices."""
    for turn in range(3):
        number = raise_something(cast, text=f"二楼从窗户拉电线下来给电动车充电，第 {turn} 回。")
        second_problem(cast.neighbour, number)
        post_message(cast.tenant, number, kind=MessageKind.REASON, text="租户也要充电。")
    told: dict[str, Any] = {"body_id": cast.organizations["fire"], "duty_item_id": cast.duty_items["C103"]}
    triage_problem(cast.moderator, number, lane=Lane.A, reason=ReasonCode.DUTY, words="拆除飞线是消防的职责。", **told)
    case_id = case_id_of(cast, number)
    to_the_body(cast, case_id, "fire", "C103")
    settle(cast, case_id)
    spread_all()
    db.session.remove()


def _taken_down(cast: Cast) -> None:
    """Have what two people said taken down, of whom one has left since."""
    number = raise_something(cast, text="三楼的灯不亮了，晚上看不见路。")
    said = post_message(cast.owner, number, kind=MessageKind.REASON, text="骗子才说灯亮。")
    review = flag_message(cast.resident, said.id, reason=FlagReason.INSULT)
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    state_interest(cast.neighbour, number, kind=InterestKind.AFFECTED, words="骗子楼下的住户")
    stake = session().scalars(select(Interest.id)).one()
    review = flag_words(cast.resident, SubjectKind.INTEREST, stake, reason=FlagReason.INSULT)
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    leaving = ask_closing(cast.neighbour, days=0, words=False)
    close_account(leaving.id)
    session().execute(delete(Interest))  # as it went before 0029
    session().commit()


def _ours(name: str) -> bool:
    return name != "alembic_version" and not name.startswith(("huey", "sqlite_")) and not made_by_hand(name)


def _tables() -> MetaData:
    found = MetaData()
    found.reflect(db.engine, only=lambda name, _metadata: _ours(name), resolve_fks=False)
    return found


def _shape() -> Shape:
    return {name: sorted(table.columns.keys()) for name, table in _tables().tables.items()}


def _digests(shape: Shape | None = None) -> dict[str, tuple[int, str]]:
    """Return for each table how many rows it has and a digest of them, as far as a shape knows its columns."""
    digests = {}
    with db.engine.connect() as connection:
        for name, table in _tables().tables.items():
            columns = table.columns.keys() if shape is None else shape.get(name, [])
            wanted = sorted(set(columns) - ELSEWHERE.get(name, frozenset()))
            if not wanted:
                continue
            rows = sorted(repr(tuple(row)) for row in connection.execute(select(*(table.c[each] for each in wanted))))
            digests[name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return digests


def _cut_off_while_upgrading(app: Flask) -> None:
    """Begin an upgrade in another process and kill it when all is done but the commit."""
    environment = {
        **os.environ,
        "COGOV_DATA_DIR": str(app.config["DATA_DIR"]),
        "COGOV_DATABASE_URL": str(app.config["DATABASE_URL"]),
    }
    with subprocess.Popen(
        [sys.executable, "-c", CUT_OFF], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as cut_off:
        assert cut_off.stdout is not None
        said = cut_off.stdout.readline()
        cut_off.send_signal(signal.SIGKILL)
        _, error = cut_off.communicate(timeout=10)
    assert said == b"paused\n", error.decode()


@both
def test_a_database_with_reviews_of_somebody_who_left_goes_back_before_covers_and_up(app: Flask, cast: Cast) -> None:
    _taken_down(cast)
    db.session.remove()
    before = _digests()
    assert (before["review"][0], before["interest"][0]) == (2, 0)
    downgrade(revision=BEFORE_COVERS)
    upgrade()
    covers = before.pop("cover")
    high = _digests()
    assert (covers[0], high.pop("cover")[0]) == (0, 0)
    assert high == before


@both
@pytest.mark.timeout(400)  # each of the ways copies most tables of SQLite once for each version
def test_a_database_in_use_goes_down_and_up_loses_no_row_and_survives_being_cut_off(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    _loaded(cast)
    before, newest = _digests(), _shape()
    assert before["message"][0] >= 3
    assert before["notification"][0] > 0

    downgrade(revision=LANDED)
    low, landed = _digests(), _shape()
    db.engine.dispose()
    _cut_off_while_upgrading(app)
    assert _digests() == low

    upgrade()
    high = _digests()
    assert _shape() == newest
    assert _digests(landed) == low, "the way up changed what was there"
    unchanged = [name for name in before if newest[name] == landed.get(name)]
    assert {name: high[name] for name in unchanged} == {name: before[name] for name in unchanged}

    longer = _planted(tmp_path)
    upgrade(directory=longer)
    assert "planted" in _shape()["person"]
    assert _digests(newest) == high, "a table was copied, and what points to it got lost"
    downgrade(directory=longer)
    assert _digests() == high
    assert verify().faults == ()
