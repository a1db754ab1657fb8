"""waiting"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_solution_person", "solution", ("person_id",), None),
    ("ix_solution_organization", "solution", ("organization_id",), None),
    ("ix_amendment_waiting", "amendment", ("at",), "state = 'proposed'"),
    ("ix_summary_version_waiting", "summary_version", ("id",), "state = 'proposed'"),
    ("ix_summary_version_minutes", "summary_version", ("problem_id", "id"), "kind = 'minutes' AND state = 'standing'"),
    ("ix_meeting_minutes_open", "meeting_minutes", ("meeting_id",), "final_at IS NULL"),
)


def upgrade() -> None:
    for name, table, columns, of in INDEXES:
        where = sa.text(of) if of else None
        op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
