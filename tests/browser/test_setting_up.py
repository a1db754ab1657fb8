"""From an empty database to a neighbour's first problem, following only what stands on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Page

from cogov.front.admin import setup_code
from cogov.ground.db import db, session
from cogov.people.models import SignIn
from cogov.places.models import SetUp
from tests.browser.conftest import DESK, PHONE
from tests.browser.person import Album, Person
from tests.databases import new_app

pytestmark = pytest.mark.browser

PASSWORD = "梧桐树下有风 2026"
POSTS = 10
"""Six posts of the loop, and a holder and a deputy for each of two grids."""

MOST_STEPS = 64
"""Fields filled and buttons pressed, five mistakes mended included; at fourteen seconds each, fifteen minutes."""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """Yield an application over an empty database."""
    empty = new_app(tmp_path)
    with empty.app_context():
        upgrade()
        yield empty
        session().remove()
        db.engine.dispose()


class Counted(Person):
    """A person whose every field and button is counted."""

    steps_taken = 0

    def writes(self, label: str, text: str, within: str = "main") -> Person:
        self.steps_taken += 1
        return super().writes(label, text, within)

    def ticks(self, words: str, within: str = "main") -> Person:
        self.steps_taken += 1
        return super().ticks(words, within)

    def presses(self, button: str, within: str = "main") -> Person:
        self.steps_taken += 1
        return super().presses(button, within)

    def follows(self, text: str, within: str = "main") -> Person:
        self.steps_taken += 1
        return super().follows(text, within)


def _first(admin: Person, code: str) -> None:
    admin.goes_to("/").reads("第一次设置", "大约十五分钟").shows("first")
    admin.writes("设置码", "AAAA-BBBB-CCCC").writes("您的姓名", "邓某").writes("您的手机号或邮箱", "13800000001")
    admin.writes("密码", PASSWORD).writes("区县", "鼓楼区").writes("街道或乡镇", "清波街道")
    admin.page.get_by_label("社区", exact=True).fill("柳浪社区")
    admin.presses("开始设置").reads("设置码不对")
    admin.writes("设置码", code.lower()).writes("密码", PASSWORD).presses("开始设置").reads("有几个地方都叫这个名字")
    admin.writes("区县", "杭州市上城区").writes("密码", PASSWORD).presses("开始设置")
    admin.reads("设置柳浪社区", "还差 5 项").cannot_press("开通").shows("five")


def _grids(admin: Person) -> None:
    admin.follows("第 1 步").writes("一行一个网格", "第一网格：1、2\n第二网格：").presses("登记网格")
    admin.reads("“第二网格”没有写楼栋")
    admin.writes("一行一个网格", "第一网格：1、2\n第二网格：3、4").presses("登记网格").reads("已登记 2 个网格")


def _people(admin: Person) -> None:
    for number in range(POSTS):
        admin.writes("姓名", f"经办{number}").writes("手机号或邮箱", f"1390000000{number}").presses("登记并邀请")
    admin.reads("还没有办事的单位和经办人")
    admin.writes("姓名", "城管老何").writes("手机号或邮箱", "13900000011").presses("登记并邀请")
    admin.reads("这个岗位要写单位名称").writes("单位名称", "上城区城管局").presses("登记并邀请")
    admin.reads("这一步做完了").shows("people")


def _opens(admin: Person) -> None:
    admin.follows("下一步").presses("导入自带目录").reads("个事项还没有责任单位").shows("duties").presses("登记到清单")
    admin.reads("这一步做完了").follows("下一步").presses("导入节假日").reads("这一步做完了")
    admin.follows("下一步").shows("rules").presses("确认").reads("这一项要填")
    admin.ticks("只是征询意见").presses("确认").reads("做完了，随时可以改").presses("开通")
    admin.reads("柳浪社区已开通").shows("opened")


def _signs_up(resident: Person) -> None:
    resident.goes_to("/sign-up").writes("手机号或邮箱", "13655550123").writes("公开的化名", "早起的人")
    resident.ticks("我看过并同意隐私说明").ticks("我满 14 周岁").presses("下一步")
    resident.writes("验证码", resident.shown_code).presses("确认").reads("注册好了")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_an_empty_database_becomes_an_open_community_by_following_the_screen(
    app: Flask, open_window: Callable[..., Page], album: Album, size: dict[str, int]
) -> None:
    admin = Counted("admin", open_window(size), album)
    _first(admin, setup_code(app))
    _grids(admin)
    visitor = Person("visitor", open_window(), album).goes_to("/")
    visitor.does_not_read("柳浪社区").reads("这里还没有登记社区")
    _people(admin)
    _opens(admin)
    assert admin.steps_taken <= MOST_STEPS, admin.steps_taken
    visitor.goes_to("/admin/first").reads("这里已经有系统管理员，设置码不再有效")

    resident = Person("resident", open_window(), album)
    _signs_up(resident)
    resident.goes_to("/problems/new").writes("发生了什么", "三号楼门口的井盖松了，踩上去会响。")
    resident.page.get_by_text("改位置").click()
    resident.picks("在哪里", "3 号楼").shows("raise").presses("提交").shows("raised").reads("三号楼门口的井盖松了")


def test_setting_up_can_be_left_and_taken_up_again(app: Flask, open_window: Callable[..., Page], album: Album) -> None:
    admin = Person("admin", open_window(), album)
    _first(admin, setup_code(app))
    _grids(admin)
    admin.goes_to("/me")
    admin.page.context.clear_cookies()
    admin.goes_to("/sign-in").writes("手机号或邮箱", "13800000001").writes("密码", PASSWORD).presses("登录")
    admin.goes_to("/admin/").reads("柳浪社区还在设置，接着做").follows("接着做", "main").reads("还差 4 项")
    row = session().query(SetUp).one()
    assert row.opened_at is None
    assert session().query(SignIn).count() == 2
