"""What this reader does next on a dossier: the first act stands in a card of its own, the others below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from cogov.cases.queries import Panel as CasePanel
from cogov.decisions.queries import Phase, Summary
from cogov.front.counts import Counts
from cogov.ground.deadlines import left
from cogov.ground.pages import dossier_url, words
from cogov.people.rules import Actor, Role
from cogov.problems.models import Problem
from cogov.problems.queries import Panel
from cogov.problems.rules.acts import belongs
from cogov.problems.rules.stages import Stage
from cogov.threads.rules.concerns import answering_under


@dataclass(frozen=True)
class Reading:
    """All that decides what a reader may do here next."""

    by: Actor
    problem: Problem
    head: Panel
    counts: Counts
    latest: Summary | None
    ballots_owed: int
    case: CasePanel
    at: datetime


def next_acts(reading: Reading) -> list[dict[str, Any]]:
    """Return the reader's acts, the one that waits most first; none when nothing waits for them."""
    found: list[dict[str, Any]] = []
    for source in (_confirming, _voting, _handling, _judging, _answering, _claiming, _seconding):
        found += source(reading)
    return found


def _act(pill: tuple[str, str, str], title: str, line: str, text: str, url: str, **more: Any) -> dict[str, Any]:
    kind, icon, word = pill
    return {
        "pill": {"kind": kind, "icon": icon, "text": word},
        "title": title,
        "line": line,
        "text": text,
        "url": url,
    } | {
        "method": "get",
        "due_text": "",
        "level": "calm",
        "icon": "",
        "kind": "",
        **more,
    }


def _confirming(reading: Reading) -> Iterator[dict[str, Any]]:
    if reading.head.can("confirm"):
        yield _act(
            ("sign", "circle-check", gettext("等您确认")),
            gettext("修好了吗"),
            gettext("不回答会记为“未确认”，不算满意。"),
            gettext("没修好"),
            url_for("problems.confirmation", number=reading.problem.number, answer="not_fixed"),
            kind="confirm",
        )


def _voting(reading: Reading) -> Iterator[dict[str, Any]]:
    latest = reading.latest
    if latest is None or not reading.ballots_owed:
        return
    text, level = left(latest.closes_at, reading.at)
    owed = ngettext(
        "您有 %(n)s 票还没有投，投后到截止前都可以改。", "您有 %(n)s 票还没有投，投后到截止前都可以改。",
        reading.ballots_owed, n=reading.ballots_owed,
    )  # fmt: skip
    short = latest.missing is not None and (latest.missing.heads or latest.missing.area)
    missing = gettext("%(missing)s才有效。", missing=words(latest.missing.words)) if short and latest.missing else ""
    yield _act(
        ("ours", "checkbox", gettext("等您表决")),
        latest.question,
        gettext("%(first)s%(second)s", first=missing, second=owed) if missing else owed,
        gettext("看方案，去投票"),
        url_for("decisions.show", decision_id=latest.id),
        due_text=text,
        level=level,
    )


def _handling(reading: Reading) -> Iterator[dict[str, Any]]:
    view = reading.case.view
    labels = [words(offer.label) for offer in view.offers if offer.refusal is None] if view else []
    if view is None or not labels:
        return
    text, level = left(view.clock.clock.due_at, reading.at) if view.clock else ("", "calm")
    yield _act(
        ("body", "clipboard-list", gettext("等您办")),
        gettext("这件案子等您办"),
        gettext("可以办：%(acts)s", acts="、".join(labels)),
        gettext("去办理"),
        url_for("cases.show", case_id=view.case.id, _anchor="act"),
        due_text=text,
        level=level,
    )


def _judging(reading: Reading) -> Iterator[dict[str, Any]]:
    head, number = reading.head, reading.problem.number
    if head.can("triage") and reading.problem.stage is Stage.RAISED:
        yield _act(
            ("body", "route", gettext("等您分流")),
            gettext("请定由谁来办"),
            gettext("规则已经提出建议，请您确认或改动。"),
            gettext("去分流"),
            url_for("problems.triage", number=number),
        )
    if head.can("answer_appeal"):
        yield _act(
            ("body", "gavel", gettext("等您答复")),
            gettext("提出人对分流申诉"),
            gettext("答复会告诉提出人。"),
            gettext("答复申诉"),
            url_for("problems.appeal_answer", number=number),
        )
    if head.can("mediate"):
        yield _act(
            ("body", "users", gettext("等您调解")),
            gettext("请把调解的结果记下来"),
            gettext("不写双方的姓名和门牌。"),
            gettext("记下调解结果"),
            url_for("problems.mediation", number=number),
        )


