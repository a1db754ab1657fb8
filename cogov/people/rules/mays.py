"""What a role allows, in one sentence for the person who holds it."""

from __future__ import annotations

from cogov.ground.words import Words, say
from cogov.people.rules.roles import Role

_MAY: dict[Role, Words] = {
    Role.RESIDENT: say("可以提出问题、说“我也遇到”、发言、提顾虑和方案、认领任务；住处核对后可以参加意向征询。"),
    Role.OWNER: say("可以对业主共同决定的事投票，可以提动议。"),
    Role.TENANT: say("可以提出问题、发言、提顾虑和方案、认领任务；业主表决请房东参加。"),
    Role.GRID_WORKER: say("可以到现场核实问题和任务，替不用手机的居民登记。"),
    Role.PARTY_MEMBER: say("可以代表支部发言、提方案、认领任务；不能代表支部投票。"),
    Role.SOCIAL_MEMBER: say("可以代表组织发言、提方案、认领任务；不能代表组织投票。"),
    Role.MODERATOR: say("可以分流问题、答复顾虑、公告表决、开任务和核实任务、记录调解、发公告。"),
    Role.DISPATCHER: say("可以派遣案件、处理派错的异议、写明不需要联动、暂停时钟。"),
    Role.OFFICIAL: say("可以签收、办理和报结果、吹哨和答复吹哨、答复决议。"),
    Role.INSPECTOR: say("可以核实、受理、立案、到现场核查、把结果反馈给提出的人。"),
    Role.CLOSER: say("可以在五章齐了以后结案；自己核查过的案件不能自己结。"),
    Role.OWNERS_COMMITTEE: say("可以提动议、答复顾虑、开任务和核实任务、发公告。"),
    Role.STREET_OFFICE: say("可以答复分流申诉、接手过时没有分流的问题、同意不采纳顾虑、发公告。"),
    Role.CHAIR: say("可以主持协商、提出不采纳顾虑（要第二个人同意）、发公告。"),
    Role.AUDITOR: say("可以查看完整的记录和核对账本，不能改动。"),
    Role.ADMINISTRATOR: say("可以登记地方、单位、人员和授权，改期限和门槛；看不到截止前的选择，也不能改记录。"),
}


def may_words(role: Role) -> Words:
    """Return what a role allows."""
    return _MAY[role]
