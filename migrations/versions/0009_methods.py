"""methods"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ADDED = (
    ("motion", "form", sa.Text(), ""),
    ("decision", "form", sa.Text(), ""),
    ("closing", "count", sa.Text(), ""),
    ("motion_option", "cost", ID, "0"),
    ("decision_option", "cost", ID, "0"),
    ("ballot", "reason", sa.Text(), ""),
)
"""Table, column, type, and what it says of all that was there before."""


def upgrade() -> None:
    """Write what is marked on a ballot as text, since a choice is one of several ways of marking."""
    for table, name, kind, before in ADDED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(name, kind, server_default=before, nullable=False))
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("marks", sa.Text(), server_default="", nullable=False))
    op.execute(
        "UPDATE ballot SET marks = "
        "(SELECT CAST(position AS VARCHAR(8)) || '\\:1' FROM decision_option WHERE decision_option.id = ballot.option_id)"
    )
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_ballot_option_id"), type_="foreignkey")
        batch_op.drop_column("option_id")


def downgrade() -> None:
    """Go back to one option for each ballot; a vote that was put in another way has no place there and is not lost."""
    other = op.get_bind().scalar(sa.text("SELECT count(*) FROM motion WHERE form <> ''"))
    if other:
        raise RuntimeError(f"{other} motions use a method that the version before does not know")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("option_id", ID, nullable=True))
    op.execute(
        "UPDATE ballot SET option_id = (SELECT decision_option.id FROM decision_option "
        "WHERE decision_option.decision_id = ballot.decision_id "
        "AND CAST(decision_option.position AS VARCHAR(8)) || '\\:1' = ballot.marks)"
    )
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.alter_column("option_id", existing_type=ID, nullable=False)
        batch_op.create_foreign_key(op.f("fk_ballot_option_id"), "decision_option", ["option_id"], ["id"])
        batch_op.drop_column("marks")
    for table, name, _, _ in reversed(ADDED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(name)
