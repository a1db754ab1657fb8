"""Proving once more who one is before a powerful act: a device left open is no proof."""

from __future__ import annotations

from datetime import datetime, timedelta

from cogov.ground.refusals import Refusal
from cogov.ground.words import say

PROOF_LASTS = timedelta(minutes=15)


def is_proved(proved_at: datetime | None, now: datetime) -> bool:
    """Say whether who sits at a device showed who they are lately enough for a powerful act."""
    return proved_at is not None and timedelta(0) <= now - proved_at <= PROOF_LASTS


def wrong_proof() -> Refusal:
    """The one answer to a wrong password, code or passkey."""
    return Refusal(
        "proof_wrong",
        say("没有核对上。"),
        what_next=say("请看清楚再填一次，您刚才办的内容还在。"),
        status=422,
    )
