"""When a task can be opened, claimed, handed in and verified, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Actor, Role, Standing
from cogov.people.rules.keeping import why_not_take_part
from cogov.problems.rules.stages import Stage

TITLE_LENGTH = 60
TEXT_LENGTH = 4000
REPORT_LENGTH = 2000
SPOT_LENGTH = 120
MOST_SLOTS = 500
MOST_MINUTES = 14_400  # ten days without sleep; more is a slip of the finger
SENT_BACK_DAYS = 3
PAGE_SIZE = 20

LIVES_HERE = (Role.RESIDENT, Role.OWNER, Role.TENANT)
OPENS = (Role.MODERATOR, Role.OWNERS_COMMITTEE)
CLAIMS_FOR = (Role.SOCIAL_MEMBER, Role.PARTY_MEMBER, Role.OWNERS_COMMITTEE)
VERIFIES = (Role.MODERATOR, Role.OWNERS_COMMITTEE, Role.GRID_WORKER)

OPEN_STAGES = frozenset({Stage.GATHERING, Stage.ACTING, Stage.OFFICIAL})


class ClaimState(StrEnum):
    """How far a claim is; a returned one has freed its slot."""

    ACTIVE = "active"
    HANDED_IN = "handed_in"
    VERIFIED = "verified"
    RETURNED = "returned"


class TaskState(StrEnum):
    """How far a task is."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Filter(StrEnum):
    """What the list of tasks shows."""

    OPEN = "open"
    MINE = "mine"
    VERIFY = "verify"


class BoardColumn(StrEnum):
    """Where a task stands on the board; each stands in one place."""

    OPEN = "open"
    DOING = "doing"
    CHECKING = "checking"
    DONE = "done"


PER_COLUMN = 8


@dataclass(frozen=True)
class Work:
    """A task as far as claiming goes: where, and whether it takes anybody."""

    code: str
    stage: Stage
    hidden: bool
    state: TaskState
    free: int


@dataclass(frozen=True)
class Promise:
    """A claim as far as handing in and verifying go: how far it is, whose it is."""

    state: ClaimState
    person_id: int
    organization_id: int | None


def due_at(claimed_at: datetime, starts_at: datetime | None, days: int, longest: int) -> datetime:
    """Return until when a claim is kept: the task's days, no more than the place allows, from when it can begin."""
    start = max(claimed_at, starts_at) if starts_at is not None else claimed_at
    return start + timedelta(days=max(1, min(days, longest)))


def why_not_open(by: Actor, code: str, stage: Stage, *, hidden: bool) -> Refusal | None:
    """A moderator or the owners' committee opens tasks while something can be done about the problem."""
    if not by.holds(code, *OPENS):
        return Refusal(
            "not_who_opens_tasks",
            say("任务由居委会管理员或业委会发布。"),
            what_next=say("您可以把建议写成方案，由他们发成任务。"),
            status=403,
        )
    if stage is Stage.ENDED:
        return Refusal(
            "problem_ended",
            say("这件事已经办结，不再发布任务。"),
            what_next=say("问题又出现了，请重新提出，并写明这个编号。"),
        )
    if hidden:
        return Refusal("problem_hidden", say("这件事正由管理员核对或调解，暂不发布任务。"))
    if stage not in OPEN_STAGES:
        return Refusal(
            "not_time_for_tasks",
            _NOT_YET.get(stage, say("这件事现在还不能发布任务。")),
            what_next=say("到了可以动手的时候，再来发布。"),
        )
    return None


_NOT_YET: dict[Stage, Words] = {
    Stage.RAISED: say("这件事还没有分流，不知道归谁办。"),
    Stage.DECIDING: say("这件事正在表决，结果出来以后再发布任务。"),
    Stage.MEDIATING: say("这件事正在调解，不发布任务。"),
    Stage.CONFIRMING: say("正在请提出人确认是否修好，暂不发布新任务。"),
}


def why_not_plan(*, slots: int, days: int, longest: int) -> Refusal | None:
    """A task has a number of slots and of days that can be kept track of."""
    if not 1 <= slots <= MOST_SLOTS:
        return Refusal("slots_out_of_range", say("名额要在 1 到 {n} 之间。", n=MOST_SLOTS), status=422)
    if not 1 <= days <= longest:
        return Refusal("days_out_of_range", say("认领后的期限要在 1 到 {n} 天之间。", n=longest), status=422)
    return None


def claiming_for(by: Actor, code: str) -> Standing | None:
    """Return the mandate under which an actor claims for an organization, when that is what was chosen."""
    chosen = by.acting
    fits = chosen is not None and chosen.role in CLAIMS_FOR and chosen.reaches(code)
    return chosen if fits else None


def why_not_claim(by: Actor, work: Work, *, claimed: bool) -> Refusal | None:
    """A resident, or a member of a social organization, a branch or the owners' committee takes a free slot, once."""
    if by.person_id is None:
        return Refusal("sign_in_first", say("登录以后才能认领。"), what_next=say("请先登录。"), status=403)
    refusal = why_not_take_part(by, work.code) or _why_not_as_whom(by, work.code) or _why_not_taking(work)
    if refusal is not None:
        return refusal
    if claimed:
        return Refusal(
            "already_claimed",
            say("您已经认领了这个任务，一人一个名额。"),
            what_next=say("请在“我的任务”里交活，或者退回。"),
        )
    return no_slot_left() if work.free < 1 else None


def no_slot_left() -> Refusal:
    """Say that all slots are taken."""
    return Refusal(
        "no_slot_left",
        say("名额刚刚满了。"),
        what_next=say("有人退回时名额会重新放出来，也可以看看别的任务。"),
    )


