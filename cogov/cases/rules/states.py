"""Where a case can stand, what can be done to it, and the five stamps under it."""

from __future__ import annotations

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands; every state has one accountable party."""

    REPORTED = "reported"  # supervision centre: verify
    VERIFIED = "verified"  # supervision centre: accept or refuse
    ACCEPTED = "accepted"  # supervision centre: file (立案) or not
    FILED = "filed"  # command centre: dispatch
    DISPATCHED = "dispatched"  # body: acknowledge or return
    HANDLING = "handling"  # body: handle
    HANDLED = "handled"  # supervision centre: inspect
    INSPECTED = "inspected"  # supervision centre: feed back
    FED_BACK = "fed_back"  # supervision centre: close
    CLOSED = "closed"
    REFUSED = "refused"


class StampKind(StrEnum):
    """The five stamps 问题 指挥 责任 联动 反馈, in their order."""

    PROBLEM = "problem"
    COMMAND = "command"
    DUTY = "duty"
    JOINT = "joint"
    FEEDBACK = "feedback"


class StepKind(StrEnum):
    """What is done to a case."""

    OPEN = "open"
    VERIFY = "verify"
    ACCEPT = "accept"
    REFUSE = "refuse"
    FILE = "file"
    DISPATCH = "dispatch"
    ACKNOWLEDGE = "acknowledge"
    RETURN = "return"
    CALL = "call"
    NO_CALL = "no_call"
    ANSWER_CALL = "answer_call"
    HANDLE = "handle"
    PASS = "pass"
    REWORK = "rework"
    FEED_BACK = "feed_back"
    CLOSE = "close"
    REOPEN = "reopen"


class CallState(StrEnum):
    """Whether a called body (吹哨) has answered; a late one can be released by the dispatcher, with words."""

    CALLED = "called"
    ANSWERED = "answered"
    RELEASED = "released"


class RefusalReason(StrEnum):
    """Why the supervision centre does not take a case on."""

    NOT_FOUND = "not_found"  # nothing there when looked at
    OTHER_CHANNEL = "other_channel"
    NOT_PUBLIC_DUTY = "not_public_duty"
    IN_HAND = "in_hand"
    DECLINED = "declined"  # the body answered a resolution with no


class Party(StrEnum):
    """The sides of the official loop; each is one organization for each case."""

    GRID = "grid"
    SUPERVISION = "supervision"
    COMMAND = "command"
    BODY = "body"
    CALLED = "called"


BEFORE_DISPATCH = frozenset({CaseState.REPORTED, CaseState.VERIFIED, CaseState.ACCEPTED, CaseState.FILED})
"""While a case is looked at and handed on, and nobody does the work yet."""

ENDED = frozenset({CaseState.CLOSED, CaseState.REFUSED})

HOLDER: dict[CaseState, Party] = {
    CaseState.REPORTED: Party.SUPERVISION,
    CaseState.VERIFIED: Party.SUPERVISION,
    CaseState.ACCEPTED: Party.SUPERVISION,
    CaseState.FILED: Party.COMMAND,
    CaseState.DISPATCHED: Party.BODY,
    CaseState.HANDLING: Party.BODY,
    CaseState.HANDLED: Party.SUPERVISION,
    CaseState.INSPECTED: Party.SUPERVISION,
    CaseState.FED_BACK: Party.SUPERVISION,
}
"""Who is accountable in each state that waits for somebody."""
