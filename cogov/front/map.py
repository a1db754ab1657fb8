"""The problems of a community as pins on its drawing: what each pin says, and how exactly a reader may know where."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_pgettext
from sqlalchemy import select

from cogov.ground.db import session
from cogov.ground.pages import dossier_url, words
from cogov.journal.kept import kept
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.places.queries import fields_of
from cogov.places.rules import Drawing, Spot, draw, middle
from cogov.problems.models import Problem
from cogov.problems.queries import condition, sight_of
from cogov.problems.rules.ribbon import Standing, in_words
from cogov.problems.rules.stages import Official, Stage
from cogov.problems.rules.wanted import PERSONAL, Wanted

PINS = 60

_MARKS = {
    Stage.RAISED: (lazy_pgettext("pin", "新"), "ours"),
    Stage.GATHERING: (lazy_pgettext("pin", "议"), "ours"),
    Stage.MEDIATING: (lazy_pgettext("pin", "议"), "ours"),
    Stage.DECIDING: (lazy_pgettext("pin", "表"), "ours"),
    Stage.ACTING: (lazy_pgettext("pin", "认"), "claim"),
    Stage.OFFICIAL: (lazy_pgettext("pin", "办"), "body"),
    Stage.CONFIRMING: (lazy_pgettext("pin", "确"), "confirm"),
    Stage.ENDED: (lazy_pgettext("pin", "成"), "mixed"),
}
_DANGER = (lazy_pgettext("pin", "急"), "danger")


def lives_here(by: Actor, here: Place) -> bool:
    """Say whether a reader belongs to a place; whoever does not learns of a pin only the grid."""
    return by.inside(here.code)


def problem_map(by: Actor, here: Place, wanted: Wanted, own: int | None, at: datetime) -> Drawing | None:
    """Return the drawing of a community with the latest problems of a list on it, in two queries."""
    fields = fields_of(here.id)
    if not fields:
        return None
    centres = {} if lives_here(by, here) else {field.id: middle(field.ring) for field in fields}
    spots = [_spot(row, centres) for row in _pins(by, wanted, at)]
    return draw(fields, [spot for spot in spots if spot is not None], own)


def _pins(by: Actor, wanted: Wanted, at: datetime) -> list[tuple[Any, ...]]:
    if wanted.marks & PERSONAL:
        return _pinned(by, wanted, at)
    # Whoever has the same sight sees the same problems, wherever in the list they are not their own.
    return kept(("pins", sight_of(by), wanted), lambda: _pinned(by, wanted, at))


def _pinned(by: Actor, wanted: Wanted, at: datetime) -> list[tuple[Any, ...]]:
    query = (
        select(
            Problem.number,
            Problem.title,
            Problem.longitude,
            Problem.latitude,
            Problem.grid_id,
            Problem.stage,
            Problem.official,
            Problem.ending,
            Problem.lane,
            Problem.emergency,
        )
        .where(condition(by, wanted, at), Problem.longitude.is_not(None))
        .order_by(Problem.id.desc())
        .limit(PINS)
    )
    return [tuple(row) for row in session().execute(query)]


def _spot(row: Any, centres: dict[int, tuple[int, int]]) -> Spot | None:
    number, title, longitude, latitude, grid_id, stage, official, ending, lane, emergency = row
    if centres:
        if grid_id not in centres:
            return None
        longitude, latitude = centres[grid_id]
    urgent = emergency and official is Official.OPEN and stage is not Stage.ENDED
    mark, kind = _DANGER if urgent else _MARKS[stage]
    line = words(in_words(Standing(lane, stage, official, ending)))
    return Spot(longitude, latitude, str(mark), kind, dossier_url(number), title, line)
