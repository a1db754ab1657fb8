"""Ballots that a place keeps ready."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.decisions import commands
from cogov.decisions.api.current import FEN, doors
from cogov.decisions.api.motions import FormBody, OptionBody, shown_form, shown_options
from cogov.decisions.api.ruling import RulesQuery
from cogov.decisions.api.shown import FormSchema
from cogov.decisions.queries.templates import template_versions, templates_here
from cogov.decisions.rules.motions import CONSEQUENCE_LONGEST
from cogov.decisions.rules.templates import NAME_LONGEST as TEMPLATE_NAME_LONGEST
from cogov.decisions.rules.templates import REASON_LONGEST as TEMPLATE_REASON_LONGEST
from cogov.decisions.rules.templates import Written
from cogov.ground import scopes
from cogov.ground.api import (
    Body,
    Text,
    When,
    reading,
    verb_of,
)
from cogov.places.queries import place_by_code


class TemplateOptionSchema(Schema):
    """An option, what follows from it, and what it costs."""

    label = fields.String()
    consequence = fields.String()
    cost = fields.Integer(metadata={"description": FEN})


class TemplateSchema(Schema):
    """A ballot that a place keeps ready, in one of its versions."""

    id = fields.Integer()
    version = fields.Integer()
    name = fields.String()
    form = fields.Nested(FormSchema)
    options = fields.List(fields.Nested(TemplateOptionSchema))
    reason = fields.String(metadata={"description": "Why it was changed into this version."})
    at = When()
    retired_at = When(allow_none=True)


class TemplateBody(Body):
    """How the ballot is put, and what can be chosen; without options it is answered with yes, no or abstention."""

    name = Text(TEMPLATE_NAME_LONGEST, required=True)
    form = fields.Nested(FormBody, allow_none=True, load_default=None)
    options = fields.List(fields.Nested(OptionBody), load_default=list)
    agree = Text(CONSEQUENCE_LONGEST, load_default="", metadata={"description": "What follows from a yes."})
    disagree = Text(CONSEQUENCE_LONGEST, load_default="", metadata={"description": "What follows from a no."})
    abstain = Text(CONSEQUENCE_LONGEST, load_default="")


class NewTemplateBody(TemplateBody):
    """The ballot, and the place that keeps it."""

    place = Text(12, required=True)


class ChangedTemplateBody(TemplateBody):
    """The ballot, and why it is changed."""

    reason = Text(TEMPLATE_REASON_LONGEST, required=True)


def _template(told: dict[str, Any]) -> Written:
    form = shown_form(told["form"])
    return Written(told["name"], form, tuple(shown_options(told, form)))


@doors.route("/ballot-templates")
@reading
@doors.arguments(RulesQuery, location="query")
@doors.response(200, TemplateSchema(many=True))
@doors.doc(
    operationId="list_ballot_templates",
    summary="The ballots that a place keeps ready",
    description="Anybody. What a motion can begin with; its rule still says which ballots it admits.",
)
def list_ballot_templates(asked: dict[str, Any]) -> Any:
    """List the templates of a place."""
    return templates_here(place_by_code(asked["place"]).id)


@doors.route("/ballot-templates/<id:template_id>")
@reading
@doors.response(200, TemplateSchema(many=True))
@doors.doc(
    operationId="show_ballot_template",
    summary="All versions of a ballot that a place keeps ready",
    description="Anybody. Each version with its options and its form, the newest first; a motion names the one "
    "it begins with.",
)
def show_ballot_template(template_id: int) -> Any:
    """Show the versions of a template."""
    return template_versions(template_id)


@doors.route("/ballot-templates", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(NewTemplateBody)
@doors.response(201, TemplateSchema(many=True))
@doors.doc(
    operationId="write_ballot_template",
    summary="Write a ballot that a place keeps ready",
    description="Moderators, the chair, the owners' committee, the street office and administrators of the place.",
)
def write_ballot_template(told: dict[str, Any]) -> Any:
    """Write a template."""
    return template_versions(commands.write_template(g.actor, told["place"], _template(told)).template_id)


@doors.route("/ballot-templates/<id:template_id>", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(ChangedTemplateBody)
@doors.response(200, TemplateSchema(many=True))
@doors.doc(
    operationId="change_ballot_template",
    summary="Write another version of a ballot that a place keeps ready",
    description="Those who may write one. Motions moved before keep what they were moved with.",
)
def change_ballot_template(told: dict[str, Any], template_id: int) -> Any:
    """Change a template."""
    commands.change_template(g.actor, template_id, _template(told), reason=told["reason"])
    return template_versions(template_id)


@doors.route("/ballot-templates/<id:template_id>/retirement", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.response(200, TemplateSchema(many=True))
@doors.doc(
    operationId="retire_ballot_template",
    summary="No longer offer a ballot that a place keeps ready",
    description="Those who may write one. Its versions stay to be read.",
)
def retire_ballot_template(template_id: int) -> Any:
    """Retire a template."""
    commands.retire_template(g.actor, template_id)
    return template_versions(template_id)
