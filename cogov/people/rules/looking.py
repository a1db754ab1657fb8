"""Looking at how a person is called and reached: by duty, for a reason, seen by the person."""

from __future__ import annotations

from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say


class LookReason(StrEnum):
    """Why somebody looked; a code, so that nothing is written down about the person in free words."""

    CALL_BACK = "call_back"
    VERIFY = "verify"
    RECOVER = "recover"
    EMERGENCY = "emergency"
    LAWFUL_ORDER = "lawful_order"


_REASON_WORDS: dict[LookReason, Words] = {
    LookReason.CALL_BACK: say("回访或联系本人办事"),
    LookReason.VERIFY: say("核对身份或住处"),
    LookReason.RECOVER: say("本人申请更正、换号码或找回账号"),
    LookReason.EMERGENCY: say("有人身危险，要马上联系"),
    LookReason.LAWFUL_ORDER: say("有权机关依法调取"),
}


def look_words(reason: LookReason) -> Words:
    """Return a reason as people say it."""
    return _REASON_WORDS[reason]


def masked_name(name: str) -> str:
    """Return a name that tells two people apart and identifies neither."""
    return f"{name[:1]}*" if name else ""


def why_not_look(reason: str) -> Refusal | None:
    """Nobody looks without saying why."""
    if reason in set(LookReason):
        return None
    return Refusal(
        "look_reason", say("请先选为什么要看。"), what_next=say("谁看过、为什么看，本人都看得到。"), status=422
    )
