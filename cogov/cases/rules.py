"""The official loop: its states, its stamps, who may do which step, and what is still missing for a close."""

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
    """The five stamps 问题 指挥 责任 联动 反馈."""

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
    """Whether a called body (吹哨) has answered."""

    CALLED = "called"
    ANSWERED = "answered"
