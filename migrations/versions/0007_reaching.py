"""reaching"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _partial(name: str, table: str, columns: list[str], sqlite: str, postgresql: str = "") -> None:
    where = {"sqlite_where": sa.text(sqlite), "postgresql_where": sa.text(postgresql or sqlite)}
    op.create_index(name, table, columns, **where)


def upgrade() -> None:
    """Add indexes for what is asked on every page and in the background, so that years of problems cost nothing."""
    _partial("ix_journal_entry_registers", "journal_entry", ["number"], "problem_id IS NULL")
    op.create_index("ix_message_problem", "message", ["problem_id", "person_id"])
    counted = ["community_id", "stage", "lane", "grid_id", "hidden", "accountable_id", "matter_id"]
    op.create_index("ix_problem_counted", "problem", counted)
    _partial("ix_problem_recorded", "problem", ["recorded_by", "id"], "recorded_by IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_problem_recorded", table_name="problem")
    op.drop_index("ix_problem_counted", table_name="problem")
    op.drop_index("ix_message_problem", table_name="message")
    op.drop_index("ix_journal_entry_registers", table_name="journal_entry")
