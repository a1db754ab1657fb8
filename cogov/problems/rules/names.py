"""How lanes, reasons, rules and deciders are called in front of people."""

from __future__ import annotations

from cogov.ground.words import Words, say
from cogov.problems.rules.lanes import Decider, Lane, ReasonCode, RuleCode

LANES: dict[Lane, Words] = {
    Lane.A: say("单位来办"),
    Lane.B: say("大家商量"),
    Lane.AB: say("单位办，大家也商量"),
    Lane.M: say("请人调解"),
    Lane.X: say("转到别的渠道"),
}

LANE_MEANS: dict[Lane, Words] = {
    Lane.A: say("马上建案件，由单位在期限内办；邻居可以附议，不用表决。"),
    Lane.B: say("邻居先说想法、提方案，定下来再办；要钱要人的可以表决。"),
    Lane.AB: say("单位先办自己的职责，邻居同时商量剩下的。"),
    Lane.M: say("不公开，由主持人请双方谈，结果记在卷宗里。"),
    Lane.X: say("在这里结束，告诉提出人去哪里、怎么找；提出人可以申诉。"),
}
"""What follows when a lane is chosen."""

REASONS: dict[ReasonCode, Words] = {
    ReasonCode.SAFETY: say("有危险"),
    ReasonCode.CHANNEL: say("有法定渠道"),
    ReasonCode.DUP: say("和别的是同一件"),
    ReasonCode.CONTENT: say("内容要先看"),
    ReasonCode.DUTY: say("单位的职责"),
    ReasonCode.OWNERSHIP: say("业主共有的事"),
    ReasonCode.COMMONS: say("大家共用的事"),
    ReasonCode.RECUR: say("一再发生"),
    ReasonCode.JOINT: say("几个单位一起"),
    ReasonCode.DISPUTE: say("两方的争执"),
    ReasonCode.MOBILISE: say("请人帮忙"),
    ReasonCode.UNCLEAR: say("还要核实"),
}

RULES: dict[RuleCode, Words] = {
    RuleCode.R0: say("依法办理，不表决"),
    RuleCode.R1: say("业主共同决定，双过半"),
    RuleCode.R2: say("业主共同决定，四分之三"),
    RuleCode.R3: say("有利害关系的业主一致同意"),
    RuleCode.R4: say("居民会议决定"),
    RuleCode.R5: say("居民议事，形成意见"),
    RuleCode.R6: say("双方达成协议"),
    RuleCode.R7: say("按合同办"),
    RuleCode.R8: say("紧急使用维修资金"),
    RuleCode.R9: say("志愿认领"),
    RuleCode.R10: say("场所管理者征求意见后决定"),
    RuleCode.R11: say("议事共识，没有人阻止"),
    RuleCode.R12: say("委员会成员多数决定"),
    RuleCode.R13: say("参与式预算"),
    RuleCode.R14: say("联席会议，一家单位一票"),
}

DECIDERS: dict[Decider, Words] = {
    Decider.DEPARTMENT: say("主管部门"),
    Decider.FIRE_SERVICE: say("消防"),
    Decider.POLICE: say("公安"),
    Decider.GOVERNMENT: say("政府"),
    Decider.STREET: say("街道"),
    Decider.PROPERTY_MANAGER: say("物业"),
    Decider.OWNERS_ALL: say("全体业主"),
    Decider.OWNERS_BUILDING: say("本楼业主"),
    Decider.OWNERS_UNIT: say("本单元业主"),
    Decider.OWNERS_CONCERNED: say("有利害关系的业主"),
    Decider.RESIDENTS_MEETING: say("居民会议"),
    Decider.RESIDENTS_CONSULTED: say("居民议事"),
    Decider.PLACE_MANAGER: say("场所管理者"),
    Decider.PARTIES: say("双方"),
    Decider.VOLUNTEERS: say("志愿者"),
    Decider.MODERATOR: say("居委会主持人"),
    Decider.CHANNEL: say("法定渠道"),
}
