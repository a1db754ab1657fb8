"""interest"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _claims() -> None:
    table = "interest_claim"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("motion_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", _choice("intereststate", "waiting", "admitted", "declined", "withdrawn"), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_for", ID, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "settled_by IS NULL OR settled_by != person_id", name=op.f("ck_interest_claim_second_person")
        ),
        sa.CheckConstraint(
            "state NOT IN ('admitted', 'declined') OR settled_by IS NOT NULL", name=op.f("ck_interest_claim_settled")
        ),
        sa.CheckConstraint("(settled_by IS NULL) = (settled_at IS NULL)", name=op.f("ck_interest_claim_when")),
        _points(table, "motion_id", "motion"),
        _points(table, "unit_id", "unit"),
        _points(table, "person_id", "person"),
        _points(table, "settled_by", "person"),
        _points(table, "settled_for", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_claim")),
    )
    live = sa.text("state IN ('waiting', 'admitted')")
    op.create_index(
        "uq_interest_claim_live",
        table,
        ["motion_id", "person_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index("ix_interest_claim_motion", table, ["motion_id", "id"])
    op.create_index("ix_interest_claim_person", table, ["person_id"])


def _delegates() -> None:
    table = "organization_delegate"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("motion_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("named_by", ID, nullable=False),
        sa.Column("named_at", MOMENT, nullable=False),
        sa.Column("ended_by", ID, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_organization_delegate_ended")),
        _points(table, "motion_id", "motion"),
        _points(table, "organization_id", "organization"),
        *(_points(table, who, "person") for who in ("person_id", "named_by", "ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_delegate")),
    )
    sent = sa.text("ended_at IS NULL")
    for name, other in (("sent", "organization_id"), ("person", "person_id")):
        op.create_index(
            f"uq_organization_delegate_{name}",
            table,
            ["motion_id", other],
            unique=True,
            sqlite_where=sent,
            postgresql_where=sent,
        )
    op.create_index("ix_organization_delegate_person", table, ["person_id"])


def upgrade() -> None:
    ground = _choice("headground", "listed", "presumed", "proven", "delegate")
    with op.batch_alter_table("electorate_head", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ground", ground, server_default="listed", nullable=False))
        batch_op.add_column(sa.Column("organization_id", ID, nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_electorate_head_organization_id"), "organization", ["organization_id"], ["id"]
        )
    _claims()
    _delegates()


def downgrade() -> None:
    op.drop_table("organization_delegate")
    op.drop_table("interest_claim")
    with op.batch_alter_table("electorate_head", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_electorate_head_organization_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_electorate_head_headground"), type_="check")
        batch_op.drop_column("organization_id")
        batch_op.drop_column("ground")
