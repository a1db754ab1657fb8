"""proxies"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _mandates() -> None:
    table = "proxy_mandate"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=True),
        sa.Column("head_id", ID, nullable=True),
        sa.Column("principal_id", ID, nullable=True),
        sa.Column("proxy_id", ID, nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("picture_id", ID, nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("entered_by", ID, nullable=True),
        sa.Column("confirmed_by", ID, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", ID, nullable=True),
        sa.Column("ended", _choice("mandateend", "revoked", "laid_down", "voted", "declined"), nullable=True),
        sa.CheckConstraint(
            "(principal_id IS NULL) = (head_id IS NOT NULL)", name=op.f("ck_proxy_mandate_principal_or_head")
        ),
        sa.CheckConstraint("(decision_id IS NULL) = (until IS NOT NULL)", name=op.f("ck_proxy_mandate_vote_or_time")),
        sa.CheckConstraint(
            "head_id IS NULL OR decision_id IS NOT NULL", name=op.f("ck_proxy_mandate_paper_for_one_vote")
        ),
        sa.CheckConstraint(
            "principal_id IS NULL OR principal_id != proxy_id", name=op.f("ck_proxy_mandate_not_oneself")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by != entered_by", name=op.f("ck_proxy_mandate_second_person")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended IS NULL)", name=op.f("ck_proxy_mandate_ended")),
        _points(table, "community_id", "place"),
        _points(table, "decision_id", "decision"),
        _points(table, "head_id", "electorate_head"),
        *(_points(table, f"{who}", "person") for who in ("principal_id", "proxy_id", "entered_by")),
        *(_points(table, f"{who}", "person") for who in ("confirmed_by", "ended_by")),
        _points(table, "picture_id", "picture"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxy_mandate")),
    )
    op.create_index("ix_proxy_mandate_principal", table, ["principal_id", "ended_at"])
    op.create_index("ix_proxy_mandate_proxy", table, ["proxy_id", "ended_at"])
    op.create_index("ix_proxy_mandate_decision", table, ["decision_id", "id"])
    holds = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_proxy_mandate_head", table, ["head_id"], unique=True, sqlite_where=holds, postgresql_where=holds
    )


def _signatures() -> None:
    table = "ballot_signature"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("head_id", ID, nullable=False),
        sa.Column("seat", sa.String(length=24), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("mandate_id", ID, nullable=True),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        _points(table, "decision_id", "decision"),
        _points(table, "head_id", "electorate_head"),
        _points(table, "person_id", "person"),
        _points(table, "mandate_id", "proxy_mandate"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_signature")),
        sa.UniqueConstraint("head_id", "seat", name=op.f("uq_ballot_signature_head_id_seat")),
    )
    op.create_index(op.f("ix_ballot_signature_decision_id"), table, ["decision_id"])
    op.create_index(op.f("ix_ballot_signature_mandate_id"), table, ["mandate_id"])


def upgrade() -> None:
    _mandates()
    _signatures()
    with op.batch_alter_table("electorate_head", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seats", sa.Integer(), server_default="1", nullable=False))
    for table in ("electorate_voter", "ballot"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("mandate_id", ID, nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{table}_mandate_id"), "proxy_mandate", ["mandate_id"], ["id"])
            batch_op.create_index(op.f(f"ix_{table}_mandate_id"), ["mandate_id"])


def downgrade() -> None:
    # Who casts by a mandate is no voter of the version before; what they have cast stays as it is.
    op.execute("DELETE FROM electorate_voter WHERE mandate_id IS NOT NULL")
    for table in ("ballot", "electorate_voter"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(op.f(f"ix_{table}_mandate_id"))
            batch_op.drop_constraint(op.f(f"fk_{table}_mandate_id"), type_="foreignkey")
            batch_op.drop_column("mandate_id")
    with op.batch_alter_table("electorate_head", schema=None) as batch_op:
        batch_op.drop_column("seats")
    op.drop_table("ballot_signature")
    op.drop_table("proxy_mandate")
