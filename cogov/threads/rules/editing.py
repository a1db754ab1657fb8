"""Who may edit a message: its author, always, with every version shown."""

from __future__ import annotations

from dataclasses import dataclass

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Actor
from cogov.threads.rules.messages import MessageState
from cogov.threads.rules.speaking import Dossier, why_not_speak

MOST_VERSIONS = 50
"""More often nobody mends a sentence; what is written then is another message."""


@dataclass(frozen=True)
class Written:
    """A message as far as editing it goes: whose it is, whether it stands, and how often it was written."""

    author_id: int
    organization_id: int | None
    state: MessageState
    version: int


def why_not_edit(by: Actor, dossier: Dossier, message: Written) -> Refusal | None:
    """Who wrote a message may edit it while it stands and the problem is talked about; who may not speak may not."""
    if by.person_id is None:
        return Refusal("sign_in_first", say("请先登录。"), status=403)
    if by.person_id != message.author_id:
        return Refusal(
            "not_your_message",
            say("只有写的人可以改这条发言。"),
            what_next=say("您可以回复它，或者引用它再说一句。"),
            status=403,
        )
    if message.organization_id is not None and by.serves(message.organization_id) is None:
        return Refusal("not_your_message", say("这条发言是替一个单位写的，您现在不代表它。"), status=403)
    if message.state is not MessageState.SHOWN:
        return Refusal("not_standing", say("这条发言已经不在了，或者正等着看。"))
    if message.version >= MOST_VERSIONS:
        return Refusal(
            "too_many_versions",
            say("这条发言已经改过 {n} 次。", n=message.version - 1),
            what_next=say("请另写一条，或者撤下它。"),
        )
    return why_not_speak(by, dossier)


def why_not_same(old: str, new: str) -> Refusal | None:
    """A version differs from the one before."""
    return Refusal("nothing_changed", say("和原来的一样，没有改动。"), status=422) if old == new else None
