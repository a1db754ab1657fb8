"""Which texts can be found: where their words stand, what they are about, and of which problem they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, literal, null, select

from cogov.announcements.models import Announcement, AnnouncementVersion
from cogov.decisions.models import Motion
from cogov.ground.db import Id
from cogov.ground.words import Words, say
from cogov.places.models import Place
from cogov.places.rules import PlaceKind
from cogov.problems.models import Problem
from cogov.tasks.models import Task
from cogov.threads.models import Concern, ConcernAnswer, Message, Solution, SolutionVersion


@dataclass(frozen=True)
class Source:
    """Texts that can be found: the columns they stand in, what they are about, and of which problem they are."""

    kind: str
    label: Words
    model: type[Any]
    columns: tuple[str, ...]
    subject: str = "id"
    problem: str = ""
    holder: tuple[type[Any], str] | None = None  # where the problem stands in another row: its model, and our key to it
    among: tuple[str, frozenset[Any]] | None = None  # where only some rows are texts: a column and its values
    only: Callable[[], ColumnElement[bool]] | None = None  # where a row holds no longer: which one does

    def text_of(self, row: Any) -> str:
        """Return the words of a row."""
        return "\n".join(str(getattr(row, name) or "") for name in self.columns)

    def problem_of(self, row: Any, connection: Connection) -> int | None:
        """Return the problem that a row belongs to."""
        if self.holder is not None:
            model, key = self.holder
            return connection.scalar(select(model.problem_id).where(model.id == getattr(row, key)))
        return getattr(row, self.problem) if self.problem else None

    def holds(self, row: Any) -> bool:
        """Say whether a row is one of these texts."""
        return self.among is None or getattr(row, self.among[0]) in self.among[1]

    def rows(self) -> Select[Any]:
        """Return a query of every text: subject, problem and words, the last version of each."""
        whole: ColumnElement[Any] = literal("")
        for index, name in enumerate(self.columns):
            part = func.coalesce(cast(getattr(self.model, name), Text), "")
            whole = part if index == 0 else whole + "\n" + part
        subject = getattr(self.model, self.subject)
        query = select(subject.label("subject_id"), self._problem_column().label("problem_id"), whole.label("words"))
        if self.holder is not None:
            holder, key = self.holder
            query = query.join(holder, getattr(self.model, key) == holder.id)
        if self.among is not None:
            query = query.where(getattr(self.model, self.among[0]).in_(self.among[1]))
        return query.where(self.only()) if self.only is not None else query

    def _problem_column(self) -> ColumnElement[Any]:
        if self.holder is not None:
            return cast(self.holder[0].problem_id, Id)
        return cast(getattr(self.model, self.problem), Id) if self.problem else cast(null(), Id)


SOURCES = (
    Source("problem", say("问题"), Problem, ("number", "title", "text"), problem="id"),
    Source("decision", say("表决"), Motion, ("question", "text"), problem="problem_id"),
    Source("task", say("任务"), Task, ("title", "text"), problem="problem_id"),
    Source(
        "solution",
        say("方案"),
        SolutionVersion,
        ("title", "text"),
        subject="solution_id",
        holder=(Solution, "solution_id"),
        only=lambda: SolutionVersion.version == Solution.version,
    ),
    Source(
        "announcement",
        say("公告"),
        AnnouncementVersion,
        ("title", "text", "meeting_spot"),
        subject="announcement_id",
        only=lambda: (
            AnnouncementVersion.version
            == select(Announcement.version)
            .where(Announcement.id == AnnouncementVersion.announcement_id)
            .scalar_subquery()
        ),
    ),
    Source(
        "place",
        say("地方"),
        Place,
        ("name",),
        among=("kind", frozenset({PlaceKind.COMMUNITY, PlaceKind.GRID})),
    ),
    Source("concern", say("顾虑"), Concern, ("harm", "remedy"), problem="problem_id"),
    Source("answer", say("答复"), ConcernAnswer, ("text",), holder=(Concern, "concern_id")),
    Source("message", say("发言"), Message, ("text",), problem="problem_id"),
)
"""In the order in which they are shown: the matter itself before what was said of it."""

BY_KIND = {source.kind: source for source in SOURCES}