def _why_not_as_whom(by: Actor, code: str) -> Refusal | None:
    if by.acting is not None and by.acting.organization_id is not None:
        if claiming_for(by, code) is not None:
            return None
        return Refusal(
            "not_claimed_in_this_role",
            say("任务可以由个人认领，也可以代表社会组织、党支部或业委会认领，您现在代表的单位不行。"),
            what_next=say("请在“代表”里改选“我自己”或这样的组织。"),
            status=403,
        )
    if by.holds(code, *LIVES_HERE):
        return None
    if by.holds(code, *CLAIMS_FOR):
        return Refusal(
            "choose_organization",
            say("您不是本社区的住户，要代表所在组织认领。"),
            what_next=say("请在“代表”里选您的组织再认领。"),
            status=403,
        )
    return Refusal(
        "not_of_this_place",
        say("任务由本社区的居民、业主、租户和在这里活动的组织认领。"),
        what_next=say("如果您住在这里，请先请居委会核对住址。"),
        status=403,
    )


def _why_not_taking(work: Work) -> Refusal | None:
    if work.state is TaskState.DONE:
        return Refusal("task_done", say("这个任务已经全部完成。"), what_next=say("请看看别的任务。"))
    if work.state is TaskState.CANCELLED:
        return Refusal("task_cancelled", say("这个任务已经取消。"), what_next=say("请看看别的任务。"))
    if work.stage is Stage.ENDED or work.hidden:
        return Refusal("problem_ended", say("这件事已经办结或暂不公开，任务不再接受认领。"))
    return None


def _not_yours() -> Refusal:
    return Refusal("not_your_claim", say("这是别人认领的任务。"), status=403)


def why_not_hand_in(by: Actor, promise: Promise) -> Refusal | None:
    """Who claimed hands in, while the claim is kept."""
    if promise.organization_id is not None and by.serves(promise.organization_id) is None:
        return _not_yours() if by.person_id != promise.person_id else _mandate_ended()
    return why_not_kept(by, promise)


def why_not_kept(by: Actor, promise: Promise) -> Refusal | None:
    """A claim is kept by who made it until it is handed in or given back."""
    if by.person_id != promise.person_id:
        return _not_yours()
    reasons = {
        ClaimState.HANDED_IN: say("已经交过了，正等别人核实。"),
        ClaimState.VERIFIED: say("已经核实完成。"),
        ClaimState.RETURNED: say("这次认领已经退回，名额放出来了。"),
    }
    if promise.state is ClaimState.ACTIVE:
        return None
    return Refusal("claim_not_active", reasons[promise.state], what_next=say("要继续做，请看任务里还有没有名额。"))


def _mandate_ended() -> Refusal:
    return Refusal(
        "mandate_ended",
        say("这次认领是代表单位的，您的授权已经结束。"),
        what_next=say("可以退回认领，让单位的其他人接着做。"),
        status=403,
    )


def why_not_minutes(minutes: int) -> Refusal | None:
    """Time worked is a number of minutes that somebody could mean."""
    if 1 <= minutes <= MOST_MINUTES:
        return None
    return Refusal("minutes_out_of_range", say("用时要在 1 到 {n} 分钟之间。", n=MOST_MINUTES), status=422)


def why_not_picture(*, own: bool) -> Refusal | None:
    """A report shows a picture that its author uploaded."""
    return None if own else Refusal("picture_unknown", say("这张照片不是您上传的。"), status=422)


def why_not_verify(by: Actor, code: str, promise: Promise) -> Refusal | None:
    """A moderator, the owners' committee or a grid worker verifies: another person, of another organization."""
    if not by.holds(code, *VERIFIES):
        return Refusal(
            "not_who_verifies",
            say("任务由居委会管理员、业委会或网格员核实。"),
            what_next=say("请他们中的一位来看现场。"),
            status=403,
        )
    if by.person_id == promise.person_id:
        return Refusal(
            "own_work",
            say("自己做的事要由别人核实。"),
            what_next=say("请居委会、业委会或网格员中的另一位来核实。"),
            status=403,
        )
    if by.serves(promise.organization_id) is not None:
        return Refusal(
            "own_organization",
            say("本单位认领的任务，要由别的单位的人核实。"),
            what_next=say("请另一个单位的管理员、业委会成员或网格员来核实。"),
            status=403,
        )
    if promise.state is not ClaimState.HANDED_IN:
        return Refusal("nothing_handed_in", say("这次认领现在没有等待核实的成果。"), what_next=say("请等认领人交活。"))
    return None


def why_not_return(by: Actor, promise: Promise) -> Refusal | None:
    """Who claimed may give the slot back until the work is handed in."""
    return why_not_kept(by, promise)


def why_not_leave_work(*, moving: bool) -> Refusal:
    """Who closes their account, or moves out, gives back first what others wait for."""
    return Refusal(
        "claim_in_hand",
        say("您认领的任务还没有做完，别人在等。"),
        what_next=say("请先交上来，或者退回名额，再登记搬走。")
        if moving
        else say("请先交上来，或者退回名额，再申请注销。"),
    )


def why_not_cancel(by: Actor, code: str, state: TaskState, *, organization_id: int, waiting: int) -> Refusal | None:
    """The organization that opened a task calls it off, once what was handed in has been looked at."""
    standing = by.serves(organization_id)
    if standing is None or standing.role not in OPENS or not standing.reaches(code):
        return Refusal(
            "not_who_opened",
            say("任务由发布它的单位取消。"),
            what_next=say("请联系发布任务的单位。"),
            status=403,
        )
    if state is not TaskState.OPEN:
        return Refusal("task_not_open", say("这个任务已经完成或取消。"))
    if waiting:
        return Refusal(
            "work_waits",
            say("有 {n} 份交来的成果还没有核实。", n=waiting),
            what_next=say("请先核实，再取消剩下的名额。"),
        )
    return None
