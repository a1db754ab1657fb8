"""The register for programs: organizations, who acts for them, and who may not speak for a while."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields
from sqlalchemy import or_, select

from cogov.front.admin.parts import within
from cogov.front.admin.people.entering import any_pseudonym
from cogov.front.admin.sending import invite
from cogov.ground.api import Body, Choice, Id, Page, Text, When, cursor, door, part, verb_of
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refusal, Refused, insist
from cogov.ground.scopes import Scope
from cogov.ground.words import say
from cogov.people.api import OrganizationSchema
from cogov.people.commands import (
    agree_to_suspend,
    appoint,
    close_organization,
    correct_organization,
    dismiss,
    enter_organization,
    lift_suspension,
    register_person,
    suspend_person,
)
from cogov.people.models import Countersign, Organization, RoleHeld, Suspension
from cogov.people.rules import OrganizationKind, Role
from cogov.people.rules.contacts import contact_from
from cogov.people.rules.entering import pseudonym_from
from cogov.people.rules.keeping import SUSPENDERS, why_not_keep
from cogov.people.rules.suspension import SuspensionReason

doors = door("register", "Organizations, mandates and suspensions, for who keeps them")


# Organizations --------------------------------------------------------------------------------------------------------


class NamesBody(Body):
    """How an organization is called and reached; the contact is public."""

    name = Text(80, required=True)
    short_name = Text(20, load_default="")
    contact = Text(120, load_default="")


class OrganizationBody(NamesBody):
    """A new organization: of which kind, and for which place."""

    kind = Choice(OrganizationKind, required=True)
    scope = Text(32, required=True, metadata={"description": "Code of the place it answers for."})


@doors.route("/organizations", methods=["POST"])
@verb_of(Scope.KEEP)
@doors.arguments(OrganizationBody)
@doors.response(201, OrganizationSchema)
@doors.doc(
    operationId="enter_organization",
    summary="Enter an organization",
    description="Administrators, within their area. The kind cannot be changed afterwards.",
)
def enter(told: dict[str, Any]) -> Organization:
    """Enter an organization."""
    return enter_organization(g.actor, **told)


@doors.route("/organizations/<id:organization_id>", methods=["POST"])
@verb_of(Scope.KEEP)
@doors.arguments(NamesBody)
@doors.response(200, OrganizationSchema)
@doors.doc(
    operationId="correct_organization",
    summary="Correct how an organization is called and reached",
    description="Administrators, within their area. Kind and place stay.",
)
def correct(told: dict[str, Any], organization_id: int) -> Organization:
    """Correct an organization."""
    return correct_organization(g.actor, organization_id, **told)


@doors.route("/organizations/<id:organization_id>/end", methods=["POST"])
@verb_of(Scope.KEEP)
@doors.response(200, OrganizationSchema)
@doors.doc(
    operationId="close_organization",
    summary="End an organization and every mandate to act for it",
    description="Administrators, within their area. Every mandate to act for it ends with it.",
)
def close(organization_id: int) -> Organization:
    """End an organization."""
    return close_organization(g.actor, organization_id)


# Persons and roles ----------------------------------------------------------------------------------------------------


class PersonBody(Body):
    """Whom to enter; without a pseudonym one is made up, which they may change."""

    contact = Text(254, required=True, metadata={"description": "Mobile number or e-mail address."})
    name = Text(80, required=True)
    pseudonym = Text(20, load_default="")


class PersonSchema(Schema):
    """A person under the name that others see."""

    id = fields.Integer()
    pseudonym = fields.String()


_NO_CONTACT = Refusal("bad_contact", say("请写 11 位手机号，或完整的邮箱地址。"), status=422)


@doors.route("/persons", methods=["POST"])
@verb_of(Scope.KEEP)
@doors.arguments(PersonBody)
@doors.response(201, PersonSchema)
@doors.doc(
    operationId="register_person",
    summary="Enter a person and invite them",
    description="Administrators. The person signs in with the contact and a code; only who must knows the name.",
)
def register(told: dict[str, Any]) -> Any:
    """Enter a person."""
    contact, chosen = contact_from(told["contact"]), pseudonym_from(told["pseudonym"])
    if contact is None:
        raise Refused(_NO_CONTACT)
    person = register_person(g.actor, contact=contact, name=told["name"], pseudonym=chosen or any_pseudonym())
    invite(contact)
    return person


class RoleSchema(Schema):
    """A role that somebody holds: where, for whom, on which paper, from when until when."""

    id = fields.Integer()
    person_id = fields.Integer()
    role = Choice(Role)
    scope = fields.String()
    organization_id = fields.Integer(allow_none=True)
    public_name = fields.String()
    document = fields.String()
    since = When()
    until = When(allow_none=True)
    ended_at = When(allow_none=True)


class SettledSchema(Schema):
    """The role as it is now; or until when a second administrator may sign at the console, before it changes."""

    role = fields.Nested(RoleSchema, allow_none=True)
    waits_until = When(allow_none=True)


def _settled(row: RoleHeld | Countersign) -> dict[str, Any]:
    if isinstance(row, Countersign):
        return {"role": None, "waits_until": row.until}
    return {"role": row, "waits_until": None}


class RolesSchema(Schema):
    """A part of the list."""

    items = fields.List(fields.Nested(RoleSchema))
    next = fields.String()


class RolesQuery(Page):
    """Which roles in your area."""

    role = Choice(Role)


@doors.route("/roles")
@verb_of(Scope.KEEP)
@doors.arguments(RolesQuery, location="query")
@doors.response(200, RolesSchema)
@doors.doc(
    operationId="list_roles",
    summary="Who holds which role in your area, the latest first",
    description="Administrators: what is held now in their area.",
)
def list_roles(asked: dict[str, Any]) -> dict[str, Any]:
    """List the roles held in one's area."""
    _insist_keeper()
    alive = (RoleHeld.ended_at.is_(None), or_(RoleHeld.until.is_(None), RoleHeld.until > now()))
    query = select(RoleHeld).where(within(RoleHeld.scope), *alive)
    if "role" in asked:
        query = query.where(RoleHeld.role == asked["role"])
    if (before := cursor(asked["after"])) is not None:
        query = query.where(RoleHeld.id < before)
    rows = session().scalars(query.order_by(RoleHeld.id.desc()).limit(asked["limit"] + 1)).all()
    return part(rows, asked["limit"], lambda row: str(row.id))


