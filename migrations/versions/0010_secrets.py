"""secrets"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

VERDICTS = ("passed", "failed", "no_quorum")
NOT_OPENED = "not_opened"


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _verdicts(*verdicts: str) -> None:
    check = sa.text(f"verdict IN ({', '.join(repr(verdict) for verdict in verdicts)})")
    with op.batch_alter_table("closing", schema=None) as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # there the table is copied, and the old check stays behind
            batch_op.drop_constraint(op.f("ck_closing_verdict"), type_="check")
        batch_op.create_check_constraint(op.f("ck_closing_verdict"), check)


def upgrade() -> None:
    """Add the roll of tokens and the box of sealed ballots, which share no key and no order."""
    _verdicts(*VERDICTS, NOT_OPENED)
    op.create_table(
        "secret_vote",
        sa.Column("decision_id", _id(), nullable=False),
        sa.Column("modulus", sa.Text(), nullable=False),
        sa.Column("sealed_key", sa.Text(), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spoiled", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_secret_vote_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_secret_vote")),
    )
    op.create_table(
        "box_holder",
        sa.Column("decision_id", _id(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", _id(), nullable=False),
        sa.Column("organization_id", _id(), nullable=True),
        sa.Column("public_key", sa.String(length=130), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name=op.f("ck_box_holder_position")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_box_holder_decision_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_box_holder_organization_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_box_holder_person_id")),
        sa.PrimaryKeyConstraint("decision_id", "position", name=op.f("pk_box_holder")),
        sa.UniqueConstraint("decision_id", "person_id", name=op.f("uq_box_holder_decision_id_person_id")),
    )
    op.create_index("ix_box_holder_person", "box_holder", ["person_id", "decision_id"], unique=False)
    op.create_table(
        "roll_mark",
        sa.Column("decision_id", _id(), nullable=False),
        sa.Column("head_id", _id(), nullable=False),
        sa.Column("person_id", _id(), nullable=False),
        sa.Column("blinded", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_roll_mark_decision_id")),
        sa.ForeignKeyConstraint(["head_id"], ["electorate_head.id"], name=op.f("fk_roll_mark_head_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roll_mark_person_id")),
        sa.PrimaryKeyConstraint("decision_id", "head_id", name=op.f("pk_roll_mark")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_roll_mark_person_id"), "roll_mark", ["person_id"], unique=False)
    op.create_table(
        "box_ballot",
        sa.Column("decision_id", _id(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=128), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_box_ballot_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", "key", name=op.f("pk_box_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opened_ballot",
        sa.Column("decision_id", _id(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tracker", sa.String(length=16), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_opened_ballot_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", "place", name=op.f("pk_opened_ballot")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take roll and box away; a vote whose box could not be opened then reads as one that came to nothing."""
    for table in ("opened_ballot", "box_ballot", "roll_mark", "box_holder", "secret_vote"):
        op.drop_table(table)
    op.execute("UPDATE closing SET verdict = 'no_quorum' WHERE verdict = 'not_opened'")
    _verdicts(*VERDICTS)
