"""Motions: what may be put to the vote, what a motion consists of, and who moves, supports, publishes and answers."""

from dataclasses import dataclass, replace
from fractions import Fraction

from cogov.decisions.rules.ballots import Choice, Option, why_not_these_options
from cogov.decisions.rules.law import Body, DecisionRule
from cogov.decisions.rules.matters import OTHER_WAYS
from cogov.decisions.rules.methods import BLOCK, MOST_OPTIONS, BallotForm, block_meaning
from cogov.decisions.rules.stages import AdoptAnswer, MotionState, Scope
from cogov.decisions.rules.thresholds import Base, at_least
from cogov.ground.refusals import Refusal
from cogov.ground.wording import why_not_wording
from cogov.ground.words import Words, say
from cogov.people.rules import Role
from cogov.problems.rules.lanes import Lane, RuleCode
from cogov.problems.rules.stages import Stage

QUESTION_LEAST, QUESTION_LONGEST = 5, 80
TEXT_LONGEST = 2000
ACT_LONGEST = 200
CONSEQUENCE_LONGEST = 200
LABEL_LONGEST = 40
MOST_TASKS, MOST_SLOTS, MOST_DAYS = 4, 99, 365
TASK_LONGEST = 60
REASON_LONGEST = 2000
MOST_SHOWN = 20

DEFAULT_LABELS: dict[Choice, Words] = {
    Choice.AGREE: say("同意"),
    Choice.DISAGREE: say("不同意"),
    Choice.ABSTAIN: say("弃权"),
}
ABSTAINING = say("算您参加了，不算同意。")


@dataclass(frozen=True)
class Asked:
    """The problem that a motion is about, as far as voting on it goes; `running`: a vote on it is under way."""

    lane: Lane | None
    stage: Stage
    hidden: bool
    running: bool = False


@dataclass(frozen=True)
class TaskPlan:
    """A task that is opened for claiming when the motion passes."""

    title: str
    text: str = ""
    slots: int = 1
    days: int = 14


@dataclass(frozen=True)
class Wording:
    """What the mover writes; `solution_known`, `body_known`, `building_known`: whether the ids given lead anywhere."""

    question: str
    text: str
    options: tuple[Option, ...]
    tasks: tuple[TaskPlan, ...]
    scope: Scope
    names_building: bool
    staircase: str
    names_body: bool
    public_act: str
    solution_known: bool = True
    body_known: bool = True
    building_known: bool = True


def options_of(agree: str, disagree: str, abstain: str = "") -> tuple[Option, ...]:
    """Return the ballot of a yes/no motion with what follows from each choice."""
    follows = {
        Choice.AGREE: agree,
        Choice.DISAGREE: disagree,
        Choice.ABSTAIN: abstain or str(ABSTAINING),
    }
    return tuple(
        Option(position, choice, str(DEFAULT_LABELS[choice]), follows[choice])
        for position, choice in enumerate(Choice, start=1)
    )


def consent_options(form: BallotForm, agree: str, disagree: str, abstain: str = "") -> tuple[Option, ...]:
    """Return the ballot of a consent: a yes/no motion, and what stops it with what that means here."""
    return (
        *options_of(agree, disagree, abstain),
        Option(len(Choice) + 1, BLOCK, str(say("阻止")), str(block_meaning(form))),
    )


# Whether ------------------------------------------------------------------------------------------------------------


def why_not_vote_on(asked: Asked) -> Refusal | None:
    """Say why nothing can be put to the vote here now: the lane has no part to decide, or it is not the time."""
    if asked.lane is Lane.A:
        return OTHER_WAYS[RuleCode.R0]
    if asked.lane is Lane.M:
        return OTHER_WAYS[RuleCode.R6]
    if asked.hidden:
        return Refusal(
            "not_public",
            say("这份卷宗没有公开，不能付表决"),
            what_next=say("可以商量的部分，请另提一个不涉及个人的问题"),
        )
    if asked.running or asked.stage is Stage.DECIDING:
        return Refusal(
            "vote_running",
            say("这件事已经有一次表决在进行，一次只表决一个动议"),
            what_next=say("等这次表决有了结果再提"),
        )
    if asked.lane not in (Lane.B, Lane.AB) or asked.stage is not Stage.GATHERING:
        return Refusal(
            "not_deliberating",
            say("这件事现在不在协商阶段，不能付表决"),
            what_next=say("分流定为大家商量的事，协商时才能提动议"),
        )
    return None


