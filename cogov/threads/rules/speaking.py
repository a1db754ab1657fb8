"""Who may speak on a dossier, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Actor
from cogov.people.rules.keeping import why_not_take_part
from cogov.people.rules.speaking import LIVES_HERE, as_who

PAGE_SIZE = 30

__all__ = ["LIVES_HERE", "PAGE_SIZE", "Dossier", "ThreadTab", "as_who", "why_not_speak", "why_not_written_on"]


class ThreadTab(StrEnum):
    """The parts of a problem's thread that a dossier shows, one at a time."""

    DISCUSSION = "discussion"
    CONCERNS = "concerns"
    SOLUTIONS = "solutions"


@dataclass(frozen=True)
class Dossier:
    """The problem as far as speaking about it goes."""

    code: str
    ended: bool
    hidden: bool


def why_not_speak(by: Actor, dossier: Dossier) -> Refusal | None:
    """Those of the community and those whose mandate reaches it may speak while the problem is open and shown."""
    if by.person_id is None:
        return Refusal(
            "sign_in_first", say("登录以后才能发言。"), what_next=say("请先登录，您写的内容还在。"), status=403
        )
    if (refusal := why_not_written_on(dossier) or why_not_take_part(by, dossier.code)) is not None:
        return refusal
    if as_who(by, dossier.code) is not None:
        return None
    if by.acting is not None and by.holds(dossier.code, *LIVES_HERE):
        return Refusal(
            "mandate_elsewhere",
            say("您现在代表的单位管不到这里。"),
            what_next=say("请在“代表”里改选“我自己”再发。"),
            status=403,
        )
    return Refusal(
        "not_of_this_place",
        say("这里由本社区的居民、业主、租户和管到这里的单位发言。"),
        what_next=say("如果您住在这里，请先请居委会核对住址。"),
        status=403,
    )


def why_not_written_on(dossier: Dossier) -> Refusal | None:
    if dossier.ended:
        return Refusal(
            "problem_ended",
            say("这件事已经办结，卷宗不再增加内容。"),
            what_next=say("问题又出现了，请重新提出，并写明这个编号。"),
        )
    if dossier.hidden:
        return Refusal(
            "problem_hidden",
            say("这件事正由管理员核对或调解，暂不公开讨论。"),
            what_next=say("有话要补充，请直接告诉居委会的经办人。"),
        )
    return None
