"""robots"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _unique_where(name: str, table: str, columns: list[str], where: str) -> None:
    told = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=told, postgresql_where=told)


def _robots() -> None:
    op.create_table(
        "robot",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("community_id", ID, nullable=True),
        sa.Column("kind", _choice("robotkind", "wecom", "dingtalk", "webhook"), nullable=False),
        sa.Column("hears", _choice("robottopic", "desk", "announcements"), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("ear", sa.Text(), nullable=False),
        sa.Column("tail", sa.String(length=4), nullable=False),
        sa.Column("state", _choice("robotstate", "on", "paused", "stopped", "removed"), nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("heard", ID, nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=True),
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column(
            "fault",
            _choice("fault", "gone", "signature", "keyword", "origin", "refused", "busy", "away", "barred", "locked"),
            nullable=True,
        ),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("(organization_id IS NULL) <> (community_id IS NULL)", name=op.f("ck_robot_one_owner")),
        sa.CheckConstraint(
            "hears <> 'desk' OR organization_id IS NOT NULL", name=op.f("ck_robot_desk_of_organization")
        ),
        sa.CheckConstraint("(state = 'removed') = (ear = '')", name=op.f("ck_robot_removed_without_ear")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_robot_organization_id")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("fk_robot_community_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_robot_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot")),
    )
    op.create_index("ix_robot_made_by", "robot", ["made_by"])
    for owner in ("organization", "community"):
        where = f"state <> 'removed' AND {owner}_id IS NOT NULL"
        _unique_where(f"uq_robot_{owner}_name", "robot", [f"{owner}_id", "name"], where)


def _posts() -> None:
    op.create_table(
        "robot_post",
        sa.Column("id", ID, nullable=False),
        sa.Column("robot_id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=True),
        sa.Column("announcement_id", ID, nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("(problem_id IS NULL) <> (announcement_id IS NULL)", name=op.f("ck_robot_post_one_subject")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_post_robot_id")),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"], name=op.f("fk_robot_post_problem_id")),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"], name=op.f("fk_robot_post_announcement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot_post")),
    )
    op.create_index("ix_robot_post_about", "robot_post", ["robot_id", "problem_id", "announcement_id", "id"])
    for about in ("problem", "announcement"):
        where = f"closed_at IS NULL AND {about}_id IS NOT NULL"
        _unique_where(f"uq_robot_post_{about}", "robot_post", ["robot_id", f"{about}_id"], where)
    op.create_table(
        "robot_hearing",
        sa.Column("id", ID, nullable=False),
        sa.Column("robot_id", ID, nullable=False),
        sa.Column("post_id", ID, nullable=False),
        sa.Column("entry_number", ID, nullable=True),
        sa.Column("clock_id", ID, nullable=True),
        sa.CheckConstraint("(entry_number IS NULL) <> (clock_id IS NULL)", name=op.f("ck_robot_hearing_one_cause")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_hearing_robot_id")),
        sa.ForeignKeyConstraint(["post_id"], ["robot_post.id"], name=op.f("fk_robot_hearing_post_id")),
        sa.ForeignKeyConstraint(["entry_number"], ["journal_entry.number"], name=op.f("fk_robot_hearing_entry_number")),
        sa.ForeignKeyConstraint(["clock_id"], ["running_clock.id"], name=op.f("fk_robot_hearing_clock_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot_hearing")),
        sa.UniqueConstraint("robot_id", "clock_id", name=op.f("uq_robot_hearing_robot_id_clock_id")),
        sa.UniqueConstraint("robot_id", "entry_number", name=op.f("uq_robot_hearing_robot_id_entry_number")),
    )
    op.create_index("ix_robot_hearing_post", "robot_hearing", ["post_id", "id"])


def upgrade() -> None:
    _robots()
    _posts()
    with op.batch_alter_table("sending", schema=None) as batch_op:
        batch_op.create_foreign_key(op.f("fk_sending_robot_id"), "robot", ["robot_id"], ["id"])


def downgrade() -> None:
    op.execute("DELETE FROM sending WHERE robot_id IS NOT NULL")
    with op.batch_alter_table("sending", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_sending_robot_id"), type_="foreignkey")
    for table, index in (
        ("robot_hearing", "ix_robot_hearing_post"),
        ("robot_post", "uq_robot_post_announcement"),
        ("robot_post", "uq_robot_post_problem"),
        ("robot_post", "ix_robot_post_about"),
        ("robot", "uq_robot_community_name"),
        ("robot", "uq_robot_organization_name"),
        ("robot", "ix_robot_made_by"),
    ):
        op.drop_index(index, table_name=table)
    op.drop_table("robot_hearing")
    op.drop_table("robot_post")
    op.drop_table("robot")
