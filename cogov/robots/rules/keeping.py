"""Who keeps robots, and what has to be said of one."""

from __future__ import annotations

from urllib.parse import parse_qs

from cogov.ground.addresses import host_of, parts_of, why_not_call
from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Actor, Role
from cogov.robots.rules import RobotKind, RobotState, dingtalk, webhook, wecom
from cogov.robots.rules.posts import Ear

MOST_ROBOTS = 10
"""Robots that one organization, or one community, may have at once."""

LONGEST_NAME, LONGEST_SECRET, LONGEST_KEYWORD = 30, 120, 20

SPEAKERS = frozenset(
    {
        Role.MODERATOR,
        Role.CHAIR,
        Role.DISPATCHER,
        Role.OFFICIAL,
        Role.INSPECTOR,
        Role.CLOSER,
        Role.OWNERS_COMMITTEE,
        Role.STREET_OFFICE,
    }
)
"""Mandates whose holders see to an organization's own robots; its helpers do not."""

NEIGHBOURS = (Role.ADMINISTRATOR, Role.MODERATOR, Role.STREET_OFFICE)
"""Who sees to the robots of a community."""

KEEPERS = tuple(sorted(SPEAKERS | {Role.ADMINISTRATOR}))
"""Everybody who may see to some robot."""


def keeps(by: Actor, code: str, organization_id: int | None) -> bool:
    """Say whether somebody sees to the robots of an organization with this area, or of the community there."""
    if by.is_clock or by.holds(code, Role.ADMINISTRATOR):
        return True
    if organization_id is None:
        return by.holds(code, *NEIGHBOURS)
    return any(held.organization_id == organization_id and held.role in SPEAKERS for held in by.standings)


def why_not_keep(by: Actor, code: str, organization_id: int | None) -> Refusal | None:
    """An organization's robots are kept by those who speak for it, a community's by its committee and street office."""
    if keeps(by, code, organization_id):
        return None
    return Refusal(
        "not_who_keeps_robots",
        say("群机器人由单位自己的经办人或管着这里的管理员添加，您的身份管不到这里。"),
        what_next=say("请联系这个单位的经办人，或管着这里的管理员。"),
        appeal=say("对授权有疑问，请联系居委会或系统管理员。"),
        status=403,
    )


def why_not_more(count: int) -> Refusal | None:
    """A group that is told everything ten times reads nothing."""
    if count < MOST_ROBOTS:
        return None
    return Refusal(
        "robots_enough",
        say("这里已经有 {n} 个群机器人。", n=MOST_ROBOTS),
        what_next=say("请先移除不用的，再添加新的。"),
        status=409,
    )


def why_not_add(kind: RobotKind, ear: Ear, *, trying: bool) -> Refusal | None:
    """An address fits its product, a secret its signature."""
    return (
        why_not_call(ear.url, trying=trying) or _why_not_product(kind, ear, trying=trying) or _why_not_secret(kind, ear)
    )


def _why_not_product(kind: RobotKind, ear: Ear, *, trying: bool) -> Refusal | None:
    """The two products have one address each: whoever copies another one has copied the wrong thing."""
    if kind is RobotKind.WEBHOOK:
        return None
    parts = parts_of(ear.url)
    host = host_of(parts) if parts else None
    product = wecom if kind is RobotKind.WECOM else dingtalk
    asked = parse_qs(parts.query) if parts else {}
    right = parts is not None and host == product.HOST and parts.path == product.PATH and parts.port in (None, 443)
    tried = trying and host in ("localhost", "127.0.0.1", "::1")
    if (right or tried) and asked.keys() == {product.KEY}:
        return None
    return Refusal(
        "not_that_product",
        say(
            "这不是它的网址。{host} 的网址以 https://{host}{path}?{key}= 开头。",
            host=product.HOST,
            path=product.PATH,
            key=product.KEY,
        ),
        what_next=say("请在群里打开机器人的设置，原样复制 Webhook 地址。"),
        status=422,
    )


def _why_not_secret(kind: RobotKind, ear: Ear) -> Refusal | None:
    if kind is RobotKind.WEBHOOK and webhook.key_of(ear.secret) is None:
        return Refusal(
            "secret_malformed",
            say("签名密钥以 whsec_ 开头，后面是 24 到 64 字节的 base64。"),
            what_next=say("也可以留空，由平台生成一个。"),
            status=422,
        )
    if kind is RobotKind.DINGTALK and not ear.secret and not ear.keyword:
        return Refusal(
            "guard_missing",
            say("钉钉机器人要填加签的密钥或者关键词。"),
            what_next=say("请看机器人的安全设置：选了“加签”填 SEC 开头的密钥，选了“自定义关键词”填关键词。"),
            status=422,
        )
    return None


def why_not_speak(state: RobotState) -> Refusal | None:
    """Who was removed is not spoken to."""
    if state is not RobotState.REMOVED:
        return None
    return Refusal("robot_removed", say("这个群机器人已经移除。"), what_next=say("请重新添加。"), status=409)
