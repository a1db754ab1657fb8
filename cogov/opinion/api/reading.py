"""The published map for programs: groups of ten or more, statements, readings, and how far to rely on them."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Said, When, reading
from cogov.ground.pages import words
from cogov.ground.words import Words
from cogov.opinion.api.current import doors
from cogov.opinion.queries.reading import MapShown, map_shown
from cogov.opinion.rules.classing import ClassTable, took_words
from cogov.opinion.rules.reading import Published, StatementShown

TOLD = "Null where there is no map, while the conversation is open and you have not answered the statement."


class CellSchema(Schema):
    """How one group answered, of ten people or more."""

    agree = fields.Integer(attribute="share", metadata={"description": "Of a hundred."})
    disagree = fields.Integer(attribute="against", metadata={"description": "Of a hundred."})
    about = fields.Integer(metadata={"description": "About how many of the group answered, to the nearest five."})


class ReadSchema(Schema):
    """A statement with its counts and readings."""

    name = fields.String(metadata={"description": "S and its number, as it is quoted."})
    text = fields.String(metadata={"description": "What it says; of an imported one, in the words of the file."})
    agree = fields.Integer(allow_none=True, metadata={"description": TOLD})
    disagree = fields.Integer(allow_none=True, metadata={"description": TOLD})
    answered = fields.Integer(allow_none=True, metadata={"description": TOLD})
    at_least = fields.Integer(
        allow_none=True, metadata={"description": "Of a hundred, who agree at the least in each group that is told."}
    )
    every_group = fields.Boolean(metadata={"description": "Whether `at_least` speaks of every group there is."})
    bridging = fields.Float()
    consensus = fields.Boolean(metadata={"description": "All three readings say so, and chance does not explain it."})
    groups = fields.List(
        fields.Nested(CellSchema, allow_none=True),
        metadata={"description": "In the order of the groups; null where it is not told."},
    )


class GroupSchema(Schema):
    """A group of ten or more: how many, and which statements stand for it."""

    name = Said()
    people = fields.Integer()
    agrees_with = fields.List(fields.String())
    disagrees_with = fields.List(fields.String())


class ClassRowSchema(Schema):
    """Of how many homes of a class somebody took part; null where it is not told."""

    name = fields.String()
    homes = fields.Integer()
    took_part = fields.Integer(allow_none=True)
    words = fields.String()


class ClassesSchema(Schema):
    """A table of classes known from the roll."""

    by = fields.String(metadata={"description": "building, floor or tenure"})
    rows = fields.List(fields.Nested(ClassRowSchema))


class MapSchema(Schema):
    """A map as it was drawn last; with fewer than ten people there is none, and statements may have plain counts."""

    conversation = fields.Integer()
    question = fields.String()
    drawn_at = When(allow_none=True)
    people = fields.Integer()
    answers = fields.Integer()
    hidden_groups = fields.Integer(metadata={"description": "Groups of fewer than ten, without any figure."})
    groups = fields.List(fields.Nested(GroupSchema))
    statements = fields.List(fields.Nested(ReadSchema))
    classes = fields.List(fields.Nested(ClassesSchema))
    reliability = fields.List(fields.String(), metadata={"description": "In sentences: stability, flagged answers."})
    open_concerns = fields.Integer()
    behind = fields.Integer(
        metadata={
            "description": "How many answered first or otherwise, or left, since it was drawn: it is drawn anew for "
            "ten, since of two maps that lie closer together the difference would say how a few answered."
        }
    )
    imported = fields.Boolean()


@doors.route("/conversations/<id:conversation_id>/map")
@reading
@doors.response(200, MapSchema)
@doors.doc(
    operationId="read_map",
    summary="The published map of a conversation",
    description="Anybody who can see the problem. Groups and classes of ten or more only, and nothing from which "
    "fewer follow; no point and no answer of anybody.",
)
def read_map(conversation_id: int) -> dict[str, Any]:
    """Show what is published of a map."""
    shown = map_shown(g.actor, conversation_id)
    return {
        "conversation": shown.conversation.id,
        "question": shown.conversation.question,
        "drawn_at": shown.drawn_at,
        "people": shown.people,
        "open_concerns": shown.open_concerns,
        "behind": shown.behind,
        "imported": shown.imported,
        "classes": [_classes(table) for table in shown.classes if table.rows],
        **(_plain(shown) if shown.published is None else _told(shown.published)),
    }


def _plain(shown: MapShown) -> dict[str, Any]:
    statements: list[dict[str, Any]] = [
        {
            "name": f"S{each.number}",
            "text": each.text,
            "agree": each.counted[0] if each.counted else None,
            "disagree": each.counted[1] if each.counted else None,
            "answered": sum(each.counted) if each.counted else None,
            "at_least": None,
            "every_group": False,
            "bridging": 0.0,
            "consensus": False,
            "groups": [],
        }
        for each in shown.plain
    ]
    answers = sum(each["answered"] or 0 for each in statements)
    return {"answers": answers, "hidden_groups": 0, "groups": [], "statements": statements, "reliability": []}


def _told(found: Published) -> dict[str, Any]:
    said = (*([found.steadiness] if found.steadiness else []), *found.notes)
    return {
        "answers": found.answers,
        "hidden_groups": found.hidden_groups,
        "groups": [
            {
                "name": group.name,
                "people": group.people,
                "agrees_with": [stand.statement.name for stand in group.stands_for if stand.agrees],
                "disagrees_with": [stand.statement.name for stand in group.stands_for if not stand.agrees],
            }
            for group in found.groups
        ],
        "statements": [_statement(each) for each in found.statements],
        "reliability": [words(each) for each in said],
    }


def _statement(each: StatementShown) -> dict[str, Any]:
    agree, disagree, answered = each.counts
    return {
        "name": each.name,
        "text": each.text,
        "agree": agree,
        "disagree": disagree,
        "answered": answered,
        "at_least": each.at_least,
        "every_group": each.every_group,
        "bridging": each.bridging,
        "consensus": each.consensus,
        "groups": each.cells,
    }


def _classes(table: ClassTable) -> dict[str, Any]:
    return {
        "by": table.kind.value,
        "rows": [
            {
                "name": words(name) if isinstance(name, Words) else name,
                "homes": row.homes,
                "took_part": row.took_part,
                "words": words(took_words(row)),
            }
            for name, row in table.rows
        ],
    }
