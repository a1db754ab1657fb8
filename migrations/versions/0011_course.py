"""course"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
VERDICTS = ("passed", "failed", "no_quorum", "not_opened")
PURPOSES = (
    "triage",
    "appeal",
    "case",
    "call",
    "concern",
    "decision_open",
    "decision_close",
    "resolution_answer",
    "claim",
    "mediation",
    "confirmation",
    "deliberation",
)
NEW_PURPOSES = ("decision_effect", "decision_review")


def _choices(table: str, column: str, name: str, *values: str) -> None:
    """Say anew what a column may hold; autogenerate does not see checks."""
    check = "{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values))
    with op.batch_alter_table(table, schema=None) as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # there the table is copied, and the old check stays behind
            batch_op.drop_constraint(op.f(name), type_="check")
        batch_op.create_check_constraint(op.f(name), check)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}"))


def _organization(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["organization.id"], name=op.f(f"fk_{table}_{column}"))


def _decision(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f(f"fk_{table}_decision_id"))


def upgrade() -> None:
    _choices("running_clock", "purpose", "ck_running_clock_purpose", *PURPOSES, *NEW_PURPOSES)
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("objections_until", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("annulled_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("statement", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("statement_salt", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("stated_by", ID, nullable=True))
        batch_op.add_column(sa.Column("stated_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("review_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_closing_stated_by"), "person", ["stated_by"], ["id"])
    _choices("closing", "verdict", "ck_closing_verdict", *VERDICTS, "annulled")
    op.create_table(
        "bulletin_leaf",
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        _decision("bulletin_leaf"),
        sa.PrimaryKeyConstraint("decision_id", "position", name=op.f("pk_bulletin_leaf")),
        sa.UniqueConstraint("decision_id", "leaf", name=op.f("uq_bulletin_leaf_decision_id_leaf")),
    )
    op.create_table(
        "bulletin_head",
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _decision("bulletin_head"),
        sa.PrimaryKeyConstraint("decision_id", "size", name=op.f("pk_bulletin_head")),
    )
    op.create_table(
        "bundle_taken",
        sa.Column("id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _decision("bundle_taken"),
        _person("bundle_taken", "person_id"),
        _organization("bundle_taken", "organization_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_taken")),
    )
    op.create_index("ix_bundle_taken_decision", "bundle_taken", ["decision_id", "id"])
    op.create_table(
        "course_act",
        sa.Column("id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("kind", _choice("coursekind", "shorten", "extend", "annul"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("annuller", _choice("annuller", "court", "street_office"), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_for", ID, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_for", ID, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("NOT agreed OR settled_by != asked_by", name=op.f("ck_course_act_second_person")),
        sa.CheckConstraint("(settled_at IS NULL) = (agreed IS NULL)", name=op.f("ck_course_act_settled")),
        _decision("course_act"),
        _person("course_act", "asked_by"),
        _person("course_act", "settled_by"),
        _organization("course_act", "asked_for"),
        _organization("course_act", "settled_for"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_act")),
    )
    op.create_index("ix_course_act_decision", "course_act", ["decision_id", "id"])
    still_open = sa.text("settled_at IS NULL")
    op.create_index(
        "uq_course_act_open",
        "course_act",
        ["decision_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "objection",
        sa.Column("id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("answered_for", ID, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        _decision("objection"),
        _person("objection", "person_id"),
        _person("objection", "answered_by"),
        _organization("objection", "answered_for"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("decision_id", "person_id", name=op.f("uq_objection_decision_id_person_id")),
    )
    op.create_index(op.f("ix_objection_person_id"), "objection", ["person_id"])


def downgrade() -> None:
    for table in ("objection", "course_act", "bundle_taken", "bulletin_head", "bulletin_leaf"):
        op.drop_table(table)
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_closing_stated_by"), type_="foreignkey")
        for column in (
            "review_on",
            "stated_at",
            "stated_by",
            "statement_salt",
            "statement",
            "annulled_at",
            "objections_until",
        ):
            batch_op.drop_column(column)
    op.execute("UPDATE closing SET verdict = 'no_quorum' WHERE verdict = 'annulled'")
    _choices("closing", "verdict", "ck_closing_verdict", *VERDICTS)
    op.execute("DELETE FROM running_clock WHERE purpose IN ('decision_effect', 'decision_review')")
    _choices("running_clock", "purpose", "ck_running_clock_purpose", *PURPOSES)
