"""Who may erase the words of a problem: its author, while it is nobody else's and no body works by them."""

from __future__ import annotations

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Actor
from cogov.problems.rules.stages import Official


def why_not_take_back(by: Actor, author_id: int, *, seconds: int, official: Official, stands: bool) -> Refusal | None:
    """Who raised a problem may erase its words until others have met it too, or a body has a case of it.

    Then the words are theirs as well, or what that body acts and answers by.
    """
    if by.person_id is None or by.person_id != author_id:
        return Refusal("not_the_author", say("只有提出的人可以撤下这些话。"), status=403)
    if not stands:
        return Refusal("not_standing", say("这些话已经不在了。"))
    if official is not Official.NONE:
        return Refusal(
            "case_stands_on_it",
            say("这件事已经交给单位办理，这些话是办理的依据，不能撤下。"),
            what_next=_ask_the_moderator(),
        )
    if seconds:
        return Refusal(
            "others_stand_behind",
            say("已有 {n} 位邻居附议，这些话不再是您一个人的。", n=seconds),
            what_next=_ask_the_moderator(),
        )
    return None


def _ask_the_moderator() -> Words:
    return say("写到了不该公开的信息，请告诉社区主持人，可以移除；照片可以自己遮住。")
