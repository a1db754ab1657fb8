"""channels"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


CHANNELS = ("web", "paper", "door", "proxy", "helped")
FAULTS = ("unsigned", "unclear", "late", "already_cast", "lapsed")


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, text: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}"))


def _one_of(table: str, name: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    channel = _choice("channel", *CHANNELS)
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", channel, server_default="web", nullable=False))
        batch_op.alter_column("person_id", existing_type=ID, nullable=True)
        batch_op.create_check_constraint(
            op.f("ck_ballot_caster"), "person_id IS NOT NULL OR channel IN ('paper', 'door')"
        )
    _paper()
    _help()
    _service()


def _paper() -> None:
    op.create_table(
        "paper_slip",
        sa.Column("id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("head_id", ID, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("channel", _choice("channel", *CHANNELS), nullable=False),
        sa.Column("state", _choice("slipstate", "issued", "waiting", "differs", "counted", "rejected"), nullable=False),
        sa.Column("fault", _choice("slipfault", *FAULTS), nullable=True),
        sa.Column("picture_id", ID, nullable=True),
        sa.Column("issued_by", ID, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        _check("paper_slip", "fault_said", "(state = 'rejected') = (fault IS NOT NULL)"),
        _check("paper_slip", "settled", "(state IN ('counted', 'rejected')) = (settled_at IS NOT NULL)"),
        _check("paper_slip", "on_paper", "channel IN ('paper', 'door')"),
        _points("paper_slip", "decision_id", "decision"),
        _points("paper_slip", "head_id", "electorate_head"),
        _points("paper_slip", "picture_id", "picture"),
        _points("paper_slip", "issued_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_slip")),
        sa.UniqueConstraint("code", name=op.f("uq_paper_slip_code")),
    )
    _one_of("paper_slip", "uq_paper_slip_live", ["decision_id", "head_id"], "state <> 'rejected'")
    op.create_table(
        "paper_reading",
        sa.Column("id", ID, nullable=False),
        sa.Column("slip_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fault", _choice("slipfault", *FAULTS), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signer_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _check("paper_reading", "position", "position BETWEEN 1 AND 3"),
        _points("paper_reading", "slip_id", "paper_slip"),
        _points("paper_reading", "person_id", "person"),
        _points("paper_reading", "organization_id", "organization"),
        _points("paper_reading", "signer_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_reading")),
        sa.UniqueConstraint("slip_id", "position", name=op.f("uq_paper_reading_slip_id_position")),
        sa.UniqueConstraint("slip_id", "person_id", name=op.f("uq_paper_reading_slip_id_person_id")),
    )


def _help() -> None:
    op.create_table(
        "helped_ballot",
        sa.Column("id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("head_id", ID, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("voter_id", ID, nullable=False),
        sa.Column("helper_id", ID, nullable=False),
        sa.Column("helper_for", ID, nullable=True),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("witness_id", ID, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        _check("helped_ballot", "helper", "helper_id != voter_id"),
        _check(
            "helped_ballot",
            "second_person",
            "NOT agreed OR (witness_id != helper_id AND witness_id != voter_id)",
        ),
        _check("helped_ballot", "witnessed", "NOT agreed OR witness_id IS NOT NULL"),
        _check("helped_ballot", "settled", "(settled_at IS NULL) = (agreed IS NULL)"),
        _points("helped_ballot", "decision_id", "decision"),
        _points("helped_ballot", "head_id", "electorate_head"),
        _points("helped_ballot", "voter_id", "person"),
        _points("helped_ballot", "helper_id", "person"),
        _points("helped_ballot", "helper_for", "organization"),
        _points("helped_ballot", "witness_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helped_ballot")),
        sa.UniqueConstraint("code", name=op.f("uq_helped_ballot_code")),
    )
    op.create_index("ix_helped_ballot_decision", "helped_ballot", ["decision_id", "id"])
    _one_of("helped_ballot", "uq_helped_ballot_open", ["decision_id", "head_id"], "settled_at IS NULL")


def _service() -> None:
    op.create_table(
        "service",
        sa.Column("id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("head_id", ID, nullable=False),
        sa.Column("means", _choice("servicemeans", "opened", "post", "door"), nullable=False),
        sa.Column("outcome", _choice("serviceoutcome", "delivered", "absent", "refused"), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _check("service", "opened", "means <> 'opened' OR outcome = 'delivered'"),
        _points("service", "decision_id", "decision"),
        _points("service", "head_id", "electorate_head"),
        _points("service", "person_id", "person"),
        _points("service", "organization_id", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    op.create_index("ix_service_decision", "service", ["decision_id", "head_id", "id"])
    _one_of("service", "uq_service_opened", ["decision_id", "head_id", "person_id"], "means = 'opened'")
    op.create_table(
        "vote_reminder",
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("hours", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _points("vote_reminder", "decision_id", "decision"),
        sa.PrimaryKeyConstraint("decision_id", "closes_at", "hours", name=op.f("pk_vote_reminder")),
    )


def downgrade() -> None:
    """Go back to ballots of the web alone; who cast a paper one is unknown there, so such a vote is not lost for it."""
    nobody = op.get_bind().scalar(sa.text("SELECT count(*) FROM ballot WHERE person_id IS NULL"))
    if nobody:
        raise RuntimeError(f"{nobody} ballots came on paper, which the version before does not know")
    for table in ("vote_reminder", "service", "helped_ballot", "paper_reading", "paper_slip"):
        op.drop_table(table)
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_ballot_caster"), type_="check")
        batch_op.drop_constraint(op.f("ck_ballot_channel"), type_="check")
        batch_op.alter_column("person_id", existing_type=ID, nullable=False)
        batch_op.drop_column("channel")
