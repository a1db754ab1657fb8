"""What programs are shown of a problem."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from marshmallow import Schema, fields

from cogov.ground.api import Body, Choice, RefusalSchema, Said, Text, When, door, refusal_of, shown_at
from cogov.moderation.rules import Mask
from cogov.problems.queries import panel, problem_for, rows_of
from cogov.problems.queries.lists import ProblemRow
from cogov.problems.rules.acts import WORDS_MAX
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.stages import Ending, Official, Stage

doors = door("problems", "What people raise together, and where each stands")

BY_DAY = "A moment; only its day for readers from outside the place."
INSIDE = "For those who live, own or serve there; others see the grid."


class RowSchema(Schema):
    """A problem as a line of a list."""

    number = fields.String(metadata={"example": "2026-0147"})
    title = fields.String(metadata={"example": "楼道飞线充电，想要一个集中充电的地方"})
    stage = Choice(Stage)
    official = Choice(Official)
    ending = Choice(Ending, allow_none=True)
    lane = Choice(Lane, allow_none=True)
    emergency = fields.Boolean()
    hidden = fields.Boolean()
    seconds = fields.Integer(metadata={"description": "Persons who have met it too."})
    households = fields.Integer()
    round = fields.Integer(metadata={"description": "1, and one more for each time it was not fixed."})
    raised_at = fields.String(metadata={"description": BY_DAY})
    changed_at = fields.String(metadata={"description": BY_DAY})
    due_at = When(allow_none=True, metadata={"description": "When the nearest promise runs out."})
    grid = fields.String(attribute="grid_name")
    accountable = fields.String(attribute="accountable_name", metadata={"description": "Who answers for it now."})
    page = fields.Method("address")

    def address(self, row: dict[str, Any]) -> str:
        """Return where people read it."""
        return url_for("front.dossier", number=row["number"], _external=True)


class ActSchema(Schema):
    """Whether the person of the token may do something now, and if not, why."""

    allowed = fields.Boolean()
    refusal = fields.Nested(RefusalSchema, allow_none=True)


class ProposalSchema(Schema):
    """What the rules propose, or what triage came to."""

    confirmed = fields.Boolean()
    lane = Choice(Lane)
    lane_name = Said()
    reason_name = Said()
    rule_name = Said()
    body = fields.String(allow_none=True)


class ProblemSchema(RowSchema):
    """A problem with its words, its triage and what may be done with it."""

    text = fields.String()
    spot = fields.String(metadata={"description": INSIDE})
    longitude = fields.Integer(allow_none=True, metadata={"description": f"Millionths of a degree, WGS 84. {INSIDE}"})
    latitude = fields.Integer(allow_none=True, metadata={"description": INSIDE})
    matter = fields.Integer(allow_none=True, metadata={"description": "Id in the catalogue of matters."})
    merged_into = fields.String()
    triage = fields.Nested(ProposalSchema, allow_none=True)
    pictures = fields.List(fields.String())
    raisers = fields.List(fields.Integer(), metadata={"description": "Their numbers on this dossier."})
    emergency_numbers = fields.List(fields.String())
    acts = fields.Dict(keys=fields.String(), values=fields.Nested(ActSchema))


class WrittenSchema(ProblemSchema):
    """A problem after somebody wrote words to it, and what of them was masked before anybody read them."""

    masked = fields.List(Choice(Mask), metadata={"description": "Of the words sent now; a mark stands there instead."})


def row_of(row: ProblemRow, *, inside: bool) -> dict[str, Any]:
    """Return a line of a list; its moments are exact for readers of the place."""
    plain = {name: getattr(row, name) for name in row.__dataclass_fields__}
    return {
        **plain,
        "raised_at": shown_at(row.raised_at, exact=inside),
        "changed_at": shown_at(row.changed_at, exact=inside),
    }


def problem_shown(number: str) -> dict[str, Any]:
    """Return a problem as the person of the token sees it."""
    problem = problem_for(g.actor, number)
    row, shown = rows_of(g.actor, [problem.id])[problem.id], panel(g.actor, problem)
    triage, inside = shown.triage, g.actor.inside(shown.facts.code)
    return {
        **row_of(row, inside=inside),
        "text": problem.text,
        "spot": problem.spot if inside else "",
        "longitude": problem.longitude if inside else None,
        "latitude": problem.latitude if inside else None,
        "matter": problem.matter_id,
        "merged_into": shown.facts.merged_into,
        "triage": triage
        and {
            "confirmed": triage.confirmed,
            "lane": triage.lane,
            "lane_name": triage.lane_name,
            "reason_name": triage.reason_name,
            "rule_name": triage.rule_name,
            "body": triage.body.name if triage.body else None,
        },
        "pictures": [
            url_for("problems.picture", number=number, picture_id=picture.id, _external=True)
            for picture in shown.pictures
        ],
        "raisers": shown.raiser_ordinals,
        "emergency_numbers": shown.numbers,
        "acts": {
            act.value: {"allowed": refusal is None, "refusal": refusal and refusal_of(refusal)}
            for act, refusal in shown.acts.items()
        },
    }


class WordsBody(Body):
    """A reason in words."""

    words = Text(WORDS_MAX, required=True)
