"""reaching"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    """Add indexes for what is asked on every page and in the background, so that years of problems cost nothing."""
    _partial("ix_journal_entry_registers", "journal_entry", ["number"], "problem_id IS NULL")
    op.create_index("ix_message_problem", "message", ["problem_id", "person_id"])
    op.create_index("ix_dossier_name_person", "dossier_name", ["person_id", "problem_id"])
    counted = ["community_id", "stage", "lane", "grid_id", "hidden", "accountable_id"]
    op.create_index("ix_problem_counted", "problem", counted)
    op.create_index("ix_problem_matter", "problem", ["matter_id", "community_id"])
    op.create_index("ix_problem_raised", "problem", ["community_id", "raised_at"])
    _partial("ix_problem_open", "problem", ["community_id", "id"], "ending IS NULL")
    _partial("ix_problem_pinned", "problem", ["community_id", "id"], "ending IS NULL AND longitude IS NOT NULL")
    _partial("ix_problem_recorded", "problem", ["recorded_by", "id"], "recorded_by IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_problem_recorded", table_name="problem")
    op.drop_index("ix_problem_pinned", table_name="problem")
    op.drop_index("ix_problem_open", table_name="problem")
    op.drop_index("ix_problem_raised", table_name="problem")
    op.drop_index("ix_problem_matter", table_name="problem")
    op.drop_index("ix_problem_counted", table_name="problem")
    op.drop_index("ix_dossier_name_person", table_name="dossier_name")
    op.drop_index("ix_message_problem", table_name="message")
    op.drop_index("ix_journal_entry_registers", table_name="journal_entry")
