"""flags"""

import json

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
OF_A_SOLUTION = ("title", "text", "benefits", "bears")
STAND_IN = {
    "concern": ("concern", ("harm", "remedy")),
    "concern_answer": ("concern_answer", ("text",)),
    "solution": ("solution_version", OF_A_SOLUTION),
    "amendment": ("amendment", (*OF_A_SOLUTION, "why")),
    "amendment_answer": ("amendment", ("answer",)),
    "pledge": ("pledge", ("what",)),
    "minority": ("minority_opinion", ("text",)),
    "summary": ("summary_version", ("text",)),
    "objection": ("minutes_answer", ("reason",)),
    "interest": ("interest", ("words",)),
    "motion": ("meeting_motion", ("text",)),
    "signature": ("meeting_signature", ("reason",)),
}
MARKS = ("【已移除", "【按命令移除")
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


def _put_back() -> None:
    """Say in the rows what lies sealed: before, nothing was taken down but messages and statements."""
    bind = op.get_bind()
    review = sa.table("review", *(sa.column(name) for name in ("id", "subject", "subject_id", "state")))
    sealed = sa.table("sealed_words", sa.column("review_id"), sa.column("text"))
    query = (
        sa.select(review.c.subject, review.c.subject_id, sealed.c.text)
        .join(sealed, sealed.c.review_id == review.c.id)
        .where(review.c.subject.in_(NEW_SUBJECTS), review.c.state.in_(("removed", "ordered")), sealed.c.text != "")
        .order_by(review.c.id)
    )
    for subject, subject_id, words in bind.execute(query).all():
        table, names = STAND_IN[subject]
        row = sa.table(table, sa.column("id"), *(sa.column(name) for name in names))
        stands = bind.execute(sa.select(*(row.c[name] for name in names)).where(row.c.id == subject_id)).one()
        for name, mark in zip(names, stands, strict=True):
            said = json.loads(words).get(name)
            if said is None or not mark.startswith(MARKS):  # its author has written it anew
                continue
            bind.execute(sa.update(row).where(row.c.id == subject_id).values({name: said}))
            if subject == "motion":
                _say_again(mark, said)


def _say_again(mark: str, said: str) -> None:
    """Say a motion, whose mark names it, also where other motions and minutes repeat it."""
    motion = sa.table("meeting_motion", sa.column("text"), sa.column("before"))
    for column in (motion.c.text, motion.c.before):
        op.execute(sa.update(motion).where(column == mark).values({column.name: said}))
    minutes = sa.table("meeting_minutes_version", sa.column("text"))
    anew = sa.func.replace(minutes.c.text, mark, said)
    op.execute(sa.update(minutes).where(minutes.c.text.contains(mark, autoescape=True)).values(text=anew))


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
    _put_back()
    kept = ", ".join(f"'{value}'" for value in SUBJECTS)
    of_others = f"(SELECT id FROM review WHERE subject NOT IN ({kept}))"  # noqa: S608 -- names from this file
    for table in ("flag", "sealed_words", "review_appeal"):
        op.execute(f"DELETE FROM {table} WHERE review_id IN {of_others}")  # noqa: S608 -- as above
    op.execute(f"DELETE FROM review WHERE subject NOT IN ({kept})")  # noqa: S608 -- as above
    _choices("course_act", "kind", "ck_course_act_coursekind", *COURSES)
    _choices("running_clock", "purpose", "ck_running_clock_purpose", *PURPOSES)
    _choices("review", "subject", "ck_review_subjectkind", *SUBJECTS)
