"""Who may have the answers of a conversation row by row: a named auditor, with a reason, and never alone.

What they get is keyed anew each time: two exports cannot be laid side by side, and neither beside what is known here.
"""

from __future__ import annotations

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Actor, Role

REASON_LENGTH = 1000

AGREEING = (Role.STREET_OFFICE, Role.ADMINISTRATOR)
"""Who may be the second person."""


def why_not_see_rows(by: Actor, code: str) -> Refusal | None:
    """An auditor of the place and those who agree see who asked for what, and what became of it."""
    return None if by.holds(code, Role.AUDITOR, *AGREEING) else _not_an_auditor()


def why_not_ask(by: Actor, code: str, *, closed: bool, asked: bool) -> Refusal | None:
    """An auditor of the place asks, after the conversation has closed, once at a time."""
    if not by.holds(code, Role.AUDITOR):
        return _not_an_auditor()
    if not closed:
        return Refusal(
            "conversation_running",
            say("征集还没有结束，这时候取走会知道谁刚刚答了什么"),
            what_next=say("请等它结束"),
        )
    if asked:
        return Refusal("rows_asked_already", say("已经有一次申请在等同意或者等取走"), what_next=say("请先办完那一次"))
    return None


def why_not_agree(by: Actor, code: str, *, asked_by: int, agreed: bool) -> Refusal | None:
    """The street office or an administrator of the place agrees, never the one who asked."""
    if by.person_id == asked_by:
        return Refusal(
            "second_person_needed",
            say("取走逐行数据要两个人，提出的人自己不能同意"),
            what_next=say("请另一位有权同意的人来办"),
            status=403,
        )
    if not by.holds(code, *AGREEING):
        return Refusal(
            "not_agreeing",
            say("逐行数据由街道或系统管理员同意取走"),
            what_next=say("请等他们同意"),
            status=403,
        )
    if agreed:
        return Refusal("agreed_already", say("已经同意过了"))
    return None


def why_not_take(by: Actor, code: str, *, asked_by: int, agreed: bool, taken: bool) -> Refusal | None:
    """Who asked takes it, once, after a second person agreed, while they still are an auditor."""
    if by.person_id != asked_by or not by.holds(code, Role.AUDITOR):
        return Refusal(
            "not_the_one_who_asked",
            say("逐行数据只给提出申请的审计员本人"),
            what_next=say("您可以自己提出申请"),
            status=403,
        )
    if not agreed:
        return Refusal("not_agreed_yet", say("还没有第二个人同意"), what_next=say("请等街道或系统管理员同意"))
    if taken:
        return Refusal(
            "taken_already",
            say("这一次已经取走了"),
            what_next=say("还要的话，请再申请一次；编号会重新打乱"),
        )
    return None


def _not_an_auditor() -> Refusal:
    return Refusal(
        "not_an_auditor",
        say("每个人的回答不公开，只有指名的审计员能申请取走，名字和编号都去掉"),
        what_next=say("十人以上的数谁都可以导出"),
        status=403,
    )
