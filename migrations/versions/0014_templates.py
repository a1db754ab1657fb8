"""templates"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("classes", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "ballot_reason",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("ballot_id", ID, nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("checked_by", ID, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("withheld", _choice("withheld_for", "person", "insult", "elsewhere", "unlawful"), nullable=True),
        sa.CheckConstraint("(checked_at IS NULL) = (checked_by IS NULL)", name=op.f("ck_ballot_reason_checked")),
        sa.CheckConstraint("withheld IS NULL OR checked_at IS NOT NULL", name=op.f("ck_ballot_reason_withheld")),
        _to("ballot_reason", "decision_id", "decision"),
        _to("ballot_reason", "ballot_id", "ballot"),
        _to("ballot_reason", "checked_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_reason")),
        sa.UniqueConstraint("ballot_id", name=op.f("uq_ballot_reason_ballot_id")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ballot_reason_decision", "ballot_reason", ["decision_id", "checked_at"])
    _keep_reasons()
    _add_templates()


def _keep_reasons() -> None:
    """Whoever has written a reason was told that it is published; it waits to be read, as those after it do."""
    op.execute(_REASONS[op.get_bind().dialect.name])


_REASONS = {
    "sqlite": "INSERT INTO ballot_reason (id, decision_id, ballot_id, changes)"
    " SELECT lower(hex(randomblob(16))), decision_id, id, changes FROM ballot WHERE reason <> ''",
    "postgresql": "INSERT INTO ballot_reason (id, decision_id, ballot_id, changes)"
    " SELECT md5(random()::text || id), decision_id, id, changes FROM ballot WHERE reason <> ''",
}


def _add_templates() -> None:
    op.create_table(
        "ballot_template",
        sa.Column("id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired_by", ID, nullable=True),
        sa.Column("retired_at", MOMENT, nullable=True),
        _to("ballot_template", "place_id", "place"),
        _to("ballot_template", "retired_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_template")),
    )
    op.create_index(op.f("ix_ballot_template_place_id"), "ballot_template", ["place_id"])
    op.create_table(
        "ballot_template_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("template_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _to("ballot_template_version", "template_id", "ballot_template"),
        _to("ballot_template_version", "person_id", "person"),
        _to("ballot_template_version", "organization_id", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_template_version")),
        sa.UniqueConstraint("template_id", "version", name=op.f("uq_ballot_template_version_template_id_version")),
    )


def downgrade() -> None:
    for table in ("ballot_template_version", "ballot_template", "ballot_reason"):
        op.drop_table(table)
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.drop_column("classes")
