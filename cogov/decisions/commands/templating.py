"""The ballots that a place keeps ready: written, changed into another version, no longer used."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from cogov.decisions.events import TemplateRetired, TemplateWritten
from cogov.decisions.models import BallotTemplate, BallotTemplateVersion
from cogov.decisions.queries.templates import templates_in_use
from cogov.decisions.rules.methods import write_form
from cogov.decisions.rules.templates import (
    EDITORS,
    MOST,
    Written,
    too_many,
    why_not_change,
    why_not_template,
    write_options,
)
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refused, insist
from cogov.ground.wording import tidy
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.people.rules.keeping import why_not_keep
from cogov.places.models import Place
from cogov.places.queries import place_by_code, place_by_id


@verb
def write_template(by: Actor, place_code: str, written: Written, *, once: str | None = None) -> BallotTemplateVersion:
    """Write a ballot that a place keeps ready."""
    place = place_by_code(place_code)
    insist(why_not_keep(by, place.code, *EDITORS))
    insist_once(by, once)
    if templates_in_use(place.id) >= MOST:
        raise Refused(too_many())
    template = BallotTemplate(place_id=place.id, version=1)
    written = _tidied(written)
    insist(why_not_template(written))
    session().add(template)
    session().flush()
    return _version(by, place, template, written, "")


@verb
def change_template(
    by: Actor, template_id: int, written: Written, *, reason: str, once: str | None = None
) -> BallotTemplateVersion:
    """Write another version of a ballot; motions moved before keep what they were moved with."""
    template, place = _for_change(by, template_id)
    insist_once(by, once)
    reason, written = tidy(reason), _tidied(written)
    insist(why_not_change(reason, retired=template.retired_at is not None))
    insist(why_not_template(written))
    template.version += 1
    return _version(by, place, template, written, reason)


@verb
def retire_template(by: Actor, template_id: int, *, once: str | None = None) -> BallotTemplate:
    """No longer offer a ballot; its versions stay to be read."""
    template, place = _for_change(by, template_id)
    insist_once(by, once)
    if template.retired_at is None:
        template.retired_at, template.retired_by = now(), found(by.person_id)
        _record(TemplateRetired(template.id), by, place)
    return template


def _tidied(written: Written) -> Written:
    options = tuple(
        replace(each, label=tidy(each.label), consequence=tidy(each.consequence)) for each in written.options
    )
    return replace(written, name=tidy(written.name), options=options)


def _for_change(by: Actor, template_id: int) -> tuple[BallotTemplate, Place]:
    query = for_change(select(BallotTemplate).where(BallotTemplate.id == template_id))
    template = found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())
    place = place_by_id(template.place_id)
    insist(why_not_keep(by, place.code, *EDITORS))
    return template, place


def _version(by: Actor, place: Place, template: BallotTemplate, written: Written, reason: str) -> BallotTemplateVersion:
    standing = by.standing(place.code, *EDITORS)
    row = BallotTemplateVersion(
        template_id=template.id,
        version=template.version,
        name=written.name,
        form=write_form(written.form),
        options=write_options(written.options),
        reason=reason,
        salt=salt(),
        person_id=found(by.person_id),
        organization_id=standing.organization_id if standing is not None else None,
        at=now(),
    )
    session().add(row)
    session().flush()
    words = commit_to(row.salt, row.name, row.form, row.options, row.reason)
    _record(TemplateWritten(template.id, row.version, words), by, place)
    return row


def _record(event: Event, by: Actor, place: Place) -> None:
    record(event, by.under(by.standing(place.code, *EDITORS)), place_id=place.id)
