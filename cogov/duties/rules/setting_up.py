"""What a community still needs before it opens: facts in, the five steps and their sentences out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cogov.ground.words import Words, say
from cogov.people.rules import Role, role_words
from cogov.places.rules.opening import Step

SHOWN = 6


@dataclass(frozen=True)
class SetUpFacts:
    """What is there and what lacks, counted by queries; names of grids, roles without anybody."""

    grids: int
    bare: tuple[str, ...]
    undrawn: int
    posts_missing: tuple[Role, ...]
    officials: bool
    unheld: tuple[str, ...]
    undeputed: tuple[str, ...]
    matters: int
    uncovered: int
    days: int
    rules_at: datetime | None
    begun: bool
    opened: bool

    def missing(self, step: Step) -> list[Words]:
        """Return a sentence for everything that a step still lacks."""
        return list(_LACKS[step](self))

    @property
    def steps_missing(self) -> list[Step]:
        """Return the steps that are not done."""
        return [step for step in Step if self.missing(step)]


def _some(names: tuple[str, ...]) -> str:
    return "、".join(names[:SHOWN]) + ("…" if len(names) > SHOWN else "")


def _grids(facts: SetUpFacts) -> Iterator[Words]:
    if not facts.grids:
        yield say("还没有网格")
    if facts.bare:
        yield say("既没有楼栋也没有边界：{names}", names=_some(facts.bare))


def _people(facts: SetUpFacts) -> Iterator[Words]:
    for role in facts.posts_missing:
        yield say("还没有{role}", role=role_words(role))
    if not facts.officials:
        yield say("还没有办事的单位和经办人")
    if not facts.grids:
        yield say("先划网格，才有网格的负责人")
    if facts.unheld:
        yield say("没有负责人：{names}", names=_some(facts.unheld))
    if facts.undeputed:
        yield say("没有替班人：{names}", names=_some(facts.undeputed))


def _duties(facts: SetUpFacts) -> Iterator[Words]:
    if not facts.matters:
        yield say("还没有事项目录")
    if facts.uncovered:
        yield say("{n} 个事项还没有责任单位", n=facts.uncovered)


def _calendar(facts: SetUpFacts) -> Iterator[Words]:
    if not facts.days:
        yield say("今年的节假日还没有登记")


def _rules(facts: SetUpFacts) -> Iterator[Words]:
    if facts.rules_at is None:
        yield say("规则和期限还没有人确认")


_LACKS = {
    Step.GRIDS: _grids,
    Step.PEOPLE: _people,
    Step.DUTIES: _duties,
    Step.CALENDAR: _calendar,
    Step.RULES: _rules,
}
