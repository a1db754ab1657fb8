"""channels"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    channel = _choice("channel", "web", "paper", "door", "proxy", "helped")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", channel, server_default="web", nullable=False))
        batch_op.alter_column("person_id", existing_type=ID, nullable=True)
        batch_op.create_check_constraint(
            op.f("ck_ballot_caster"), "person_id IS NOT NULL OR channel IN ('paper', 'door')"
        )


def downgrade() -> None:
    """Go back to ballots of the web alone; who cast a paper one is unknown there, so such a vote is not lost for it."""
    nobody = op.get_bind().scalar(sa.text("SELECT count(*) FROM ballot WHERE person_id IS NULL"))
    if nobody:
        raise RuntimeError(f"{nobody} ballots came on paper, which the version before does not know")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_ballot_caster"), type_="check")
        batch_op.drop_constraint(op.f("ck_ballot_channel"), type_="check")
        batch_op.alter_column("person_id", existing_type=ID, nullable=False)
        batch_op.drop_column("channel")
