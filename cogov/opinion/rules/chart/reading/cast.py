"""What was read, before it is a table: each vote with its time, of which the last counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cogov.ground.words import say
from cogov.opinion.rules.chart.reading.faults import fault, unfit
from cogov.opinion.rules.chart.votes import AGREE, DISAGREE, MOST_PARTICIPANTS, MOST_STATEMENTS, Floats, Votes

LONGEST_NAME = 80


@dataclass(frozen=True)
class Given:
    """Votes as a table, the milliseconds of each if all have them, groups that somebody else has drawn, and words."""

    votes: Votes
    times: Floats | None
    labels: Mapping[str, str] | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    """What each statement says, where the files tell it."""


@dataclass(frozen=True)
class Told:
    """What is told of statements: which are out, which only ask who somebody is, and what they say."""

    out: tuple[str, ...] = ()
    meta: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Cast:
    """Votes as they are read, in any order."""

    last: dict[tuple[str, str], tuple[float | None, int, int]] = field(default_factory=dict)
    """Of each participant and statement: when, the vote, and the line that says so."""

    def take(self, line: int, participant: str, statement: str, vote: int, time: float | None) -> None:
        """Take one vote; an earlier one of the same participant on the same statement gives way."""
        for name, label in ((participant, say("参与者编号")), (statement, say("陈述编号"))):
            if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
                fault(line, say("{label}空着、太长，或有不能显示的字符。", label=label))
        if not DISAGREE <= vote <= AGREE:
            fault(line, say("票只能是 1（同意）、0（跳过）或 -1（不同意）。"))
        held = self.last.get((participant, statement))
        if held is None:
            self.last[participant, statement] = (time, vote, line)
            return
        when, was, at = held
        if (time is None or time == when) and was != vote:
            fault(line, say("和第 {at} 行是同一人对同一条，票却不同，也分不出先后。", at=at))
        if time is not None and when is not None and time > when:
            self.last[participant, statement] = (time, vote, line)

    def given(self, told: Told | None = None, labels: Mapping[str, str] | None = None) -> Given:
        """Return the table; statements nobody voted on are not in it, and neither are groups of who did not vote."""
        if not self.last:
            unfit(say("文件里没有票。"))
        people, sayings = ({pair[place]: None for pair in self.last} for place in (0, 1))
        if len(people) > MOST_PARTICIPANTS or len(sayings) > MOST_STATEMENTS:
            unfit(say("最多 {n} 人、{m} 条陈述。", n=MOST_PARTICIPANTS, m=MOST_STATEMENTS))
        who = {name: place for place, name in enumerate(people)}
        what = {name: place for place, name in enumerate(sayings)}
        rows = [who[name] for name, _ in self.last]
        columns = [what[name] for _, name in self.last]
        how = [vote for _, vote, _ in self.last.values()]
        told = told or Told()
        votes = Votes.of(tuple(people), tuple(sayings), rows, columns, how, told.out, told.meta)
        return Given(votes, self._times(votes), labels, told.texts)

    def _times(self, votes: Votes) -> Floats | None:
        if any(time is None for time, _, _ in self.last.values()):
            return None
        names, sayings = votes.participants, votes.statements
        pairs = zip(votes.by.tolist(), votes.on.tolist(), strict=True)
        return np.array([self.last[names[row], sayings[column]][0] for row, column in pairs], np.float64)
