"""search order"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

RANKS = (
    *(("problem", 90), ("decision", 80), ("task", 70), ("solution", 60), ("announcement", 50)),
    *(("place", 40), ("concern", 30), ("answer", 20), ("message", 10)),
)
SUBJECTS = 2**48

TAKEN = "INSERT INTO search_words(search_words, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
PUT = "INSERT INTO search_words(rowid, tokens) VALUES (new.id, new.tokens);"
TRIGGERS = (("insert", "INSERT", PUT), ("delete", "DELETE", TAKEN), ("update", "UPDATE OF tokens", TAKEN + PUT))


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _let_go() -> None:
    """Let the words follow the texts no more while these are given other ids."""
    if not _on_sqlite():
        op.execute("DROP INDEX search_words")
        return
    for name, _, _ in TRIGGERS:
        op.execute(f"DROP TRIGGER search_text_{name}")


def _follow() -> None:
    op.execute("INSERT INTO search_words(search_words) VALUES ('rebuild')")
    for name, on, does in TRIGGERS:
        op.execute(f"CREATE TRIGGER search_text_{name} AFTER {on} ON search_text BEGIN {does} END")


def upgrade() -> None:
    """Give each text an id that says its kind and subject, so that words are found in the order they are shown in."""
    _let_go()
    texts = sa.table("search_text", sa.column("id", sa.BigInteger), sa.column("kind"), sa.column("subject_id"))
    for kind, rank in RANKS:
        # No new id is an old one: those number the texts one by one.
        op.execute(texts.update().where(texts.c.kind == kind).values(id=rank * SUBJECTS + texts.c.subject_id))
    if _on_sqlite():
        _follow()
        return
    op.execute(
        "ALTER TABLE search_text ADD COLUMN search_words tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, replace(' ' || tokens, ' ', ' ' || kind))) STORED"
    )
    op.execute("CREATE INDEX search_words ON search_text USING gin (search_words)")
    op.execute("ANALYZE search_text")


def downgrade() -> None:
    """Number the texts one by one again."""
    _let_go()
    if not _on_sqlite():
        op.execute("ALTER TABLE search_text DROP COLUMN search_words")
    op.execute(
        "UPDATE search_text SET id = numbered.n FROM "
        "(SELECT kind, subject_id, row_number() OVER (ORDER BY id) AS n FROM search_text) AS numbered "
        "WHERE numbered.kind = search_text.kind AND numbered.subject_id = search_text.subject_id"
    )
    if _on_sqlite():
        _follow()
    else:
        op.execute("SELECT setval(pg_get_serial_sequence('search_text', 'id'), (SELECT max(id) FROM search_text) + 1)")
        op.execute("CREATE INDEX search_words ON search_text USING gin (to_tsvector('simple'::regconfig, tokens))")
