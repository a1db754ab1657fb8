"""Who has an interest (Civil Code 279, 解释 10 and 11): presumed of the building's owners, proven by others.

All owners of the building are presumed to have one and are in the electorate whatever anybody says. The owner of
another building of the same community is in it once they have shown that the value of their property or the quality of
their life is or may be affected. They apply before the notice, since the notice freezes who votes; somebody of the
committee or of the owners' committee decides with a reason, never about their own application nor about those who
would vote on their own motion. What is applied for is a unit: its owners, all of them, are then one head like others.

An application stays between its applicant and those who decide. Everybody sees how many were admitted, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.stages import MotionState
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Role

PRESUMPTION = "建筑物区分所有权解释第11条"
DECIDERS = (Role.MODERATOR, Role.CHAIR, Role.OWNERS_COMMITTEE)
TEXT_LEAST, TEXT_LONGEST = 10, 1000
REASON_LEAST, REASON_LONGEST = 5, 500
MOST_CLAIMS = 2
"""A declined applicant may show more once; whoever is declined twice has the court."""


class InterestState(StrEnum):
    """How far an application is."""

    WAITING = "waiting"
    ADMITTED = "admitted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


STATE_WORDS: Mapping[InterestState, Words] = MappingProxyType(
    {
        InterestState.WAITING: say("等委员会决定"),
        InterestState.ADMITTED: say("已列入名册"),
        InterestState.DECLINED: say("没有列入"),
        InterestState.WITHDRAWN: say("已撤回"),
    }
)
LIVE = (InterestState.WAITING, InterestState.ADMITTED)


@dataclass(frozen=True)
class Applying:
    """Somebody who says that a matter of another building touches them.

    `units_elsewhere` are those of the community that are theirs and lie outside the building; `presumed` says that
    they vote already, as an owner of the building itself; `declined` counts what was declined before.
    """

    state: MotionState
    presumed: bool
    units_elsewhere: frozenset[int]
    live: bool
    declined: int


def interest_sentence(rule: DecisionRule) -> Words | None:
    """Say on the rule card who is in it and that a majority is no answer; None where no interest is asked about."""
    if not rule.proven_interest:
        return None
    return say(
        "本栋的业主推定为有利害关系，都在名册里；其他楼的业主证明房屋价值或者生活质量受影响的，公告前可以申请列入。有一户不同意或者没有投，就没有通过：多数同意不能代替（解释第10、11条）。"
    )


def why_no_interest_here(rule: DecisionRule) -> Refusal | None:
    """Refuse to ask for an interest where the rule says otherwise who votes."""
    if rule.proven_interest:
        return None
    return Refusal(
        "no_interest_here",
        say("「{rule}」不看利害关系：谁有表决权，规则里写明了", rule=Words(rule.name)),
        article=rule.article,
        what_next=say("有顾虑，请写在卷宗里"),
    )


def why_not_apply(rule: DecisionRule, applying: Applying) -> Refusal | None:
    """Say why somebody cannot apply to be admitted."""
    return (
        why_no_interest_here(rule)
        or _why_not_now(applying.state)
        or _why_not_needed(applying)
        or _why_not_again(applying)
    )


def _why_not_now(state: MotionState) -> Refusal | None:
    if state is MotionState.WITHDRAWN:
        return Refusal("motion_withdrawn", say("动议已经撤回，不再收申请"), what_next=say("重新提出动议以后再申请"))
    if state is MotionState.NOTICED:
        return too_late()
    return None


def too_late() -> Refusal:
    """Refuse what comes after the notice, and say what is left."""
    return Refusal(
        "interest_too_late",
        say("公告已经发布，名册已经封存，这次不能再改列入谁"),
        article=PRESUMPTION,
        what_next=say("请把受到的影响写进卷宗的顾虑；也可以请主持人撤销这次表决，列入以后重新公告"),
        appeal=say("您的权益受到影响的，可以依法请求人民法院处理"),
    )


def _why_not_needed(applying: Applying) -> Refusal | None:
    if applying.presumed:
        return Refusal(
            "interest_presumed",
            say("您在本栋有房，推定为有利害关系，已经在名册里，不用申请"),
            article=PRESUMPTION,
            what_next=say("公告以后直接投票"),
        )
    if applying.units_elsewhere:
        return None
    return Refusal(
        "not_an_owner_here",
        say("只有本社区其他楼的业主可以申请；您名下没有核对过的房屋"),
        article=PRESUMPTION,
        what_next=say("您是业主，请先认证房屋；您是租户，请把影响写进卷宗的顾虑"),
        appeal=say("名册有误，可以请居委会核对"),
        status=403,
    )


def _why_not_again(applying: Applying) -> Refusal | None:
    if applying.live:
        return applied_already()
    if applying.declined < MOST_CLAIMS:
        return None
    return Refusal(
        "interest_declined_twice",
        say("您申请过 {n} 次，都没有列入，不再收", n=applying.declined),
        article=PRESUMPTION,
        what_next=say("请把受到的影响写进卷宗的顾虑"),
        appeal=say("您的权益受到影响的，可以依法请求人民法院处理"),
    )


def applied_already() -> Refusal:
    """Refuse a second application beside one that waits or was admitted."""
    return Refusal("applied_already", say("您已经申请过，不用再申请"), what_next=say("等委员会决定，或者看决定的结果"))


def why_not_this_unit(applying: Applying, unit_id: int) -> Refusal | None:
    """Refuse a unit that is not the applicant's, or lies in the building itself."""
    if unit_id in applying.units_elsewhere:
        return None
    return Refusal(
        "unit_not_yours",
        say("这套房不在您名下，或者就在本栋"),
        what_next=say("请选您自己在其他楼的一套"),
        status=422,
    )


