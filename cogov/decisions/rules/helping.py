"""Voting with help: a helper marks the ballot for a voter who is present, and a second person was there and says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Role

HELPERS = (
    Role.GRID_WORKER,
    Role.SOCIAL_MEMBER,
    Role.PARTY_MEMBER,
    Role.MODERATOR,
    Role.CHAIR,
    Role.STREET_OFFICE,
)
"""Who may help: those who go from door to door, volunteers, and who runs the vote; never for the body that began it."""

FROM_AFAR = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
"""Who may look into a place without living or serving there: no witnesses."""

WITNESS_TIME = timedelta(hours=2)
"""How long a helped ballot waits for its witness, who was there: they sit together, or it is void."""


@dataclass(frozen=True)
class Helping:
    """Who would help, as the rules see it: `initiated` says that they began the vote, or are of a body that did."""

    helper: bool
    initiated: bool
    own: bool


def why_not_help(helping: Helping) -> Refusal | None:
    """Say why somebody may not cast for a voter who is present."""
    if not helping.helper:
        return Refusal(
            code="not_a_helper",
            message=say("帮忙投票由网格员、志愿者或者工作人员来做"),
            what_next=say("请他们到您家来，或者去居委会；也可以填纸票"),
            status=403,
        )
    if helping.initiated:
        return Refusal(
            code="helper_initiated",
            message=say("您或者您的单位发起了这次表决，不能帮人投票"),
            what_next=say("请别的单位的人来帮，例如志愿者、街道的工作人员"),
            status=403,
        )
    if helping.own:
        return Refusal(
            code="helper_of_the_head",
            message=say("您自己就是这一户的，不用帮忙投票"),
            what_next=say("请直接投您的票"),
            status=403,
        )
    return None


@dataclass(frozen=True)
class Witnessing:
    """Who would witness a helped ballot, and how it stands."""

    now: datetime
    until: datetime
    settled: bool
    inside: bool
    initiated: bool
    helped: bool
    own: bool


def why_not_witness(at: Witnessing) -> Refusal | None:
    """Say why somebody cannot be the second person."""
    if at.settled or at.now >= at.until:
        return Refusal(
            "help_over",
            say("这次帮忙投票已经办完，或者过了见证的时间"),
            what_next=say("没有投成的，请重新来一次"),
        )
    if at.helped or at.own:
        return Refusal(
            "witness_not_second",
            say("见证的人要是另外一个人：不能是帮忙的人，也不能是这一户的人"),
            what_next=say("请在场的另一位用自己的账号打开这一页"),
            status=403,
        )
    if at.initiated:
        return Refusal(
            "helper_initiated",
            say("您或者您的单位发起了这次表决，不能当见证人"),
            what_next=say("请在场的另一位来见证"),
            status=403,
        )
    if not at.inside:
        return Refusal(
            "witness_outside",
            say("见证的人要住在这里，或者在这里任职"),
            what_next=say("请邻居或者工作人员来见证"),
            status=403,
        )
    return None


def why_not_jointly(seats: int) -> Refusal | None:
    """Refuse help to one of several whose ballot is cast jointly: the others have to say the same."""
    if seats <= 1:
        return None
    return Refusal(
        "help_not_jointly",
        say("这一户由 {n} 位共有人一起投，不能只帮其中一位", n=seats),
        what_next=say("可以填纸票，由全体共有人签名"),
    )


def help_waits() -> Refusal:
    """Refuse a second helped ballot for a head while one waits for its witness."""
    return Refusal(
        "help_waits", say("这一户已有一张帮投的票在等见证"), what_next=say("请先让见证人确认，或者收回那一张")
    )


def nobody_there() -> Refusal:
    """Refuse help for a door at which nobody verified votes: the paper ballot is there for them."""
    return Refusal(
        "voter_unknown",
        say("这一户没有认证过的投票人，不能帮忙投票"),
        what_next=say("可以填纸票；或者先帮本人认证房屋"),
        status=422,
    )
