"""The command view: an area's cases and calls by deadline, whom each should go to, and what lies with each body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext

from cogov.cases.queries import DeskKind, DeskRow, desk_mark, desk_place
from cogov.cases.queries.area import AreaFilter, Load, Proposed, area, area_counts, loads, proposals, scopes_of
from cogov.cases.rules import CaseState, StepKind, who_may
from cogov.cases.rules.phrases import ACT
from cogov.cases.views.current import SLUG
from cogov.cases.views.shown import row_shown
from cogov.front.desks.current import bp
from cogov.front.desks.waiting import escalated
from cogov.front.frame import community
from cogov.front.map import lives_here, problem_map
from cogov.front.moderation.naming import named
from cogov.front.rows import need_items
from cogov.ground.clock import now
from cogov.ground.pages import actor, id_arg, open_to, page, words
from cogov.people.models import Organization
from cogov.people.queries import organization_names
from cogov.people.rules import COMMAND_ROLES, Actor
from cogov.problems.rules.wanted import Wanted

NEXT: dict[CaseState, StepKind] = {
    CaseState.VERIFIED: StepKind.ACCEPT,
    CaseState.ACCEPTED: StepKind.FILE,
}
"""What one click does to a case that waits for its intake."""


@bp.get("/command")
@open_to(*sorted(COMMAND_ROLES))
def command() -> Response:
    """Show what runs in the area by deadline, with one act for each where one click is enough."""
    by = actor()
    scopes = scopes_of(by, COMMAND_ROLES)
    part = _part(request.args.get("part", ""))
    body_id = id_arg("body")
    listed = area(scopes, part, desk_place(request.args.get("after", "")), body_id=body_id)
    numbers = area_counts(scopes)
    g.waiting = None
    carried: dict[str, Any] = {"part": None if part is AreaFilter.ALL else part.value, "body": body_id}
    then = url_for("desks.command", **carried)
    proposed = proposals(row.case_id for row in listed.rows if row.state is CaseState.FILED and row.case_id)
    bodies = loads(scopes)
    holders = organization_names(row.holder_id for row in listed.rows)
    here = community()
    return page(
        "front/desk/command.html",
        rows=[_row(by, row, proposed.get(row.case_id or 0), holders, then) for row in listed.rows],
        parts=_parts(part, numbers, body_id),
        bodies=[_load(load, current=load.body_id == body_id) for load in bodies],
        body_name=next((load.name for load in bodies if load.body_id == body_id), ""),
        drawing=problem_map(by, here, Wanted(here.id, ended=False), None, now()) if here else None,
        here=here,
        exact=here is not None and lives_here(by, here),
        escalated=need_items(named(escalated(by))),
        empty=_empty(part),
        all_url=url_for("desks.command"),
        narrowed=part is not AreaFilter.ALL or body_id is not None,
        next_url=url_for("desks.command", **carried, after=desk_mark(listed.after)) if listed.after else "",
    )


def _part(name: str) -> AreaFilter:
    return AreaFilter(name) if name in set(AreaFilter) else AreaFilter.ALL


_WORDS = {
    AreaFilter.ALL: lambda: gettext("全部"),
    AreaFilter.INTAKE: lambda: gettext("待受理立案"),
    AreaFilter.DISPATCH: lambda: gettext("待派遣"),
    AreaFilter.CALLS: lambda: gettext("吹哨没答复"),
    AreaFilter.AGAIN: lambda: gettext("退回返工重开"),
    AreaFilter.LATE: lambda: gettext("已逾期"),
}


def _parts(current: AreaFilter, numbers: dict[AreaFilter, int], body_id: int | None) -> list[dict[str, Any]]:
    return [
        {
            "url": url_for("desks.command", part=None if part is AreaFilter.ALL else part.value, body=body_id),
            "text": _WORDS[part](),
            "count": numbers[part] if body_id is None else None,
            "current": part is current,
        }
        for part in AreaFilter
    ]


def _empty(part: AreaFilter) -> str:
    return {
        AreaFilter.ALL: gettext("这一带现在没有在办的案件"),
        AreaFilter.INTAKE: gettext("没有等着受理和立案的"),
        AreaFilter.DISPATCH: gettext("没有等着派遣的"),
        AreaFilter.CALLS: gettext("吹哨的单位都已答复"),
        AreaFilter.AGAIN: gettext("没有退回、返工和重开的"),
        AreaFilter.LATE: gettext("没有逾期的案件"),
    }[part]


def _row(
    by: Actor, row: DeskRow, proposed: Proposed | None, holders: Mapping[int, Organization], then: str
) -> dict[str, Any]:
    url = url_for("cases.show", case_id=row.case_id)
    holder = holders.get(row.holder_id or 0)
    return {
        **row_shown(row, url, current=False),
        "holder": holder.name if holder else "",
        "proposed": _proposed(proposed) if row.state is CaseState.FILED and row.kind is DeskKind.CASE else "",
        "act": _act(by, row, proposed, then) if row.kind is DeskKind.CASE else None,
    }


def _proposed(proposed: Proposed | None) -> str:
    if proposed is None:
        return gettext("清单里没有对上的单位，请打开选一个并写明理由。")
    if proposed.item_id is None:
        return gettext("分流时建议：%(body)s。清单里没有这件事，派遣要写明理由。", body=proposed.body)
    return gettext(
        "建议派给%(body)s，因为权责清单 %(number)s：%(basis)s",
        body=proposed.body,
        number=proposed.number,
        basis=proposed.basis,
    )


def _act(by: Actor, row: DeskRow, proposed: Proposed | None, then: str) -> dict[str, Any] | None:
    """Return the act that one click does, for those who hold the role for it; the command still asks for whom."""
    kind = StepKind.DISPATCH if row.state is CaseState.FILED else NEXT.get(row.state) if row.state else None
    if kind is None or not _holds(by, kind):
        return None
    fields: dict[str, Any] = {}
    if kind is StepKind.DISPATCH:
        if proposed is None or proposed.item_id is None:
            return None
        fields = {"body": proposed.body_id, "item": proposed.item_id}
    return {
        "text": gettext("派给它") if kind is StepKind.DISPATCH else words(ACT[kind]),
        "url": url_for("cases.step", case_id=row.case_id, act=SLUG[kind], then=then),
        "fields": fields,
    }


def _holds(by: Actor, kind: StepKind) -> bool:
    roles = frozenset().union(*(doer.roles for doer in who_may(kind)))
    return any(held.role in roles for held in by.standings)


def _load(load: Load, *, current: bool) -> dict[str, Any]:
    return {
        "name": load.name,
        "url": url_for("desks.command", body=load.body_id),
        "open": load.open,
        "today": load.today,
        "late": load.late,
        "current": current,
    }
