"""Texts for programs besides messages and statements: what stands, what became of it, and flagging it."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.front.moderation import acting
from cogov.front.moderation.api.taking_down import FlagBody, FlaggedSchema, doors
from cogov.front.moderation.reading import text_of
from cogov.ground.api import Choice, reading, verb_of
from cogov.ground.scopes import Scope
from cogov.moderation.queries import Fate, fates_of
from cogov.moderation.rules import FlagReason, ReviewState, SubjectKind


class TextSchema(Schema):
    """A text as it stands, and what became of it where somebody looked at it."""

    kind = Choice(SubjectKind)
    id = fields.Integer()
    problem = fields.String(metadata={"description": "Number of the problem; empty where it was said in a meeting."})
    meeting_id = fields.Integer(allow_none=True)
    words = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "By field; a mark in brackets where the words were taken down."},
    )
    state = Choice(ReviewState, allow_none=True, metadata={"description": "Null where nothing is to be told."})
    reason = Choice(FlagReason, allow_none=True)
    under_review = fields.Boolean(metadata={"description": "Several people flagged it, or its author appealed."})
    order_organ = fields.String()
    order_basis = fields.String()
    order_date = fields.Date(allow_none=True)


@doors.route("/texts/<what>/<id:subject_id>")
@reading
@doors.response(200, TextSchema)
@doors.doc(
    operationId="show_text",
    summary="A text that people may flag, and what became of it",
    description="Concerns and answers, versions of solutions, changes and answers, pledges, minority opinions, "
    "summaries and what people object to them, interests, motions and objections to minutes of meetings, problems "
    "themselves and what is put to the vote.",
)
def show_text(what: str, subject_id: int) -> dict[str, Any]:
    """Show a text."""
    asked = acting.kind_of(what)
    text, about = text_of(g.actor, asked, subject_id)
    fate = fates_of(asked, [subject_id]).get((asked, subject_id)) or Fate(0, None, None, held=False, under_review=False)
    return {
        "kind": asked,
        "id": subject_id,
        "problem": about.number,
        "meeting_id": about.meeting_id,
        "words": text.words,
        "state": fate.state,
        "reason": fate.reason,
        "under_review": fate.under_review,
        "order_organ": fate.organ,
        "order_basis": fate.basis,
        "order_date": fate.dated,
    }


@doors.route("/texts/<what>/<id:subject_id>/flags", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(FlagBody)
@doors.response(201, FlaggedSchema)
@doors.doc(
    operationId="flag_text",
    summary="Flag a text other than a message or a statement",
    description="Anybody who is signed in; flagging again changes one's flag. Nobody is told who flagged.",
)
def flag_of_text(told: dict[str, Any], what: str, subject_id: int) -> dict[str, Any]:
    """Flag a text."""
    asked = acting.kind_of(what)
    acting.flag(
        g.actor,
        asked,
        subject_id,
        reason=told["reason"],
        words=told.get("words") or "",
        about_committee=bool(told.get("about_committee")),
    )
    return {"flagged": True}


class WithdrawnTextSchema(Schema):
    """That a text says nothing any more."""

    withdrawn = fields.Boolean()


@doors.route("/texts/<what>/<id:subject_id>/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, WithdrawnTextSchema)
@doors.doc(
    operationId="withdraw_text",
    summary="Erase the words of one's own problem or motion",
    description="Who raised a problem, while nobody else has met it; who moved a motion, until its notice is out.",
)
def withdraw_text(what: str, subject_id: int) -> dict[str, Any]:
    """Erase one's own text."""
    acting.take_back(g.actor, acting.kind_of(what), subject_id)
    return {"withdrawn": True}
