"""opinion"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SUBJECTS = ("message",)
STATEMENT = "statement"
STATES = ("shown", "held", "withdrawn", "removed", "ordered")
PLACES = ("message", "concern_answer", "resolution_answer")


def _choices(table: str, column: str, name: str, *values: str) -> None:
    """Say anew what a column may hold; autogenerate does not see checks."""
    check = "{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values))
    with op.batch_alter_table(table, schema=None) as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # there the table is copied, and the old check stays behind
            batch_op.drop_constraint(op.f(name), type_="check")
        batch_op.create_check_constraint(op.f(name), check)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    _choices("review", "subject", "ck_review_subjectkind", *SUBJECTS, STATEMENT)
    _conversations()
    _answers()
    _maps()


def _conversations() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=120), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("standing_id", ID, nullable=True),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_conversation_times")),
        _to("conversation", "problem_id", "problem"),
        _to("conversation", "person_id", "person"),
        _to("conversation", "standing_id", "role_held"),
        _to("conversation", "organization_id", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("problem_id", "number", name=op.f("uq_conversation_problem_id_number")),
    )
    runs = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_conversation_running",
        "conversation",
        ["problem_id"],
        unique=True,
        sqlite_where=runs,
        postgresql_where=runs,
    )
    op.create_index("ix_conversation_closes", "conversation", ["closes_at"], sqlite_where=runs, postgresql_where=runs)
    op.create_table(
        "statement",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("standing_id", ID, nullable=True),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", _choice("statementstate", *STATES), nullable=False),
        sa.Column("seed", sa.Boolean(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("review_id", ID, nullable=True),
        sa.Column("agree", sa.Integer(), nullable=False),
        sa.Column("disagree", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.CheckConstraint("agree >= 0 AND disagree >= 0 AND passed >= 0", name=op.f("ck_statement_counts")),
        sa.CheckConstraint("person_id IS NOT NULL OR imported", name=op.f("ck_statement_author")),
        _to("statement", "conversation_id", "conversation"),
        _to("statement", "problem_id", "problem"),
        _to("statement", "person_id", "person"),
        _to("statement", "standing_id", "role_held"),
        _to("statement", "organization_id", "organization"),
        _to("statement", "review_id", "review"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("problem_id", "number", name=op.f("uq_statement_problem_id_number")),
    )
    op.create_index("ix_statement_conversation", "statement", ["conversation_id", "number"])
    op.create_index("ix_statement_person", "statement", ["person_id", "id"])


def _answers() -> None:
    op.create_table(
        "participant",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("imported", sa.Integer(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) = (imported IS NOT NULL)", name=op.f("ck_participant_one")),
        _to("participant", "conversation_id", "conversation"),
        _to("participant", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("conversation_id", "imported", name=op.f("uq_participant_conversation_id_imported")),
        sa.UniqueConstraint("conversation_id", "person_id", name=op.f("uq_participant_conversation_id_person_id")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_participant_person", "participant", ["person_id"])
    op.create_table(
        "stance",
        sa.Column("participant_id", ID, autoincrement=False, nullable=False),
        sa.Column("statement_id", ID, autoincrement=False, nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("value IN (-1, 0, 1)", name=op.f("ck_stance_value")),
        _to("stance", "participant_id", "participant"),
        _to("stance", "statement_id", "statement"),
        sa.PrimaryKeyConstraint("participant_id", "statement_id", name=op.f("pk_stance")),
        sqlite_with_rowid=False,
    )


def _maps() -> None:
    op.create_table(
        "chart",
        sa.Column("conversation_id", ID, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("changes", ID, nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("own", sa.Text(), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        _to("chart", "conversation_id", "conversation"),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_chart")),
    )
    op.create_table(
        "drawing",
        sa.Column("conversation_id", ID, autoincrement=False, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
        _to("drawing", "conversation_id", "conversation"),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_drawing")),
    )
    op.create_table(
        "quote",
        sa.Column("id", ID, nullable=False),
        sa.Column("statement_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("standing_id", ID, nullable=True),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("place", _choice("quotedin", *PLACES), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("quote", "statement_id", "statement"),
        _to("quote", "person_id", "person"),
        _to("quote", "standing_id", "role_held"),
        _to("quote", "organization_id", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
        sa.UniqueConstraint("statement_id", "place", "subject_id", name=op.f("uq_quote_statement_id_place_subject_id")),
    )
    op.create_index("ix_quote_person", "quote", ["person_id"])
    op.create_table(
        "map_taken",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("agreed_by", ID, nullable=True),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", name=op.f("ck_map_taken_agreed")),
        sa.CheckConstraint("agreed_by IS NULL OR agreed_by <> asked_by", name=op.f("ck_map_taken_second_person")),
        sa.CheckConstraint("taken_at IS NULL OR agreed_at IS NOT NULL", name=op.f("ck_map_taken_taken")),
        _to("map_taken", "conversation_id", "conversation"),
        _to("map_taken", "asked_by", "person"),
        _to("map_taken", "organization_id", "organization"),
        _to("map_taken", "agreed_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_taken")),
    )
    op.create_index("ix_map_taken_conversation", "map_taken", ["conversation_id", "id"])


def downgrade() -> None:
    for table in ("map_taken", "quote", "drawing", "chart", "stance", "participant", "statement", "conversation"):
        op.drop_table(table)
    op.execute("DELETE FROM flag WHERE review_id IN (SELECT id FROM review WHERE subject = 'statement')")
    op.execute("DELETE FROM sealed_words WHERE review_id IN (SELECT id FROM review WHERE subject = 'statement')")
    op.execute("DELETE FROM review_appeal WHERE review_id IN (SELECT id FROM review WHERE subject = 'statement')")
    op.execute("DELETE FROM review WHERE subject = 'statement'")
    _choices("review", "subject", "ck_review_subjectkind", *SUBJECTS)
