"""Reasons that are written beside ballots: published only as their writers and a second pair of eyes allow."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from cogov.decisions.rules.methods import RANKING, BallotForm, Method, parse_marks
from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Role

CHECKS = Role.MODERATOR
"""Who reads reasons before all others do; of the ballots beside them nothing is seen there."""


class Withheld(StrEnum):
    """Why a reason is not published."""

    PERSON = "person"
    INSULT = "insult"
    ELSEWHERE = "elsewhere"
    UNLAWFUL = "unlawful"


WITHHELD_WORDS = {
    Withheld.PERSON: say("说到了具体的人、门牌、电话或者车牌"),
    Withheld.INSULT: say("骂人或者威胁人"),
    Withheld.ELSEWHERE: say("和这次表决无关"),
    Withheld.UNLAWFUL: say("法律不让公开"),
}


class Side(StrEnum):
    """On which side of the result a ballot stands."""

    CARRIED = "carried"
    LOST = "lost"
    UNTOLD = "untold"


def side_of(form: BallotForm, marks: str, winners: tuple[int, ...]) -> Side:
    """Say whether a ballot was for what came out; ranked ones by their first rank, scores by their best."""
    marked = parse_marks(marks)
    if not marked or not winners:
        return Side.UNTOLD
    if form.method in RANKING:
        marked = {position: rank for position, rank in marked.items() if rank == 1}
    elif form.method is Method.SCORE:
        best = max(marked.values())
        marked = {position: points for position, points in marked.items() if points == best}
    return Side.CARRIED if marked.keys() & set(winners) else Side.LOST


def winners_of(form: BallotForm, count: Mapping[str, Any], keys: tuple[str, ...], *, passed: bool) -> tuple[int, ...]:
    """Return the positions of what came out: of a yes or no, the answer that stands; else what was chosen."""
    if form.counted_apart:
        return tuple(count.get("winners", ()))
    stands = "agree" if passed else "disagree"
    return tuple(position for position, key in enumerate(keys, start=1) if key == stands)


def why_not_check(*, checks: bool, closed: bool, checked: bool) -> Refusal | None:
    """Say why a reason cannot be released or withheld."""
    if not checks:
        return Refusal(
            "not_a_checker",
            say("理由由社区议事主持人看过再公开"),
            what_next=say("请联系本地的主持人"),
            status=403,
        )
    if not closed:
        return Refusal("vote_runs", say("投票还没有截止，理由还看不到"), what_next=say("截止以后再来看"))
    if checked:
        return Refusal("reason_checked", say("这一条已经看过了"), what_next=say("名单里还有没看的"))
    return None
