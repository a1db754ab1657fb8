"""certificates"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.add_column("closing", sa.Column("channels", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "open_round",
        sa.Column("id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("kind", _choice("roundkind", "hands", "consent"), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", ID, nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.CheckConstraint("opened_at < closes_at", name=op.f("ck_open_round_opens_before_closes")),
        sa.CheckConstraint("(closed_at IS NULL) = (summary = '')", name=op.f("ck_open_round_summed_up")),
        _to("open_round", "problem_id", "problem"),
        _to("open_round", "community_id", "place"),
        _to("open_round", "person_id", "person"),
        _to("open_round", "organization_id", "organization"),
        _to("open_round", "closed_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_round")),
    )
    op.create_index("ix_open_round_problem", "open_round", ["problem_id", "id"])
    op.create_index(
        "ix_open_round_waiting",
        "open_round",
        ["community_id", "closes_at"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "round_answer",
        sa.Column("id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("voice", _choice("voice", "owner", "tenant", "resident"), nullable=False),
        sa.Column("answer", _choice("roundchoice", "agree", "against", "abstain", "block"), nullable=False),
        sa.Column("concern_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(answer = 'block') = (concern_id IS NOT NULL)", name=op.f("ck_round_answer_block_has_reason")
        ),
        _to("round_answer", "round_id", "open_round"),
        _to("round_answer", "person_id", "person"),
        _to("round_answer", "concern_id", "concern"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_answer")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_round_answer_round_id_person_id")),
    )
    op.create_index("ix_round_answer_person", "round_answer", ["person_id"])


def downgrade() -> None:
    op.drop_table("round_answer")
    op.drop_table("open_round")
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.drop_column("channels")
