"""How tokens follow the texts: in the transaction that writes, changes or erases one, and by a check of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.orm import Mapper

from cogov.front.search.sources import SOURCES, Source
from cogov.ground.db import session
from cogov.ground.search import SearchText, keep, tokens


def _written(source: Source) -> Callable[[Mapper[Any], Connection, Any], None]:
    def follow(_mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        if source.holds(row):
            problem_id = source.problem_of(row, connection)
            keep(connection, source.kind, getattr(row, source.subject), problem_id, source.text_of(row))

    return follow


def _changed(source: Source) -> Callable[[Mapper[Any], Connection, Any], None]:
    follow = _written(source)

    def follow_if_changed(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        attributes = inspect(row).attrs
        if any(attributes[name].history.has_changes() for name in source.columns):
            follow(mapper, connection, row)

    return follow_if_changed


def _deleted(source: Source) -> Callable[[Mapper[Any], Connection, Any], None]:
    def forget(_mapper: Mapper[Any], connection: Connection, row: Any) -> None:
        keep(connection, source.kind, getattr(row, source.subject), None, "")

    return forget


_watched: list[str] = []


def watch_texts() -> None:
    """Follow every text that is written, changed or deleted; called while the application is put together."""
    if _watched:
        return
    for source in SOURCES:
        event.listen(source.model, "after_insert", _written(source))
        event.listen(source.model, "after_update", _changed(source))
        event.listen(source.model, "after_delete", _deleted(source))
        _watched.append(source.kind)


def astray() -> Iterator[tuple[str, int, int | None, str]]:
    """Yield kind, subject, problem and words of every text whose tokens are not what it says; no words: it is gone."""
    for source in SOURCES:
        kept = {
            subject_id: (problem_id, found)
            for subject_id, problem_id, found in session().execute(
                select(SearchText.subject_id, SearchText.problem_id, SearchText.tokens).where(
                    SearchText.kind == source.kind
                )
            )
        }
        for subject_id, problem_id, text in session().execute(source.rows()):
            found = tokens(text)
            stored = kept.pop(subject_id, None)
            if stored != ((problem_id, found) if found else None):
                yield source.kind, subject_id, problem_id, text
        yield from ((source.kind, subject_id, None, "") for subject_id in kept)
