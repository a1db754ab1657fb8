"""Thresholds and limits of a tenant, with their defaults."""

from __future__ import annotations

from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say


class Setting(StrEnum):
    """Thresholds and time limits that a tenant may set for a place and everything under it."""

    TRIAGE_HOURS = "triage_hours"
    EMERGENCY_TRIAGE_HOURS = "emergency_triage_hours"
    APPEAL_DAYS = "appeal_days"
    APPEAL_ANSWER_DAYS = "appeal_answer_days"
    CONCERN_ANSWER_DAYS = "concern_answer_days"
    MOTION_SUPPORTS = "motion_supports"
    OWNERS_SHARE_PERCENT = "owners_share_percent"
    VOTE_DAYS = "vote_days"
    OBJECTION_DAYS = "objection_days"
    RESOLUTION_ANSWER_DAYS = "resolution_answer_days"
    CALL_HOURS = "call_hours"
    CASE_DAYS = "case_days"
    CLAIM_DAYS = "claim_days"
    CONFIRMATION_DAYS = "confirmation_days"
    MEDIATION_DAYS = "mediation_days"
    DELIBERATION_DAYS = "deliberation_days"
    REVIEW_HOURS = "review_hours"
    REMOVAL_APPEAL_DAYS = "removal_appeal_days"
    FLOOD_MESSAGES = "flood_messages"
    GRID_HOUSEHOLDS_MIN = "grid_households_min"
    GRID_HOUSEHOLDS_MAX = "grid_households_max"
    STATUTORY_VOTE_AUTHORIZED = "statutory_vote_authorized"
    CITY_VOTE_SYSTEM = "city_vote_system"
    SECOND_FACTOR_ASKED = "second_factor_asked"
    DIGEST_HOUR = "digest_hour"
    DIGEST_WEEKDAY = "digest_weekday"
    QUIET_FROM = "quiet_from"
    QUIET_UNTIL = "quiet_until"


DEFAULTS: dict[Setting, int] = {
    Setting.TRIAGE_HOURS: 24,
    Setting.EMERGENCY_TRIAGE_HOURS: 2,
    Setting.APPEAL_DAYS: 7,
    Setting.APPEAL_ANSWER_DAYS: 5,
    Setting.CONCERN_ANSWER_DAYS: 5,
    Setting.MOTION_SUPPORTS: 5,
    Setting.OWNERS_SHARE_PERCENT: 20,
    Setting.VOTE_DAYS: 7,
    Setting.OBJECTION_DAYS: 0,
    Setting.RESOLUTION_ANSWER_DAYS: 10,
    Setting.CALL_HOURS: 48,
    Setting.CASE_DAYS: 7,
    Setting.CLAIM_DAYS: 14,
    Setting.CONFIRMATION_DAYS: 7,
    Setting.MEDIATION_DAYS: 30,
    Setting.DELIBERATION_DAYS: 30,
    Setting.REVIEW_HOURS: 24,
    Setting.REMOVAL_APPEAL_DAYS: 14,
    Setting.FLOOD_MESSAGES: 10,
    Setting.GRID_HOUSEHOLDS_MIN: 20,
    Setting.GRID_HOUSEHOLDS_MAX: 600,
    Setting.STATUTORY_VOTE_AUTHORIZED: 0,
    Setting.CITY_VOTE_SYSTEM: 0,
    Setting.SECOND_FACTOR_ASKED: 0,
    Setting.DIGEST_HOUR: 8,
    Setting.DIGEST_WEEKDAY: 1,
    Setting.QUIET_FROM: 21,
    Setting.QUIET_UNTIL: 8,
}
"""Days are working days for public bodies and calendar days for residents; hours run round the clock."""

LONGEST = 3650
"""No limit is longer than a clock can wait (``duties.rules.clock.LONGEST``)."""

