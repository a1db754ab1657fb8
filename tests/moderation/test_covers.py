"""Rows say what is covered: the migration writes down what was, and a typed mark covers nothing."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import delete, select

from cogov.decisions.models import Closing, DecisionOption, Motion, MotionOption, PlannedTask, Resolution
from cogov.ground import paths
from cogov.ground.db import db, session
from cogov.meetings.commands.flagging import FLAGGED
from cogov.moderation.models import Cover
from cogov.moderation.rules import SubjectKind
from cogov.problems.commands.flagging import COLUMNS
from cogov.problems.models import Problem
from cogov.threads.queries.passages import KINDS
from tests.cast import Cast
from tests.databases import both
from tests.meetings.test_flagging import over, removed
from tests.moderation.test_problem import FOUL, SPOT, TEXT, foul
from tests.moderation.test_problem import removed as problem_removed
from tests.moderation.test_texts import MAKE, taken_down

THERE = ScriptDirectory(str(paths.migrations())).get_revision("0029").module


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
def test_what_was_covered_before_is_written_down(cast: Cast, number: str):
    """On a database with every kind taken down, and motions that repeat the words of one."""
    for kind, make in MAKE.items():
        taken_down(cast, kind, make(cast, number))
    _, motion = over(cast)
    removed(cast, SubjectKind.MOTION, motion)
    before = covers()
    assert len({kind for kind, *_ in before}) == len(MAKE) + 1
    session().execute(delete(Cover))
    session().commit()
    db.session.remove()
    with db.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        THERE._fill()
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
