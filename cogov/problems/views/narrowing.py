"""The state of a list in its address: read from it, and written into each way on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from flask import request, url_for
from flask_babel import gettext

from cogov.ground.pages import id_arg, words
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.problems.queries import Counts
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.ribbon import STAGE_WORDS
from cogov.problems.rules.stages import Stage
from cogov.problems.rules.wanted import LANE_WORDS, MARKS, ORDERS, PERSONAL, Mark, Order, Wanted

EVERY_STAGE = "all"
KEPT = ("place", "stage", "lane", "grid", "matter", "holder", *Mark, "sort")

LONGEST_ADDRESS = 300

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Narrowing:
    """What an address asks for."""

    wanted: Wanted
    order: Order
    after: str

    @property
    def narrowed(self) -> bool:
        """Say whether anything is left out beside what has ended."""
        return replace(self.wanted, ended=None) != Wanted(self.wanted.community_id)


def asked(by: Actor, here: Place, grids: Iterable[Place]) -> Narrowing:
    """Return what this address asks for; what makes no sense is left out."""
    stage = _choice(Stage, "stage")
    grid = id_arg("grid")
    every = request.args.get("stage") == EVERY_STAGE
    wanted = Wanted(
        here.id,
        stage=stage,
        ended=None if stage is not None or every else False,
        lane=_choice(Lane, "lane"),
        grid_id=grid if grid in {each.id for each in grids} else None,
        matter_id=id_arg("matter"),
        holder_id=id_arg("holder"),
        marks=frozenset(mark for mark in offered_marks(by) if request.args.get(mark)),
    )
    return Narrowing(wanted, _choice(Order, "sort") or Order.NEWEST, request.args.get("after", ""))


def _choice(kind: type[Choice], name: str) -> Choice | None:
    value = request.args.get(name, "")
    return kind(value) if value in {each.value for each in kind} else None


def offered_marks(by: Actor) -> list[Mark]:
    """Return the marks this reader can ask for."""
    return [mark for mark in Mark if by.person_id is not None or mark not in PERSONAL]


def way(here: Place, **changes: Any) -> str:
    """Return the address of the list with something changed; an empty value takes it away."""
    values: dict[str, Any] = {**_kept(), "place": here.code, **changes}
    return url_for("problems.index", **{name: value for name, value in values.items() if value != ""})


def _kept() -> dict[str, str]:
    given = request.args.to_dict()
    return {name: given[name] for name in KEPT if given.get(name)}


def shown_way() -> tuple[tuple[str, str], ...]:
    """Return what of the address stands in every link of the list."""
    return tuple(_kept().items())


def is_personal(narrowing: Narrowing) -> bool:
    """Say whether a list holds what is one reader's own, or was asked for at such a length that nobody asks again."""
    return bool(narrowing.wanted.marks & PERSONAL) or len(request.query_string) > LONGEST_ADDRESS


# Chips ---------------------------------------------------------------------------------------------------------------


def stage_chips(here: Place, wanted: Wanted, counts: Counts) -> list[dict[str, Any]]:
    """Return how far a problem is, as chips; those that would show nothing are left out."""
    chips = [_chip(way(here, stage=""), gettext("没办完"), counts.open, current=wanted.ended is False)]
    for stage, text in STAGE_WORDS.items():
        number, current = counts.stages.get(stage, 0), wanted.stage is stage
        if number or current:
            chips.append(_chip(way(here, stage=stage.value), words(text), number, current=current))
    everything = wanted.stage is None and wanted.ended is None
    return [*chips, _chip(way(here, stage=EVERY_STAGE), gettext("全部"), counts.everything, current=everything)]


def mark_chips(here: Place, wanted: Wanted, counts: Counts) -> list[dict[str, Any]]:
    """Return the marks as chips to switch on and off, and what else the list is narrowed to, to be taken away."""
    chips = []
    for mark, number in counts.marks.items():
        current = mark in wanted.marks
        if number or current:
            url = way(here, **{mark.value: "" if current else 1})
            chips.append(_chip(url, words(MARKS[mark]), number, current=current))
    return chips


def _chip(url: str, text: str, count: int, *, current: bool) -> dict[str, Any]:
    return {"url": url, "text": text, "count": count, "current": current}


def order_ways(here: Place, order: Order) -> list[dict[str, Any]]:
    """Return the orders a list can have."""
    return [
        {"url": way(here, sort=each.value), "text": words(text), "current": each is order}
        for each, text in ORDERS.items()
    ]


# The form ------------------------------------------------------------------------------------------------------------

Options = Iterable[tuple[Any, str]]


def form_fields(
    narrowing: Narrowing, counts: Counts, grids: Iterable[Place], matters: Options, holders: Options
) -> list[dict[str, Any]]:
    """Return every condition as a field; the form sends them in the address."""
    wanted = narrowing.wanted
    lanes = [(lane.value, _with_count(words(text), counts.lanes.get(lane, 0))) for lane, text in LANE_WORDS.items()]
    places = [(grid.id, _with_count(grid.name, counts.grids.get(grid.id, 0))) for grid in grids]
    return [
        _select("grid", gettext("在哪个网格"), wanted.grid_id, places, gettext("全社区")),
        _select("lane", gettext("走哪条路"), wanted.lane, lanes, gettext("哪条都行")),
        _select("matter", gettext("什么事"), wanted.matter_id, matters, gettext("什么事都行")),
        _select("holder", gettext("现在由谁负责"), wanted.holder_id, holders, gettext("谁都行")),
    ]


def _with_count(text: str, number: int) -> str:
    return gettext("%(text)s（%(n)s）", text=text, n=number)


def _select(name: str, label: str, value: Any, options: Options, any_: str) -> dict[str, Any]:
    choices = [{"value": "", "label": any_}, *({"value": each, "label": text} for each, text in options)]
    return {"name": name, "label": label, "kind": "select", "value": value or "", "options": choices}


def hidden_fields(here: Place) -> dict[str, str]:
    """Return what the form keeps as it is."""
    shown = ("grid", "lane", "matter", "holder")
    kept = {name: value for name, value in _kept().items() if name not in shown}
    return {**kept, "place": here.code}
