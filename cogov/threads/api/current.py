"""What programs are shown of a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Choice, Said, When, cursor, door, shown_at
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for
from cogov.threads import queries
from cogov.threads.api.enclosures import EnclosureSchema, plain_file
from cogov.threads.queries import ThreadPanel
from cogov.threads.queries.bylines import Byline
from cogov.threads.rules.concerns import ConcernState
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.speaking import ThreadTab

doors = door("threads", "What is said about a problem: messages, concerns, solutions")

LONG = 4000


class BylineSchema(Schema):
    """Under what name somebody stands on a dossier."""

    kind = fields.String(metadata={"description": "person, organization or body"})
    name = Said()
    acting_for = fields.String()
    until = When(allow_none=True)
    stake = Said(allow_none=True, metadata={"description": "What is at stake for them, as they said."})
    stake_words = fields.String(metadata={"description": "The same in their own words, for readers of the place."})
    stake_id = fields.Integer(
        allow_none=True, metadata={"description": "Flag the words as the text `interest` of this number."}
    )


class QuoteSchema(Schema):
    """What a message quotes; without words where they are not there any more."""

    message = fields.Integer(attribute="message_id")
    version = fields.Integer()
    text = fields.String()
    by = fields.Nested(BylineSchema, attribute="byline")


class MessageSchema(Schema):
    """A message with the latest of its replies."""

    id = fields.Integer()
    kind = Choice(MessageKind)
    text = fields.String()
    at = fields.String(metadata={"description": "A moment; for readers from outside, residents' messages by day."})
    by = fields.Nested(BylineSchema, attribute="byline")
    own = fields.Boolean()
    version = fields.Integer(metadata={"description": "How often it was written; above 1 it was edited."})
    edited_at = fields.String(allow_none=True)
    quote = fields.Nested(QuoteSchema, allow_none=True)
    enclosures = fields.List(fields.Nested(EnclosureSchema), metadata={"description": "The files beside it."})
    reply_count = fields.Integer()
    replies = fields.List(fields.Nested(lambda: MessageSchema(exclude=("replies", "reply_count"))))


class AnswerSchema(Schema):
    """An answer to a concern, or why it was overruled."""

    text = fields.String()
    by = fields.Nested(BylineSchema, attribute="byline")
    at = fields.String()
    solution_number = fields.Integer(allow_none=True)
    solution_version = fields.Integer(allow_none=True)


class ConcernSchema(Schema):
    """A concern: the harm, what would remove it, and what became of it."""

    id = fields.Integer()
    number = fields.Integer()
    harm = fields.String()
    remedy = fields.String()
    solution = fields.Integer(
        attribute="about", allow_none=True, metadata={"description": "Number of the one solution it is about."}
    )
    at = fields.String()
    by = fields.Nested(BylineSchema, attribute="byline")
    own = fields.Boolean()
    state = Choice(ConcernState)
    due_at = When(allow_none=True)
    overdue = fields.Boolean()
    answer = fields.Nested(AnswerSchema, allow_none=True)
    overruling = fields.Nested(AnswerSchema, allow_none=True)


class EndorsedSchema(Schema):
    """An organization that stands behind a version of a solution."""

    organization = fields.String(attribute="name")
    version = fields.Integer()


class SolutionSchema(Schema):
    """The latest version of a solution; cost in fen."""

    id = fields.Integer(attribute="text.solution_id")
    number = fields.Integer(attribute="text.number")
    version = fields.Integer(attribute="text.version")
    version_id = fields.Integer(attribute="text.version_id")
    title = fields.String(attribute="text.title")
    text = fields.String(attribute="text.text")
    cost = fields.Integer(attribute="text.cost", allow_none=True)
    needs_permit = fields.Boolean(attribute="text.needs_permit")
    benefits = fields.String(attribute="text.benefits", metadata={"description": "Who has the good of it."})
    bears = fields.String(attribute="text.bears", metadata={"description": "Who pays for it or puts up with it."})
    endorsed_by = fields.List(
        fields.Nested(EndorsedSchema),
        attribute="around.endorsed",
        metadata={"description": "Organizations, apart from people; no votes."},
    )
    open_concerns = fields.List(
        fields.Integer(), attribute="around.touched", metadata={"description": "Concerns against it without an answer."}
    )
    changes = fields.Integer(attribute="around.changes", metadata={"description": "Proposed changes that wait."})
    at = fields.String()
    by = fields.Nested(BylineSchema, attribute="byline")
    solves = fields.List(fields.Integer(), metadata={"description": "Numbers of the concerns whose answer names it."})


def parts(of: type[Schema]) -> type[Schema]:
    """Return the schema of a part of a list, and of where the next one begins."""
    return Schema.from_dict(
        {"items": fields.List(fields.Nested(of)), "next": fields.String()}, name=f"{of.__name__[:-6]}List"
    )


def as_read(byline: Byline | None, *, exact: bool) -> Byline | None:
    """Return a byline as this reader sees it: a stake in one's own words is for readers of the place."""
    if byline is None or exact or byline.kind != "person":
        return byline
    return replace(byline, stake_words="", stake_id=None)


def inside_place(problem: Problem) -> bool:
    """Say whether the person of the token reads a problem from inside its place."""
    return bool(g.actor.inside(queries.dossier_of(problem).code))


def _exact(panel: ThreadPanel, byline: Byline) -> bool:
    return panel.exact_times or byline.kind != "person"


def _plain(panel: ThreadPanel, shown: Any) -> dict[str, Any]:
    plain = {name: getattr(shown, name) for name in shown.__dataclass_fields__ if not name.startswith("why_not")}
    plain["at"] = shown_at(shown.at, exact=_exact(panel, shown.byline))
    plain["byline"] = as_read(shown.byline, exact=panel.exact_times)
    if plain.get("edited_at") is not None:
        plain["edited_at"] = shown_at(shown.edited_at, exact=_exact(panel, shown.byline))
    if "enclosures" in plain:
        plain["enclosures"] = [plain_file(each) for each in shown.enclosures]
    for answer in ("answer", "overruling"):
        if plain.get(answer) is not None:
            plain[answer] = _plain(panel, plain[answer])
    if "replies" in plain:
        plain["replies"] = [_plain(panel, reply) for reply in shown.replies]
    return plain


def listed(number: str, tab: ThreadTab, after: str, window_of: Callable[[ThreadPanel], Any]) -> dict[str, Any]:
    """Return a part of what is said about a problem, as this reader sees it."""
    problem = problem_for(g.actor, number)
    panel = queries.panel(g.actor, problem, tab, after=cursor(after) or 0)
    window = window_of(panel)
    return {"items": [_plain(panel, each) for each in window.items], "next": str(window.after or "")}


def last_made(problem: Problem, tab: ThreadTab, key: int, window_of: Callable[[ThreadPanel], Any]) -> dict[str, Any]:
    """Return what a verb has just made, as a reader sees it."""
    panel = queries.panel(g.actor, problem, tab, after=key - 1)
    return _plain(panel, window_of(panel).items[0])


def messages_of(panel: ThreadPanel) -> Any:
    """Return the messages of a thread."""
    return panel.messages


def concerns_of(panel: ThreadPanel) -> Any:
    """Return the concerns of a thread."""
    return panel.concerns


def solutions_of(panel: ThreadPanel) -> Any:
    """Return the solutions of a thread."""
    return panel.solutions
