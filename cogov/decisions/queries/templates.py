"""The ballots that places keep ready, and their versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from cogov.decisions.models import BallotTemplate, BallotTemplateVersion
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.methods import BallotForm, read_form
from cogov.decisions.rules.templates import read_options
from cogov.ground.db import found, session
from cogov.people.queries import public_names


@dataclass(frozen=True)
class TemplateShown:
    """A template in one of its versions."""

    id: int
    place_id: int
    version: int
    current: int
    name: str
    form: BallotForm
    options: tuple[Option, ...]
    reason: str
    by: str
    at: datetime
    retired_at: datetime | None


def _current() -> ColumnElement[bool]:
    return and_(
        BallotTemplateVersion.template_id == BallotTemplate.id,
        BallotTemplateVersion.version == BallotTemplate.version,
    )


def templates_here(place_id: int) -> list[TemplateShown]:
    """Return the templates of a place that are in use, by name."""
    query = (
        select(BallotTemplate, BallotTemplateVersion)
        .join(BallotTemplateVersion, _current())
        .where(BallotTemplate.place_id == place_id, BallotTemplate.retired_at.is_(None))
        .order_by(BallotTemplateVersion.name, BallotTemplate.id)
    )
    return _shown(session().execute(query).all())


def templates_for(community_id: int) -> list[TemplateShown]:
    """Return the templates that a motion of a community can begin with."""
    return templates_here(community_id)


def template_versions(template_id: int) -> list[TemplateShown]:
    """Return all versions of a template, the newest first; not found where there is none."""
    query = (
        select(BallotTemplate, BallotTemplateVersion)
        .join(BallotTemplateVersion, BallotTemplateVersion.template_id == BallotTemplate.id)
        .where(BallotTemplate.id == template_id)
        .order_by(BallotTemplateVersion.version.desc())
    )
    versions = _shown(session().execute(query).all())
    found(versions or None)
    return versions


def templates_in_use(place_id: int) -> int:
    """Return how many templates a place has."""
    query = select(func.count()).where(BallotTemplate.place_id == place_id, BallotTemplate.retired_at.is_(None))
    return session().scalar(query) or 0


def _shown(rows: Iterable[Any]) -> list[TemplateShown]:
    rows = list(rows)
    names = public_names((version.person_id, version.organization_id) for _, version in rows)
    shown = []
    for template, version in rows:
        face = names.get((version.person_id, version.organization_id))
        shown.append(
            TemplateShown(
                id=template.id,
                place_id=template.place_id,
                version=version.version,
                current=template.version,
                name=version.name,
                form=read_form(version.form),
                options=read_options(version.options),
                reason=version.reason,
                by=face.organization_name if face else "",
                at=version.at,
                retired_at=template.retired_at,
            )
        )
    return shown
