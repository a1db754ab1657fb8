"""What stands on top of a discussion: who may write it, who may propose a change, and who answers minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Actor, Role, Standing
from cogov.threads.rules.speaking import Dossier, why_not_speak

SUMMARY_LENGTH = 4000
REASON_LENGTH = 500
MOST_SOURCES = 20
MOST_WAITING = 3
"""So many proposals of one person may wait at once."""

WRITES = (Role.MODERATOR, Role.CHAIR, Role.OWNERS_COMMITTEE)
"""Moderator, facilitator, committee: who keeps the summary, and decides on what others propose."""

_SOURCE = re.compile(r"(?:message-|messages/|^|[\s,，、;；#])(\d{1,18})(?=$|[\s,，、;；/?#])")


class SummaryKind(StrEnum):
    """A summary says where the discussion stands; minutes ask everybody who takes part whether they are right."""

    SUMMARY = "summary"
    MINUTES = "minutes"


class SummaryState(StrEnum):
    """A version stands, waits for who keeps the summary, or was declined with a reason."""

    STANDING = "standing"
    PROPOSED = "proposed"
    DECLINED = "declined"


@dataclass(frozen=True)
class Proposal:
    """A proposed version as far as deciding on it goes."""

    state: SummaryState
    person_id: int


def writing_under(by: Actor, code: str) -> Standing | None:
    """Return the mandate under which somebody keeps the summary of a discussion."""
    return by.standing(code, *WRITES)


def why_not_write(by: Actor, dossier: Dossier) -> Refusal | None:
    """The summary is written by a moderator, the chair or the owners' committee; others propose."""
    if (refusal := why_not_speak(by, dossier)) is not None:
        return refusal
    if writing_under(by, dossier.code) is None:
        return Refusal(
            "not_who_summarizes",
            say("总结由主持人、居委会或业委会写。"),
            what_next=say("您可以提议修改，由他们采用或者说明为什么不用。"),
            status=403,
        )
    return None


def why_not_propose(by: Actor, dossier: Dossier, *, waiting: int) -> Refusal | None:
    """Whoever may speak may propose a version of the summary; a few of theirs may wait at once."""
    if (refusal := why_not_speak(by, dossier)) is not None:
        return refusal
    if waiting >= MOST_WAITING:
        return Refusal(
            "proposals_wait",
            say("您已经有 {n} 个提议等着看。", n=waiting),
            what_next=say("等主持人看过，再提新的。"),
        )
    return None


def why_not_decide(by: Actor, dossier: Dossier, proposal: Proposal) -> Refusal | None:
    """Who keeps the summary accepts or declines what another person proposed."""
    if proposal.state is not SummaryState.PROPOSED:
        return Refusal("proposal_settled", say("别人刚刚处理了这个提议。"), what_next=say("请刷新，看看结果。"))
    if (refusal := why_not_write(by, dossier)) is not None:
        return refusal
    if by.person_id == proposal.person_id:
        return Refusal("own_proposal", say("自己的提议要由另一个人来定。"), status=403)
    return None


def why_not_upon(base: int, current: int) -> Refusal | None:
    """Whoever writes has seen what stands; nobody's words are overwritten unseen."""
    if base == current:
        return None
    return Refusal(
        "summary_moved_on",
        say("您看的是第 {a} 版，现在已经是第 {b} 版。", a=base, b=current),
        what_next=say("请看看新的一版，再把您的改动写进去。"),
    )


def why_not_sources(found: int, asked: int) -> Refusal | None:
    """Sources are messages of this thread that still stand, and not too many."""
    if asked > MOST_SOURCES:
        return Refusal("too_many_sources", say("出处最多 {n} 条。", n=MOST_SOURCES), status=422)
    if found < asked:
        return Refusal(
            "source_unknown",
            say("出处里有的发言不在这个卷宗里，或者已经不在了。"),
            what_next=say("请粘贴发言的链接，或者写它的编号。"),
            status=422,
        )
    return None


def why_not_answer_minutes(by: Actor, dossier: Dossier, kind: SummaryKind, author_id: int) -> Refusal | None:
    """Whoever takes part endorses minutes or objects to them; who wrote them has said so already."""
    if kind is not SummaryKind.MINUTES:
        return Refusal("not_minutes", say("这一版是总结，不是请大家表态的纪要。"))
    if by.person_id is not None and by.person_id == author_id:
        return Refusal("own_minutes", say("纪要是您写的，由别人来表态。"), status=403)
    return why_not_speak(by, dossier)


def sources_in(typed: str) -> tuple[int, ...]:
    """Return the numbers of messages in what was typed: links or numbers, each once, in order."""
    return tuple(dict.fromkeys(int(number) for number in _SOURCE.findall(typed)))
