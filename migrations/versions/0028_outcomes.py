"""outcomes"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    # Plain columns: SQLite adds them without copying a table.
    op.add_column("meeting", sa.Column("quorum", sa.Integer(), server_default="0", nullable=False))
    op.add_column("meeting_attendance", sa.Column("left_at", MOMENT, nullable=True))
    op.add_column("meeting_motion", sa.Column("present", sa.Integer(), nullable=True))
    op.add_column("chart", sa.Column("counted", sa.Text(), server_default="", nullable=False))
    op.add_column("chart", sa.Column("behind", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "meeting_outcome",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("motion_id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column("kind", _choice("followup", "task", "vote", "case"), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("meeting_outcome", "meeting_id", "meeting"),
        _to("meeting_outcome", "motion_id", "meeting_motion"),
        _to("meeting_outcome", "problem_id", "problem"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_outcome")),
        sa.UniqueConstraint(
            "kind", "subject_id", "motion_id", name=op.f("uq_meeting_outcome_kind_subject_id_motion_id")
        ),
    )
    op.create_index("ix_meeting_outcome_meeting", "meeting_outcome", ["meeting_id", "id"])
    op.create_index("ix_meeting_outcome_motion", "meeting_outcome", ["motion_id", "id"])


def downgrade() -> None:
    op.drop_table("meeting_outcome")
    op.drop_column("chart", "behind")
    op.drop_column("chart", "counted")
    op.drop_column("meeting_motion", "present")
    op.drop_column("meeting_attendance", "left_at")
    op.drop_column("meeting", "quorum")
