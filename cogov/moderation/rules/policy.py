"""The published policy: for which reasons a text may be taken down, and what can become of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cogov.ground.words import Words, say


class SubjectKind(StrEnum):
    """What a review can be about; its id is that of a row in the room that the kind names."""

    MESSAGE = "message"
    STATEMENT = "statement"
    CONCERN = "concern"
    CONCERN_ANSWER = "concern_answer"
    SOLUTION = "solution"
    AMENDMENT = "amendment"
    AMENDMENT_ANSWER = "amendment_answer"
    PLEDGE = "pledge"
    MINORITY = "minority"
    SUMMARY = "summary"
    OBJECTION = "objection"
    INTEREST = "interest"
    MOTION = "motion"
    SIGNATURE = "signature"
    PROBLEM = "problem"
    VOTING_MOTION = "voting_motion"


class FlagReason(StrEnum):
    """The reasons of the policy, in its order; whoever flags or takes down names one of them."""

    INSULT = "insult"
    PRIVACY = "privacy"
    SPAM = "spam"
    MISLEADING = "misleading"
    OFF_TOPIC = "off_topic"
    UNLAWFUL = "unlawful"


class HoldReason(StrEnum):
    """Why a text waits for somebody's look before it is published."""

    FLOOD = "flood"
    REPEATED = "repeated"
    LINKS = "links"


class ReviewState(StrEnum):
    """A review is open, or its text stands, was taken down, went by order, or was put back after an appeal."""

    OPEN = "open"
    KEPT = "kept"
    REMOVED = "removed"
    ORDERED = "ordered"
    RESTORED = "restored"


class ReviewVerdict(StrEnum):
    """What whoever decides a review may choose."""

    KEEP = "keep"
    REMOVE = "remove"


@dataclass(frozen=True)
class Clause:
    """One clause of the policy: its number, what it is called, and what it means in plain words."""

    number: int
    name: Words
    meaning: Words


POLICY: dict[FlagReason, Clause] = {
    FlagReason.INSULT: Clause(
        1,
        say("骂人、威胁、欺负人"),
        say("说事可以尖锐，不骂人、不威胁、不拿人的出身、病残、信仰取笑。批评单位和做法不算。"),
    ),
    FlagReason.PRIVACY: Clause(
        2, say("公开别人的信息"), say("不写别人的姓名、电话、证件号、车牌、门牌、病情，也不贴能认出人的照片。")
    ),
    FlagReason.SPAM: Clause(3, say("广告、刷屏"), say("不做广告，不反复贴同样的话。")),
    FlagReason.MISLEADING: Clause(
        4, say("编造事实、冒充别人"), say("不编造没有发生的事，不冒充别人或单位。说错了、看法不同，不算。")
    ),
    FlagReason.OFF_TOPIC: Clause(5, say("和这件事无关"), say("说这一件问题；别的事请另外提出。")),
    FlagReason.UNLAWFUL: Clause(6, say("法律不许发布"), say("法律、行政法规禁止发布的内容。")),
}
"""Each reason with its clause; criticism of the committee, of a body or of an official is a reason for nothing."""

_HOLDS: dict[HoldReason, Words] = {
    HoldReason.FLOOD: say("短时间内发得太多"),
    HoldReason.REPEATED: say("和刚才发的一样"),
    HoldReason.LINKS: say("有好几个外面的网址"),
}

_STATES: dict[ReviewState, Words] = {
    ReviewState.OPEN: say("正在看"),
    ReviewState.KEPT: say("看过，保留"),
    ReviewState.REMOVED: say("已移除"),
    ReviewState.ORDERED: say("按命令移除"),
    ReviewState.RESTORED: say("申诉后恢复"),
}


_SUBJECTS: dict[SubjectKind, Words] = {
    SubjectKind.MESSAGE: say("发言"),
    SubjectKind.STATEMENT: say("观点"),
    SubjectKind.CONCERN: say("顾虑"),
    SubjectKind.CONCERN_ANSWER: say("对顾虑的答复"),
    SubjectKind.SOLUTION: say("方案"),
    SubjectKind.AMENDMENT: say("方案的修改"),
    SubjectKind.AMENDMENT_ANSWER: say("对修改的答复"),
    SubjectKind.PLEDGE: say("承诺"),
    SubjectKind.MINORITY: say("少数意见"),
    SubjectKind.SUMMARY: say("总结"),
    SubjectKind.OBJECTION: say("对纪要的异议"),
    SubjectKind.INTEREST: say("利益说明"),
    SubjectKind.MOTION: say("会上的动议"),
    SubjectKind.SIGNATURE: say("对会议纪要的异议"),
    SubjectKind.PROBLEM: say("问题"),
    SubjectKind.VOTING_MOTION: say("表决的动议"),
}
_ONE: dict[SubjectKind, Words] = {
    SubjectKind.MESSAGE: say("一条发言"),
    SubjectKind.STATEMENT: say("一条观点"),
    SubjectKind.CONCERN: say("一条顾虑"),
    SubjectKind.CONCERN_ANSWER: say("一条对顾虑的答复"),
    SubjectKind.SOLUTION: say("一条方案"),
    SubjectKind.AMENDMENT: say("一条方案的修改"),
    SubjectKind.AMENDMENT_ANSWER: say("一条对修改的答复"),
    SubjectKind.PLEDGE: say("一条承诺"),
    SubjectKind.MINORITY: say("一条少数意见"),
    SubjectKind.SUMMARY: say("一条总结"),
    SubjectKind.OBJECTION: say("一条对纪要的异议"),
    SubjectKind.INTEREST: say("一条利益说明"),
    SubjectKind.MOTION: say("一条会上的动议"),
    SubjectKind.SIGNATURE: say("一条对会议纪要的异议"),
    SubjectKind.PROBLEM: say("一个问题"),
    SubjectKind.VOTING_MOTION: say("一项表决的动议"),
}


def subject_words(kind: SubjectKind) -> Words:
    """Return what a text of a kind is called."""
    return _SUBJECTS[kind]


def one_of(kind: SubjectKind) -> Words:
    """Return how one text of a kind is spoken of within a sentence."""
    return _ONE[kind]


def reason_words(reason: FlagReason) -> Words:
    """Return a reason with the number of its clause."""
    clause = POLICY[reason]
    return say("{name}（发言规则第 {n} 条）", name=clause.name, n=clause.number)


def hold_words(reason: HoldReason) -> Words:
    """Return why a text waits."""
    return _HOLDS[reason]


def state_words(state: ReviewState) -> Words:
    """Return what became of a text."""
    return _STATES[state]