def _insist_keeper(*others: Role) -> None:
    kept = any(held.role in (Role.ADMINISTRATOR, *others) for held in g.actor.standings)
    insist(None if kept else why_not_keep(g.actor, ""))


class AppointBody(Body):
    """Which role, where, for whom, on which paper, from when until when."""

    role = Choice(Role, required=True)
    scope = Text(32, required=True, metadata={"description": "Code of the place it reaches."})
    organization_id = Id(allow_none=True, load_default=None)
    public_name = Text(80, load_default="", metadata={"description": "The name others see when they act for it."})
    document = Text(120, load_default="")
    since = When(allow_none=True, load_default=None)
    until = When(allow_none=True, load_default=None)


@doors.route("/persons/<id:person_id>/roles", methods=["POST"])
@verb_of(Scope.KEEP)
@doors.arguments(AppointBody)
@doors.response(201, SettledSchema)
@doors.doc(
    operationId="appoint",
    summary="Give somebody else a role",
    description="Administrators, within their area, and never for themselves. Who owns or rents is said by the "
    "roll, not by a role given here.",
)
def appoint_(told: dict[str, Any], person_id: int) -> dict[str, Any]:
    """Appoint somebody."""
    return _settled(appoint(g.actor, person_id=person_id, **told))


@doors.route("/roles/<id:role_id>/end", methods=["POST"])
@verb_of(Scope.KEEP)
@doors.response(200, SettledSchema)
@doors.doc(
    operationId="dismiss",
    summary="End a role",
    description="Administrators, within their area. It holds from the next thing the person does; the last "
    "administrator stays.",
)
def dismiss_(role_id: int) -> dict[str, Any]:
    """End a role."""
    return _settled(dismiss(g.actor, role_id))


# Suspension -----------------------------------------------------------------------------------------------------------


class SuspensionSchema(Schema):
    """That somebody may not raise, second, speak or claim at a place; it holds once `agreed_at` is there."""

    id = fields.Integer()
    person_id = fields.Integer()
    scope = fields.String()
    reason = Choice(SuspensionReason)
    since = When()
    until = When()
    agreed_at = When(allow_none=True)
    lifted_at = When(allow_none=True)


class SuspensionsSchema(Schema):
    """A part of the list."""

    items = fields.List(fields.Nested(SuspensionSchema))
    next = fields.String()


@doors.route("/suspensions")
@verb_of(Scope.KEEP)
@doors.arguments(Page, location="query")
@doors.response(200, SuspensionsSchema)
@doors.doc(
    operationId="list_suspensions",
    summary="Who may not speak in your area, and what waits for a second person",
    description="Administrators and the street office, within their area: those that hold and those that wait.",
)
def list_suspensions(asked: dict[str, Any]) -> dict[str, Any]:
    """List suspensions in one's area."""
    _insist_keeper(*SUSPENDERS)
    query = select(Suspension).where(
        within(Suspension.scope, *SUSPENDERS), Suspension.lifted_at.is_(None), Suspension.until > now()
    )
    if (before := cursor(asked["after"])) is not None:
        query = query.where(Suspension.id < before)
    rows = session().scalars(query.order_by(Suspension.id.desc()).limit(asked["limit"] + 1)).all()
    return part(rows, asked["limit"], lambda row: str(row.id))


class SuspendBody(Body):
    """For what reason, where and until when."""

    scope = Text(32, required=True, metadata={"description": "Code of the place."})
    reason = Choice(SuspensionReason, required=True)
    until = When(required=True)
    since = When(allow_none=True, load_default=None)


@doors.route("/persons/<id:person_id>/suspensions", methods=["POST"])
@verb_of(Scope.KEEP)
@doors.arguments(SuspendBody)
@doors.response(201, SuspensionSchema)
@doors.doc(
    operationId="suspend_person",
    summary="Keep somebody from speaking for a while",
    description="Administrators and the street office, within their area, and never for themselves. Over thirty "
    "days it waits for a second person. Reading and voting are never taken away.",
)
def suspend(told: dict[str, Any], person_id: int) -> Suspension:
    """Suspend somebody."""
    return suspend_person(g.actor, person_id=person_id, **told)


@doors.route("/suspensions/<id:suspension_id>/agreement", methods=["POST"])
@verb_of(Scope.KEEP)
@doors.response(200, SuspensionSchema)
@doors.doc(
    operationId="agree_to_suspend",
    summary="Agree, as a second person, to a long suspension",
    description="Another administrator or the street office than the one who proposed it; it holds from then on.",
)
def agree(suspension_id: int) -> Suspension:
    """Agree to a suspension."""
    return agree_to_suspend(g.actor, suspension_id)


@doors.route("/suspensions/<id:suspension_id>/lifting", methods=["POST"])
@verb_of(Scope.KEEP)
@doors.response(200, SuspensionSchema)
@doors.doc(
    operationId="lift_suspension",
    summary="Take a suspension back before its time",
    description="Administrators and the street office, within their area, and not who is suspended.",
)
def lift(suspension_id: int) -> Suspension:
    """Lift a suspension."""
    return lift_suspension(g.actor, suspension_id)
