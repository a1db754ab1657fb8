"""locks"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROLES = (
    "resident", "owner", "tenant", "grid_worker", "party_member", "social_member", "moderator", "dispatcher", "official",
    "inspector", "closer", "owners_committee", "street_office", "chair", "auditor", "administrator",
)  # fmt: skip


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Add proofs, second factors, acts that two people sign, and looks at contact data."""
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("held_back", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))

    op.create_table(
        "authenticator_app",
        sa.Column("person_id", _id(), nullable=False),
        sa.Column("sealed_secret", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_authenticator_app_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_authenticator_app")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", _id(), nullable=False),
        sa.Column("person_id", _id(), nullable=False),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index("ix_passkey_person", ["person_id", "id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", _id(), nullable=False),
        sa.Column("person_id", _id(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("person_id", "code_hash", name=op.f("uq_recovery_code_person_id_code_hash")),
    )
    op.create_table(
        "countersign",
        sa.Column("id", _id(), nullable=False),
        sa.Column("act", _one_of("countersignedact", "grant_administrator", "end_administrator"), nullable=False),
        sa.Column("person_id", _id(), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("asked_by", _id(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", _id(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (agreed IS NULL)", name=op.f("ck_countersign_settled")),
        sa.CheckConstraint("NOT agreed OR settled_by != asked_by", name=op.f("ck_countersign_second_person")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_countersign_asked_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_countersign_person_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_countersign_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_countersign")),
    )
    with op.batch_alter_table("countersign", schema=None) as batch_op:
        batch_op.create_index(
            "uq_countersign_open",
            ["act", "person_id", "scope"],
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "look",
        sa.Column("id", _id(), nullable=False),
        sa.Column("person_id", _id(), nullable=False),
        sa.Column("looked_by", _id(), nullable=False),
        sa.Column("role", _one_of("lookrole", *ROLES), nullable=False),
        sa.Column("organization_id", _id(), nullable=True),
        sa.Column(
            "reason",
            _one_of("lookreason", "call_back", "verify", "recover", "emergency", "lawful_order"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["looked_by"], ["person.id"], name=op.f("fk_look_looked_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_look_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_look_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
    )
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.create_index("ix_look_person", ["person_id", "id"], unique=False)


def downgrade() -> None:
    """Take them away; nobody has a second factor then, and nothing waits for a second person."""
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.drop_index("ix_look_person")
    op.drop_table("look")
    with op.batch_alter_table("countersign", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_countersign_open",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
    op.drop_table("countersign")
    op.drop_table("recovery_code")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index("ix_passkey_person")
    op.drop_table("passkey")
    op.drop_table("authenticator_app")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_column("held_back")
        batch_op.drop_column("proved_at")