def why_not_settle(
    roles: frozenset[Role], state: InterestState, motion: MotionState, *, own: bool, own_motion: bool
) -> Refusal | None:
    """Say why somebody cannot admit or decline an application."""
    if not roles & frozenset(DECIDERS):
        return Refusal(
            "not_a_decider",
            say("有没有利害关系，由居委会或者业主委员会的人决定"),
            article=PRESUMPTION,
            what_next=say("请等他们决定；公告前会有结果"),
            status=403,
        )
    if own or own_motion:
        return Refusal(
            "interest_is_own",
            say("这份申请是您自己的，或者说的是您名下的房屋，要由另一个人决定")
            if own
            else say("动议是您提的，谁能表决要由另一个人决定"),
            what_next=say("请委员会的另一位决定"),
            status=403,
        )
    if state is not InterestState.WAITING:
        return Refusal("interest_settled", say("这份申请已经有结果了"), what_next=say("刷新页面，看现在的情形"))
    return None if motion in (MotionState.MOVED, MotionState.TABLED) else too_late()


def why_not_take_back(state: InterestState, motion: MotionState, *, own: bool) -> Refusal | None:
    """Say why an application cannot be taken back: only one's own, and before the notice."""
    if not own:
        return Refusal(
            "not_your_application", say("只有申请的人可以撤回"), what_next=say("请申请人自己撤回"), status=403
        )
    if motion is MotionState.NOTICED:
        return too_late()
    if state in LIVE:
        return None
    return Refusal("interest_settled", say("这份申请已经有结果了"), what_next=say("刷新页面，看现在的情形"))


def why_not_with_claims(waiting: int) -> Refusal | None:
    """Refuse a notice while an application waits: what it freezes could not be mended afterwards."""
    if not waiting:
        return None
    return Refusal(
        "interests_waiting",
        say("还有 {n} 份有利害关系的申请没有决定", n=waiting),
        article=PRESUMPTION,
        what_next=say("逐份决定列入或者不列入，写明理由"),
    )
