"""proposals"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
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
)


def _purposes(*values: str) -> None:
    """Say anew what a clock may be for; autogenerate does not see checks."""
    check = "purpose IN ({})".format(", ".join(f"'{value}'" for value in values))
    with op.batch_alter_table("running_clock", schema=None) as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # there the table is copied, and the old check stays behind
            batch_op.drop_constraint(op.f("ck_running_clock_purpose"), type_="check")
        batch_op.create_check_constraint(op.f("ck_running_clock_purpose"), check)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _interest() -> None:
    table = "interest"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("standing_id", ID, nullable=True),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column(
            "kind",
            _choice("interestkind", "affected", "user", "owner", "business", "official", "expert", "other"),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        _to(table, "organization_id", "organization"),
        _to(table, "person_id", "person"),
        _to(table, "problem_id", "problem"),
        _to(table, "standing_id", "role_held"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
    )
    op.create_index("ix_interest_person", table, ["person_id", "problem_id"])
    only = sa.text("ended_at IS NULL AND organization_id IS NOT NULL")
    op.create_index(
        "uq_interest_office",
        table,
        ["problem_id", "person_id", "organization_id"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )
    only = sa.text("ended_at IS NULL AND organization_id IS NULL")
    op.create_index(
        "uq_interest_own", table, ["problem_id", "person_id"], unique=True, sqlite_where=only, postgresql_where=only
    )


def _leeway() -> None:
    table = "leeway"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("room", _choice("room", "open", "partly", "fixed"), nullable=False),
        sa.Column("open_part", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("standing_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("(room = 'partly') = (open_part <> '')", name=op.f("ck_leeway_open_part")),
        _to(table, "organization_id", "organization"),
        _to(table, "person_id", "person"),
        _to(table, "problem_id", "problem"),
        _to(table, "standing_id", "role_held"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leeway")),
        sa.UniqueConstraint("problem_id", "version", name=op.f("uq_leeway_problem_id_version")),
    )


def _outcome() -> None:
    table = "outcome"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column("kind", _choice("outcomekind", "consensus", "decision"), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        _to(table, "problem_id", "problem"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_outcome_kind_subject_id")),
    )
    op.create_index("ix_outcome_problem", table, ["problem_id", "id"])


def _phase() -> None:
    table = "phase"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column(
            "part", _choice("part", "discussion", "concerns", "solutions", "amendments", "pledges"), nullable=False
        ),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("standing_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("cancelled_by", ID, nullable=True),
        sa.CheckConstraint("(cancelled_at IS NULL) = (cancelled_by IS NULL)", name=op.f("ck_phase_cancelled")),
        sa.CheckConstraint("closes_at IS NULL OR opens_at < closes_at", name=op.f("ck_phase_opens_before_closes")),
        _to(table, "cancelled_by", "person"),
        _to(table, "organization_id", "organization"),
        _to(table, "person_id", "person"),
        _to(table, "problem_id", "problem"),
        _to(table, "standing_id", "role_held"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
    )
    op.create_index("ix_phase_problem", table, ["problem_id", "id"])


def _amendment() -> None:
    table = "amendment"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("solution_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on_version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cost", ID, nullable=True),
        sa.Column("needs_permit", sa.Boolean(), nullable=False),
        sa.Column("benefits", sa.String(length=200), nullable=False),
        sa.Column("bears", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("standing_id", ID, nullable=True),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column(
            "state",
            _choice("amendmentstate", "proposed", "accepted", "rejected", "promoted", "withdrawn"),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answer_salt", sa.String(length=32), nullable=False),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("answered_under", ID, nullable=True),
        sa.Column("answered_for", ID, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("became_version", sa.Integer(), nullable=True),
        sa.Column("became_solution_id", ID, nullable=True),
        sa.CheckConstraint("(state = 'accepted') = (became_version IS NOT NULL)", name=op.f("ck_amendment_accepted")),
        sa.CheckConstraint(
            "(state = 'promoted') = (became_solution_id IS NOT NULL)", name=op.f("ck_amendment_promoted")
        ),
        sa.CheckConstraint("state <> 'rejected' OR answer <> ''", name=op.f("ck_amendment_rejected")),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name=op.f("ck_amendment_cost")),
        _to(table, "answered_by", "person"),
        _to(table, "answered_for", "organization"),
        _to(table, "answered_under", "role_held"),
        _to(table, "became_solution_id", "solution"),
        _to(table, "organization_id", "organization"),
        _to(table, "person_id", "person"),
        _to(table, "solution_id", "solution"),
        _to(table, "standing_id", "role_held"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("became_solution_id", name=op.f("uq_amendment_became_solution_id")),
        sa.UniqueConstraint("solution_id", "became_version", name=op.f("uq_amendment_solution_id_became_version")),
        sa.UniqueConstraint("solution_id", "number", name=op.f("uq_amendment_solution_id_number")),
    )
    op.create_index(op.f("ix_amendment_person_id"), table, ["person_id"])


def _endorsement() -> None:
    table = "endorsement"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("solution_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("standing_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", ID, nullable=True),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_endorsement_withdrawn")),
        _to(table, "organization_id", "organization"),
        _to(table, "person_id", "person"),
        _to(table, "solution_id", "solution"),
        _to(table, "standing_id", "role_held"),
        _to(table, "withdrawn_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement")),
    )
    op.create_index(op.f("ix_endorsement_person_id"), table, ["person_id"])
    only = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_endorsement_standing",
        table,
        ["solution_id", "organization_id"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )


def _minority_opinion() -> None:
    table = "minority_opinion"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("outcome_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("standing_id", ID, nullable=True),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _to(table, "organization_id", "organization"),
        _to(table, "outcome_id", "outcome"),
        _to(table, "person_id", "person"),
        _to(table, "standing_id", "role_held"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minority_opinion")),
        sa.UniqueConstraint("outcome_id", "number", name=op.f("uq_minority_opinion_outcome_id_number")),
    )
    op.create_index(op.f("ix_minority_opinion_person_id"), table, ["person_id"])


def _pledge() -> None:
    table = "pledge"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("problem_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("solution_id", ID, nullable=True),
        sa.Column("kind", _choice("pledgekind", "money", "time", "material"), nullable=False),
        sa.Column("amount", ID, nullable=True),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("state", _choice("pledgestate", "pledged", "kept", "withdrawn"), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("standing_id", ID, nullable=True),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("called_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_under", ID, nullable=True),
        sa.Column("settled_for", ID, nullable=True),
        sa.CheckConstraint("(kind = 'material') = (amount IS NULL)", name=op.f("ck_pledge_amount")),
        sa.CheckConstraint(
            "settled_by IS NULL OR state <> 'kept' OR settled_by <> person_id", name=op.f("ck_pledge_not_own")
        ),
        sa.CheckConstraint("amount IS NULL OR amount > 0", name=op.f("ck_pledge_positive")),
        _to(table, "organization_id", "organization"),
        _to(table, "person_id", "person"),
        _to(table, "problem_id", "problem"),
        _to(table, "settled_by", "person"),
        _to(table, "settled_for", "organization"),
        _to(table, "settled_under", "role_held"),
        _to(table, "solution_id", "solution"),
        _to(table, "standing_id", "role_held"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
        sa.UniqueConstraint("problem_id", "number", name=op.f("uq_pledge_problem_id_number")),
    )
    op.create_index(op.f("ix_pledge_person_id"), table, ["person_id"])
    op.create_index(op.f("ix_pledge_solution_id"), table, ["solution_id"])


def _minority_signer() -> None:
    table = "minority_signer"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("outcome_id", ID, nullable=False),
        sa.Column("opinion_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("standing_id", ID, nullable=True),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _to(table, "opinion_id", "minority_opinion"),
        _to(table, "organization_id", "organization"),
        _to(table, "outcome_id", "outcome"),
        _to(table, "person_id", "person"),
        _to(table, "standing_id", "role_held"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minority_signer")),
        sa.UniqueConstraint("outcome_id", "person_id", name=op.f("uq_minority_signer_outcome_id_person_id")),
    )
    op.create_index("ix_minority_signer_opinion", table, ["opinion_id", "id"])
    op.create_index("ix_minority_signer_person", table, ["person_id"])


def upgrade() -> None:
    _purposes(*PURPOSES, "phase")
    _interest()
    _leeway()
    _outcome()
    _phase()
    _amendment()
    _endorsement()
    _minority_opinion()
    _pledge()
    _minority_signer()
    with op.batch_alter_table("solution_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("benefits", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("bears", sa.String(length=200), server_default="", nullable=False))
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.add_column(sa.Column("solution_id", ID, nullable=True))
        batch_op.create_foreign_key(op.f("fk_concern_solution_id"), "solution", ["solution_id"], ["id"])
        batch_op.create_index(op.f("ix_concern_solution_id"), ["solution_id"])


def downgrade() -> None:
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_concern_solution_id"))
        batch_op.drop_constraint(op.f("fk_concern_solution_id"), type_="foreignkey")
        batch_op.drop_column("solution_id")
    with op.batch_alter_table("solution_version", schema=None) as batch_op:
        batch_op.drop_column("bears")
        batch_op.drop_column("benefits")
    for table in (
        "minority_signer",
        "pledge",
        "minority_opinion",
        "endorsement",
        "amendment",
        "phase",
        "outcome",
        "leeway",
        "interest",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM running_clock WHERE purpose = 'phase'")
    _purposes(*PURPOSES)
