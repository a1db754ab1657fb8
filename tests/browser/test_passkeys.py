"""A passkey in a real browser: made at a device, good for signing in without a password, gone when deleted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from cogov.ground.db import session
from cogov.people.models import Identity
from tests.browser.conftest import PHONE
from tests.browser.person import Album, Person
from tests.cast import Cast
from tests.people.doors import PASSWORD, give_password

pytestmark = pytest.mark.browser


def _device(page: Page) -> tuple[CDPSession, str]:
    """Give a window a device that holds passkeys and says yes to whoever asks with finger or face."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return wire, wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def test_a_passkey_is_made_opens_the_door_and_is_deleted(
    cast: Cast, open_window: Callable[..., Page], address: str, album: Album
) -> None:
    give_password(cast)
    contact = session().get_one(Identity, cast.resident.person_id).phone or ""
    # Browsers bind passkeys to a name; a bare number is none.
    here = address.replace("127.0.0.1", "localhost")
    owner = Person("owner", open_window(PHONE), album)
    wire, device = _device(owner.page)
    owner.goes_to(f"{here}/sign-in?then=/me/devices").writes("手机号或邮箱", contact).writes("密码", PASSWORD)
    owner.presses("登录").presses("加通行密钥").shows("passkey")
    owner.writes("给它起个名字", "我的手机").presses("添加").reads("十个备用码").shows("recovery-codes")
    owner.follows("我抄好了").reads("我的手机", "还有 10 个没有用").presses("退出登录")

    # The password alone brings one to the second step; the passkey goes the whole way, and its counter moves on.
    owner.goes_to(f"{here}/sign-in").writes("手机号或邮箱", contact).writes("密码", PASSWORD).presses("登录")
    owner.reads("还差一步").presses("用通行密钥").goes_to(f"{here}/me/devices").reads("最近用在").presses("退出登录")
    owner.goes_to(f"{here}/sign-in?then=/me/devices").presses("用通行密钥登录").reads("我的手机").shows("signed-in")
    [kept] = wire.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert kept["signCount"] > 1

    owner.presses("删去").does_not_read("我的手机").presses("退出登录")
    owner.goes_to(f"{here}/sign-in")
    owner.page.get_by_role("button", name="用通行密钥登录").click()
    expect(owner.page.locator("main")).to_contain_text("这个通行密钥没有通过")
