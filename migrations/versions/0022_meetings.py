"""meetings"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "meeting",
    "meeting_item",
    "meeting_attendance",
    "meeting_motion",
    "meeting_turn",
    "meeting_hand",
    "meeting_note",
    "meeting_minutes",
    "meeting_minutes_version",
    "meeting_signature",
)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", ID, nullable=False),
        sa.Column("announcement_id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("state", _choice("meetingstate", "called", "open", "closed"), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("turn_seconds", sa.Integer(), nullable=False),
        sa.Column("chair_id", ID, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("reminded_for", MOMENT, nullable=True),
        _to("meeting", "announcement_id", "announcement"),
        _to("meeting", "chair_id", "person"),
        _to("meeting", "organization_id", "organization"),
        _to("meeting", "place_id", "place"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("announcement_id", name=op.f("uq_meeting_announcement_id")),
    )
    op.create_index("ix_meeting_place", "meeting", ["place_id", "state"])
    op.create_table(
        "meeting_item",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("problem_id", ID, nullable=True),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("state", _choice("itemstate", "waiting", "now", "done"), nullable=False),
        _to("meeting_item", "meeting_id", "meeting"),
        _to("meeting_item", "problem_id", "problem"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_item")),
        sa.UniqueConstraint("meeting_id", "problem_id", name=op.f("uq_meeting_item_meeting_id_problem_id")),
    )
    op.create_index("ix_meeting_item_meeting", "meeting_item", ["meeting_id", "position"])
    op.create_index("ix_meeting_item_problem", "meeting_item", ["problem_id"])
    op.create_index(
        "uq_meeting_item_now",
        "meeting_item",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("state = 'now'"),
        postgresql_where=sa.text("state = 'now'"),
    )
    op.create_table(
        "meeting_attendance",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("standing_id", ID, nullable=True),
        sa.Column("category", _choice("category", "resident", "owner", "delegate", "official"), nullable=False),
        sa.Column("presence", _choice("presence", "room", "online"), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("entered_by", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _to("meeting_attendance", "entered_by", "person"),
        _to("meeting_attendance", "meeting_id", "meeting"),
        _to("meeting_attendance", "person_id", "person"),
        _to("meeting_attendance", "standing_id", "role_held"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendance")),
        sa.UniqueConstraint("meeting_id", "ordinal", name=op.f("uq_meeting_attendance_meeting_id_ordinal")),
    )
    op.create_index("ix_meeting_attendance_person", "meeting_attendance", ["person_id"])
    op.create_index(
        "uq_meeting_attendance_person",
        "meeting_attendance",
        ["meeting_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("person_id IS NOT NULL"),
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_table(
        "meeting_motion",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("mover_id", ID, nullable=False),
        sa.Column("amends_id", ID, nullable=True),
        sa.Column("reconsiders_id", ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column(
            "state", _choice("meetingmotionstate", "open", "hands", "passed", "failed", "withdrawn"), nullable=False
        ),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        _to("meeting_motion", "amends_id", "meeting_motion"),
        _to("meeting_motion", "item_id", "meeting_item"),
        _to("meeting_motion", "meeting_id", "meeting"),
        _to("meeting_motion", "mover_id", "meeting_attendance"),
        _to("meeting_motion", "reconsiders_id", "meeting_motion"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_motion")),
    )
    op.create_index("ix_meeting_motion_meeting", "meeting_motion", ["meeting_id", "id"])
    op.create_index(
        "uq_meeting_amendment_alive",
        "meeting_motion",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("amends_id IS NOT NULL AND state IN ('open', 'hands')"),
        postgresql_where=sa.text("amends_id IS NOT NULL AND state IN ('open', 'hands')"),
    )
    op.create_index(
        "uq_meeting_motion_alive",
        "meeting_motion",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("amends_id IS NULL AND state IN ('open', 'hands')"),
        postgresql_where=sa.text("amends_id IS NULL AND state IN ('open', 'hands')"),
    )
    op.create_table(
        "meeting_turn",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("motion_id", ID, nullable=True),
        sa.Column("attendance_id", ID, nullable=False),
        sa.Column("side", _choice("stand", "for", "against", "question"), nullable=False),
        sa.Column("state", _choice("turnstate", "waiting", "speaking", "done", "withdrawn"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("called_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("prompted_at", MOMENT, nullable=True),
        _to("meeting_turn", "attendance_id", "meeting_attendance"),
        _to("meeting_turn", "item_id", "meeting_item"),
        _to("meeting_turn", "meeting_id", "meeting"),
        _to("meeting_turn", "motion_id", "meeting_motion"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_turn")),
    )
    op.create_index("ix_meeting_turn_meeting", "meeting_turn", ["meeting_id", "state"])
    op.create_index(
        "uq_meeting_turn_speaking",
        "meeting_turn",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("state = 'speaking'"),
        postgresql_where=sa.text("state = 'speaking'"),
    )
    op.create_index(
        "uq_meeting_turn_waiting",
        "meeting_turn",
        ["attendance_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "meeting_hand",
        sa.Column("id", ID, nullable=False),
        sa.Column("motion_id", ID, nullable=False),
        sa.Column("attendance_id", ID, nullable=False),
        sa.Column("hand", _choice("hand", "for", "against", "abstain"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("meeting_hand", "attendance_id", "meeting_attendance"),
        _to("meeting_hand", "motion_id", "meeting_motion"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_hand")),
        sa.UniqueConstraint("motion_id", "attendance_id", name=op.f("uq_meeting_hand_motion_id_attendance_id")),
    )
    op.create_table(
        "meeting_note",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("kind", _choice("notekind", "point", "decision", "task"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("meeting_note", "item_id", "meeting_item"),
        _to("meeting_note", "meeting_id", "meeting"),
        _to("meeting_note", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_note")),
    )
    op.create_index("ix_meeting_note_meeting", "meeting_note", ["meeting_id", "id"])
    op.create_table(
        "meeting_minutes",
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", _choice("minutesstate", "draft", "signing", "final"), nullable=False),
        sa.Column("signing_since", MOMENT, nullable=True),
        sa.Column("final_at", MOMENT, nullable=True),
        sa.Column("final_by", ID, nullable=True),
        sa.CheckConstraint("(state = 'final') = (final_at IS NOT NULL)", name=op.f("ck_meeting_minutes_final")),
        _to("meeting_minutes", "final_by", "person"),
        _to("meeting_minutes", "meeting_id", "meeting"),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meeting_minutes")),
    )
    op.create_table(
        "meeting_minutes_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("meeting_minutes_version", "meeting_id", "meeting"),
        _to("meeting_minutes_version", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_minutes_version")),
        sa.UniqueConstraint("meeting_id", "version", name=op.f("uq_meeting_minutes_version_meeting_id_version")),
    )
    op.create_table(
        "meeting_signature",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attendance_id", ID, nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("meeting_signature", "attendance_id", "meeting_attendance"),
        _to("meeting_signature", "meeting_id", "meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_signature")),
        sa.UniqueConstraint(
            "meeting_id", "version", "attendance_id", name=op.f("uq_meeting_signature_meeting_id_version_attendance_id")
        ),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
