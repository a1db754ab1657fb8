"""The settings of a place, as the nearest place above has set them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, select

from cogov.ground.prepared import Prepared
from cogov.journal.kept import Of, kept
from cogov.places.models import Place, PlaceSetting
from cogov.places.rules import DEFAULTS, Setting, prefixes
from cogov.places.rules.codes import CODE_LENGTH


def setting(code: str, name: Setting) -> int:
    """Return a threshold or limit as the nearest place above has set it."""
    return kept(("setting", code, name), lambda: _setting(code, name), of=Of.REGISTERS)


def _setting(code: str, name: Setting) -> int:
    found = _SETTING.all({**above(code), "name": name.value})
    return found[0] if found else DEFAULTS[name]


_ABOVE = tuple(f"code_{index}" for index in range(len(CODE_LENGTH)))


def above(code: str) -> dict[str, str | None]:
    """Return what has to be given to a query with ``setting_column``, for a place."""
    return {**dict.fromkeys(_ABOVE), **dict(zip(_ABOVE, prefixes(code), strict=False))}


def _set_above(name: ColumnElement[str]) -> Select[int]:
    return (
        select(PlaceSetting.value)
        .join(Place, PlaceSetting.place_id == Place.id)
        .where(
            Place.code.in_([bindparam(each, type_=Place.code.type) for each in _ABOVE]),
            PlaceSetting.name == name,
        )
        .order_by(func.length(Place.code).desc())
        .limit(1)
    )


def setting_column(name: Setting) -> ColumnElement[int]:
    """Return a threshold as a column of a query that is asked anyway; see ``above`` for what it is given."""
    return func.coalesce(_set_above(literal(name.value, PlaceSetting.name.type)).scalar_subquery(), DEFAULTS[name])


_SETTING = Prepared(_set_above(bindparam("name", type_=PlaceSetting.name.type)), int)


def second_factor_asked(scopes: Iterable[str]) -> bool:
    """Say whether one of some places asks those who serve there for a second factor."""
    return any(setting(scope, Setting.SECOND_FACTOR_ASKED) for scope in scopes)
