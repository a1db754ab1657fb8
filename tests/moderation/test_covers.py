"""Rows say what is covered: the migration writes down what was, and a typed mark covers nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, select, text

from cogov.decisions.models import Closing, DecisionOption, Motion, MotionOption, PlannedTask, Resolution
from cogov.ground import paths
from cogov.ground.db import db, session
from cogov.meetings.commands.flagging import FLAGGED
from cogov.moderation.commands import order_down
from cogov.moderation.models import Cover, Review
from cogov.moderation.rules import FlagReason, Order, SubjectKind
from cogov.problems.commands import flag_problem
from cogov.problems.commands.flagging import COLUMNS
from cogov.problems.models import Problem
from cogov.threads.models import Interest
from cogov.threads.queries.passages import KINDS
from tests.cast import Cast
from tests.databases import both
from tests.meetings.test_flagging import over, removed
from tests.moderation.test_problem import FOUL, SPOT, TEXT, foul
from tests.moderation.test_problem import removed as problem_removed
from tests.moderation.test_texts import MAKE, closed, interest, taken_down

Counting = Callable[[], AbstractContextManager[Any]]
SCRIPTS = ScriptDirectory(str(paths.migrations()))
HEAD, THERE = SCRIPTS.get_current_head(), SCRIPTS.get_revision("0029").module


def covers() -> set[tuple[str, int, str, int | None]]:
    query = select(Cover.subject, Cover.subject_id, Cover.field, Cover.review_id)
    return {
        (kind.value, subject_id, field, review_id) for kind, subject_id, field, review_id in session().execute(query)
    }


def test_the_migration_knows_where_each_kind_stands():
    assert set(THERE.STAND_IN) == {*KINDS, *FLAGGED}
    assert {*THERE.SUBJECTS, *THERE.NEW_SUBJECTS} == set(SubjectKind)
    for kind, told in KINDS.items():
        assert THERE.STAND_IN[kind] == (told.model.__tablename__, told.columns)
    assert {Motion.__tablename__, MotionOption.__tablename__, PlannedTask.__tablename__} == {
        "motion",
        *THERE.OF_A_MOTION.values(),
    }
    tables = {DecisionOption.__tablename__, Closing.__tablename__, Resolution.__tablename__, Motion.__tablename__}
    assert tables == set(THERE.OF_A_DECISION.values())
    assert COLUMNS == ("title", "text", "spot")


@both
def test_what_was_covered_before_is_written_down(cast: Cast, number: str, counted: Counting):
    """On a database with every kind taken down, one of them gone with its author, and motions that repeat another."""
    for kind, make in MAKE.items():
        taken_down(cast, kind, make(cast, number))
    closed(cast.tenant)
    session().execute(delete(Interest))  # as the versions before left it
    session().commit()
    _, motion = over(cast)
    removed(cast, SubjectKind.MOTION, motion)
    before = covers()
    assert len({kind for kind, *_ in before}) == len(MAKE)
    session().execute(delete(Cover))
    session().commit()
    db.session.remove()
    with (
        counted() as count,
        db.engine.begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        THERE._fill()
    assert len([each for each in count.statements if each.startswith("SELECT")]) == len(THERE.STAND_IN) + 2
    assert covers() == before


@both
def test_a_problem_stands_again_when_the_database_goes_down(cast: Cast):
    problem_id = foul(cast).id
    problem_removed(cast, problem_id)
    db.session.remove()
    with db.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        THERE._put_back()
    back = session().get(Problem, problem_id)
    assert back is not None
    assert (back.title, back.text, back.spot) == (FOUL, TEXT, SPOT)


@both
def test_the_way_up_passes_over_what_is_gone_with_its_author(cast: Cast, number: str):
    taken_down(cast, SubjectKind.INTEREST, interest(cast, number))
    closed(cast.tenant)
    session().execute(delete(Interest))  # as the versions before left it
    session().commit()
    db.session.remove()
    downgrade(revision="0028")
    upgrade()
    assert covers() == set()
    assert session().scalars(select(Review.subject)).all() == [SubjectKind.INTEREST]


@both
def test_what_is_down_by_an_order_keeps_the_database_from_going_down(cast: Cast, caplog: pytest.LogCaptureFixture):
    problem_id = foul(cast).id
    review = flag_problem(cast.tenant, problem_id, reason=FlagReason.UNLAWFUL)
    order_down(cast.street_office, review.id, order=Order("区网信办", "第六条", date(2026, 1, 2)))
    before = covers()
    assert before
    db.session.remove()
    with pytest.raises(SystemExit):
        downgrade(revision="0028")
    assert "1 problems or motions are down by an order" in caplog.text
    assert session().scalar(text("SELECT version_num FROM alembic_version")) == HEAD
    assert covers() == before
