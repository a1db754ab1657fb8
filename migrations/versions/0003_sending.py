"""sending"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PURPOSES = ("sign_in", "sign_up", "recovery", "invitation")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _code_purposes(*purposes: str) -> None:
    """Say anew what one-time codes are for; autogenerate does not see checks."""
    check = "purpose IN ({})".format(", ".join(f"'{purpose}'" for purpose in purposes))
    with op.batch_alter_table("one_time_code", schema=None) as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # there the table is copied, and the old check stays behind
            batch_op.drop_constraint(op.f("ck_one_time_code_codepurpose"), type_="check")
        batch_op.create_check_constraint(op.f("ck_one_time_code_codepurpose"), check)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    _code_purposes(*PURPOSES, "address")
    op.create_table(
        "sending",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("channel", _choice("channel", "mail", "robot", "sms"), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("robot_id", ID, nullable=True),
        sa.Column("payload", sa.Text(), server_default="{}", nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("taken_until", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("gave_up_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(length=40), server_default="", nullable=False),
        sa.CheckConstraint("sent_at IS NULL OR gave_up_at IS NULL", name=op.f("ck_sending_one_end")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sending_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending")),
        sa.UniqueConstraint("key", name=op.f("uq_sending_key")),
    )
    still_open = sa.text("sent_at IS NULL AND gave_up_at IS NULL")
    op.create_index("ix_sending_open", "sending", ["next_try_at"], sqlite_where=still_open, postgresql_where=still_open)
    op.create_index("ix_sending_person", "sending", ["person_id", "id"])
    op.create_table(
        "mail_choice",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("pace", _choice("mailpace", "none", "weekly", "daily", "at_once"), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("address", sa.String(length=254), server_default="", nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("told_up_to", ID, server_default=sa.text("0"), nullable=False),
        sa.Column("asked_up_to", ID, server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mail_choice")),
    )
    op.create_index("ix_mail_choice_next", "mail_choice", ["next_at"])
    op.create_table(
        "reminded",
        sa.Column("clock_id", ID, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["running_clock.id"], name=op.f("fk_reminded_clock_id")),
        sa.PrimaryKeyConstraint("clock_id", "due_at", name=op.f("pk_reminded")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("calendar_feed")
    op.drop_table("reminded")
    op.drop_index("ix_mail_choice_next", table_name="mail_choice")
    op.drop_table("mail_choice")
    op.drop_index("ix_sending_person", table_name="sending")
    op.drop_index("ix_sending_open", table_name="sending")
    op.drop_table("sending")
    op.execute("DELETE FROM one_time_code WHERE purpose = 'address'")
    _code_purposes(*PURPOSES)
