"""The sheet of grids: codes of 15 digits with their polygons, from CSV or GeoJSON, in whole micro-degrees."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from cogov.ground.refusals import Refused, insist
from cogov.ground.sheets import Column, Line, Table, code_of, needed, refuse
from cogov.ground.words import say
from cogov.places.rules.codes import CODE_LENGTH, PlaceKind
from cogov.places.rules.rings import Ring, why_not_ring

GRID_COLUMNS = (
    Column("code", "网格代码", ("代码", "编码", "grid_code"), needed=True, longest=32),
    Column("name", "网格名称", ("名称",)),
    Column("ring", "边界", ("坐标", "wkt", "geometry", "polygon"), needed=True, longest=90_000),
)
_PROPERTIES = {name.casefold(): column.name for column in GRID_COLUMNS[:2] for name in column.names}
_POLYGON = re.compile(r"\s*POLYGON\s*\(\(([^()]*)\)\)\s*", re.IGNORECASE)
_MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class GridRow:
    """A grid as a line draws it."""

    code: str
    name: str
    ring: Ring


def grid_row(cells: Mapping[str, str]) -> GridRow:
    """Return the grid of a line; without a name it is called by the last three digits of its code."""
    code = code_of(needed(cells, "code", "网格代码"), "网格代码")
    if len(code) != CODE_LENGTH[PlaceKind.GRID]:
        refuse("code_length", say("网格代码 {code} 有 {n} 位，应是 15 位。", code=code, n=len(code)))
    ring = _ring(needed(cells, "ring", "边界"))
    insist(why_not_ring(ring))
    return GridRow(code, cells.get("name") or f"第 {int(code[-3:])} 网格", ring)


def _ring(text: str) -> Ring:
    match = _POLYGON.fullmatch(text)
    if match is None:
        refuse("ring_malformed", say("边界应写成 POLYGON ((经度 纬度, …))，一圈，没有洞。"))
    points = tuple(_point(pair.split()) for pair in match[1].split(","))
    # Rounding may lay neighbours on each other; an edge of no length is no edge.
    return points[:1] + tuple(b for a, b in pairwise(points) if a != b)


def _point(pair: Sequence[object]) -> tuple[int, int]:
    if len(pair) not in {2, 3}:
        refuse("point_malformed", say("边界上有一个点不是“经度 纬度”。"))
    return _micro(pair[0], 180), _micro(pair[1], 90)


def _micro(value: object, most: int) -> int:
    try:
        degrees = Decimal(str(value))
        if not abs(degrees) <= most:
            refuse("ring_out_of_range", say("坐标超出经纬度范围。"))
        return int(degrees.quantize(_MICRO).scaleb(6))
    except InvalidOperation:
        refuse("point_malformed", say("边界上有一个坐标不是数字。"))


# GeoJSON -----------------------------------------------------------------------------------------------------------


def looks_like_json(text: str) -> bool:
    """Say whether a text is meant as GeoJSON and not as a table."""
    return text.lstrip()[:1] in {"{", "["}


def features_of(text: str) -> Table:
    """Return the features of a GeoJSON text as lines; a line's number is the feature's."""
    try:
        document = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        refuse(
            "json_malformed",
            say("GeoJSON 在第 {line} 行第 {column} 列读不下去。", line=error.lineno, column=error.colno),
        )
    except (ValueError, RecursionError):
        refuse("json_malformed", say("GeoJSON 里有读不出的数字，或层次太深。"))
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        refuse("json_not_features", say("文件应是 GeoJSON 的 FeatureCollection。"))
    return Table(_features(features), len(features))


def _no_number(_text: str) -> None:
    raise ValueError


def _features(features: Sequence[Any]) -> Iterator[Line]:
    for number, feature in enumerate(features, start=1):
        try:
            yield Line(number, _feature(feature))
        except Refused as error:
            yield Line(number, {}, error.refusal)


def _feature(feature: object) -> dict[str, str]:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        refuse("feature_malformed", say("这个要素没有属性。"))
    cells: dict[str, str] = {}
    for title, value in feature["properties"].items():
        name = _PROPERTIES.get(title.casefold())
        if name and isinstance(value, str | int):
            cells[name] = str(value).strip()[:80]
    points = ", ".join(f"{x} {y}" for x, y in (_pair(point) for point in _only_ring(feature.get("geometry"))))
    return {**cells, "ring": f"POLYGON (({points}))"}


def _only_ring(geometry: object) -> list[Any]:
    kind, rings = (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, dict) else (None, None)
    if kind == "MultiPolygon" and isinstance(rings, list) and len(rings) == 1:
        kind, rings = "Polygon", rings[0]
    if kind != "Polygon" or not isinstance(rings, list) or len(rings) != 1 or not isinstance(rings[0], list):
        refuse("geometry_not_ring", say("图形应是一个没有洞的多边形。"))
    return rings[0]


def _pair(point: object) -> tuple[object, object]:
    if not isinstance(point, list) or not all(isinstance(value, Decimal | int) for value in point) or len(point) < 2:
        refuse("point_malformed", say("边界上有一个点不是“经度 纬度”。"))
    return point[0], point[1]
