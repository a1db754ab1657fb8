"""Suspension: for what reason, how long, who agrees; reading and a lawful ballot are never taken away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

AGREED_OVER = timedelta(days=30)
"""A suspension longer than this needs a second person."""

LONGEST = timedelta(days=365)


class SuspensionReason(StrEnum):
    """Why somebody may not speak for a while; a code, so that no accusation is written down in free words."""

    THREATS = "threats"
    PRIVACY = "privacy"
    FLOODING = "flooding"
    FALSEHOOD = "falsehood"
    IMPERSONATION = "impersonation"


_REASON_WORDS: dict[SuspensionReason, Words] = {
    SuspensionReason.THREATS: say("辱骂或威胁别人"),
    SuspensionReason.PRIVACY: say("公开别人的私事或联系方式"),
    SuspensionReason.FLOODING: say("反复发同样的内容，妨碍大家议事"),
    SuspensionReason.FALSEHOOD: say("明知不实仍然反复提出"),
    SuspensionReason.IMPERSONATION: say("冒充别人或单位"),
}


def suspension_words(reason: SuspensionReason) -> Words:
    """Return a reason as people say it."""
    return _REASON_WORDS[reason]


@dataclass(frozen=True)
class Suspended:
    """That somebody may not raise, second, speak or claim in a place and everything under it until a moment."""

    scope: str
    reason: SuspensionReason
    until: datetime


def why_not_now(suspended: Iterable[Suspended], code: str) -> Refusal | None:
    """Whoever is suspended neither raises, seconds, speaks nor claims there; the refusal says until when and why."""
    held = max((each for each in suspended if code.startswith(each.scope)), key=lambda each: each.until, default=None)
    if held is None:
        return None
    return Refusal(
        "suspended",
        say("到 {until} 为止，您在这里不能提出、附议、发言和认领。", until=held.until),
        article="",
        what_next=say(
            "原因：{reason}。到期自动恢复；这期间您照样可以看，也照样可以投票。", reason=suspension_words(held.reason)
        ),
        appeal=say("认为不对，可以向街道办事处申诉，由没有参与决定的人复核。"),
        status=403,
    )


def why_not_span(since: datetime, until: datetime, now: datetime) -> Refusal | None:
    """A suspension ends in the future, after it begins, and lasts a year at most."""
    if until <= max(since, now):
        return Refusal("until_past", say("截止的日子要在今天或以后。"), status=422)
    if until - since > LONGEST:
        return Refusal("suspension_too_long", say("一次最多 {n} 天。", n=LONGEST.days), status=422)
    return None


def wants_agreement(since: datetime, until: datetime) -> bool:
    """Say whether a second person has to agree before it begins."""
    return until - since > AGREED_OVER
