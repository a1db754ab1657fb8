"""Closing an account: what must be settled before, how long one may think again, what is left behind."""

from __future__ import annotations

from collections.abc import Sequence

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules.factors import ROLES_OF_OFFICE
from cogov.people.rules.roles import Role, Standing

ARTICLE = "个人信息保护法第47条、第50条"

OFFICES = ROLES_OF_OFFICE - {Role.PARTY_MEMBER, Role.SOCIAL_MEMBER}
"""Roles that others rely on: they are handed over first; what is a person's own ends with the account."""


def left_name(person_id: int) -> str:
    """Return the public name of a closed account: the record stays readable, and leads to nobody."""
    return f"已注销{person_id}"


def why_not_ask_closing(standings: Sequence[Standing], *, asked: bool) -> Refusal | None:
    """Nobody leaves a post empty, and nobody asks twice."""
    if asked:
        return Refusal("closing_asked", say("您已经申请注销，正在等生效。"), what_next=say("可以在“我的资料”里撤回。"))
    held = next((standing for standing in standings if standing.role in OFFICES), None)
    if held is None:
        return None
    name = held.public_name or held.organization_name or "—"
    return Refusal(
        "still_in_office",
        say("您还有一项授权：{name}。注销后这项工作就没有人做了。", name=name),
        article=ARTICLE,
        what_next=say("请管理员先结束您的授权，再来申请注销。"),
        appeal=say("管理员不办的，可以向街道申诉。"),
    )


def nothing_to_take_back() -> Refusal:
    """The account is not being closed."""
    return Refusal("closing_missing", say("您没有正在等生效的注销申请。"))
