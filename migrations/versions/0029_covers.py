"""covers"""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEW_SUBJECTS = ("problem", "voting_motion")
SUBJECTS = (
    "message",
    "statement",
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
MARK = re.compile(r"【(?:已移除|按命令移除)(?:：[0-9]+)?】")
OF_A_MOTION = {"option": "motion_option", "task": "planned_task"}
OF_A_DECISION = {"option": "decision_option", "closing": "closing", "resolution": "resolution", "motion": "motion"}

COVER = sa.table("cover", *(sa.column(name) for name in ("subject", "subject_id", "field", "review_id")))
REVIEW = sa.table("review", *(sa.column(name) for name in ("id", "subject", "subject_id", "state")))
SEALED = sa.table("sealed_words", sa.column("review_id"), sa.column("text"))


def _choices(table: str, column: str, name: str, *values: str) -> None:
    """Say anew what a column may hold; autogenerate does not see checks."""
    check = "{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values))
    with op.batch_alter_table(table, schema=None) as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # there the table is copied, and the old check stays behind
            batch_op.drop_constraint(op.f(name), type_="check")
        batch_op.create_check_constraint(op.f(name), check)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _table(name: str, columns: tuple[str, ...]) -> sa.TableClause:
    return sa.table(name, sa.column("id"), *(sa.column(column) for column in columns))


def _down(subjects: tuple[str, ...], *besides: sa.ColumnClause) -> sa.Select:
    """Ask for review, kind, subject and sealed words of whatever is down, the latest decision last."""
    return (
        sa.select(REVIEW.c.id, REVIEW.c.subject, REVIEW.c.subject_id, SEALED.c.text, *besides)
        .select_from(REVIEW)
        .join(SEALED, SEALED.c.review_id == REVIEW.c.id)
        .where(REVIEW.c.subject.in_(subjects), REVIEW.c.state.in_(("removed", "ordered")))
        .order_by(REVIEW.c.id)
    )


def _fill() -> None:
    """Write down what is covered: a mark where a review that took the text down has sealed words, or erased ones.

    What was at stake for somebody went when they closed their account: of what is no more nothing is covered.
    """
    covers: dict[tuple[str, int, str], int] = {}
    for subject, (name, columns) in STAND_IN.items():
        row = _table(name, columns)
        query = _down((subject,), *(row.c[column] for column in columns)).join(row, row.c.id == REVIEW.c.subject_id)
        for review_id, _, subject_id, sealed, *stands in op.get_bind().execute(query):
            names = set(json.loads(sealed)) if sealed else set(columns)
            for column, words in zip(columns, stands, strict=True):
                if column in names and MARK.fullmatch(words or ""):
                    covers[subject, subject_id, column] = review_id
    for motion_id, mark, other, field in _repeated():
        if MARK.fullmatch(mark or "") and ("motion", motion_id, "text") in covers:
            covers["motion", other, field] = covers["motion", motion_id, "text"]
    if covers:
        rows = [
            {"subject": subject, "subject_id": subject_id, "field": field, "review_id": review_id}
            for (subject, subject_id, field), review_id in covers.items()
        ]
        op.bulk_insert(COVER, rows)


def _repeated() -> list[tuple[int, str, int, str]]:
    """Return which other motions of a meeting repeat the words of one, and in which column: its mark names it."""
    motion = _table("meeting_motion", ("meeting_id", "text", "before"))
    other = motion.alias("other")
    return [
        tuple(row)
        for column in (other.c.text, other.c.before)
        for row in op.get_bind().execute(
            _down(("motion",))
            .join(motion, motion.c.id == REVIEW.c.subject_id)
            .join(other, sa.and_(other.c.meeting_id == motion.c.meeting_id, other.c.id != motion.c.id))
            .where(column == motion.c.text)
            .with_only_columns(motion.c.id, motion.c.text, other.c.id, sa.literal(column.name))
        )
    ]


def upgrade() -> None:
    op.create_table(
        "cover",
        sa.Column("id", ID, nullable=False),
        sa.Column("subject", _choice("subjectkind", *SUBJECTS, *NEW_SUBJECTS), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("review_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_cover_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
        sa.UniqueConstraint("subject", "subject_id", "field", name=op.f("uq_cover_subject_subject_id_field")),
    )
    op.create_index("ix_cover_review", "cover", ["review_id"])
    # A plain column: SQLite adds it without copying the table.
    op.add_column("decision", sa.Column("frozen_words", sa.Text(), server_default="", nullable=False))
    _fill()
    # Last: it locks the reviews.
    _choices("review", "subject", "ck_review_subjectkind", *SUBJECTS, *NEW_SUBJECTS)


# Back -----------------------------------------------------------------------------------------------------------------


def _say(name: str, row_id: int, column: str, words: str) -> None:
    table = _table(name, (column,))
    op.get_bind().execute(sa.update(table).where(table.c.id == row_id).values({column: words}))


def _put_back() -> None:
    """Say in the rows what lies sealed: before, neither a problem nor what is voted on was taken down."""
    bind = op.get_bind()
    query = sa.select(COVER.c.subject, COVER.c.subject_id, COVER.c.field, COVER.c.review_id)
    covers = {(subject, subject_id, field): review_id for subject, subject_id, field, review_id in bind.execute(query)}
    for review_id, subject, subject_id, sealed in bind.execute(_down(NEW_SUBJECTS)).all():
        for field, words in (json.loads(sealed) if sealed else {}).items():
            if covers.get((subject, subject_id, field)) != review_id:
                continue
            if subject == "problem":
                _say("problem", subject_id, field, words)
            else:
                _say_of_a_motion(subject_id, field, words)
    decision = _table("decision", ("frozen_words",))
    frozen = sa.select(decision.c.id, decision.c.frozen_words).where(decision.c.frozen_words != "")
    for decision_id, text in bind.execute(frozen).all():
        _thaw(decision_id, json.loads(text))


def _say_of_a_motion(motion_id: int, field: str, words: str) -> None:
    part, _, rest = field.partition("-")
    if rest:
        row_id, _, column = rest.partition("-")
        _say(OF_A_MOTION[part], int(row_id), column, words)
    elif field == "prompt":
        motion = _table("motion", ("form",))
        form = op.get_bind().execute(sa.select(motion.c.form).where(motion.c.id == motion_id)).scalar_one()
        said = json.loads(form) | {"prompt": words}
        _say("motion", motion_id, "form", json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    else:
        _say("motion", motion_id, field, words)


def _thaw(decision_id: int, frozen: dict[str, str]) -> None:
    """Say again what was frozen with a notice, and what the result said of it."""
    for field, words in frozen.items():
        part, _, rest = field.partition("-")
        if rest:
            row_id, _, column = rest.partition("-")
            _say(OF_A_DECISION[part], int(row_id), column, words)
        else:
            _say("decision", decision_id, field, words)


def _refuse_while_ordered() -> None:
    """The version before knows no order on a problem or motion, and would show again what a law forbids to show."""
    ordered = sa.select(sa.func.count()).where(REVIEW.c.subject.in_(NEW_SUBJECTS), REVIEW.c.state == "ordered")
    orders = op.get_bind().execute(ordered).scalar_one()
    if orders:
        raise RuntimeError(f"{orders} problems or motions are down by an order, and the version before would show them")


def downgrade() -> None:
    _refuse_while_ordered()
    _put_back()
    op.drop_column("decision", "frozen_words")
    op.drop_table("cover")
    new = ", ".join(f"'{value}'" for value in NEW_SUBJECTS)
    of_new = f"(SELECT id FROM review WHERE subject IN ({new}))"  # noqa: S608 -- names from this file
    for table in ("flag", "sealed_words", "review_appeal"):
        op.execute(f"DELETE FROM {table} WHERE review_id IN {of_new}")  # noqa: S608 -- as above
    op.execute(f"DELETE FROM review WHERE subject IN ({new})")  # noqa: S608 -- as above
    _choices("review", "subject", "ck_review_subjectkind", *SUBJECTS)
