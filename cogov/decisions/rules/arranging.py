"""Ranking step by step, with buttons: put one more last, move it up or down, take it off again."""

import re
from enum import StrEnum

from cogov.decisions.rules.methods import MOST_OPTIONS, Marks


class Step(StrEnum):
    """What a button does to a ranking that is not sent yet."""

    ADD = "add"
    UP = "up"
    DOWN = "down"
    DROP = "drop"


_ASKED = re.compile(r"(add|up|down|drop)-([1-9][0-9]?)")


def asked_step(text: str) -> tuple[Step, int] | None:
    """Read which button was pressed, and for which option; None where it was none."""
    found = _ASKED.fullmatch(text)
    return (Step(found[1]), int(found[2])) if found and int(found[2]) <= MOST_OPTIONS else None


def in_order(marks: Marks) -> list[int] | None:
    """Return positions by rank; None where ranks are missing or given twice, so that no order can be shown."""
    order = sorted(marks, key=lambda position: (marks[position], position))
    return order if [marks[position] for position in order] == list(range(1, len(order) + 1)) else None


def rearranged(marks: Marks, step: Step, position: int) -> dict[int, int]:
    """Return the ranking after one step; what cannot be moved further stays where it is."""
    order = in_order(marks)
    if order is None:
        order = sorted(marks, key=lambda each: (marks[each], each))
    if step is Step.ADD:
        order = [*(each for each in order if each != position), position]
    elif position in order:
        place = order.index(position)
        order.pop(place)
        if step is not Step.DROP:
            order.insert(max(0, place + (1 if step is Step.DOWN else -1)), position)
    return {each: rank for rank, each in enumerate(order, start=1)}
