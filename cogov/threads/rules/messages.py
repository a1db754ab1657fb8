"""What a message may be, and who may reply to it or take it back."""

from __future__ import annotations

from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Actor

MESSAGE_LENGTH = 4000
REPLIES_SHOWN = 10


class MessageKind(StrEnum):
    """What a message is meant as (题—理—据—案)."""

    PROBLEM = "problem"
    REASON = "reason"
    EVIDENCE = "evidence"
    SUGGESTION = "suggestion"
    QUESTION = "question"


class MessageState(StrEnum):
    """Whether a message stands, waits to be looked at, or was taken down: by its author, by moderators, by order."""

    SHOWN = "shown"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    ORDERED = "ordered"


def why_not_reply(*, of_this_problem: bool, is_reply: bool) -> Refusal | None:
    """A reply answers a message of the same thread, and nobody replies to a reply."""
    if not of_this_problem:
        return Refusal("reply_to_unknown", say("您要回复的发言不在这个卷宗里。"), status=422)
    if is_reply:
        return Refusal(
            "reply_too_deep",
            say("回复只有一层。"),
            what_next=say("请回复最上面的那条发言，开头写明您在回应谁。"),
            status=422,
        )
    return None


def why_not_take_back(by: Actor, author_id: int, organization_id: int | None, state: MessageState) -> Refusal | None:
    """Who wrote a message may take it back while it stands or waits; what was taken down is not theirs to touch."""
    if by.person_id is None:
        return Refusal("sign_in_first", say("请先登录。"), status=403)
    if by.person_id != author_id and by.serves(organization_id) is None:
        return Refusal("not_your_message", say("只有写的人可以撤下这条发言。"), status=403)
    if state is not MessageState.SHOWN:
        return Refusal("not_standing", say("这条发言已经不在了，或者正等着看。"))
    return None
