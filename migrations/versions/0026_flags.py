"""flags"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SUBJECTS = ("message", "statement")
NEW_SUBJECTS = (
    "concern",
    "concern_answer",
    "solution",
    "amendment",
    "amendment_answer",
    "pledge",
    "minority",
    "summary",
    "objection",
    "interest",
    "motion",
    "signature",
)
PURPOSES = (
    "triage",
    "appeal",
    "case",
    "call",
    "concern",
    "decision_open",
    "decision_close",
    "resolution_answer",
    "decision_effect",
    "decision_review",
    "claim",
    "mediation",
    "confirmation",
    "deliberation",
    "review",
    "removal_appeal",
    "phase",
)
COURSES = ("shorten", "extend", "annul")


def _choices(table: str, column: str, name: str, *values: str) -> None:
    """Say anew what a column may hold; autogenerate does not see checks."""
    check = "{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values))
    with op.batch_alter_table(table, schema=None) as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # there the table is copied, and the old check stays behind
            batch_op.drop_constraint(op.f(name), type_="check")
        batch_op.create_check_constraint(op.f(name), check)


def upgrade() -> None:
    _choices("review", "subject", "ck_review_subjectkind", *SUBJECTS, *NEW_SUBJECTS)
    _choices("running_clock", "purpose", "ck_running_clock_purpose", *PURPOSES, "block_appeal")
    _choices("course_act", "kind", "ck_course_act_coursekind", *COURSES, "override")
    op.create_index("ix_review_problem", "review", ["problem_id"])
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("announced_for", MOMENT, nullable=True))
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.drop_column("version")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_column("announced_for")
    op.drop_index("ix_review_problem", table_name="review")
    op.execute("DELETE FROM course_act WHERE kind = 'override'")
    op.execute("DELETE FROM running_clock WHERE purpose = 'block_appeal'")
    kept = ", ".join(f"'{value}'" for value in SUBJECTS)
    of_others = f"(SELECT id FROM review WHERE subject NOT IN ({kept}))"  # noqa: S608 -- names from this file
    for table in ("flag", "sealed_words", "review_appeal"):
        op.execute(f"DELETE FROM {table} WHERE review_id IN {of_others}")  # noqa: S608 -- as above
    op.execute(f"DELETE FROM review WHERE subject NOT IN ({kept})")  # noqa: S608 -- as above
    _choices("course_act", "kind", "ck_course_act_coursekind", *COURSES)
    _choices("running_clock", "purpose", "ck_running_clock_purpose", *PURPOSES)
    _choices("review", "subject", "ck_review_subjectkind", *SUBJECTS)
