"""The journal for programs: what happened, entry by entry, each with its sentence."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.front.timeline import lines_of
from cogov.ground.api import Page, Text, cursor, door, part, reading
from cogov.ground.pages import words
from cogov.journal.reading import Entry, public_entries_after
from cogov.places.queries import place_by_id
from cogov.problems.queries import names_on, problem_for

doors = door("journal", "What happened, in the order in which it was written down")


class EntrySchema(Schema):
    """An entry of the journal: what, by whom, when, in a sentence that stands after the name."""

    number = fields.Integer()
    kind = fields.String(metadata={"example": "ProblemSeconded"})
    by = fields.String(metadata={"description": "A pseudonym of this dossier, or who acted for an organization."})
    sentence = fields.String()
    words = fields.String()
    basis = fields.String()
    at = fields.String(metadata={"description": "A moment; for readers from outside, residents' acts by day."})


class EntriesSchema(Schema):
    """A part of the entries."""

    items = fields.List(fields.Nested(EntrySchema))
    next = fields.String()


class EntriesQuery(Page):
    """Of which problem, and what comes after which entry."""

    problem = Text(16, required=True, metadata={"description": "Number of the problem.", "example": "2026-0147"})


@doors.route("/entries")
@reading
@doors.arguments(EntriesQuery, location="query")
@doors.response(200, EntriesSchema)
@doors.doc(
    operationId="list_entries",
    summary="What happened to a problem, oldest first; ask `after` the last seen",
    description="Anybody who can see the problem. Everything that happened, by whom, on what basis. To follow a "
    "dossier ask again `after` the last `number` you have seen: nothing is missed and nothing comes "
    "twice.",
)
def list_entries(asked: dict[str, Any]) -> dict[str, Any]:
    """List entries."""
    problem, limit = problem_for(g.actor, asked["problem"]), asked["limit"]
    entries = public_entries_after(problem.id, cursor(asked["after"]) or 0, limit + 1)
    inside = g.actor.inside(place_by_id(problem.community_id).code)
    lines = lines_of(problem.number, entries, names_on(problem.id), inside=inside)
    return part([_plain(*pair) for pair in zip(entries, lines, strict=True)], limit, lambda each: str(each["number"]))


def _plain(entry: Entry, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": entry.number,
        "kind": entry.kind,
        "by": words(line["who"]["name"]),
        "sentence": line["sentence"].striptags(),
        "words": line["said"],
        "basis": words(line["basis"]),
        "at": line["at_iso"],
    }
