"""Who disagrees with an outcome is heard beside it: a minority opinion, in words, with those who sign it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Actor
from cogov.people.rules.keeping import why_not_take_part
from cogov.threads.rules.speaking import as_who

MINORITY_LENGTH = 2000
MINORITY_LEAST = 10
SHOWN_BESIDE = 10
"""So many are shown beside an outcome, by number; all of them stand on a page of their own."""

NAMED_SIGNERS = 12
"""So many signers are named with an opinion; all of them stand on the opinion's own page."""

HEARD_FOR = timedelta(days=15)
"""How long after an outcome those who disagree may say so beside it: a convention of this house, no article."""


class OutcomeKind(StrEnum):
    """What came out: a consensus that the moderator put into words, or the result of a vote."""

    CONSENSUS = "consensus"
    DECISION = "decision"


def _why_not_heard(by: Actor, code: str, *, hidden: bool, until: datetime, at: datetime) -> Refusal | None:
    if by.person_id is None:
        return Refusal("sign_in_first", say("请先登录。"), status=403)
    if hidden:
        return Refusal("problem_hidden", say("这件事不公开，不征集少数意见。"))
    if (refusal := why_not_take_part(by, code)) is not None:
        return refusal
    if as_who(by, code) is None:
        return Refusal(
            "not_of_this_place",
            say("少数意见由本社区的居民、业主、租户和管到这里的单位提出。"),
            what_next=say("如果您住在这里，请先请居委会核对住址。"),
            status=403,
        )
    if at >= until:
        return Refusal(
            "minority_too_late",
            say("少数意见收到 {until} 为止，已经截止。", until=until),
            what_next=say("有新的情况，请提出一件新的问题，写明这个编号。"),
        )
    return None


def why_not_file(
    by: Actor, code: str, *, hidden: bool, until: datetime, at: datetime, signed: bool, filed: bool = False
) -> Refusal | None:
    """Who has a part in the place files one, for fifteen days after the outcome, and stands behind one at a time."""
    if (refusal := _why_not_heard(by, code, hidden=hidden, until=until, at=at)) is not None:
        return refusal
    if signed:
        return already_signed()
    return _filed_already() if filed else None


def _filed_already() -> Refusal:
    return Refusal(
        "filed_already",
        say("您已经写过一份少数意见，一人写一份。"),
        what_next=say("可以在您写的那一份，或者别人的一份上署名。"),
    )


def already_signed() -> Refusal:
    """Say that one voice is heard once."""
    return Refusal(
        "already_signed",
        say("您已经在一份少数意见上署名，一人一份。"),
        what_next=say("要换一份，请先撤回署名。"),
    )


def why_not_sign(by: Actor, code: str, *, hidden: bool, until: datetime, at: datetime, signed: bool) -> Refusal | None:
    """Who shares a minority opinion signs it, within the same time."""
    return why_not_file(by, code, hidden=hidden, until=until, at=at, signed=signed)


def why_not_unsign(by: Actor, *, signed: bool, until: datetime, at: datetime) -> Refusal | None:
    """A name is taken back while opinions are still taken; afterwards it stands."""
    if by.person_id is None or not signed:
        return Refusal("not_signed", say("您没有在这份少数意见上署名。"))
    return (
        Refusal("minority_too_late", say("少数意见收到 {until} 为止，署名留作记录。", until=until))
        if at >= until
        else None
    )
