"""moderation"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
PURPOSES = (
    "triage",
    "appeal",
    "case",
    "call",
    "concern",
    "decision_open",
    "decision_close",
    "resolution_answer",
    "decision_effect",
    "decision_review",
    "claim",
    "mediation",
    "confirmation",
    "deliberation",
)
NEW_PURPOSES = ("review", "removal_appeal")
REASONS = ("insult", "privacy", "spam", "misleading", "off_topic", "unlawful")
STATES = ("shown", "held", "withdrawn", "removed", "ordered")


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
    _choices("running_clock", "purpose", "ck_running_clock_purpose", *PURPOSES, *NEW_PURPOSES)
    op.create_table(
        "review",
        sa.Column("id", ID, nullable=False),
        sa.Column("subject", _choice("subjectkind", "message"), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=True),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("state", _choice("reviewstate", "open", "kept", "removed", "ordered", "restored"), nullable=False),
        sa.Column("held", _choice("holdreason", "flood", "repeated", "links"), nullable=True),
        sa.Column("above", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("overdue_at", MOMENT, nullable=True),
        sa.Column("reason", _choice("flagreason", *REASONS), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_for", ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("appeal_until", MOMENT, nullable=True),
        sa.Column("order_organ", sa.String(length=120), nullable=False),
        sa.Column("order_basis", sa.String(length=200), nullable=False),
        sa.Column("order_date", sa.Date(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f("ck_review_decided")),
        sa.CheckConstraint("state != 'removed' OR reason IS NOT NULL", name=op.f("ck_review_reason")),
        sa.CheckConstraint(
            "state != 'ordered' OR (order_organ != '' AND order_date IS NOT NULL)", name=op.f("ck_review_ordered")
        ),
        sa.CheckConstraint("decided_by IS NULL OR decided_by != author_id", name=op.f("ck_review_not_own")),
        _to("review", "place_id", "place"),
        _to("review", "author_id", "person"),
        _to("review", "decided_by", "person"),
        _to("review", "decided_for", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_subject", "review", ["subject", "subject_id"])
    op.create_index("ix_review_place", "review", ["place_id", "decided_at"])
    op.create_index("ix_review_author", "review", ["author_id", "id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_review_open",
        "review",
        ["subject", "subject_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "flag",
        sa.Column("id", ID, nullable=False),
        sa.Column("review_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("reason", _choice("flagreason", *REASONS), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("flag", "review_id", "review"),
        _to("flag", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("review_id", "person_id", name=op.f("uq_flag_review_id_person_id")),
    )
    op.create_index("ix_flag_person", "flag", ["person_id", "id"])
    op.create_table(
        "sealed_words",
        sa.Column("review_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _to("sealed_words", "review_id", "review"),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_sealed_words")),
    )
    op.create_table(
        "review_appeal",
        sa.Column("review_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("answered_for", ID, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (granted IS NULL)", name=op.f("ck_review_appeal_answered")),
        sa.CheckConstraint("answered_by IS NULL OR answered_by != person_id", name=op.f("ck_review_appeal_not_own")),
        _to("review_appeal", "review_id", "review"),
        _to("review_appeal", "person_id", "person"),
        _to("review_appeal", "answered_by", "person"),
        _to("review_appeal", "answered_for", "organization"),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_review_appeal")),
    )
    op.create_index("ix_review_appeal_person", "review_appeal", ["person_id"])
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=32), server_default="shown", nullable=False))
        batch_op.add_column(sa.Column("review_id", ID, nullable=True))
        batch_op.create_foreign_key(op.f("fk_message_review_id"), "review", ["review_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_message_messagestate"), "state IN ({})".format(", ".join(f"'{each}'" for each in STATES))
        )


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_message_messagestate"), type_="check")
        batch_op.drop_constraint(op.f("fk_message_review_id"), type_="foreignkey")
        batch_op.drop_column("review_id")
        batch_op.drop_column("state")
    for table in ("review_appeal", "sealed_words", "flag", "review"):
        op.drop_table(table)
    op.execute("DELETE FROM running_clock WHERE purpose IN ('review', 'removal_appeal')")
    _choices("running_clock", "purpose", "ck_running_clock_purpose", *PURPOSES)