def _answering(reading: Reading) -> Iterator[dict[str, Any]]:
    by, open_concerns = reading.by, reading.counts.open_concerns
    if not open_concerns or reading.problem.stage is Stage.ENDED:
        return
    code = reading.head.facts.code
    ours = by.holds(code, Role.MODERATOR) or by.serves(reading.problem.accountable_id) is not None
    title = ngettext("还有 %(n)s 条顾虑没有答复", "还有 %(n)s 条顾虑没有答复", open_concerns, n=open_concerns)
    where = dossier_url(reading.problem.number, tab="concerns", _anchor="tab")
    if ours and answering_under(by, code) is not None:
        pill = ("time", "hourglass", gettext("等您答复"))
        yield _act(pill, title, gettext("没有答复的顾虑会挡住表决。"), gettext("去答复"), where)
    elif by.holds(code, Role.CHAIR):
        # The chair answers none; what a chair may do is propose, with a reason, that one is not followed.
        line = gettext("由有关单位、居委会或业委会答复；不能照做的，您可以写明理由提出不采纳，再由第二个人同意。")
        yield _act(("time", "hourglass", gettext("等答复")), title, line, gettext("看顾虑"), where)


def _claiming(reading: Reading) -> Iterator[dict[str, Any]]:
    free = reading.counts.free_tasks
    if (
        free
        and reading.problem.stage is Stage.ACTING
        and reading.by.person_id is not None
        and belongs(reading.by, reading.head.facts.code)
    ):
        yield _act(
            ("ours", "clipboard-check", gettext("等人认领")),
            ngettext("还有 %(n)s 个任务缺人", "还有 %(n)s 个任务缺人", free, n=free),
            gettext("认领后另有人核实。"),
            gettext("看任务"),
            dossier_url(reading.problem.number, tab="tasks", _anchor="tab"),
        )


def _seconding(reading: Reading) -> Iterator[dict[str, Any]]:
    problem, head = reading.problem, reading.head
    met = ngettext("%(n)s 户遇到", "%(n)s 户遇到", problem.households, n=problem.households)
    pill = ("ours", "hand-stop", met)
    if head.can("second"):
        yield _act(
            pill,
            gettext("您也遇到吗"),
            gettext("一人算一次，可以撤回。名字不公开。"),
            gettext("我也遇到"),
            url_for("problems.second", number=problem.number),
            method="post",
            icon="hand-stop",
        )
    elif reading.by.person_id is None and not problem.hidden and problem.stage is not Stage.ENDED:
        yield _act(
            pill,
            gettext("您也遇到吗"),
            gettext("附议由住在这里或在这里有房的人来做。"),
            gettext("登录后附议"),
            url_for("people.sign_in", then=dossier_url(problem.number)),
            icon="hand-stop",
        )


def nothing_to_do(reading: Reading) -> str:
    """Say in one line why nothing waits for this reader, and whom the problem waits for."""
    problem, latest = reading.problem, reading.latest
    if problem.stage is Stage.ENDED:
        return gettext("这件事已经了结。")
    if latest is not None and latest.phase is Phase.OPEN and problem.stage is Stage.DECIDING:
        return gettext("正在表决，%(line)s。", line=words(latest.line))
    if problem.stage is Stage.CONFIRMING:
        return gettext("在等提出人说修好了没有。")
    return gettext("现在由%(name)s负责下一步。", name=reading.head.accountable.name)


def pictures_after(case: CasePanel) -> list[str]:
    """Return the addresses of the pictures taken after the work of the latest round, the last one first."""
    if case.view is None:
        return []
    shown = case.view.case
    return [
        url_for("cases.picture", case_id=shown.id, picture_id=step.picture_id)
        for step in reversed(case.view.steps)
        if step.picture_id is not None and step.round == shown.round
    ]
