"""Shares of co-owners"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SHARE = "(share_part IS NULL) = (share_of IS NULL) AND (share_of IS NULL OR share_part BETWEEN 1 AND share_of)"


def upgrade() -> None:
    with op.batch_alter_table("ownership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("share_part", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("share_of", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_ownership_share"), SHARE)
    with op.batch_alter_table("electorate_unit", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_electorate_unit_decision_id_unit_id"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_electorate_unit_decision_id_unit_id_head_id"), ["decision_id", "unit_id", "head_id"]
        )


def downgrade() -> None:
    """Go back to rules without shares; where one asks for them, the version before could not read it."""
    asks = '%"co_owners":"shares"%'
    for table, column in (("decision", "frozen_rule"), ("decision_rule_version", "text")):
        query = sa.text(f"SELECT count(*) FROM {table} WHERE {column} LIKE :asks").bindparams(asks=asks)  # noqa: S608
        if rules := op.get_bind().scalar(query):
            raise RuntimeError(f"{rules} rules have co-owners vote by shares, which the version before does not know")
    # A unit stood once for each of its heads; one of them stays.
    op.execute(
        sa.text(
            "DELETE FROM electorate_unit WHERE id NOT IN "
            "(SELECT first FROM (SELECT min(id) AS first FROM electorate_unit GROUP BY decision_id, unit_id) AS kept)"
        )
    )
    with op.batch_alter_table("electorate_unit", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_electorate_unit_decision_id_unit_id_head_id"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_electorate_unit_decision_id_unit_id"), ["decision_id", "unit_id"])
    with op.batch_alter_table("ownership", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_ownership_share"), type_="check")
        batch_op.drop_column("share_of")
        batch_op.drop_column("share_part")