def why_not_without_body(rule: DecisionRule, organization_id: int | None) -> Refusal | None:
    """Ask who moves a decision of a committee's members to do it for the committee, which is the electorate."""
    if rule.body is not Body.MEMBERS or organization_id is not None:
        return None
    return Refusal(
        "body_missing",
        say("委员会的决定要代表委员会提出：由它的成员表决"),
        article=rule.article,
        what_next=say("在“代表”里选您的委员会"),
        status=422,
    )


def not_of_this_place() -> Refusal:
    """Refuse a mover who has no part in the place."""
    return Refusal(
        "not_of_this_place",
        say("动议由本社区的居民、业主、租户和管到这里的单位提"),
        what_next=say("您住在这里，请先请居委会核对住址"),
        status=403,
    )


# The wording --------------------------------------------------------------------------------------------------------


def why_not_this_wording(wording: Wording) -> Refusal | None:
    """Say what is wrong with a motion as it is written."""
    checks = (
        why_not_wording(
            wording.question, least=QUESTION_LEAST, longest=QUESTION_LONGEST, what=say("表决的问题（至少 5 个字）")
        ),
        why_not_wording(wording.text, least=0, longest=TEXT_LONGEST, what=say("说明")),
        why_not_written_options(wording.options),
        why_not_these_tasks(wording.tasks),
        why_not_this_place(wording),
        why_not_this_act(wording),
        None if wording.solution_known else Refusal("solution_unknown", say("这个方案不在这份卷宗里"), status=422),
    )
    return next((refusal for refusal in checks if refusal is not None), None)


def why_not_written_options(options: tuple[Option, ...]) -> Refusal | None:
    """Options are complete, and short enough to be read on a ballot."""
    if len(options) > MOST_OPTIONS:
        return Refusal("too_many_options", say("最多 {n} 个选项", n=MOST_OPTIONS), status=422)
    for option in options:
        refusal = why_not_wording(option.label, least=0, longest=LABEL_LONGEST, what=say("选项")) or why_not_wording(
            option.consequence, least=0, longest=CONSEQUENCE_LONGEST, what=say("选了会怎样")
        )
        if refusal is not None:
            return refusal
    return why_not_these_options(options)


def why_not_these_tasks(tasks: tuple[TaskPlan, ...]) -> Refusal | None:
    """A few tasks, each with a title, places and days that somebody could mean."""
    if len(tasks) > MOST_TASKS:
        return Refusal("too_many_tasks", say("最多计划 {n} 个任务", n=MOST_TASKS), status=422)
    for task in tasks:
        refusal = why_not_wording(task.title, longest=TASK_LONGEST, what=say("任务名称")) or why_not_wording(
            task.text, least=0, longest=TEXT_LONGEST, what=say("任务说明")
        )
        if refusal is not None:
            return refusal
        if not (1 <= task.slots <= MOST_SLOTS and 1 <= task.days <= MOST_DAYS):
            return Refusal(
                "task_out_of_range",
                say("任务的人数在 1 到 {slots} 之间，天数在 1 到 {days} 之间", slots=MOST_SLOTS, days=MOST_DAYS),
                status=422,
            )
    return None


def why_not_this_place(wording: Wording) -> Refusal | None:
    """The building and staircase fit the scope."""
    if wording.names_building is not (wording.scope is not Scope.COMMUNITY) or not wording.building_known:
        return Refusal("building_does_not_fit", say("请选表决范围里的那一栋楼"), status=422)
    if wording.scope is Scope.STAIRCASE and not wording.staircase:
        return Refusal("staircase_missing", say("请写明是几单元"), status=422)
    return None


def why_not_this_act(wording: Wording) -> Refusal | None:
    """A body is named with what it should do, and the other way round."""
    if wording.names_body is not bool(wording.public_act):
        return Refusal("act_without_body", say("要单位配合的事，请同时写明是哪个单位、要它做什么"), status=422)
    if not wording.body_known:
        return Refusal("body_elsewhere", say("这个单位不负责这个地方"), status=422)
    return why_not_wording(wording.public_act, least=0, longest=ACT_LONGEST, what=say("要单位做的事"))


# Who ----------------------------------------------------------------------------------------------------------------


def why_not_support(state: MotionState, *, supported: bool, head_counted: bool) -> Refusal | None:
    """A head supports a motion once, while it waits to be tabled; whether it is a head is asked before."""
    if supported:
        return Refusal("already_supported", say("您已经附议过这个动议"))
    if state is not MotionState.MOVED:
        return settled(state)
    return head_supported() if head_counted else None


