"""What may follow from a motion that a meeting carried."""

from __future__ import annotations

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.meetings.rules.kinds import FollowUp, MeetingMotionState

MOST_OUTCOMES = 20
"""How much one motion may lead to."""


def why_not_carried(*, carried: bool) -> Refusal | None:
    """What is handed on was carried in a meeting, about this problem."""
    if carried:
        return None
    return Refusal(
        "motion_not_carried",
        say("只有会上通过的动议才能接着办。"),
        what_next=say("请打开会议页，在通过的动议下面点“交部门办”。"),
    )


def why_not_follow(
    state: MeetingMotionState,
    *,
    amendment: bool,
    same_problem: bool,
    outcomes: int,
    voted_on: bool,
    kind: FollowUp,
    removed: bool = False,
) -> Refusal | None:
    """Something follows from a motion that was carried, about the problem that it was carried on."""
    if state is not MeetingMotionState.PASSED or amendment:
        return Refusal(
            "motion_not_carried", say("只有会上通过的动议才能接着办。"), what_next=say("请先在会上议完、举手。")
        )
    if removed:
        return Refusal(
            "motion_taken_down",
            say("这个动议的话已经移除，不能接着办。"),
            what_next=say("写的人可以申诉；申诉成功，原来的话会恢复，那时再办。"),
        )
    if not same_problem:
        return Refusal("motion_elsewhere", say("这个动议议的不是这个问题。"), status=422)
    if kind is FollowUp.VOTE and voted_on:
        return Refusal(
            "voted_on_already", say("这个动议已经转为正式表决。"), what_next=say("请在会议页上打开它看进展。")
        )
    if outcomes >= MOST_OUTCOMES:
        return Refusal("outcomes_full", say("一个动议最多接着办 {n} 件事。", n=MOST_OUTCOMES))
    return None


def why_not_take_further(*, there: bool, desk: bool) -> Refusal | None:
    """Who was there, or serves who called the meeting, takes what was carried to a formal vote."""
    if there or desk:
        return None
    return Refusal(
        "not_present",
        say("会上通过的动议，由到会的人或召集会议的单位转为正式表决。"),
        what_next=say("您可以自己另提一个动议。"),
        status=403,
    )
