"""What a robot is, what it hears, in which state it is, and why a post did not arrive."""

from __future__ import annotations

from enum import StrEnum

from cogov.ground.words import Words, say

TOO_OFTEN = 5
"""Posts refused for good, one after the other, after which the platform stops trying."""


class RobotKind(StrEnum):
    """Which product listens, and so how it is spoken to."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    WEBHOOK = "webhook"


class RobotTopic(StrEnum):
    """What a robot hears: the cases of one organization, or what everybody of a community may read."""

    DESK = "desk"
    ANNOUNCEMENTS = "announcements"


class RobotState(StrEnum):
    """Whether a robot is spoken to; ``stopped`` is what the platform does when it is refused again and again."""

    ON = "on"
    PAUSED = "paused"
    STOPPED = "stopped"
    REMOVED = "removed"


class Fault(StrEnum):
    """Why a post did not arrive."""

    GONE = "gone"
    SIGNATURE = "signature"
    KEYWORD = "keyword"
    ORIGIN = "origin"
    REFUSED = "refused"
    BUSY = "busy"
    AWAY = "away"
    BARRED = "barred"
    LOCKED = "locked"


KIND_WORDS: dict[RobotKind, Words] = {
    RobotKind.WECOM: say("企业微信群机器人"),
    RobotKind.DINGTALK: say("钉钉群机器人"),
    RobotKind.WEBHOOK: say("别的系统（带签名的网址）"),
}

TOPIC_WORDS: dict[RobotTopic, Words] = {
    RobotTopic.DESK: say("到本单位的案件：收到、快到期、逾期"),
    RobotTopic.ANNOUNCEMENTS: say("公告、表决的公示、开始和结果"),
}

STATE_WORDS: dict[RobotState, Words] = {
    RobotState.ON: say("在用"),
    RobotState.PAUSED: say("已暂停"),
    RobotState.STOPPED: say("发不出去，平台已停发"),
    RobotState.REMOVED: say("已移除"),
}

FAULT_WORDS: dict[Fault, Words] = {
    Fault.GONE: say("对方说没有这个机器人，可能已经被移出群。"),
    Fault.SIGNATURE: say("对方说签名不对，请核对密钥。"),
    Fault.KEYWORD: say("对方要求消息里有关键词，请核对关键词。"),
    Fault.ORIGIN: say("对方不接受从这里发去的消息，请把平台的地址加进它的白名单。"),
    Fault.REFUSED: say("对方没有接受这条消息。"),
    Fault.BUSY: say("对方说发得太快或正忙，过一会儿再发。"),
    Fault.AWAY: say("连不上对方，过一会儿再发。"),
    Fault.BARRED: say("这个网址指向内部网络，平台不往那里发。"),
    Fault.LOCKED: say("平台换过密钥，读不出保存的网址，请移除后重新添加。"),
}
