"""Over what people are reached outside the platform, and how often by mail: plain values."""

from __future__ import annotations

from enum import StrEnum

from cogov.ground.words import Words, say


class Channel(StrEnum):
    """Over what a message goes outside."""

    MAIL = "mail"
    ROBOT = "robot"
    SMS = "sms"


class MailPace(StrEnum):
    """How often a person wants mail."""

    NONE = "none"
    WEEKLY = "weekly"
    DAILY = "daily"
    AT_ONCE = "at_once"


PACE_WORDS: dict[MailPace, Words] = {
    MailPace.NONE: say("不发邮件"),
    MailPace.WEEKLY: say("每周一封"),
    MailPace.DAILY: say("每天一封"),
    MailPace.AT_ONCE: say("等我办的随时发，其余每天一封"),
}