BOUNDS: dict[Setting, tuple[int, int]] = {
    **dict.fromkeys(Setting, (1, LONGEST)),
    Setting.APPEAL_DAYS: (0, LONGEST),
    Setting.OBJECTION_DAYS: (0, 90),
    Setting.MOTION_SUPPORTS: (1, 10_000),
    Setting.FLOOD_MESSAGES: (0, 20),
    Setting.OWNERS_SHARE_PERCENT: (1, 100),
    Setting.GRID_HOUSEHOLDS_MIN: (0, 10_000),
    Setting.GRID_HOUSEHOLDS_MAX: (1, 10_000),
    Setting.STATUTORY_VOTE_AUTHORIZED: (0, 1),
    Setting.CITY_VOTE_SYSTEM: (0, 1),
    Setting.SECOND_FACTOR_ASKED: (0, 1),
    Setting.DIGEST_HOUR: (0, 23),
    Setting.DIGEST_WEEKDAY: (1, 7),
    Setting.QUIET_FROM: (0, 23),
    Setting.QUIET_UNTIL: (0, 23),
}
"""The least and the most that each can be; no days to appeal means that there is no appeal."""

MEANINGS: dict[Setting, Words] = {
    Setting.TRIAGE_HOURS: say("分流、以及案件在每个中转环节停留的期限，小时；也是紧急案件的办理期限"),
    Setting.EMERGENCY_TRIAGE_HOURS: say("紧急问题分流和中转的期限，小时"),
    Setting.APPEAL_DAYS: say("分流后可以申诉的期限，日；0 是不能申诉"),
    Setting.APPEAL_ANSWER_DAYS: say("街道答复申诉的期限，工作日"),
    Setting.CONCERN_ANSWER_DAYS: say("答复顾虑的期限，工作日"),
    Setting.MOTION_SUPPORTS: say("不是业主表决的动议，自动列入要几票位联署"),
    Setting.OWNERS_SHARE_PERCENT: say("业主表决的动议，自动列入要占业主人数的百分之几联署"),
    Setting.VOTE_DAYS: say("表决通常开放几天（发公告时可以改）"),
    Setting.OBJECTION_DAYS: say("表决通过后先公示几日、收异议，再生效；0 是马上生效"),
    Setting.RESOLUTION_ANSWER_DAYS: say("单位答复决议的期限，工作日"),
    Setting.CALL_HOURS: say("被吹哨的单位答复的期限，小时"),
    Setting.CASE_DAYS: say("清单没有写期限时办理案件的期限，工作日"),
    Setting.CLAIM_DAYS: say("一次认领最多保留的天数"),
    Setting.CONFIRMATION_DAYS: say("等提出的人确认的期限，日"),
    Setting.MEDIATION_DAYS: say("调解的期限，日"),
    Setting.DELIBERATION_DAYS: say("协商的期限，日"),
    Setting.REVIEW_HOURS: say("看一段被举报的发言、答复发言申诉的期限，小时"),
    Setting.REMOVAL_APPEAL_DAYS: say("发言被移除后可以申诉的期限，日"),
    Setting.FLOOD_MESSAGES: say("一个人十分钟里发几条以后，再发的要先看过才公开；0 是都不用先看"),
    Setting.GRID_HOUSEHOLDS_MIN: say("一个网格最少的户数（现在只登记，没有检查）"),
    Setting.GRID_HOUSEHOLDS_MAX: say("一个网格最多的户数（现在只登记，没有检查）"),
    Setting.SECOND_FACTOR_ASKED: say("办公的人登录要不要第二道验证：1 要，没有设的先不能办公；0 不要"),
    Setting.STATUTORY_VOTE_AUTHORIZED: say("本地能否作法定的业主表决：1 能，交了授权文件就有约束力；0 只是意向征询"),
    Setting.CITY_VOTE_SYSTEM: say("本市是否规定业主表决用市里的电子投票系统：1 是，在这里只是意向征询；0 不是"),
    Setting.DIGEST_HOUR: say("每天、每周的邮件几点发（0–23 点）"),
    Setting.DIGEST_WEEKDAY: say("每周的邮件星期几发（1 是星期一，7 是星期日）"),
    Setting.QUIET_FROM: say("晚上从几点起不发邮件（0–23 点；和早上相同就是不设）"),
    Setting.QUIET_UNTIL: say("早上到几点为止不发邮件（0–23 点）"),
}


def why_not_set(name: Setting, value: int) -> Refusal | None:
    """A threshold or limit stays within what the clocks and counts can bear."""
    least, most = BOUNDS[name]
    if least <= value <= most:
        return None
    return Refusal(
        "setting_out_of_range", say("这个数要在 {least} 到 {most} 之间。", least=least, most=most), status=422
    )
