"""A person's own copy of what is kept about them: every room gives its part, one file is read, one is for programs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext
from sqlalchemy import select

from cogov.ground.copies import Copies
from cogov.ground.db import session
from cogov.problems.models import Problem

Supplier = Callable[[int], Copies]

_suppliers: dict[str, Supplier] = {}


def copies_from(rooms: Mapping[str, Supplier]) -> None:
    """Say which rooms keep something about persons, and how each gives it out; done once by ``create_app``."""
    _suppliers.clear()
    _suppliers.update(rooms)


def copy_of(person_id: int, at: datetime) -> dict[str, Any]:
    """Return everything that is kept about a person, by room and table."""
    rooms = {room: supply(person_id) for room, supply in _suppliers.items()}
    return {"made_at": at.isoformat(), "person": person_id, "dossiers": _dossiers(rooms), "rooms": rooms}


def _dossiers(rooms: Mapping[str, Copies]) -> dict[str, str]:
    """Return number and title of the problems that the copy speaks of, by id; hidden ones are the person's own."""
    wanted = {
        row["problem_id"]
        for tables in rooms.values()
        for rows in tables.values()
        for row in rows
        if row.get("problem_id") is not None
    }
    query = select(Problem.id, Problem.number, Problem.title).where(Problem.id.in_(wanted)).order_by(Problem.id)
    return {str(id_): f"{number} {title}" for id_, number, title in session().execute(query)}


def as_zip(copy: Mapping[str, Any]) -> bytes:
    """Return the copy as two files in one: a page for people, JSON for programs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("wo-de-zi-liao.html", render_template("front/mine/copy.html", copy=copy, titles=titles()))
        packed.writestr("data.json", json.dumps(copy, ensure_ascii=False, indent=1))
    return out.getvalue()


def titles() -> dict[str, str]:
    """Return what each table of a copy holds, in the reader's language; others stand under their own name."""
    return {
        "person": gettext("账号"),
        "identity": gettext("身份信息"),
        "consent": gettext("同意过的说明"),
        "sign_in": gettext("登录过的设备"),
        "role_held": gettext("身份和授权"),
        "suspension": gettext("暂停"),
        "api_token": gettext("给程序用的钥匙"),
        "authenticator_app": gettext("动态验证码"),
        "passkey": gettext("通行密钥"),
        "recovery_code": gettext("备用码"),
        "countersign": gettext("要两个人才能办的事"),
        "look": gettext("谁看过我的姓名和号码"),
        "journal_entry": gettext("账本里我办的和关于我的条目"),
        "residence": gettext("住处"),
        "owner": gettext("名册上的我"),
        "ownership": gettext("产权"),
        "grid_holder": gettext("负责的网格"),
        "picture": gettext("照片"),
        "document": gettext("PDF 文件"),
        "picture_draft": gettext("还没发出的照片"),
        "running_clock": gettext("我的期限"),
        "problem": gettext("我写的问题"),
        "raiser": gettext("我提出的问题"),
        "second": gettext("我也遇到的问题"),
        "dossier_name": gettext("我在卷宗里的称呼"),
        "following": gettext("关注"),
        "confirmation": gettext("我对结果的确认"),
        "triage_appeal": gettext("对分流的申诉"),
        "conclusion": gettext("我写的商量结果"),
        "mediation": gettext("我记录的调解"),
        "message": gettext("发言"),
        "message_version": gettext("发言改动前的样子"),
        "enclosure": gettext("发言附的文件"),
        "mention": gettext("提到自己的发言"),
        "reading_mark": gettext("讨论看到了哪里"),
        "summary_version": gettext("讨论的总结和纪要"),
        "minutes_answer": gettext("对纪要的表态"),
        "slow_mode": gettext("自己设的发言间隔"),
        "writing_block": gettext("暂停发言"),
        "review": gettext("对自己发言的处理"),
        "flag": gettext("自己举报的"),
        "review_appeal": gettext("对移除的申诉"),
        "concern": gettext("顾虑"),
        "concern_answer": gettext("我写的答复"),
        "solution": gettext("方案"),
        "solution_version": gettext("方案的各版"),
        "leeway": gettext("我说明的协商空间"),
        "phase": gettext("我安排的协商时间"),
        "amendment": gettext("对方案的修改"),
        "endorsement": gettext("我代表单位表示的赞同"),
        "interest": gettext("和一件事的关系"),
        "pledge": gettext("出钱出力出物的承诺"),
        "minority_opinion": gettext("我提的少数意见"),
        "minority_signer": gettext("在少数意见上的署名"),
        "conversation": gettext("我发起的征集"),
        "statement": gettext("我写的观点"),
        "participant": gettext("我参加过的征集"),
        "stance": gettext("我对观点的回答"),
        "quote": gettext("我引用过的观点"),
        "map_taken": gettext("我要过的意见数据"),
        "announcement": gettext("我发的公告"),
        "announcement_version": gettext("公告的各版"),
        "meeting_attendance": gettext("签到过的会"),
        "meeting_motion": gettext("会上提的动议"),
        "meeting_turn": gettext("会上的发言登记"),
        "meeting_hand": gettext("会上举的手"),
        "meeting_note": gettext("会上记的话"),
        "meeting_minutes_version": gettext("我整理的会议纪要"),
        "meeting_signature": gettext("对会议纪要的签认"),
        "motion": gettext("动议"),
        "motion_support": gettext("支持过的动议"),
        "electorate_voter": gettext("表决名册上的我"),
        "ballot": gettext("我在表决里的选择"),
        "roll_mark": gettext("领过的投票凭证（无记名表决，选择不在里面）"),
        "bundle_taken": gettext("我取走的完整选票数据"),
        "objection": gettext("我对表决结果的异议"),
        "ballot_reason": gettext("我看过的投票理由"),
        "ballot_template": gettext("我停用的选票样式"),
        "ballot_template_version": gettext("我写的选票样式"),
        "proxy_mandate": gettext("我给出和收到的投票委托"),
        "ballot_signature": gettext("我在共有的一票上签的"),
        "paper_reading": gettext("我签了名、正在录的纸票"),
        "paper_slip": gettext("我印的纸票"),
        "sheet_reading": gettext("我录过的选票联（只有几张，没有选择）"),
        "helped_ballot": gettext("别人帮我投的、我帮人投的、我见证的票"),
        "service": gettext("表决公告送到我的记录"),
        "interest_claim": gettext("我申请或者决定的有利害关系"),
        "organization_delegate": gettext("我作为单位代表、我指定的单位代表"),
        "open_round": gettext("我问大家的公开的一轮"),
        "round_answer": gettext("我在公开的一轮里的回答"),
        "course_act": gettext("我提出或确认的延期、撤销"),
        "claim": gettext("认领"),
        "hand_in": gettext("交上去的任务"),
        "task": gettext("我开的任务"),
        "stamp": gettext("我盖的章"),
        "step": gettext("我办的案件步骤"),
        "notification": gettext("通知"),
        "notice_choice": gettext("通知设置"),
        "mail_choice": gettext("邮件设置"),
        "sending": gettext("发给我的邮件（不含内容）"),
        "calendar_feed": gettext("日历订阅"),
        "leaving": gettext("注销申请"),
    }
