"""Who keeps the register: within their own area, never for themselves, and never without anybody left to keep it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules.roles import Actor, Role
from cogov.people.rules.suspension import why_not_now

SUSPENDERS = (Role.ADMINISTRATOR, Role.STREET_OFFICE)
"""Who proposes, agrees to and lifts a suspension in their area."""

LOOKERS = (Role.ADMINISTRATOR, Role.STREET_OFFICE)
"""Whose duty may need the name and the contacts of a person of their area."""

VERIFIERS = (Role.ADMINISTRATOR, Role.MODERATOR)
"""Who checks owners and residents of their area against the roll and their papers."""


def why_not_keep(by: Actor, code: str, *others: Role) -> Refusal | None:
    """The register of a place is kept by an administrator whose area reaches it, and by whom else the act names."""
    if by.is_clock or by.holds(code, Role.ADMINISTRATOR, *others):
        return None
    return Refusal(
        "not_who_keeps",
        say("这里的登记由管着这个地方的人来改，您的身份管不到这里。"),
        what_next=say("请联系管着 {code} 的管理员。", code=code) if code else say("请联系管着全部社区的管理员。"),
        appeal=say("对授权有疑问，请联系居委会或系统管理员。"),
        status=403,
    )


def why_not_oneself(by: Actor, person_id: int) -> Refusal | None:
    """Nobody gives themselves a role, verifies or suspends themselves."""
    if by.is_clock or by.person_id != person_id:
        return None
    return Refusal(
        "not_for_oneself",
        say("登记自己的事，要由别人来办。"),
        what_next=say("请另一位管理员办理。"),
        status=403,
    )


def why_not_since(since: datetime, until: datetime | None) -> Refusal | None:
    """A role begins before it ends."""
    if until is None or since < until:
        return None
    return Refusal("until_before_since", say("截止日期要在开始日期以后。"), status=422)


def why_not_end_administrator(scope: str, others: Iterable[str]) -> Refusal | None:
    """An administrator's role ends only while another one reaches the same area; `others` are the others' areas."""
    if any(scope.startswith(other) for other in others):
        return None
    return Refusal(
        "last_administrator",
        say("这是这里最后一位系统管理员，结束以后就没有人能登记了。"),
        what_next=say("请先授予另一位管理员，再结束这一项。"),
        status=409,
    )


def why_not_take_part(by: Actor, code: str) -> Refusal | None:
    """Whoever is suspended at a place neither raises, seconds, speaks nor claims there."""
    return why_not_now(by.suspended, code)


def why_not_agree_to_suspend(by: Actor, scope: str, asked_by: int | None, *, waiting: bool) -> Refusal | None:
    """A long suspension needs a second person who suspends in this area and did not propose it."""
    if not by.is_clock and not by.holds(scope, *SUSPENDERS):
        return why_not_keep(by, scope)
    if not waiting:
        return Refusal("suspension_settled", say("这一条不在等人同意。"))
    if by.person_id == asked_by:
        return Refusal(
            "second_person",
            say("超过 30 天的停用要由另一个人同意，您是提出的人。"),
            what_next=say("请街道办事处或另一位管理员来看。"),
            status=403,
        )
    return None
