"""What it takes to enter: a pseudonym of one's own, a code that arrives, a limit on guessing."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import say

SHORTEST_PSEUDONYM, LONGEST_PSEUDONYM = 2, 20

CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
CODE_PAUSE = timedelta(minutes=1)
CODES_AN_HOUR = 5
CODES_A_DAY = 10

WRONG_PASSWORDS = 10
WRONG_WITHIN = timedelta(minutes=15)

SIGN_UP_LASTS = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=10)

# Han (with the rare characters of names), Latin, digits, and what joins them.
_PSEUDONYM = re.compile(
    r"[0-9A-Za-z\u00c0-\u024f\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003347f][0-9A-Za-z\u00c0-\u024f\u3400-\u4dbf"
    r"\u4e00-\u9fff\U00020000-\U0003347f·_\- ]*"
)

# A pseudonym that sounds like an office lends its words a weight they do not have.
_OFFICES = (
    *("居委", "街道", "管理员", "管理人员", "书记", "主任", "网格员", "网格长", "官方", "政府", "业委会", "业主委员会"),
    *("物业公司", "物业经理", "派出所", "公安", "民警", "警官", "警察", "城管", "法院", "检察院", "消防队", "消防大队"),
    *("党支部", "党委", "指挥中心", "监督中心", "系统通知", "客服", "共治平台", "版主", "主持人"),
    *("admin", "moderator", "official", "system", "support", "cogov", "root"),
)


class CodePurpose(StrEnum):
    """What a one-time code opens, and nothing else; an invitation brings no code but says where to ask for one."""

    SIGN_IN = "sign_in"
    SIGN_UP = "sign_up"
    RECOVERY = "recovery"
    INVITATION = "invitation"
    ADDRESS = "address"


PSEUDONYM_TAKEN = Refusal("pseudonym_taken", say("这个化名已经有人用了，请换一个。"), status=422)


def pseudonym_from(text: str) -> str:
    """Return a pseudonym in one form: composed, half width, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def why_not_pseudonym(pseudonym: str) -> Refusal | None:
    """A pseudonym has 2 to 20 characters, is no number, and is no office."""
    folded = re.sub(r"[·_\- ]", "", pseudonym).casefold()
    if not SHORTEST_PSEUDONYM <= len(pseudonym) <= LONGEST_PSEUDONYM:
        return Refusal("pseudonym_length", say("化名要 2 到 20 个字。"), status=422)
    if not _PSEUDONYM.fullmatch(pseudonym):
        return Refusal("pseudonym_signs", say("化名只能用汉字、字母、数字、空格和“·”“-”“_”。"), status=422)
    if folded.isdecimal():
        return Refusal("pseudonym_number", say("化名不能全是数字。"), status=422)
    if any(office in folded for office in _OFFICES):
        return Refusal("pseudonym_office", say("化名不能像单位或职务的名称，免得邻居误会。"), status=422)
    return None


def why_not_send_code(sent: list[datetime], now: datetime) -> Refusal | None:
    """One code a minute, five an hour and ten a day for one contact; ``sent`` holds the moments of the last day."""
    if sent and now - max(sent) < CODE_PAUSE:
        return Refusal(
            "code_too_soon",
            say("验证码刚刚发过，请过 1 分钟再要新的。"),
            what_next=say("先看看短信或邮箱；上一个验证码 10 分钟内有效。"),
            status=429,
        )
    if len([moment for moment in sent if now - moment < timedelta(hours=1)]) >= CODES_AN_HOUR:
        return Refusal(
            "code_too_many",
            say("这个手机号或邮箱一小时内已经发过 {n} 次验证码，请稍后再试。", n=CODES_AN_HOUR),
            what_next=say("也可以用密码登录，或请网格员上门帮忙。"),
            status=429,
        )
    if len([moment for moment in sent if now - moment < timedelta(days=1)]) >= CODES_A_DAY:
        return Refusal(
            "code_too_many_today",
            say("这个手机号或邮箱一天内已经发过 {n} 次验证码，请明天再试。", n=CODES_A_DAY),
            what_next=say("也可以用密码登录，或请网格员上门帮忙。"),
            status=429,
        )
    return None


def network_of(address: str) -> str:
    """Return from where somebody comes, as limits count it: an address, or the block of version 6 that one line has.

    Whoever has one line of version 6 has as many addresses as they like, so single ones count for nothing.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False))


def why_not_from_there(tried: Sequence[datetime], now: datetime, *, an_hour: int, a_day: int) -> Refusal | None:
    """So many codes an hour and a day for one network (0: no limit); ``tried`` holds the moments of the last day."""
    lately = len([moment for moment in tried if now - moment < timedelta(hours=1)])
    today = len([moment for moment in tried if now - moment < timedelta(days=1)])
    if not (an_hour and lately >= an_hour) and not (a_day and today >= a_day):
        return None
    return Refusal(
        "codes_from_here",
        say("从您现在用的网络上，要验证码、填验证码的次数太多了，先停一停。"),
        what_next=say("用密码或通行密钥登录不受影响；也可以换成手机流量，或者过一小时再试。"),
        appeal=say("很多邻居合用一个网络的，请居委会转告管理员放宽这个限制。"),
        status=429,
    )


def wrong_code() -> Refusal:
    """The one answer to a code that is wrong, used, stale, tried too often, or was never sent to anybody."""
    return Refusal(
        "code_wrong",
        say("验证码不对，或者已经过期。"),
        what_next=say("请核对后再填；填错 {n} 次或过了 10 分钟，请重新获取。", n=CODE_TRIES),
        status=422,
    )


def why_not_use_code(*, right: bool, tries: int, used: bool, expires_at: datetime, now: datetime) -> Refusal | None:
    """A code works once, in time, and within five tries, this one counted."""
    fits = right and not used and tries <= CODE_TRIES and now < expires_at
    return None if fits else wrong_code()


def why_not_try_password(attempts: int) -> Refusal | None:
    """Ten wrong passwords in a quarter of an hour for one contact from one address are enough."""
    if attempts <= WRONG_PASSWORDS:
        return None
    return Refusal(
        "too_many_passwords",
        say("密码试了太多次，请过 15 分钟再试。"),
        what_next=say("您也可以现在用验证码登录，或者找回密码。"),
        status=429,
    )


def wrong_password() -> Refusal:
    """The one answer to a wrong password, an unknown contact, and an account without a password."""
    return Refusal(
        "wrong_password",
        say("手机号、邮箱或密码不对。"),
        what_next=say("请核对后再试，也可以用验证码登录。"),
        status=422,
    )


def password_missing() -> Refusal:
    """No password was typed; nothing was tried."""
    return Refusal("password_missing", say("请写密码，"), what_next=say("或者改用验证码登录。"), status=422)


def why_not_enter(*, suspended: bool, confirmed: bool = True) -> Refusal | None:
    """A suspended account or an unconfirmed contact is not enough; only who proved to be its owner is told."""
    if not confirmed:
        return Refusal(
            "contact_unconfirmed",
            say("这个手机号或邮箱还没有确认过。"),
            what_next=say("请用验证码登录一次，以后就可以用密码。"),
            status=422,
        )
    if not suspended:
        return None
    return Refusal(
        "account_suspended",
        say("这个账号已经暂停使用。"),
        what_next=say("请联系您所在的居委会了解原因。"),
        appeal=say("认为停用不对，可以向街道办事处申诉。"),
        status=403,
    )
