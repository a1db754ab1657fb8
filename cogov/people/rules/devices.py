"""What a device calls itself, as its owner would recognise it."""

from __future__ import annotations

from cogov.ground.words import Words, say

# The first that fits; a phone's browser also names the systems it descends from.
_PROGRAMS = (
    ("MicroMessenger", say("微信")),
    ("DingTalk", say("钉钉")),
    ("Edg", say("Edge 浏览器")),
    ("Firefox", say("Firefox 浏览器")),
    ("Chrome", say("Chrome 浏览器")),
    ("Safari", say("Safari 浏览器")),
)
_MACHINES = (
    ("iPhone", say("iPhone 手机")),
    ("iPad", say("iPad 平板")),
    ("HarmonyOS", say("鸿蒙手机")),
    ("Android", say("安卓手机")),
    ("Windows", say("Windows 电脑")),
    ("Macintosh", say("Mac 电脑")),
    ("Linux", say("Linux 电脑")),
)


def device_words(agent: str) -> tuple[Words, Words | None]:
    """Return machine and program of a user agent; an unknown machine is 一台设备."""
    machine = next((words for mark, words in _MACHINES if mark in agent), say("一台设备"))
    return machine, next((words for mark, words in _PROGRAMS if mark in agent), None)
