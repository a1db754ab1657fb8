"""A vote whose words an organ ordered down after its notice: who reads them still, and why it stays as it was frozen.

With the notice a vote's words are frozen: people cast, seal and count under them, so nobody who moderates takes them
down any more. An order binds all the same. What the public reads is then covered, wherever it stands; the words as they
were frozen stay in one place, for those alone who have to vote on them and to count again: whoever votes here, and
whoever keeps the ballots; and, while ballots are cast, whoever prints or enters them, helps with one or carries one. To
destroy them would undo the vote: the mark that binds each ballot and the fingerprint are made of them. To leave them in
the public bundle would undo the order. So bundle and certificate have them for voters and keepers; all others are told
that there was an order, and the hash of the bundle, which is the one that was printed.
"""

from __future__ import annotations

from cogov.decisions.rules.circle import KEEPERS
from cogov.decisions.rules.motions import why_not_withdraw
from cogov.decisions.rules.stages import MotionState
from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Role


def reads_frozen(roles: frozenset[Role], *, in_electorate: bool, handles: bool = False) -> bool:
    """Say whether somebody reads the words of a vote as they were frozen.

    ``handles``: whether ballots are still cast and they print or enter papers, help with a ballot, or carry one. A
    paper without its question is no ballot, and nobody votes for another on what they cannot read.
    """
    return handles or in_electorate or bool(roles & KEEPERS)


def why_not_take_frozen(roles: frozenset[Role], *, in_electorate: bool) -> Refusal | None:
    """Say why somebody may not take the public bundle of a vote whose words were ordered down: it holds them."""
    if reads_frozen(roles, in_electorate=in_electorate):
        return None
    return Refusal(
        "ordered_down",
        say("这次表决的文字已按命令移除，数据包里有原文，只给有投票权的人和管票的人"),
        what_next=say("没有数据包就不能自己重新计票；数据包的指纹照样公开，命令写在发言规则的公开台账里"),
        status=403,
    )


def why_not_remove() -> Refusal:
    """Say that the words of a vote are frozen with its notice."""
    return Refusal(
        "frozen_with_notice",
        say("表决公告已经发布，问题和选项都封存了，不能移除"),
        what_next=say("可以保留；有机关下命令的，由街道登记后遮住公开的文字"),
        status=409,
    )


def why_not_erase(state: MotionState, *, is_mover: bool, stands: bool) -> Refusal | None:
    """The mover may erase what a motion says until its notice is out."""
    if not is_mover or state is MotionState.NOTICED:
        return why_not_withdraw(state, is_mover=is_mover)
    return None if stands else Refusal("not_standing", say("这些话已经不在了。"))


def motion_taken_down() -> Refusal:
    """Nobody votes on what is not there to be read."""
    return Refusal(
        "motion_taken_down",
        say("这个动议的文字已经移除，不能附议，也不能列入表决"),
        what_next=say("提议的人申诉成功，文字会恢复；也可以另提一个动议"),
    )