def head_supported() -> Refusal:
    """Refuse a second voice of the same head."""
    return Refusal("head_supported", say("您这一户已经有人附议，一户只算一次"))


def why_not_withdraw(state: MotionState, *, is_mover: bool) -> Refusal | None:
    """The mover may withdraw until the notice is published."""
    if not is_mover:
        return Refusal("not_the_mover", say("动议只能由提议人撤回"), status=403)
    return settled(state) if state in (MotionState.NOTICED, MotionState.WITHDRAWN) else None


def all_needed(rule: DecisionRule) -> DecisionRule:
    """Return a rule for asking whether all of a number support: what its share came to was settled at the motion."""
    return replace(rule, seconders=at_least(Fraction(1), Base.ELECTORATE))


def why_not_tabled(state: MotionState) -> Refusal | None:
    """Only a motion that waits can be tabled."""
    return settled(state) if state is not MotionState.MOVED else None


def why_not_notice(state: MotionState, roles: frozenset[Role], allowed: tuple[Role, ...]) -> Refusal | None:
    """Those who may table under the rule publish the notice of a motion that is tabled."""
    if not roles.intersection(allowed):
        return Refusal(
            "not_who_publishes",
            say("表决公告由居委会主持人或业主委员会发布")
            if Role.OWNERS_COMMITTEE in allowed
            else say("表决公告由居委会主持人发布"),
            what_next=say("动议列入表决后，请他们发布公告"),
            status=403,
        )
    if state is MotionState.MOVED:
        return Refusal("not_tabled", say("动议还没有列入表决"), what_next=say("先由主持人列入，或者等附议够数"))
    return settled(state) if state is not MotionState.TABLED else None


def why_not_on_solution(*, removed: bool) -> Refusal | None:
    """Nobody votes on a solution whose words are not there to be read."""
    if not removed:
        return None
    return Refusal(
        "solution_taken_down",
        say("动议要办的方案已经移除，不能发布表决公告"),
        what_next=say("写方案的人申诉成功，方案会恢复，那时再发布；也可以按别的方案另提一个动议"),
    )


def settled(state: MotionState) -> Refusal:
    """Say that a motion is past the point where an act on it had a place."""
    message = {
        MotionState.MOVED: say("动议还没有列入表决"),
        MotionState.TABLED: say("动议已经列入表决"),
        MotionState.NOTICED: say("这个动议的表决公告已经发布"),
        MotionState.WITHDRAWN: say("这个动议已经撤回"),
    }[state]
    return Refusal(f"motion_{state}", message, what_next=say("最新情况写在卷宗的表决一栏"))


def why_not_answer(*, answers_for_body: bool, answered: bool) -> Refusal | None:
    """An official of the body named answers, once."""
    if not answers_for_body:
        return Refusal("not_the_body", say("决议由其中写明的单位的经办人答复"), status=403)
    return Refusal("already_answered", say("这份决议已经答复过")) if answered else None


def why_not_this_reason(answer: AdoptAnswer, reason: str) -> Refusal | None:
    """The body adopts or explains: whoever does not adopt in full says why."""
    least = 1 if answer is AdoptAnswer.ADOPTED else 10
    if len(reason) < least:
        return Refusal(
            "reason_missing",
            say("请写明怎样落实")
            if answer is AdoptAnswer.ADOPTED
            else say("部分采纳或者不采纳，要写明理由（至少 {n} 个字）", n=least),
            what_next=say("理由会公开写在卷宗里"),
            status=422,
        )
    return why_not_wording(reason, longest=REASON_LONGEST, what=say("理由"))


# Ballots --------------------------------------------------------------------------------------------------------------


def head_unclear(heads: int) -> Refusal:
    """Ask which of one's heads the ballot is for."""
    return Refusal(
        "head_unclear",
        say("您在这次表决里有 {n} 票，请写明这一张是哪一票", n=heads),
        what_next=say("请在决定页上逐票投"),
        status=422,
    )


def option_unknown() -> Refusal:
    """Refuse a choice that is not on the ballot."""
    return Refusal("option_unknown", say("请先选一项，再交票"), status=422)


def taken_meanwhile() -> Refusal:
    """Refuse a second ballot for a head that another transaction has just put in."""
    return Refusal("ballot_taken", say("这一票刚刚已经投出"), what_next=say("请刷新页面看您的回执"))
