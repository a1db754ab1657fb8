"""rules"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("settled_at IS NULL")


def _open_one(name: str, table: str, columns: list[str]) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def _persons(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}")) for column in columns]


def _versions() -> None:
    table = "decision_rule_version"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("in_force_from", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f(f"fk_{table}_place_id")),
        *_persons(table, "proposed_by", "settled_by"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("place_id", "code", "version", name=op.f(f"uq_{table}_place_id_code_version")),
    )
    _open_one("uq_decision_rule_version_open", table, ["place_id", "code"])


def _authorities() -> None:
    table = "vote_authority"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("issuer", sa.String(length=80), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("picture_id", ID, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("given_by", ID, nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("ended_by", ID, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f(f"fk_{table}_place_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f(f"fk_{table}_picture_id")),
        *_persons(table, "given_by", "settled_by", "ended_by"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_vote_authority_place", table, ["place_id", "id"])
    _open_one("uq_vote_authority_open", table, ["place_id"])


def upgrade() -> None:
    _versions()
    _authorities()


def downgrade() -> None:
    op.drop_index("uq_vote_authority_open", table_name="vote_authority")
    op.drop_index("ix_vote_authority_place", table_name="vote_authority")
    op.drop_table("vote_authority")
    op.drop_index("uq_decision_rule_version_open", table_name="decision_rule_version")
    op.drop_table("decision_rule_version")
