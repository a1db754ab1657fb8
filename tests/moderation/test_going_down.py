"""Back to a version that takes down only messages and statements: what lay sealed stands again where it stood."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import select

from cogov.ground import paths
from cogov.ground.db import db, session
from cogov.meetings.commands.flagging import FLAGGED
from cogov.meetings.models import MeetingMotion, MinutesVersion
from cogov.moderation.rules import SubjectKind
from cogov.threads.queries.passages import KINDS
from tests.cast import Cast
from tests.databases import both
from tests.meetings.test_flagging import over, removed, said_in
from tests.moderation.test_texts import MAKE, is_mark, taken_down, words_of

THERE = ScriptDirectory(str(paths.migrations())).get_revision("0026").module


def test_every_kind_is_put_back_where_it_stood():
    assert set(THERE.STAND_IN) == {*KINDS, *FLAGGED} == set(THERE.NEW_SUBJECTS)
    for kind, told in KINDS.items():
        assert THERE.STAND_IN[kind] == (told.model.__tablename__, told.columns)
    assert THERE.STAND_IN[SubjectKind.MOTION] == (MeetingMotion.__tablename__, ("text",))


@both
def test_words_that_lay_sealed_stand_again_when_the_database_goes_down(cast: Cast, number: str):
    kinds = (SubjectKind.CONCERN, SubjectKind.AMENDMENT, SubjectKind.INTEREST)
    made = {kind: MAKE[kind](cast, number) for kind in kinds}
    before = {kind: words_of(kind, subject_id) for kind, subject_id in made.items()}
    held, motion = over(cast)
    said = sorted(said_in(held).splitlines())
    for kind, subject_id in made.items():
        taken_down(cast, kind, subject_id)
        assert all(is_mark(words) for words in words_of(kind, subject_id).values())
    removed(cast, SubjectKind.MOTION, motion)
    db.session.remove()
    with db.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        THERE._put_back()
    assert {kind: words_of(kind, subject_id) for kind, subject_id in made.items()} == before
    assert sorted(said_in(held).splitlines()) == said
    assert "移除" not in "".join(session().scalars(select(MinutesVersion.text)))
