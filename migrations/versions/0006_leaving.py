"""leaving"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "leaving",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("words", sa.Boolean(), nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint("taken_back_at IS NULL OR done_at IS NULL", name=op.f("ck_leaving_one_end")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leaving_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaving")),
    )
    still_open = sa.text("taken_back_at IS NULL AND done_at IS NULL")
    op.create_index(
        "uq_leaving_open", "leaving", ["person_id"], unique=True, sqlite_where=still_open, postgresql_where=still_open
    )
    op.create_index("ix_leaving_due", "leaving", ["due_at"], sqlite_where=still_open, postgresql_where=still_open)


def downgrade() -> None:
    op.drop_table("leaving")
