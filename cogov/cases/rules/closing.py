"""What is still missing before a result can be reported and before a case can be closed."""

from __future__ import annotations

from cogov.cases.rules.states import CaseState, StampKind
from cogov.cases.rules.steps import BEIJING, STANDARD, Facts
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

MISSING: dict[StampKind, Words] = {
    StampKind.PROBLEM: say("缺问题章：还没有人核实。"),
    StampKind.COMMAND: say("缺指挥章：指挥中心还没有派遣。"),
    StampKind.DUTY: say("缺责任章：责任单位还没有签收。"),
    StampKind.JOINT: say("缺联动章：请吹哨，或由指挥中心写明不需要联动。"),
    StampKind.FEEDBACK: say("缺反馈章：结果还没有告诉提出问题的人。"),
}

_UNINSPECTED = frozenset(CaseState) - {CaseState.INSPECTED, CaseState.FED_BACK, CaseState.CLOSED}


def missing_for_close(facts: Facts) -> tuple[Refusal, ...]:
    """Return what this round lacks of its inspection and its five stamps, in the order of the loop."""
    missing = [_missing(kind, facts) for kind in StampKind if kind not in facts.stamps]
    if facts.state in _UNINSPECTED:
        # Before the last stamp, where it belongs in the loop.
        missing.insert(max(len(missing) - 1, 0), _needed("not_inspected", say("还没有核查通过。")))
    return tuple(missing)


def _missing(kind: StampKind, facts: Facts) -> Refusal:
    if kind is StampKind.JOINT and facts.calls_waiting:
        return _needed("stamp_joint", say("缺联动章：还有 {n} 家没有答复。", n=facts.calls_waiting))
    return _needed(f"stamp_{kind}", MISSING[kind])


def _needed(code: str, message: Words) -> Refusal:
    return Refusal(code, message, article=STANDARD)


def why_not_close(facts: Facts) -> Refusal | None:
    """A case closes only under all five stamps of its round."""
    missing = missing_for_close(facts)
    if not missing:
        return None
    return Refusal(
        "stamps_missing",
        say("还不能结案，差 {n} 样。", n=len(missing)),
        article=STANDARD,
        what_next=missing[0].message,
    )


def _joint_first(facts: Facts) -> Refusal:
    message = (
        say("缺联动章：还有 {n} 家没有答复。", n=facts.calls_waiting)
        if facts.calls_waiting
        else say("缺联动章：还没有说明要不要联动。")
    )
    return Refusal(
        "stamp_joint",
        message,
        article=f"{BEIJING}第16条",
        what_next=say("先请指挥中心写明不需要联动，或等联动单位答复。"),
    )


PICTURE_MISSING = Refusal(
    "picture_missing",
    say("还不能报结：缺处置后照片。"),
    article=f"{BEIJING}第15条",
    what_next=say("请附上处置后照片；没法拍照的，勾选“没法拍照”，原因写在结果里。"),
    status=422,
)


def missing_for_handling(facts: Facts, words: str, *, pictured: bool = False) -> tuple[Refusal, ...]:
    """Return what a body lacks to report a result; who else is needed is settled before, not found out after it."""
    missing = []
    if StampKind.DUTY not in facts.stamps:
        missing.append(Refusal("stamp_duty", MISSING[StampKind.DUTY], article=f"{BEIJING}第14条"))
    if StampKind.JOINT not in facts.stamps:
        missing.append(_joint_first(facts))
    if facts.picture_wanted and not pictured:
        missing.append(PICTURE_MISSING)
    if not words.strip():
        missing.append(
            Refusal("words_needed", say("缺处置结果：请写明做了什么。"), article=f"{BEIJING}第15条", status=422)
        )
    return tuple(missing)
