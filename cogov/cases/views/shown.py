"""Cases as the macros show them: finished text in the reader's language, no moments and no enums."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import format_datetime, format_time, gettext, ngettext

from cogov.cases.queries import CaseView, DeskKind, DeskRow
from cogov.cases.queries.panel import CallLine, Offer, StampFace, StepLine
from cogov.cases.rules import HOLDER, CallState, StepKind
from cogov.cases.rules.phrases import PROMISE, REASON
from cogov.duties.queries import PublicClock
from cogov.duties.rules.calendar import WorkingCalendar
from cogov.ground.clock import now
from cogov.ground.deadlines import left
from cogov.ground.pages import words
from cogov.ground.prose import prose

ICONS: dict[StepKind, str] = {
    StepKind.OPEN: "file-text",
    StepKind.VERIFY: "rubber-stamp",
    StepKind.DISPATCH: "rubber-stamp",
    StepKind.ACKNOWLEDGE: "rubber-stamp",
    StepKind.NO_CALL: "rubber-stamp",
    StepKind.FEED_BACK: "rubber-stamp",
    StepKind.ANSWER_CALL: "speakerphone",
    StepKind.CALL: "speakerphone",
    StepKind.RETURN: "arrow-back-up",
    StepKind.REWORK: "arrow-back-up",
    StepKind.REOPEN: "refresh",
    StepKind.REFUSE: "ban",
    StepKind.HANDLE: "tool",
    StepKind.CLOSE: "archive",
}


def moment(at: datetime) -> str:
    """Return a moment as lists show it."""
    return str(format_datetime(at, gettext("MM-dd HH:mm")))


def row_shown(row: DeskRow, url: str, *, current: bool) -> dict[str, Any]:
    """Return a row of the desk."""
    text, level = left(row.due_at, now(), paused=row.paused)
    parts = [words(row.line)]
    if row.emergency:
        parts.insert(0, gettext("紧急"))
    return {
        "url": url,
        "number": _number(row),
        "title": row.title,
        "line": " · ".join(parts),
        "due_text": _short(row.due_at, text, level),
        "level": level,
        "current": current,
    }


def _number(row: DeskRow) -> str:
    if row.kind is DeskKind.CONCERN:
        return gettext("顾虑 %(n)s · 问题 %(number)s", n=row.concern_number, number=row.problem_number)
    if row.kind is DeskKind.RESOLUTION:
        return gettext("决议 · 问题 %(number)s", number=row.problem_number)
    if row.kind is DeskKind.CALL:
        return gettext("吹哨 · 案件 %(number)s", number=row.number)
    return gettext("案件 %(number)s", number=row.number)


def due_shown(due_at: datetime | None, *, paused: bool = False) -> dict[str, Any]:
    """Return a deadline: how long, how pressing, and when."""
    text, level = left(due_at, now(), paused=paused)
    return {"text": text, "short": _short(due_at, text, level), "level": level, "at": moment(due_at) if due_at else ""}


def _short(due_at: datetime | None, text: str, level: str) -> str:
    """Say a deadline of today by its hour; the rest stays what is left of it."""
    if due_at is None or level == "late" or not text:
        return text
    calendar = WorkingCalendar()
    today = calendar.local_day(due_at) == calendar.local_day(now()) and level == "soon"
    return gettext("今天 %(at)s", at=format_time(due_at, gettext("HH:mm"))) if today else text


def case_shown(view: CaseView) -> dict[str, Any]:
    """Return one case for its page, for the desk and for the tab of the dossier."""
    return {
        "id": view.case.id,
        "url": url_for("cases.show", case_id=view.case.id),
        "number": view.case.number,
        "state": words(view.state_words),
        "holder": view.holder.name,
        "body": view.body.name if view.body else "",
        "duty": gettext("权责清单 %(number)s", number=view.duty.number) if view.duty else "",
        "households": ngettext("%(n)s 户遇到", "%(n)s 户遇到", view.problem.households, n=view.problem.households),
        "stamps": [stamp_shown(face) for face in view.stamps],
        "clock": clock_shown(view),
        "steps": [step_shown(view, step) for step in view.steps],
        "calls": [call_shown(call) for call in view.calls],
        "missing": [{"text": words(each.message), "met": False} for each in view.missing],
    }


def stamp_shown(face: StampFace) -> dict[str, str]:
    """Return a stamp as its macro wants it."""
    return {
        "kind": face.kind.value,
        "label": words(face.label),
        "state": face.state,
        "who": words(face.who),
        "at": moment(face.at) if face.at else "",
    }


def clock_shown(view: CaseView) -> dict[str, Any] | None:
    """Return the clock of whoever is accountable."""
    public = view.clock
    if public is None or view.case.state not in HOLDER:
        return None
    text, level = left(public.clock.due_at, now(), paused=public.clock.paused_at is not None)
    return {
        "promise": words(PROMISE[HOLDER[view.case.state]]),
        "remaining_text": words(public.remaining.in_words()) if public.remaining else text,
        "level": level,
        "cells": [cell.state.value for cell in public.cells],
        "start_text": moment(public.clock.started_at),
        "due_text": moment(public.clock.due_at),
        "holder": {"kind": "body", "name": view.holder.name},
        "basis": public.clock.basis,
        "pauses": _pauses(public),
        "paused_text": ngettext("暂停过 %(n)s 次", "暂停过 %(n)s 次", len(public.pauses), n=len(public.pauses))
        if public.pauses
        else "",
    }


def _pauses(public: PublicClock) -> list[str]:
    return [gettext("暂停：%(reason)s", reason=pause.reason) for pause in public.pauses]


def step_shown(view: CaseView, step: StepLine) -> dict[str, Any]:
    """Return a step as an entry of the timeline; who opened or reopened a case is not said."""
    sentence = words(step.act)
    if step.to:
        sentence = gettext("%(act)s：%(to)s", act=sentence, to=step.to)
    if step.reason is not None:
        sentence = gettext("%(act)s：%(reason)s", act=sentence, reason=words(REASON[step.reason]))
    return {
        "icon": ICONS.get(step.kind, "check"),
        "kind": "stamp" if ICONS.get(step.kind) == "rubber-stamp" else "theirs",
        "who": {"kind": "body", "name": step.person, "acting_for": step.organization} if step.person else None,
        "sentence": sentence,
        "words": prose(step.words) if step.words else "",
        "basis": " · ".join(_notes(step)),
        "at_text": moment(step.at),
        "at_iso": step.at.isoformat(),
        "picture": url_for("cases.picture", case_id=view.case.id, picture_id=step.picture_id)
        if step.picture_id
        else "",
    }


def _notes(step: StepLine) -> list[str]:
    notes = [gettext("依据：%(basis)s", basis=step.basis)] if step.basis else []
    if step.template and step.reworded:
        notes.append(gettext("模板 %(code)s，改过字", code=step.template))
    elif step.template:
        notes.append(gettext("模板 %(code)s", code=step.template))
    return notes


def call_shown(call: CallLine) -> dict[str, Any]:
    """Return a call with what its own form needs."""
    return {
        "id": call.id,
        "organization": call.organization,
        "ask": call.ask,
        "due_text": moment(call.due_at),
        "answer": call.answer,
        "answered": call.state is CallState.ANSWERED,
        "waiting": call.state is CallState.CALLED,
        "late": call.late,
        "state": gettext("逾期，已报街道") if call.late else words(call.state_words),
        "acting": call.acting.organization_name if call.acting else "",
    }


def offer_shown(offer: Offer, url: str, *, current: bool) -> dict[str, Any]:
    """Return an act as a chip: free, or greyed with its reason."""
    return {
        "kind": offer.kind.value,
        "text": words(offer.label),
        "url": url,
        "current": current,
        "acting": offer.acting.organization_name,
        "reason": words(offer.refusal.message) if offer.refusal else "",
        "article": offer.refusal.article if offer.refusal else "",
        "next": words(offer.refusal.what_next) if offer.refusal else "",
        "appeal": words(offer.refusal.appeal) if offer.refusal else "",
    }
