"""enclosures"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", ID, nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.CheckConstraint("pages > 0 AND size > 0", name=op.f("ck_document_pages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_name"), "document", ["name"])
    op.create_index(op.f("ix_document_uploaded_by"), "document", ["uploaded_by"])
    op.create_table(
        "discarded_file",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discarded_file")),
    )
    # Plain columns: both databases add them without copying the table, however many messages there are.
    op.add_column("picture_draft", sa.Column("title", sa.String(length=80), nullable=True))
    op.add_column("picture_draft", sa.Column("pages", sa.Integer(), nullable=True))
    op.add_column("message", sa.Column("enclosed", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "enclosure",
        sa.Column("id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("picture_id", ID, nullable=True),
        sa.Column("document_id", ID, nullable=True),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.CheckConstraint("(picture_id IS NULL) <> (document_id IS NULL)", name=op.f("ck_enclosure_one_file")),
        sa.CheckConstraint("until IS NULL OR until > since", name=op.f("ck_enclosure_versions")),
        _points("enclosure", "message_id", "message"),
        _points("enclosure", "person_id", "person"),
        _points("enclosure", "picture_id", "picture"),
        _points("enclosure", "document_id", "document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclosure")),
        sa.UniqueConstraint("picture_id", name=op.f("uq_enclosure_picture_id")),
        sa.UniqueConstraint("document_id", name=op.f("uq_enclosure_document_id")),
    )
    op.create_index("ix_enclosure_message", "enclosure", ["message_id", "id"])
    op.create_index("ix_enclosure_person", "enclosure", ["person_id", "id"])


def downgrade() -> None:
    """Go back to where messages enclose nothing: the rows of what they enclosed go, and what people chose to send.

    Bytes are no matter of a migration: those of the rows that go stay in their folder, where no row names them.
    """
    op.execute("DELETE FROM picture_draft WHERE title IS NOT NULL")
    op.execute(
        "CREATE TEMPORARY TABLE enclosed_picture AS SELECT picture_id FROM enclosure WHERE picture_id IS NOT NULL"
    )
    op.drop_table("enclosure")
    op.execute("DELETE FROM picture WHERE id IN (SELECT picture_id FROM enclosed_picture)")
    op.execute("DROP TABLE enclosed_picture")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("enclosed")
    with op.batch_alter_table("picture_draft", schema=None) as batch_op:
        batch_op.drop_column("pages")
        batch_op.drop_column("title")
    op.drop_table("discarded_file")
    op.drop_table("document")
