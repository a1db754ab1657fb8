"""A new resident comes in, goes out, comes back; somebody with a mandate says for whom they act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import People
from tests.browser.person import Album, Person
from tests.cast import Cast

pytestmark = pytest.mark.browser

CONTACT, PASSWORD = "13655550123", "梧桐树下有风 2026"


def test_a_new_resident_signs_up_with_a_code_goes_out_and_comes_back_with_the_password(
    cast: Cast, open_window: Callable[..., Page], album: Album
) -> None:
    assert cast.community_id
    newcomer = Person("newcomer", open_window(), album).goes_to("/").follows("登录").follows("用手机号或邮箱注册")
    newcomer.writes("手机号或邮箱", CONTACT).writes("公开的化名", "早起的人").picks("您住的社区", "测试里社区")
    newcomer.writes("密码", PASSWORD).presses("下一步").shows("consent-missing")
    newcomer.reads("有 2 处要改，您写的都还在", "同意隐私说明后才能注册。", "同意使用约定后才能注册")
    newcomer.writes("密码", PASSWORD).ticks("我看过并同意隐私说明").ticks("我满 14 周岁").presses("下一步").shows(
        "code"
    )
    newcomer.reads("这是演示，什么也不发出去").writes("验证码", "000000").presses("确认")
    newcomer.reads("验证码不对，或者已经过期。")
    newcomer.writes("验证码", newcomer.shown_code).presses("确认").shows("welcome").goes_to("/me").reads(
        "早起的人", "136****0123"
    )
    newcomer.presses("退出登录").goes_to("/me").reads("登录测试里社区")

    newcomer.writes("手机号或邮箱", CONTACT).writes("密码", "不是这一个").presses("登录").shows("wrong-password")
    newcomer.reads("手机号、邮箱或密码不对。请核对后再试，也可以用验证码登录。")
    newcomer.writes("密码", PASSWORD).presses("登录")
    assert newcomer.page.url.endswith("/me"), "who was sent to the door comes back to where they wanted to go"
    newcomer.reads("早起的人", "居民", "测试里社区")


def test_who_holds_a_mandate_says_for_whom_they_act(people: People) -> None:
    volunteer = people("volunteer").goes_to("/me").does_not_read("您现在以 绿苗环保社 的名义办事")
    volunteer.page.locator("details.act-as summary").click()
    volunteer.picks("以谁的名义办事", "绿苗环保社").presses("换成这个身份", "header").shows("acting")
    volunteer.reads("您现在以 绿苗环保社 的名义办事", "正在代表").goes_to("/tasks").reads(
        "您现在以 绿苗环保社 的名义办事"
    )
    volunteer.page.locator("details.act-as summary").click()
    volunteer.picks("以谁的名义办事", "以个人身份").presses("换成这个身份", "header")
    volunteer.does_not_read("您现在以 绿苗环保社 的名义办事")
