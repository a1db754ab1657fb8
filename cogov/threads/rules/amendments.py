"""Changes that somebody proposes to a version of a solution, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Actor
from cogov.threads.rules.solutions import REVISES
from cogov.threads.rules.speaking import Dossier, why_not_speak, why_not_written_on

MOST_WAITING = 3
"""Of one person's changes of one solution at a time: who wants more of it otherwise proposes a solution."""


class AmendmentState(StrEnum):
    """A change waits for the solution's author, was taken in, turned down, taken back, or became a solution itself."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PROMOTED = "promoted"
    WITHDRAWN = "withdrawn"


AMENDMENT_WORDS: Mapping[AmendmentState, Words] = {
    AmendmentState.PROPOSED: say("等提案人答复"),
    AmendmentState.ACCEPTED: say("已采用"),
    AmendmentState.REJECTED: say("没有采用"),
    AmendmentState.PROMOTED: say("另立了方案"),
    AmendmentState.WITHDRAWN: say("已撤回"),
}


@dataclass(frozen=True)
class Change:
    """A change as far as answering it goes: whose it is, of whose solution, and on which version it was written."""

    state: AmendmentState
    person_id: int
    organization_id: int | None
    author_id: int
    """Who proposed the solution."""

    author_for: int | None
    on_version: int
    version: int
    """The solution's version now."""


def _settled(state: AmendmentState) -> Refusal | None:
    if state is AmendmentState.PROPOSED:
        return None
    return Refusal(
        "amendment_settled",
        say("这条修改已经有结果：{state}。", state=AMENDMENT_WORDS[state]),
        what_next=say("还想改，可以另提一条修改。"),
    )


def answers(by: Actor, code: str, change: Change) -> bool:
    """Say whether somebody answers for the solution: its author, their organization, or a body that revises it."""
    return _is_of(by, change.author_id, change.author_for) or by.holds(code, *REVISES)


def why_not_answer(by: Actor, dossier: Dossier, change: Change, *, accepts: bool) -> Refusal | None:
    """The solution's author, or a body that revises it, takes a change in or turns it down with a reason."""
    if (refusal := why_not_speak(by, dossier) or _settled(change.state)) is not None:
        return refusal
    if not answers(by, dossier.code, change):
        return Refusal(
            "not_who_revises",
            say("修改由方案的提案人、居委会管理员或业委会答复。"),
            what_next=say("您可以在讨论里说说您的看法；提修改的人也可以另立方案。"),
            status=403,
        )
    if by.person_id == change.person_id and by.person_id != change.author_id:
        return Refusal(
            "own_amendment",
            say("自己提的修改，要由另一个人答复。"),
            what_next=say("请提案人或者另一位经办人答复，或者把它另立成方案。"),
            status=403,
        )
    return _outdated(change) if accepts else None


def _outdated(change: Change) -> Refusal | None:
    if change.on_version == change.version:
        return None
    return Refusal(
        "amendment_outdated",
        say("这条修改是照第 {old} 版写的，方案现在是第 {new} 版。", old=change.on_version, new=change.version),
        what_next=say("请提修改的人照新版再提一次，或者把修改写进新的一版。"),
    )


def is_own(by: Actor, change: Change) -> bool:
    """Say whether a change is this actor's, or of an organization that they serve now."""
    return _is_of(by, change.person_id, change.organization_id)


def _is_of(by: Actor, person_id: int, organization_id: int | None) -> bool:
    if organization_id is not None:
        return by.serves(organization_id) is not None
    return by.person_id is not None and by.person_id == person_id


def why_not_promote(by: Actor, dossier: Dossier, change: Change) -> Refusal | None:
    """Who proposed a change may make a solution of its own of it, while it waits or when it was turned down."""
    if (refusal := why_not_speak(by, dossier)) is not None:
        return refusal
    if not is_own(by, change):
        return Refusal(
            "not_your_amendment",
            say("另立方案由提修改的人来做。"),
            what_next=say("您也可以自己提一个方案。"),
            status=403,
        )
    return None if change.state is AmendmentState.REJECTED else _settled(change.state)


def why_not_withdraw(by: Actor, dossier: Dossier, change: Change) -> Refusal | None:
    """Who proposed a change may take it back while it waits."""
    if (refusal := why_not_written_on(dossier)) is not None:
        return refusal
    if not is_own(by, change):
        return Refusal("not_your_amendment", say("只有提修改的人可以撤回它。"), status=403)
    return _settled(change.state)


def why_not_another(waiting: int) -> Refusal | None:
    """Whoever has several changes of a solution unanswered waits for an answer to one."""
    if waiting < MOST_WAITING:
        return None
    return Refusal(
        "amendments_waiting",
        say("您对这个方案已经有 {n} 条修改等提案人答复。", n=waiting),
        what_next=say("请等一条有了答复，或者撤回一条，再提新的。"),
    )


def why_not_change(*, changed: bool) -> Refusal | None:
    """A change changes something."""
    if changed:
        return None
    return Refusal(
        "nothing_changed",
        say("和现在这一版一样，没有改动。"),
        what_next=say("请直接在文字里改，改动会标出来。"),
        status=422,
    )
