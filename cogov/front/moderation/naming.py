"""What is flagged, in a line of a queue: its kind, its first words, and where it was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from cogov.decisions.models import Motion
from cogov.ground.db import session
from cogov.ground.needs import Need
from cogov.ground.pages import words
from cogov.ground.words import say
from cogov.meetings.models import MeetingMotion, MinutesSignature
from cogov.moderation.models import Review, SealedWords
from cogov.moderation.rules import SubjectKind, one_of
from cogov.moderation.rules.covering import as_one, unfold
from cogov.opinion.models import Statement
from cogov.problems.models import Problem
from cogov.threads.models import Message
from cogov.threads.queries.passages import KINDS as TEXTS_OF_A_DOSSIER

FIRST = 28
"""So many signs say which words are meant; all of them stand where it is decided."""

STAND_IN: Mapping[SubjectKind, tuple[Any, tuple[str, ...]]] = {
    **{kind: (told.model, told.columns) for kind, told in TEXTS_OF_A_DOSSIER.items()},
    SubjectKind.MESSAGE: (Message, ("text",)),
    SubjectKind.STATEMENT: (Statement, ("text",)),
    SubjectKind.MOTION: (MeetingMotion, ("text",)),
    SubjectKind.SIGNATURE: (MinutesSignature, ("reason",)),
    SubjectKind.PROBLEM: (Problem, ("title",)),
    SubjectKind.VOTING_MOTION: (Motion, ("question",)),
}
_IN_ONE_PIECE = (SubjectKind.MESSAGE, SubjectKind.STATEMENT)


def named(needs: Sequence[Need]) -> list[Need]:
    """Return needs in which those to look at a text say which text, in as many queries as there are kinds of it.

    They wait for somebody who decides them: such a reader is shown the words, also sealed ones, without more asking.
    """
    asked = {int(need.values["review_id"]) for need in needs if need.kind == "review"}
    if not asked:
        return list(needs)
    query = (
        select(Review.id, Review.subject, Review.subject_id, Problem.number, SealedWords.text)
        .outerjoin(Problem, Problem.id == Review.problem_id)
        .outerjoin(SealedWords, SealedWords.review_id == Review.id)
        .where(Review.id.in_(asked))
    )
    rows = {row.id: row for row in session().execute(query)}
    standing = _standing((row.subject, row.subject_id) for row in rows.values() if row.text is None)
    return [
        _named(need, rows[int(need.values["review_id"])], standing) if need.kind == "review" else need for need in needs
    ]


Texts = dict[tuple[SubjectKind, int], str]


def _standing(texts: Iterable[tuple[SubjectKind, int]]) -> Texts:
    """Return the words of texts as they stand, in one query a kind."""
    wanted: dict[SubjectKind, set[int]] = {}
    for kind, subject_id in texts:
        wanted.setdefault(kind, set()).add(subject_id)
    found: Texts = {}
    for kind, ids in wanted.items():
        model, columns = STAND_IN[kind]
        query = select(model.id, *(getattr(model, name) for name in columns)).where(model.id.in_(ids))
        for subject_id, *said in session().execute(query):
            found[kind, subject_id] = as_one(dict(zip(columns, said, strict=True)))
    return found


def _named(need: Need, row: Any, standing: Texts) -> Need:
    if row.text is None:
        text = standing.get((row.subject, row.subject_id), "")
    else:
        text = row.text if row.subject in _IN_ONE_PIECE else as_one(unfold(row.text))
    what, first = words(one_of(row.subject)), shortened(text)
    title = gettext("%(what)s：“%(words)s”", what=what, words=first) if first else what
    if not row.number:
        return replace(need, title=title, line=say("{place}：{line}", place=need.title, line=need.line))
    line = say("{place}，问题 {number}：{line}", place=need.title, number=row.number, line=need.line)
    return replace(need, title=title, line=line)


def shortened(text: str) -> str:
    """Return the first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= FIRST else line[:FIRST].rstrip() + "…"
