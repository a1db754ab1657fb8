"""threads"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
REASONS = ("insult", "privacy", "spam", "misleading", "off_topic", "unlawful")
QUOTED = ("quoted_version", "quoted_from", "quoted_to")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _speaker(table: str) -> list[SchemaItem]:
    """Return the columns that say who did something, under which mandate and for whom."""
    return [
        sa.Column("person_id", ID, nullable=False),
        sa.Column("standing_id", ID, nullable=True),
        sa.Column("organization_id", ID, nullable=True),
        _to(table, "person_id", "person"),
        _to(table, "standing_id", "role_held"),
        _to(table, "organization_id", "organization"),
    ]


def upgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("edited_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("quoted_id", ID, nullable=True))
        for name in QUOTED:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_message_quoted_id"), "message", ["quoted_id"], ["id"])
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=True))
    _said()
    _summaries()
    _restraint()


def _said() -> None:
    op.create_table(
        "message_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("message_version", "message_id", "message"),
        _to("message_version", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_version")),
        sa.UniqueConstraint("message_id", "version", name=op.f("uq_message_version_message_id_version")),
    )
    op.create_index("ix_message_version_person", "message_version", ["person_id", "id"])
    op.create_table(
        "mention",
        sa.Column("id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        _to("mention", "message_id", "message"),
        _to("mention", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint("message_id", "person_id", name=op.f("uq_mention_message_id_person_id")),
    )
    op.create_index("ix_mention_person", "mention", ["person_id", "id"])
    op.create_table(
        "reading_mark",
        sa.Column("id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("entry", ID, nullable=False),
        _to("reading_mark", "problem_id", "problem"),
        _to("reading_mark", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_mark")),
        sa.UniqueConstraint("problem_id", "person_id", name=op.f("uq_reading_mark_problem_id_person_id")),
    )
    op.create_index("ix_reading_mark_person", "reading_mark", ["person_id", "id"])


def _summaries() -> None:
    op.create_table(
        "summary_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("kind", _choice("summarykind", "summary", "minutes"), nullable=False),
        sa.Column("state", _choice("summarystate", "standing", "proposed", "declined"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        *_speaker("summary_version"),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_under", ID, nullable=True),
        sa.Column("decided_for", ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'standing') = (number IS NOT NULL)", name=op.f("ck_summary_version_numbered")),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> person_id", name=op.f("ck_summary_version_second_person")
        ),
        _to("summary_version", "problem_id", "problem"),
        _to("summary_version", "decided_by", "person"),
        _to("summary_version", "decided_under", "role_held"),
        _to("summary_version", "decided_for", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_version")),
        sa.UniqueConstraint("problem_id", "number", name=op.f("uq_summary_version_problem_id_number")),
    )
    op.create_index("ix_summary_version_problem", "summary_version", ["problem_id", "id"])
    op.create_index("ix_summary_version_person", "summary_version", ["person_id", "id"])
    op.create_table(
        "summary_source",
        sa.Column("id", ID, nullable=False),
        sa.Column("summary_version_id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        _to("summary_source", "summary_version_id", "summary_version"),
        _to("summary_source", "message_id", "message"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_source")),
        sa.UniqueConstraint(
            "summary_version_id", "message_id", name=op.f("uq_summary_source_summary_version_id_message_id")
        ),
    )
    op.create_table(
        "minutes_answer",
        sa.Column("id", ID, nullable=False),
        sa.Column("summary_version_id", ID, nullable=False),
        *_speaker("minutes_answer"),
        sa.Column("endorses", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("endorses OR reason <> ''", name=op.f("ck_minutes_answer_reason")),
        _to("minutes_answer", "summary_version_id", "summary_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_answer")),
        sa.UniqueConstraint(
            "summary_version_id", "person_id", name=op.f("uq_minutes_answer_summary_version_id_person_id")
        ),
    )
    op.create_index("ix_minutes_answer_person", "minutes_answer", ["person_id", "id"])


def _restraint() -> None:
    op.create_table(
        "slow_mode",
        sa.Column("id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        *_speaker("slow_mode"),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_slow_mode_minutes")),
        _to("slow_mode", "problem_id", "problem"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slow_mode")),
    )
    op.create_index("ix_slow_mode_problem", "slow_mode", ["problem_id", "id"])
    op.create_index("ix_slow_mode_until", "slow_mode", ["until"])
    op.create_table(
        "writing_block",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=True),
        sa.Column("reason", _choice("flagreason", *REASONS), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("blocked_by", ID, nullable=False),
        sa.Column("blocked_for", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("appealed_at", MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("answered_for", ID, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("blocked_by <> person_id", name=op.f("ck_writing_block_not_own")),
        sa.CheckConstraint(
            "answered_by IS NULL OR answered_by <> blocked_by", name=op.f("ck_writing_block_second_person")
        ),
        sa.CheckConstraint("(answered_at IS NULL) = (granted IS NULL)", name=op.f("ck_writing_block_answered")),
        _to("writing_block", "person_id", "person"),
        _to("writing_block", "place_id", "place"),
        _to("writing_block", "blocked_by", "person"),
        _to("writing_block", "blocked_for", "organization"),
        _to("writing_block", "answered_by", "person"),
        _to("writing_block", "answered_for", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writing_block")),
    )
    op.create_index("ix_writing_block_person", "writing_block", ["person_id", "until"])
    op.create_index("ix_writing_block_place", "writing_block", ["place_id", "at"])


def downgrade() -> None:
    for table in (
        "writing_block",
        "slow_mode",
        "minutes_answer",
        "summary_source",
        "summary_version",
        "reading_mark",
        "mention",
        "message_version",
    ):
        op.drop_table(table)
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_column("version")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_message_quoted_id"), type_="foreignkey")
        for name in ("version", "edited_at", "quoted_id", *QUOTED):
            batch_op.drop_column(name)
