"""Papers of secret votes"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("secret_vote", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sheets", sa.Integer(), nullable=True))
    with op.batch_alter_table("roll_mark", schema=None, table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.alter_column("person_id", existing_type=ID, nullable=True)
        batch_op.create_check_constraint(op.f("ck_roll_mark_paper"), "person_id IS NOT NULL OR signature = ''")
    op.create_table(
        "sheet_reading",
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_sheet_reading_decision_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_sheet_reading_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sheet_reading_person_id")),
        sa.PrimaryKeyConstraint("decision_id", "person_id", name=op.f("pk_sheet_reading")),
    )
    op.create_index(op.f("ix_sheet_reading_person_id"), "sheet_reading", ["person_id"])


def downgrade() -> None:
    op.drop_table("sheet_reading")
    # Marks of papers have no place in the table as it was.
    op.execute(sa.text("DELETE FROM roll_mark WHERE signature = ''"))
    with op.batch_alter_table("roll_mark", schema=None, table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_constraint(op.f("ck_roll_mark_paper"), type_="check")
        batch_op.alter_column("person_id", existing_type=ID, nullable=False)
    with op.batch_alter_table("secret_vote", schema=None) as batch_op:
        batch_op.drop_column("sheets")
