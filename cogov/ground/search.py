"""Search tokens: Chinese in overlapping pairs, other writing in words; the same hits on SQLite and PostgreSQL.

Neither database cuts Chinese into words that people search for, so this does: 集中充电 becomes 集中 中充 充电 and the
last 电 alone. A run asked for is a phrase of its pairs; a single character is the beginning of a pair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    column,
    delete,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model
from cogov.ground.db import connection as connected
from cogov.ground.prepared import Prepared

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")

MOST_TERMS = 8
MOST_SIGNS = 60

WORDS_INDEX = "search_words"
"""What a migration makes by hand to find tokens: a table of FTS5 on SQLite, a column and its index on PostgreSQL."""

RANKS = {
    "problem": 90,
    "decision": 80,
    "task": 70,
    "solution": 60,
    "announcement": 50,
    "place": 40,
    "concern": 30,
    "answer": 20,
    "message": 10,
}
"""Which kinds of texts there are, the matter itself before what was said of it; the rank stands in each of their
ids."""

_SUBJECTS = 2**48


def text_id(kind: str, subject_id: int) -> int:
    """Return the id of a text: in their order stand the kinds by rank, and in each the newest last."""
    return RANKS[kind] * _SUBJECTS + subject_id


def ids_of(kind: str) -> tuple[int, int]:
    """Return between which ids the texts of a kind stand."""
    return text_id(kind, 0), text_id(kind, _SUBJECTS - 1)


def _own_id(context: DefaultExecutionContext) -> int:
    written = cast("Any", context).get_current_parameters()
    return text_id(written["kind"], written["subject_id"])


class SearchText(Model):
    """The tokens of one text that can be found; the text itself stays where it was written."""

    __tablename__ = "search_text"
    __table_args__ = (UniqueConstraint("kind", "subject_id"), Index("ix_search_text_problem", "problem_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=_own_id)
    kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int] = mapped_column(Id)
    problem_id: Mapped[int | None] = mapped_column(Id)
    tokens: Mapped[str] = mapped_column(Text)


def made_by_hand(name: str | None) -> bool:
    """Say whether a table or an index is the one that only a migration can make."""
    return (name or "").startswith(WORDS_INDEX)


def _runs(words: str) -> Iterator[str]:
    yield from _RUN.findall(unicodedata.normalize("NFKC", words).casefold())


def _pairs(run: str) -> list[str]:
    """Return a Chinese run in overlapping pairs, and its last character alone."""
    return [run[index : index + 2] for index in range(len(run))]


def tokens(words: str) -> str:
    """Return a text as the tokens it is found by."""
    found: list[str] = []
    for run in _runs(words):
        found += _pairs(run) if _IS_HAN.match(run) else [run]
    return " ".join(found)


@dataclass(frozen=True)
class Term:
    """A phrase that is looked for; ``opens`` when its last token may go on."""

    tokens: tuple[str, ...]
    opens: bool


def terms(asked: str) -> tuple[Term, ...]:
    """Return what somebody asks for as phrases that must all be there."""
    made = (_term(list(_runs(part))) for part in asked[:MOST_SIGNS].split())
    return tuple(term for term in made if term.tokens)[:MOST_TERMS]


def _term(runs: list[str]) -> Term:
    found: list[str] = []
    for run in runs:
        found += _pairs(run) if _IS_HAN.match(run) else [run]
    if not runs:
        return Term((), opens=False)
    last = runs[-1]
    if not _IS_HAN.match(last):
        return Term(tuple(found), opens=not last.isdigit())
    # The last character alone stands in the text only where the run ends there.
    return Term(tuple(found[:-1] if len(last) > 1 else found), opens=len(last) == 1)


_words = table(WORDS_INDEX, column("rowid"), column(WORDS_INDEX))


@dataclass(frozen=True)
class Matching:
    """Where to look for phrases: what to select from, what must hold, and the id in whose order they are found."""

    of: FromClause
    holds: ColumnElement[bool]
    id: ColumnElement[int]


def matching(dialect: str, asked: BindParameter[str]) -> Matching:
    """Return where the texts of a kind are that hold all phrases, which are given as ``as_asked`` writes them.

    The words are looked up in the order of the ids, forwards or backwards, so that who wants a few waits for a few.
    """
    texts = cast("Table", SearchText.__table__)
    if dialect == "sqlite":
        of = _words.join(texts, texts.c.id == _words.c.rowid)
        return Matching(of, _words.c[WORDS_INDEX].bool_op("MATCH")(asked), _words.c.rowid)
    return Matching(texts, _words_hold(_query_of(asked)), texts.c.id)


def counting(dialect: str, kind: str, asked: BindParameter[str]) -> Matching:
    """Return where the texts of a kind are that hold all phrases, for whoever only wants to know how many.

    PostgreSQL is not told beforehand what is asked for: of a common word it would think that it soon meets it in the
    rows, and go through all that have it not. So it takes from its index those that have it, whatever the word is, and
    the plan can stay prepared. SQLite finds the texts of a kind by their ids.
    """
    among = matching(dialect, asked)
    if dialect == "sqlite":
        return Matching(among.of, among.holds & among.id.between(*ids_of(kind)), among.id)
    return Matching(among.of, _words_hold(select(_query_of(asked)).scalar_subquery()), among.id)


def _query_of(asked: BindParameter[str]) -> ColumnElement[Any]:
    simple: ColumnElement[Any] = literal_column("'simple'::regconfig")
    return func.to_tsquery(simple, asked)


def _words_hold(query: ColumnElement[Any]) -> ColumnElement[bool]:
    return literal_column(f"search_text.{WORDS_INDEX}").bool_op("@@")(query)


def as_asked(dialect: str, kind: str, wanted: tuple[Term, ...]) -> str:
    """Return phrases as a database is asked for them among the texts of a kind.

    PostgreSQL keeps each token with its kind, so that it knows how many of that kind hold it before it goes to look.
    """
    if dialect == "sqlite":
        return " AND ".join(f'"{" ".join(term.tokens)}"{" *" if term.opens else ""}' for term in wanted)
    return " & ".join("(" + " <-> ".join(_quoted(kind, term)) + ")" for term in wanted)


def _quoted(kind: str, term: Term) -> list[str]:
    last = len(term.tokens) - 1
    return [
        f"'{kind}{token}'" + (":*" if term.opens and index == last else "") for index, token in enumerate(term.tokens)
    ]


# Keeping -------------------------------------------------------------------------------------------------------------


def keep(connection: Connection | None, kind: str, subject_id: int, problem_id: int | None, words: str) -> None:
    """Make a text found by what it says now; without words it is found no more."""
    on = connection or connected()
    if found := tokens(words):
        row = {"kind": kind, "subject_id": subject_id, "problem_id": problem_id, "tokens": found}
        row["id"] = text_id(kind, subject_id)
        _KEEP[on.dialect.name].run(row, on)
    else:
        on.execute(_FORGET, {"of_kind": kind, "of_subject": subject_id})


def _keep(insert: Any) -> Prepared[int]:
    made = insert(SearchText.__table__).inline()
    written = {"problem_id": made.excluded.problem_id, "tokens": made.excluded.tokens}
    kept = made.on_conflict_do_update(index_elements=["id"], set_=written)
    return Prepared(kept, int, columns=("id", "kind", "subject_id", "problem_id", "tokens"))


_KEEP = {"sqlite": _keep(sqlite.insert), "postgresql": _keep(postgresql.insert)}
"""With every text that is written."""

_FORGET = delete(SearchText).where(
    SearchText.kind == bindparam("of_kind"), SearchText.subject_id == bindparam("of_subject")
)


# Showing -------------------------------------------------------------------------------------------------------------

AROUND = 32


def marked(words: str, asked: str, around: int = AROUND) -> list[tuple[str, bool]]:
    """Return the piece of a text in which what was asked for stands, cut where it stands."""
    pattern = _pattern(asked)
    words = " ".join(words.split())
    first = pattern.search(words) if pattern else None
    start = max(first.start() - around, 0) if first else 0
    piece = words[start : start + 3 * around]
    parts: list[tuple[str, bool]] = [("…", False)] if start else []
    end = 0
    for match in pattern.finditer(piece) if pattern else ():
        parts += [(piece[end : match.start()], False), (match.group(), True)]
        end = match.end()
    rest = piece[end:] + ("…" if start + len(piece) < len(words) else "")
    return [(part, found) for part, found in [*parts, (rest, False)] if part]


def _pattern(asked: str) -> re.Pattern[str] | None:
    phrases = [[re.escape(run) for run in _runs(part)] for part in asked[:MOST_SIGNS].split()]
    wanted = [r"[\W_]*".join(phrase) for phrase in phrases if phrase]
    return re.compile("|".join(sorted(wanted, key=len, reverse=True)), re.IGNORECASE) if wanted else None
