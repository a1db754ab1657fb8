"""What a refusal page adds to the reason: a title, up to three ways on, the time; never another reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext, lazy_gettext

from cogov.ground.clock import now
from cogov.ground.pages import actor, dossier_url, fill_slot, moment
from cogov.ground.refusals import Refusal


@dataclass(frozen=True)
class Way:
    """A page that leads on."""

    endpoint: str
    text: Any
    line: Any
    icon: str
    anchor: str | None = None

    def shown(self) -> dict[str, str]:
        """Return it as the page shows it."""
        url = url_for(self.endpoint, _anchor=self.anchor)
        return {"url": url, "text": str(self.text), "line": str(self.line), "icon": self.icon}


_ROLE = Way(
    "people.me", lazy_gettext("看我的身份和授权"), lazy_gettext("能做什么、管到哪里、到哪天为止"), "id-badge-2", "roles"
)
_HOME = Way("people.me", lazy_gettext("登记错了"), lazy_gettext("看我的住处和产权怎样核对"), "pencil", "homes")
_RULES = Way("guides.rules", lazy_gettext("看议事规则"), lazy_gettext("哪些事由谁定，怎样算数"), "scale")
_ASK = Way(
    "front.help_index",
    lazy_gettext("找人帮忙"),
    lazy_gettext("居委会在哪里、几时有人"),
    "building-community",
    "contact",
)
_CODE = Way("people.recovery", lazy_gettext("用验证码设新密码"), lazy_gettext("不用记得原来的密码"), "key")
_TERMS = Way("people.terms", lazy_gettext("看使用约定"), lazy_gettext("哪些情况会暂停，怎样申诉"), "file-text")
_VOTES = Way("decisions.index", lazy_gettext("看别的表决"), lazy_gettext("正在公告和正在表决的"), "checkbox")
_TASKS = Way("tasks.index", lazy_gettext("看别的任务"), lazy_gettext("还缺人手的都在这里"), "clipboard-check")
_CLAIMED = Way("tasks.index", lazy_gettext("看我认领的"), lazy_gettext("交上去，或者退回"), "clipboard-check")
_DATA = Way("people.rights", lazy_gettext("回到我的资料"), lazy_gettext("同意、导出、更正"), "id-badge-2")

_WAYS: dict[str, tuple[Way, ...]] = {
    **dict.fromkeys(("not_your_role", "not_your_mandate", "not_an_announcer", "not_your_step"), (_ROLE, _ASK)),
    **dict.fromkeys(("not_in_electorate", "not_a_neighbour", "not_of_this_community", "verify_first"), (_HOME, _RULES)),
    **dict.fromkeys(("ballot_taken", "option_unknown", "vote_running", "motion_alive"), (_VOTES, _RULES)),
    **dict.fromkeys(("no_slot_left", "task_done", "task_cancelled", "task_not_open", "too_many_tasks"), (_TASKS,)),
    "claim_in_hand": (_CLAIMED, _DATA),
    **dict.fromkeys(("too_many_passwords", "wrong_password", "contact_unconfirmed"), (_CODE, _ASK)),
    **dict.fromkeys(("suspended", "account_suspended"), (_TERMS, _ASK)),
    **dict.fromkeys(("export_too_soon", "consent_given", "consent_missing", "text_changed"), (_DATA,)),
}
"""By the reason's code; the dossier or the page one came from stands before, help after."""


def _back() -> dict[str, str] | None:
    """Return the dossier that the address names, or the page of this site that the form stood on."""
    number = (request.view_args or {}).get("number")
    if number:
        line = gettext("您写的和已经办的都在那里")
        return {"url": dossier_url(number), "text": gettext("回到卷宗"), "line": line, "icon": "file-text"}
    came = request.referrer or ""
    path = "/" + came[len(request.host_url) :] if came.startswith(request.host_url) else ""
    if not path or path == request.full_path.rstrip("?") or not path.isprintable() or path.startswith("//"):
        return None
    return {"url": path, "text": gettext("回到上一页"), "line": gettext("改一改再试"), "icon": "arrow-back-up"}


def _title(refusal: Refusal) -> str:
    if refusal.status == 403:
        return gettext("您现在的身份办不了这件事")
    titles = {
        400: gettext("这次没有提交"),
        405: gettext("这个地址不能这样用"),
        413: gettext("文件太大，没有收下"),
        422: gettext("这次没有提交"),
        429: gettext("请过一会儿再来"),
    }
    return titles.get(refusal.status, gettext("这件事现在还不能办"))


def ways_on(refusal: Refusal) -> dict[str, Any]:
    """Return title, ways on and time for the page of a refusal."""
    own = [way.shown() for way in _WAYS.get(refusal.code, ())]
    if actor().person_id is None:
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        sign_in = {"url": url_for("people.sign_in", then=here), "text": gettext("先登录"), "icon": "login"}
        own = [{**sign_in, "line": gettext("登录后也许就能办")}, *own]
    back = _back()
    ways = [*([back] if back else []), *own]
    if len(ways) < 3 and _ASK.shown() not in ways:
        ways.append(_ASK.shown())
    return {"title": _title(refusal), "ways": ways[:3], "at": moment(now())}


def fill_ways() -> None:
    """Register it; the slot holds the function, since hardly a page is a refusal."""
    fill_slot("ways_on", lambda: ways_on)
