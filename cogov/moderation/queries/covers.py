"""Which words are covered: rows say so, and never the words themselves."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from cogov.ground.db import session
from cogov.moderation.models import Cover
from cogov.moderation.rules import SubjectKind


def is_covered(kind: SubjectKind, subject: InstrumentedAttribute[int], field: str) -> ColumnElement[bool]:
    """Say, as a column of a query that reads texts anyway, whether a field of each is covered."""
    return exists().where(Cover.subject == kind, Cover.subject_id == subject, Cover.field == field)


def covers_of(kind: SubjectKind, ids: Iterable[int]) -> dict[tuple[int, str], Cover]:
    """Return the covers of some texts by text and field, in one query; in none where there are no texts."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    query = select(Cover).where(Cover.subject == kind, Cover.subject_id.in_(wanted))
    return {(cover.subject_id, cover.field): cover for cover in session().scalars(query)}


def covered_fields(kind: SubjectKind, subject_id: int) -> frozenset[str]:
    """Return the fields of one text that are covered."""
    return frozenset(field for _, field in covers_of(kind, [subject_id]))
