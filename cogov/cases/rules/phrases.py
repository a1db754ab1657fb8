"""How states, acts, stamps and reasons are called on pages."""

from __future__ import annotations

from cogov.cases.rules.states import CallState, CaseState, Party, RefusalReason, StampKind, StepKind
from cogov.ground.words import Words, say

STATE: dict[CaseState, Words] = {
    CaseState.REPORTED: say("待核实"),
    CaseState.VERIFIED: say("待受理"),
    CaseState.ACCEPTED: say("待立案"),
    CaseState.FILED: say("待派遣"),
    CaseState.DISPATCHED: say("待签收"),
    CaseState.HANDLING: say("处置中"),
    CaseState.HANDLED: say("待核查"),
    CaseState.INSPECTED: say("待反馈"),
    CaseState.FED_BACK: say("待结案"),
    CaseState.CLOSED: say("已结案"),
    CaseState.REFUSED: say("未受理"),
}

STEP: dict[StepKind, Words] = {
    StepKind.OPEN: say("建了案件"),
    StepKind.VERIFY: say("核实了情况"),
    StepKind.ACCEPT: say("受理了案件"),
    StepKind.REFUSE: say("没有受理"),
    StepKind.FILE: say("立了案"),
    StepKind.DISPATCH: say("派遣给承办单位"),
    StepKind.ACKNOWLEDGE: say("签收了案件"),
    StepKind.RETURN: say("退回了派遣"),
    StepKind.CALL: say("吹了哨"),
    StepKind.NO_CALL: say("写明不需要联动"),
    StepKind.ANSWER_CALL: say("答复了吹哨"),
    StepKind.HANDLE: say("报了处置结果"),
    StepKind.PASS: say("核查后通过"),
    StepKind.REWORK: say("核查没有通过，要求返工"),
    StepKind.FEED_BACK: say("把结果告诉了提出的人"),
    StepKind.CLOSE: say("结了案"),
    StepKind.REOPEN: say("没有修好，案件重开"),
}

ACT: dict[StepKind, Words] = {
    StepKind.VERIFY: say("核实属实"),
    StepKind.ACCEPT: say("受理"),
    StepKind.REFUSE: say("不受理"),
    StepKind.FILE: say("立案"),
    StepKind.DISPATCH: say("派遣"),
    StepKind.ACKNOWLEDGE: say("签收"),
    StepKind.RETURN: say("退回派遣"),
    StepKind.CALL: say("吹哨"),
    StepKind.NO_CALL: say("不需要联动"),
    StepKind.ANSWER_CALL: say("答复"),
    StepKind.HANDLE: say("报处置结果"),
    StepKind.PASS: say("核查通过"),
    StepKind.REWORK: say("要求返工"),
    StepKind.FEED_BACK: say("反馈结果"),
    StepKind.CLOSE: say("结案"),
}
"""Verbs on buttons."""

STAMP: dict[StampKind, Words] = {
    StampKind.PROBLEM: say("问题章"),
    StampKind.COMMAND: say("指挥章"),
    StampKind.DUTY: say("责任章"),
    StampKind.JOINT: say("联动章"),
    StampKind.FEEDBACK: say("反馈章"),
}

STAMP_BY: dict[StampKind, Words] = {
    StampKind.PROBLEM: say("待核实"),
    StampKind.COMMAND: say("指挥中心"),
    StampKind.DUTY: say("承办单位"),
    StampKind.JOINT: say("联动单位"),
    StampKind.FEEDBACK: say("监督中心"),
}
"""Who is awaited for a stamp."""

CALL: dict[CallState, Words] = {
    CallState.CALLED: say("还没有答复"),
    CallState.ANSWERED: say("已答复"),
    CallState.RELEASED: say("逾期，不再等"),
}

REASON: dict[RefusalReason, Words] = {
    RefusalReason.NOT_FOUND: say("现场没有发现"),
    RefusalReason.OTHER_CHANNEL: say("应走其他渠道"),
    RefusalReason.NOT_PUBLIC_DUTY: say("不是公共部门的职责"),
    RefusalReason.IN_HAND: say("已经在别的案件里办理"),
    RefusalReason.DECLINED: say("单位没有采纳决议"),
}

PROMISE: dict[Party, Words] = {
    Party.SUPERVISION: say("监督中心在这之前办下一步"),
    Party.COMMAND: say("指挥中心在这之前派遣"),
    Party.BODY: say("承办单位在这之前报处置结果"),
}
"""What the clock of whoever is accountable promises."""

DESK: dict[str, Words] = {
    "mine": say("等我办"),
    "today": say("今天到期"),
    "late": say("已逾期"),
    "others": say("等别人"),
}
"""The parts of a desk."""

DESK_KIND: dict[str, Words] = {
    "case": say("案件"),
    "call": say("吹哨"),
    "concern": say("顾虑"),
    "resolution": say("决议"),
}
"""What waits at a desk."""

MISSING_SHORT: dict[str, Words] = {
    "stamp_duty": say("责任章"),
    "stamp_joint": say("联动章"),
    "picture_missing": say("处置后照片"),
    "words_needed": say("处置结果"),
    "stamp_problem": say("问题章"),
    "stamp_command": say("指挥章"),
    "stamp_feedback": say("反馈章"),
    "not_inspected": say("核查通过"),
}
"""What is missing, by the code of its reason, as short as a list says it."""
