"""What was read, before it is a table: each vote with its time, of which the last counts."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan

import numpy as np

from cogov.ground.words import Words, say
from cogov.opinion.rules.chart.reading.faults import fault, unfit
from cogov.opinion.rules.chart.reading.rows import Told
from cogov.opinion.rules.chart.votes import (
    AGREE,
    DISAGREE,
    MOST_PARTICIPANTS,
    MOST_STATEMENTS,
    Floats,
    Ints,
    Votes,
    by_name,
)

LONGEST_NAME = 80
PARTICIPANT, STATEMENT = say("参与者编号"), say("陈述编号")


@dataclass(frozen=True)
class Given:
    """Votes as a table, the milliseconds of each if all have them, groups that somebody else has drawn, and words."""

    votes: Votes
    times: Floats | None
    labels: Mapping[str, str] | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    """What each statement says, where the files tell it."""


class Cast:
    """Votes as they are read, in any order; kept as numbers, so that millions of them fit."""

    def __init__(self) -> None:
        self.people: dict[str, int] = {}
        self.sayings: dict[str, int] = {}
        self.who, self.what, self.lines = array("i"), array("i"), array("i")
        self.how, self.when = array("b"), array("d")

    def take(self, line: int, participant: str, statement: str, vote: int, time: float | None) -> None:
        """Take one vote."""
        if not DISAGREE <= vote <= AGREE:
            fault(line, say("票只能是 1（同意）、0（跳过）或 -1（不同意）。"))
        self.who.append(_number(line, participant, self.people, PARTICIPANT))
        self.what.append(_number(line, statement, self.sayings, STATEMENT))
        self.how.append(vote)
        self.when.append(nan if time is None else time)
        self.lines.append(line)

    def given(self, told: Told | None = None, labels: Mapping[str, str] | None = None) -> Given:
        """Return the table; statements nobody voted on are not in it, and neither are groups of who did not vote."""
        if not self.who:
            unfit(say("文件里没有票。"))
        if len(self.people) > MOST_PARTICIPANTS or len(self.sayings) > MOST_STATEMENTS:
            unfit(say("最多 {n} 人、{m} 条陈述。", n=MOST_PARTICIPANTS, m=MOST_STATEMENTS))
        people, rows = _ranked(self.people, self.who)
        sayings, columns = _ranked(self.sayings, self.what)
        keys, when = rows * len(sayings) + columns, np.array(self.when)
        order = np.lexsort((when, keys))
        last = self._last(keys[order], when[order], order)
        keys, when = keys[last], when[last]
        told = told or Told()
        how = np.array(self.how)[last]
        votes = Votes.of(people, sayings, keys // len(sayings), keys % len(sayings), how, told.out, told.meta)
        return Given(votes, None if np.isnan(when).any() else when, labels, told.texts)

    def _last(self, keys: Ints, when: Floats, order: Ints) -> Ints:
        """Return which votes count: the last of each participant on each statement, if it is known which that is."""
        ends = np.append(keys[1:] != keys[:-1], True)
        last: Ints = order[ends]
        if last.size < order.size:
            # A time that is missing comes last of all, so wherever one is missing, nothing says which vote is.
            latest = last[np.concatenate(([0], np.cumsum(ends[:-1])))]
            how, at = np.array(self.how), np.array(self.when)[latest]
            unclear = ((when == at) | np.isnan(at)) & (how[order] != how[latest])
            if unclear.any():
                first = int(np.argmax(unclear))
                one, other = sorted((self.lines[order[first]], self.lines[latest[first]]))
                fault(other, say("和第 {at} 行是同一人对同一条，票却不同，也分不出先后。", at=one))
        return last


def _number(line: int, name: str, known: dict[str, int], label: Words) -> int:
    """Return the number of a name; a new one is looked at first."""
    number = known.get(name)
    if number is None:
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            fault(line, say("{label}空着、太长，或有不能显示的字符。", label=label))
        number = known[name] = len(known)
    return number


def _ranked(known: Mapping[str, int], numbers: array[int]) -> tuple[tuple[str, ...], Ints]:
    """Return the names in their order, and the place in it of each that was taken."""
    names = tuple(sorted(known, key=by_name))
    place = np.empty(len(names), np.int64)
    place[[known[name] for name in names]] = np.arange(len(names))
    places: Ints = place[np.array(numbers)]
    return names, places
